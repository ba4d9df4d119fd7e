"""The pictures of the documentation, taken of the demo: ``python -m tests.browser.pictures``.

It crawls the bundled portal, serves it, and does what docs/first-search.md says, step by step.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tools import chromium

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WINDOW = {"width": 1200, "height": 820}
PHONE = {"width": 390, "height": 780}
SHEET = {"width": 794, "height": 1123}  # A4 at 96 dots an inch
LIMIT = 200_000  # bytes of a picture


def main(address: str | None = None) -> None:
    """Takes all of them, of a server at an address or of one of its own."""
    FOLDER.mkdir(exist_ok=True)
    if address:
        take_all(address)
        return
    with demo() as own:
        take_all(own)


@contextmanager
def demo() -> Iterator[str]:
    """The address of a dashboard over a fresh demo."""
    command = [sys.executable, "-m", "aggregator"]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*command, "demo", "--json", "--data", folder], stdout=subprocess.PIPE, check=True
        )
        data = json.loads(done.stdout)["data"]
        served = subprocess.Popen(
            [*command, "serve", "--port", "0", "--data", data, "--sources", f"{data}/sources"],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert served.stdout is not None
            yield served.stdout.readline().strip().rstrip("/")
        finally:
            served.terminate()
            served.wait()


def take_all(address: str) -> None:
    """Each picture in a fresh profile of one browser."""
    with chromium.browser() as browser:
        for name, (options, steps) in PICTURES.items():
            context = browser.new_context(base_url=address, locale="fa-IR", **{"viewport": WINDOW, **options})
            page = context.new_page()
            steps(page)
            path = FOLDER / f"{name}.png"
            page.screenshot(path=path, animations="disabled")
            context.close()
            size = path.stat().st_size
            print(f"{path.name}: {size:,} bytes")
            if size > LIMIT:
                sys.exit(f"{path.name} is too large")


# --- what is done in the browser ----------------------------------------------------------------------------


def start(page: Page) -> None:
    page.goto("/")


def search(page: Page) -> None:
    """Workshops of the ministry and its offices in Khordad 1399, the month by a click."""
    page.goto("/")
    page.locator("#q").fill('کارگاه سازمان:"وزارت تعاون"')
    page.locator("#q").press("Enter")
    page.get_by_role("link", name=re.compile("^خرداد ۱۳۹۹")).click()
    page.wait_for_url(re.compile("since=1399-03"))


def printed(page: Page) -> None:
    search(page)
    page.get_by_role("link", name="بولتن همهٔ این صفحه").click()
    page.wait_for_url(re.compile("/bulletin"))
    page.emulate_media(media="print")


def story(page: Page) -> None:
    """Who posted the call for the festival first."""
    page.goto("/?q=جشنوارهٔ کارآفرینان برتر")
    page.get_by_role("link", name=re.compile("بازنشر")).first.click()
    page.wait_for_url(re.compile("/stories/"))
    page.locator("summary").first.click()


def revisions(page: Page) -> None:
    """What was changed in an article after it had been published."""
    page.goto("/?q=ثبت‌نام مسکن ملی موکول")
    page.locator(".results h3 a").first.click()
    page.wait_for_url(re.compile("/articles/"))
    page.evaluate("document.getElementById('revisions').scrollIntoView()")


def saved(page: Page) -> None:
    """The next one, by a feed."""
    search(page)
    page.get_by_text("ذخیرهٔ این جستجو").click()
    page.get_by_label("نام", exact=True).fill("کارگاه‌های اداره‌های کار")
    page.get_by_role("button", name="ذخیره", exact=True).click()
    page.wait_for_url(re.compile("/saved"))


def english(page: Page) -> None:
    search(page)
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("html[lang=en]")


#: Name → the options of the browser, and what is done in it.
PICTURES: dict[str, tuple[dict[str, Any], Callable[[Page], None]]] = {
    "start": ({}, start),
    "search": ({}, search),
    "dark": ({"color_scheme": "dark"}, search),
    "mobile": ({"viewport": PHONE, "is_mobile": True, "has_touch": True}, search),
    "print": ({"viewport": SHEET}, printed),
    "story": ({}, story),
    "revisions": ({}, revisions),
    "saved": ({"viewport": {"width": 1200, "height": 420}}, saved),
    "english": ({}, english),
}

if __name__ == "__main__":
    main(*sys.argv[1:])
