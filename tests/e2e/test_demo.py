"""``aggregator demo``: the first thing that a newcomer sees."""

import json
import os
import pty
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from aggregator.demo.bundle import bundled_sites
from tests.e2e.conftest import Run, command, environment
from tests.e2e.processes import PATIENCE, wait_until

STORIES = sum(len(site.items) for site in bundled_sites())


def test_it_crawls_searches_serves_and_can_be_run_again(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run("demo", "--json", "--port", "18765")  # no terminal: it ends by itself
    assert first.status == 0, first.err
    crawls = first.json["crawls"]
    assert [sum(one["counts"]["new"] for one in crawl) for crawl in crawls] == [STORIES, 0]
    assert sum(one["counts"]["changed"] for one in crawls[1]) == 1
    assert {one["status"] for crawl in crawls for one in crawl} == {"finished"}
    rejected = {name for crawl in crawls for one in crawl for name in one["counts"]["rejected"]}
    assert {"soft-404", "login", "robots-forbidden"} <= rejected
    assert all(search["total"] for search in first.json["searches"])
    assert all(search["hits"][0]["highlights"] for search in first.json["searches"])
    folder = first.json["data"]
    assert run("stories", "--data", folder, "--json").json == {"compared": 0, "stories": 1, "articles": 6}
    assert run("search", "--data", folder, "--json", "--size", "0").json["total"] == STORIES

    # A "browser" that writes down where it was sent.
    opened, browser = data.parent / "opened", data.parent / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setenv("DISPLAY", ":0")
    with on_terminal("demo", "--port", "18765", data=data) as (process, printed):
        wait_until(opened.exists, process)
        address = opened.read_text().strip()
        with urlopen(f"{address}api/search?size=1") as answer:
            found = json.load(answer)
        assert found["total"] == STORIES
        with urlopen(found["hits"][0]["url"]) as original:  # the portal is still there
            assert original.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    said = b"".join(printed).decode()
    assert "nothing new" in said
    assert "What to type next" in said
    assert address in said


@contextmanager
def on_terminal(*arguments: str, data: Path) -> Iterator[tuple["subprocess.Popen[bytes]", list[bytes]]]:
    """The command with a terminal, and what it prints there."""
    terminal, its_end = pty.openpty()
    printed: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # that is how a terminal ends
            while piece := os.read(terminal, 4096):
                printed.append(piece)

    process = subprocess.Popen(
        command(*arguments),
        env=environment(data),
        cwd=data.parent,
        stdin=subprocess.DEVNULL,
        stdout=its_end,
        stderr=its_end,
        start_new_session=True,
    )
    os.close(its_end)
    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield process, printed
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reader.join()
        os.close(terminal)
