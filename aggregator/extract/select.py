"""CSS selectors on a parsed page, fast enough to ask many of them."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import Any, cast

import cssselect
from cssselect.parser import Attrib, CombinedSelector, Element, Hash
from cssselect.parser import Class as ClassName
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from aggregator.extract.document import Document
from aggregator.extract.tidy import tidy

#: Attributes whose values are looked up before a selector is tried.
_NAMING = ("class", "id", "itemprop")
_VALUES = tuple(etree.XPath(f"descendant::*/@{name}", smart_strings=False) for name in _NAMING)
_HIDING_CLASSES = frozenset({"print-header", "hidden", "d-none", "print-only", "visible-print"})
_ON_SOME_SCREENS = re.compile(r"(?:d-)?(?:xs|sm|md|lg|xl|xxl)[-:]|visible-(?:xs|sm|md|lg)")


@cache
def _compiled(selector: str) -> tuple[CSSSelector, tuple[str, ...]]:
    """The selector, and the class names and ids without which it cannot match."""
    names: list[str] = []
    for parsed in cssselect.parse(selector):
        _collect_names(parsed.parsed_tree, names)
    return CSSSelector(selector, translator="html"), tuple(names)


def _collect_names(tree: Any, names: list[str]) -> None:
    if isinstance(tree, ClassName):
        names.append(tree.class_name)
    elif isinstance(tree, Hash):
        names.append(tree.id)
    elif isinstance(tree, Attrib) and tree.attrib in _NAMING and tree.operator in ("=", "~="):
        names.extend((tree.value.value or "").split() if tree.value else ())
    elif isinstance(tree, CombinedSelector):
        _collect_names(tree.subselector, names)
    if not isinstance(tree, Element):
        _collect_names(tree.selector, names)


_SILENT = frozenset(("script", "style", "noscript", "template"))
#: Between these and what stands beside them is white space, though the markup has none.
_PARTED = frozenset(
    ("br", "div", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "td", "th", "tr")
)


class Finder:
    """Finds elements of one document. Most selectors of a family are about names that a page does not hold:
    these are never tried."""

    def __init__(self, document: Document) -> None:
        self._root = document.root
        values = [cast(list[str], read(document.root)) for read in _VALUES]
        self._names = frozenset(" ".join(chain.from_iterable(values)).split())
        self.scopes: tuple[HtmlElement, ...] = (document.root,)  #: where to look, the narrowest first

    def narrow(self, elements: Iterable[HtmlElement]) -> None:
        """Look first in what holds all these elements, then two levels further out, then everywhere."""
        common = _common_ancestor(list(elements))
        if common is None:
            return
        outer = [common, *common.iterancestors()][:3]
        self.scopes = (*(scope for scope in outer if scope is not self._root), self._root)

    def all(self, selector: str, scope: HtmlElement | None = None) -> list[HtmlElement]:
        """Every element in the scope (the whole page) that the selector matches, in the page's order."""
        compiled, names = _compiled(selector)
        if not self._names.issuperset(names):
            return []
        return cast(list[HtmlElement], compiled(self._root if scope is None else scope))


def _common_ancestor(elements: list[HtmlElement]) -> HtmlElement | None:
    if not elements:
        return None
    chain = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        own = {element, *element.iterancestors()}
        chain = [ancestor for ancestor in chain if ancestor in own]
    return chain[0] if chain else None


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element itself is hidden from a reader by its own attributes."""
    style = element.get("style")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return True
    if element.get("hidden") is not None:
        return True
    classes = (element.get("class") or "").split()
    if _HIDING_CLASSES.isdisjoint(classes):
        return False
    # «d-none d-md-block» is hidden on small screens only.
    return not any(_ON_SOME_SCREENS.match(name) for name in classes)


def is_visible(element: HtmlElement) -> bool:
    """Whether neither the element nor what it stands in is hidden."""
    return not is_hidden(element) and not any(is_hidden(ancestor) for ancestor in element.iterancestors())


def text_of(element: HtmlElement) -> str:
    """The text of an element as one line, tidied; of a meta element, its content."""
    if element.tag == "meta":
        return tidy(element.get("content") or "")
    pieces: list[str] = []
    try:
        _collect(element, pieces)
    except RecursionError:
        pieces = [f"{piece} " for piece in element.itertext()]
    return tidy("".join(pieces))


def _collect(element: HtmlElement, pieces: list[str]) -> None:
    if element.tag in _SILENT:
        return
    if element.text:
        pieces.append(element.text)
    for child in element:
        if isinstance(child.tag, str):
            space = " " if child.tag in _PARTED else ""
            pieces.append(space)
            _collect(child, pieces)
            pieces.append(space)
        if child.tail:
            pieces.append(child.tail)
