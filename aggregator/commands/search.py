"""``aggregator search``: results for people and for programs."""

from contextlib import suppress
from typing import TYPE_CHECKING

from aggregator.commands.output import note, print_json, stdout
from aggregator.errors import AggregatorError, TryLaterError
from aggregator.index.protocol import ForbiddenError
from aggregator.index.sync import sync
from aggregator.search import search
from aggregator.search.results import Hit, SearchRequest, SearchResult
from aggregator.stories.catch_up import group_stories
from aggregator.urls import readable_address
from aggregator.workspace import Workspace

if TYPE_CHECKING:
    from rich.text import Text

PATIENCE = 5.0  # seconds that a person waits for an index that takes nothing
STORIES = 200  # articles that a search puts into their stories on the way: a blink
FACET_VALUES = 6  # so many of each facet are shown to a person; --json has all


def catch_up(workspace: Workspace) -> None:
    """Index what an interrupted crawl left pending, so that a search misses nothing that is stored.

    An index that is lost, or of another version, is filled again.
    """
    try:
        sync(workspace.store, workspace.index, workspace.registry, patience=PATIENCE)
    except TryLaterError as error:  # another process writes the index just now, and will catch up
        note(f"aggregator: the newest articles may be missing: {error}")
    except ForbiddenError:  # the account may only read: one that writes will catch up
        if not workspace.index.is_current():
            raise
        waiting = workspace.store.pending_count()
        note(f"aggregator: the newest articles ({waiting:,}) are missing: the account only reads")
    with suppress(AggregatorError):  # no command shows stories: whoever comes next catches up
        group_stories(workspace.store, limit=STORIES)


def run_search(workspace: Workspace, request: SearchRequest, *, as_json: bool) -> int:
    """Search and print."""
    catch_up(workspace)
    result = search(request, workspace.index, workspace.registry)
    if as_json:
        print_json(result.to_json())
        return 0
    for message in result.notes:
        note(f"aggregator: {message}")
    print_hits(result, workspace)
    return 0


def print_hits(result: SearchResult, workspace: Workspace) -> None:
    """The hits, the facets and the timeline, to read."""
    from rich.text import Text

    out = stdout()
    for hit in result.hits:
        out.print(hit_text(hit, workspace))
        out.print()
    if not result.total:
        out.print(Text("Nothing was found. Fewer words, or --any, find more.", style="dim"))
        return
    out.print(Text(f"{result.total:,} found, {len(result.hits)} shown", style="bold"))
    for name in ("organisation", "province", "section", "mentions"):  # --json has the sources as well
        values = result.facets.get(name, ())
        shown = "، ".join(f"{value.label} ({value.count:,})" for value in values[:FACET_VALUES])
        if shown:
            out.print(Text(f"{name}: ", style="dim") + Text(shown))
    if result.timeline:
        months = "  ".join(f"{month.month} {month.count:,}" for month in result.timeline[-12:])
        out.print(Text("months: ", style="dim") + Text(months))
    if result.next_cursor:
        out.print(Text(f"more: --cursor {result.next_cursor}", style="dim"))


def hit_text(hit: Hit, workspace: Workspace) -> "Text":
    """One hit: headline, whose and when, the excerpts with the words found marked, the address."""
    from rich.text import Text

    marked = {highlight.field: highlight for highlight in hit.highlights}
    lines = [mark(hit.headline, marked["headline"].marks if "headline" in marked else (), "bold")]
    whose = workspace.registry.label(hit.organisation) if hit.organisation else hit.source
    when = f"{hit.date_published_jalali} ({hit.date_published})" if hit.date_published else "no date"
    lines.append(Text(f"{whose} · {when}", style="cyan"))
    if hit.deleted_at:
        lines[-1].append(f" · taken down by its site, seen {hit.deleted_at}", style="red")
    lines += [mark(found.text, found.marks, "") for found in hit.highlights if found.field != "headline"]
    lines.append(Text(readable_address(hit.url), style="dim"))
    return Text("\n").join(lines)


def mark(text: str, marks: "tuple[tuple[int, int], ...]", style: str) -> "Text":
    """The text with the spans of ``marks`` set off."""
    from rich.text import Text

    line = Text(text.replace("\n", " "), style=style)
    for start, end in marks:
        line.stylize("bold black on yellow", start, end)
    return line
