"""Peers live in environments of their own, so that the project never depends on them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "peers"


def peer_python(name: str, *requirements: str, base: Path | None = None) -> Path:
    """The Python of an environment with the peer in it, made when it is first asked for.

    ``base`` is the Python to make it with; this one unless said.
    """
    base = base or Path(sys.executable)
    environment = CACHE / f"{name}-{_version(base)}"
    python = environment / "bin" / "python"
    ready = environment / "ready"
    if not ready.exists():
        print(f"installing {', '.join(requirements)} into an environment of its own …", file=sys.stderr)
        subprocess.run([base, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)
        ready.touch()
    return python


def find_python(*versions: str) -> Path | None:
    """The first of these Pythons («3.11») that is on this machine."""
    command = [ROOT / "tools" / "find-python", *versions]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def _version(python: Path) -> str:
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
