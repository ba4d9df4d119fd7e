"""The page of one article: all that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from aggregator.changes import Edit
from aggregator.crawl.archive.index import Entry, find_last
from aggregator.model import Article, Mention, NormalisedText, StoredArticle
from aggregator.registry import Registry
from aggregator.stories.story import Story
from aggregator.web import views
from aggregator.web.api import ask, service_of
from aggregator.web.language import Language, language_of
from aggregator.web.parameters import Nothing, each_once
from aggregator.web.rendering import render
from aggregator.web.service import Service
from aggregator.web.views import Piece
from aggregator.web.words import FIELDS, ORIGINS

MENTIONS = 200  # shown of one article
ARCHIVE_FILES = 300  # the newest, in which its page is looked for: a fraction of a millisecond each

router = APIRouter(include_in_schema=False, dependencies=[Depends(each_once)])


class ArticleParameters(Nothing):
    form: Literal["published", "normalised", "both"] = "published"


@dataclass(frozen=True, slots=True)
class Texts:
    """One form of an article's texts, a list of pieces for each line."""

    title: str  #: what this form is called
    headline: list[list[Piece]]
    kicker: list[list[Piece]]
    lead: list[list[Piece]]
    body: list[list[Piece]]


@router.get("/articles/{id}")
async def article_page(request: Request, id: str, asked: Annotated[ArticleParameters, Query()]) -> Response:
    """All that is known of one article."""
    stored, edits, story, capture = await ask(request, lambda service: _known(service, id))
    registry, language = service_of(request).workspace.registry, language_of(request)
    article, forms = stored.article, _forms(stored.article, asked.form)
    publisher = registry.label(stored.organisation or article.source)
    return render(
        request,
        "article.html.j2",
        article=article,
        stored=stored,
        publisher=publisher,
        forms=forms,
        form=asked.form if article.normalised else "published",
        rows=_rows(article, language),
        mentions=_mentions(article, registry),
        edits=edits,
        story=story,
        label=registry.label,
        capture=capture,
        field_names=FIELDS,
        citation=views.citation(stored, publisher, language),
        bibtex=views.bibtex(stored, publisher),
    )


def _known(service: Service, id: str) -> tuple[StoredArticle, list[Edit], Story, Entry | None]:
    stored = service.article(id)
    capture = _capture(service.workspace.settings.archive_dir, stored.article.url)
    return stored, service.edits(id), service.story(id), capture


def _capture(directory: Path, url: str) -> Entry | None:
    """Where the page was archived the last time; None: nowhere that is found at once."""
    try:
        found = find_last(directory, url, ARCHIVE_FILES)
    except (OSError, ValueError):  # the folder is away, a file has just been deleted; no address of the web
        return None
    return found[-1] if found else None


def _forms(article: Article, form: str) -> list[Texts]:
    """Those to be shown, side by side; an article that was not normalised is shown as published."""
    published = _texts("چنان‌که منتشر شد", article, article.mentions)
    if article.normalised is None or form == "published":
        return [published]
    tidy = _texts("ویراسته", article.normalised, ())
    return [tidy] if form == "normalised" else [published, tidy]


def _texts(title: str, texts: Article | NormalisedText, mentions: Sequence[Mention]) -> Texts:
    def lines(field: str, text: str | None) -> list[list[Piece]]:
        return views.paragraphs(text or "", [one for one in mentions if one.field == field])

    return Texts(
        title,
        headline=lines("headline", texts.headline if views.can_be_seen(texts.headline) else ""),
        kicker=lines("kicker", texts.kicker),
        lead=lines("lead", texts.lead),
        body=lines("body", "\n".join(texts.body)),
    )


def _rows(article: Article, language: Language) -> list[tuple[str, list[str], str]]:
    """Name, values and origin of each field that has something in it, but for the long texts."""
    rows = []
    for name in (field.name for field in fields(Article) if field.name in FIELDS):
        if name in ("lead", "body", "headline", "kicker"):
            values = [""] if getattr(article, name) else []
        elif name in ("published", "modified"):
            reading = getattr(article, name)
            values = (
                [language.when(reading.iso()), language.text("«%(text)s»", text=reading.raw)]
                if reading
                else []
            )
        else:
            value = getattr(article, name)
            values = list(value) if isinstance(value, tuple) else [str(value)] if value else []
        if values:
            told = language.text(FIELDS[name])
            rows.append((told, [value for value in values if value], _origin(article, name, language)))
    return rows


def _origin(article: Article, name: str, language: Language) -> str:
    reading = getattr(article, name) if name in ("published", "modified") else None
    found = article.provenance.get(name) or (reading.origin if reading else "")
    return language.text(ORIGINS[found]) if found in ORIGINS else found


def _mentions(article: Article, registry: Registry) -> list[tuple[str, str, int]]:
    """What the text names: its name, the search for it, how often; the most frequent first."""
    counted: dict[tuple[str, str], int] = {}
    for one in article.mentions:
        key = (_mention_name(one, registry), views.mention_search(one))
        counted[key] = counted.get(key, 0) + 1
    ranked = sorted(counted.items(), key=lambda item: -item[1])
    return [(name, url, number) for (name, url), number in ranked[:MENTIONS]]


def _mention_name(mention: Mention, registry: Registry) -> str:
    return registry.label(mention.id) if mention.id else mention.text
