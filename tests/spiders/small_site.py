"""A small news site on loopback for the tests of the crawl: what it serves can be changed while it runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

PATIENCE = 90  # seconds until a crawl of a test is given up
HTML = "text/html; charset=utf-8"
TEXT = (
    "اداره کل تعاون، کار و رفاه اجتماعی استان از برگزاری دوره آموزشی ایمنی کارگاه‌ها خبر داد و گفت که این دوره"
    " با حضور کارشناسان در سالن همایش‌ها برگزار می‌شود و شرکت در آن برای همه کارفرمایان رایگان است."
)
HEAD = "<!doctype html><html lang=fa><head><meta charset=utf-8>"
MENU = "<nav><a href=/archive>آرشیو اخبار</a></nav>"


@dataclass
class Answer:
    """One answer of the site."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": HTML})


def redirect(where: str) -> Answer:
    """An answer that leads elsewhere."""
    return Answer(status=302, headers={"Location": where})


class Site:
    """Articles 1…n, the newest first in lists of ten, and a feed. ``paths`` holds whatever else is served."""

    def __init__(self, articles: int = 5, page_size: int = 10):
        self.page_size = page_size
        self.articles: dict[int, str] = {}
        self.add(articles)
        self.modified: dict[int, datetime] = {}
        self.paths: dict[str, Answer] = {}
        self.asked: list[str] = []  # path and query of each request, in order
        self.before: Callable[[str], None] = lambda path: None  # called before each answer
        self.post: Callable[[str, dict[str, str]], Answer] = lambda path, fields: Answer(status=405)
        self.url = ""

    def add(self, number: int) -> None:
        """Publish so many more articles."""
        first = len(self.articles) + 1
        self.articles |= {key: headline(key) for key in range(first, first + number)}

    def answer(self, target: str) -> Answer:
        """What is served at a path and query."""
        path, _, query = target.partition("?")
        number = path.removeprefix("/news/").partition("/")[0]
        if target in self.paths:
            return self.paths[target]
        if path == "/":
            return Answer(self.list_page(1, home=True))
        if path == "/archive":
            return Answer(self.list_page(int(query.removeprefix("page=") or 1)))
        if path == "/rss":
            return Answer(self.feed(), headers={"Content-Type": "application/atom+xml"})
        if path.startswith("/news/") and number.isdigit() and int(number) in self.articles:
            return Answer(self.article(int(number)))
        return Answer(f"{HEAD}<title>404</title><p>یافت نشد</p></html>", 404)

    def article(self, number: int) -> str:
        """The page of one article."""
        title, day = self.articles[number], published(number).isoformat()
        return (
            f'{HEAD}<title>{title}</title><meta property="article:published_time" content="{day}">'
            f'<meta property="og:type" content="article"></head><body>{MENU}<article><h1>{title}</h1>'
            f"<time datetime={day}>{day}</time><div class=body>"
            f"<p>{TEXT} این خبر شماره {number} است.</p><p>{TEXT}</p></div></article></body></html>"
        )

    def list_page(self, page: int, *, home: bool = False) -> str:
        """The home page, or one page of the archive."""
        newest = sorted(self.articles, reverse=True)
        items = "".join(
            f'<li><h3><a href="{path_of(number)}">{self.articles[number]}</a></h3></li>'
            for number in newest[(page - 1) * self.page_size : page * self.page_size]
        )
        more = len(newest) > page * self.page_size and not home
        following = f'<a rel=next href="/archive?page={page + 1}">صفحه بعد</a>' if more else ""
        feed = '<link rel=alternate type="application/atom+xml" href="/rss">' if home else ""
        return (
            f"{HEAD}<title>پایگاه خبری</title>{feed}</head>"
            f"<body>{MENU}<ul class=news>{items}</ul>{following}</body></html>"
        )

    def feed(self) -> str:
        """The newest ten articles; those in ``modified`` say so."""
        items = "".join(
            f"<entry><title>{self.articles[number]}</title><link href='{self.url}{path_of(number)}'/>"
            f"<published>{published(number).isoformat()}</published>"
            f"<updated>{self.modified.get(number, published(number)).isoformat()}</updated></entry>"
            for number in sorted(self.articles, reverse=True)[:10]
        )
        return (
            f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>x</title>{items}</feed>"
        )

    def articles_asked(self) -> list[str]:
        """Article addresses that were asked for, in order."""
        return [path for path in self.asked if path.startswith("/news/")]

    @contextmanager
    def running(self) -> Iterator["Site"]:
        """Serves on a free port of loopback."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def path_of(number: int) -> str:
    """The path of an article."""
    return f"/news/{number}/dore-amoozeshi"


def headline(number: int) -> str:
    """A headline that is a news article's by its length."""
    return f"برگزاری دوره آموزشی ایمنی کارگاه‌ها در استان، گزارش شماره {number}"


def published(number: int) -> datetime:
    """A day for each article, the first on 1 June 2020."""
    return datetime(2020, 6, 1, 8, tzinfo=UTC) + timedelta(days=number - 1)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.before(self.path)
            self._give(site.answer(self.path))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            site.asked.append("POST " + self.path)
            self._give(site.post(self.path, dict(parse_qsl(sent, keep_blank_values=True))))

        def _give(self, answer: Answer) -> None:
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
