"""What helps beside the search: saving, suggestions, calendar, keys, the languages, stories."""

import re

import feedparser
from playwright.sync_api import expect

from aggregator.persian.digits import to_persian_digits
from tests.browser.conftest import Reader, Site
from tests.web.places import address_of


def test_a_search_is_saved_and_has_a_feed(reader: Reader) -> None:
    reader.open("/?q=کارگاه&since=1399-03&until=1399-03")
    page = reader.page
    found = page.locator("#count").inner_text()
    page.get_by_text("ذخیرهٔ این جستجو").click()
    page.get_by_label("نام", exact=True).fill("کارگاه‌های خرداد")
    page.get_by_role("button", name="ذخیره", exact=True).click()
    expect(page).to_have_url(re.compile("/saved"))
    saved = page.get_by_role("region", name="کارگاه‌های خرداد")
    expect(saved).to_contain_text(found)
    feed = page.request.get(saved.get_by_role("link", name="Atom").get_attribute("href") or "")
    assert feed.ok
    assert f"{to_persian_digits(str(len(feedparser.parse(feed.body()).entries)))} خبر" == found
    saved.get_by_role("link", name="کارگاه‌های خرداد", exact=True).click()
    expect(page.locator("#count")).to_have_text(found)
    page.go_back()
    saved.get_by_role("button", name="پاک کردن").click()
    expect(saved).to_have_count(0)


def test_a_suggestion_is_taken_by_the_keyboard(reader: Reader) -> None:
    reader.open("/")
    box = reader.page.get_by_label("عبارت جستجو")
    box.press_sequentially("البر")
    option = reader.page.get_by_role("option").filter(has_text="البرز").first
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(reader.page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    box.press("Enter")
    expect(reader.page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_value(re.compile("البرز"))


def test_a_day_is_chosen_in_the_calendar(reader: Reader) -> None:
    reader.open("/")
    page = reader.page
    page.get_by_label("از", exact=True).fill("۱۳۹۹/۰۳/۱۰")
    page.get_by_role("button", name="تقویم روز آغاز").click()
    expect(page.get_by_role("dialog")).to_contain_text("خرداد ۱۳۹۹")
    page.keyboard.press("ArrowDown")  # a week later
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("از", exact=True)).to_have_value("۱۳۹۹/۰۳/۱۷")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("since="))


def test_keys_lead_through_the_results(reader: Reader) -> None:
    reader.open("/?q=کارگاه")
    page = reader.page
    links = page.locator(".results h3 a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("input[name=id]:checked")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.get_by_label("عبارت جستجو")).to_be_focused()
    page.get_by_role("button", name="بولتن خبرهای برگزیده").click()
    expect(page).to_have_url(re.compile("/bulletin"))
    expect(page.locator("article")).to_have_count(1)


def test_months_are_chosen_by_dragging(reader: Reader) -> None:
    reader.open("/?q=کارگاه")
    page = reader.page
    bars = page.locator(".timeline rect.field")
    first, last = bars.first.bounding_box(), bars.nth(2).bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + first["width"] / 2, first["y"] + 30)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] / 2, last["y"] + 30, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("since=.*until="))
    since, until = re.findall(r"(?:since|until)=(\d{4}-\d\d)", page.url)
    assert since < until


def test_english_by_a_switch(reader: Reader) -> None:
    reader.open("/?q=کارگاه")
    page = reader.page
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d+ articles?$"))
    expect(page.locator("#q")).to_have_value("کارگاه")
    page.get_by_role("link", name="فارسی").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def test_who_was_first(reader: Reader, site: Site) -> None:
    reader.open(address_of("a story", site.service))
    members = reader.page.locator("main ol > li")
    expect(members.first).to_contain_text("نخستین")
    assert members.count() > 1
    members.nth(1).locator("summary").click()
    expect(members.nth(1).locator("ins, del").first).to_be_visible()
