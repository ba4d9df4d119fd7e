"""Peers live in environments of their own, so that the project never depends on them."""

import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "peers"


def peer_python(name: str, *requirements: str) -> Path:
    """The Python of an environment with the peer in it, made when it is first asked for."""
    environment = CACHE / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"
    python = environment / "bin" / "python"
    ready = environment / "ready"
    if not ready.exists():
        print(f"installing {', '.join(requirements)} into an environment of its own …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)
        ready.touch()
    return python
