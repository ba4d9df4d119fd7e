"""What a crawl of one source still has to fetch, and what it need not. The store's pages are the queue.

Every link is entered as pending before it is fetched, so a killed crawl goes on where it was; a crawl holds
only a small part of its queue in memory.
"""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from urllib.parse import urlsplit

from aggregator.crawl.outcomes import GONE, Trouble
from aggregator.crawl.revisits import Schedule
from aggregator.model import Link, PageState, PageStatus, Source, StoredArticle
from aggregator.persian.calendar import instant_of_day
from aggregator.persian.fold import fold_key
from aggregator.platforms.base import Platform
from aggregator.registry import Registry
from aggregator.store import Store
from aggregator.urls import article_id, canonical_url, host_of, same_site

DUPLICATE = "duplicate"  #: outcome of a further address of an article, which is not fetched
_BATCH = 500  # links read from the store at once
_MANY = 20  # known links in one document, of which most can hardly have been modified


class Verdict(Enum):
    """What the ledger knows of a link."""

    NEW = "entered just now"
    KNOWN = "entered by a crawl that was cut short, or by this one"
    SETTLED = "seen by a crawl that ended by itself"
    OLD = "dated before the first day that is wanted"


@dataclass(frozen=True, slots=True)
class Offer:
    """What came of the links of one document, in its order; links of other sites are left out."""

    verdicts: tuple[tuple[str, Verdict], ...]  #: address and verdict

    @property
    def new(self) -> int:
        """Links that were entered."""
        return sum(verdict is Verdict.NEW for _, verdict in self.verdicts)


class Ledger:
    """The pages of one source in one crawl.

    ``revisits``: how many known pages that are due are fetched again, when nothing else is to be fetched.
    """

    def __init__(
        self,
        store: Store,
        source: Source,
        registry: Registry,
        since: date | None = None,
        *,
        schedule: Schedule | None = None,
        revisits: int = 0,
    ):
        self._store, self._source = store, source
        self._schedule, self._revisits = schedule or Schedule(), revisits
        self._since = instant_of_day(since) if since else None
        self._foreign = _folders_of_others(source, registry)
        self.platform: Platform | None = None  #: tells which addresses mean the same article
        self._met: dict[str, str] = {}  # identity of an article → the address that is fetched
        self._spare: dict[str, Link] = {}  # identity → another address, should the first give nothing
        self._not_articles: set[str] = set()
        self._taken: set[str] = set()
        self._ready: deque[Link] = deque()
        self._again: deque[Link] = deque()  # due: after all others
        self._may_have_more = True
        self._known: dict[str, PageState] = {}  # pages to be fetched again, as they were

    def exclude(self, url: str) -> None:
        """Say that an address is a feed, sitemap or listing: it is never an article."""
        self._not_articles.add(url)

    def offer(self, links: Sequence[Link]) -> Offer:
        """Enter what a document promises; known pages are fetched again where they were modified since."""
        ours = [link for link in links if self._is_ours(link.url)]
        wanted = [link for link in ours if not self._is_old(link)]
        known = self._store.known_pages(self._source.id, [link.url for link in wanted])
        new = [link for link in wanted if link.url not in known]
        doubles = {link.url for link in new if self._is_double(link)}
        if len(new) > len(doubles):
            self._store.add_pending(self._source.id, [link for link in new if link.url not in doubles])
            self._may_have_more = True
        for url in doubles:
            self._store.save_page(self._state(url, "done", DUPLICATE))
        modified = self._modified(wanted, known)
        self._known.update((link.url, known[link.url]) for link in modified)
        self._ready.extend(modified)
        states = {link.url: _verdict(known.get(link.url), link.url in doubles) for link in wanted}
        return Offer(tuple((link.url, states.get(link.url, Verdict.OLD)) for link in ours))

    def enter(self, link: Link) -> None:
        """Enter one article that is being fetched already."""
        self._store.add_pending(self._source.id, [link])
        self._taken.add(link.url)

    def take(self, count: int) -> list[Link]:
        """Up to ``count`` links to fetch now, each once in a crawl; [] if there is none at present."""
        if len(self._ready) < count and self._may_have_more:
            self._ready.extend(self._pending())
        if not self._ready:
            self._again.extend(self._due())
        return self._first(self._ready, count) or self._first(self._again, count)

    def _first(self, queue: deque[Link], count: int) -> list[Link]:
        links: list[Link] = []
        while queue and len(links) < count:
            link = queue.popleft()
            if link.url not in self._taken:
                self._taken.add(link.url)
                links.append(link)
        return links

    def known(self, link: Link) -> PageState | None:
        """How the page was when it last gave its article; None: a first look, or the last one failed."""
        state = self._known.get(link.url)
        return state if state and state.status == "done" and state.article_id else None

    def unchanged(self, link: Link, answer: PageState) -> None:
        """Note that a page is as it was. ``answer``: its status, time and validators, where it sent any."""
        state = self._known.pop(link.url)
        self._store.page_unchanged(
            replace(
                state,
                outcome="unchanged",
                http_status=answer.http_status,
                checked_at=answer.checked_at,
                etag=answer.etag or state.etag,
                last_modified=answer.last_modified or state.last_modified,
            ),
            self._schedule.next_check,
        )

    def record(self, link: Link, trouble: Trouble) -> bool:
        """Note that a page could not be had, and why; whether its article counts as deleted by that."""
        state = self._state(link.url, trouble.status, trouble.outcome, trouble.http_status)
        deleted = False
        if trouble.http_status in GONE:
            schedule = self._schedule
            deleted = self._store.page_missing(state, schedule.confirm_after, schedule.next_check)
        else:
            self._store.save_page(state, self._schedule.next_check)
        self.gave_nothing(link)
        return deleted

    def gave_nothing(self, link: Link) -> None:
        """Say that there is no article at an address; another one of the same article is tried."""
        identity = self._identity(link.url)
        spare = self._spare.pop(identity, None)
        if spare is not None:
            self._met[identity] = spare.url
            self._ready.append(spare)
        elif self._met.get(identity) == link.url:  # the next page of a list may know another address
            del self._met[identity]

    def _state(self, url: str, status: PageStatus, outcome: str, http_status: int | None = None) -> PageState:
        now, attempts = datetime.now(UTC), int(status == "failed")
        return PageState(url, self._source.id, status, outcome, None, now, http_status, attempts)

    def _due(self) -> list[Link]:
        """Known pages that are to be looked at again; asked for once in a crawl."""
        limit, self._revisits = self._revisits, 0
        if not limit:
            return []
        links = self._store.due_links(self._source.id, datetime.now(UTC), limit)
        links = [link for link in links if link.url not in self._taken]
        self._known |= self._store.known_pages(self._source.id, [link.url for link in links])
        return links

    def _identity(self, url: str) -> str:
        return canonical_url(url, self.platform)

    def _is_double(self, link: Link) -> bool:
        """Whether a new address is one more of an article that is stored or about to be fetched.

        Feeds and lists of some systems give the same article addresses of their own.
        """
        identity = self._identity(link.url)
        if self._met.setdefault(identity, link.url) != link.url:
            self._spare.setdefault(identity, link)
            return True
        if self._store.article_url(article_id(identity)) in (None, link.url):
            return False
        stored = self._store.get_article(article_id(identity))
        return stored is not None and not _is_edited(link, stored)

    def _pending(self) -> list[Link]:
        """Pending links that this crawl has not had; those in its hands stand before them."""
        limit = _BATCH
        while True:
            links = self._store.pending_links(self._source.id, limit)
            ready = {link.url for link in self._ready}
            fresh = [link for link in links if not self._is_done_with(link, ready)]
            if fresh or len(links) < limit:
                self._may_have_more = len(links) >= limit
                for link in fresh:
                    self._met.setdefault(self._identity(link.url), link.url)
                return fresh
            limit *= 4

    def _is_done_with(self, link: Link, ready: Collection[str]) -> bool:
        url = link.url
        return url in self._taken or url in ready or url in self._not_articles or self._is_old(link)

    def _modified(self, links: Sequence[Link], known: dict[str, PageState]) -> list[Link]:
        """Links that a document says were modified after we fetched them.

        Some sites put the present time to every page; a document that says so of most pages is not believed.
        """
        found = [link for link in links if _is_modified(link, known.get(link.url))]
        if len(found) > max(_MANY, len(known) / 2):
            return []
        return [link for link in found if link.url not in self._taken]

    def _is_ours(self, url: str) -> bool:
        if url in self._not_articles or not same_site(url, self._source.url):
            return False
        return not self._foreign or not urlsplit(url).path.startswith(self._foreign)

    def _is_old(self, link: Link) -> bool:
        dated = link.published.instant if link.published else link.modified
        return self._since is not None and dated is not None and dated < self._since


def _verdict(state: PageState | None, is_double: bool) -> Verdict:
    if state is None:
        return Verdict.KNOWN if is_double else Verdict.NEW
    return Verdict.SETTLED if state.settled else Verdict.KNOWN


def _is_edited(link: Link, stored: StoredArticle) -> bool:
    """Whether a new address of a stored article tells of an edit: a new headline often makes a new slug."""
    if link.modified is not None and link.modified > stored.last_seen:
        return True
    return link.headline is not None and fold_key(link.headline) != fold_key(stored.article.headline)


def _is_modified(link: Link, state: PageState | None) -> bool:
    if state is None or link.modified is None or state.status not in ("done", "rejected"):
        return False
    looked = state.checked_at or state.fetched_at
    return looked is not None and link.modified > looked


def _folders_of_others(source: Source, registry: Registry) -> tuple[str, ...]:
    """Folders on the same host, inside the source's own, that belong to other sources of the registry."""
    if source.id not in registry.sources:
        return ()
    own = urlsplit(source.url).path.rpartition("/")[0] + "/"
    folders = (
        urlsplit(other.url).path.rpartition("/")[0] + "/"
        for other in registry.sources.values()
        if other.id != source.id and host_of(other.url) == host_of(source.url)
    )
    return tuple(folder for folder in folders if folder.startswith(own) and folder != own)
