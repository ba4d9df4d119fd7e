"""A crawl as a process that can be watched and killed, with every process that it has begun."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from tests.e2e.conftest import command, environment

PATIENCE = 120  #: seconds that a test waits for something that ought to come
#: When a record was fetched or looked at; all else of it must not depend on how often a crawl was killed.
OF_THE_FETCH = ("first_seen", "last_seen")


@contextmanager
def begun(*arguments: str, data: Path, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """The command under way in a process group of its own; killed, if it must be, at the end."""
    process = subprocess.Popen(
        command(*arguments),
        cwd=data.parent,
        env=environment(data) | {f"AGGREGATOR_{name.upper()}": value for name, value in settings.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)


def wait_until(is_so: Callable[[], bool], process: "subprocess.Popen[str] | None" = None) -> None:
    """Waits for something, or until the process has ended."""
    deadline = time.monotonic() + PATIENCE
    while not is_so() and (process is None or process.poll() is None):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.003)


def group(leader: int) -> list[int]:
    """The living processes of a group, the leader among them while it lives."""
    return [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _is_in(stat, leader)]


def _is_in(stat: Path, leader: int) -> bool:
    try:
        state, _, pgrp = stat.read_text().rpartition(")")[2].split()[:3]
    except OSError:  # ended meanwhile
        return False
    return int(pgrp) == leader and state not in "ZX"


@dataclass
class Watch:
    """What a site has been asked for since the watch began."""

    portal: Portal
    site: Site

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forgets what was asked until now."""
        self._before = len(self.portal.requests(self.site.source_id))

    @property
    def targets(self) -> list[str]:
        """Path and query of each request, in order."""
        return [one.target for one in self.portal.requests(self.site.source_id)[self._before :]]

    @property
    def articles(self) -> list[str]:
        """Those that are addresses of articles."""
        known = {item.href for item in self.site.items}
        return [target for target in self.targets if target in known]


def records_of(export: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Exported records by address, without the times of their fetch; none may be there twice."""
    plain = [{key: one[key] for key in one if key not in OF_THE_FETCH} for one in export]
    found = {one["url"]: one for one in plain}
    assert len(found) == len(export)
    return found


def counts_of(out: str) -> dict[str, Any]:
    """The counts of the only source of a ``crawl --json``."""
    (source,) = json.loads(out)
    counts: dict[str, Any] = source["counts"]
    return counts
