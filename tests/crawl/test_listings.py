"""Listings: their stories, what they show of them, and where they go on."""

# ruff: noqa: E501 -- a case of a table is one line

import json
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.crawl.listings import ListingPage, read_listing
from aggregator.crawl.pagination import page_after
from aggregator.extract.document import Document, parse_document
from aggregator.model import Link, Page
from aggregator.platforms import by_name, recognise
from aggregator.urls import canonical_url, clean_url

PAGES = Path(__file__).parents[3] / "shared" / "pages"
HOME = "http://news.example.ir/"


def document(markup: str | bytes, url: str = HOME) -> Document:
    body = markup.encode() if isinstance(markup, str) else markup
    parsed = parse_document(Page(url, body, datetime(2026, 11, 1, tzinfo=UTC), "sample"))
    assert isinstance(parsed, Document)
    return parsed


def listing(markup: str, url: str = HOME, platform: str | None = None) -> ListingPage:
    page = f"<html><body>{markup}</body></html>"
    return read_listing(document(page, url), by_name(platform) if platform else None)


def links(markup: str, url: str = HOME, platform: str | None = None) -> list[Link]:
    return listing(markup, url, platform).links


def addresses(markup: str, url: str = HOME, platform: str | None = None) -> list[str]:
    return [link.url.removeprefix("http://news.example.ir") for link in links(markup, url, platform)]


def date_of(link: Link) -> str | None:
    return link.published.iso() if link.published else None


# --- stories of an unknown CMS ------------------------------------------------------------------------------

HEADLINE = "افتتاح مرکز تازه خدمات درمانی در شهر"


@pytest.mark.parametrize(
    "href",
    [
        "/news/12",
        "/news/12/slug",
        "/fa/news/12345/افتتاح-مرکز",
        "/detail/77",
        "/خبر/512",
        "/fa/newsagency/9/slug",
        "/portal/newsview/88",
        "/News/12/slug",
        "/1399/03/20/some-slug",
        "/2020/06/09/slug/",
        "/politics/some-slug/12345/",
        "/12345/some-slug/",
        "/بخش-کار-3/512-افتتاح-مرکز-تازه",
        "/fa/news/افتتاح-مرکز-تازه-خدمات",
        "/report/slug-4521.html",
        "/news-4521.html",
        "/index.jsp?siteid=1&pageid=2&newsview=9",
        "/show.asp?id=5",
        "/NewsDetail.aspx?cid=4",
        "/index.php?newsid=12",
        "/Detail.aspx?ANWID=4",
        "/default.aspx?itemid=0f8fad5b-d9cb-469f-a165-70867728950e",
    ],
)
def test_addresses_of_articles(href: str) -> None:
    assert links(f'<div><a href="{href}">{HEADLINE}</a></div>') != []


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/about-us",
        "/fa/contact/12345",
        "/tag/اشتغال-در-استان-البرز",
        "/category/news/12",
        "/news/page/2",
        "/news/12/print",
        "/search?q=12",
        "/login?returnurl=/news/12345",
        "/uploads/12345.pdf",
        "/news/12345.jpg",
        "/files/news/12345",
        "/rss/12345",
        "/archive/1399/03",
        "/service/12345",
        "/print/12345",
        "/author/12345/name",
        "/index.php?option=com_content&view=category&id=12",
        "/news/12?replytocom=4",
        "http://other.example.ir/news/12345",
        "http://news.example.ir:8080/news/12345",
        "javascript:void(0)",
        "#news/12",
    ],
)
def test_addresses_of_other_pages(href: str) -> None:
    assert links(f'<div><a href="{href}">{HEADLINE}</a></div>') == []


def test_menus_and_footers_hold_no_stories() -> None:
    block = "".join(f'<li><a href="/news/{n}/x">{HEADLINE} {n}</a></li>' for n in range(3))
    entry = '<a href="/news/99/about">درباره این اداره کل</a>'
    assert len(links(f"<ul>{block}</ul>")) == 3
    for furniture in (
        f"<nav>{entry}</nav>",
        f"<footer><p>{entry}</p></footer>",
        f'<div class="mainMenu"><ul><li>{entry}</li></ul></div>',
        f'<div id="footer-links">{entry}</div>',
        f'<ol class="breadcrumb"><li>{entry}</li></ol>',
        f'<div class="tags">{entry}</div>',
    ):
        assert len(links(f"<ul>{block}</ul>{furniture}")) == 3, furniture


def test_a_block_that_holds_most_stories_is_no_menu_whatever_its_name() -> None:
    block = "".join(f'<li><a href="/news/{n}/x">{HEADLINE} {n}</a></li>' for n in range(5))
    assert (
        len(
            links(f'<div class="nav-content"><ul>{block}</ul></div><p><a href="/news/9/y">{HEADLINE}</a></p>')
        )
        == 6
    )


def test_slugs_without_numbers_count_where_they_make_a_list() -> None:
    def items(count: int) -> str:
        return "".join(
            f'<div class="card"><a href="/economy/بازدید-مدیرکل-از-کارگاه-{n}ام">بازدید مدیرکل از کارگاه شماره {n}</a></div>'
            for n in range(count)
        )

    assert len(links(items(4))) == 4
    assert links(items(1)) == []


def test_an_own_address_is_no_story() -> None:
    url = "http://news.example.ir/news/12"
    assert addresses(f'<a href="/news/12#c">{HEADLINE}</a><a href="/news/13">{HEADLINE}</a>', url) == [
        "/news/13"
    ]


def test_a_known_platform_decides_but_what_it_does_not_know_is_read_all_the_same() -> None:
    both = f'<p><a href="/news/1234/x">{HEADLINE}</a></p><p><a href="/show.asp?id=5">{HEADLINE} دو</a></p>'
    assert addresses(both, platform="nastooh") == ["/news/1234/x"]
    assert addresses(f'<p><a href="/show.asp?id=5">{HEADLINE}</a></p>', platform="nastooh") == [
        "/show.asp?id=5"
    ]


# --- what is shown of a story -------------------------------------------------------------------------------


def only(markup: str, platform: str | None = None) -> Link:
    found = links(markup, platform=platform)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "markup",
    [
        f'<li><a href="/news/1">{HEADLINE}</a></li>',
        f'<li><a href="/news/1"><img src="a.jpg" alt="تصویر"></a><h3><a href="/news/1">{HEADLINE}</a></h3></li>',
        f'<li><a href="/news/1"><img src="a.jpg" alt="{HEADLINE}"></a></li>',
        f'<li><h3>{HEADLINE}</h3><p>متن</p><a href="/news/1">ادامه مطلب »</a></li>',
        f'<li><a href="/news/1#c">۳ نظر</a><a href="/news/1">{HEADLINE}</a><a href="/news/1">بیشتر بخوانید</a></li>',
        f'<a href="/news/1"><h3>{HEADLINE}</h3><p>لید خبر که از تیتر آن بسیار بلندتر است و چیزهای دیگری هم می‌گوید.</p></a>',
        '<li><a href="/news/1" title="' + HEADLINE + '">افتتاح مرکز تازه ...</a></li>',
        '<li><a href="/news/1" title="' + HEADLINE + '">افتتاح مرکز تازه…</a></li>',
        f'<li><a href="/news/1">افتتاح مرکز تازه ...</a></li><div><a href="/news/1">{HEADLINE}</a></div>',
        '<li><a href="/news/1">\n  افتتاح مرکز&nbsp;تازه <b>خدمات</b>\n درمانی در شهر </a></li>',
        f'<a href="/news/1"><span class="rutitr">با حضور وزیر؛</span> <span>{HEADLINE}</span></a>',
        f'<a href="/news/1"><h4>با حضور وزیر؛</h4><h3>{HEADLINE}</h3></a>',
        f'<a href="/news/1">{HEADLINE} <span>۲۰ خرداد ۱۳۹۹</span></a>',
        f'<a href="/news/1"><time>۱۳۹۹/۰۳/۲۰</time> - {HEADLINE}</a>',
    ],
)
def test_headline(markup: str) -> None:
    assert only(markup).headline == HEADLINE


@pytest.mark.parametrize(
    ("shown", "iso"),
    [
        ("<span>1396/12/26</span>", "2018-03-17"),
        ('<i class="fa fa-calendar"></i> <span>1396/12/26</span>', "2018-03-17"),
        ('<i class="fa fa-clock-o"></i> ۱۳۹۹/۰۳/۲۰ - ۰۹:۰۱', "2020-06-09T04:31:00Z"),
        ('<div class="date_headNews"> 26 اسفند&nbsp;1396 </div>', "2018-03-17"),
        (
            '<span class="ContentTimeOne">&#1777&#1779&#1785&#1785/&#1776&#1779/&#1778&#1776 , ۰۹:۰۱</span>',
            "2020-06-09T04:31:00Z",
        ),
        ('<time datetime="2020-06-09T09:01:00+04:30">سه‌شنبه</time>', "2020-06-09T04:31:00Z"),
        ('<time datetime="nonsense">۲۰ خرداد ۱۳۹۹</time>', "2020-06-09"),
        ("<small>تاریخ انتشار: ۲۰ خرداد ۱۳۹۹</small>", "2020-06-09"),
        ("<p>کد خبر: 12345</p>", None),
        ("<p>بازدید: ۱۳۹۹</p>", None),
        ("", None),
    ],
)
def test_date(shown: str, iso: str | None) -> None:
    for markup in (
        f'<ul><li><a href="/news/1">{HEADLINE}</a>{shown}</li></ul>',
        f'<ul><li><div>{shown}</div><h3><a href="/news/1">{HEADLINE}</a></h3></li></ul>',
    ):
        assert date_of(only(markup)) == iso


def test_a_date_in_a_headline_is_not_the_date_of_the_story() -> None:
    assert only('<li><a href="/news/1">آمار اشتغال تا ۲۰ خرداد ۱۳۹۹ اعلام شد</a></li>').published is None


def test_a_headline_keeps_the_date_it_ends_with() -> None:
    headline = "آمار اشتغال استان تا ۲۰ خرداد ۱۳۹۹"
    assert only(f'<li><a href="/news/1">{headline}</a><i>۲۰ خرداد ۱۳۹۹</i></li>').headline == headline


def test_the_clock_of_the_page_is_not_the_date_of_the_only_story() -> None:
    markup = f'<div><span class="date">شنبه ۱ آذر ۱۴۰۴</span></div><table><tr><td><a href="/news/1">{HEADLINE}</a></td></tr></table>'
    assert only(markup).published is None


def test_kicker_and_lead() -> None:
    lead = "مدیرکل استان گفت این مرکز با اعتبار بسیار و در یک سال ساخته شده است."
    link = only(
        f'<article><span class="rutitr">در آیین گشایش؛</span><h2><a href="/news/1">{HEADLINE}</a></h2><p class="intro">{lead}</p></article>'
    )
    assert (link.headline, link.kicker, link.lead) == (HEADLINE, "در آیین گشایش؛", lead)
    assert only(f'<li><a href="/news/1">{HEADLINE}</a><p>{lead}</p></li>').lead == lead
    plain = only(f'<li><h4 class="kicker"></h4><a href="/news/1">{HEADLINE}</a><p>کوتاه</p></li>')
    assert (plain.kicker, plain.lead) == (None, None)


def rows(form: str) -> str:
    return "".join(form.format(n=n, day=f"1399/03/1{n}") for n in range(1, 4))


@pytest.mark.parametrize(
    "markup",
    [
        rows('<a href="/news/{n}">خبر شماره {n} امروز</a> <span>{day}</span><br>'),
        "<dl>" + rows('<dt><a href="/news/{n}">خبر شماره {n} امروز</a></dt><dd>{day}</dd>') + "</dl>",
        "<table>"
        + rows('<tr><td><a href="/news/{n}">خبر شماره {n} امروز</a></td><td>{day}</td></tr>')
        + "</table>",
        "<table>"
        + rows('<tr><td><a href="/news/{n}">خبر شماره {n} امروز</a></td></tr><tr><td>{day}</td></tr>')
        + "</table>",
        rows('<span>{day}</span> <a href="/news/{n}">خبر شماره {n} امروز</a>'),
        "<div>"
        + rows('<h3><a href="/news/{n}">خبر شماره {n} امروز</a></h3><p>{day}</p>')
        + "</div><p>1398/01/01</p>",
    ],
)
def test_lists_without_wrappers(markup: str) -> None:
    assert [date_of(link) for link in links(markup)] == ["2020-05-31", "2020-06-01", "2020-06-02"]


def test_one_story_at_several_places_is_one_link_with_the_best_of_all() -> None:
    markup = (
        f'<div><ul><li><a href="/news/1?utm_source=box" title="{HEADLINE}">افتتاح مرکز ...</a></li>'
        f'<li><a href="/news/2">{HEADLINE} دیگر</a></li></ul></div>'
        f'<div><div class="item"><a href="/news/1">{HEADLINE}</a><span class="date">1399/03/20</span></div>'
        f'<div class="item"><a href="/news/3">{HEADLINE} سوم</a><span class="date">1399/03/19</span></div></div>'
    )
    first, second, third = links(markup)
    assert (first.url, first.headline, date_of(first)) == (
        "http://news.example.ir/news/1",
        HEADLINE,
        "2020-06-09",
    )
    assert date_of(second) is None
    assert date_of(third) == "2020-06-08"


# --- further pages ------------------------------------------------------------------------------------------

STORY = f'<ul><li><a href="/news/1234/x">{HEADLINE}</a></li></ul>'


def following(pager: str, url: str, platform: str | None = None) -> list[str]:
    found = listing(f"{STORY}<div>{pager}</div>", f"http://news.example.ir{url}", platform).next_pages
    return [link.removeprefix("http://news.example.ir") for link in found]


@pytest.mark.parametrize(
    ("url", "pager", "pages"),
    [
        ("/archive", '<a href="?pi=1">1</a><a href="?pi=2">۲</a><a href="?pi=3">3</a>', ["/archive?pi=2", "/archive?pi=3"]),
        ("/archive?pi=2", '<a href="?pi=1">1</a><a href="?pi=2">2</a><a href="?pi=3">3</a>', ["/archive?pi=3"]),
        ("/archive?pi=3", '<a href="?pi=1">1</a><a href="?pi=2">قبلی</a>', []),
        ("/archive?pi=1&tp=5", '<a href="/archive?tp=5&pi=2&ms=0">2</a><a href="/archive?tp=6&pi=2">2</a>', ["/archive?tp=5&pi=2&ms=0"]),
        ("/news", '<a href="/news?page=0">1</a><a href="/news?page=1">2</a><a href="/news?page=2">3</a>', ["/news?page=1", "/news?page=2"]),
        ("/news", '<a href="/news?page=2">صفحه بعد</a>', ["/news?page=2"]),
        ("/news", '<a href="/news?page=2">بعدی ›</a>', ["/news?page=2"]),
        ("/news", '<a href="/news?page=2">»</a>', ["/news?page=2"]),
        ("/news", '<a href="/news?page=2">[۲]</a>', ["/news?page=2"]),
        ("/news", '<a href="/news?page=2" title="بعدی"></a>', ["/news?page=2"]),
        ("/news", '<a href="/news?page=2">نمايش بيشتر</a>', ["/news?page=2"]),
        ("/news", '<a class="page-link next" href="/news?page=2"><i class="arrow"></i></a>', ["/news?page=2"]),
        ("/news", '<a rel="next" href="/news?cursor=abc">&nbsp;</a>', ["/news?cursor=abc"]),
        ("/news", '<a href="/news?before=99">مطالب قدیمی‌تر</a>', ["/news?before=99"]),
        ("/news?day=1399-03-20", '<a href="/news?date=1399-03-19">روز قبل</a>', ["/news?date=1399-03-19"]),
        ("/news/", '<a href="/news/page/2/">2</a><a href="/news/page/3/">3</a>', ["/news/page/2/", "/news/page/3/"]),
        ("/news/page/2/", '<a href="/news/">1</a><a href="/news/page/3/">3</a>', ["/news/page/3/"]),
        ("/", '<a href="/page/2/">نوشته‌های قدیمی‌تر</a>', ["/page/2/"]),
        ("/fa/list/8", '<a href="/fa/list/8/2">2</a><a href="/fa/list/9/2">2</a>', ["/fa/list/8/2"]),
        ("/fa/list/8/2", '<a href="/fa/list/8/1">1</a><a href="/fa/list/8/3">بعدی</a>', ["/fa/list/8/3"]),
        ("/archive.html", '<a href="/archive-2.html">2</a>', ["/archive-2.html"]),
        ("/news.asp", '<a href="/news.asp?PageNo=2">۲</a>', ["/news.asp?PageNo=2"]),
        ("/list?start=0", '<a href="/list?start=20">2</a>', ["/list?start=20"]),
        ("/i.jsp?siteid=1&siteid=1&pageid=7", '<a href="/i.jsp?siteid=1&siteid=1&pageid=7&page=2">2</a>', ["/i.jsp?siteid=1&siteid=1&pageid=7&page=2"]),
        ("/news", '<select onchange="location=this.value"><option value="/news">1</option><option value="/news?page=2">صفحه ۲</option><option value="?page=3">۳</option></select>', ["/news?page=2", "/news?page=3"]),
        ("/news?page=2", '<select><option value="/news?page=1">1</option><option value="/news?page=3">3</option><option value="/news?page=2">2</option></select>', ["/news?page=3"]),
        ("/news", '<form action="/news"><input type="hidden" name="g" value="5"><select name="pg"><option value="1" selected>1</option><option value="2">2</option></select></form>', ["/news?g=5&pg=2"]),
        ("/news", '<form method="post" action="/news"><select name="pg"><option value="2">2</option></select></form>', []),
        ("/news", '<form action="/news"><select name="province"><option value="2">2</option></select></form>', []),
        ("/news", '<select><option value="/alborz">البرز</option><option value="/alborz?page=2">2</option></select>', []),
        ("/news", '<a href="/archive">آرشیو اخبار</a>', []),
        ("/news", '<a href="/politics?page=2">2</a><a href="/politics">بیشتر</a>', []),
        ("/news", '<a href="http://other.ir/news?page=2">2</a>', []),
        ("/news", '<a href="/news?page=99999999999999">بعدی</a>', []),
        ("/news", '<a href="/news?page=2">ورزشی</a>', []),
        ("/news", '<a href="/news#2">2</a><a href="javascript:__doPostBack(1)">2</a>', []),
        ("/fa/list/8", '<a href="/fa/list/9">بیشتر</a>', []),
        ("/a/1403/05/02", '<a href="/a/1403/05/01">روز قبل</a><a href="/a/1403/05/03">روز بعد</a>', ["/a/1403/05/01"]),
        ("/a/1403/05/02", '<a href="/a/1403/04/31">«</a><a href="/a/1403/05/01">۱</a><a href="/a/1403/05/03">۳</a>', ["/a/1403/05/01", "/a/1403/04/31"]),
        ("/a/1403/05/02", '<a href="/a/1403/05/01">۱</a><a href="/a/1403/05/02?page=2">2</a>', ["/a/1403/05/02?page=2", "/a/1403/05/01"]),
        ("/a?date=1403-05-02", '<a href="/a?date=1403-05-01">۱</a><a href="/b?date=1403-05-01">۱</a>', ["/a?date=1403-05-01"]),
        ("/a?yr=1403&mn=1&dy=1", '<a href="/a?yr=1402&mn=12&dy=29">»</a><a href="/a?yr=1403&mn=1&dy=2">2</a>', ["/a?yr=1402&mn=12&dy=29"]),
        ("/a", '<a href="/a/1403/05/02">۲</a><a href="/a/1403/05/01">۱</a>', ["/a/1403/05/02", "/a/1403/05/01"]),
        ("/D.aspx?tabid=5", '<a href="/tabid/5/currentpage/2/D.aspx">بعدی</a><a href="/tabid/5/currentpage/9/D.aspx">انتها</a>', ["/tabid/5/currentpage/2/D.aspx"]),
    ],
)  # fmt: skip
def test_next_pages(url: str, pager: str, pages: list[str]) -> None:
    assert following(pager, url) == pages


@pytest.mark.parametrize(
    ("url", "after"),
    [
        ("/news?page=2&g=1", "/news?page=3&g=1"),
        ("/news/page/9/", "/news/page/10/"),
        ("/news?start=20", None),  # nobody knows how many a page has
        ("/news", None),
        ("/news?id=7", None),
    ],
)
def test_the_page_behind_one_that_cannot_be_had(url: str, after: str | None) -> None:
    found = page_after(f"http://news.example.ir{url}")
    assert found == (after and f"http://news.example.ir{after}")


def test_declared_next_page() -> None:
    page = f'<html><head><link rel="next" href="/archive?pi=2"></head><body>{STORY}</body></html>'
    assert read_listing(document(page, "http://news.example.ir/archive"), None).next_pages == [
        "http://news.example.ir/archive?pi=2"
    ]


def test_the_next_article_is_not_the_next_page() -> None:
    page = f'<html><head><link rel="next" href="/news/1235/y"></head><body>{STORY}</body></html>'
    assert read_listing(document(page, "http://news.example.ir/news/1233/x"), None).next_pages == []


def test_pages_are_counted_where_the_platform_tells_how_and_the_page_shows_none() -> None:
    assert following("", "/archive", "nastooh") == ["/archive?pi=2"]
    assert following("", "/archive?tp=5&pi=4", "nastooh") == ["/archive?tp=5&pi=5"]
    assert following('<a href="?pi=1">1</a>', "/archive?pi=2", "nastooh") == [], "the last page"
    assert following("", "/", "nastooh") == [], "no listing"
    assert (
        read_listing(
            document("<html><body><p>خبری نیست</p></body></html>", HOME + "archive"), by_name("nastooh")
        ).next_pages
        == []
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(['<a href="/news/12">', '<a href="?page=2">', "<li>", "</li>", "</ul>", "<!--", "-->", "بعدی", "متن خبر", '<time datetime="x">', "<table><tr>", "</a>", "<nav>", "<article>"]), max_size=25))  # fmt: skip
def test_never_raises(parts: list[str]) -> None:
    listing("".join(parts))


def test_the_time_for_a_page_grows_with_its_links_not_with_their_square() -> None:
    flat = "".join(
        f'<a href="/news/{n}/x">{HEADLINE} {n}</a> <span>1399/03/20</span><br>' for n in range(3000)
    )
    start = process_time()
    assert len(links("<div>" * 100 + flat + "</div>" * 100)) == 3000
    assert process_time() - start < 15


# --- real pages ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(not PAGES.exists(), reason="the shared pages are not here")
@pytest.mark.parametrize(
    ("name", "stories"),
    [
        ("behdasht.gov.ir-home-1396-12-26.fragment", 7),
        ("mimt.gov.ir-home-1396-12-26.fragment", 4),
        ("mehrnews-textonly-list-2011", 358),
    ],
)
def test_real_listings(name: str, stories: int) -> None:
    truth = json.loads((PAGES / f"{name.removesuffix('.fragment')}.gt.json").read_text())
    page = document((PAGES / f"{name}.html").read_bytes(), truth["base"])
    platform = recognise(page.markup, page.url)
    found = read_listing(page, platform)
    assert [
        (
            link.url,
            link.headline,
            link.kicker,
            link.lead,
            link.published and link.published.raw,
            date_of(link),
        )
        for link in found.links
    ] == [
        (
            clean_url(item["url"], truth["base"]),
            item["headline"],
            item.get("kicker"),
            item.get("lead"),
            item["date_published_raw"],
            item["date_published"],
        )
        for item in truth["items"]
    ]
    assert len({canonical_url(link.url, platform) for link in found.links}) == stories
    assert found.next_pages == []
