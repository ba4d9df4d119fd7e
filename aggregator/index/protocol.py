"""What every search index can do, whatever engine it stands on."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from aggregator.errors import AggregatorError, FixCommandError
from aggregator.index.document import IndexDocument
from aggregator.search.plan import SearchPlan
from aggregator.search.results import SearchResult

#: Noted where a search meets no index.
EMPTY = "the search index is empty: nothing was collected yet, or it was lost (`aggregator reindex` fills it)"


class RebuildIndexError(AggregatorError):
    """The index cannot be read, or was written by another version: ``aggregator reindex`` rebuilds it."""

    def __init__(self, where: object, why: str) -> None:
        super().__init__(
            f"the search index {where} {why}; `aggregator reindex` builds it again from the database"
        )


class ForbiddenError(FixCommandError):
    """The account that was given may not do this: give it the right to, or take another."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the engine will not take, now or later."""

    id: str
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuilding came to."""

    count: int  #: articles that can be found
    refused: tuple[Refused, ...] = ()
    kept: tuple[str, ...] = ()  #: former indices, which ``drop_old`` deletes


class IndexWriter(Protocol):
    """Changes to an index, given inside ``SearchIndex.writing``."""

    refused: list[Refused]  #: known at the end of the writing; all other documents are in the index then

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Put documents in; one with the id of another replaces it."""

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are ignored."""


class SearchIndex(Protocol):
    """An index: always derived, never the truth. TryLaterError wherever the engine is away or full."""

    def is_current(self) -> bool:
        """Whether it was built by this version of the software; False also for a new and for a broken one."""

    def changes(self) -> tuple[str, ...]:
        """What keeps it from being current, a sentence each; (): nothing, or there is none yet."""

    def writing(self, patience: float | None = None) -> AbstractContextManager[IndexWriter]:
        """Changes that are sent and become visible at the end, and not at all after an exception.

        TryLaterError where the engine has taken nothing for ``patience`` seconds (None: what suits a crawl):
        what has arrived by then may stand, and the same changes may be given again. Readers are never
        blocked.
        """

    def rebuild(self, documents: Iterable[IndexDocument]) -> Rebuilt:
        """Replace everything by these documents, and make the index current.

        Readers see the old content until the new one is complete, where the old one can be read at all.
        """

    def search(self, plan: SearchPlan) -> SearchResult:
        """One page of what the plan asks for; facet labels are the values. RebuildIndexError if it cannot."""

    def ids(self, plan: SearchPlan) -> Iterator[str]:
        """The ids of everything the plan asks for, newest first, as of one moment."""

    def count(self) -> int:
        """How many articles can be found."""

    def drop_old(self) -> tuple[str, ...]:
        """Delete what rebuilding left of former indices; their names."""
