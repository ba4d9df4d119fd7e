"""What stands around the links to one story: headline, kicker, lead and date. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from aggregator.crawl.anchors import Anchor, is_called, text_of
from aggregator.model import DateReading, Link
from aggregator.persian.dates import parse_date
from aggregator.platforms.base import Listing, Selectors

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADLINE = re.compile(r"title|titre?|headline|عنوان|تیتر")
_KICKER = re.compile(r"kicker|r[uo]titr|uptit(?:le|r)|overtitle|suptitle|روتیتر")
_LEAD = re.compile(r"lead|summ[ae]ry|intro(?:text)?|excerpt|desc(?:ription)?|abstract|لید|خلاصه")
_DATE = re.compile(r"dates?|datetime|time|tarikh|calendar|clock|published|pubdate|تاریخ")
_ICON = re.compile(r"calendar|clock|date")
_MORE = re.compile(
    r"(?:ادامه|مشاهده|مطالعه|متن|شرح|جزئیات|جزییات|بیشتر|کامل)"
    r"(?:\s|\W|ی|مطلب|خبر|متن|کامل|بیشتر|مطالعه|بخوانید)*"
    r"|(?:read |view |show )?(?:more|details?|full story|continue reading)\W*"
    r"|\W*|\d+|\d*\s*(?:نظر|دیدگاه|comments?)\s*\d*",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\.\s?\.\s?\.?|…)\s*$")
_JOINTS = " -–|/،,"  #: between headline and date
_MIN_LEAD = 40  #: characters
_Found = TypeVar("_Found")
_MAX_DATE = 60  #: characters of a text that may be a date and no sentence


@dataclass(frozen=True, slots=True)
class Story:
    """All links of a page to one address, and the places where they stand."""

    url: str
    anchors: list[Anchor]
    zones: list[
        list[HtmlElement]
    ]  #: for each place, its elements: the item, or the link with what follows it


def read_story(story: Story, listing: Listing) -> Link:
    """What the page says of the story; where several places do, the first that says something."""
    headline = _headline(story, listing)
    kickers = (_field(zone, listing.kicker, _KICKER) for zone in story.zones)
    leads = (_field(zone, listing.lead, _LEAD) or _paragraph(zone) for zone in story.zones)
    kicker = _first(text for text in kickers if text != headline)
    published = _first(_date(zone, listing) for zone in story.zones)
    return Link(
        url=story.url,
        origin="listing",
        headline=_alone(headline, story, kicker, published.raw if published else None),
        kicker=kicker,
        lead=_first(text for text in leads if text != headline),
        published=published,
    )


def _alone(headline: str | None, story: Story, *others: str | None) -> str | None:
    """The headline without the kicker or date that is an element of its own inside the same link."""
    inside = {text_of(part) for anchor in story.anchors for part in anchor.element.iterdescendants("*")}
    for other in others:
        if headline and other in inside and other:
            headline = headline.removeprefix(other).removesuffix(other).strip(_JOINTS) or headline
    return headline


def _first(found: Iterable[_Found | None]) -> _Found | None:
    return next((item for item in found if item), None)


# --- headline -----------------------------------------------------------------------------------------------


def _headline(story: Story, listing: Listing) -> str | None:
    """The full headline: a text that is cut gives way to one that is not."""
    candidates = list(dict.fromkeys(text for text in _headlines(story, listing) if not _MORE.fullmatch(text)))
    whole = [text for text in candidates if not _CUT.search(text)]
    if not candidates or not _CUT.search(candidates[0]):
        return candidates[0] if candidates else None
    start = _CUT.sub("", candidates[0]).strip()[:20]
    return _first(text for text in whole if text.startswith(start)) or _first(whole) or candidates[0]


def _headlines(story: Story, listing: Listing) -> Iterator[str]:
    """Texts that may be the headline, the best first."""
    for zone in story.zones:
        for element in _select(zone, listing.headline):
            yield from _texts(element)
    inside = [part for anchor in story.anchors for part in anchor.element.iter() if _is_headline(part)]
    for element in sorted(inside, key=_level):
        yield from _texts(element)
    by_rank = sorted(story.anchors, key=lambda anchor: (not _in_heading(anchor.element), -len(anchor.text)))
    for anchor in by_rank:
        yield from _texts(anchor.element)
    for zone in story.zones:
        for element in (part for top in zone for part in top.iter() if _is_headline(part)):
            yield from _texts(element)
    for anchor in by_rank:
        yield anchor.label


def _texts(element: HtmlElement) -> Iterator[str]:
    """The element's text; if that is cut, also what its title or that of the link in or around it says."""
    text = text_of(element)
    yield text
    if _CUT.search(text):
        for holder in (element, *element.iter("a"), *element.iterancestors("a")):
            yield " ".join((holder.get("title") or "").split())


def _is_headline(element: HtmlElement) -> bool:
    named = element.tag in _HEADINGS or is_called(element, _HEADLINE)
    return named and not is_called(element, _KICKER)


def _level(element: HtmlElement) -> int:
    """The order in which parts of a link are taken for its headline: a kicker is a lower heading."""
    return _HEADINGS.index(element.tag) if element.tag in _HEADINGS else len(_HEADINGS)


def _in_heading(element: HtmlElement) -> bool:
    near = [element, *list(element.iterancestors())[:2]]
    return any(_is_headline(part) for part in near)


# --- kicker and lead ----------------------------------------------------------------------------------------


def _field(zone: list[HtmlElement], selectors: Selectors, names: re.Pattern[str]) -> str | None:
    """The first text that a platform's selectors name; without such, that of an element called so."""
    named = (part for top in zone for part in top.iter() if is_called(part, names))
    chosen = _select(zone, selectors) if selectors else named
    return _first(text_of(element) for element in chosen)


def _paragraph(zone: list[HtmlElement]) -> str | None:
    """The longest paragraph beside the link that is long enough for a lead."""
    parts = [part for top in zone for part in top.iter("p", "div")]
    plain = [
        part for part in parts if not any(True for _ in part.iterdescendants("a", "p", "div", *_HEADINGS))
    ]
    texts = [text_of(part) for part in plain if not any(True for _ in part.iterancestors("a"))]
    return max((text for text in texts if len(text) >= _MIN_LEAD), key=len, default=None)


# --- date ---------------------------------------------------------------------------------------------------


def _date(zone: list[HtmlElement], listing: Listing) -> DateReading | None:
    """The date shown with the story: where the platform shows it, else in elements called so, else in any
    short text beside the link."""
    for element in _select(zone, listing.date):
        reading = _read(text_of(element))
        if reading:
            return reading
    for part in (part for top in zone for part in top.iter()):
        reading = _dated(part)
        if reading:
            return reading
    return _first(_read(text) for text in _short_texts(zone))


def _dated(element: HtmlElement) -> DateReading | None:
    if element.tag == "time":
        return _read(element.get("datetime") or "", "time") or _read(text_of(element))
    if element.tag == "i" and is_called(element, _ICON):
        following = element.getnext()
        beside = text_of(following) if following is not None and not (element.tail or "").strip() else ""
        return _read((element.tail or "").strip() or beside)
    return _read(text_of(element)) if element.tag != "a" and is_called(element, _DATE) else None


def _short_texts(zone: list[HtmlElement]) -> Iterator[str]:
    for top in zone:
        for part in (part for part in top.iter() if isinstance(part.tag, str)):
            texts = (part.text if part.tag != "a" else None, part.tail if part is not top else None)
            yield from (" ".join(text.split()) for text in texts if text)
        yield " ".join((top.tail or "").split())


def _read(text: str, origin: str = "visible") -> DateReading | None:
    if not 6 <= len(text) <= _MAX_DATE or not any(map(str.isdigit, text)):
        return None
    return parse_date(text, origin=origin)


# --- selectors ----------------------------------------------------------------------------------------------


def _select(zone: list[HtmlElement], selectors: Selectors) -> Iterator[HtmlElement]:
    """The elements of a place that the selectors name, in the selectors' order."""
    for selector in selectors:
        for top in zone:
            yield from select(selector, top)


def select(selector: str, element: HtmlElement) -> list[HtmlElement]:
    """The elements under (or at) this one that a CSS selector names."""
    return cast(list[HtmlElement], _compiled(selector)(element))


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
