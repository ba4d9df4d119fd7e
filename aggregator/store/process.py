"""Whether the process that began a run is still there."""

import os
import socket
from functools import cache
from pathlib import Path


@cache
def this_host() -> str:
    """The name of this machine (of a container: its own name)."""
    return socket.gethostname()


def fingerprint(pid: int) -> str:
    """Tells a process from a later one of the same number: boot and start time; empty where unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        # The second field is the command in parentheses and may hold anything; the start time is the 22nd.
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
    return f"{boot}/{started}"


def alive(pid: int, expected: str) -> bool:
    """Whether the process of this number on this machine is there, and is the one with this fingerprint."""
    if os.name == "nt":
        return True  # there, signal 0 is Ctrl-C; the age of the last sign of life has to do
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # there, and somebody else's
    return not expected or fingerprint(pid) in ("", expected)
