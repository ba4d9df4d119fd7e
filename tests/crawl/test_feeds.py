"""Feeds of every kind, as Persian sites write them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.crawl.feeds import is_feed, read_feed
from aggregator.model import Link, Page
from aggregator.platforms import by_name

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TABNAK = Path(__file__).parents[3] / "shared" / "pages" / "tabnak-allnews-2018.xml"


def page(body: str | bytes, url: str = "http://news.example.ir/rss/all", content_type: str = "") -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url, data, NOW, "sample", headers={"content-type": content_type} if content_type else {})


def rss(items: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>خبرها</title>{items}</channel></rss>'


def only(links: list[Link]) -> Link:
    assert len(links) == 1
    return links[0]


def published(raw: str, name: str = "pubDate") -> str | None:
    item = f"<item><title>خبر</title><link>/news/1</link><{name}>{raw}</{name}></item>"
    reading = only(read_feed(page(rss(item)))).published
    return reading.iso() if reading else None


# --- kinds of feeds -----------------------------------------------------------------------------------------


def test_rss() -> None:
    link = only(
        read_feed(
            page(
                rss(
                    "<item><title>افتتاح «خانه‌های» سلامت</title>"
                    "<link>\n  http://news.example.ir/news/12/خانه‌ها\n </link>"
                    "<description>لید خبر\n   در دو سطر</description>"
                    "<pubDate>Tue, 09 Jun 2020 09:01:00 +0430</pubDate></item>"
                )
            )
        )
    )
    assert link.url == "http://news.example.ir/news/12/%D8%AE%D8%A7%D9%86%D9%87%E2%80%8C%D9%87%D8%A7"
    assert (link.origin, link.headline, link.lead) == ("feed", "افتتاح «خانه‌های» سلامت", "لید خبر در دو سطر")
    assert link.published is not None
    assert (link.published.iso(), link.published.origin) == ("2020-06-09T04:31:00Z", "feed")
    assert link.published.raw == "Tue, 09 Jun 2020 09:01:00 +0430"
    assert link.modified is None


def test_rdf() -> None:
    body = (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<item rdf:about="http://e.ir/1"><title>یک</title><link>http://e.ir/1</link>'
        "<dc:date>2020-06-09T04:31:00Z</dc:date>"
        "</item></rdf:RDF>"
    )
    assert is_feed(page(body))
    link = only(read_feed(page(body)))
    assert link.url == "http://e.ir/1"
    assert link.published is not None
    assert link.published.iso() == "2020-06-09T04:31:00Z"


def test_atom() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        '<entry><title type="html">یک &lt;b&gt;خبر&lt;/b&gt;</title>'
        '<link rel="enclosure" href="/a.mp3"/><link rel="alternate" href="/news/5"/>'
        "<published>2020-06-09T09:01:00+04:30</published><updated>2020-06-10T00:00:00Z</updated></entry>"
        '<entry><title>دو</title><link href="/news/6"/><updated>2020-06-10T00:00:00Z</updated></entry></feed>'
    )
    first, second = read_feed(page(body))
    assert (first.url, first.headline) == ("http://news.example.ir/news/5", "یک خبر")
    assert first.published is not None
    assert first.published.iso() == "2020-06-09T04:31:00Z"
    assert first.modified == second.modified == datetime(2020, 6, 10, tzinfo=UTC)
    assert second.published is None, "an update is no publication"


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1",
                "url": "/news/1",
                "title": "یک",
                "summary": "<p>لید</p>",
                "date_published": "۱۳۹۹/۰۳/۲۰ ۰۹:۰۱",
            },
            {"id": "http://e.ir/2"},
            {"id": 3},
            "garbage",
        ],
    }
    body = page(json.dumps(feed))
    assert is_feed(body)
    first, second = read_feed(body)
    assert (first.url, first.headline, first.lead) == ("http://news.example.ir/news/1", "یک", "لید")
    assert first.published is not None
    assert first.published.iso() == "2020-06-09T04:31:00Z"
    assert second.url == "http://e.ir/2"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body><rss></rss></body></html>",
        "<!doctype html><html><head><title>rss</title></head></html>",
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>',
        '{"version": "1", "items": []}',
        '{"version": "https://jsonfeed.org/version/1", "items": ',
        "\x89PNG\r\n",
    ],
)
def test_other_documents_are_no_feeds(body: str) -> None:
    assert not is_feed(page(body))
    assert read_feed(page(body)) == []


# --- dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("21 Jul 2018 08:39:54 +0430", "2018-07-21T04:09:54Z"),
        ("1399/03/20 09:01", "2020-06-09T04:31:00Z"),
        ("۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱", "2020-06-09T04:31:00Z"),
        ("1399-03-20T09:01:00+04:30", "2020-06-09T04:31:00Z"),
        ("1399/03/20", "2020-06-09"),
        ("نامعلوم", None),
        ("۳۱ مهر ۱۳۹۹", None),
        ("Tue, 09 Jun 2099 09:01:00 +0430", None),
    ],
)
def test_dates_are_read_from_the_raw_string(raw: str, iso: str | None) -> None:
    assert published(raw) == iso


def test_dc_date_is_the_publication_of_an_rss_item() -> None:
    assert published("2020-06-09T04:31:00Z", "dc:date") == "2020-06-09T04:31:00Z"


# --- links and texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/news/1</link>", "http://news.example.ir/news/1"),
        ("<link>news/1</link>", "http://news.example.ir/rss/news/1"),
        ("<link>www.example.ir/news/1</link>", "http://www.example.ir/news/1"),
        ("<link><![CDATA[ http://e.ir/news/1?utm_source=rss ]]></link>", "http://e.ir/news/1"),
        (
            "<link>http://e.ir/i.jsp?siteid=1&fkeyid=&siteid=1&newsview=9</link>",
            "http://e.ir/i.jsp?siteid=1&fkeyid=&siteid=1&newsview=9",
        ),
        ("<link>http://e.ir/i?a=1&amp;lang=2&amp;copy=3</link>", "http://e.ir/i?a=1&lang=2&copy=3"),
        ("<link>http://e.ir/i?a=1&lang=2&copy=3</link>", "http://e.ir/i?a=1&lang=2&copy=3"),
        ('<guid isPermaLink="true">http://e.ir/news/1</guid>', "http://e.ir/news/1"),
        ('<guid isPermaLink="false">http://e.ir/news/1</guid>', "http://e.ir/news/1"),
    ],
)
def test_links(item: str, url: str) -> None:
    assert only(read_feed(page(rss(f"<item><title>خبر</title>{item}</item>")))).url == url


def test_items_without_an_address_are_left_out() -> None:
    items = "<item><title>الف</title><guid>12</guid></item><item><link>javascript:alert(1)</link></item>"
    assert read_feed(page(rss(items))) == []


def test_one_article_is_one_link() -> None:
    items = "".join(
        f"<item><title>خبر</title><link>/news/1234/{slug}</link></item>" for slug in ("a", "b", "a")
    )
    assert len(read_feed(page(rss(items)), by_name("nastooh"))) == 1
    assert len(read_feed(page(rss(items)))) == 2


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<![CDATA[<b>یک</b> خبر]]>", "یک خبر"),
        ("یک&amp;nbsp;خبر &amp;laquo;تازه&amp;raquo;", "یک خبر «تازه»"),
        ("یک&nbsp;خبر", "یک خبر"),
        ("<![CDATA[<p>یک</p><p>خبر</p><script>alert(1)</script>]]>", "یک خبر"),
        ("می‌<![CDATA[<b>شود</b>]]>", "می‌شود"),
        ("نرخ &lt; ۵ درصد", "نرخ < ۵ درصد"),
        ("کار & کارگر", "کار & کارگر"),
    ],
)
def test_titles_are_text(markup: str, text: str) -> None:
    item = f"<item><title>{markup}</title><link>/news/1</link></item>"
    assert only(read_feed(page(rss(item)))).headline == text


@pytest.mark.parametrize("declared", ["utf-8", "windows-1256", None])
def test_windows_1256_whatever_is_declared(declared: str | None) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss("<item><title>افتتاح كارگاه تازه در شهر</title><link>/news/1</link></item>", head).encode(
        "cp1256", "replace"
    )
    link = only(read_feed(page(body, content_type="text/xml; charset=utf-8")))
    assert link.headline == "افتتاح كارگاه تازه در شهر"


def test_utf16_with_a_mark() -> None:
    body = rss("<item><title>خبر</title><link>/news/1</link></item>").encode("utf-16")
    assert only(read_feed(page(body))).headline == "خبر"


# --- hostile and broken -------------------------------------------------------------------------------------


def test_entities_of_a_dtd_have_no_meaning() -> None:
    bomb = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    others = '<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY q "quick">'
    dtd = f'<?xml version="1.0"?><!DOCTYPE rss [{bomb}{others}]>'
    link = only(read_feed(page(rss("<item><title>A &l8; &x; &q; B</title><link>/news/1</link></item>", dtd))))
    assert link.headline is not None
    assert len(link.headline) < 60
    assert "root:" not in link.headline
    assert "haha" not in link.headline
    assert "quick" not in link.headline


def test_entities_declared_behind_a_decoy_have_no_meaning() -> None:
    dtd = '<!DOCTYPE rss [<!ENTITY a "<rss "><!ENTITY q "quickquick">]>'
    links = read_feed(page(rss("<item><title>A &q; B</title><link>/news/1</link></item>", dtd)))
    assert all("quickquick" not in (link.headline or "") for link in links)


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    body = rss("<item><title>یک</title><link>/news/1</link></item><item><title>دو</ti <link>/news/2</link>")
    assert "http://news.example.ir/news/1" in [link.url for link in read_feed(page(body))]


def test_what_a_server_prints_before_a_feed_does_no_harm() -> None:
    body = "<br />\n<b>Warning</b>: something\n" + rss("<item><title>یک</title><link>/news/1</link></item>")
    assert len(read_feed(page(body))) == 1


@settings(deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"<rss>", b"<feed><entry>", b'{"version":"jsonfeed.org/version"']),
)
def test_never_raises(body: bytes, start: bytes) -> None:
    assert isinstance(read_feed(page(start + body)), list)


@settings(deadline=None)
@given(st.text(alphabet="htp:/[]%.\\ \x00۱<>&;![CDATA]", max_size=40))
def test_no_address_breaks_it(address: str) -> None:
    read_feed(page(rss(f"<item><title>خبر</title><link>{address}</link><guid>{address}</guid></item>")))
    read_feed(page(f'<feed><entry><title>خبر</title><link href="{address}"/></entry></feed>'))


# --- a real feed --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not TABNAK.exists(), reason="the shared pages are not here")
def test_a_real_feed() -> None:
    links = read_feed(
        page(TABNAK.read_bytes(), "http://www.tabnak.ir/fa/rss/allnews"), by_name("iransamaneh")
    )
    assert len(links) == 100
    assert all(link.published and link.published.precision == "minute" and link.headline for link in links)
    assert all(
        link.url.startswith("http://www.tabnak.ir/fa/news/8183") or "/fa/news/" in link.url for link in links
    )
    assert sum(link.lead is None for link in links) == 31
    assert "منتجب‌نیا" in (links[0].headline or "")
