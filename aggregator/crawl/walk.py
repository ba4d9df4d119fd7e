"""Walking through the pages of one listing, newest first, and knowing when to stop. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aggregator.crawl.ledger import Verdict

MAX_PAGES = 5000  #: of one listing; a hundred thousand articles, and the end of endless calendars


@dataclass
class Walk:
    """One walk. ``stop_after`` so many links in a row that a finished crawl had seen; None: never."""

    stop_after: int | None
    max_pages: int = MAX_PAGES
    _seen: set[str] = field(default_factory=set)  # links met on this walk: menus repeat on every page
    _pages: set[str] = field(default_factory=set)
    _ahead: list[str] = field(default_factory=list)
    _settled: int = 0

    def step(
        self, url: str, verdicts: Sequence[tuple[str, Verdict]], next_pages: Sequence[str]
    ) -> str | None:
        """The page to read after ``url``, which has these links and names these pages; None: the end."""
        self._pages.add(url)
        first = not self._seen
        fresh = [verdict for link, verdict in verdicts if link not in self._seen]
        self._seen.update(link for link, _ in verdicts)
        if self._is_at_end(fresh, first):
            return None
        # A pager names pages near and far: what this page names comes before what earlier ones did.
        ahead = dict.fromkeys([*next_pages, *self._ahead])
        self._ahead = [page for page in ahead if page not in self._pages]
        return self._ahead.pop(0) if self._ahead else None

    @property
    def has_begun(self) -> bool:
        """Whether a page of it has been read."""
        return bool(self._pages)

    def skip(self, url: str) -> str | None:
        """The page to read instead of ``url``, which could not be had; None: the end."""
        self._pages.add(url)
        self._ahead = [page for page in self._ahead if page != url]
        return self._ahead.pop(0) if self._ahead else None

    def _is_at_end(self, fresh: Sequence[Verdict], first: bool) -> bool:
        if len(self._pages) >= self.max_pages or (not fresh and not first):
            return True  # a page without a new link: the pager goes in circles
        if fresh and all(verdict is Verdict.OLD for verdict in fresh):
            return True
        if any(verdict in (Verdict.NEW, Verdict.KNOWN) for verdict in fresh):
            self._settled = 0
        else:
            self._settled += len(fresh)
        return self.stop_after is not None and self._settled >= self.stop_after
