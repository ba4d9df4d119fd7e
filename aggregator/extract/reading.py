"""Where on a page the article stands, and its paragraphs: by the family's layout, else by the generic
reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from aggregator.extract import cleaning, generic, verdict
from aggregator.extract.dates import is_meta_line, is_stamp
from aggregator.extract.document import Document
from aggregator.extract.fields import Text, first_text
from aggregator.extract.lines import Lines, arrange
from aggregator.extract.metadata import Metadata
from aggregator.extract.select import Finder, is_visible, text_of
from aggregator.extract.text import Block, read_blocks
from aggregator.extract.tidy import has_words
from aggregator.platforms.base import Layout, Platform
from aggregator.urls import article_match

_LEVELS = 7  #: how far above the text the headline may stand
_MOSTLY_LINKS, _TEASER = 0.75, 20  #: share of a line, and its characters, that make it a teaser
_MAX_BODIES = 200  #: containers that are looked at
_MIN_LEAD = 30  #: characters


@dataclass(slots=True)
class Spot:
    """Where an article stands on its page."""

    layout: Layout | None  #: None: found by the generic reading
    bodies: list[HtmlElement]
    headline: Text | None = None


@dataclass(slots=True)
class Body:
    """The paragraphs of an article and what its text alone told."""

    paragraphs: list[Block] = field(default_factory=list)
    lines: Lines | None = None  #: for the generic reading
    plain: float = 0  #: characters outside of links, before anything was left out
    teasers: int = 0  #: lines that are nothing but a headline-like link


def locate(
    document: Document, finder: Finder, families: Iterable[Platform], metadata: Metadata
) -> tuple[Spot, Platform | None]:
    """The place of the article, and the family whose layout found it (the first family where none did)."""
    second_best: list[tuple[Spot, Platform]] = []
    first: Platform | None = None
    for family in families:
        first = first or family
        for layout in family.layouts:
            bodies = _bodies(finder, layout)
            if not bodies:
                continue
            headline, filled = _headline(finder, layout, bodies), any(map(_is_filled, bodies))
            if headline is not None and filled:
                return _narrowed(finder, Spot(layout, bodies, headline)), family
            if filled or (headline is not None and _is_address(document.url, family)):
                second_best.append((Spot(layout, bodies, headline), family))
    if second_best:
        spot, family = next(
            (one for one in second_best if any(map(_is_filled, one[0].bodies))), second_best[0]
        )
        spot.headline = spot.headline or _generic_headline(document, metadata, spot.bodies[0])
        return _narrowed(finder, spot), family
    return _narrowed(finder, _generic(document, finder, metadata)), first


def _is_address(url: str, family: Platform) -> bool:
    try:
        return article_match(url, family) is not None
    except ValueError:
        return False


def _is_filled(body: HtmlElement) -> bool:
    return any(map(has_words, body.itertext())) or body.find(".//img") is not None


def _bodies(finder: Finder, layout: Layout) -> list[HtmlElement]:
    """The containers of the paragraphs: the one with most text, and those beside it. Of a page that has only
    pictures, an empty one."""
    empty: list[HtmlElement] = []
    for selector in layout.body:
        found = [element for element in finder.all(selector)[:_MAX_BODIES] if is_visible(element)]
        all_found = set(found)
        found = [one for one in found if all_found.isdisjoint(one.iterancestors())]
        if not found:
            continue
        longest = found[0] if len(found) == 1 else max(found, key=_text_length)
        if _is_filled(longest):
            return [element for element in found if element.getparent() is longest.getparent()]
        empty = empty or found[:1]
    return empty


def _text_length(element: HtmlElement) -> int:
    return sum(len(piece.strip()) for piece in element.itertext())


def _headline(finder: Finder, layout: Layout, bodies: Sequence[HtmlElement]) -> Text | None:
    """The headline nearest to the text: the search goes outwards from it."""
    levels = list(bodies[0].iterancestors())
    finder.scopes = (*levels[:_LEVELS], *levels[-1:])
    for scope in finder.scopes:
        for selector in layout.headline:
            near = [one for one in finder.all(selector, scope) if is_visible(one) and one not in bodies]
            for element in near:
                inside = any(body in element.iterancestors() for body in bodies)
                if has_words(text := text_of(element)) and not (inside and selector in ("h2", "h3", "h4")):
                    return Text(text, "platform", element)
    return None


def _generic_headline(document: Document, metadata: Metadata, container: HtmlElement | None) -> Text | None:
    text, element = generic.find_headline(document, metadata, container)
    if text is None:
        return None
    return Text(text, "generic" if element is not None else _claim_origin(metadata), element)


def _claim_origin(metadata: Metadata) -> str:
    return "json-ld" if metadata.text("headline") else "opengraph"


def _generic(document: Document, finder: Finder, metadata: Metadata) -> Spot:
    container = generic.find_container(document, finder)
    return Spot(
        None, [container] if container is not None else [], _generic_headline(document, metadata, container)
    )


def _narrowed(finder: Finder, spot: Spot) -> Spot:
    near = [*spot.bodies]
    if spot.headline is not None and spot.headline.element is not None:
        near.append(spot.headline.element)
    finder.scopes = finder.scopes[-1:]
    finder.narrow(near)
    return spot


# --- paragraphs ---------------------------------------------------------------------------------------------


def read_body(finder: Finder, spot: Spot, taken: Sequence[Text | None], metadata: Metadata) -> Body:
    """The paragraphs. ``taken``: texts that are fields of their own, whose elements are no part of the body.

    Takes noise out of the tree: whatever else is wanted of the page has to be read before.
    """
    known = [*taken, spot.headline] if spot.layout is not None else taken
    for text in known:
        if text is not None and text.element is not None:
            _drop(text.element, spot.bodies)
    for body in spot.bodies:
        for selector in spot.layout.noise if spot.layout else ():
            for element in finder.all(selector, body):
                if element is not body:
                    _drop(element, spot.bodies)
        cleaning.remove_noise(body)
    result = _weighed([block for body in spot.bodies for block in read_blocks(body)])
    if spot.layout is None:
        _arrange(result, spot, metadata)
    return result


def _weighed(blocks: Sequence[Block]) -> Body:
    return Body(
        paragraphs=cleaning.drop_boilerplate(blocks),
        plain=sum(len(block.text) * (1 - block.linked) for block in blocks),
        teasers=sum(block.linked > _MOSTLY_LINKS and len(block.text) >= _TEASER for block in blocks),
    )


def _drop(element: HtmlElement, bodies: Sequence[HtmlElement]) -> None:
    if element.getparent() is not None and any(body in element.iterancestors() for body in bodies):
        element.drop_tree()


def _arrange(result: Body, spot: Spot, metadata: Metadata) -> None:
    """Tell the lines apart. Where no line is a headline, what stands around the container is read with it."""
    headline = spot.headline.value if spot.headline else None
    description = metadata.text("description") or metadata.first("og:description", "description")
    lines = arrange(result.paragraphs, headline, description, metadata.title)
    for outer in islice(spot.bodies[0].iterancestors(), _LEVELS) if spot.bodies else ():
        if lines.headline is not None or outer.tag in ("body", "html"):
            break
        cleaning.remove_noise(outer)
        wider = _weighed(read_blocks(outer))
        if verdict.is_list_of_links(wider.plain, wider.teasers):
            result.plain, result.teasers = wider.plain, wider.teasers
            break
        lines = arrange(wider.paragraphs, None, description, metadata.title)
    if lines.headline is None and (titled := generic.title_headline(metadata.title)):
        lines.headline = titled
    result.lines = lines
    result.paragraphs = cleaning.drop_boilerplate(lines.paragraphs)


def lead_between(finder: Finder, spot: Spot) -> Text | None:
    """The one sentence between the headline and the container: the lead of a page that names nothing."""
    headline = spot.headline.element if spot.headline else None
    if spot.layout is not None or headline is None or not spot.bodies:
        return None
    for element in generic.between(finder.scopes[0], headline, spot.bodies[0]):
        text = text_of(element)
        links = sum(len(text_of(link)) for link in element.iter("a"))
        furniture = cleaning.is_furniture(text) or is_stamp(text) or is_meta_line(text)
        if len(text) >= _MIN_LEAD and links < 0.3 * len(text) and not furniture:
            return Text(text, "generic", element)
    return None


def near_field(finder: Finder, spot: Spot, selectors: Sequence[str], *, above: bool) -> Text | None:
    """A field of the generic reading by a usual name: near the headline, above or below it, not far away."""
    scopes = finder.scopes
    finder.scopes = scopes[:1]
    found = first_text(finder, selectors, spot.bodies, "generic")
    finder.scopes = scopes
    headline = spot.headline.element if spot.headline else None
    if found is None or found.element is None or headline is None:
        return found if headline is not None else None
    order = {element: place for place, element in enumerate(scopes[0].iter())}
    distance = order.get(found.element, 0) - order.get(headline, 0)
    near = -8 <= distance <= 8 if above else 0 < distance <= 25
    return found if near and found.value != (spot.headline.value if spot.headline else "") else None
