"""Articles that nothing leads to any more: the numbers missing between known ones. Pure.

Only on platforms that number their articles one after another. They are asked for in a back-fill alone, the
newest first, and few of them: most missing numbers are drafts, pictures and articles that were taken down.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from aggregator.model import Link
from aggregator.platforms.base import Platform
from aggregator.urls import article_match, clean_url

BUDGET = 500  #: numbers asked for in one crawl
BATCH = 20  #: asked for before it is looked at what came of them
MAX_MISSES = 60  #: numbers in a row that gave no article, after which the crawl leaves it
MAX_GAP = 200  #: missing numbers in a row; where more are missing, they count something else as well


def gap_links(known: Iterable[str], platform: Platform | None, root: str) -> Iterator[Link]:
    """Addresses for the numbers that are missing between those in these addresses, the newest first.

    ``known``: all addresses of the source in the ledger, whatever came of them. ``root``: its start page.
    """
    if platform is None or platform.numbered is None:
        return
    shapes = _shapes(known, platform)
    for above, below in pairwise(sorted(shapes, reverse=True)):
        if above - below - 1 > MAX_GAP:
            continue
        for number in range(above - 1, below, -1):
            url = clean_url(shapes[above].replace("{id}", str(number)), root)
            if url is not None:
                yield Link(url=url, origin="id")


def _shapes(known: Iterable[str], platform: Platform) -> dict[int, str]:
    """The numbers in these addresses, each with the path of an address like it."""
    found: dict[int, str] = {}
    shared: dict[str, str] = {}  # one string for a million articles
    for url in known:
        match = article_match(url, platform)
        if match and match["id"].isdecimal() and platform.numbered:
            shape = platform.numbered.format_map({**match.groupdict(default=""), "id": "{id}"})
            found[int(match["id"])] = shared.setdefault(shape, shape)
    return found
