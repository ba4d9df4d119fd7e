"""A site to crawl, and crawls of it in processes of their own."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.store import Store

sys.path.insert(0, str(Path(__file__).parent))  # for small_site: tests are no package

from small_site import PATIENCE, Site

PROGRAM = str(Path(__file__).with_name("crawl_once.py"))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().running() as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    """The database that the crawls write."""
    data.mkdir(exist_ok=True)
    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as opened:
        yield opened


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Begins a crawl of addresses or sources and returns its process."""
    begun: list[subprocess.Popen[str]] = []

    def start(*sources: str | dict[str, Any], **task: Any) -> subprocess.Popen[str]:
        described = [
            source if isinstance(source, dict) else {"id": "small", "organisation": None, "url": source}
            for source in sources
        ]
        empty: dict[str, Any] = {"since": None, "limit": None, "settings": {}, "scrapy": {}}
        whole = empty | {"data": str(data), "sources": described} | task
        process = subprocess.Popen(
            [sys.executable, PROGRAM, json.dumps(whole)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def crawl(start: Callable[..., subprocess.Popen[str]]) -> Callable[..., dict[str, Any]]:
    """Crawls to the end and gives what came of it; ``run``: that of the only source."""

    def crawl(*sources: str | dict[str, Any], **task: Any) -> dict[str, Any]:
        out, err = start(*sources, **task).communicate(timeout=PATIENCE)
        assert out, err
        result: dict[str, Any] = json.loads(out)
        return result | {"run": result["runs"][0], "log": err}

    return crawl
