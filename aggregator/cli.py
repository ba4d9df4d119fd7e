"""The command line. Each command parses its arguments and hands over to ``aggregator.commands``.

Nothing heavy is imported here: ``aggregator --help`` has to answer at once.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from aggregator import __version__
from aggregator.commands.options import DefaultGroup, command
from aggregator.workspace import Workspace

ABOUT = "Collects the news of Iranian ministries and their provincial offices, and makes it searchable."

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 done, 1 done with failures (named on standard error), 2 wrong usage, "
    "130 interrupted. Start with: [bold]aggregator demo[/bold]",
)
sources_app = typer.Typer(no_args_is_help=True, help="List, show, check and add the sites that are crawled.")
app.add_typer(sources_app, name="sources")
archive_app = typer.Typer(no_args_is_help=True, help="Look into the archive of pages as they came.")
app.add_typer(archive_app, name="archive")
alerts_app = typer.Typer(
    cls=DefaultGroup,
    help="Save searches, and tell somebody what they find: by webhook, and by e-mail.\n\n"
    "A timer calls 'aggregator alerts': it delivers what is due, and ends. Save a search with\n\n"
    "    aggregator alerts add 'کارگاه‌های البرز' 'کارگاه استان:البرز' --email name@example.org",
)
app.add_typer(alerts_app, name="alerts")


def since_day(text: str) -> date:
    """``--since``: a day, or the first of a month or year; ISO or Jalali."""
    from aggregator.errors import FixQueryError
    from aggregator.search.days import first_day

    try:
        return first_day(text)
    except FixQueryError as error:
        raise typer.BadParameter(str(error)) from None


def until_day(text: str) -> date:
    """``--until``: a day, or the last of a month or year; ISO or Jalali."""
    from aggregator.errors import FixQueryError
    from aggregator.search.days import last_day

    try:
        return last_day(text)
    except FixQueryError as error:
        raise typer.BadParameter(str(error)) from None


DAY_HELP = "ISO or Jalali: 2020-06-09, 1399-03-20, ۱۳۹۹/۰۳/۲۰, 1399-03, 1399"
Since = Annotated[date | None, typer.Option(parser=since_day, metavar="DATE", help=f"First day. {DAY_HELP}")]
Until = Annotated[date | None, typer.Option(parser=until_day, metavar="DATE", help="Last day, included")]
OfOrganisation = Annotated[str | None, typer.Option(help="Id or name, in any spelling")]
OfProvince = Annotated[str | None, typer.Option(help="Id or name, in any spelling")]
OfSource = Annotated[str | None, typer.Option(help="Source id")]
OfSection = Annotated[str | None, typer.Option(help="Section of the site")]
WithMention = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Organisation, province, county or speaker that the text names"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs")]
Targets = Annotated[
    list[str] | None, typer.Argument(metavar="[SOURCE|URL]...", help="Source ids, or addresses of any site")
]
Query = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[QUERY]...",
        help='Words, "a phrase", OR, -not, (groups), سازمان: استان: source: section: mentions: since: until:',
    ),
]
Every = Annotated[bool, typer.Option("--all", help="Every source of the registry")]
Delay = Annotated[float | None, typer.Option(help="Seconds between two requests to one site (default: 1)")]


def print_version(wanted: bool) -> None:
    """For ``--version``."""
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback(help=ABOUT)
def about(
    version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and end"),
    ] = False,
) -> None:
    """Only ``--version`` stands before the command."""


@command(app, "demo")
def demo(
    workspace: Workspace,
    serve: Annotated[
        bool | None,
        typer.Option(
            "--serve/--no-serve",
            help="Open the dashboard at the end, until Ctrl-C (default: on a terminal and without --json)",
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=1024, max=65000, help="First of the ports on 127.0.0.1 for the bundled sites")
    ] = 8765,
    as_json: Json = False,
) -> int:
    """Crawl the bundled sample portal for real, index it, search it, and open the dashboard over it.

    The dashboard's address is printed, and opened in a browser where there is a display; Ctrl-C ends it.
    Where the output goes to a file or another program, the demo ends after the searches.
    """
    from aggregator.commands.demo import run_demo

    serves = sys.stdout.isatty() and not as_json if serve is None else serve
    return run_demo(workspace, base_port=port, as_json=as_json, serve=serves)


@command(app, "crawl", settings=("delay", "concurrency"))
def crawl(
    workspace: Workspace,
    targets: Targets = None,
    every: Every = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only those whose time has come; of all, where none is named")
    ] = False,
    since: Since = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Articles per source at most")] = None,
    delay: Delay = None,
    concurrency: Annotated[int | None, typer.Option(help="Requests under way at once (default: 8)")] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log every request to standard error")
    ] = False,
    as_json: Json = False,
) -> int:
    """Collect new articles from sources, or from any site by its address, and look at known ones again.

    A listing is left where everything was already known to a finished crawl; with --since, a crawl walks
    back to that day instead. Ctrl-C finishes what is under way; the same command goes on from there.

    A timer calls crawl --due every quarter of an hour: a source is due by how often it publishes, between
    a quarter of an hour and a day after its last crawl, and later where it fails.
    """
    from aggregator.commands.crawl import choose_due, run_crawl
    from aggregator.crawl.targets import resolve_targets

    found = resolve_targets(targets or [], workspace.registry, every=every or (due and not targets))
    chosen = choose_due(found, workspace.store) if due else found
    return run_crawl(workspace, chosen, since=since, limit=limit, verbose=verbose, as_json=as_json)


@command(app, "extract")
def extract(
    workspace: Workspace,
    page: Annotated[
        str, typer.Argument(metavar="FILE|URL|-", help="A saved page, an address, or - for standard input")
    ],
    url: Annotated[
        str | None, typer.Option(help="The address that a saved page came from (default: what the page says)")
    ] = None,
    links: Annotated[
        bool,
        typer.Option("--links", help="Print what a listing, feed or sitemap promises, an article a line"),
    ] = False,
) -> int:
    """Print the article of one page as JSON, or say what the page is instead (exit status 1)."""
    from aggregator.commands.page import print_article, print_links, read_page

    loaded = read_page(page, url, workspace)
    return print_links(loaded) if links else print_article(loaded, workspace)


@command(app, "normalise")
def normalise(
    workspace: Workspace,
    text: Annotated[
        str, typer.Argument(metavar="[TEXT|-]", help="The text, or - to read one text a line")
    ] = "-",
    fold: Annotated[bool, typer.Option("--fold", help="Print the folded terms that matching uses")] = False,
    everything: Annotated[
        bool, typer.Option("--explain", help="Print all of it to read, the changes marked")
    ] = False,
    at: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="What dates without a year are read against (default: now)"),
    ] = None,
    as_json: Json = False,
) -> int:
    """Show a text as this software reads it: normalised, folded, its dates, and the names in it."""
    from aggregator.commands.text import print_texts

    return print_texts(text, workspace, fold=fold, everything=everything, at=at, as_json=as_json)


@command(app, "search")
def search(
    workspace: Workspace,
    query: Query = None,
    any_word: Annotated[
        bool, typer.Option("--any", help="One of the words is enough; more of them rank higher")
    ] = False,
    organisation: OfOrganisation = None,
    province: OfProvince = None,
    source: OfSource = None,
    section: OfSection = None,
    mentions: WithMention = None,
    since: Since = None,
    until: Until = None,
    sort: Annotated[
        Literal["relevance", "date", "fresh"],
        typer.Option(help="What comes first; fresh: by relevance, with newer ones earlier"),
    ] = "relevance",
    size: Annotated[int, typer.Option(min=0, max=1000, help="Results to print")] = 10,
    cursor: Annotated[str | None, typer.Option(help="Go on where the results before ended")] = None,
    as_json: Json = False,
) -> int:
    """Search what was collected.

    Every word is required, in whatever spelling: شبکه های, شبکه‌های and شبكههاي are one word.
    """
    from aggregator.commands.search import run_search
    from aggregator.search.results import SearchRequest

    request = SearchRequest(
        query=" ".join(query or []),
        match="any" if any_word else "all",
        organisation=organisation,
        province=province,
        source=source,
        section=section,
        mentions=mentions,
        since=since,
        until=until,
        sort=sort,
        size=size,
        cursor=cursor,
    )
    return run_search(workspace, request, as_json=as_json)


@command(app, "export")
def export(
    workspace: Workspace,
    query: Query = None,
    format: Annotated[
        Literal["jsonl", "csv", "xlsx", "rss"],
        typer.Option(help="JSON Lines, CSV that Excel opens rightly, an Excel workbook, or RSS"),
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write (default: standard output)")
    ] = None,
) -> int:
    """Write all articles, or those that a query finds, as JSON Lines, CSV, Excel workbook or RSS."""
    from aggregator.commands.transfer import export_articles

    return export_articles(workspace, " ".join(query or []), format, output)


@command(app, "import")
def import_(
    workspace: Workspace,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE.jsonl|-", help="Records as export writes; url, headline and body do"),
    ],
    source: Annotated[str, typer.Option(help="Source of the records that name none")] = "import",
    as_json: Json = False,
) -> int:
    """Read articles from JSON Lines into the database and the index."""
    from aggregator.commands.transfer import import_articles

    return import_articles(workspace, file, source=source, as_json=as_json)


@command(app, "revisions")
def revisions(
    workspace: Workspace,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="Id or address of an article")],
    as_json: Json = False,
) -> int:
    """Show what was edited in an article since it was collected, sentence by sentence, and its deletion."""
    from aggregator.commands.revisions import print_revisions

    return print_revisions(workspace.store, article, as_json=as_json)


@command(app, "stories")
def stories(
    workspace: Workspace,
    article: Annotated[
        str | None, typer.Argument(metavar="[ID|URL]", help="Id or address of an article, or id of a story")
    ] = None,
    as_json: Json = False,
) -> int:
    """Find the same text in several places; for one article: who posted it, who was first, what each changed.

    Crawls, imports and the server do this on their way. After an update, a large database is compared here
    with progress.
    """
    from aggregator.commands.stories import catch_up_with_stories, print_story

    if article is None:
        return catch_up_with_stories(workspace, as_json=as_json)
    return print_story(workspace.store, article, as_json=as_json)


@command(app, "replay")
def replay(
    workspace: Workspace,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[WARC]...", help="Archive files (default: the data folder's)"),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source's pages")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, field by field, and change nothing")
    ] = False,
    as_json: Json = False,
) -> int:
    """Extract again from the page archive with today's rules; a revision only where an article changes.

    Running it twice changes nothing more. With --dry-run, --json prints a line for each article that would
    change, then the counts.
    """
    from aggregator.commands.replay import replay_archive

    return replay_archive(workspace, files or [], source=source, dry_run=dry_run, as_json=as_json)


@command(archive_app, "get")
def archive_get(
    workspace: Workspace,
    url: Annotated[str, typer.Argument(help="Address of the page")],
    at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="As it was then (default: as it was last)")
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Print the WARC records: what was sent, and all of the answer")
    ] = False,
    as_json: Json = False,
) -> int:
    """Print an archived page as it came. With --json, print when and where it was archived."""
    from aggregator.commands.archive import get_page

    return get_page(workspace, url, at=at, record=record, as_json=as_json)


@command(archive_app, "check")
def archive_check(
    workspace: Workspace,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[WARC]...", help="Archive files (default: the data folder's)"),
    ] = None,
    as_json: Json = False,
) -> int:
    """Read all of the archive, compare every checksum, and move away what a kill has torn off.

    The whole records stay in the file; the torn end goes to NAME.torn. The exit status is 1 where something
    is wrong in a file still.
    """
    from aggregator.commands.archive import check_archive

    return check_archive(workspace, files or [], as_json=as_json)


@command(app, "reindex")
def reindex(
    workspace: Workspace,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say whether it is needed, and why; exit status 1 if it is")
    ] = False,
    delete_old: Annotated[
        bool, typer.Option("--delete-old", help="Only delete what earlier rebuildings left of former indices")
    ] = False,
    as_json: Json = False,
) -> int:
    """Build the search index again from the database.

    Searches and crawls go on meanwhile: they keep the old index until the new one is complete. Elasticsearch
    keeps the old one even then, until --delete-old.
    """
    from aggregator.commands.upkeep import delete_old_indices, rebuild_index, tell_changes

    if dry_run:
        return tell_changes(workspace, as_json=as_json)
    if delete_old:
        return delete_old_indices(workspace, as_json=as_json)
    return rebuild_index(workspace, as_json=as_json)


@command(app, "serve")
def serve(
    workspace: Workspace,
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0: one that is free")] = 8080,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            help="IP address of a proxy that lets readers in; nobody else is answered. Repeatable",
        ),
    ] = None,
) -> int:
    """Serve the search page and the HTTP API, until Ctrl-C.

    Only this machine reaches it. For others, set a token in AGGREGATOR_WEB_TOKEN (or web_token in
    aggregator.toml), which readers log in with and programs send as 'Authorization: Bearer TOKEN'; or put a
    proxy before it and name its address with --trusted-proxy.
    """
    from aggregator.commands.serve import run_server

    return run_server(workspace, host, port, trusted_proxy or [])


@command(app, "status")
def status(
    workspace: Workspace,
    source: Annotated[
        str | None, typer.Argument(help="Only this one: its runs, completeness, fields, next due")
    ] = None,
    prometheus: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the numbers there instead, for the textfile collector"),
    ] = None,
    as_json: Json = False,
) -> int:
    """Say which sources fail, are blocked, silent, or have lost a field; then what is stored.

    The exit status is 0 also where sources need attention: it says whether the question was answered.
    """
    from aggregator.commands.health import print_source_status, print_status, write_prometheus
    from aggregator.errors import FixCommandError

    if prometheus is not None:
        if source is not None or as_json:
            raise FixCommandError("--prometheus writes a file of all sources: neither SOURCE nor --json")
        return write_prometheus(workspace, prometheus)
    if source is not None:
        return print_source_status(workspace, source, as_json=as_json)
    return print_status(workspace, as_json=as_json)


@command(app, "runs")
def runs(
    workspace: Workspace,
    source: Annotated[str | None, typer.Argument(help="Only this source's")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many")] = 20,
    as_json: Json = False,
) -> int:
    """List the crawls, newest first: pages, bytes, time, articles, what was rejected or failed and why."""
    from aggregator.commands.health import print_known_runs

    return print_known_runs(workspace, source, limit, as_json=as_json)


@command(sources_app, "list")
def sources_list(
    workspace: Workspace,
    text: Annotated[str, typer.Argument(help="Only those with this in id, name or address")] = "",
    as_json: Json = False,
) -> int:
    """List the sources of the registry."""
    from aggregator.commands.sources import print_sources

    return print_sources(workspace.registry, text, as_json=as_json)


@command(sources_app, "show")
def sources_show(
    workspace: Workspace, source: Annotated[str, typer.Argument(help="Source id")], as_json: Json = False
) -> int:
    """Show one source with its organisation."""
    from aggregator.commands.sources import print_source
    from aggregator.crawl.targets import source_by_id

    return print_source(source_by_id(source, workspace.registry), workspace.registry, as_json=as_json)


@command(sources_app, "check", settings=("delay",))
def sources_check(
    workspace: Workspace,
    targets: Targets = None,
    every: Every = False,
    pages: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Fetch nothing: extract the pages that 'sources new' stored there again, and compare",
        ),
    ] = None,
    delay: Delay = None,
    as_json: Json = False,
) -> int:
    """Try sites for real: fetch a few articles of each, store nothing, give a verdict.

    ok, or: moved (to another site), tls (its certificate), robots, blocked (bot check, log-in, refusal),
    gone, away, broken, nothing (no article on it). Exit status 1 where one of them is not ok.
    """
    if pages is not None:
        from aggregator.commands.stored_pages import check_pages

        return check_pages(pages, targets or [], workspace.registry, as_json=as_json)
    from aggregator.commands.check import check_sources
    from aggregator.crawl.targets import resolve_targets

    found = resolve_targets(targets or [], workspace.registry, every=every)
    return check_sources(workspace, found, as_json=as_json)


@command(sources_app, "new", settings=("delay",))
def sources_new(
    workspace: Workspace,
    url: Annotated[str, typer.Argument(help="Start page of the site")],
    directory: Annotated[
        Path | None, typer.Option("--write", metavar="DIR", help="Write the file there (default: print it)")
    ] = None,
    pages: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where its page for review goes (default: pages, beside the file)"),
    ] = None,
    delay: Delay = None,
) -> int:
    """Write the YAML of a new source, and store a page with its expected article for review.

    It looks at the start page to recognise the CMS, and for one article. Exit status 1 where it finds none.
    """
    from aggregator.commands.sources import new_source

    return new_source(workspace, url, directory, pages)


SearchName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the saved search, in any spelling")]


@command(alerts_app, "deliver")
def alerts_deliver(workspace: Workspace, as_json: Json = False) -> int:
    """Find what is new for the saved searches, and deliver what is due: what 'aggregator alerts' alone does.

    What cannot be delivered is tried again by later calls, after 5 minutes at first and a day at last, ten
    times in all. Exit status 1 where something failed in this call.
    """
    from aggregator.commands.alerts import run_alerts

    return run_alerts(workspace, as_json=as_json)


@command(alerts_app, "list")
def alerts_list(workspace: Workspace, as_json: Json = False) -> int:
    """List the saved searches: whom they tell, what was delivered and what waits, and what is wrong."""
    from aggregator.commands.alerts import print_searches

    return print_searches(workspace, as_json=as_json)


@command(alerts_app, "add")
def alerts_add(
    workspace: Workspace,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Any name that no other saved search has")],
    query: Query = None,
    any_word: Annotated[bool, typer.Option("--any", help="One of the words is enough")] = False,
    organisation: OfOrganisation = None,
    province: OfProvince = None,
    source: OfSource = None,
    section: OfSection = None,
    mentions: WithMention = None,
    since: Since = None,
    until: Until = None,
    email: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Tell this address; repeatable")
    ] = None,
    webhook: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="Tell this address by signed POSTs; repeatable")
    ] = None,
) -> int:
    """Save a search. What is collected from now on, and matches, is told; not what is there already.

    A webhook's secret is printed once: whoever receives it verifies signatures with it (Standard Webhooks).
    E-mails need smtp_host and smtp_sender in the settings, see docs/alerts.md.
    """
    from aggregator.commands.alerts import add_search

    parameters = {
        "q": " ".join(query or []),
        "match": "any" if any_word else None,
        "organisation": organisation,
        "province": province,
        "source": source,
        "section": section,
        "mentions": mentions,
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }
    return add_search(workspace, name, parameters, email or [], webhook or [])


@command(alerts_app, "remove")
def alerts_remove(workspace: Workspace, name: SearchName) -> int:
    """Forget a saved search, with all that was noted of its deliveries."""
    from aggregator.commands.alerts import remove_search

    return remove_search(workspace, name)


@command(alerts_app, "test")
def alerts_test(workspace: Workspace, name: SearchName) -> int:
    """Send everybody whom the search tells a message that says it is a test. Exit status 1 if one fails."""
    from aggregator.commands.alerts import send_test

    return send_test(workspace, name)


@command(alerts_app, "log")
def alerts_log(
    workspace: Workspace,
    name: SearchName,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many")] = 20,
    as_json: Json = False,
) -> int:
    """List the messages of a search, newest first: delivered, waiting, or given up, and why."""
    from aggregator.commands.alerts import print_log

    return print_log(workspace, name, limit, as_json=as_json)


@command(alerts_app, "matches")
def alerts_matches(
    workspace: Workspace,
    name: SearchName,
    limit: Annotated[int | None, typer.Option(min=1, help="The newest so many (default: all)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line, for programs")] = False,
) -> int:
    """List the articles that a search found since it was saved, newest match first; nothing is left out."""
    from aggregator.commands.alerts import print_matches

    return print_matches(workspace, name, limit, as_json=as_json)


@command(alerts_app, "retry")
def alerts_retry(workspace: Workspace, name: SearchName) -> int:
    """Deliver now what waits for its next try or was given up, once its target is in order again."""
    from aggregator.commands.alerts import retry_search

    return retry_search(workspace, name)


def main() -> None:
    """The entry point of the ``aggregator`` command."""
    app()
