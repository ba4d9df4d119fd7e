"""An HTTP proxy on loopback before Elasticsearch that passes on what it is asked, or misbehaves as told."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

_BETWEEN_HOPS = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "host"))
JSON = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}


class Answer(NamedTuple):
    """What the client gets; ``cut``: half of the body, and then the end of the connection."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = JSON
    cut: bool = False

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Asked:
    """A request on its way. Its body is read when somebody wants it, or else after the answer."""

    method: str
    path: str
    length: int
    read: Callable[[int], bytes] = field(repr=False)
    pass_on: Callable[[bytes], Answer] = field(repr=False)
    status: int | None = None  #: of what the client got; None: nothing

    def answer(self) -> Answer:
        """The server's."""
        return self.pass_on(self.read(self.length))


#: Answers a request; None: the connection ends without an answer.
Fault = Callable[[Asked], Answer | None]


def swallow(asked: Asked) -> None:
    """The server does its work, and its answer never arrives."""
    asked.answer()


def cut_answer(asked: Asked) -> Answer:
    """Half of the answer arrives."""
    return asked.answer()._replace(cut=True)


def cut_request(asked: Asked) -> None:
    """The connection ends in the middle of the request."""
    asked.pass_on(asked.read(asked.length // 2))


def cut_off(_: Asked) -> None:
    """Nobody is there."""


def refuse(status: int, kind: str = "es_rejected_execution_exception") -> Fault:
    """The whole request gets this status from a server that does nothing."""
    error = {"type": kind, "reason": "as the test wants it"}
    body = json.dumps({"error": error | {"root_cause": [error]}, "status": status}).encode()
    return lambda _: Answer(status, body)


def say(body: bytes, status: int = 200, headers: dict[str, str] = JSON) -> Fault:
    """The whole request is answered so by somebody who does nothing."""
    return lambda _: Answer(status, body, headers)


def too_large(limit: int) -> Fault:
    """413 for larger requests, as a gateway or ``http.max_content_length`` has it."""
    page = Answer(413, b"<html><h1>413 Request Entity Too Large</h1></html>", {"Content-Type": "text/html"})
    return lambda asked: page if asked.length > limit else asked.answer()


def delay(seconds: float) -> Fault:
    """The answer takes so much longer."""

    def later(asked: Asked) -> Answer:
        time.sleep(seconds)
        return asked.answer()

    return later


def reject(status: int, kind: str, which: Callable[[int], bool] = lambda _: True) -> Fault:
    """The server gets only the others of a request's documents, and these, by their place, have failed."""
    error = {"type": kind, "reason": "as the test wants it"}

    def outcome(action: bytes) -> Any:
        ((name, told),) = json.loads(action).items()
        return {name: {"_id": told["_id"], "status": status, "error": error}}

    return lambda asked: _some(asked, which, outcome)


def lose(which: Callable[[int], bool]) -> Fault:
    """The server gets only the others of a request's documents, and its answer speaks of no more."""
    return lambda asked: _some(asked, which, lambda _: None)


def pretend(which: Callable[[int], bool]) -> Fault:
    """The server gets only the others of a request's documents, and the client is told of these as well."""

    def outcome(action: bytes) -> Any:
        ((name, told),) = json.loads(action).items()
        return {name: {"_id": told["_id"], "status": 201, "result": "created"}}

    return lambda asked: _some(asked, which, outcome)


def _some(asked: Asked, which: Callable[[int], bool], outcome: Callable[[bytes], Any]) -> Answer:
    lines = asked.read(asked.length).splitlines()
    pairs = list(enumerate(zip(lines[::2], lines[1::2], strict=True)))  # an action and its document
    there = [line for number, pair in pairs if not which(number) for line in pair]
    answer = asked.pass_on(b"\n".join([*there, b""])) if there else Answer(200, b'{"took": 1, "items": []}')
    told = iter(answer.json["items"])
    items = [outcome(pair[0]) if which(number) else next(told) for number, pair in pairs]
    whole = answer.json | {"errors": True, "items": [item for item in items if item]}
    return answer._replace(body=json.dumps(whole).encode())


class Proxy:
    """Before one server; ``asked`` has every request of its clients."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname or "", parts.port or 80)
        self._faults: list[tuple[str, Fault, Iterator[int]]] = []
        self.asked: list[Asked] = []
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._http = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def add(self, fault: Fault, *, on: str = "/_bulk", times: int | None = None) -> None:
        """Requests with ``on`` in their path meet the fault, so many times (None: from now on)."""
        self._faults.append((on, fault, count() if times is None else iter(range(times))))

    def mend(self) -> None:
        """Takes all faults away."""
        self._faults = []

    @contextmanager
    def misbehaving(self, fault: Fault, *, on: str = "/_bulk") -> Iterator[None]:
        """The fault for a while."""
        self.add(fault, on=on)
        try:
            yield
        finally:
            self.mend()

    def bulks(self) -> list[Asked]:
        """The requests that brought documents."""
        return [asked for asked in self.asked if "/_bulk" in asked.path]

    def answer(self, asked: Asked) -> Answer | None:
        """What the first fault makes of it that has not had its share."""
        self.asked.append(asked)
        for on, fault, left in self._faults:
            if on in asked.path and next(left, None) is not None:
                return fault(asked)
        return asked.answer()

    def server(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self._server, timeout=60)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that ends a connection is no error here."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    owner: Proxy

    def setup(self) -> None:
        super().setup()
        self._connection: http.client.HTTPConnection | None = None

    def finish(self) -> None:
        if self._connection is not None:
            self._connection.close()
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Tests read ``asked``."""

    def do_request(self) -> None:
        self._left = int(self.headers.get("Content-Length", 0))
        asked = Asked(self.command, self.path, self._left, self._read, self._pass_on)
        try:
            answer = self.owner.answer(asked)
        except (OSError, http.client.HTTPException):  # the server is away
            answer = None
        if answer is None:
            self.close_connection = True
            return
        asked.status = answer.status
        self._read(self._left)
        self._give(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_request  # noqa: N815

    def _read(self, size: int) -> bytes:
        body = self.rfile.read(size)
        self._left -= len(body)
        return body

    def _pass_on(self, body: bytes) -> Answer:
        """The server's answer; to a part of a request there is none."""
        if self._connection is None:
            self._connection = self.owner.server()
        server = self._connection
        server.putrequest(self.command, self.path, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in _BETWEEN_HOPS:
                server.putheader(name, value)
        server.putheader("Content-Length", str(len(body) + self._left))
        server.endheaders(body)
        if self._left:
            server.close()
            raise ConnectionAbortedError
        got = server.getresponse()
        headers = {name: value for name, value in got.getheaders() if name.lower() not in _BETWEEN_HOPS}
        return Answer(got.status, got.read(), headers)

    def _give(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        self.close_connection |= answer.cut
