"""Real HTTP servers on loopback for the sites of the sample portal: one port a site, one process."""

import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from aggregator.demo.bundle import bundled_sites
from aggregator.demo.site import Answer, Site
from aggregator.model import Source

HOST = "127.0.0.1"
CONNECTION_LIMIT = 128  #: connections a site serves at once; more wait to be accepted
IDLE_SECONDS = 20  #: after which a silent connection is closed
POLL_SECONDS = 0.05  #: how soon an accept loop hears that it should end
REQUESTS_KEPT = 100_000  #: a site


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a site saw it."""

    method: str
    target: str  #: path and query as sent
    at: float  #: seconds of ``time.monotonic`` when it was read
    ended: float  #: likewise when its answer was ready to be sent
    status: int
    user_agent: str | None
    length: int  #: bytes of the body sent
    conditional: bool = False  #: asked only for what was modified since


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "sample-portal", ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    server: "_SiteServer"

    def do_GET(self) -> None:
        self._began = time.monotonic()
        answer = self.server.site.respond(self.path)
        time.sleep(answer.wait)
        if answer.raw is not None:
            self._note(answer.status, b"")
            self.close_connection = True
            answer.raw(self.connection)
            return
        modified = format_datetime(answer.modified.astimezone(UTC), usegmt=True) if answer.modified else None
        if answer.status == 200 and self._is_known(answer):
            self._send(304, b"", {"ETag": answer.etag, "Last-Modified": modified})
            return
        accepted = self.headers.get("Accept-Encoding", "")
        zipped = "gzip" in accepted and not answer.content_type.startswith("image/")
        body = answer.zipped if zipped else answer.body
        headers = {
            "Content-Type": answer.content_type,
            "Content-Encoding": "gzip" if zipped else None,
            "Vary": "Accept-Encoding",
            "ETag": answer.etag if answer.status == 200 else None,
            "Last-Modified": modified,
            "Location": answer.location,
        }
        self._send(answer.status, body, {**headers, **answer.headers})

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _is_known(self, answer: Answer) -> bool:
        """The client's copy is still good (RFC 9110: an entity tag counts before a date)."""
        if tags := self.headers.get("If-None-Match"):
            return answer.etag in tags
        since = self.headers.get("If-Modified-Since")
        if not since or not answer.modified:
            return False
        with suppress(ValueError):
            return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        return False

    def _send(self, status: int, body: bytes, headers: dict[str, str | None]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        body = b"" if self.command == "HEAD" else body
        self._note(status, body)
        self.end_headers()
        self.wfile.write(body)

    def _note(self, status: int, body: bytes) -> None:
        """Before the answer leaves: whoever has it may be asking for the next page already."""
        self.server.requests.append(
            Request(
                method=self.command,
                target=self.path,
                at=self._began,
                ended=time.monotonic(),
                status=status,
                user_agent=self.headers.get("User-Agent"),
                length=len(body),
                conditional=bool({"If-None-Match", "If-Modified-Since"} & set(self.headers)),
            )
        )

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: requests are kept, not printed."""


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, site: Site, port: int):
        super().__init__((HOST, port), _Handler)
        self.site = site
        self.requests: deque[Request] = deque(maxlen=REQUESTS_KEPT)
        self._slots = threading.BoundedSemaphore(CONNECTION_LIMIT)
        self._open: set[socket.socket] = set()
        site.base_url = f"http://{HOST}:{self.server_port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._slots.acquire()
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)
        self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def stop(self) -> None:
        """Ends the accept loop, then the connections that clients keep open."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Portal:
    """Several sites, each on a port of its own. A context manager; ``start`` and ``stop`` do the same.

    ``base_port``: the first site's port, the others follow; 0: ports that are free. Raises OSError where a
    port is taken.
    """

    def __init__(self, sites: Sequence[Site], *, base_port: int = 0):
        self.sites = tuple(sites)
        self._base_port = base_port
        self._servers: list[_SiteServer] = []

    @classmethod
    def demo(cls, *, base_port: int = 0) -> Self:
        """The bundled portal."""
        return cls(bundled_sites(), base_port=base_port)

    def start(self) -> Self:
        try:
            for place, site in enumerate(self.sites):
                server = _SiteServer(site, self._base_port + place if self._base_port else 0)
                threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
                self._servers.append(server)
        except OSError:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        for server in self._servers:
            server.stop()
        self._servers.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def sources(self) -> tuple[Source, ...]:
        """What to crawl: one source a site, in their order."""
        return tuple(site.source for site in self.sites)

    def site(self, source: str) -> Site:
        """The site of a source id; KeyError where there is none."""
        return {site.source_id: site for site in self.sites}[source]

    def requests(self, source: str) -> tuple[Request, ...]:
        """What was asked of a site since it started, in order."""
        for server in self._servers:
            if server.site.source_id == source:
                return tuple(server.requests)
        raise KeyError(source)

    def truth(self) -> list[dict[str, Any]]:
        """The articles that a crawl of all sites should find."""
        return [record for site in self.sites for record in site.truth()]

    def publish_edit(self) -> int:
        """Puts the second versions of stories in the place of their first; how many there were."""
        return sum(site.publish_edit() for site in self.sites)
