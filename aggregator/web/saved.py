"""Saved searches: a page, their feeds, and the API. The only thing of the web that readers may write."""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from aggregator.alerts.searches import request_of, save, selection
from aggregator.errors import FixCommandError, FixQueryError
from aggregator.model import iso_or_none, iso_utc
from aggregator.store.saved import Progress, SavedSearch, Target
from aggregator.web import answers
from aggregator.web.api import BAD_QUERY, PROBLEMS, UNCHANGED, ask, json_answer, service_of
from aggregator.web.downloads import FEED_TYPES, Form, feed_answer
from aggregator.web.forms import read_form, require_same_origin
from aggregator.web.language import Language, language_of
from aggregator.web.parameters import FeedParameters, Nothing, Selection, each_once
from aggregator.web.problems import ProblemError
from aggregator.web.rendering import render
from aggregator.web.service import Service
from aggregator.web.views import state_url
from aggregator.web.words import FACETS

MAX_FORM = 65_536  # bytes; a query of Persian letters takes six for each of them
MOST_SAVED = 200  # searches, where the web saves one

router = APIRouter(dependencies=[Depends(each_once)])
NoQuery = Annotated[Nothing, Query()]
Id = Annotated[int, Path(description="Id of a saved search", ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved search as it is shown."""

    saved: SavedSearch
    total: int | None  #: articles that it finds now; None: it cannot be asked any more
    targets: tuple[tuple[Target, Progress], ...]

    @property
    def url(self) -> str:
        return state_url(self.saved.search)

    def feed(self, form: str) -> str:
        return f"/saved/{self.saved.id}/feed.{form}"


def _all(service: Service) -> list[Shown]:
    store = service.workspace.store
    progress = store.saved.progress()
    return [
        Shown(one, _total(service, one), tuple((target, progress[target.id]) for target in one.targets))
        for one in store.saved.all()
    ]


def _total(service: Service, saved: SavedSearch) -> int | None:
    try:
        wanted = request_of(saved)
    except FixCommandError:
        return None
    return service.search(replace(wanted, size=0)).total


def shown_address(target: Target) -> str:
    """Whom it tells, for all readers: the path of a webhook is often a secret."""
    return target.address if target.kind == "email" else urlsplit(target.address).netloc


# --- pages --------------------------------------------------------------------------------------------------


@router.get("/saved", include_in_schema=False)
async def saved_page(request: Request, _: NoQuery) -> Response:
    """The saved searches."""
    return await _page(request)


async def _page(request: Request, status: int = 200, **more: Any) -> Response:
    found: list[Shown] = await ask(request, _all)
    language = language_of(request)
    given = {"problem": None, "made": None, "back": None, **more}
    return render(
        request,
        "saved.html.j2",
        status,
        searches=[(one, _described(one.saved, service_of(request), language)) for one in found],
        shown_address=shown_address,
        **given,
    )


def _described(saved: SavedSearch, service: Service, language: Language) -> list[tuple[str, str]]:
    """What is asked: the name of each parameter, and its value."""
    titles = {"q": "عبارت جستجو", **FACETS, "since": "از", "until": "تا"}
    label = service.workspace.registry.label
    return [
        (language.text(title), label(saved.search[name]) if name in FACETS else saved.search[name])
        for name, title in titles.items()
        if name in saved.search
    ]


@router.post("/saved", include_in_schema=False)
async def save_search(request: Request) -> Response:
    """Saves a search. The secret of its webhook is shown in the answer, and never again."""
    require_same_origin(request)
    given = await read_form(request, MAX_FORM)
    try:
        asked = selection({name: given.get(name) for name in Selection.model_fields})
        saved = await ask(request, lambda service: _save(service, given, asked))
    except (FixCommandError, FixQueryError) as error:
        back = state_url({name: value for name, value in given.items() if name in Selection.model_fields})
        return await _page(request, 422, problem=str(error), back=back)
    made = [target for target in saved.targets if target.secret]
    if not made:
        return RedirectResponse("/saved", 303)
    answer = await _page(request, made=made[0])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _save(service: Service, given: dict[str, str], asked: Selection) -> SavedSearch:
    emails, webhooks = ([given[name]] if given.get(name) else [] for name in ("email", "webhook"))
    saved, _ = save(
        service.workspace,
        given.get("name", ""),
        asked,
        emails=emails,
        webhooks=webhooks,
        public_only=True,
        most=MOST_SAVED,
    )
    return saved


@router.post("/saved/{id}/delete", include_in_schema=False)
async def delete_search(request: Request, id: Id) -> Response:
    """Forgets a saved search."""
    require_same_origin(request)
    await ask(request, lambda service: service.workspace.store.saved.remove(id))
    return RedirectResponse("/saved", 303)


@router.get(
    "/saved/{id}/feed.{form}",
    response_class=Response,
    tags=["downloads"],
    responses={
        **PROBLEMS,
        **BAD_QUERY,
        **UNCHANGED,
        404: {"model": answers.Problem, "description": "There is no such saved search"},
        200: {
            "description": "RSS 2.0, Atom 1.0 or JSON Feed 1.1",
            "content": {t: {} for t in FEED_TYPES.values()},
        },
    },
)
async def saved_feed(request: Request, id: Id, form: Annotated[Form, Path()], _: NoQuery) -> Response:
    """The newest articles of a saved search."""
    saved: SavedSearch | None = await ask(request, lambda service: service.workspace.store.saved.get(id))
    if saved is None:
        raise ProblemError(404, "there is no saved search with this id", parameter="id")
    try:
        asked = FeedParameters.model_validate(dict(saved.search))
    except ValueError:
        raise ProblemError(404, "this saved search cannot be asked any more", parameter="id") from None
    return await feed_answer(request, form, asked, saved.name)


# --- API ----------------------------------------------------------------------------------------------------


@router.get("/api/saved", response_model=answers.SavedAnswer, responses=PROBLEMS, tags=["search"])
async def saved_searches(request: Request, _: NoQuery) -> Response:
    """The saved searches, whom they tell, and how that fares."""
    found: list[Shown] = await ask(request, _all)
    return json_answer({"saved": [_record(one) for one in found]})


def _record(one: Shown) -> dict[str, Any]:
    return {
        "id": one.saved.id,
        "name": one.saved.name,
        "parameters": dict(one.saved.search),
        "created": iso_utc(one.saved.created),
        "articles": one.total,
        "feeds": {form: one.feed(form) for form in FEED_TYPES},
        "targets": [_target(target, progress) for target, progress in one.targets],
    }


def _target(target: Target, progress: Progress) -> dict[str, Any]:
    return {
        "kind": target.kind,
        "address": shown_address(target),
        "delivered": progress.delivered,
        "waiting": progress.waiting,
        "given_up": progress.given_up,
        "last_delivery": iso_or_none(progress.last_delivery),
        "error": progress.error,
    }
