"""``aggregator demo``: the bundled portal, crawled for real, stored, indexed, searched and served.

The crawls are the very command that a user would type, in processes of their own.
"""

import json
import os
import shlex
import subprocess
import sys
import threading
import webbrowser
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from aggregator.commands.output import note, print_json, reasons, stdout
from aggregator.commands.search import print_hits
from aggregator.commands.serve import access_to, answer
from aggregator.config import Settings, read_address
from aggregator.demo.server import Portal
from aggregator.errors import FixCommandError, TryLaterError
from aggregator.model import Source
from aggregator.persian.calendar import from_jalali
from aggregator.registry import Registry
from aggregator.search import search
from aggregator.search.results import SearchRequest, SearchResult
from aggregator.web.server import address_of, listen
from aggregator.workspace import Workspace, open_workspace

DEFAULT_PORT = 8765
BLOCK = 20  # ports from one try to the next
DASHBOARD_PORT = 8080  # as of ``aggregator serve``

KHORDAD_1399: tuple[date, date] = (from_jalali(1399, 3, 1), from_jalali(1399, 3, 31))
SEARCHES: dict[str, SearchRequest] = {
    # An Arabic kaf and spaces where most of the articles have half-spaces.
    "search 'شبكه هاي اجتماعي'": SearchRequest(query="شبكه هاي اجتماعي", size=3),
    # A ministry's name as its offices glue it together; its offices are found too.
    "search 'کارگاه سازمان:\"تعاون،کارورفاه\"' --since 1399-03-01 --until 1399-03-31": SearchRequest(
        query='کارگاه سازمان:"تعاون،کارورفاه"', since=KHORDAD_1399[0], until=KHORDAD_1399[1], size=3
    ),
    # One story that several offices posted, each in its own words.
    "search 'کارآفرینان برتر -استان:فارس' --sort date": SearchRequest(
        query="کارآفرینان برتر -استان:فارس", sort="date", size=3
    ),
    # What is written elsewhere about a province: one article names it, another only a town in it.
    "search 'اشاره:\"سیستان وبلوچستان\"'": SearchRequest(query='اشاره:"سیستان وبلوچستان"', size=3),
}


def run_demo(workspace: Workspace, *, base_port: int, as_json: bool, serve: bool) -> int:
    """Crawl, let the portal change an article, crawl again, search, say what to type next, and serve."""
    portal, port = start_portal(base_port)
    # Other ports are other addresses, and so other articles: each has a folder of its own.
    folder = workspace.settings.data / ("demo" if port == DEFAULT_PORT else f"demo-{port}")
    sources = folder / "sources"
    where = own_places(workspace.settings, folder, sources)
    try:
        write_sources(portal.sources(), workspace.registry, sources)
        names = [source.id for source in portal.sources()]
        note(f"The spiders crawl a portal of {len(names)} sites on 127.0.0.1, ports {port} and up.")
        first = crawl(names, where)
        edited = portal.publish_edit()
        note(f"The portal has changed {edited} of its articles; the same crawl again fetches only those.")
        second = crawl(names, where)
        with open_workspace(**where) as demo:
            found = {shown: search(request, demo.index, demo.registry) for shown, request in SEARCHES.items()}
            if as_json:
                print_json(summary(folder, (first, second), found))
            else:
                print_searches(found, demo)
                print_summary((first, second), where)
            if serve:  # the portal goes on, so that links to the original articles lead somewhere
                serve_dashboard(demo)
    finally:
        portal.stop()
    return 0 if all(result.total for result in found.values()) else 1


def serve_dashboard(demo: Workspace) -> None:
    """The search page over what was crawled, until Ctrl-C, opened in a browser where there may be one."""
    try:
        listening = listen("127.0.0.1", DASHBOARD_PORT)
    except FixCommandError:  # another one has it
        listening = listen("127.0.0.1", 0)
    with listening:
        note("\nThe dashboard over what was crawled:")
        if has_display():
            # Some programs of $BROWSER end only with the browser.
            threading.Thread(target=webbrowser.open, args=(address_of(listening),), daemon=True).start()
        try:
            answer(listening, demo, access_to(demo))
        except KeyboardInterrupt:
            note("The demo has ended.")


def has_display() -> bool:
    """Whether a browser would have a window: one that runs in the terminal would be in the way."""
    return sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))


def start_portal(base_port: int) -> tuple[Portal, int]:
    """The portal on the first ports, of these and the blocks after them, that are free."""
    for port in range(base_port, base_port + 10 * BLOCK, BLOCK):
        portal = Portal.demo(base_port=port)
        try:
            return portal.start(), port
        except OSError:  # one of them is taken
            continue
    raise TryLaterError(f"no free ports from {base_port} on: choose others with --port")


def write_sources(sources: Iterable[Source], registry: Registry, folder: Path) -> None:
    """Sites as a user's own source files, in the place of the real sites of the same organisations."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        organisation = asdict(registry.organisations[source.organisation or ""])
        entry = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in organisation.items()
            if value
        }
        entry["sources"] = [{"id": source.id, "url": source.url, "evidence": "the bundled sample portal"}]
        text = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False)
        (folder / f"{source.id}.yaml").write_text(text, encoding="utf-8")


def own_places(settings: Settings, folder: Path, sources: Path) -> dict[str, Any]:
    """Database and index of the demo alone, whatever the settings say: its articles are nobody's news."""
    index = settings.index
    if index != "local":
        hosts, name = read_address(index)
        index = ",".join(f"{host}/{name}-demo" for host in hosts)
    database = f"sqlite:///{folder / 'aggregator.sqlite3'}"
    return {"data": folder, "sources": (sources,), "database": database, "index": index}


def crawl(names: Sequence[str], where: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``aggregator crawl`` of the demo's sites: on loopback, so without waiting between two requests."""
    arguments = ["crawl", *names, "--delay", "0", "--json", "--sources", str(*where["sources"])]
    for name in ("data", "database", "index"):
        arguments += [f"--{name}", str(where[name])]
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", *arguments], stdout=subprocess.PIPE, check=False
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise TryLaterError(f"the crawl of the demo ended with status {done.returncode}")
    result: list[dict[str, Any]] = json.loads(done.stdout)
    return result


def summary(
    folder: Path, crawls: Sequence[list[dict[str, Any]]], found: Mapping[str, SearchResult]
) -> dict[str, Any]:
    """The same for programs."""
    searches = [{"command": shown, **result.to_json()} for shown, result in found.items()]
    return {"data": str(folder), "crawls": list(crawls), "searches": searches}


def print_searches(found: dict[str, SearchResult], demo: Workspace) -> None:
    """Each search as it would be typed, then its hits."""
    out = stdout()
    for shown, result in found.items():
        out.rule(align="left")
        out.print(f"$ aggregator {shown}\n", style="bold green", markup=False)
        print_hits(result, demo)


def print_summary(crawls: Sequence[list[dict[str, Any]]], where: Mapping[str, Any]) -> None:
    """What was collected, what was skipped and why, and what to type next."""
    out = stdout()
    out.rule(align="left")
    for number, runs in enumerate(crawls, start=1):
        counts = [run["counts"] for run in runs]
        total = {name: sum(count[name] for count in counts) for name in ("new", "changed")}
        collected = ", ".join(f"{number} {name}" for name, number in total.items())
        if not any(total.values()):
            collected = "nothing new, all is known from the demo before"
        out.print(f"Crawl {number}: {collected}; skipped: {reasons(skipped(counts))}", markup=False)
    program = shlex.quote(program_name())
    settings = {"AGGREGATOR_DATA": str(where["data"]), "AGGREGATOR_SOURCES": str(*where["sources"])}
    if where["index"] != "local":
        settings["AGGREGATOR_INDEX"] = where["index"]
    out.print("\nWhat to type next:", style="bold")
    for command in (
        *(f"export {name}={shlex.quote(value)}" for name, value in settings.items()),
        f"{program} search 'دوره آموزشی استان:البرز'",
        f"{program} export --format csv --output news.csv",
        f"{program} status",
        f"{program} serve",
        f"unset {' '.join(settings)}",
        f"{program} sources list",
        f"{program} crawl https://www.example.ir/ --limit 20",
        f"{program} --help",
    ):
        out.print(f"  {command}", markup=False, soft_wrap=True)


def skipped(counts: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Why pages were skipped, over all sources: ``{"login": 3, "soft-404": 2}``."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count["rejected"])
        total.update(count["failed"])
    return dict(sorted(total.items()))


def program_name() -> str:
    """How the command was called, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "aggregator" else "aggregator"
