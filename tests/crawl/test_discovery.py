"""Where a site's news are found, and what a document is."""

# ruff: noqa: E501 -- a case of a table is one line

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.crawl.discovery import classify, find_feeds, find_listings, looks_like_article, read_links
from aggregator.extract.document import Document, parse_document
from aggregator.model import Page
from aggregator.platforms import by_name, recognise
from aggregator.urls import clean_url

PAGES = Path(__file__).parents[3] / "shared" / "pages"
HOME = "http://www.example.ir/"


def page(body: str | bytes, url: str = HOME) -> Page:
    return Page(
        url, body.encode() if isinstance(body, str) else body, datetime(2026, 11, 1, tzinfo=UTC), "sample"
    )


def document(body: str, url: str = HOME) -> Document:
    parsed = parse_document(page(f"<html>{body}</html>", url))
    assert isinstance(parsed, Document)
    return parsed


def paths(urls: list[str]) -> list[str]:
    return [url.removeprefix("http://www.example.ir") for url in urls]


# --- feeds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/backend.php">', ["/backend.php"]),
        ('<link rel="ALTERNATE" type="application/atom+xml" href="atom.xml">', ["/atom.xml"]),
        ('<link rel="alternate" type="application/feed+json" href="/feed.json">', ["/feed.json"]),
        ('<link rel="alternate" type="text/html" hreflang="en" href="/en">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/comments/feed/">', []),
        ('<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed">', []),
        ('<link rel="alternate" type="application/rss+xml" href="http://other.ir/rss">', []),
        ('<link rel="alternate" type="application/rss+xml" href="http://feeds.example.ir/x">', ["http://feeds.example.ir/x"]),
        ('<a href="/fa/rss/allnews">خروجی</a>', ["/fa/rss/allnews"]),
        ('<a href="/rss/tp/5">RSS</a>', ["/rss/tp/5"]),
        ('<a href="/rssb5.-8.xml">خبرخوان</a>', ["/rssb5.-8.xml"]),
        ('<a href="/RSSCreatorShow.aspx?page_=rsscreator&lang=1">x</a>', ["/RSSCreatorShow.aspx?page_=rsscreator&lang=1"]),
        ('<a href="/out.php?x=1">RSS</a>', ["/out.php?x=1"]),
        ('<a href="/out.php?x=1"><i class="fa fa-rss"></i></a>', ["/out.php?x=1"]),
        ('<a href="/?feed=rss">x</a>', ["/?feed=rss"]),
        ('<a href="/feedback">نظر شما</a><a href="/news/12/rssi">x</a><a href="/img/rss.png">RSS</a>', []),
    ],
)  # fmt: skip
def test_find_feeds(markup: str, found: list[str]) -> None:
    assert paths(find_feeds(document(f"<body>{markup}</body>"))) == found


# --- listings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<a href="/archive">آرشیو</a>', ["/archive"]),
        ('<a href="/x/7">آرشیو ...</a>', ["/x/7"]),
        ('<a href="/web_directory/218-اخبار.html">فهرست كامل اخبار</a>', ["/web_directory/218-%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1.html"]),
        ('<a href="/x">مشروح اخبار</a>', ["/x"]),
        ('<a href="/x">اخبار</a>', ["/x"]),
        ('<a href="/x">اخبار استان‌ها</a>', ["/x"]),
        ('<a href="/x">بیشتر</a>', ["/x"]),
        ('<a href="/fa/news">تازه</a>', ["/fa/news"]),
        ('<a href="/category/labour">روابط کار</a>', ["/category/labour"]),
        ('<a href="/news">اخبار</a><a href="/archive">بایگانی</a>', ["/archive", "/news"]),
        ('<a href="/news/12/x">بیشتر</a><a href="/">اخبار</a><a href="/tag/x">اخبار</a><a href="/login">آرشیو</a>', []),
        ('<a href="http://other.ir/archive">آرشیو</a><a href="/a.pdf">آرشیو</a><a href="/rss/news">اخبار</a>', []),
        ('<a href="/en/news">English news</a><a href="/news">اخبار</a>', ["/news"]),
        ('<nav><a href="/economy">اقتصاد</a><a href="/about-us">درباره ما</a></nav>', ["/economy"]),
        ('<nav><a href="/economy">اقتصاد</a><a href="/news">اخبار</a></nav>', ["/news"]),
        ('<p><a href="/economy">اقتصاد</a></p>', []),
        ('<div><a href="/?pg=list&gid=2">اقتصاد</a></div>', ["/?pg=list&gid=2"]),
        ('<div><a href="/?gid=2">اقتصاد</a></div><nav><a href="/culture">فرهنگ</a></nav>', ["/culture"]),
    ],
)  # fmt: skip
def test_find_listings(markup: str, found: list[str]) -> None:
    assert paths(find_listings(document(f"<body>{markup}</body>"), None)) == found


def test_the_platforms_listings_come_first() -> None:
    home = document('<body><a href="/service/Economy">اقتصاد</a><a href="/news/1234/x">خبر</a></body>')
    assert paths(find_listings(home, by_name("nastooh"))) == ["/archive", "/service/Economy"]


def test_a_listing_does_not_name_itself() -> None:
    assert find_listings(document('<body><a href="/archive">آرشیو</a></body>', HOME + "archive"), None) == []


@pytest.mark.skipif(not PAGES.exists(), reason="the shared pages are not here")
@pytest.mark.parametrize(
    ("name", "url", "feeds", "listing"),
    [
        ("behdasht.gov.ir-home-1396-12-26.fragment", "http://behdasht.gov.ir/", [], "http://behdasht.gov.ir/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=1508"),
        ("mimt.gov.ir-home-1396-12-26.fragment", "http://www.mimt.gov.ir/", ["http://www.mimt.gov.ir/backend.php"], "http://www.mimt.gov.ir/web_directory/218-%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1.html"),
        ("khabaronline-1353889", "https://www.khabaronline.ir/", [], "https://www.khabaronline.ir/archive"),
        ("yjc-7349926", "https://www.yjc.ir/", ["https://www.yjc.ir/fa/rss/allnews"], "https://www.yjc.ir/fa/archive"),
    ],
)  # fmt: skip
def test_real_pages(name: str, url: str, feeds: list[str], listing: str) -> None:
    parsed = parse_document(page((PAGES / f"{name}.html").read_bytes(), url))
    assert isinstance(parsed, Document)
    assert set(feeds) <= set(find_feeds(parsed))
    assert listing in find_listings(parsed, recognise(parsed.markup, url))[:3]


# --- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "platform", "text", "expected"),
    [
        ("http://e.ir/news/1234/x", "nastooh", "", True),
        ("http://e.ir/service/Economy", "nastooh", "", False),
        ("http://e.ir/show/12345", "nastooh", "خبری که تیتری به اندازه دارد", False),
        ("http://e.ir/index.jsp?newsview=5", "highportal", "", True),
        ("http://e.ir/index.jsp?pageid=5", "highportal", "", False),
        ("http://e.ir/1399/03/20/some-slug/", "wordpress", "", True),
        ("http://e.ir/category/news/", "wordpress", "", False),
        ("http://e.ir/about-us/", "wordpress", "", False),
        ("http://e.ir/some-slug-of-five-words/", "wordpress", "", True),
        ("http://e.ir/some-slug-of-five-words/", None, "تماس", False),
        ("http://e.ir/some-slug-of-five-words/", None, "خبری که تیتری به اندازه دارد", True),
        ("http://e.ir/view?id=12", None, "", True),
        ("http://e.ir/x?id=12", None, "", False),
        ("http://e.ir/x?id=12", None, "خبری که تیتری به اندازه دارد", True),
        ("http://e.ir/news/2", None, "2", False),
        ("http://e.ir/n/4pqc8", None, "خبری که تیتری به اندازه دارد", True),
        ("http://e.ir/n/4pqc8", None, "تماس", False),
        ("http://e.ir/akhbar/1403/index.htm", None, "", False),
        ("http://e.ir/akhbar/1403/05/", None, "", False),
        ("http://e.ir/akhbar/1403/05/12", None, "", False),
        ("http://e.ir/akhbar/1403/05/12/7", None, "", True),
        ("http://e.ir/akhbar/1403/05/12-1407.htm", None, "", True),
        ("http://e.ir/news/1403", None, "", True),
    ],
)
def test_looks_like_article(url: str, platform: str | None, text: str, expected: bool) -> None:
    assert looks_like_article(url, by_name(platform) if platform else None, text) is expected


@given(st.text(max_size=40), st.text(max_size=30))
def test_every_address_is_judged(path: str, text: str) -> None:
    for name in (None, "wordpress", "nastooh"):
        url = clean_url(f"http://e.ir/{path}")
        if url:
            looks_like_article(url, by_name(name) if name else None, text)
    looks_like_article("http://e.ir/?p=12", None)


# --- documents ----------------------------------------------------------------------------------------------

RSS = "<rss><channel><item><title>خبر</title><link>/news/1</link></item></channel></rss>"
URLSET = "<urlset><url><loc>/news/1</loc></url></urlset>"


@pytest.mark.parametrize(
    ("body", "kind", "count"),
    [
        (RSS, "feed", 1),
        (URLSET, "sitemap", 1),
        (gzip.compress(URLSET.encode(), mtime=0), "sitemap", 1),
        ("http://www.example.ir/news/1\n", "sitemap", 1),
        ('<html><body><a href="/news/1">افتتاح مرکز خدمات درمانی</a></body></html>', "html", 1),
        (b"%PDF-1.7", "other", 0),
        ("", "other", 0),
        ("{}", "other", 0),
    ],
)
def test_classify_and_read_links(body: str | bytes, kind: str, count: int) -> None:
    assert classify(page(body)) == kind
    assert len(read_links(page(body))) == count
