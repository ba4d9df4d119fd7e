"""What servers for tests and development share: their user, folder, port, and what ends them."""

import contextlib
import json
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
#: Below those that systems give to outgoing connections: a server that starts again has its port back.
_PORTS = range(15_000, 32_000)


class MissingError(Exception):
    """A server's software is not on this machine; says how to get it."""


class ServerError(Exception):
    """A server did not start; says what its log says last."""


def ordinary_user() -> tuple[int, int] | None:
    """User and group for servers that refuse to run as root; None: we are not root."""
    if os.getuid() != 0:
        return None
    for name in ("nobody", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise MissingError("servers do not run as root, and there is no user `nobody`: run as an ordinary user")


def give(path: Path) -> Path:
    """Makes everything below the path the servers' user's."""
    user = ordinary_user()
    if user is not None:
        for each in (path, *path.rglob("*")):
            os.chown(each, *user)
    return path


def new_folder(kind: str) -> Path:
    """An empty temporary folder of the servers' user, with a short path: sockets need that."""
    return give(Path(tempfile.mkdtemp(prefix=f"{kind}-")))


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", random.choice(_PORTS)))
            return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Whether somebody listens on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def last_lines(path: Path, number: int = 15) -> str:
    """The end of a log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-number:]) if path.exists() else ""


class Process:
    """One server under a supervisor, which ends it with its owner, even where that is killed."""

    def __init__(
        self,
        command: Sequence[object],
        *,
        folder: Path,
        output: Path,
        environment: Mapping[str, str],
        owner: int,
        ending: signal.Signals,
    ):
        user = ordinary_user() or (None, None)
        given: dict[str, Any] = {
            "command": [str(part) for part in command],
            "environment": dict(environment),
            "user": user[0],
            "group": user[1],
            "folder": str(folder),
            "output": str(output),
            "owner": owner,
            "ending": int(ending),
        }
        with output.open("a") as errors:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_SUPERVISOR), json.dumps(given)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        assert self._supervisor.stdout is not None
        with self._supervisor.stdout as answer:
            told = answer.readline()
        if not told:
            raise ServerError(f"cannot run {command[0]}: {last_lines(output, 1)}")
        self.pid = int(told)  #: of the server, and of its process group

    @property
    def supervisor(self) -> int:
        """The supervisor's process number; SIGTERM to it ends the server and removes its folder."""
        return self._supervisor.pid

    @property
    def running(self) -> bool:
        """Whether the server is there, suspended or not."""
        return self._supervisor.poll() is None

    def signal(self, sign: signal.Signals, *, group: bool = True) -> None:
        """Sends a signal to the server and its children, or to the server alone."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.pid, sign)

    def wait(self, seconds: float) -> None:
        """Until the server has ended; one that takes longer is killed."""
        try:
            self._supervisor.wait(seconds)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self._supervisor.wait()


def remove(folder: Path) -> None:
    """Removes a folder of servers that have ended."""
    shutil.rmtree(folder, ignore_errors=True)
