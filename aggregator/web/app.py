"""The application: routes, errors, and what stands around them."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from aggregator import __version__
from aggregator.errors import AggregatorError
from aggregator.web import (
    api,
    article,
    bulletin,
    compare,
    downloads,
    entrance,
    overview,
    pages,
    saved,
    sources,
    stories,
    suggest,
)
from aggregator.web.gate import Access, FromProxies, Gate
from aggregator.web.problems import (
    MEDIA_TYPE,
    ProblemError,
    is_for_programs,
    problem_of,
    wrong_parameters,
)
from aggregator.web.service import Service
from aggregator.web.work import TIME_LIMIT, Work

_DESCRIPTION = (
    "Search what Iranian ministries and their provincial offices publish. Nothing is written but saved "
    "searches, by a form for people. Days are accepted as ISO or Jalali, in any digits; a year below 1700 is "
    "Jalali. Errors are RFC 9457 problem details that name the parameter."
)


def make_app(service: Service, access: Access, *, time_limit: float = TIME_LIMIT) -> ASGIApp:
    """All of it, for a server. ``service`` is open."""
    app = FastAPI(
        title="aggregator",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.service, app.state.access, app.state.work = service, access, Work(time_limit)
    app.include_router(api.router)
    app.include_router(downloads.router)
    app.include_router(suggest.router)
    app.include_router(pages.router)
    app.include_router(article.router)
    app.include_router(bulletin.router)
    app.include_router(overview.router)
    app.include_router(compare.router)
    app.include_router(sources.router)
    app.include_router(stories.router)
    app.include_router(saved.router)
    app.include_router(entrance.router)
    app.add_exception_handler(ProblemError, _answer)
    app.add_exception_handler(AggregatorError, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    app.add_exception_handler(HTTPException, _answer)
    app.add_exception_handler(Exception, _answer)
    app.add_middleware(GZipMiddleware, compresslevel=6)
    app.state.openapi = openapi(app)
    guarded: ASGIApp = Gate(app, access, refuse)
    return FromProxies(guarded, access.proxies, refuse) if access.proxies else guarded


def refuse(request: Request, problem: ProblemError) -> Response:
    """The answer for programs, or for people."""
    if is_for_programs(request.url.path):
        return problem.response()
    return pages.error_page(request, problem)


def _answer(request: Request, error: Exception) -> Response:
    return refuse(request, _problem(error))


def _problem(error: Exception) -> ProblemError:
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, AggregatorError):
        return problem_of(error)
    if isinstance(error, RequestValidationError):
        return wrong_parameters(error.errors())
    if isinstance(error, HTTPException):
        return ProblemError(error.status_code, str(error.detail), headers=error.headers)
    return ProblemError(500, "this is a mistake of ours; the server's log has it")


# --- OpenAPI ------------------------------------------------------------------------------------------------


def openapi(app: FastAPI) -> dict[str, Any]:
    """The document, with errors as what they are sent as."""
    document = app.openapi()
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if int(status) >= 400 and "application/json" in content:
                    response["content"] = {MEDIA_TYPE: content["application/json"]}
    return document
