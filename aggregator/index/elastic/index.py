"""An Elasticsearch index behind two aliases: one that is read, and one that is written.

``NAME`` is read and ``NAME-write`` is written; both stand for one index, ``NAME-000001`` say. While a new
index is filled it is ``NAME-next``, and every change goes to both; then the aliases are moved in one step.
"""

import logging
import random
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from aggregator.batches import batches
from aggregator.errors import AggregatorError, FixCommandError, TryLaterError
from aggregator.index.document import IndexDocument
from aggregator.index.elastic import mapping
from aggregator.index.elastic.client import Access, connect, told
from aggregator.index.elastic.document import elastic_document
from aggregator.index.elastic.search import Reading
from aggregator.index.elastic.write import AliasGoneError, Change, Delivery
from aggregator.index.protocol import EMPTY, RebuildIndexError, Rebuilt, Refused
from aggregator.search.plan import SearchPlan
from aggregator.search.results import SearchResult

logger = logging.getLogger(__name__)

FRESH = 10.0  #: seconds that it is believed what the index was made by
FILLED_AT_ONCE = 1000  #: documents
SAMPLE = 200  #: documents of a new index that are looked for before it takes over
_SWAPS = 5  #: times that the aliases may be taken elsewhere while one batch is written


@dataclass(frozen=True, slots=True)
class _State:
    """The indices behind the aliases, and what each was made by."""

    live: str | None
    next: str | None
    made_by: dict[str, dict[str, Any]]

    def changes(self, index: str | None) -> tuple[str, ...]:
        return mapping.changes(self.made_by[index]) if index else ()


class ElasticIndex:
    """See ``SearchIndex`` for what it does. Safe for several threads, and for many processes at once."""

    def __init__(self, access: Access) -> None:
        self.name, self.where = access.name, access.where
        self._access = access
        self._client: Elasticsearch = connect(access)
        # Where the answer to what was done is lost, to ask for it once more would be refused.
        self._once = self._client.options(max_retries=0)
        self._delivery = Delivery(self._client, access.where)
        self._checked = float("-inf")

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def is_current(self) -> bool:
        """Whether there is an index of this version."""
        state = self._state()
        return bool(state.live) and not state.changes(state.live)

    def changes(self) -> tuple[str, ...]:
        """What keeps it from being current, see ``SearchIndex``."""
        state = self._state()
        return state.changes(state.live)

    # --- reading ------------------------------------------------------------------------------------------

    def search(self, plan: SearchPlan) -> SearchResult:
        """One page, see ``SearchIndex``."""
        self._check()
        with told(self.where):
            try:
                return Reading(self._client, self.name, plan).page()
            except NotFoundError:
                return SearchResult(total=0, hits=(), notes=(EMPTY,))

    def ids(self, plan: SearchPlan) -> Iterator[str]:
        """All ids, newest first, see ``SearchIndex``."""
        self._check()
        with told(self.where), suppress(NotFoundError):
            yield from Reading(self._client, self.name, plan).ids()

    def count(self) -> int:
        """How many articles can be found."""
        with told(self.where):
            try:
                return self._counted(self.name)
            except NotFoundError:
                return 0

    def _counted(self, index: str) -> int:
        answer = self._client.count(index=index)
        if answer["_shards"]["failed"]:
            raise TryLaterError(f"a part of the search index {self.where} is away")
        return int(answer["count"])

    def _check(self) -> None:
        """Now and then, whether the index still speaks our language."""
        if time.monotonic() - self._checked < FRESH:
            return
        if changed := self.changes():
            raise self._outdated(changed)
        self._checked = time.monotonic()

    def _outdated(self, changed: tuple[str, ...]) -> RebuildIndexError:
        return RebuildIndexError(
            self.where, f"was written by another version of this software: {', '.join(changed)}"
        )

    # --- writing ------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator["ElasticWriter"]:
        """Changes that are sent at the end, see ``SearchIndex``."""
        self._ensure()
        writer = ElasticWriter()
        yield writer
        with told(self.where):
            self._send(list(writer.changes.values()), writer.refused, patience)

    def _send(self, changes: list[Change], refused: list[Refused], patience: float | None) -> None:
        """To the live index, and before to one that is being filled: what was found once is found there."""
        for _ in range(_SWAPS):
            refused.clear()
            state = self._state()
            self._stay_with(state)
            try:
                if state.next:
                    self._bring(f"{self.name}-next", changes, patience)
                refused += self._bring(f"{self.name}-write", changes, patience)
            except AliasGoneError:  # taken over just now: the new index has to have all of this
                continue
            return
        raise TryLaterError(f"the search index {self.where} is being replaced again and again")

    def _bring(self, alias: str, changes: list[Change], patience: float | None) -> list[Refused]:
        refused = self._delivery.send(alias, changes, patience)
        self._client.indices.refresh(index=alias, ignore_unavailable=True)
        return refused

    def _stay_with(self, state: _State) -> None:
        """RebuildIndexError or TryLaterError where the documents of this version do not fit."""
        if changed := state.changes(state.live):
            raise self._outdated(changed)
        if state.changes(state.next):
            raise TryLaterError(f"another version of this software is filling the search index {self.where}")

    def _ensure(self) -> None:
        state = self._state()
        if state.live:
            self._stay_with(state)
            return
        with told(self.where):
            try:
                self._create(1, ("", "-write"))
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise
                if not self._state().live:  # no other process was faster: it is there, without our names
                    raise RebuildIndexError(
                        self.where, f"has lost the aliases of {self.name}-000001"
                    ) from None

    def _create(self, number: int, aliases: Iterable[str]) -> str:
        index = f"{self.name}-{number:06d}"
        self._once.indices.create(
            index=index,
            **mapping.index_body(self._access.shards),
            aliases={f"{self.name}{alias}": {} for alias in aliases},
        )
        return index

    # --- a new index --------------------------------------------------------------------------------------

    def rebuild(self, documents: Iterable[IndexDocument]) -> Rebuilt:
        """Fill a new index beside the old one and take over its aliases, see ``SearchIndex``."""
        state = self._state()
        if state.next:  # left by one that was killed
            self._drop(state.next)
        with told(self.where):
            made = self._create(self._last_number() + 1, ("-next",))
        try:
            refused = self._fill(made, documents)
        except BaseException as error:
            with suppress(AggregatorError):
                if self._state().next == made:  # not that of another process which has taken this over
                    self._drop(made)
            if isinstance(error, AliasGoneError):
                raise TryLaterError(f"another process fills the search index {self.where} too") from error
            raise
        self._take_over(made)
        return Rebuilt(self.count(), tuple(refused), tuple(self._retired()))

    def _fill(self, made: str, documents: Iterable[IndexDocument]) -> list[Refused]:
        """RebuildIndexError unless everything that was sent can be found at the end."""
        refused: list[Refused] = []
        sample: dict[str, int] = {}
        sent = 0
        for batch in batches(map(_to_change, documents), FILLED_AT_ONCE):
            with told(self.where):
                refused += self._delivery.send(f"{self.name}-next", batch)
            for change in batch:
                sent += 1
                if len(sample) < SAMPLE:
                    sample[change.id] = change.revision
                elif random.randrange(sent) < SAMPLE:
                    sample.pop(random.choice(list(sample)))
                    sample[change.id] = change.revision
        for one in refused:
            sample.pop(one.id, None)
        self._verify(made, sent - len(refused), sample)
        return refused

    def _verify(self, made: str, expected: int, sample: dict[str, int]) -> None:
        with told(self.where):
            self._client.indices.refresh(index=made)
            found = self._counted(made)
            missing = self._missing(made, sample) if sample else []
        if found < expected or missing:
            raise RebuildIndexError(
                self.where, f"was not filled: {found:,} of {expected:,} articles arrived, {missing} did not"
            )

    def _missing(self, made: str, sample: dict[str, int]) -> list[str]:
        answer = self._client.mget(index=made, ids=list(sample), source=False)
        there = {one["_id"]: one["_version"] for one in answer["docs"] if one.get("found")}
        return [key for key, revision in sample.items() if there.get(key, 0) < revision]

    def _take_over(self, made: str) -> None:
        """Both aliases in one step.

        What is made stays even if this fails: it may be done later, or be done and only the answer lost.
        """
        actions: list[dict[str, Any]] = [{"remove": {"index": made, "alias": f"{self.name}-next"}}]
        live = self._state().live
        for alias in (self.name, f"{self.name}-write"):
            if live:
                actions.append({"remove": {"index": live, "alias": alias}})
            actions.append({"add": {"index": made, "alias": alias}})
        try:
            with told(self.where):
                self._once.indices.update_aliases(actions=actions)
        except AggregatorError:
            if self._state().live != made:
                raise
        logger.info("%s is now %s", self.name, made)

    def drop_old(self) -> tuple[str, ...]:
        """Delete the indices that no alias stands for any more, see ``SearchIndex``."""
        retired = self._retired()
        for index in retired:
            self._drop(index)
        return tuple(retired)

    def _retired(self) -> list[str]:
        state = self._state()
        return [index for index in self._numbered() if index not in (state.live, state.next)]

    def _numbered(self) -> list[str]:
        with told(self.where):
            found = self._client.indices.get_alias(index=f"{self.name}-*", allow_no_indices=True)
        return sorted(index for index in found if re.fullmatch(rf"{re.escape(self.name)}-\d{{6}}", index))

    def _last_number(self) -> int:
        return max((int(index[-6:]) for index in self._numbered()), default=0)

    def _drop(self, index: str) -> None:
        with told(self.where), suppress(NotFoundError):
            self._client.indices.delete(index=index)

    def _state(self) -> _State:
        """One look at all aliases at once."""
        wanted = {suffix: f"{self.name}{suffix}" for suffix in ("", "-write", "-next")}
        with told(self.where):
            found = self._client.indices.get(
                index=",".join(wanted.values()),
                ignore_unavailable=True,
                features=["aliases", "mappings"],
                filter_path="*.aliases,*.mappings._meta",
            )
            if not found:  # what the account may not see looks like nothing: then this is refused
                self._client.indices.exists(index=self.name)
        behind: dict[str, list[str]] = {alias: [] for alias in wanted.values()}
        for index, its in found.items():
            for alias in its.get("aliases", {}):
                behind.get(alias, []).append(index)
        self._expect(dict(found), behind)
        made_by = {index: its.get("mappings", {}).get("_meta", {}) for index, its in found.items()}
        return _State(_one(behind[self.name]), _one(behind[wanted["-next"]]), made_by)

    def _expect(self, found: dict[str, Any], behind: dict[str, list[str]]) -> None:
        """FixCommandError where the names stand for something that is not ours."""
        read, write = behind[self.name], behind[f"{self.name}-write"]
        if read != write or len(read) > 1 or set(found) & set(behind):
            raise FixCommandError(
                f"the names {self.name} and {self.name}-write at {', '.join(self._access.hosts)} are not two "
                f"aliases of one index of ours (they are {read} and {write}): choose another name in --index"
            )


class ElasticWriter:
    """The changes of one ``ElasticIndex.writing``; the last one of a document counts."""

    def __init__(self) -> None:
        self.changes: dict[str, Change] = {}
        self.refused: list[Refused] = []

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Put documents in, each in place of the one with its id."""
        for document in documents:
            self.changes[document.id] = _to_change(document)

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are ignored."""
        for article_id in ids:
            self.changes[article_id] = Change(article_id, 0, None)


def _to_change(document: IndexDocument) -> Change:
    return Change(document.id, document.revision, elastic_document(document))


def _one(names: list[str]) -> str | None:
    return names[0] if names else None
