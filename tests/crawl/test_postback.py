"""Following pages behind forms: ASP.NET's post-back, plain forms, buttons of scripts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.crawl.listings import read_listing
from aggregator.crawl.postback import PostForm, next_form
from aggregator.extract.document import Document, parse_document
from aggregator.limits import MAX_FORM
from aggregator.model import Page

PAGES = Path(__file__).parents[3] / "shared" / "pages"
URL = "http://news.example.ir/archive.aspx"
STATE = '<input type="hidden" name="__VIEWSTATE" value="/wEP">'


def document(markup: str | bytes, url: str = URL) -> Document:
    body = markup if isinstance(markup, bytes) else f"<html><body>{markup}</body></html>".encode()
    parsed = parse_document(Page(url, body, datetime(2026, 11, 1, tzinfo=UTC), "sample"))
    assert isinstance(parsed, Document)
    return parsed


def form(markup: str) -> PostForm | str | None:
    return next_form(document(f'<form method="post">{STATE}{markup}</form>'), URL)


def sent(markup: str) -> dict[str, str]:
    """The fields that lead to the next page; empty: none is found."""
    found = form(markup)
    assert found is None or isinstance(found, PostForm)
    return dict(found.fields) if found else {}


def link(target: str, argument: str, label: str) -> str:
    return f"""<a href="javascript:__doPostBack('{target}','{argument}')">{label}</a> """


def pager(*numbers: int, current: int | None = None) -> str:
    """A GridView's pager as ASP.NET makes it."""
    cells = {number: link("grid", f"Page${number}", str(number)) for number in numbers}
    if current:
        cells[current] = f"<span>{current}</span>"
    return "<table><tr>" + "".join(f"<td>{cells[number]}</td>" for number in sorted(cells)) + "</tr></table>"


@pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages are not here")
def test_a_real_list_leads_to_the_day_before() -> None:
    page = document(
        (PAGES / "mehrnews-textonly-list-2011.html").read_bytes(), "http://www.mehrnews.com/txt.aspx"
    )
    found = read_listing(page, None).form
    assert found is not None
    fields = dict(found.fields)
    assert found.url == "http://www.mehrnews.com/txtNewsView_fa.aspx?t=News&Page=1"
    assert found.by_day
    assert (fields["__EVENTTARGET"], fields["__EVENTARGUMENT"]) == ("lnkbtnPrev", "")
    assert fields["ddlstDay"] == "19"
    assert len(fields["__VIEWSTATE"]) > 1000


@pytest.mark.parametrize(
    ("markup", "argument"),
    [
        (pager(2, 3, 4, current=1), "Page$2"),
        (pager(1, 2, 4, 5, current=3), "Page$4"),
        (pager(1, 2, 4, 5), "Page$4"),  # the current one is not shown at all
        (pager(2, 3), "Page$2"),
        (pager(1, 2, current=3), None),
        (pager(1, 2), None),
        (pager(1, *range(2, 10), current=10) + link("grid", "Page$11", "..."), "Page$11"),
        (link("grid", "Page$Next", "&gt;") + link("grid", "Page$Prev", "&lt;"), "Page$Next"),
        (link("grid", "Page$Next", "بعدی") + link("grid", "Page$Last", "آخرین"), "Page$Next"),
        (link("grid", "Page$Prev", "قبلی") + link("grid", "Page$First", "اول"), None),
        (link("lang", "en", "English") + link("menu", "3", "درباره ما"), None),
    ],
)
def test_post_back_to_the_next_page(markup: str, argument: str | None) -> None:
    assert sent(markup).get("__EVENTARGUMENT") == argument


def test_persian_digits_and_other_ways_to_write_the_call() -> None:
    assert sent("<span>۱</span>" + link("ctl00$p$ctl02", "", "۲"))["__EVENTTARGET"] == "ctl00$p$ctl02"
    options = """javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("a$next", "", true))"""
    assert sent(f"<a href='{options}'>صفحه بعد</a>")["__EVENTTARGET"] == "a$next"
    clicked = """<input type="button" onclick="__doPostBack('more','5')" value="نمایش بیشتر">"""
    assert sent(clicked)["__EVENTARGUMENT"] == "5"


def test_the_form_is_sent_as_a_browser_would() -> None:
    fields = (
        '<input name="q" value="الف"><input type="checkbox" name="c" value="1" checked>'
        '<input type="checkbox" name="d" value="1"><input type="submit" name="search" value="جستجو">'
        '<select name="s"><option value="1"><option value="2" selected></select>'
    )
    assert sent(fields + link("grid", "Page$2", "2")) == {
        "__VIEWSTATE": "/wEP", "q": "الف", "c": "1", "s": "2",
        "__EVENTTARGET": "grid", "__EVENTARGUMENT": "Page$2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "fields"),
    [
        (
            '<form method=post action="/more"><input type=hidden name=page value=2>'
            "<button>نمایش بیشتر</button></form>",
            {"page": "2"},
        ),
        (
            '<form method=post action="/more"><input type=hidden name=from value=40>'
            "<input type=submit name=go value=بعدی></form>",
            {"from": "40", "go": "بعدی"},
        ),
        (
            '<form method=post action="/more"><input type=image name=n alt="صفحه بعد" src=n.gif></form>',
            {"n.x": "1", "n.y": "1"},
        ),
    ],
)
def test_a_plain_form(markup: str, fields: dict[str, str]) -> None:
    found = next_form(document(markup), URL)
    assert found == PostForm("http://news.example.ir/more", tuple(fields.items()))


@pytest.mark.parametrize(
    "markup",
    [
        '<form method=post action="/search"><input name=q><button>بیشتر</button></form>',
        '<form method=post action="/login"><input type=password name=p><button>بعدی</button></form>',
        '<form method=post action="http://other.ir/x"><input type=hidden name=p><button>بعدی</button></form>',
        '<form method=post action="/x"><button>ارسال نظر</button></form>',
        '<form method=post action="/x"><button type=button>بیشتر</button></form>',
        "<button>بیشتر</button>",
    ],
)
def test_what_is_no_pager_is_not_pressed(markup: str) -> None:
    assert next_form(document(markup), URL) is None


def test_a_form_that_is_sent_by_get_is_an_address() -> None:
    markup = '<form action="/list"><input type=hidden name=page value=2><button>بعدی</button></form>'
    assert read_listing(document(markup), None).next_pages == ["http://news.example.ir/list?page=2"]


def test_a_monstrous_form_is_not_sent() -> None:
    assert form(f"<input type=hidden name=x value={'a' * MAX_FORM}>" + link("grid", "Page$2", "2")) is None


def test_an_address_is_better_than_a_form() -> None:
    page = read_listing(
        document(f'<a rel=next href="?page=2">2</a><form method=post>{STATE}{pager(2)}</form>'), None
    )
    assert page.following == [URL + "?page=2"]


@pytest.mark.parametrize(
    ("markup", "pages"),
    [
        ('<button class="btn load-more" data-url="/ajax/news?page=2">…</button>', ["/ajax/news?page=2"]),
        ('<div data-next="/ajax/news?page=2">اخبار بیشتر</div>', ["/ajax/news?page=2"]),
        ('<div data-url="/share?page=2">اشتراک</div>', []),
        ('<div class=more data-url="http://other.ir/?page=2"></div>', []),
    ],
)
def test_the_address_that_a_script_would_fetch(markup: str, pages: list[str]) -> None:
    found = read_listing(document(markup), None).next_pages
    assert [url.removeprefix("http://news.example.ir") for url in found] == pages


CALL = "javascript:setTimeout('__doPostBack(\\'grid$ddlPage\\',\\'\\')', 0)"


def chooser(selected: int, last: int = 3, name: str = "grid$ddlPage") -> str:
    options = "".join(
        f'<option value="{number}"{" selected" if number == selected else ""}>{number}</option>'
        for number in range(1, last + 1)
    )
    return f'<select name="{name}" onchange="{CALL}">{options}</select>'


@pytest.mark.parametrize(("selected", "following"), [(1, "2"), (2, "3")])
def test_a_list_of_page_numbers_that_posts_back(selected: int, following: str) -> None:
    fields = sent(chooser(selected))
    assert fields["__EVENTTARGET"] == "grid$ddlPage"
    assert fields["grid$ddlPage"] == following


def test_the_last_page_of_a_list_leads_nowhere() -> None:
    assert form(chooser(3)) is None


def test_a_list_of_years_is_no_pager() -> None:
    assert form(chooser(1, name="ddlYear")) is None
