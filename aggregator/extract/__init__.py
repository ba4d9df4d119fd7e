"""From a fetched page to an article, or to a sentence why it is none. Pure: the same bytes give the same
article.

Each field is taken from the layout of the page's CMS family; else from metadata (JSON-LD, OpenGraph,
microdata, meta elements); else from a generic reading. ``Article.provenance`` says which it was.
"""

import re
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from urllib.parse import quote

from aggregator.extract import assemble, verdict
from aggregator.extract.assemble import Context
from aggregator.extract.document import Document, parse_document
from aggregator.extract.fields import Text
from aggregator.extract.lines import take_pasted_title
from aggregator.extract.metadata import read_metadata
from aggregator.extract.reading import Body, lead_between, locate, read_body
from aggregator.extract.select import Finder, text_of
from aggregator.limits import MAX_TEXT
from aggregator.model import Article, NotArticle, Page, Rejection
from aggregator.platforms import by_name, candidates
from aggregator.urls import article_id, canonical_url, clean_url

__all__ = ["Document", "extract", "parse_document"]

_PERSIAN_LETTERS = re.compile("[پچژگکی]")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[A-Za-z]")
_CUT = re.compile(r"\s*(?:\.{3}|…)\s*$")
_LOOKED_AT = 600  #: characters that tell the language
_SHORT_BODY = 200  #: characters; a shorter one may be an apology for a missing page


def extract(page: Page, platform: str | None = None) -> Article | NotArticle:
    """The article on a page, or what the page is instead. Never raises, whatever the bytes.

    ``platform``: name of the CMS family, where it is known; the page's own markup can still tell another.
    """
    document = parse_document(page)
    if isinstance(document, NotArticle):
        return document
    return verdict.refuse(page, document) or _read(page, document, platform)


def _read(page: Page, document: Document, platform: str | None) -> Article | NotArticle:
    metadata, finder = read_metadata(document), Finder(document)
    known = by_name(platform) if platform else None
    families = chain([known] if known else [], candidates(document.markup, page.url))
    likeliest = next(families, None)
    if verdict.is_listing_address(page.url, likeliest) and not metadata.article:
        links = verdict.headline_links(document.root)
        if links >= verdict.FEW_LINKS:
            return verdict.listing(page.url, links)
    families = chain([likeliest] if likeliest else [], families)
    spot, family = locate(document, finder, families, metadata)
    context = Context(page, document, metadata, finder, spot, family, verdict.asks_password(document))
    return _article(context)


def _article(context: Context) -> Article | NotArticle:
    # Whatever is read from the tree comes before the body, whose reading takes noise out of it.
    kicker = assemble.short_text(context, "kicker", above=True)
    lead = assemble.short_text(context, "lead", above=False) or lead_between(context.finder, context.spot)
    headline = _headline(context)
    section = assemble.section(context, headline or "")
    code, keywords, authors = assemble.code(context), assemble.keywords(context), assemble.authors(context)
    attachments, candidates = assemble.attachments(context), assemble.date_candidates(context)
    unread = None if candidates else assemble.unread_stamp(context)
    gallery, main = assemble.gallery(context), assemble.main_image(context)
    body = read_body(context.finder, context.spot, (kicker, lead), context.metadata)
    texts = _texts(context, headline, kicker, lead, body)
    if (rejected := _judge(context, texts, body, gallery)) is not None:
        return rejected
    dates = assemble.dates(context, candidates, body.lines.stamps if body.lines else ())
    assemble.without_edge_stamps(body, dates.published, context)
    main, images = assemble.images(context, main, gallery)
    canonical = _canonical(context)
    if section is None and body.lines is not None:
        section = context.note("section", body.lines.section, "generic")
    return Article(
        id=article_id(canonical),
        url=context.page.url,
        canonical_url=canonical,
        source=context.page.source,
        headline=texts.headline,
        body=tuple(block.text for block in body.paragraphs),
        kicker=texts.kicker,
        lead=texts.lead,
        section=section,
        keywords=keywords,
        authors=authors,
        main_image=main,
        images=images,
        attachments=attachments,
        code=code,
        published=dates.published,
        date_published_raw=dates.raw or unread,
        modified=dates.modified,
        date_conflicts=dates.conflicts,
        language=_language(context, texts.headline + " ".join(block.text for block in body.paragraphs[:2])),
        platform=context.family.name if context.family else None,
        provenance=MappingProxyType(context.origins),
    )


@dataclass(slots=True)
class _Texts:
    """The three lines above the paragraphs; an empty headline where there is none."""

    headline: str
    kicker: str | None
    lead: str | None


def _texts(
    context: Context, headline: str | None, kicker: Text | None, lead: Text | None, body: Body
) -> _Texts:
    """The short texts, those that only their place told included; a repetition of the headline is none."""
    texts = _Texts(headline or "", None, None)
    lines = body.lines
    if lines is None and headline and not kicker and not lead:
        lines = take_pasted_title(body.paragraphs, headline)
        body.paragraphs = lines.paragraphs
    if not texts.headline and lines is not None and lines.headline:
        texts.headline = context.note("headline", lines.headline, "generic")
    if (
        not texts.headline
        and context.page.link is not None
        and context.page.link.headline
        and body.paragraphs
    ):
        texts.headline = context.note("headline", context.page.link.headline, context.page.link.origin)
    for name, found, placed in (
        ("kicker", kicker, lines.kicker if lines else None),
        ("lead", lead, lines.lead if lines else None),
    ):
        value, origin = (found.value, found.origin) if found else (placed, "generic")
        if value and value != texts.headline:
            setattr(texts, name, context.note(name, value, origin))
    if not body.paragraphs and not texts.lead:
        _lead_from_metadata(context, texts)
    return texts


def _lead_from_metadata(context: Context, texts: _Texts) -> None:
    """For a page without paragraphs that says of itself that it is an article: its description."""
    metadata = context.metadata
    if not metadata.claims_article:
        return
    for value, origin in (
        (metadata.text("description") or metadata.text("articlebody"), "json-ld"),
        (metadata.first("og:description", "description"), "opengraph"),
    ):
        if value and value != texts.headline:
            texts.lead = context.note("lead", value, origin)
            return


def _judge(context: Context, texts: _Texts, body: Body, gallery: list[str]) -> NotArticle | None:
    """The verdict, where what was read is no article."""
    url, document = context.page.url, context.document
    text = " ".join(block.text for block in body.paragraphs)
    if len(text) > MAX_TEXT:
        return NotArticle(url, Rejection.TOO_LARGE, f"The text has more than {MAX_TEXT} characters.")
    if len(text) < _SHORT_BODY and not texts.lead:
        missing = verdict.says_missing(texts.headline) or verdict.says_missing(text)
        if missing:
            return NotArticle(
                url, Rejection.SOFT_404, f"The page says that there is nothing here: «{missing}»."
            )
    if not texts.headline or not (text or texts.lead or (gallery and context.spot.layout)):
        headings = [text_of(one) for tag in ("title", "h1", "h2", "h3") for one in document.root.iter(tag)]
        return verdict.without_text(url, document, headings, password=context.asks_password)
    if context.spot.layout is not None or context.metadata.article:
        return None
    return _judge_unknown(context, texts, body, len(text))


def _judge_unknown(context: Context, texts: _Texts, body: Body, length: int) -> NotArticle | None:
    """The stricter verdict on what only the generic reading found."""
    url, document = context.page.url, context.document
    if context.asks_password and (asked := verdict.login(url, texts.headline)) is not None:
        return asked
    if verdict.is_list_of_links(body.plain, body.teasers) or (
        not verdict.has_enough_text(length + len(texts.lead or ""))
        and verdict.headline_links(document.root) >= verdict.FEW_LINKS
    ):
        return verdict.listing(url, verdict.headline_links(document.root))
    dated = context.metadata.claims_article or context.page.link is not None
    if not dated and verdict.is_static(texts.headline):
        return NotArticle(url, Rejection.NO_ARTICLE, f"A page about the site: «{texts.headline}».")
    return None


def _canonical(context: Context) -> str:
    """The article's own address. A page from a file has none but the one it names."""
    declared = context.metadata.canonical or context.metadata.first("og:url")
    url = clean_url(context.page.url) or (clean_url(declared) if declared else None)
    if url is None:
        return f"unknown:{quote(context.page.url)}"
    return canonical_url(url, context.family, declared)


def _language(context: Context, text: str) -> str:
    """By the letters of the text; the page's own word is often wrong and counts only where letters leave it
    open."""
    declared = (context.document.root.get("lang") or "").strip().lower()[:2]
    if len(_LATIN.findall(text[:_LOOKED_AT])) > len(_ARABIC_SCRIPT.findall(text[:_LOOKED_AT])):
        return declared if declared.isalpha() and declared not in ("fa", "ar") else "en"
    return "ar" if declared == "ar" and not _PERSIAN_LETTERS.search(text) else "fa"


def _headline(context: Context) -> str | None:
    """The headline as shown; a cut one in full, where the metadata or a title attribute has it."""
    shown = context.spot.headline
    if shown is None:
        return None
    context.origins["headline"] = shown.origin
    if not _CUT.search(shown.value) or shown.element is None:
        return shown.value
    start = _CUT.sub("", shown.value)
    titles = [one.get("title") or "" for one in shown.element.iter() if isinstance(one.tag, str)]
    whole = [title.strip() for title in (*titles, context.metadata.first("og:title") or "")]
    return next((title for title in whole if title.startswith(start)), shown.value)
