"""Processes that read pages: they do what is done without them, survive their own deaths, and end with us."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.crawl.workers import Workers
from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page, Rejection
from aggregator.persian.article import annotate_article
from aggregator.registry import load_registry

TEXT = "وزارت کار از برگزاری دوره آموزشی ایمنی كارگاه ها در استان البرز خبر داد. " * 5
HTML = (
    "<!doctype html><html lang=fa><head><meta charset=utf-8><title>برگزاری دوره آموزشی</title></head><body>"
    "<article><h1>برگزاری دوره آموزشی</h1><time datetime=2026-02-28T10:00:00+03:30>۹ اسفند ۱۴۰۴</time>"
    f"<p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
)
PAGE = Page("https://example.ir/news/12", HTML.encode(), datetime(2026, 3, 1, tzinfo=UTC), "small")


class Deadly:
    """Kills the process that unpickles it."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


@pytest.fixture
def workers() -> Iterator[Workers]:
    found = Workers(load_registry())
    yield found
    found.close()


def test_they_do_what_is_done_without_them(workers: Workers) -> None:
    async def run() -> list[Article | NotArticle]:
        empty = replace(PAGE, body=b"")
        return [
            await workers.extract(PAGE, None),
            await workers.read(PAGE, None, "mcls", None),
            await workers.read(empty, None, "mcls", None),
        ]

    expected = extract(PAGE, None)
    assert isinstance(expected, Article)
    gazetteer = load_registry().gazetteer
    extracted, read, rejected = asyncio.run(run())
    assert extracted == expected
    assert read == annotate_article(expected, gazetteer, organisation="mcls", province=None)
    assert isinstance(rejected, NotArticle)
    assert rejected.kind == Rejection.EMPTY


def test_a_deadly_page_is_set_aside_and_costs_no_other(workers: Workers) -> None:
    deadly: Any = Deadly()

    async def run() -> list[Article | NotArticle]:
        pages = (workers.read(PAGE, deadly if number == 3 else None, None, None) for number in range(8))
        return await asyncio.gather(*pages)

    found = asyncio.run(run())
    rejected = [place for place, result in enumerate(found) if isinstance(result, NotArticle)]
    assert rejected == [3]
    assert isinstance(found[3], NotArticle)
    assert found[3].kind == Rejection.TOO_LARGE


def test_a_process_that_somebody_kills_is_replaced(workers: Workers) -> None:
    async def run() -> list[Article | NotArticle]:
        first = await workers.extract(PAGE, None)
        for process in multiprocessing.active_children():
            process.kill()
        return [first, *await asyncio.gather(*(workers.extract(PAGE, None) for _ in range(4)))]

    assert all(isinstance(result, Article) for result in asyncio.run(run()))


def test_closing_ends_them(workers: Workers) -> None:
    asyncio.run(workers.extract(PAGE, None))
    children = multiprocessing.active_children()
    assert children
    workers.close()
    deadline = time.monotonic() + 20  # for an instant, a thread of the pool alone knows that they have ended
    while any(child.is_alive() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(child.is_alive() for child in children)


_PROGRAM = """
import asyncio, multiprocessing, time
from tests.crawl.test_workers import PAGE
from aggregator.crawl.workers import Workers
from aggregator.registry import load_registry

if __name__ == "__main__":
    async def run():
        workers = Workers(load_registry())
        await workers.extract(PAGE, None)
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            print(type(await workers.extract(PAGE, None)).__name__, flush=True)
            workers.close()
    asyncio.run(run())
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A program with workers, in a process group of its own."""
    script = tmp_path / "program.py"
    script.write_text(_PROGRAM, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
def test_they_end_when_the_program_is_killed(program: "subprocess.Popen[str]") -> None:
    assert program.stdout is not None
    pids = [int(pid) for pid in program.stdout.readline().split()]
    assert pids
    assert all(map(is_alive, pids))
    program.kill()
    deadline = time.monotonic() + 20
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_they_do_not_hear_control_c(program: "subprocess.Popen[str]") -> None:
    """A terminal sends it to all processes; what is under way is finished first."""
    assert program.stdout is not None
    assert program.stdout.readline().strip()
    os.killpg(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=60)
    assert out == "Article\n"
    assert err.count("Traceback") <= 1  # the program's own, never one of theirs
    assert "concurrent/futures" not in err
