"""CMS families: addresses, fingerprints, selectors."""

from dataclasses import fields
from itertools import chain

import pytest
from lxml.cssselect import CSSSelector

from aggregator.platforms import PLATFORMS, by_name, recognise
from aggregator.platforms.base import Layout, Listing, Platform
from aggregator.urls import article_match, canonical_url, path_and_query

CANONICAL = [
    ("nastooh", "https://www.a.ir/news/1353889/تحلیل-روزنامه?ts=1", "https://www.a.ir/news/1353889"),
    ("nastooh", "https://www.a.ir/amp/1353889/", "https://www.a.ir/news/1353889"),
    ("nastooh", "https://www.a.ir/photo/98042111/x", "https://www.a.ir/news/98042111"),
    ("iransamaneh", "http://www.a.ir/fa/news/7349926/از-کشف", "http://www.a.ir/fa/news/7349926"),
    ("iransamaneh", "http://www.a.ir/fa/amp/news/7349926", "http://www.a.ir/fa/news/7349926"),
    ("saman", "http://www.a.ir/news/766453-quot.html?t=اخبار", "http://www.a.ir/news/766453"),
    ("highportal", "http://a.ir/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=55373&newsview=174487", "http://a.ir/index.jsp?newsview=174487"),
    ("highportal", "http://a.ir/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=54782&newsview=174487", "http://a.ir/index.jsp?newsview=174487"),
    ("sarir", "http://a.ir/detail/30415", "http://a.ir/detail/30415"),
    ("sampa", "http://a.ir/fa/newsagency/281033/%D8%AE%D8%B7", "http://a.ir/fa/newsagency/281033"),
    ("dorsa", "http://a.ir/Index.aspx?page_=dorsaetoolsenews&lang=1&sub=0&PageID=8912&PageIDF=0&BlockName=b", "http://a.ir/index.aspx?page_=dorsaetoolsenews&PageID=8912"),
    ("dorsa-paths", "http://a.ir/page-default/fa/0/dorsaetoolsnewsrai/1542-G0/قطار", "http://a.ir/page-default/fa/0/dorsaetoolsnewsrai/1542-G0/"),
    ("kentico", "http://paven.ir/Detail.aspx?x=1&ANWID=77", "http://paven.ir/Detail.aspx?ANWID=77"),
    ("studiokhabar", "http://a.ir/report/855320/slug", "http://a.ir/report/855320"),
    ("aasaam", "https://a.ir/بخش-اقتصاد-3/450123-بیمه", "https://a.ir/fa/tiny/news-450123"),
    ("aasaam", "https://a.ir/fa/tiny/news-450123", "https://a.ir/fa/tiny/news-450123"),
    ("tasnim", "https://a.ir/fa/news/1402/09/28/3010101/سالن", "https://a.ir/fa/news/1402/09/28/3010101"),
    ("wordpress", "https://a.ir/4411/نشست/", "https://a.ir/4411/"),
    ("websamaneh", "https://a.ir/ict/شبکه/7781/", "https://a.ir/ict/7781/"),
    ("websamaneh", "https://a.ir/ict/شبکه/7781/?mobile=1", "https://a.ir/ict/7781/"),
    ("mehr-aspx-2011", "http://a.ir/fa/NewsPrint.aspx?NewsID=1271620", "http://a.ir/fa/NewsPrint.aspx?NewsID=1271620"),
    ("rc-majlis", "https://a.ir/fa/news/print_version/1779001", "https://a.ir/fa/news/show/1779001"),
    ("rcs", "https://a.ir/portal/newsview/9911", "https://a.ir/portal/newsview/9911"),
    ("tpph", "https://a.ir/fa/News/771", "https://a.ir/fa/News/771"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "url", "expected"), CANONICAL)
def test_identity(name: str, url: str, expected: str) -> None:
    assert canonical_url(url, by_name(name)) == expected


@pytest.mark.parametrize(("name", "url"), [(name, canonical) for name, _, canonical in CANONICAL])
def test_a_canonical_address_is_its_own(name: str, url: str) -> None:
    assert canonical_url(url, by_name(name)) == url


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("nastooh", "https://a.ir/service/Politics/election"),
        ("nastooh", "https://a.ir/archive?tp=1&pi=2"),
        ("iransamaneh", "https://a.ir/fa/yazd/218"),
        ("iransamaneh", "https://a.ir/fa/list/4/2"),
        ("iransamaneh", "https://a.ir/fa/archive"),
        ("saman", "https://a.ir/web_directory/218-اخبار.html"),
        ("highportal", "https://a.ir/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=55373"),
        ("sarir", "https://a.ir/cat/4"),
        (
            "dorsa",
            "https://a.ir/Index.aspx?page_=dorsaetoolsenews&order=list&lang=1&sub=0&tempname=Main&PageIdF=1&PageId=2",
        ),
        ("kentico", "https://a.ir/اخبار/استان"),
        ("aasaam", "https://a.ir/بخش-اقتصاد-3"),
        ("wordpress", "https://a.ir/category/news/"),
        ("mehr-aspx-2011", "https://a.ir/fa/txtNewsView_fa.aspx?t=News&Page=1"),
    ],
)
def test_lists_are_no_articles(name: str, url: str) -> None:
    platform = PLATFORMS[name]
    assert article_match(url, platform) is None
    assert platform.listing_url is not None
    assert platform.listing_url.search(path_and_query(url))


@pytest.mark.parametrize(
    ("markup", "url", "name"),
    [
        ('<meta name="generator" content="www.nastooh.ir">', "https://a.ir/", "nastooh"),
        ('<meta property="nastooh:topic" content="x">', "https://a.ir/", "nastooh"),
        ("<!-- 1 --> <!DOCTYPE html><p>", "https://a.ir/", "iransamaneh"),
        ("<webMaster>info@iransamaneh.com</webMaster>", "https://a.ir/", "iransamaneh"),
        ('<meta name="generator" content="Aryanic.com" />', "https://a.ir/", "highportal"),
        ("<p>x<!--EndContent-->", "https://a.ir/", "sarir"),
        ('<img src="/Dorsapax/Data/Sub_0/File/a.jpg">', "https://a.ir/", "dorsa"),
        (
            '<a href="/page-default/fa/0/dorsaetoolsnewsrai/1-G0/x"><img src="/Dorsapax/x">',
            "https://a.ir/",
            "dorsa-paths",
        ),
        ('<div id="echo_detail">', "https://a.ir/", "aasaam"),
        ('<link href="/wp-content/a.css">', "https://a.ir/", "wordpress"),
        ("<p>", "https://www.msrt.ir/fa/news/1/x", "msrt"),
        ("<p>", "https://a.ir/", None),
        ("<p>", "http://[", None),
        ("", "", None),
    ],
)
def test_recognise(markup: str, url: str, name: str | None) -> None:
    found = recognise(markup, url)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=lambda platform: platform.name)
def test_selectors_are_sound(platform: Platform) -> None:
    parts: list[Layout | Listing] = [*platform.layouts, platform.listing]
    values = [getattr(part, field.name) for part in parts for field in fields(part)]
    for selector in chain.from_iterable(value for value in values if isinstance(value, tuple)):
        CSSSelector(selector, translator="html")


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=lambda platform: platform.name)
def test_each_can_be_told_and_identifies_articles(platform: Platform) -> None:
    assert platform.fingerprints or platform.hosts
    assert platform.layouts
    assert "id" in platform.article_url.groupindex
    if platform.canonical:
        platform.canonical.format_map(dict.fromkeys(platform.article_url.groupindex, "1"))


def test_names() -> None:
    assert by_name("nastooh") is PLATFORMS["nastooh"]
    assert by_name("none") is None
    assert all(name == platform.name for name, platform in PLATFORMS.items())
