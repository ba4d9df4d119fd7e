"""The links of a document, with what is needed to judge them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

from aggregator.extract.document import Document
from aggregator.urls import clean_url

MAX_ANCHORS = 10_000  #: of one page; what is beyond is a trap

_TEXTS = etree.XPath(
    ".//text()[not(parent::script or parent::style or parent::template or parent::noscript)]"
)
_BLOCK = re.compile(
    r"address|article|aside|br|d[dlt]|div|fig(?:ure|caption)|footer|form|h[1-6r]|header|li|main|nav|[ou]l|p|pre|section"
    r"|table|t[dhr]"
)
# Words of a class or an id that tell of menus and other furniture of a page.
_FAR_CHROME = re.compile(
    r"(?:sub|mega)?menu|menubar|(?:top)?nav|navbar|navigation|footer|copyright|breadcrumbs?|crumbs?"
)
_NEAR_CHROME = re.compile(
    r"social|share|sharing|tags?|pagination|pager|paging|langs?|languages?|login|topbar"
)
_NEAR = 4  #: levels above a link at which the words of _NEAR_CHROME count
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """One link of a page."""

    element: HtmlElement
    url: str  #: absolute, cleaned
    text: str  #: what is seen, on one line; empty for a picture
    label: str  #: the text; where there is none, what the picture or the link says of itself
    chrome: HtmlElement | None  #: the menu, footer or other furniture that it stands in


def collect_anchors(document: Document) -> list[Anchor]:
    """All links of the document that lead to a page, in its order."""
    return list(_anchors(document))


def _anchors(document: Document) -> Iterator[Anchor]:
    for count, element in enumerate(document.root.iter("a", "area")):
        url = clean_url(element.get("href") or "#", document.base_url)
        if count >= MAX_ANCHORS:
            return
        if url and element.get("href", "").strip()[:1] not in ("", "#"):
            text = text_of(element)
            yield Anchor(element, url, text, text or _own_words(element), chrome_of(element))


def _own_words(element: HtmlElement) -> str:
    """What a link without text says: its title, or that of its picture."""
    for source in (element, *element.iter("img")):
        for name in ("title", "aria-label", "alt"):
            words = " ".join((source.get(name) or "").split())
            if words:
                return words
    return ""


def text_of(element: HtmlElement) -> str:
    """The text of an element on one line, white space collapsed, half-spaces kept."""
    parts: list[str] = []
    for text in cast(list[Any], _TEXTS(element)):
        if _BLOCK.fullmatch(str(text.getparent().tag)):
            parts.append(" ")
        parts.append(str(text))
    return " ".join("".join(parts).split())


def class_words(element: HtmlElement) -> frozenset[str]:
    """The words of an element's class and id, in lower case: ``mainMenu-top`` is main, menu, top."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return frozenset(word.lower() for word in _WORDS.findall(names))


def is_called(element: HtmlElement, names: re.Pattern[str]) -> bool:
    """Whether one of the words of an element's class and id is one of these names."""
    return any(names.fullmatch(word) for word in class_words(element))


def chrome_of(element: HtmlElement) -> HtmlElement | None:
    """The outermost menu, footer or other furniture around a link; None: it stands in the content."""
    found: HtmlElement | None = None
    level = 0
    current: HtmlElement | None = element
    while current is not None and current.tag not in ("body", "html", "form", "article", "main"):
        near = level < _NEAR and is_called(current, _NEAR_CHROME)
        if near or current.tag in ("nav", "footer") or is_called(current, _FAR_CHROME):
            found = current
        current, level = current.getparent(), level + 1
    return found
