"""What an analyst does of a morning, in a real browser."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from aggregator.persian.digits import to_latin_digits
from tests.browser.conftest import Reader, Reading, Site
from tests.web.places import found_in


def ask(page: Page, words: str) -> None:
    """Types a search into the box of the page, and sends it."""
    page.get_by_label("عبارت جستجو").fill(words)
    page.get_by_role("button", name="جستجو", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]q="))


def total(page: Page) -> int:
    """How many articles the page says there are."""
    return number(page.locator("#count").inner_text())


def number(text: str) -> int:
    """The number in a text, in Persian digits or not."""
    found = re.search(r"\d+", to_latin_digits(text).replace("٬", "").replace(",", ""))
    assert found, text
    return int(found[0])


def state(page: Page) -> dict[str, str]:
    """What the address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def headlines(page: Page) -> list[str]:
    """Of the results."""
    return page.locator(".results h3").all_inner_texts()


# --- searching ----------------------------------------------------------------------------------------------


def test_three_spellings_find_the_same(reader: Reader) -> None:
    reader.open("/")
    found = []
    for spelling in ("شبکه های اجتماعی", "شبکه‌های اجتماعی", "شبكههاي اجتماعي"):
        ask(reader.page, spelling)
        found.append((total(reader.page), sorted(headlines(reader.page))))
        assert reader.page.locator(".results mark").count() > 0
    assert found[0] == found[1] == found[2]
    assert found[0][0] > 1


def test_a_facet_narrows_down_and_lets_go(reader: Reader) -> None:
    reader.open("/?q=کارگاه")
    page = reader.page
    before = total(page)
    alborz = page.get_by_role("complementary").get_by_role("link", name=re.compile(r"^البرز"))
    expected = number(alborz.inner_text())
    alborz.click()
    expect(page).to_have_url(re.compile("province=alborz"))
    assert total(page) == expected < before
    page.get_by_role("link", name=re.compile("البرز.*برداشتن")).first.click()
    expect(page).not_to_have_url(re.compile("province="))
    assert total(page) == before


def test_a_month_of_the_timeline_is_chosen_by_a_click(reader: Reader) -> None:
    reader.open("/?q=کارگاه")
    page = reader.page
    khordad = page.get_by_role("link", name=re.compile("^خرداد ۱۳۹۹"))
    expected = number(khordad.get_attribute("aria-label").partition(":")[2])  # type: ignore[union-attr]
    khordad.click()
    expect(page).to_have_url(re.compile("since=1399-03"))
    assert (state(page)["since"], state(page)["until"]) == ("1399-03", "1399-03")
    assert total(page) == expected > 0
    assert all("خرداد ۱۳۹۹" in told for told in page.locator(".results time").all_inner_texts())


def test_pages_follow_each_other(reader: Reader) -> None:
    reader.open("/?size=10&sort=date")
    seen = headlines(reader.page)
    reader.page.get_by_role("link", name="صفحهٔ بعد").click()
    expect(reader.page).to_have_url(re.compile("cursor="))
    assert not set(seen) & set(headlines(reader.page))
    reader.page.go_back()
    assert headlines(reader.page) == seen


def test_an_export_opens_in_a_spreadsheet(reader: Reader, tmp_path: Path) -> None:
    reader.open("/?q=کارگاه&since=1399-03&until=1399-03")
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name=re.compile("Excel|XLSX|اکسل", re.IGNORECASE)).click()
    download.value.save_as(tmp_path / "news.xlsx")
    sheet = load_workbook(tmp_path / "news.xlsx", read_only=False).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 1 + total(reader.page)
    shown = {" ".join(one.split()) for one in headlines(reader.page)}
    assert shown <= {" ".join(str(cell).split()) for row in rows for cell in row}
    assert sheet.sheet_view.rightToLeft


# --- one article --------------------------------------------------------------------------------------------


def test_an_article_and_its_revisions(reader: Reader, site: Site) -> None:
    reader.open("/?q=اصلاحیه")
    page = reader.page
    page.get_by_role("heading", level=3).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(found_in(site.service.workspace.store)["edited"]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("(اصلاحیه)")
    revisions = page.get_by_role("region", name="ویرایش‌ها")
    expect(revisions.locator("ins").filter(has_text="افزوده شد.")).to_be_visible()
    expect(revisions.locator("del").first).to_be_visible()
    page.get_by_role("link", name="ویراسته", exact=True).click()
    expect(page).to_have_url(re.compile("form=normalised"))


def test_a_hostile_article_is_only_text(reader: Reader, site: Site) -> None:
    ids = found_in(site.service.workspace.store)
    reader.open("/?q=خصمانه&size=50")
    expect(reader.page.get_by_text("<script>alert(1)</script>").first).to_be_visible()
    for name in ("scripts", "long", "bidi", "empty", "many"):
        reader.open(f"/articles/{ids[name]}")
        assert reader.page.locator("main script, main img, main [onerror]").count() == 0
        assert reader.page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0
    # What the reader noted meanwhile - dialogs, errors, requests - fails the test at its end.


# --- other ways to read -------------------------------------------------------------------------------------


def test_all_of_it_by_the_keyboard(reader: Reader) -> None:
    reader.open("/")
    page = reader.page
    keyboard = page.keyboard
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="پرش به محتوا")).to_be_focused()
    keyboard.press("Enter")
    tab_to(page, "#q")
    keyboard.insert_text("کارگاه")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q="))
    tab_to(page, ".timeline a")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    tab_to(page, "h3 a")
    headline = page.evaluate("document.activeElement.innerText")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until such an element has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not lead to {selector}")


def test_without_scripts(reading: Reading) -> None:
    reader = reading(java_script_enabled=False)
    reader.open("/")
    page = reader.page
    ask(page, "کارگاه")
    found = total(page)
    page.get_by_role("link", name=re.compile("^خرداد ۱۳۹۹")).click()
    expect(page).to_have_url(re.compile("since=1399-03"))
    assert 0 < total(page) < found
    page.get_by_role("link", name="تازه‌ترین", exact=True).click()
    expect(page).to_have_url(re.compile("sort=date"))
    page.get_by_role("complementary").get_by_role("link").first.click()
    expect(page.locator("#count")).to_be_visible()
    page.get_by_role("heading", level=3).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_dark_mode(reading: Reading) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        reader = reading(color_scheme=scheme)
        reader.open("/?q=کارگاه")
        shades[scheme] = [
            sum(int(part) for part in re.findall(r"\d+", colour)[:3])
            for colour in reader.page.evaluate(
                "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
            )
        ]
    assert shades["light"][0] > 700 > 200 > shades["light"][1]
    assert shades["dark"][0] < 200 < 600 < shades["dark"][1]


def test_printing_makes_a_bulletin(reader: Reader) -> None:
    reader.open("/?q=کارگاه&since=1399-03&until=1399-03")
    page = reader.page
    page.emulate_media(media="print")
    for part in ("form.query", "aside", ".sorts", "header nav"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator(".results h3").first).to_be_visible()
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 1
