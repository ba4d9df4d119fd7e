"""A real server on loopback, over the demo's articles and some that mean no good. Nothing is crawled."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from aggregator.config import Settings
from aggregator.demo.server import Portal
from aggregator.index.sync import sync
from aggregator.model import Mention, StoredArticle
from aggregator.persian.article import annotate_article
from aggregator.record import from_record
from aggregator.registry import Registry
from aggregator.stories.catch_up import group_stories
from aggregator.web.app import make_app
from aggregator.web.gate import Access
from aggregator.web.server import listen, server_for
from aggregator.web.service import Service
from aggregator.workspace import Workspace
from tests.making import make_article

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
BIDI = "\u202e\u2066\u202b\u200f"
EVIL = "javascript:alert(document.cookie)"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Asks one server, a connection a request."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None, **parameters: Any) -> Answer:
        return self.ask("GET", path + (f"?{urlencode(parameters)}" if parameters else ""), headers)


@contextmanager
def serving(service: Service, access: Access = Access(), **more: Any) -> Iterator[Client]:  # noqa: B008
    """A client of a server that runs meanwhile."""
    with listen("127.0.0.1", 0) as listening:
        server = server_for(make_app(service, access, **more))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield Client(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


def demo_articles(registry: Registry) -> Iterator[StoredArticle]:
    """What a crawl of the bundled portal would find."""
    for site in Portal.demo().sites:
        site.base_url = f"https://{site.source_id}.example.ir"
        for record in site.truth():
            item = from_record(record, now=NOW)
            organisation, province = registry.owner(registry.sources.get(item.article.source))
            article = annotate_article(
                item.article, registry.gazetteer, organisation=organisation, province=province
            )
            yield replace(item, article=article, organisation=organisation, province=province)


def hostile_articles() -> list[StoredArticle]:
    """Scripts in every field, a headline of 200 KB, marks of direction, no text, endless lists."""
    scripts = make_article(
        1001,
        headline=f"خصمانه {SCRIPT}",
        kicker=SCRIPT,
        lead=SCRIPT,
        body=(f"خصمانه {SCRIPT}", SCRIPT),
        section=SCRIPT,
        keywords=(SCRIPT,),
        authors=(SCRIPT,),
        main_image=EVIL,
        images=(EVIL,),
        attachments=(EVIL, "data:text/html,<script>alert(1)</script>"),
        code=SCRIPT,
        platform=SCRIPT,
        date_published_raw=SCRIPT,
        mentions=(Mention("speaker", SCRIPT, 7, 7 + len(SCRIPT), role=SCRIPT, field="headline"),),
    )
    scripts = replace(scripts, url=EVIL, canonical_url=EVIL, provenance={"headline": SCRIPT})
    long = make_article(1002, headline="خصمانه " + "درازا" * 20_000)
    bidi = make_article(1003, headline=BIDI, kicker=BIDI, lead=BIDI, body=("خصمانه", BIDI), authors=(BIDI,))
    empty = make_article(1004, headline="خصمانه تهی", body=(), published=None)
    many = make_article(
        1005,
        headline="خصمانه انبوه",
        keywords=tuple(f"کلیدواژهٔ{'‌دراز' * 20} {number}" for number in range(5_000)),
        authors=tuple(f"نویسندهٔ {number}" for number in range(500)),
        images=tuple(f"https://news.example.ir/{'a' * 300}/{number}.jpg" for number in range(500)),
        section="بخش " * 500,
    )
    return [
        StoredArticle(article, organisation, None, NOW, NOW, revision=1)
        for article, organisation in (
            (scripts, SCRIPT),
            (long, None),
            (bidi, BIDI),
            (empty, None),
            (many, None),
        )
    ]


def edited(stored: StoredArticle) -> StoredArticle:
    """The same, a day later, with a changed headline and a paragraph more."""
    article = stored.article
    article = replace(article, headline=f"{article.headline} (اصلاحیه)", body=(*article.body, "افزوده شد."))
    seen = stored.last_seen + timedelta(days=1)
    return replace(stored, article=article, first_seen=seen, last_seen=seen, revision=2)


def fill(workspace: Workspace) -> None:
    """The demo's articles, hostile ones, one edited, and a source that fails; all indexed and grouped."""
    articles = [*demo_articles(workspace.registry), *hostile_articles()]
    workspace.store.put_articles(articles)
    workspace.store.put_articles([edited(articles[0])])
    run = workspace.store.start_run("mcls-alborz")
    workspace.store.finish_run(run, "failed", {"reason": SCRIPT})
    sync(workspace.store, workspace.index, workspace.registry)
    group_stories(workspace.store)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A workspace that is filled."""
    workspace = Workspace(Settings(data=tmp_path_factory.mktemp("web")))
    service = Service(workspace)
    service.open()
    fill(workspace)
    yield service
    workspace.close()


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[Client]:
    """Of a server without a token, which counts nobody's requests."""
    with serving(service) as client:
        yield client


@pytest.fixture(scope="session")
def total(service: Service) -> int:
    """How many articles there are."""
    return service.workspace.index.count()


@pytest.fixture
def edited_id(service: Service) -> str:
    """The article with two revisions."""
    (found,) = [one for one in service.workspace.store.articles() if one.revision == 2]
    return found.article.id


@pytest.fixture
def empty_service(tmp_path: Path) -> Iterator[Service]:
    """A workspace of its own with nothing in it."""
    workspace = Workspace(Settings(data=tmp_path / "data"))
    service = Service(workspace)
    service.open()
    yield service
    workspace.close()
