"""What a person reads when Elasticsearch is away, refuses or is none: one line, and never a secret."""

import base64
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import AggregatorError, FixCommandError, FixQueryError, TryLaterError
from aggregator.index.elastic.client import Access, connect, told
from aggregator.index.protocol import ForbiddenError, RebuildIndexError
from tests.certificates import untrusted_server
from tools.processes import free_port

KEY = "S3cretKeyOfTests"
PASSWORD = "گذرواژه:S3cret"
OURS = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


def failed(kind: str, reason: str = "because\nof that") -> str:
    """What Elasticsearch says of an error."""
    return json.dumps({"error": {"type": kind, "reason": reason, "root_cause": []}})


class Server(ThreadingHTTPServer):
    """Answers everything with one answer, and remembers who asked."""

    daemon_threads = True

    def __init__(self, status: int = 200, body: str = "{}", headers: dict[str, str] = OURS):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = status, body.encode(), headers
        self.credentials: list[str | None] = []
        self.silent = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.credentials.append(self.headers["Authorization"])
        if self.server.silent.wait(0):
            self.close_connection = True
            threading.Event().wait(2)
            return
        status, body, headers = self.server.answer
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a server: ``serve(401, "…")``."""
    running: list[Server] = []

    def start(*answer: Any) -> Server:
        server = Server(*answer)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def refusal(caplog: pytest.LogCaptureFixture) -> Callable[..., AggregatorError]:
    """What comes of a search there; no secret is in it, nor in what leads to it, nor in any log."""

    def ask(url: str, **access: Any) -> AggregatorError:
        caplog.set_level(logging.DEBUG)
        asked = Access((url,), "news", **(access or {"api_key": KEY}))
        with pytest.raises(AggregatorError) as caught, told(asked.where):
            connect(asked).options(request_timeout=0.5).search(index="news", query={"match_all": {}})
        everything = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(asked)
        for secret in secrets(asked):
            assert secret not in everything
        message = str(caught.value)
        assert f"news at {url}" in message or isinstance(caught.value, FixQueryError)
        assert len(message.splitlines()) == 1
        assert len(message) < 600
        return caught.value

    return ask


def secrets(access: Access) -> list[str]:
    """What must not be told, as it is and as it is sent."""
    pair = f"{access.username}:{access.password}"
    found = [access.api_key, access.password, access.password and base64.b64encode(pair.encode()).decode()]
    return [secret for secret in found if secret]


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (
            401,
            failed("security_exception"),
            FixCommandError,
            "set AGGREGATOR_ELASTICSEARCH_API_KEY, or",
        ),
        (403, failed("security_exception"), ForbiddenError, "forbids this to the account in use: docs/"),
        (
            403,
            failed("security_exception", "action [indices:data/write/bulk[s]] is unauthorized for API key"),
            ForbiddenError,
            "forbids indices:data/write/bulk[s] to the account",
        ),
        (403, "", ForbiddenError, "forbids this to the account in use"),  # as to HEAD
        (403, failed("cluster_block_exception"), TryLaterError, "cannot do this now: because of that"),
        (429, failed("circuit_breaking_exception"), TryLaterError, "cannot do this now: because of that"),
        (429, failed("cluster_block_exception"), TryLaterError, "cannot do this now: because of that"),
        (503, failed("no_shard_available_action_exception"), TryLaterError, "cannot do this now"),
        (400, failed("too_many_nested_clauses"), FixQueryError, "too many words"),
        (400, failed("parsing_exception"), RebuildIndexError, "400: because of that"),
    ],
)
def test_answers(
    serve: Callable[..., Server],
    refusal: Callable[..., AggregatorError],
    status: int,
    body: str,
    kind: type[AggregatorError],
    says: str,
) -> None:
    error = refusal(serve(status, body, OURS).url)
    assert type(error) is kind
    assert says in str(error)


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, "{}", {"Content-Type": "application/json"}),
        (200, "<html>", {"Content-Type": "text/html"}),
        (200, "hello", {}),
        (404, "<html>nothing is here", {"Content-Type": "text/html"}),
        (403, "<html>go away", {"Content-Type": "text/html"}),
    ],
)
def test_something_else_answers(
    serve: Callable[..., Server],
    refusal: Callable[..., AggregatorError],
    status: int,
    body: str,
    headers: dict[str, str],
) -> None:
    error = refusal(serve(status, body, headers).url)
    assert isinstance(error, FixCommandError)
    assert "answers, but is no Elasticsearch" in str(error)


def test_a_proxy_that_has_lost_the_cluster(
    serve: Callable[..., Server], refusal: Callable[..., AggregatorError]
) -> None:
    error = refusal(serve(502, "<html>Bad gateway", {"Content-Type": "text/html"}).url)
    assert isinstance(error, TryLaterError)
    assert "cannot do this now" in str(error)


def test_nobody_answers(refusal: Callable[..., AggregatorError], serve: Callable[..., Server]) -> None:
    dead = refusal(f"http://127.0.0.1:{free_port()}")
    assert isinstance(dead, TryLaterError)
    assert "cannot be reached: " in str(dead)
    assert "Connection refused" in str(dead)
    unknown = refusal("http://no-host.invalid:9200", username="reader", password=PASSWORD)
    assert isinstance(unknown, TryLaterError)
    assert "Failed to resolve 'no-host.invalid'" in str(unknown)
    silent = serve()
    silent.silent.set()
    late = refusal(silent.url)
    assert isinstance(late, TryLaterError)
    assert "did not answer in time" in str(late)


def test_one_of_several_hosts_is_enough(serve: Callable[..., Server]) -> None:
    server = serve(200, json.dumps({"count": 7}))
    access = Access((f"http://127.0.0.1:{free_port()}", server.url), "news")
    assert [connect(access).count(index="news")["count"] for _ in range(3)] == [7, 7, 7]


def test_tls(refusal: Callable[..., AggregatorError], serve: Callable[..., Server], tmp_path: Path) -> None:
    with untrusted_server(tmp_path) as url:
        address = url.rstrip("/")
        unknown = refusal(address, username="reader", password=PASSWORD)
        assert isinstance(unknown, FixCommandError)
        assert "name the one that signed it in AGGREGATOR_ELASTICSEARCH_CA" in str(unknown)
        signed = refusal(address, api_key=KEY, ca=tmp_path / "server.pem")
        assert "certificate" not in str(signed)  # whoever signed it is known now; but it speaks HTTP no more
        other = refusal(address.replace("localhost", "127.0.0.1"), ca=tmp_path / "server.pem")
        assert "is that of another host" in str(other)
    plain = refusal(serve().url.replace("http:", "https:"))
    assert isinstance(plain, FixCommandError)
    assert "is it http://?" in str(plain)


def test_the_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(FixCommandError, match="AGGREGATOR_ELASTICSEARCH_CA names ") as caught:
            connect(Access(("https://127.0.0.1:9200",), "news", ca=path))
        return str(caught.value)

    assert "No such file" in refused(tmp_path / "none.pem")
    assert "directory" in refused(tmp_path)
    (tmp_path / "empty.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    assert "has no certificate" in refused(tmp_path / "empty.pem")
    with untrusted_server(tmp_path):
        monkeypatch.setenv("HOME", str(tmp_path))
        connect(Access(("https://127.0.0.1:9200",), "news", ca=Path("~/server.pem")))


def test_how_credentials_are_sent(serve: Callable[..., Server]) -> None:
    server = serve(200, json.dumps({"count": 0}))
    for access in (
        Access((server.url,), "news"),
        Access((server.url,), "news", api_key=KEY),
        Access((server.url,), "news", username="خواننده", password=PASSWORD),
        Access((server.url,), "news", username="reader"),
    ):
        connect(access).count(index="news")
    nothing, key, *pairs = server.credentials
    assert nothing is None
    assert key == f"ApiKey {KEY}"
    sent = [base64.b64decode(str(pair).removeprefix("Basic ")).decode() for pair in pairs]
    assert sent == [f"خواننده:{PASSWORD}", "reader:"]


@pytest.mark.parametrize("key", [f"{KEY}\nX-Injected: yes", f"{KEY} {KEY}", f"کلید{KEY}", f"{KEY}\r"])
def test_a_key_that_is_none_is_not_repeated(key: str) -> None:
    with pytest.raises(FixCommandError, match="AGGREGATOR_ELASTICSEARCH_API_KEY") as caught:
        connect(Access(("http://127.0.0.1:9200",), "news", api_key=key))
    assert KEY not in "".join(traceback.format_exception(caught.value))
