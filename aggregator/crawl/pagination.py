"""Which links of a listing lead to its following pages. Pure.

Only pages of the same listing count, and only those behind the current one, so that a crawl cannot run away.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from lxml.html import HtmlElement

from aggregator.crawl.anchors import Anchor, class_words
from aggregator.crawl.calendars import Day, day_of
from aggregator.limits import MAX_PAGE_NUMBER
from aggregator.platforms.base import Platform
from aggregator.urls import clean_url, path_and_query, same_site

_PARAMETER = re.compile(
    r"page|pi|pg|page_?(?:no|num|number|index)|paged|pn|p|current_?page|_page|start|offset|limitstart|skip|صفحه",
    re.IGNORECASE,
)
_PATH_PAGE = re.compile(r"[/-](?:page|pages|p|صفحه)[/_-]?(\d+)(?=\.\w+$|/?$)", re.IGNORECASE)
_PATH_NUMBER = re.compile(r"^(?P<stem>.*?)[/_-](?P<number>\d+)(?P<end>\.\w+)?/?$")
_ARROWS = " «»<>‹›→←▶◀….[]()|"
_NEXT = re.compile(
    r"(?:رفتن به )?(?:صفحه ?ی? )?(?:بعد|بعدی)|ادامه (?:فهرست|لیست|اخبار)"
    r"|(?:(?:مطالب|اخبار|خبرهای|موارد|نوشته ?های|پست ?های) )?قدیمی ?تر(?: ?ها)?"
    r"|next(?: page)?|older(?: posts| entries| news)?"
)
_DAY_BEFORE = re.compile(r"(?:روز|هفته|ماه) ?ی? ?(?:قبل|قبلی|پیش)|previous (?:day|week|month)")
_MORE = re.compile(
    r"(?:(?:نمایش|مشاهده|نمایش موارد|موارد|اخبار|خبرهای|مطالب) )?بیشتر|(?:(?:load|show) )?more"
)
_PREVIOUS = re.compile(
    r"(?:صفحه ?ی? )?(?:قبل|قبلی|اول|ابتدا|نخست|جدیدتر)|prev(?:ious)?(?: page)?|first|newer.*"
)
_PAGE_TEXT = re.compile(r"(?:صفحه ?|page ?)?(\d{1,6})")
_DAY_PATH = re.compile(
    r"/(?:1[34]|20)\d\d[/-]\d{1,2}(?:[/-]\d{1,2})?(?=/?(?:\?|$))"
    r"|[?&](?:date|day|dy|from|from_?date|tarikh|d|yr|year)=(?:1[34]|20)?\d\d",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"start|offset|limitstart|skip", re.IGNORECASE)
_DAYS = 100_000_000  #: behind all pages of a day come the days before it, the latest first
_LETTERS = str.maketrans("يىك‌\u00a0", "ییک  ")


@dataclass(frozen=True, slots=True)
class _Place:
    """An address taken apart: which listing, and which page of it."""

    path: str
    parameters: dict[str, str]
    number: int | None  #: of the page, where the address names it so


@dataclass(frozen=True, slots=True)
class Pager:
    """What a page says of its following pages."""

    anchors: Iterable[Anchor]  #: its links that are no articles
    declared: Iterable[str]  #: addresses by ``rel=next``, cleaned
    named: Collection[HtmlElement]  #: the links that the platform's selectors call its pager
    has_links: bool  #: whether the page lists any article: without one, no address is made up by counting
    fragment_of: int = 0  #: links of a fragment that a script fetches; its further ones are counted, too


def is_page_parameter(name: str) -> bool:
    """Whether a parameter of this name counts the pages of a list."""
    return _PARAMETER.fullmatch(name) is not None


Saying = Literal["next", "day", "more", "previous", "arrow", "other"]
#: ``day``: the day, week or month before, which is where older news is


def says(label: str) -> Saying | int:
    """What the words of a link or button promise: the number of a page, or where it leads."""
    text = " ".join(label.translate(_LETTERS).split()).strip(_ARROWS).lower()
    number = _PAGE_TEXT.fullmatch(text)
    if number:
        return int(number[1])
    if not text:
        return "arrow" if label.strip() else "other"
    shapes: tuple[tuple[Saying, re.Pattern[str]], ...] = (
        ("day", _DAY_BEFORE),
        ("next", _NEXT),
        ("more", _MORE),
        ("previous", _PREVIOUS),
    )
    return next((name for name, shape in shapes if shape.fullmatch(text)), "other")


def next_pages(url: str, pager: Pager, platform: Platform | None) -> list[str]:
    """Addresses of the following pages of the listing at ``url``, nearest first, each once."""
    own = platform.listing.page_parameter if platform else None
    current, today = _place(url, own), day_of(url)
    found = {
        link: _distance(link, _place(link, own))
        for link in pager.declared
        if _may_follow(link, url, current, own)
    }
    seen_pages = bool(found)
    for anchor in pager.anchors:
        place = _place(anchor.url, own)
        seen_pages = seen_pages or (place.number is not None and _same_listing(current, place))
        is_named = anchor.element in pager.named
        day = day_of(anchor.url)
        if day is not None and _is_older(day, today, current, anchor) and same_site(anchor.url, url):
            found.setdefault(anchor.url, _DAYS - day.number)
        elif day is not None and today is not None and today.is_before(day) and says(anchor.label) != "day":
            continue
        elif anchor.url != url and same_site(anchor.url, url) and _follows(current, place, anchor, is_named):
            found.setdefault(anchor.url, _distance(anchor.url, place))
    if not found and pager.has_links:
        found.update(_called_next(url, pager, current, own))
    if not found and not seen_pages and pager.has_links:
        found.update(_counted(url, current, platform))
        # The button that asks for the next fragment is not in this one.
        if pager.fragment_of and not found and (link := page_after(url, pager.fragment_of)):
            found[link] = 0
    return sorted(found, key=lambda link: found[link])


def _called_next(url: str, pager: Pager, current: _Place, own: str | None) -> Iterator[tuple[str, int]]:
    """The next page under an address unlike this listing's, where a link says so in words."""
    for anchor in pager.anchors:
        if says(anchor.label) == "next" and _may_follow(anchor.url, url, current, own):
            yield anchor.url, 0
            return


def _is_older(day: Day, today: Day | None, current: _Place, anchor: Anchor) -> bool:
    """Whether a link leads back in an archive of days. From a page that is no day itself, only what looks
    like one in a calendar counts."""
    if today is not None:
        return day.is_before(today)
    said = says(anchor.label)
    return day.archive == current.path and (isinstance(said, int) or said == "day")


def _distance(url: str, place: _Place) -> int:
    """What sorts the following pages: a cursor, then the pages by their numbers, then another day."""
    if place.number is not None:
        return place.number
    return MAX_PAGE_NUMBER + 1 if is_calendar(url) else 0


def is_calendar(url: str) -> bool:
    """Whether an address is that of one day or month of a calendar."""
    return bool(_DAY_PATH.search(path_and_query(url)))


def _place(url: str, own: str | None) -> _Place:
    """``own``: the platform's name of the parameter that counts pages."""
    path, _, query = path_and_query(url).partition("?")
    number: int | None = None
    parameters: dict[str, str] = {}
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        # ``/?p=12`` is WordPress' address of an article
        counts = _PARAMETER.fullmatch(name) or name == own
        if counts and value.isdecimal() and not (name == "p" and path == "/"):
            number = int(value[:9])
        else:
            parameters[name.lower()] = value
    in_path = _PATH_PAGE.search(path)
    if in_path:
        number = int(in_path[1][:9])
        path = path[: in_path.start()] + path[in_path.end() :]
    return _Place(path.rstrip("/").lower(), parameters, number)


def _same_listing(current: _Place, other: _Place) -> bool:
    shared = current.parameters.keys() & other.parameters.keys()
    return current.path == other.path and all(current.parameters[n] == other.parameters[n] for n in shared)


def _may_follow(link: str, url: str, current: _Place, own: str | None) -> bool:
    """Whether an address that the page itself declares as its next one is on this site and not behind us."""
    number = _place(link, own).number
    behind = number is not None and current.number is not None and number <= current.number
    return same_site(link, url) and link != url and not behind and (number or 0) <= MAX_PAGE_NUMBER


def _follows(current: _Place, other: _Place, anchor: Anchor, is_named: bool) -> bool:
    said = says(anchor.label)
    counted = said if isinstance(said, int) else None
    if said == "previous":
        return False
    is_called_next = is_named or "next" in class_words(anchor.element)
    says_next = is_called_next or said in ("arrow", "next", "day")
    if _same_listing(current, other) and (counted is not None or says_next or said == "more"):
        return _is_behind(current, other, counted, is_cursor=says_next)
    return (counted is not None or says_next) and _counts_in_path(current, other, counted)


def _is_behind(current: _Place, other: _Place, counted: int | None, *, is_cursor: bool) -> bool:
    if other.number is None:  # a cursor or a day, behind a link that says so
        return is_cursor and bool(other.parameters.items() - current.parameters.items())
    if other.number > MAX_PAGE_NUMBER:
        return False
    if current.number is not None:
        return other.number > current.number
    # The first page bears no number. Some count from 0: there page 2 is called 1.
    return counted >= 2 if counted is not None else other.number >= 1


def _counts_in_path(current: _Place, other: _Place, counted: int | None) -> bool:
    """``/fa/list/8`` → ``/fa/list/8/2`` → ``/fa/list/8/3``; ``/archive.html`` → ``/archive-2.html``."""
    there = _PATH_NUMBER.match(other.path)
    if not there or int(there["number"][:9]) > MAX_PAGE_NUMBER or counted not in (None, int(there["number"])):
        return False
    if current.path in (there["stem"], there["stem"] + (there["end"] or "")):
        return int(there["number"]) >= 2
    here = _PATH_NUMBER.match(current.path)
    return bool(
        here
        and (here["stem"], here["end"]) == (there["stem"], there["end"])
        and int(here["number"]) < int(there["number"])
    )


def _counted(url: str, current: _Place, platform: Platform | None) -> Iterator[tuple[str, int]]:
    """The next page of a listing that shows no links to its pages, where the platform counts them."""
    name = platform.listing.page_parameter if platform else None
    if not platform or not name:
        return
    is_listing = platform.listing_url and platform.listing_url.search(path_and_query(url))
    if current.number is None and not is_listing:
        return
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] != name]
    number = (current.number or 1) + 1
    link = clean_url(urlunsplit(parts._replace(query="&".join([*kept, f"{name}={number}"]))))
    if link and number <= MAX_PAGE_NUMBER:
        yield link, number


def page_after(url: str, links: int = 0) -> str | None:
    """The address with the next number, where it bears that of its page; None where it bears none.

    ``links``: how many a page has, by which some addresses count; 0: unknown, and these give None.
    """
    parts = urlsplit(url)
    in_path = _PATH_PAGE.search(parts.path)
    pairs = parts.query.split("&")
    for place, pair in enumerate(pairs):
        name, _, value = pair.partition("=")
        if _PARAMETER.fullmatch(name) and value.isdecimal() and int(value[:9]) <= MAX_PAGE_NUMBER:
            pairs[place] = f"{name}={int(value) + (links if _OFFSET.fullmatch(name) else 1)}"
            break
    else:
        if in_path is None or int(in_path[1][:9]) > MAX_PAGE_NUMBER:
            return None
        start, end = in_path.span(1)
        parts = parts._replace(path=f"{parts.path[:start]}{int(in_path[1]) + 1}{parts.path[end:]}")
    link = clean_url(urlunsplit(parts._replace(query="&".join(pairs))))
    return link if link != clean_url(url) else None
