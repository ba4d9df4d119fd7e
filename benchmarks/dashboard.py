"""The search page over 100,000 articles: how long one reader waits and on what, and fifty at once.

The server is the command ``aggregator serve`` in a process of its own, asked over real HTTP. The shares of a
page are measured in a second server, which runs in this process with clocks around index, database and
templates. Beyond the first 10,000, articles have the texts of earlier ones: they are re-posts of these.
"""

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.model import StoredArticle
from aggregator.persian.article import annotate_article
from aggregator.record import from_record
from aggregator.registry import Registry
from aggregator.urls import article_id
from aggregator.web.app import make_app
from aggregator.web.gate import Access
from aggregator.web.server import listen, server_for
from aggregator.web.service import Service
from aggregator.workspace import Workspace, open_workspace
from benchmarks.search import QUERIES, record
from tools.elasticsearch import Cluster

TEXTS = 10_000  # articles of different text
BATCH = 500  # articles stored together
ROUNDS = 15  # of all pages, for one reader
WARM_UP = 10  # seconds that fifty readers read before memory is looked at
BARS = (100, 300)  # milliseconds of p50 and p95
#: The pages of one reader's morning: everything, words, filters, an order, a month.
PAGES = (
    "/",
    *(f"/?q={quote(query)}" for query in QUERIES),
    f"/?q={quote('کارگاه')}&province={quote('البرز')}",
    f"/?q={quote('نشست')}&sort=date&since=1399-03&until=1399-03",
    f"/?mentions={quote('کرج')}&sort=fresh",
)


def main(options: list[str] | None = None) -> None:
    """Print what was measured; with ``--index elastic`` it needs what ``make elasticsearch`` needs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks dashboard", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--index", choices=("local", "elastic"), default="local")
    parser.add_argument("--readers", type=int, default=50, help="at once")
    parser.add_argument("--seconds", type=float, default=60, help="that they read for")
    parser.add_argument("--data", type=Path, help="folder to keep the articles in for another run")
    given = parser.parse_args(options or [])
    with ExitStack() as stack:
        folder = given.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        where: dict[str, Any] = {"data": folder, "index": "local"}
        if given.index == "elastic":
            cluster = stack.enter_context(Cluster(heap="1g", quick_start=False))
            where["index"] = f"{cluster.url}/bench"
        workspace = stack.enter_context(open_workspace(**where))
        fill(workspace, given.articles)
        with serving(where) as (port, process):
            one_reader(port)
            many_readers(port, process, given.readers, given.seconds)
        shares(workspace)


# --- articles -----------------------------------------------------------------------------------------------


def fill(workspace: Workspace, number: int) -> None:
    """Stores and indexes as many articles as there are not yet."""
    start = time.perf_counter()
    there = workspace.store.counts()["articles"]
    made = islice(articles(workspace.registry), there, number)
    while batch := list(islice(made, BATCH)):
        workspace.store.put_articles(batch)
    service = Service(workspace)
    if trouble := service.catch_up():
        sys.exit(f"the articles cannot be indexed: {trouble}")
    found = workspace.index.count()
    print(f"{found:,} articles, stored and indexed in {time.perf_counter() - start:.0f} s")


def articles(registry: Registry) -> Iterator[StoredArticle]:
    """Endless articles, of all sources in turn, with the names that they mention."""
    now = datetime.now(UTC)
    sources = [registry.sources[name] for name in sorted(registry.sources)]
    truths = Site("nastooh", synthetic_articles(TEXTS, seed=2)).truth()
    texts: list[StoredArticle] = []
    for number in range(10**9):
        source = sources[number % len(sources)]
        organisation, province = registry.owner(source)
        if number < TEXTS:
            one = from_record(
                record(truths[number] | {"body": mixed(truths[number]["body"], number)}), now=now
            )
            texts.append(replace(one, article=annotate_article(one.article, registry.gazetteer)))
        one = texts[number % TEXTS]
        url = f"https://news.example.ir/{number}"
        article = replace(one.article, id=article_id(url), url=url, canonical_url=url, source=source.id)
        yield replace(one, article=article, organisation=organisation, province=province)


def mixed(paragraphs: list[str], seed: int) -> list[str]:
    """The words of each paragraph in another order, two by two: texts of one template are no re-posts."""
    chance = random.Random(seed)
    shuffled = []
    for paragraph in paragraphs:
        words = paragraph.split()
        pairs = [words[place : place + 2] for place in range(0, len(words), 2)]
        chance.shuffle(pairs)
        shuffled.append(" ".join(word for pair in pairs for word in pair))
    return shuffled


# --- the server ---------------------------------------------------------------------------------------------


@contextmanager
def serving(where: dict[str, Any]) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """``aggregator serve`` in a process of its own, and its port."""
    options = [part for name, value in where.items() for part in (f"--{name}", str(value))]
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "serve", "--port", "0", *options],
        env={**os.environ, "AGGREGATOR_WEB_RATE": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2]), process
    finally:
        process.terminate()
        process.wait()


class Reader:
    """Asks for pages on one connection, as a browser does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def read(self, path: str) -> float:
        """Milliseconds until the whole page is there. RuntimeError for anything but a page."""
        start = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not body:
            raise RuntimeError(f"{path} was answered by {answer.status}")
        return (time.perf_counter() - start) * 1000


# --- one reader ---------------------------------------------------------------------------------------------


def one_reader(port: int) -> None:
    """Times of the search page."""
    reader = Reader(port)
    times = rounds(reader.read)
    cuts = statistics.quantiles(times, n=20)
    print(
        f"\none reader, {len(times)} search pages over HTTP: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, "
        f"slowest {max(times):.0f} ms (to be below {BARS[0]} and {BARS[1]})"
    )


def rounds(read: Callable[[str], float]) -> list[float]:
    """Each page's times, but for the first two."""
    for page in PAGES * 2:
        read(page)
    return [read(page) for _ in range(ROUNDS) for page in PAGES]


def shares(workspace: Workspace) -> None:
    """What the time of a page is spent on, in milliseconds; the median of all pages."""
    service = Service(workspace)
    service.open()
    spent: dict[str, float] = defaultdict(float)
    put_clocks(workspace, spent)
    with listen("127.0.0.1", 0) as listening:
        server = server_for(make_app(service, Access()))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        reader = Reader(listening.getsockname()[1])
        rows = []

        def read(page: str) -> float:
            spent.clear()
            whole = reader.read(page)
            rows.append({**spent, "whole": whole})
            return whole

        rounds(read)
        server.should_exit = True
        thread.join()
    medians = {
        name: statistics.median(row.get(name, 0) for row in rows[2 * len(PAGES) :])
        for name in (*PARTS, "whole")
    }
    medians["API"] = medians["whole"] - sum(medians[name] for name in PARTS)
    print(f"\nthe shares of a page of {medians.pop('whole'):.1f} ms (with clocks in it)")
    for name, median in medians.items():
        print(f"  {name:9} {median:6.1f} ms")


PARTS = ("index", "database", "template")


def put_clocks(workspace: Workspace, spent: dict[str, float]) -> None:
    """Around what a page waits for; one reader at a time."""

    def clocked(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                spent[part] += (time.perf_counter() - start) * 1000

        return run

    index, store = workspace.index, workspace.store
    index.search = clocked("index", index.search)  # type: ignore[method-assign]
    for name in ("get_article", "changes"):
        setattr(store, name, clocked("database", getattr(store, name)))
    jinja2.Template.render = clocked("template", jinja2.Template.render)  # type: ignore[method-assign]


# --- many readers -------------------------------------------------------------------------------------------


def many_readers(port: int, process: "subprocess.Popen[str]", readers: int, seconds: float) -> None:
    """Errors, pages a second, waiting times, and the memory of the server before and after."""
    times: list[float] = []
    errors: Counter[str] = Counter()
    ends = time.monotonic() + WARM_UP + seconds

    def read(place: int) -> None:
        reader = Reader(port)
        number = place  # each begins with another page
        while time.monotonic() < ends:
            number += 1
            try:
                times.append(reader.read(PAGES[number % len(PAGES)]))
            except (OSError, http.client.HTTPException, RuntimeError) as error:
                errors[str(error)] += 1
                reader = Reader(port)

    at_start = memory(process.pid)
    threads = [threading.Thread(target=read, args=(place,)) for place in range(readers)]
    for thread in threads:
        thread.start()
    time.sleep(WARM_UP)
    warm = memory(process.pid)
    for thread in threads:
        thread.join()
    at_end = memory(process.pid)
    cuts = statistics.quantiles(times, n=20)
    print(
        f"\n{readers} readers for {seconds + WARM_UP:.0f} s: {len(times):,} pages, "
        f"{len(times) / (seconds + WARM_UP):.0f} a second, {sum(errors.values())} errors; "
        f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms\n"
        f"memory of the server: {at_start:.0f} MB before, {warm:.0f} MB after {WARM_UP} s, "
        f"{at_end:.0f} MB at the end"
    )
    for error, number in errors.most_common(5):
        print(f"  {number} times: {error}")


def memory(process: int) -> float:
    """MB that a process has in memory."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    return int(told.partition("VmRSS:")[2].split()[0]) / 1024
