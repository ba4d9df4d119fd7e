"""One page that a person named."""

import subprocess
import sys
from pathlib import Path

import pytest
from small_site import Answer, Site, path_of, redirect

PROGRAM = """
import sys
from pathlib import Path
from aggregator.config import load_settings
from aggregator.crawl.fetch import fetch_page
from aggregator.errors import TryLaterError
try:
    page = fetch_page(sys.argv[1], load_settings(data=Path(sys.argv[2]), delay=0.0))
    print(page.url, page.status, page.source, page.requested_url, len(page.body), sep="|")
except TryLaterError as error:
    print(error)
"""


def fetch(url: str, tmp_path: Path) -> str:
    command = [sys.executable, "-c", PROGRAM, url, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_fetches_a_page(site: Site, tmp_path: Path) -> None:
    site.paths["/x1"] = redirect(path_of(1))
    url, status, source, requested, size = fetch(f"{site.url}/x1", tmp_path).split("|")
    assert (url, status, requested) == (site.url + path_of(1), "200", f"{site.url}/x1")
    assert source == site.url.removeprefix("http://")
    assert int(size) == len(site.article(1).encode())


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Answer(status=404), "HTTP 404"), (redirect("http://127.0.0.1:1/"), "is not on the site")],
)
def test_says_why_it_cannot(site: Site, tmp_path: Path, answer: Answer, said: str) -> None:
    site.paths["/x"] = answer
    assert said in fetch(f"{site.url}/x", tmp_path)


def test_asks_robots(site: Site, tmp_path: Path) -> None:
    site.paths["/robots.txt"] = Answer("User-agent: *\nDisallow: /news/\n")
    assert "robots.txt forbids" in fetch(site.url + path_of(1), tmp_path)
    assert site.asked == ["/robots.txt"]
