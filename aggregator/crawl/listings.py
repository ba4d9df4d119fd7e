"""Reading a listing (also a home page): its stories and its following pages. Pure.

Links are taken by the shape of their addresses. The platform's selectors only tell where the fields of a
story stand: a block of the page that they do not know is read too, so that no story is lost.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from lxml.html import HtmlElement

from aggregator.crawl.anchors import Anchor, class_words, collect_anchors, is_called, text_of
from aggregator.crawl.choices import collect_choices
from aggregator.crawl.fragments import is_fragment
from aggregator.crawl.items import Story, read_story, select
from aggregator.crawl.pagination import Pager, next_pages, says
from aggregator.crawl.postback import PostForm, next_form
from aggregator.crawl.shapes import Shape, article_shape, reads_like_headline
from aggregator.extract.document import Document
from aggregator.model import Link
from aggregator.platforms.base import Listing, Platform
from aggregator.urls import canonical_url, clean_url, same_site

_ITEM_TAGS = frozenset({"li", "article", "tr", "pre", "dt", "dd"})  #: what holds one story, where it is one
_OUTSIDE = frozenset({"html", "body", "form", "main", "table", "tbody"})  #: what never is one story
_LEVELS = 12  #: above a link that are looked at
_CLIMB = 5  #: levels that one story may reach above its link
#: Attributes in which a button keeps the address that its script fetches.
_SCRIPTED = (
    "data-url",
    "data-href",
    "data-next",
    "data-next-url",
    "data-next-page",
    "data-load-url",
    "data-ajax-url",
)
_LOADER = re.compile(r"load|loader|more|loadmore|infinite|scroll")
_REPEATED = 3  #: links of the same structure that make a list


@dataclass(frozen=True, slots=True)
class ListingPage:
    """What a listing page shows."""

    links: list[Link]  #: its stories in the page's order, each address once
    next_pages: list[str]  #: addresses of the following pages of the same listing, nearest first
    form: PostForm | None = None  #: where no address does, what leads to the next page
    listings: tuple[str, ...] = ()  #: of a page without stories: the lists that it leads to, such as years

    @property
    def following(self) -> list[str | PostForm]:
        """What leads to the following pages, nearest first."""
        return [*self.next_pages] if self.form is None else [self.form]


def read_listing(document: Document, platform: Platform | None) -> ListingPage:
    """The stories of a page and where it goes on. A page that shows nothing of what its platform calls an
    article is read as one of an unknown platform."""
    anchors = collect_anchors(document)
    own = clean_url(document.url) or document.url
    found = _articles(anchors, own, platform) or _articles(anchors, own, None)
    listing = platform.listing if platform else Listing()
    links = [read_story(story, listing) for story in _stories(document, found, platform)]
    links = [link for link in links if link.headline]
    pages = next_pages(own, _pager(document, anchors, found, platform), platform)
    form = next_form(document, own) if not pages else None
    if isinstance(form, str):
        return ListingPage(links, [form])
    return ListingPage(links, pages, form)


# --- which links are stories --------------------------------------------------------------------------------


def _articles(anchors: list[Anchor], own: str, platform: Platform | None) -> list[Anchor]:
    """The links of the same site that lead to articles, without those of menus and footers."""
    here = canonical_url(own, platform)
    shaped = [
        (anchor, article_shape(anchor.url, platform))
        for anchor in anchors
        if same_site(anchor.url, own) and anchor.url != own
    ]
    likely = [
        (anchor, shape) for anchor, shape in shaped if shape and canonical_url(anchor.url, platform) != here
    ]
    furniture = _furniture([anchor for anchor, _ in likely])
    likely = [(anchor, shape) for anchor, shape in likely if anchor.chrome not in furniture]
    repeated = _repeated([anchor for anchor, _ in likely])
    sure = {anchor.url for anchor, shape in likely if shape is Shape.YES or anchor in repeated}
    return [anchor for anchor, _ in likely if anchor.url in sure]


def _furniture(anchors: list[Anchor]) -> set[HtmlElement]:
    """The menus and footers among the places of these links. What holds most of the page's stories is none,
    whatever it is called."""
    counts = Counter(anchor.chrome for anchor in anchors if anchor.chrome is not None)
    return {element for element, count in counts.items() if count * 2 <= len(anchors) or count < _REPEATED}


def _repeated(anchors: list[Anchor]) -> set[Anchor]:
    """Links that stand in a list of their like, with texts of a headline's length."""
    groups: dict[tuple[object, ...], list[Anchor]] = {}
    for anchor in anchors:
        groups.setdefault(_structure(anchor.element), []).append(anchor)
    return {
        anchor
        for group in groups.values()
        if len({anchor.url for anchor in group}) >= _REPEATED
        for anchor in group
        if reads_like_headline(anchor.label)
    }


def _structure(element: HtmlElement) -> tuple[object, ...]:
    above = [element, *_above(element, 3)]
    return tuple((part.tag, class_words(part)) for part in above)


def _above(element: HtmlElement, levels: int) -> Iterator[HtmlElement]:
    current = element.getparent()
    while current is not None and levels > 0:
        yield current
        current, levels = current.getparent(), levels - 1


# --- where a story stands -----------------------------------------------------------------------------------


def _stories(document: Document, anchors: list[Anchor], platform: Platform | None) -> list[Story]:
    """The links by their address, with the places around them."""
    owners: dict[HtmlElement, set[str]] = {}
    for anchor in anchors:
        for element in (anchor.element, *_above(anchor.element, _LEVELS)):
            owners.setdefault(element, set()).add(anchor.url)
    items = _selected(document, platform)
    rows: dict[HtmlElement, _Row] = {}
    by_url: dict[str, Story] = {}
    for anchor in anchors:
        story = by_url.setdefault(anchor.url, Story(anchor.url, [], []))
        story.anchors.append(anchor)
        chosen = _chosen(anchor, items, owners)
        if chosen not in (zone[0] for zone in story.zones):
            story.zones.append([chosen, *_beside(chosen, owners, rows)])
    return list(by_url.values())


def _selected(document: Document, platform: Platform | None) -> set[HtmlElement]:
    selectors = platform.listing.item if platform else ()
    return {element for selector in selectors for element in select(selector, document.root)}


def _chosen(anchor: Anchor, items: set[HtmlElement], owners: dict[HtmlElement, set[str]]) -> HtmlElement:
    """The element that speaks of the link's story alone: the platform's item, else the widest such."""
    around = (anchor.element, *_above(anchor.element, _LEVELS))
    alone = [element for element in around if owners[element] == {anchor.url}]
    item = next((element for element in alone if element in items), None)
    return _widest(alone) if item is None or item is anchor.element else item


def _widest(alone: list[HtmlElement]) -> HtmlElement:
    for level, element in enumerate(alone):
        if element.tag in _ITEM_TAGS:
            return element
        if element.tag in _OUTSIDE or level > _CLIMB:
            return alone[max(level - 1, 0)]
    return alone[-1]


@dataclass(frozen=True, slots=True)
class _Row:
    """The children of an element that holds several stories."""

    children: list[HtmlElement]
    places: dict[HtmlElement, int]
    room: int  #: children between two stories
    follows: bool  #: whether what stands between belongs to the story before it

    @classmethod
    def of(cls, parent: HtmlElement, owners: dict[HtmlElement, set[str]]) -> Self:
        children = list(parent)
        stories = [place for place, child in enumerate(children) if child in owners]
        room = min((there - here - 1 for here, there in pairwise(stories)), default=0)
        places = {child: place for place, child in enumerate(children)}
        return cls(children, places, room, len(children) - 1 - stories[-1] >= room)


def _beside(
    chosen: HtmlElement, owners: dict[HtmlElement, set[str]], rows: dict[HtmlElement, _Row]
) -> list[HtmlElement]:
    """In a list without wrappers, what follows a story up to the next one; what precedes it where nothing
    follows the last one. No more than stands between two stories: behind the last is the rest of the page."""
    parent = chosen.getparent()
    if parent is None or len(owners.get(parent, ())) < 2:
        return []
    row = rows.get(parent) or rows.setdefault(parent, _Row.of(parent, owners))
    place = row.places[chosen]
    start = place + 1 if row.follows else max(place - row.room, 0)
    return [part for part in row.children[start : start + row.room] if isinstance(part.tag, str)]


# --- further pages ------------------------------------------------------------------------------------------


def _pager(
    document: Document, anchors: list[Anchor], found: list[Anchor], platform: Platform | None
) -> Pager:
    """What the page says of its following pages. ``found``: the links to its stories."""
    stories = {anchor.url for anchor in found}
    others = [anchor for anchor in anchors if anchor.url not in stories]
    heads = [
        (link, clean_url(link.get("href") or "", document.base_url)) for link in document.root.iter("link")
    ]
    marked = [*heads, *((anchor.element, anchor.url) for anchor in others)]
    declared = [
        url for element, url in marked if url and "next" in (element.get("rel") or "").lower().split()
    ]
    selectors = platform.listing.next_page if platform else ()
    declared += _load_more(document)
    return Pager(
        [*others, *collect_choices(document)],
        # on the page of an article, rel=next is the next article
        [url for url in declared if article_shape(url, platform) is not Shape.YES],
        {element for selector in selectors for element in select(selector, document.root)},
        bool(found),
        len(stories) if is_fragment(document) else 0,
    )


def _load_more(document: Document) -> list[str]:
    """Addresses that a script would fetch when "more" is pressed, where the button names them."""
    found: list[str] = []
    for element in document.root.iter("a", "button", "div", "span", "input"):
        named = next((element.get(name) for name in _SCRIPTED if element.get(name)), None)
        if named is None:
            continue
        label = text_of(element) or element.get("value") or ""
        url = clean_url(named, document.base_url)
        if url and (says(label) in ("more", "next") or is_called(element, _LOADER)):
            found.append(url)
    return found
