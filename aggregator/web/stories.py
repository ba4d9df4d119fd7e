"""Stories: the same text in several places. For programs, for people, and for the hits of a search."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from aggregator.store.codec import to_json
from aggregator.stories.story import Story, story_record
from aggregator.web import answers
from aggregator.web.api import PROBLEMS, UNCHANGED, UNKNOWN, NoQuery, ask, service_of, unless_known
from aggregator.web.parameters import each_once
from aggregator.web.rendering import render
from aggregator.web.words import FIELDS

router = APIRouter(dependencies=[Depends(each_once)])

Id = Annotated[
    str, Path(description="Id of a story, or of any article", examples=[answers.ARTICLE_ID], max_length=100)
]


@router.get(
    "/api/stories/{id}",
    response_model=answers.StoryAnswer,
    responses={**PROBLEMS, **UNKNOWN, **UNCHANGED},
    tags=["articles"],
)
async def story(request: Request, id: Id, _: NoQuery) -> Response:
    """Who posted the same text, who was first, and what each added or dropped.

    An article whose text nobody else has is a story of one. A story that became part of another is found
    under its former id, too; `id` says the present one.
    """
    found: Story = await ask(request, lambda service: service.story(id))
    return unless_known(request, to_json(story_record(found)), "application/json")


@router.get("/stories/{id}", include_in_schema=False)
async def story_page(request: Request, id: str, _: NoQuery) -> Response:
    """The same to read: who posted when."""
    found: Story = await ask(request, lambda service: service.story(id))
    registry = service_of(request).workspace.registry
    return render(request, "story.html.j2", story=found, label=registry.label, field_names=FIELDS)


# --- the hits of a search -----------------------------------------------------------------------------------


def collapsed(hits: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of each story one hit: the one that comes first. Hits as ``Service.hits`` gives them."""
    shown: dict[str, Mapping[str, Any]] = {}
    for hit in hits:
        shown.setdefault(hit["story"] or hit["id"], hit)
    return list(shown.values())
