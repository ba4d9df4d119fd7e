"""The system's Chromium for the tests in a browser and for the pictures of the documentation: ``browser``.

Nothing is downloaded: Playwright drives what the machine has.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools.processes import MissingError

NAMES = ("chromium", "chromium-browser", "google-chrome")
_HOW = "install it (Debian: apt install chromium fonts-noto-core), or set CHROMIUM to the program"


def program() -> Path:
    """Chromium's program: the one of CHROMIUM, else the first on the path. Raises MissingError."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise MissingError(f"there is no {named or 'Chromium'}: {_HOW}")


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless one that meets nothing but what it is led to. Raises MissingError.

    Only as root it goes without its sandbox, which root cannot have.
    """
    path = program()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            chromium_sandbox=os.getuid() != 0,
            args=["--disable-dev-shm-usage", "--font-render-hinting=none"],
        )
        try:
            yield launched
        finally:
            launched.close()
