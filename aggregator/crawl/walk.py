"""Walking through the pages of one listing, newest first, and knowing when to stop. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from aggregator.crawl.ledger import Verdict
from aggregator.crawl.pagination import is_calendar
from aggregator.crawl.postback import PostForm
from aggregator.limits import MAX_BROKEN_PAGES, MAX_EMPTY_DAYS, MAX_PAGES

Place = str | PostForm  #: a page of a listing: its address, or the form that leads to it

End = Literal["known", "since", "circle", "empty", "last", "limit", "twin", "broken"]
#: ``known``: enough links in a row were seen by a finished crawl; ``since``: older than wanted; ``circle``: a
#: page without a new link; ``empty``: days without news; ``last``: no further page; ``limit``: MAX_PAGES;
#: ``twin``: another walk reads the same pages; ``broken``: the next page could not be had


@dataclass
class Walk:
    """One walk. ``stop_after`` so many links in a row that a finished crawl had seen; None: never.

    ``resume``: where an earlier walk stood. As soon as this one comes to what is known, it goes on there, and
    from there on nothing but the end of the listing, or what is too old, stops it.
    """

    stop_after: int | None
    max_pages: int = MAX_PAGES
    resume: Place | None = None
    name: str = ""  #: the address that it began at
    days: Iterator[str] | None = None  #: addresses of a calendar's days, each read to its last page
    end: End | None = None  #: why it ended
    number: int = field(default_factory=count().__next__)  #: walks are numbered as they begin
    _seen: set[str] = field(default_factory=set)  # links met on this walk: menus repeat on every page
    _pages: set[Place] = field(default_factory=set)
    _ahead: list[Place] = field(default_factory=list)
    _settled: int = 0
    _empty_days: int = 0
    _broken: int = 0  # pages in a row behind which one was tried that nobody had named

    def step(
        self, place: Place, verdicts: Sequence[tuple[str, Verdict]], next_pages: Sequence[Place]
    ) -> Place | None:
        """The page to read after ``place``, which has these links and names these pages; None: the end."""
        self._pages.add(place)
        self._broken = 0
        first = not self._seen
        fresh = [verdict for link, verdict in verdicts if link not in self._seen]
        self._seen.update(link for link, _ in verdicts)
        # A pager names pages near and far: what this page names comes before what earlier ones did. The days
        # of a calendar, which may have no end, come last.
        ahead = dict.fromkeys([*next_pages, *self._ahead])
        self._ahead = sorted((page for page in ahead if page not in self._pages), key=_is_by_day)
        end = self._end(place, fresh, first)
        if end in ("known", "circle", "last", "empty") and self.resume is not None:
            return self._go_on_there(self.resume)
        if end is not None:
            self.end = end
            return None
        return self._next()

    def forget(self) -> None:
        """Free the memory of a walk that has ended."""
        self._seen.clear()
        self._ahead.clear()

    @property
    def has_begun(self) -> bool:
        """Whether a page of it has been read."""
        return bool(self._pages)

    @property
    def pages(self) -> int:
        """How many pages have been read or passed over."""
        return len(self._pages)

    def skip(self, place: Place, beyond: Place | None = None) -> Place | None:
        """The page to read instead of ``place``, which could not be had; None: the end.

        ``beyond``: what must be the page behind it. It is tried where none was named, a few times in a row.
        """
        self._pages.add(place)
        self._ahead = [page for page in self._ahead if page != place]
        if beyond is not None and not self._ahead and self._broken < MAX_BROKEN_PAGES:
            self._broken += 1
            self._ahead = [beyond] if beyond not in self._pages else []
        if not self._ahead and self.resume is not None:
            return self._go_on_there(self.resume)
        return self._next("broken")

    def _next(self, otherwise: End = "last") -> Place | None:
        if self._ahead:
            return self._ahead.pop(0)
        following = next(self.days, None) if self.days is not None else None
        if following is None:
            self.end = otherwise if self.days is None else "since"
        return following

    def _go_on_there(self, there: Place) -> Place | None:
        """From what is new to where an earlier walk stood."""
        self.resume = self.stop_after = None
        if there in self._pages:
            return self._next()
        self._seen.clear()
        self._ahead = []
        return there

    def _end(self, place: Place, fresh: Sequence[Verdict], first: bool) -> End | None:
        if len(self._pages) >= self.max_pages:
            return "limit"
        if not fresh and not (first and len(self._pages) == 1):
            return self._without_news(place)
        self._empty_days = 0
        if fresh and all(verdict is Verdict.OLD for verdict in fresh):
            return "since"
        if any(verdict in (Verdict.NEW, Verdict.KNOWN) for verdict in fresh):
            self._settled = 0
        else:
            self._settled += len(fresh)
        is_known = self.stop_after is not None and self._settled >= self.stop_after
        return "known" if is_known else None

    def _without_news(self, place: Place) -> End | None:
        """A page without a new link: the pager goes in circles, unless it is a day without news.

        Where pages and days stand side by side, the end of the ones is not the end of the others.
        """
        by_day = self.days is not None or _is_by_day(place)
        if by_day:
            self._empty_days += 1
        if by_day and self._empty_days < MAX_EMPTY_DAYS:
            self._ahead = self._ahead if self.days is None else []
            return None
        self._ahead = [page for page in self._ahead if _is_by_day(page) != by_day]
        if self._ahead and self.days is None:
            return None
        return "empty" if by_day else "circle"


def _is_by_day(place: Place) -> bool:
    return place.by_day if isinstance(place, PostForm) else is_calendar(place)
