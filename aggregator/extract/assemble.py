"""Which reading of each field is taken: the layout's, else the metadata's, else the generic one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from aggregator.extract import fields, stamps
from aggregator.extract.dates import Candidate, Dates, agree, choose, is_stamp, is_to_come, read_stamp
from aggregator.extract.document import Document
from aggregator.extract.fields import Text
from aggregator.extract.generic import COMMON
from aggregator.extract.links import (
    absolute,
    content_images,
    documents,
    each_once,
    image_source,
    is_decoration,
)
from aggregator.extract.metadata import Metadata, image_addresses
from aggregator.extract.reading import Body, Spot, near_field
from aggregator.extract.select import Finder
from aggregator.model import DateReading, Page
from aggregator.platforms.base import Layout, Platform

_NO_LAYOUT = Layout(headline=(), body=())
_Value = TypeVar("_Value")
#: What a picture of something else stands in.
_NOT_ITS_OWN = frozenset(("a", "li", "aside", "nav", "header", "footer"))


@dataclass(slots=True)
class Context:
    """Everything known of one page while it is read."""

    page: Page
    document: Document
    metadata: Metadata
    finder: Finder
    spot: Spot
    family: Platform | None
    asks_password: bool = False  #: there is a field for a password on the page
    origins: dict[str, str] = field(default_factory=dict)  #: field → where it came from

    @property
    def layout(self) -> Layout:
        return self.spot.layout or _NO_LAYOUT

    def note(self, name: str, value: _Value, origin: str) -> _Value:
        """Remember where a field came from, unless it is empty."""
        if value:
            self.origins[name] = origin
        return value


def short_text(context: Context, name: str, *, above: bool) -> Text | None:
    """Kicker (above the headline) or lead (below it)."""
    own, common = getattr(context.layout, name), getattr(COMMON, name)
    if context.spot.layout is not None:
        return fields.first_text(context.finder, own, context.spot.bodies, "platform")
    selectors = (*_named(context.family, name), *common)
    return near_field(context.finder, context.spot, selectors, above=above)


def _named(family: Platform | None, name: str) -> tuple[str, ...]:
    """The names that a family has for a field, though none of its layouts holds the page's text."""
    return (
        tuple(selector for layout in family.layouts for selector in getattr(layout, name)) if family else ()
    )


def _choose(context: Context, name: str, *attempts: tuple[str, Callable[[], str | None]]) -> str | None:
    for origin, attempt in attempts:
        if value := attempt():
            return context.note(name, value, origin)
    return None


def section(context: Context, headline: str) -> str | None:
    """The path of the breadcrumb, else the section that the metadata names."""
    metadata, finder = context.metadata, context.finder

    def claimed() -> str | None:
        name = metadata.first("article:section", "itemprop:articlesection")
        return fields.section_path(name.split(">") if name else metadata.texts("articlesection"), headline)

    return _choose(
        context,
        "section",
        ("platform", lambda: fields.read_section(finder, context.layout.section, headline)),
        ("metadata", claimed),
        ("generic", lambda: fields.read_section(finder, COMMON.section, headline)),
    )


def code(context: Context) -> str | None:
    """The article's number, as the page shows it."""
    finder = context.finder
    scopes = finder.scopes[:-1] or finder.scopes
    return _choose(
        context,
        "code",
        ("platform", lambda: fields.read_code(finder, context.layout.code)),
        ("generic", lambda: fields.labelled_code(scopes[-1])),
    )


def keywords(context: Context) -> tuple[str, ...]:
    """Keywords: the page's list of tags, else those of its metadata."""
    claimed, origin = fields.metadata_keywords(context.metadata)
    shown = fields.read_keywords(context.finder, context.layout.keywords)
    if shown:
        return tuple(context.note("keywords", shown, "platform"))
    if claimed:
        return tuple(context.note("keywords", claimed, origin))
    return tuple(context.note("keywords", fields.read_keywords(context.finder, COMMON.keywords), "generic"))


def authors(context: Context) -> tuple[str, ...]:
    """Persons named as authors; offices and sites are none."""
    sites = context.metadata.every("og:site_name", "publisher")
    for selectors, origin in ((context.layout.authors, "platform"), (COMMON.authors, "microdata")):
        names = fields.read_authors(fields.near_texts(context.finder, selectors), sites)
        if names:
            return tuple(context.note("authors", names, origin))
    names, origin = fields.metadata_authors(context.metadata)
    return tuple(context.note("authors", names, origin))


def gallery(context: Context) -> list[str]:
    """Pictures outside the paragraphs. Read before the body, to whose text a gallery is noise."""
    base, finder = context.document.base_url, context.finder
    scope = finder.scopes[max(0, len(finder.scopes) - 2)]
    found = (one for selector in context.layout.gallery for one in finder.all(selector, scope))
    return [source for one in found for source in content_images(one, base)]


def images(context: Context, main: str | None, others: list[str]) -> tuple[str | None, tuple[str, ...]]:
    """Main image and all images, the main one first. Read after the body, of which only the text's own are
    left."""
    base = context.document.base_url
    found = [*others, *(source for body in context.spot.bodies for source in content_images(body, base))]
    if main is None and found:
        main = context.note("main_image", found[0], "generic")
    return main, each_once([main, *found] if main else found)


def main_image(context: Context) -> str | None:
    """The picture that the page shows above its text, or names as its own."""
    base = context.document.base_url

    def shown(selectors: Iterable[str]) -> str | None:
        pictures = (
            image_source(element, base)
            for selector in selectors
            for _, found in fields.elements(context.finder, (selector,))
            for element in found
        )
        return next((source for source in pictures if source and not is_decoration(source)), None)

    def claimed(addresses: Iterable[str]) -> str | None:
        resolved = (absolute(address, base) for address in addresses)
        return next((address for address in resolved if address and not is_decoration(address)), None)

    metadata = context.metadata
    return _choose(
        context,
        "main_image",
        ("platform", lambda: shown(context.layout.image)),
        (
            "opengraph",
            lambda: claimed(metadata.every("og:image", "og:image:url", "twitter:image", "twitter:image:src")),
        ),
        ("json-ld", lambda: claimed(image_addresses(metadata.article.get("image")))),
        ("microdata", lambda: shown(COMMON.image)),
        ("generic", lambda: _picture_above(context)),
    )


def _picture_above(context: Context) -> str | None:
    """The first picture between headline and text, or beside them: no link, no item of a list."""
    bodies, headline = context.spot.bodies, context.spot.headline
    if not bodies or headline is None or headline.element is None:
        return None
    for element in context.finder.scopes[0].iter():
        if element in bodies:
            return None
        if element.tag == "img" and not any(outer.tag in _NOT_ITS_OWN for outer in element.iterancestors()):
            source = next(content_images(element, context.document.base_url), None)
            if source:
                return source
    return None


def attachments(context: Context) -> tuple[str, ...]:
    """Documents linked in the text, near it, or where the layout says."""
    finder = context.finder
    near = [*context.spot.bodies, *finder.scopes[:1]] if len(finder.scopes) > 1 else [*context.spot.bodies]
    named = [one for _, found in fields.elements(finder, context.layout.attachments) for one in found]
    return documents([*near, *named], context.document.base_url)


# --- dates --------------------------------------------------------------------------------------------------


def date_candidates(context: Context) -> list[Candidate]:
    """All readings in the order of trust. Those of the text's edges come later, see ``dates``."""
    now, finder, metadata = context.page.fetched_at, context.finder, context.metadata
    found: list[Candidate] = []
    layout = context.spot.layout
    own = layout or Layout(headline=(), body=(), date=_named(context.family, "date"))
    if reading := stamps.layout_stamp(finder, own, now):
        found.append(Candidate(reading, "platform"))
    found += stamps.marked(finder, layout, metadata, now)
    shown = stamps.unread_stamp(finder, own)
    if shown is not None and is_to_come(shown, now):
        return found  # whatever else looks like its date is another story's
    if not found or found[0].reading.origin != "visible":
        found += stamps.microdata(finder, now)
        headline = context.spot.headline.element if context.spot.headline else None
        if context.spot.bodies and (reading := stamps.unmarked(finder, headline, now)):
            found.append(Candidate(reading, "generic"))
    return found


def unread_stamp(context: Context) -> str | None:
    """The date as shown, for the case that it cannot be read."""
    return stamps.unread_stamp(context.finder, context.layout)


def dates(context: Context, candidates: list[Candidate], edges: Iterable[str]) -> Dates:
    """The date of publication. ``edges``: stamps that stood above or below the paragraphs."""
    now = context.page.fetched_at
    readings = (read_stamp(text, now=now) for text in edges)
    known = [*candidates, *(Candidate(reading, "generic") for reading in readings if reading)]
    known += stamps.last_resorts(context.metadata, context.family, context.page.link, now)
    changes = stamps.modifications(context.finder, context.spot.layout, context.metadata, now)
    chosen = choose(known, changes)
    if chosen.provenance:
        context.origins["published"] = chosen.provenance
    return chosen


def without_edge_stamps(body: Body, published: DateReading | None, context: Context) -> None:
    """Takes lines off the paragraphs' ends that are the date of publication once more."""
    now = context.page.fetched_at
    for place in (-1, 0):
        while len(body.paragraphs) > 1 and published is not None:
            text = body.paragraphs[place].text
            reading = read_stamp(text, now=now) if is_stamp(text) else None
            if reading is None or not agree(reading, published):
                break
            body.paragraphs.pop(place)
