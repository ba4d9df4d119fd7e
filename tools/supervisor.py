"""Runs one server and ends it surely: with the process it is for, however that ends, or when told to.

A program of its own that needs nothing but Python; ``tools.processes`` starts it. Its only argument is JSON:
``command``, ``environment``, ``user`` and ``group`` (null: as they are), ``output`` (a file), ``owner`` (a
process), ``ending`` (the signal that is tried first), and ``folder``, which is removed when the owner has
ended or the supervisor was told to end (SIGTERM). When the server ends by itself, the folder stays.
"""

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE = 5  #: seconds between a signal and the next one
LEAVING = 30  #: seconds in which the children of a server that has ended may end
_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Prints the server's process number, waits for the first end of the three, and clears up."""
    given = json.loads(sys.argv[1])
    told = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(True))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _adopt_orphans()
    server = _start(given)
    print(server.pid, flush=True)
    owner = _Owner(given["owner"])
    while server.poll() is None and not told and not owner.has_ended(0.1):
        pass
    if server.poll() is not None:
        _wait(server, LEAVING)  # for its children, which may still be closing their files
        _end(server, signal.SIGKILL)
    else:
        _end(server, given["ending"])
        shutil.rmtree(given["folder"], ignore_errors=True)
    return server.returncode


def _adopt_orphans() -> None:
    """What a server leaves behind is waited for here; the first process of a container may not do that."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # Linux only


def _start(given: dict[str, Any]) -> subprocess.Popen[bytes]:
    groups: list[int] | None = None if given["user"] is None else []
    with Path(given["output"]).open("ab") as output:
        return subprocess.Popen(
            given["command"],
            env=given["environment"],
            user=given["user"],
            group=given["group"],
            extra_groups=groups,
            cwd=given["folder"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _end(server: subprocess.Popen[bytes], ending: int) -> None:
    """Ends the server and what it has started; also one that is suspended."""
    for sign in (ending, signal.SIGKILL):
        if not _gone(server):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, sign)
            _wait(server, PATIENCE)
    server.wait()


def _wait(server: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not _gone(server) and time.monotonic() < deadline:
        time.sleep(0.02)


def _gone(server: subprocess.Popen[bytes]) -> bool:
    if server.poll() is None:
        return False
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass  # an adopted orphan
    try:
        os.killpg(server.pid, 0)
    except ProcessLookupError:
        return True
    return False


class _Owner:
    """The process that the server is for. One that nobody has waited for yet counts as ended."""

    def __init__(self, pid: int):
        self._pid = pid
        self._descriptor = None
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._descriptor = os.pidfd_open(pid)

    def has_ended(self, seconds: float) -> bool:
        if self._descriptor is not None:
            return bool(select.select([self._descriptor], [], [], seconds)[0])
        time.sleep(seconds)
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        return False


if __name__ == "__main__":
    sys.exit(main())
