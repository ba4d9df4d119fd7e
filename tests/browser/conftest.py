"""A real Chromium at a real server, over the demo's articles and some that mean no good."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

from aggregator.config import Settings
from aggregator.web.service import Service
from aggregator.workspace import Workspace
from tests import servers
from tests.web.conftest import fill, serving
from tools import chromium
from tools.processes import MissingError

PATIENCE = 15_000  #: milliseconds that a test waits for something that ought to come


@dataclass
class Site:
    """The server, and what it has."""

    address: str  #: without a slash at the end
    service: Service


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A workspace that is filled, served."""
    workspace = Workspace(Settings(data=tmp_path_factory.mktemp("browser")))
    service = Service(workspace)
    service.open()
    fill(workspace)
    with serving(service) as client:
        yield Site(f"http://127.0.0.1:{client.port}", service)
    workspace.close()


# Not for longer: while it is open, asyncio believes that its loop runs in this thread.
@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """The system's Chromium; without one the test is skipped, or fails in CI."""
    try:
        chromium.program()
    except MissingError as error:
        servers.missing(str(error))
    with chromium.browser() as started:
        yield started


@dataclass
class Reader:
    """Somebody with a browser; what goes wrong in it is noted."""

    context: BrowserContext
    address: str
    troubles: list[str] = field(default_factory=list)
    _page: Page | None = None

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.troubles.append(f"error: {error.error}"))
        self.context.on("dialog", self._dialog)
        self.context.on("request", self._request)

    @property
    def page(self) -> Page:
        """The one page that is open."""
        self._page = self._page or self.context.new_page()
        return self._page

    def open(self, path: str) -> Response:
        """Goes there, by the address bar."""
        response = self.page.goto(path)
        assert response is not None
        return response

    def close(self) -> None:
        """Ends it; fails where anything went wrong."""
        self.context.close()
        assert self.troubles == []

    def _console(self, message: ConsoleMessage) -> None:
        # The page of an error is what was asked for; all else is not.
        expected = message.location.get("url") == message.page.url if message.page else False
        if message.type == "error" and not (expected and message.text.startswith("Failed to load resource")):
            self.troubles.append(message.text)

    def _dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.troubles.append(f"request to elsewhere: {request.url[:200]}")


Reading = Callable[..., Reader]


def start_reading(chrome: Browser, site: Site, **options: Any) -> Reader:
    """A Reader with a fresh browser profile; options are Playwright's. To be closed."""
    return Reader(chrome.new_context(base_url=site.address, locale="fa-IR", **options), site.address)


@pytest.fixture
def reading(chrome: Browser, site: Site) -> Iterator[Reading]:
    """``reading(viewport=…)`` → another Reader."""
    readers: list[Reader] = []

    def start(**options: Any) -> Reader:
        readers.append(start_reading(chrome, site, **options))
        return readers[-1]

    yield start
    for reader in readers:
        reader.close()


@pytest.fixture
def reader(reading: Reading) -> Reader:
    """One with an ordinary window."""
    return reading(viewport={"width": 1280, "height": 900})
