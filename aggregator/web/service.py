"""What the API and the pages ask of a workspace. All of it blocks and may raise AggregatorError."""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aggregator.changes import Edit
from aggregator.crawl.health import Finding, judge
from aggregator.errors import AggregatorError
from aggregator.index.sync import sync
from aggregator.model import Organisation, StoredArticle
from aggregator.persian.calendar import jalali_date
from aggregator.record import Record, to_record
from aggregator.search import search
from aggregator.search.days import first_day, last_day
from aggregator.search.plan import plan_search
from aggregator.search.results import SearchRequest, SearchResult
from aggregator.store.health import DATES
from aggregator.stories.catch_up import group_stories
from aggregator.stories.story import Story, read_story
from aggregator.web.problems import ProblemError
from aggregator.workspace import Workspace

EXPORT_LIMIT = 100_000  # articles of one export
DAYS_OF_MONTHS = 2  # Jalali months of a search whose days are counted one by one
STORIES_AT_ONCE = 2_000  # articles that are put into their stories before the index is looked at again
RECENT_DAYS = 30  # that articles a day are counted of
SOURCES_KEPT = 60.0  # seconds that the health of all sources is good for: it takes a while to find out

_ID = re.compile(r"[0-9a-f]{1,64}")


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source of the registry, or one that was crawled by its address, and how it fares."""

    id: str
    label: str  #: name of its organisation, else the id
    organisation: str | None
    province: str | None
    url: str | None
    articles: int = 0
    newest: datetime | None = None  #: publication of its newest article
    last_success: datetime | None = None
    failures: int = 0  #: runs in a row
    last_error: str | None = None
    findings: tuple[Finding, ...] = ()
    per_day: float = 0.0  #: articles of the last ``RECENT_DAYS``
    promised: int = 0  #: pages that its lists promised
    collected: int = 0  #: how many of them gave an article
    crawled: bool = False  #: False: nobody has tried it yet


@dataclass(frozen=True, slots=True)
class Day:
    """How many of the articles found were published on this day in Tehran."""

    day: date
    count: int

    @property
    def jalali(self) -> str:
        return jalali_date(self.day)


@dataclass
class Service:
    """One workspace, asked by many threads."""

    workspace: Workspace
    _sources: tuple[float, list[SourceStatus]] | None = None
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Opens what is opened lazily, before several threads want it; what is wrong with it is told here."""
        _ = self.workspace.registry, self.workspace.store, self.workspace.index

    def catch_up(self) -> str | None:
        """Index what is pending, and find its stories; None where all went well, else why the newest articles
        may be missing. After an update of a large database the index does not wait for all of its stories."""
        workspace = self.workspace
        grouped = STORIES_AT_ONCE
        while grouped == STORIES_AT_ONCE:
            try:
                sync(workspace.store, workspace.index, workspace.registry)
                trouble = None
            except AggregatorError as error:
                trouble = str(error)
            try:
                grouped = group_stories(workspace.store, limit=STORIES_AT_ONCE)
            except AggregatorError as error:
                return trouble or str(error)
        return trouble

    # --- searches -----------------------------------------------------------------------------------------

    def search(self, request: SearchRequest) -> SearchResult:
        return search(request, self.workspace.index, self.workspace.registry)

    def hits(self, result: SearchResult) -> list[dict[str, Any]]:
        """The hits as JSON, each with its ``story`` and how many ``reposts`` there are of it."""
        hits: list[dict[str, Any]] = result.to_json()["hits"]
        stories = self.workspace.store.stories.of([hit["id"] for hit in hits])
        for hit in hits:
            found = stories.get(hit["id"])
            hit |= {"story": found and found.story, "reposts": found.size - 1 if found else 0}
        return hits

    def days(self, request: SearchRequest, result: SearchResult) -> list[Day] | None:
        """The days of a search of few months with how many were published; None: there are too many."""
        months = [month.month for month in result.timeline]
        if len(months) > DAYS_OF_MONTHS:
            return None
        days = (
            day
            for month in months
            for day in _days(first_day(month), last_day(month))
            if (request.since or day) <= day <= (request.until or day)
        )
        counted = (
            Day(day, self.search(replace(request, since=day, until=day, size=0)).total) for day in days
        )
        return [day for day in counted if day.count]

    def export_ids(self, request: SearchRequest) -> Iterator[str]:
        """Ids of all that a search finds, newest first. ProblemError for more than ``EXPORT_LIMIT``."""
        total = self.search(replace(request, size=0)).total
        if total > EXPORT_LIMIT:
            raise ProblemError(
                422,
                f"{total:,} articles are too many for one export (at most {EXPORT_LIMIT:,}): ask for fewer, "
                "for example year by year, or use `aggregator export` on the machine itself",
                parameter="q",
            )
        plan = plan_search(replace(request, sort="date"), self.workspace.registry)
        return self.workspace.index.ids(plan)

    def records(self, ids: Iterator[str]) -> Iterator[Record]:
        """The export records of these; what the index has and the database not is left out."""
        for article_id in ids:
            stored = self.workspace.store.get_article(article_id)
            if stored is not None:
                yield to_record(stored)

    # --- articles -----------------------------------------------------------------------------------------

    def article(self, article_id: str) -> StoredArticle:
        """The current revision; ProblemError where there is no such article."""
        stored = self.workspace.store.get_article(article_id) if _ID.fullmatch(article_id) else None
        if stored is None:
            raise ProblemError(404, "there is no article with this id", parameter="id")
        return stored

    def edits(self, article_id: str) -> list[Edit]:
        """What each revision after the first changed."""
        return self.workspace.store.changes(article_id)

    def story(self, article_id: str) -> Story:
        """The articles that have the text of this one; ProblemError where there is no such article."""
        found = read_story(self.workspace.store, article_id) if _ID.fullmatch(article_id) else None
        if found is None:
            raise ProblemError(404, "there is no article or story with this id", parameter="id")
        return found

    # --- who publishes ------------------------------------------------------------------------------------

    def organisations(self) -> list[tuple[Organisation, int]]:
        """All organisations in Persian order, with how many articles are theirs."""
        found = self.search(SearchRequest(size=0)).facets.get("organisation", ())
        counts = {value.value: value.count for value in found}
        known = self.workspace.registry.organisations.values()
        return [(one, counts.get(one.id, 0)) for one in sorted(known, key=lambda one: persian_key(one.name))]

    def sources(self) -> list[SourceStatus]:
        """All sources in Persian order, as they were at most ``SOURCES_KEPT`` ago."""
        with self._looking:
            if self._sources is None or time.monotonic() - self._sources[0] > SOURCES_KEPT:
                self._sources = (time.monotonic(), self._look_at_sources())
            return self._sources[1]

    def _look_at_sources(self) -> list[SourceStatus]:
        crawled = set(self.workspace.store.crawled_sources())
        names = crawled | set(self.workspace.registry.sources)
        collected = self.workspace.store.coverage.collected()
        found = [self._status(name, collected.get(name, (0, 0)), crawled=name in crawled) for name in names]
        return sorted(found, key=lambda one: (persian_key(one.label), one.id))

    def _status(self, name: str, collected: tuple[int, int], *, crawled: bool) -> SourceStatus:
        registry = self.workspace.registry
        source = registry.sources.get(name)
        organisation, province = registry.owner(source)
        plain = SourceStatus(
            name, registry.label(name), organisation, province, source.url if source else None
        )
        if not crawled:
            return plain
        history = self.workspace.store.source_history(name)
        health = judge(history)
        return replace(
            plain,
            articles=history.articles,
            newest=history.dates[0] if history.dates else None,
            last_success=history.last_success,
            failures=health.failures,
            last_error=health.last_error,
            findings=health.findings,
            per_day=per_day(history.dates, datetime.now(UTC)),
            promised=collected[0],
            collected=collected[1],
            crawled=True,
        )


def per_day(dates: Sequence[datetime], now: datetime) -> float:
    """Articles a day of late, of the dates of the newest articles, as ``SourceHistory`` has them."""
    begin = now - timedelta(days=RECENT_DAYS)
    if len(dates) == DATES and dates[-1] > begin:
        begin = dates[-1]  # there are more than it has
    return sum(begin < one <= now for one in dates) / max((now - begin) / timedelta(days=1), 1)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


# --- Persian order ------------------------------------------------------------------------------------------

_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_PLACES = {ord(letter): chr(0x100 + place) for place, letter in enumerate(_ALPHABET)}
_PLACES |= {ord(one): _PLACES[ord(other)] for one, other in zip("يىئكةؤأإ", "یییکهواا", strict=True)}
_PLACES |= {ord("\u200c"): " "}


def persian_key(text: str) -> str:
    """Sorts by the Persian alphabet: پ after ب, گ after ک, whatever their code points are."""
    return text.translate(_PLACES)
