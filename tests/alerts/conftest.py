"""A workspace on either database, and a real receiver of webhooks on loopback."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aggregator.config import Settings
from aggregator.model import StoredArticle
from aggregator.registry import Registry, load_registry
from aggregator.store.saved import Delivery, SavedSearch
from aggregator.workspace import Workspace
from tests.making import make_stored


@dataclass
class Posted:
    """A request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.json["data"]["articles"]]


Answer = Callable[[BaseHTTPRequestHandler], None]


def status(code: int, **headers: str) -> Answer:
    """An answer without a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@dataclass
class Receiver:
    """A server that keeps what it is sent, and gives the next of ``answers``, 200 after the last."""

    port: int = 0
    posted: list[Posted] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    receiver.posted.append(Posted(self.path, headers, body))
                    answer = receiver.answers.pop(0) if receiver.answers else status(200)
                answer(self)

            do_GET = do_POST  # noqa: N815 - a redirect that is followed would come so

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=1"

    def delivered(self) -> list[str]:
        """All article ids, in the order in which they came."""
        return [one for posted in self.posted for one in posted.ids]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry(())


@pytest.fixture
def workspace(tmp_path: Path, registry: Registry) -> Iterator[Workspace]:
    """An empty one on SQLite."""
    opened = make_workspace(tmp_path, registry)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path, registry: Registry) -> Iterator[Workspace]:
    """An empty one on each database."""
    address = request.getfixturevalue("postgresql_database") if request.param == "postgresql" else ""
    opened = make_workspace(tmp_path, registry, database=address)
    yield opened
    opened.close()


def make_workspace(folder: Path, registry: Registry, **settings: Any) -> Workspace:
    """The registry takes a second to read: all share it."""
    opened = Workspace(Settings(data=folder / "data", **settings))
    opened.__dict__["registry"] = registry
    return opened


def put(workspace: Workspace, *articles: StoredArticle) -> None:
    workspace.store.put_articles(articles)


def water(number: int, **changes: Any) -> StoredArticle:
    """An article about water."""
    return make_stored(number, headline=f"کمبود آب، خبر {number}", **changes)


def ids_of(*articles: StoredArticle) -> list[str]:
    return [one.article.id for one in articles]


def found(workspace: Workspace, search: SavedSearch) -> list[str]:
    """Ids of its matches, the oldest first."""
    return [one for one, _ in workspace.store.saved.matches(search.id)][::-1]


def messages(workspace: Workspace, search: SavedSearch) -> list[Delivery]:
    """Its messages, the oldest first."""
    return [one for _, one in workspace.store.saved.deliveries(search.id, 1000)][::-1]
