"""Documents on their way into Elasticsearch: every outcome is read, and nothing is given up that may pass.

The client's helpers are not used: they do not wait for an overloaded node, tell nothing of which documents
went together, and take an answer for whole that speaks of too few.
"""

import json
import logging
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn, TypeGuard

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from aggregator.errors import TryLaterError
from aggregator.index.elastic.client import answered, explain, forbidden, is_passing
from aggregator.index.protocol import RebuildIndexError, Refused

logger = logging.getLogger(__name__)

MOST_BYTES = 8_000_000  #: of one request
LEAST_BYTES = 10_000
MOST_CHANGES = 1000  #: in one request
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  #: seconds
PATIENCE = 60.0  #: seconds without any progress, after which it is given up for now


class AliasGoneError(Exception):
    """The alias that was written to is no more: it has just been taken to another index."""


class _BusyError(Exception):
    """The cluster takes nothing now; says why."""


@dataclass(frozen=True)
class Change:
    """One document to be written, or (``document`` is None) taken out."""

    id: str
    revision: int
    document: dict[str, Any] | None

    @cached_property
    def encoded(self) -> bytes | None:
        """The document as it is sent, however often."""
        if self.document is None:
            return None
        # Half a surrogate pair, which UTF-8 does not know, becomes the escape of JSON that it looks like.
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode(
            errors="backslashreplace"
        )

    @property
    def weight(self) -> int:
        """Bytes that it takes of a request, or a few more."""
        return len(self.encoded or b"") + len(self.id) + 100

    def lines(self) -> list[bytes]:
        """As a request has it.

        The revision is the version: an older one never replaces a newer one, whoever comes first. One of the
        same revision does: the article may have been read better.
        """
        if self.encoded is None:
            return [json.dumps({"delete": {"_id": self.id}}).encode()]
        action = {"index": {"_id": self.id, "version": self.revision, "version_type": "external_gte"}}
        return [json.dumps(action).encode(), self.encoded]


class Delivery:
    """Brings changes to an alias. To be used again and again: it learns what a request may weigh."""

    def __init__(self, client: Elasticsearch, where: str) -> None:
        # What is sent again, and when, is decided here; the client's own tries would multiply it.
        self._client, self._where = client.options(max_retries=0), where
        self._bytes = self._most_bytes = MOST_BYTES

    def send(self, alias: str, changes: Iterable[Change], patience: float | None = None) -> list[Refused]:
        """Brings all of them; those that can never be taken are told.

        TryLaterError when nothing has moved for ``patience`` (else ``PATIENCE``): what arrived stands.
        AliasGoneError, RebuildIndexError (the index does not know a field), ForbiddenError.
        """
        patience = PATIENCE if patience is None else patience
        round_ = _Round(alias, {change.id: change for change in changes}, patience)
        wait, deadline = FIRST_WAIT, time.monotonic() + patience
        while True:
            before = len(round_.waiting)
            self._pass(round_)
            if not round_.waiting:
                return round_.refused
            if len(round_.waiting) < before:
                wait, deadline = FIRST_WAIT, time.monotonic() + patience
            if time.monotonic() + wait > deadline:
                raise TryLaterError(f"Elasticsearch {self._where} takes no documents now: {round_.trouble}")
            logger.info("%d documents wait %.1f s: %s", len(round_.waiting), wait, round_.trouble)
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _pass(self, round_: "_Round") -> None:
        """One try of all that wait; the first sign that the cluster is busy or away ends it."""
        try:
            for parcel in self._parcels(list(round_.waiting.values())):
                self._deliver(parcel, round_)
                self._bytes = min(2 * self._bytes, self._most_bytes)
        except _BusyError as error:
            self._bytes = max(self._bytes // 2, LEAST_BYTES)
            round_.trouble = str(error)

    def _parcels(self, changes: Sequence[Change]) -> Iterator[list[Change]]:
        parcel: list[Change] = []
        weight = 0
        for change in changes:
            if parcel and (weight + change.weight > self._bytes or len(parcel) == MOST_CHANGES):
                yield parcel
                parcel, weight = [], 0
            parcel.append(change)
            weight += change.weight
        if parcel:
            yield parcel

    def _deliver(self, parcel: list[Change], round_: "_Round") -> None:
        """One request. One that is refused as a whole goes again in halves, until the guilty one is alone."""
        lines: list[Any] = [line for change in parcel for line in change.lines()]
        try:
            answer = self._client.bulk(
                index=round_.alias,
                operations=lines,
                require_alias=True,
                timeout=f"{math.ceil(round_.patience)}s",  # the cluster's own, for a shard that is away
            )
        except (ApiError, TransportError) as error:
            if not _is_its_fault(error):
                self._pause(error)
            elif len(parcel) == 1:
                round_.refuse(parcel[0], _why_whole(error))
            else:
                self._halve(error, parcel, round_)
        else:
            self._read(answer.body, parcel, round_)

    def _pause(self, error: Exception) -> NoReturn:
        """Some may have arrived: to send them again does no harm."""
        trouble = explain(error, self._where)
        raise _BusyError(str(trouble)) if isinstance(trouble, TryLaterError) else trouble from error

    def _halve(self, error: ApiError, parcel: list[Change], round_: "_Round") -> None:
        if error.status_code == 413:
            self._most_bytes = max(sum(one.weight for one in parcel) // 2, LEAST_BYTES)
            self._bytes = min(self._bytes, self._most_bytes)
        middle = len(parcel) // 2
        self._deliver(parcel[:middle], round_)
        self._deliver(parcel[middle:], round_)

    def _read(self, answer: Any, parcel: list[Change], round_: "_Round") -> None:
        """Takes what is settled from the waiting; what the answer does not speak of goes on waiting."""
        items = answer.get("items", []) if isinstance(answer, dict) else []
        if len(items) < len(parcel):
            round_.trouble = "it answered for fewer documents than it was given"
        for told in items:
            for outcome in told.values():
                self._settle(outcome, round_)

    def _settle(self, outcome: dict[str, Any], round_: "_Round") -> None:
        change = round_.waiting.get(outcome["_id"])
        if change is None:
            return
        status, why = int(outcome["status"]), _why(outcome)
        if is_passing(status) or any(kind in why for kind in _PASSING_ERRORS):
            round_.trouble = why
        elif status in (401, 403):
            raise forbidden(self._where, why)
        elif status == 404 and why:
            raise AliasGoneError(why)
        elif "strict_dynamic_mapping_exception" in why:
            raise RebuildIndexError(self._where, "was made by another version (it does not know a field)")
        elif status >= 400 and status not in (404, 409):  # 409: it has this revision, or a newer one
            round_.refuse(change, why)
        else:
            del round_.waiting[change.id]


@dataclass
class _Round:
    """What is sent, and what has come of it so far."""

    alias: str
    waiting: dict[str, Change]
    patience: float
    refused: list[Refused] = field(default_factory=list)
    trouble: str = ""  #: why the others wait

    def refuse(self, change: Change, why: str) -> None:
        self.refused.append(Refused(change.id, change.revision, why))
        del self.waiting[change.id]


#: Of an index that is closed, or blocked because the disk is full: the document is not to blame.
_PASSING_ERRORS = ("cluster_block_exception", "index_closed_exception")


def _is_its_fault(error: Exception) -> TypeGuard[ApiError]:
    """Whether the request as such was refused: too large, or with something in it that is no document."""
    return isinstance(error, ApiError) and (
        error.status_code == 413 or (error.status_code == 400 and isinstance(error.body, dict))
    )


def _why(outcome: dict[str, Any]) -> str:
    error = outcome.get("error")
    if not isinstance(error, dict):
        return str(error or "")[:500]
    cause = error.get("caused_by", {}).get("reason", "")
    return f"{error.get('type')}: {error.get('reason')}{f' ({cause})' if cause else ''}"[:500]


def _why_whole(error: ApiError) -> str:
    return _why({"error": answered(error) or str(error)})
