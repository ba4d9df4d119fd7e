"""The whole pipeline beside a bare Scrapy spider: pages a second from the same loopback server in one run.

Ours fetches, archives, extracts, normalises, finds names, stores and indexes; the peer only downloads the
same pages. Both at concurrency 16 and without delay. Usage: ``python -m benchmarks crawl [--articles N]``.
"""

import asyncio
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from aggregator.crawl.archive import PageArchive
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.extract import extract
from aggregator.index.local import LocalIndex
from aggregator.index.sync import sync
from aggregator.model import Article, Page
from aggregator.persian.article import annotate_article
from aggregator.registry import load_registry
from aggregator.store import Store

ARTICLES = 600
CONCURRENCY = 16
STAGE_PAGES = 200
_HTML = {"content-type": "text/html; charset=utf-8"}
MENU = 550  #: entries of the menu that is put into each page, so that it weighs as much as real ones do
PEER = """
import scrapy

class Bare(scrapy.Spider):
    name = "bare"
    custom_settings = {"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "DOWNLOAD_DELAY": 0,
                       "ROBOTSTXT_OBEY": False, "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False}

    async def start(self):
        for url in open(self.urls):
            yield scrapy.Request(url.strip())

    def parse(self, response):
        return None
"""


def main(options: list[str] | None = None) -> None:
    """Print both speeds, their ratio, and where our time goes."""
    count = int(options[1]) if options else ARTICLES
    with tempfile.TemporaryDirectory() as name, _server(count) as base:
        folder = Path(name)
        site = _site(count, base)
        urls = [site.absolute(item.address) for item in site.items]
        weight = len(_page(site, urls[0])) / 1024
        print(f"{count:,} articles of {weight:.0f} KB, concurrency {CONCURRENCY}, no delay")
        bare = _bare(folder, urls)
        ours, peak = _ours(folder, base, count)
        print(f"  bare Scrapy  {count / bare:7.0f} pages/s")
        print(f"  aggregator   {count / ours:7.0f} articles/s   ratio {bare / ours:.2f}   peak {peak} MB")
        print("  of one page, alone on a core:")
        for name, seconds in _stages(folder / "stages", site).items():
            print(f"    {name:<10} {1000 * seconds:5.1f} ms")


def _bare(folder: Path, urls: list[str]) -> float:
    """Seconds that the peer takes."""
    spider, addresses = folder / "bare.py", folder / "urls.txt"
    spider.write_text(PEER, encoding="utf-8")
    addresses.write_text("\n".join(urls), encoding="utf-8")
    command = [sys.executable, "-m", "scrapy", "runspider", spider, "-a", f"urls={addresses}"]
    return _timed(command, {}, folder)


def _ours(folder: Path, base: str, count: int) -> tuple[float, int]:
    """Seconds that a crawl takes, and its peak memory in megabytes."""
    environment = {
        "AGGREGATOR_DATA": str(folder / "data"),
        "AGGREGATOR_CONCURRENCY": str(CONCURRENCY),
        "AGGREGATOR_CONCURRENCY_PER_SITE": str(CONCURRENCY),
        "AGGREGATOR_DELAY": "0",
    }
    command = [sys.executable, "-m", "aggregator", "crawl", base]
    seconds = _timed(command, environment, folder)
    status = subprocess.run(
        [sys.executable, "-m", "aggregator", "export", "--format", "jsonl"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    records = [json.loads(line) for line in status.stdout.splitlines()]
    if len(records) != count:
        sys.exit(f"{len(records)} of {count} articles were collected")
    return seconds, int((folder / "peak").read_text())


_TIMER = """
import resource, runpy, subprocess, sys, pathlib
done = subprocess.run(sys.argv[2:])
pathlib.Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024))
sys.exit(done.returncode)
"""


def _timed(command: list[object], environment: dict[str, str], folder: Path) -> float:
    start = time.perf_counter()
    timer = [sys.executable, "-c", _TIMER, str(folder / "peak"), *map(str, command)]
    done = subprocess.run(  # in a folder that is no Scrapy project: the peer is to have Scrapy's own settings
        timer, env=os.environ | environment, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


# --- where our time goes ----------------------------------------------------------------------------------


def _stages(folder: Path, site: Site) -> dict[str, float]:
    """Seconds a page of each stage of the pipeline, one after the other in this process."""
    urls = [site.absolute(item.address) for item in site.items[:STAGE_PAGES]]
    pages = [Page(url, _page(site, url), datetime.now(UTC), "sample", headers=_HTML) for url in urls]
    registry, archive = load_registry(), PageArchive(folder / "archive")
    annotate_article(_article(pages[0]), registry.gazetteer)  # hazm takes a second to load
    took: dict[str, float] = {}

    def stage(name: str, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        start = time.perf_counter()
        done = [work(item) for item in items]
        took[name] = (time.perf_counter() - start) / len(pages)
        return done

    stage("archive", archive.write, pages)
    articles = stage("extract", _article, pages)
    articles = stage("normalise", lambda article: annotate_article(article, registry.gazetteer), articles)
    with Store.open(f"sqlite:///{folder / 'stages.sqlite3'}") as store:
        put = partial(store.put_article, organisation=None, province=None, seen_at=datetime.now(UTC))
        stage("store", put, articles)
        stage("index", lambda index: sync(store, index, registry), [LocalIndex(folder / "index")])
    archive.close()
    return took


def _article(page: Page) -> Article:
    found = extract(page, "nastooh")
    if not isinstance(found, Article):
        sys.exit(f"{page.url}: {found.reason}")
    return found


# --- the server -------------------------------------------------------------------------------------------


def _site(count: int, base: str) -> Site:
    site = Site("nastooh", synthetic_articles(count, seed=5))
    site.base_url = base
    return site


def _page(site: Site, url: str) -> bytes:
    """A page with a menu of the usual size; listings and feeds stay as they are."""
    parts = urlsplit(url)
    answer = site.respond(unquote(parts.path) + (f"?{parts.query}" if parts.query else ""))
    if not answer.content_type.startswith("text/html"):
        return answer.body
    return re.sub(rb"(<body[^>]*>)", rb"\1" + _menu(), answer.body, count=1)


def _menu() -> bytes:
    entries = "".join(
        f'<li class="item level-2"><a class="menu-link" href="/fa/page/{number}" title="بخش {number}">'
        f"<span>صفحه شماره {number} سازمان</span></a></li>"
        for number in range(MENU)
    )
    return f'<nav class="main-menu"><ul>{entries}</ul></nav>'.encode()


@contextmanager
def _server(count: int) -> Iterator[str]:
    """A process that serves the site, pages rendered once; its address."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(count, sending), daemon=True)
    process.start()
    try:
        yield receiving.recv()
    finally:
        process.terminate()


def _serve(count: int, sending: "multiprocessing.connection.Connection") -> None:
    async def run() -> None:
        known: dict[bytes, bytes] = {}
        site: Site | None = None

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while head := await _head(reader):
                target = head.split(b" ", 2)[1]
                if target not in known and site is not None:
                    known[target] = _response(site, target.decode())
                writer.write(known[target])
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        site = _site(count, base)
        for item in site.items:
            target = site.absolute(item.address).removeprefix(base.rstrip("/"))
            known[target.encode()] = _response(site, target)
        sending.send(base)
        await server.serve_forever()

    asyncio.run(run())


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _response(site: Site, target: str) -> bytes:
    answer = site.respond(unquote(target))
    body = _page(site, target)
    head = (
        f"HTTP/1.1 {answer.status} OK\r\n"
        f"Content-Type: {answer.content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
