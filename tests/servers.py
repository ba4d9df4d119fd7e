"""One server of each kind for all processes of a test run, started by the first test that needs it."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.elasticsearch import Cluster
from tools.postgresql import Server
from tools.processes import MissingError, ServerError

IN_CI = os.environ.get("CI") == "true"
_IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def elasticsearch() -> str:
    """Starts a node for the whole run; its address."""
    return Cluster(owner=_whole_run()).__enter__().url


def postgresql() -> str:
    """Starts a server for the whole run; its address."""
    return Server(owner=_whole_run()).__enter__().url


def shared(start: Callable[[], str], base: Path) -> str:
    """The address of the run's server of this kind; without one, the test is skipped, or fails in CI.

    ``base`` is pytest's folder for the temporary files of this process.
    """
    folder = base.parent if _IN_WORKER else base
    state = folder / f"{start.__name__}.json"
    with state.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not state.exists():
            told = _attempt(start)
            state.touch(mode=0o600)
            state.write_text(json.dumps(told))
    found: dict[str, str] = json.loads(state.read_text())
    if "missing" in found:
        missing(found["missing"])
    if "failed" in found:
        pytest.fail(found["failed"], pytrace=False)
    return found["url"]


def missing(what: str) -> None:
    """What a test does that needs something which is not on this machine."""
    if IN_CI:
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def _attempt(start: Callable[[], str]) -> dict[str, str]:
    try:
        return {"url": start()}
    except MissingError as error:
        return {"missing": str(error)}
    except ServerError as error:
        return {"failed": str(error)}


def _whole_run() -> int:
    """The process with which the servers end: pytest itself, not one of those that share its tests."""
    return os.getppid() if _IN_WORKER else os.getpid()
