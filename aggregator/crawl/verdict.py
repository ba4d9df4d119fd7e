"""How a crawl ended: a site that gave nothing must not look like one that had nothing new. Pure."""

from collections.abc import Mapping
from typing import Any

from aggregator.crawl.progress import State

FINISHED, LIMIT, SHUTDOWN = "finished", "limit", "shutdown"  #: Scrapy's reasons for an end, and our own
#: Outcomes that are our own fault or our own machine's, not the site's.
INTERNAL = frozenset({"internal-error", "store", "archive"})


def conclude(reason: str, counts: Mapping[str, Any], trouble: str | None) -> tuple[State, str | None]:
    """Status of the run and, unless it is ``finished``, one sentence why.

    ``trouble``: what was the matter with the start page, if anything.
    """
    if reason == SHUTDOWN:
        return "interrupted", "stopped from outside; the same command goes on from here"
    if reason not in (FINISHED, LIMIT):
        return "failed", reason
    internal = {name: number for name, number in counts["failed"].items() if name in INTERNAL}
    if internal:
        return "failed", f"pages were lost on the way: {_list(internal)}; see the log"
    if not counts["links"]:
        return "failed", trouble or "no link to an article was found on the site"
    if counts["articles"] and sum(counts["failed"].values()) >= counts["articles"] and not _kept(counts):
        return "failed", f"no article could be had: {_list(counts['failed'])}"
    return "finished", None


def _kept(counts: Mapping[str, Any]) -> int:
    rejected = sum(counts["rejected"].values())
    return int(counts["new"] + counts["changed"] + counts["unchanged"] + rejected)


def _list(named: Mapping[str, int]) -> str:
    return ", ".join(f"{number} × {name}" for name, number in named.items())
