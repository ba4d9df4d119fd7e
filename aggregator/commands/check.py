"""``aggregator sources check``: does a site still answer, and is it as the registry says? Nothing is kept."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aggregator.commands.crawl import INTERRUPTED, live_progress
from aggregator.commands.output import note, print_json, print_table
from aggregator.config import Settings
from aggregator.crawl.health import field_coverage
from aggregator.crawl.progress import Progress
from aggregator.crawl.run import CrawlResult, crawl
from aggregator.crawl.verdict import site_trouble
from aggregator.model import Source
from aggregator.registry import Registry
from aggregator.store import Store
from aggregator.store.health import ArticleShape
from aggregator.workspace import Workspace

CHECKED_ARTICLES = 3  # fetched of each site for a verdict
AT_ONCE = 32  # sites, of which each has to answer by itself
SECONDS = 120  # for one site
TIMEOUT = 30.0  # seconds for one page
NEEDED = ("date", "body")  # an article without one of these is worth a note


def check_sources(workspace: Workspace, sources: Sequence[Source], *, as_json: bool) -> int:
    """Crawl a few articles of each source into a folder that is thrown away; say what came."""
    with tempfile.TemporaryDirectory(prefix="aggregator-check-") as folder:
        settings = probe_settings(workspace.settings, Path(folder), archive=False)
        result = probe(sources, settings, workspace.registry, limit=CHECKED_ARTICLES)
        with Store.open(settings.database_url) as store:
            shapes = {source.id: store.source_history(source.id).newest for source in sources}
    named = {source.id: source for source in sources}
    verdicts = [verdict(named[one.source], one, shapes[one.source]) for one in result.sources]
    if as_json:
        print_json(verdicts)
    else:
        print_verdicts(verdicts)
    if result.interrupted:
        return INTERRUPTED
    return 0 if all(row["verdict"] == "ok" for row in verdicts) else 1


def probe_settings(settings: Settings, folder: Path, *, archive: bool) -> Settings:
    """Settings for a short crawl of many sites, which leaves the person's own data alone."""
    changes = {
        "data": folder,
        "database": "",
        "archive": archive,
        "concurrency": max(settings.concurrency, AT_ONCE),
        "sites_at_once": AT_ONCE,
        "timeout": min(settings.timeout, TIMEOUT),
    }
    return settings.model_copy(update=changes)


def probe(sources: Sequence[Source], settings: Settings, registry: Registry, *, limit: int) -> CrawlResult:
    """A crawl that ends soon, also where a site has lists without end and no article in them."""
    with live_progress(len(sources)) as on_progress:
        return crawl(
            sources,
            settings,
            limit=limit,
            on_progress=on_progress,
            registry=registry,
            changes={"CLOSESPIDER_TIMEOUT": SECONDS, "RETRY_TIMES": 1},
        )


def verdict(source: Source, progress: Progress, articles: Sequence[ArticleShape]) -> dict[str, Any]:
    """``ok`` where articles came, else ``failed`` with the kind of trouble; what the registry has wrong."""
    trouble = site_trouble(progress.counts)
    fields = {item.field: round(item.newest * item.articles) for item in field_coverage(articles, ())}
    return {
        "source": source.id,
        "verdict": "failed" if trouble else "ok",
        "articles": progress.new,
        "why": why(progress) if trouble else None,
        "trouble": trouble,
        "notes": notes(source, progress, fields if articles else {}),
        "platform": progress.platform,
        "fields": fields if articles else {},
        "counts": progress.counts,
    }


def why(progress: Progress) -> str:
    """One sentence on a crawl that brought nothing."""
    if progress.reason == "closespider_timeout":
        return f"no article was found within {SECONDS} seconds"
    return progress.reason or "none of the pages was an article"


def notes(source: Source, progress: Progress, fields: dict[str, int]) -> list[str]:
    """What the registry should be told."""
    said = [f"{address}: {outcome}" for address, outcome in progress.lost.items()]
    if source.platform and progress.platform not in (None, source.platform):
        said.append(f"the site runs on {progress.platform}, the registry says {source.platform}")
    return said + [f"no article has a {field}" for field in NEEDED if fields.get(field) == 0]


def print_verdicts(verdicts: Sequence[dict[str, Any]]) -> None:
    """A line for each source on standard output, how many are well on standard error."""
    print_table(
        ("source", "verdict", "articles", "platform", "why"),
        (
            (
                row["source"],
                row["trouble"] or "ok",
                row["articles"],
                row["platform"],
                "; ".join(filter(None, (row["why"], *row["notes"]))),
            )
            for row in verdicts
        ),
    )
    kinds = Counter(row["trouble"] for row in verdicts if row["trouble"])
    named = "".join(f", {number} {kind}" for kind, number in kinds.most_common())
    note(
        f"aggregator: {sum(not row['trouble'] for row in verdicts)} of {len(verdicts)} sources are ok{named}"
    )
