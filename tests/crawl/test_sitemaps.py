"""Sitemaps of every kind, whole, packed and broken."""

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.crawl import markup
from aggregator.crawl.sitemaps import is_sitemap, read_sitemap, sitemaps_in_robots
from aggregator.model import Page

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def page(body: str | bytes, url: str = "http://e.ir/sitemap.xml") -> Page:
    return Page(url, body.encode() if isinstance(body, str) else body, NOW, "sample")


def urlset(inner: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f"{head}<urlset {NAMESPACES}>{inner}</urlset>"


def locations(body: str | bytes) -> list[str]:
    return [link.url for link in read_sitemap(page(body)).links]


def test_index() -> None:
    body = (
        f"<sitemapindex {NAMESPACES}><sitemap><loc> http://e.ir/a.xml </loc></sitemap>"
        "<sitemap><loc>/b.xml.gz</loc></sitemap><sitemap><loc></loc></sitemap>"
        "<sitemap><loc>http://e.ir/sitemap.xml</loc></sitemap><sitemap><loc>http://e.ir/a.xml</loc></sitemap></sitemapindex>"
    )
    sitemap = read_sitemap(page(body))
    assert sitemap.children == ["http://e.ir/a.xml", "http://e.ir/b.xml.gz"], "itself and doubles left out"
    assert sitemap.links == []


def test_news_sitemap() -> None:
    body = urlset(
        "<url><loc>http://e.ir/news/1</loc><lastmod>2020-06-09T05:00:00+00:00</lastmod>"
        "<image:image><image:loc>http://e.ir/1.jpg</image:loc><image:title>تصویر</image:title></image:image>"
        '<xhtml:link rel="alternate" href="http://e.ir/en/1"/>'
        "<news:news><news:publication><news:name>نمونه</news:name></news:publication>"
        "<news:publication_date>2020-06-09T09:01:00+04:30</news:publication_date>"
        "<news:title>یک &amp; دو</news:title></news:news></url>"
    )
    (link,) = read_sitemap(page(body)).links
    assert (link.url, link.origin, link.headline) == ("http://e.ir/news/1", "sitemap", "یک & دو")
    assert link.published is not None
    assert link.published.iso() == "2020-06-09T04:31:00Z"
    assert link.modified == datetime(2020, 6, 9, 5, tzinfo=UTC)


def test_lastmod_may_be_jalali_or_nonsense() -> None:
    body = urlset(
        "<url><loc>/1</loc><lastmod>1399-03-20</lastmod></url>"
        "<url><loc>/2</loc><lastmod>soon</lastmod></url><url><loc>/3</loc></url>"
    )
    first, second, third = read_sitemap(page(body)).links
    assert first.modified == datetime(2020, 6, 8, 19, 30, tzinfo=UTC)
    assert second.modified is None
    assert third.modified is None


def test_persian_addresses_and_lone_ampersands() -> None:
    assert locations(urlset("<url><loc>http://e.ir/خبر?a=1&b=2</loc></url>")) == [
        "http://e.ir/%D8%AE%D8%A8%D8%B1?a=1&b=2"
    ]


def test_cdata_and_no_namespace() -> None:
    assert locations("<urlset><url><loc><![CDATA[http://e.ir/1]]></loc></url></urlset>") == ["http://e.ir/1"]


def test_text() -> None:
    body = "http://e.ir/news/1\nhttp://e.ir/news/2\n\nhttp://e.ir/news/1\n"
    assert is_sitemap(page(body))
    assert locations(body) == ["http://e.ir/news/1", "http://e.ir/news/2"]


@pytest.mark.parametrize(
    "body",
    ["", "not found", "http://e.ir/news/1 is gone\n", "<html><p>http://e.ir</p></html>", "<rss></rss>"],
)
def test_other_documents_are_no_sitemaps(body: str) -> None:
    assert not is_sitemap(page(body))
    assert read_sitemap(page(body)).links == []


def test_packed() -> None:
    body = gzip.compress(urlset("<url><loc>http://e.ir/1</loc></url>").encode())
    assert is_sitemap(page(body))
    assert locations(body) == ["http://e.ir/1"]


def test_what_is_packed_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_UNPACKED", 100_000)
    body = gzip.compress(urlset("<url><loc>http://e.ir/1</loc></url>" + " " * 50_000_000).encode())
    assert locations(body) == ["http://e.ir/1"]


def test_a_torn_packet_is_read_as_far_as_it_goes() -> None:
    body = gzip.compress(
        urlset("".join(f"<url><loc>http://e.ir/{n}</loc></url>" for n in range(5000))).encode()
    )
    assert 10 < len(locations(body[: len(body) // 2])) < 5000


def test_torn_and_wrong_xml_is_read_as_far_as_it_goes() -> None:
    whole = urlset("<url><loc>http://e.ir/1</loc></url><url><loc>http://e.ir/2</loc></url>")
    assert locations(whole[: whole.index("/2")]) == ["http://e.ir/1"]
    assert locations(urlset("<url><loc>http://e.ir/1</loc></urll><url><loc>http://e.ir/2</loc></url>"))[
        :1
    ] == ["http://e.ir/1"]
    assert locations("<urlset><url></") == []
    assert locations("\n\n" + whole) == ["http://e.ir/1", "http://e.ir/2"], (
        "blank lines before the declaration"
    )


def test_entities_have_no_meaning() -> None:
    head = '<!DOCTYPE urlset [<!ENTITY a "http://evil.ir/"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    found = read_sitemap(page(urlset("<url><loc>http://e.ir/&a;</loc></url><url><loc>&b;</loc></url>", head)))
    assert all("evil" not in link.url and "root" not in link.url for link in found.links)


@settings(deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"<urlset><url><loc>", b"\x1f\x8b\x08", b"<sitemapindex>", b"http://e.ir/"]),
)
def test_never_raises(body: bytes, start: bytes) -> None:
    read_sitemap(page(start + body))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "User-agent: *\nDisallow:\nSitemap: http://e.ir/a.xml\nSITEMAP:http://e.ir/b.xml\r\n",
            ["http://e.ir/a.xml", "http://e.ir/b.xml"],
        ),
        ("\ufeffsitemap : /a.xml", ["/a.xml"]),
        ("# Sitemap: http://e.ir/a.xml", []),
        ("Sitemap:\nDisallow: /x", []),
        ("Sitemap: /a.xml\nSitemap: /a.xml", ["/a.xml"]),
        ("", []),
    ],
)
def test_robots(text: str, found: list[Any]) -> None:
    assert sitemaps_in_robots(text) == found
