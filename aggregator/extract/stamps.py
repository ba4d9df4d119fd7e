"""All readings on a page that may be its date of publication, in the order of trust (see ``dates``)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from aggregator.extract.dates import (
    HOPELESS,
    META_LINE,
    Candidate,
    is_stamp,
    is_to_come,
    read_date,
    read_stamp,
)
from aggregator.extract.fields import elements
from aggregator.extract.metadata import Metadata
from aggregator.extract.select import Finder, is_visible, text_of
from aggregator.extract.tidy import tidy
from aggregator.model import DateReading, Link
from aggregator.platforms.base import Layout, Platform

_PUBLISHED_METAS = (
    ("article:published_time", "opengraph"), ("article:published", "opengraph"),
    ("og:published_time", "opengraph"), ("itemprop:datepublished", "microdata"), ("datepublished", "meta"),
    ("published_time", "meta"), ("dc.date.issued", "meta"), ("dc.date.created", "meta"),
    ("dcterms.created", "meta"), ("dcterms.issued", "meta"), ("dcterms.date", "meta"), ("pubdate", "meta"),
    ("publishdate", "meta"), ("publish-date", "meta"), ("publication_date", "meta"),
    ("publish_date", "meta"), ("parsely-pub-date", "meta"), ("nastooh:publishdate", "meta"),
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "article:modified", "og:updated_time", "itemprop:datemodified", "datemodified",
    "dcterms.modified", "dc.date.modified", "lastmod", "last-modified",
)  # fmt: skip
#: On most sites the moment at which the page was built, not written.
_BUILD_METAS = ("date", "dc.date")
_BUILD_CONFIDENCE = 0.4
_DIGIT = re.compile(r"[\d۰-۹٠-٩]")
_PUBLISHED_LABEL = re.compile(
    r"(?:تار[یي]خ|زمان)\s*(?:انتشار|درج|خبر|ثبت|نشر|ارسال)|انتشار\s*[:：]|منتشر شده"
)
_CLOCK = re.compile(r"امروز|اکنون|clock|today|now\b|current|server-?time|digital", re.IGNORECASE)
_DEAD = frozenset(["nav", "footer", "aside", "script", "style", "noscript", "select", "option"])
_MAX_LINE, _MAX_PARTS = 150, 25  #: characters of a line, and elements in it
_ANY, _LABELLED = 1, 4  #: ranks of lines


def layout_stamp(finder: Finder, layout: Layout, now: datetime) -> DateReading | None:
    """The date shown where the layout says. One that has not come yet is none; the next one on the page would
    be that of another story."""
    for _, found in elements(finder, layout.date):
        for element in found:
            text = text_of(element)
            reading = read_stamp(text, now=now)
            if reading is not None or is_to_come(text, now):
                return reading
    return None


def unread_stamp(finder: Finder, layout: Layout) -> str | None:
    """The text shown where the layout says, for a page whose date cannot be read."""
    for _, found in elements(finder, layout.date):
        for element in found:
            text = text_of(element)
            if _DIGIT.search(text) and len(text) < _MAX_LINE:
                return text
    return None


def marked(finder: Finder, layout: Layout | None, metadata: Metadata, now: datetime) -> Iterator[Candidate]:
    """Readings of what markup calls the date of publication."""
    for selector in layout.date_meta if layout else ():
        for element in finder.all(selector):
            origin, text = "meta" if element.tag == "meta" else "time", _attribute(element)
            if is_visible(element) and (reading := read_date(text, origin, now)):
                yield Candidate(reading, "platform")
                break
            if is_visible(element) and is_to_come(text, now):
                break
    for name in ("datepublished", "datecreated", "uploaddate"):
        for text in metadata.texts(name)[:1]:
            if reading := read_date(text, "json-ld", now):
                yield Candidate(reading, "json-ld")
    for name, origin in _PUBLISHED_METAS:
        for text in metadata.every(name)[:2]:
            if reading := read_date(text, "microdata" if origin == "microdata" else "meta", now):
                yield Candidate(reading, origin)


def microdata(finder: Finder, now: datetime) -> Iterator[Candidate]:
    """Readings of elements near the text that carry a date as an attribute."""
    for selector, origin in (("[itemprop=datePublished]", "microdata"), ("time[datetime]", "time")):
        for scope in finder.scopes[:-1] or finder.scopes:
            for element in finder.all(selector, scope)[:3]:
                if element.tag != "meta" and is_visible(element):
                    text = _attribute(element)
                    reading = read_date(text, origin, now)
                    if reading:
                        yield Candidate(reading, "microdata")
                    if reading or is_to_come(text, now):
                        return


def last_resorts(
    metadata: Metadata, family: Platform | None, link: Link | None, now: datetime
) -> Iterator[Candidate]:
    """What the feed or the list said, and the page's build time: hardly ever right, and never on nastooh's
    sites."""
    if link is not None and link.published is not None:
        yield Candidate(link.published, "feed")
    nastooh = family is not None and family.name == "nastooh"
    for name in _BUILD_METAS:
        for text in metadata.every(name)[:1]:
            if reading := read_date(text, "meta", now):
                sure = HOPELESS if nastooh else min(_BUILD_CONFIDENCE, reading.confidence)
                doubts = (*reading.doubts, "build")
                yield Candidate(replace(reading, confidence=sure, doubts=doubts), "meta")


def modifications(
    finder: Finder, layout: Layout | None, metadata: Metadata, now: datetime
) -> list[DateReading]:
    """Readings of the date of the last change."""
    texts = [
        (text_of(one), "visible")
        for _, found in elements(finder, layout.modified if layout else ())
        for one in found
    ]
    texts += [(text, "json-ld") for text in metadata.texts("datemodified")]
    texts += [(text, "meta") for name in _MODIFIED_METAS for text in metadata.every(name)]
    readings = (read_date(text, origin, now) for text, origin in texts)
    return [reading for reading in readings if reading is not None]


def _attribute(element: HtmlElement) -> str:
    return next(
        (tidy(value) for name in ("content", "datetime", "title") if (value := element.get(name))),
        text_of(element),
    )


# --- dates that only their look tells -----------------------------------------------------------------------


def unmarked(finder: Finder, headline: HtmlElement | None, now: datetime) -> DateReading | None:
    """The date shown near the headline or at the text's end: a line that is nothing but a date with its
    labels.

    Further out on the page only a line that says «تاریخ انتشار» is believed.
    """
    least = _ANY
    for scope in finder.scopes:
        if reading := _best_line(scope, headline, now, least):
            return reading
        least = _LABELLED
    return None


def _best_line(
    scope: HtmlElement, headline: HtmlElement | None, now: datetime, least: int
) -> DateReading | None:
    best: tuple[int, DateReading] | None = None
    after_headline = headline is None
    for element in scope.iter():
        after_headline = after_headline or element is headline
        text = _line(element)
        if not text or not is_visible(element) or _is_elsewhere(element):
            continue
        rank = _rank(text, after_headline)
        if rank >= least and (best is None or rank > best[0]) and (reading := _full(text, now)):
            best = (rank, reading)
    return best[1] if best else None


def _line(element: HtmlElement) -> str | None:
    """The text of an element that holds a line with digits."""
    if not isinstance(element.tag, str) or element.tag in _DEAD:
        return None
    own = [element.text, *(child.tail for child in element)]
    if not any(piece and _DIGIT.search(piece) for piece in own):
        return None
    if next(islice(element.iterdescendants(), _MAX_PARTS, None), None) is not None:
        return None
    text = text_of(element)
    return text if len(text) <= _MAX_LINE else None


def _rank(text: str, after_headline: bool) -> int:
    if _CLOCK.search(text):
        return 0
    if _PUBLISHED_LABEL.search(text):
        return _LABELLED
    if is_stamp(text):
        return 3 if after_headline else 1
    return (2 if after_headline else 1) if META_LINE.search(text) else 0


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element is part of a link, a menu, a footer or a clock."""
    for one in (element, *element.iterancestors()):
        if (
            one.tag in _DEAD
            or one.tag == "a"
            or _CLOCK.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        ):
            return True
    return False


def _full(text: str, now: datetime) -> DateReading | None:
    reading = read_stamp(text, now=now)
    if reading is None or reading.confidence < 0.5:
        return None
    return reading if re.search(r"\d{4}|\d{1,2}\W\d{1,2}\W\d{2}", reading.raw) else None
