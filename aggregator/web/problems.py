"""Errors as answers: RFC 9457 problem details for programs."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from aggregator.errors import AggregatorError, FixQueryError, TryLaterError
from aggregator.index.protocol import RebuildIndexError
from aggregator.store.codec import to_json

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 30  # seconds that a client is asked to wait while the index or the database is away

_log = logging.getLogger(__name__)


class ProblemError(Exception):
    """Ends a request with this answer."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        parameter: str | None = None,
        position: int | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.parameter, self.position, self.errors = parameter, position, errors
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """For programs."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.parameter is not None:
            body["parameter"] = self.parameter
        if self.position is not None:
            body["position"] = self.position
        if self.errors:
            body["errors"] = list(self.errors)
        return Response(to_json(body), self.status, self.headers, MEDIA_TYPE)


def is_for_programs(path: str) -> bool:
    """Whether what is there is read by programs: the API, and the feeds of saved searches."""
    return path.startswith("/api/") or "/feed." in path


def try_later(detail: str) -> ProblemError:
    """What is away now may be back soon."""
    return ProblemError(503, detail, headers={"Retry-After": str(RETRY_AFTER)})


def problem_of(error: AggregatorError) -> ProblemError:
    """The answer for an error of the product."""
    if isinstance(error, FixQueryError):
        # Sizes and days were looked at before: without a position it is the cursor.
        parameter = "cursor" if error.position is None else "q"
        return ProblemError(400, str(error), parameter=parameter, position=error.position)
    if isinstance(error, TryLaterError | RebuildIndexError):
        return try_later(str(error))
    _log.error("%s", error)
    return ProblemError(500, "the settings of this server are wrong; its log says how")


def wrong_parameters(errors: Sequence[Mapping[str, Any]]) -> ProblemError:
    """What pydantic says of the parameters, a sentence each."""
    found = [{"parameter": _name(error), "detail": _sentence(error)} for error in errors]
    detail = "; ".join(f"{one['parameter']}: {one['detail']}" for one in found)
    return ProblemError(422, detail, parameter=found[0]["parameter"], errors=found)


def _name(error: Mapping[str, Any]) -> str:
    return str(error["loc"][-1])[:100]


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such parameter"
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
