"""One listing under several addresses: two walks that read the same pages. Pure."""

from collections import Counter
from collections.abc import Sequence

from aggregator.crawl.walk import Walk

PAGES = 3  #: that have to be the same
LINKS = 3  #: that a page must have at least, to be told by them


class Twins:
    """What the pages of all listings of one crawl showed."""

    def __init__(self) -> None:
        self._shown: dict[int, set[int]] = {}  # the links of a page, in their order → who read it
        self._walks: dict[int, Walk] = {}  # by their numbers
        self._common: Counter[tuple[int, int]] = Counter()  # a walk, one that began before it → same pages

    def meets(self, walk: Walk, links: Sequence[str]) -> bool:
        """Whether the walk, which has come to a page with these links, reads what an earlier one reads too.

        A page or two say nothing: the newest of a section are often those of the whole site. Of two walks it
        is the later that is given up, since the fullest lists are begun first.
        """
        if len(links) >= LINKS:
            self._note(walk, hash(tuple(links)))
        return any(
            pages >= PAGES and self._walks[earlier].end != "broken"
            for (later, earlier), pages in self._common.items()
            if later == walk.number
        )

    def _note(self, walk: Walk, page: int) -> None:
        self._walks[walk.number] = walk
        readers = self._shown.setdefault(page, set())
        if walk.number not in readers:
            self._common.update((max(walk.number, other), min(walk.number, other)) for other in readers)
            readers.add(walk.number)
