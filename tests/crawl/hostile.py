"""A news site on loopback that answers some addresses with whatever bytes a test wants, over raw sockets."""

import json
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from aggregator.store import Store

Answer = Callable[[socket.socket], None]  #: writes a whole answer, or what stands in for it

TEXT = (
    "اداره کل تعاون، کار و رفاه اجتماعی استان از برگزاری دوره آموزشی ایمنی کارگاه‌ها خبر داد و گفت که این دوره"
    " با حضور کارشناسان در سالن همایش‌ها برگزار می‌شود و شرکت در آن برای همه کارفرمایان رایگان است."
)
HTML = "text/html; charset=utf-8"


def article(number: int, *, head: str = "<meta charset=utf-8>", extra: str = "") -> str:
    """The page of a healthy article, with something added to its head or its end."""
    title = headline(number)
    return (
        f"<!doctype html><html lang=fa><head>{head}<title>{title}</title>"
        '<meta property="article:published_time" content="2020-06-01">'
        f'<meta property="og:type" content="article"></head><body><article><h1>{title}</h1><div class=body>'
        f"<p>{TEXT} این خبر شماره {number} است.</p><p>{TEXT}</p></div></article>{extra}</body></html>"
    )


def headline(number: int) -> str:
    """A headline that is a news article's by its length."""
    return f"برگزاری دوره آموزشی ایمنی کارگاه‌ها در استان، گزارش شماره {number}"


def path_of(number: int) -> str:
    """The path of an article."""
    return f"/news/{number}/dore-amoozeshi"


def reply(
    body: bytes | str = b"",
    *headers: str,
    status: str = "200 OK",
    kind: str = HTML,
    length: int | None = None,
) -> Answer:
    """An answer in one piece. ``length``: what Content-Length says; default: the truth."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers]
    size = len(content) if length is None else length
    return raw("\r\n".join([*lines, f"Content-Length: {size}", "", ""]).encode("latin-1") + content)


def raw(data: bytes) -> Answer:
    """An answer of these bytes."""
    return lambda connection: connection.sendall(data)


def redirect(where: str) -> Answer:
    """An answer that leads elsewhere."""
    return reply("", f"Location: {where}", status="302 Found")


def stream(head: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    """An answer that never ends: a head, then the same piece again and again."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def reset(data: bytes) -> Answer:
    """Some bytes, then the connection is reset."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(0.2)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return answer


@dataclass(frozen=True)
class Asked:
    """One request, as the site saw it."""

    path: str
    began: float  #: ``time.monotonic``
    ended: float
    headers: str


@dataclass
class HostileSite:
    """Healthy articles 1…n and what stands in ``answers``; the start page links all ``paths`` in order."""

    paths: list[str] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    head: str = ""  #: of the start page
    robots: Answer | None = None
    think: float = 0.0  #: seconds before each answer
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def home(self) -> str:
        """The start page."""
        items = "".join(
            f'<li><h3><a href="{path}">{headline(number)}</a></h3></li>'
            for number, path in enumerate(self.paths, 1)
        )
        return (
            f"<!doctype html><html><head><meta charset=utf-8>{self.head}<title>پایگاه خبری</title></head>"
            f"<body><ul class=news>{items}</ul></body></html>"
        )

    def answer(self, path: str) -> Answer:
        """What is served at a path."""
        if path in self.answers:
            return self.answers[path]
        if path == "/":
            return reply(self.home())
        if path == "/robots.txt" and self.robots is not None:
            return self.robots
        number = path.removeprefix("/news/").partition("/")[0]
        if path.startswith("/news/") and number.isdigit():
            return reply(article(int(number)))
        return reply("", status="404 Not Found")

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked.path == path for asked in self.asked)

    def most_at_once(self) -> int:
        """The largest number of requests that were under way at the same time."""
        marks = sorted(
            [(asked.began, 1) for asked in self.asked] + [(asked.ended, -1) for asked in self.asked],
            key=lambda mark: (mark[0], mark[1]),
        )
        most = now = 0
        for _, step in marks:
            now += step
            most = max(most, now)
        return most

    def least_gap(self) -> float:
        """The shortest time between the beginnings of two requests, in seconds."""
        began = sorted(asked.began for asked in self.asked)
        return min(after - before for before, after in pairwise(began))

    @contextmanager
    def running(
        self, wrap: Callable[[socket.socket], socket.socket] | None = None
    ) -> Iterator["HostileSite"]:
        """Serves on a free port of loopback. ``wrap``: puts TLS around a connection."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        accepting = threading.Thread(target=self._accept, args=(listener, wrap), daemon=True)
        accepting.start()
        try:
            yield self
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            accepting.join(timeout=10)

    def _accept(self, listener: socket.socket, wrap: Callable[[socket.socket], socket.socket] | None) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(connection, wrap), daemon=True).start()

    def _serve(
        self, connection: socket.socket, wrap: Callable[[socket.socket], socket.socket] | None
    ) -> None:
        with suppress(OSError), wrap(connection) if wrap else connection as connected:
            connected.settimeout(30)
            head = b""
            while b"\r\n\r\n" not in head:
                received = connected.recv(65536)
                if not received:
                    return
                head += received
            began, text = time.monotonic(), head.decode("latin-1")
            path = text.split(" ", 2)[1]
            try:
                time.sleep(self.think)
                self.answer(path)(connected)
            finally:
                self.asked.append(Asked(path, began, time.monotonic(), text))


def rows_as_table(rows: list[Mapping[str, str]]) -> str:
    """Rows as a table in Markdown; all have the same columns."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([row[name] for name in names] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


# --- crawling it --------------------------------------------------------------------------------------------

PROGRAM = Path(__file__).parents[1] / "spiders" / "crawl_once.py"
PATIENCE = 300  # seconds until a crawl of a test is given up


@dataclass(frozen=True)
class Crawled:
    """What came of a crawl in a process of its own."""

    runs: list[dict[str, Any]]  #: state, reason and counts of each source
    log: str
    peak: int  #: bytes of memory that the process and its own processes had at most

    @property
    def run(self) -> dict[str, Any]:
        """That of the only source."""
        return self.runs[0]


def source(url: str, name: str = "small", **fields: Any) -> dict[str, Any]:
    """A source, as the program of the crawl wants it."""
    return {"id": name, "organisation": None, "url": url, **fields}


def crawl(data: Path, *sources: dict[str, Any], **task: Any) -> Crawled:
    """Crawls to the end. ``task``: settings, scrapy, since, limit."""
    empty: dict[str, Any] = {"since": None, "limit": None, "settings": {}, "scrapy": {}}
    whole = json.dumps(empty | {"data": str(data), "sources": sources} | task)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen([sys.executable, str(PROGRAM), whole], stdout=out, stderr=err)
        peak, deadline = 0, time.monotonic() + PATIENCE
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.05)
        out.seek(0)
        err.seek(0)
        told, log = out.read(), err.read()
    assert told, log
    return Crawled(json.loads(told)["runs"], log, peak)


def memory(pid: int) -> int:
    """Bytes that a process and its descendants have, what they share counted once."""
    total = 0
    with suppress(OSError):  # it ends meanwhile
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += memory(int(child))
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += 1024 * int(re.search(r"^Pss: +(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
    return total


def open_store(data: Path) -> Store:
    """The database that the crawls write."""
    data.mkdir(exist_ok=True, parents=True)
    return Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}")
