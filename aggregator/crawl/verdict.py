"""How a crawl ended: a site that gave nothing must not look like one that had nothing new. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from aggregator.crawl.health import BLOCKED
from aggregator.crawl.progress import State

FINISHED, LIMIT, SHUTDOWN = "finished", "limit", "shutdown"  #: Scrapy's reasons for an end, and our own
BUSY = "busy"  #: reason for an end before the beginning: somebody else has the source's lease
#: Outcomes that are our own fault or our own machine's, not the site's.
INTERNAL = frozenset({"internal-error", "store", "archive"})


def conclude(reason: str, counts: Mapping[str, Any], trouble: str | None) -> tuple[State, str | None]:
    """Status of the run and, unless it is ``finished``, one sentence why.

    ``trouble``: what was the matter with the start page, if anything.
    """
    if reason == SHUTDOWN:
        return "interrupted", "stopped from outside; the same command goes on from here"
    if reason == BUSY:
        return "busy", "another process is crawling it"
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


SiteTrouble = Literal["moved", "tls", "robots", "blocked", "gone", "away", "broken", "nothing"]

_TROUBLES: dict[str, SiteTrouble] = {
    "offsite": "moved",
    "tls": "tls",
    "robots-forbidden": "robots",
    "robots-unreachable": "robots",
    "http-404": "gone",
    "http-410": "gone",
    "dns": "away",
    "timeout": "away",
    "connection-refused": "away",
    "connection-lost": "away",
    "left-alone": "away",
    "data-loss": "broken",
    "not-http": "broken",
    "error-page": "broken",
}


def site_trouble(counts: Mapping[str, Any]) -> SiteTrouble | None:
    """Why a site gave no new article to a crawl that knew none: None where it gave some.

    ``moved``: its start page leads to another site; ``tls``: its certificate cannot be trusted; ``robots``:
    it asks robots not to come; ``blocked``: a bot check, a log-in, a refusal; ``gone``: no such page;
    ``away``: no answer; ``broken``: an answer that is an error; ``nothing``: no article was found on it.
    """
    if counts["new"]:
        return None
    outcomes = {**counts["rejected"], **counts["failed"]}
    most = max(outcomes, key=lambda name: outcomes[name], default="")
    name = counts["start"] or (most if counts["articles"] else "")
    if name in _TROUBLES:
        return _TROUBLES[name]
    if name in BLOCKED:
        return "blocked"
    return "broken" if name.startswith("http-5") else "nothing"


def _kept(counts: Mapping[str, Any]) -> int:
    rejected = sum(counts["rejected"].values())
    return int(counts["new"] + counts["changed"] + counts["unchanged"] + rejected)


def _list(named: Mapping[str, int]) -> str:
    return ", ".join(f"{number} × {name}" for name, number in named.items())
