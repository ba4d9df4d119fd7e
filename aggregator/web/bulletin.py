"""``/bulletin``: chosen articles as a page to print (بولتن)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from aggregator.model import StoredArticle
from aggregator.web.api import ask, service_of
from aggregator.web.language import language_of
from aggregator.web.parameters import MAX_PAGE_SIZE
from aggregator.web.rendering import render
from aggregator.web.service import Service

MAX_ID = 64  # characters

router = APIRouter(include_in_schema=False)


class BulletinParameters(BaseModel):
    """Which articles, in which order, and how much of each."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[list[Annotated[str, Field(max_length=MAX_ID)]], Field(max_length=MAX_PAGE_SIZE)] = []
    text: Literal["full", "lead"] = "full"
    breaks: Literal["none", "each"] = "none"  #: each: every article begins on a new sheet


@router.get("/bulletin")
async def bulletin_page(request: Request, asked: Annotated[BulletinParameters, Query()]) -> Response:
    """The articles as they were published, with their sources, ready to print."""
    ids = list(dict.fromkeys(asked.id))
    found: list[StoredArticle] = await ask(request, lambda service: _articles(service, ids))
    registry = service_of(request).workspace.registry
    return render(
        request,
        "bulletin.html.j2",
        articles=[(one, registry.label(one.organisation or one.article.source)) for one in found],
        missing=len(ids) - len(found),
        full=asked.text == "full",
        each=asked.breaks == "each",
        today=language_of(request).stamp(datetime.now(UTC), "day"),
        text_url=_address(ids, "lead" if asked.text == "full" else "full", asked.breaks),
        breaks_url=_address(ids, asked.text, "none" if asked.breaks == "each" else "each"),
    )


def _articles(service: Service, ids: Sequence[str]) -> list[StoredArticle]:
    """Those that there are, in the order given."""
    get = service.workspace.store.get_article
    return [stored for one in ids if (stored := get(one)) is not None]


def _address(ids: Sequence[str], text: str, breaks: str) -> str:
    return "/bulletin?" + urlencode([*(("id", one) for one in ids), ("text", text), ("breaks", breaks)])
