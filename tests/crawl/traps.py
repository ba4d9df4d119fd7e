"""Every trap that a site may set, with its limit and its outcome: one table for the tests and for the reader.

``python -m tests.crawl.traps`` writes it into docs/reliability.md.
"""

import functools
import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import brotli

from aggregator import limits
from tests.crawl.hostile import (
    TEXT,
    Answer,
    article,
    path_of,
    raw,
    redirect,
    reply,
    reset,
    rows_as_table,
    stream,
)

DOCS = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- traps -->\n", "<!-- end of traps -->\n"

ARTICLE = "article"  #: outcome: the article is stored, in full
MIB = 2**20


@dataclass(frozen=True)
class Trap:
    """One of them. ``answer`` is made when it is needed: some are large."""

    case: str
    limit: str
    outcome: str  #: name in the ledger and the run's record, or ``article``
    answer: Callable[[], Answer]
    place: Literal["page", "robots.txt", "feed", "sitemap"] = "page"


def _mib(size: int) -> str:
    return f"{size // MIB} MiB"


@functools.cache
def _zeros(mib: int, wbits: int = 31) -> bytes:
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(mib)) + packer.flush()


@functools.cache
def _brotli_zeros(mib: int) -> bytes:
    packer = brotli.Compressor(quality=5)
    return b"".join(packer.process(bytes(MIB)) for _ in range(mib)) + packer.finish()


def _packed(body: bytes, coding: str) -> Answer:
    return reply(body, f"Content-Encoding: {coding}")


def _chunked(data: bytes = b"") -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{len(data):x}\r\n"
    )
    return head.encode() + data + b"\r\n"


def _page(text: str, **answer: str) -> Callable[[], Answer]:
    return lambda: reply(text, **answer)  # type: ignore[arg-type]


def _in_1256(declared: str, header: str) -> Callable[[], Answer]:
    text = article(1, head=declared).replace("‌", " ").replace("ی", "ي").replace("ک", "ك")
    return lambda: reply(text.encode("cp1256", "replace"), kind=header)


def _mixed() -> Answer:
    """UTF-8 with one old banner of another time at its end."""
    banner = "<p class=banner>بازگشت به بالا</p>".encode("cp1256", "replace")
    return reply(article(1).encode().replace(b"</body>", banner + b"</body>"))


_LOGIN = (
    "<!doctype html><html lang=fa><head><meta charset=utf-8><title>ورود به سامانه</title></head><body>"
    "<h1>ورود به سامانه</h1><form action=/login method=post><input name=user><input type=password name=pass>"
    "<button>ورود</button></form></body></html>"
)
_CHALLENGE = (
    "<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser before "
    "accessing</h1><script src=/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1></script></body></html>"
)
_SOFT_404 = (
    "<!doctype html><html lang=fa><head><meta charset=utf-8><title>یافت نشد</title></head><body>"
    "<h1>صفحه مورد نظر یافت نشد</h1><p>صفحه مورد نظر شما یافت نشد.</p></body></html>"
)
_BOMB_DTD = (
    '<!DOCTYPE x [<!ENTITY a "bombbombbomb">'
    + "".join(
        f'<!ENTITY {name} "{"&" + before + ";" * 1}{("&" + before + ";") * 9}">'
        for before, name in ("ab", "bc", "cd", "de", "ef", "fg", "gh", "hi")
    )
    + "]>"
)


def _feed(dtd: str, title: str, number: int) -> Answer:
    return reply(
        f'<?xml version="1.0"?>{dtd}<rss version="2.0"><channel><title>x</title><item><title>{title}</title>'
        f"<link>{path_of(number)}</link></item></channel></rss>",
        kind="application/rss+xml",
    )


def _sitemap(dtd: str, extra: str, number: int) -> Answer:
    return reply(
        f'<?xml version="1.0"?>{dtd}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{path_of(number)}</loc></url><url><loc>{extra}</loc></url></urlset>",
        kind="application/xml",
    )


_EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "/secret">]>'
_BODY = f"{_mib(limits.MAX_BODY)} of body, packed and unpacked"
_TIME = "`timeout`: 60 s for a whole answer"
_WHOLE = "a torn page is tried again, never stored"
_BYTES = "the bytes count for more than the label"

SIZES = [
    Trap("a gzip of 300 MB", _BODY, "too-large", lambda: _packed(_zeros(300), "gzip")),
    Trap("a deflate of 300 MB", _BODY, "too-large", lambda: _packed(_zeros(300, 15), "deflate")),
    Trap("a brotli of 300 MB", _BODY, "too-large", lambda: _packed(_brotli_zeros(300), "br")),
    Trap(
        "packed ten times",
        f"{limits.MAX_CODINGS} layers of packing",
        "too-large",
        lambda: _packed(gzip.compress(b"x"), ", ".join(["gzip"] * 10)),
    ),
    Trap("a page of 20 MB", _BODY, "too-large", lambda: reply(TEXT * (20 * MIB // len(TEXT.encode())))),
    Trap(
        "an endless body",
        _BODY,
        "too-large",
        lambda: stream(_chunked(b"<html>"), b"100000\r\n" + b"x" * 2**20 + b"\r\n"),
    ),
    Trap(
        "a body that trickles for ever", _TIME, "timeout", lambda: stream(_chunked(b"x"), b"1\r\nx\r\n", 0.2)
    ),
    Trap(
        "headers that trickle for ever",
        _TIME,
        "timeout",
        lambda: stream(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.2),
    ),
    Trap(
        "headers without an end",
        f"{limits.MAX_HEAD // 1024} KiB of headers",
        "too-large",
        lambda: stream(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 4000 + b"\r\n"),
    ),
    Trap(
        "one header line of 1 MB",
        f"{limits.MAX_HEAD // 1024} KiB of headers",
        "too-large",
        lambda: reply(article(1), "X-A: " + "b" * MIB),
    ),
    Trap(
        "a thousand cookies",
        f"{limits.MAX_COOKIES} cookies of {limits.MAX_COOKIE // 1024} KiB; with more, all are forgotten",
        ARTICLE,
        lambda: reply(article(1), *(f"Set-Cookie: c{n}={'v' * 100}" for n in range(1000))),
    ),
]
LENGTHS = [
    Trap(
        "a body shorter than its Content-Length", _WHOLE, "data-loss", lambda: reply(article(1), length=99999)
    ),
    Trap("a body longer than its Content-Length", _WHOLE, "data-loss", lambda: reply(article(1), length=700)),
    Trap("the last chunk is missing", _WHOLE, "data-loss", lambda: raw(_chunked(article(1).encode()))),
    Trap(
        "a gzip that is cut off",
        _WHOLE,
        "data-loss",
        lambda: _packed(gzip.compress(article(1).encode())[:-60], "gzip"),
    ),
    Trap(
        "a gzip without its checksum",
        "the stream tells its own end",
        ARTICLE,
        lambda: _packed(gzip.compress(article(1).encode())[:-8], "gzip"),
    ),
    Trap("called a gzip, and is none", _BYTES, ARTICLE, lambda: _packed(article(1).encode(), "gzip")),
    Trap(
        "the connection is reset in the middle",
        _WHOLE,
        "data-loss",
        lambda: reset(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + article(1).encode()[:900]),
    ),
    Trap(
        "the connection is closed without an answer", "tried three times", "connection-lost", lambda: raw(b"")
    ),
    Trap(
        "an answer that is no HTTP",
        "tried three times",
        "not-http",
        lambda: raw(b"<html>HTTP/0.9</html>\n\n"),
    ),
    Trap("an empty answer", "—", "empty", lambda: reply(b"")),
    Trap(
        "204 No Content", "—", "empty", lambda: raw(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
    ),
    Trap(
        "bytes that are no letters in a header",
        "—",
        ARTICLE,
        lambda: raw(
            b"HTTP/1.1 200 OK\r\nX-A: \x80\xff\r\nContent-Type: text/html\r\nConnection: close\r\n"
            + f"Content-Length: {len(article(1).encode())}\r\n\r\n{article(1)}".encode()
        ),
    ),
]
LETTERS = [
    Trap("windows-1256, said nowhere", _BYTES, ARTICLE, _in_1256("", "text/html")),
    Trap(
        "windows-1256, called UTF-8",
        _BYTES,
        ARTICLE,
        _in_1256("<meta charset=utf-8>", "text/html; charset=utf-8"),
    ),
    Trap(
        "UTF-8, called windows-1256",
        _BYTES,
        ARTICLE,
        _page(article(1, head="<meta charset=windows-1256>"), kind="text/html; charset=windows-1256"),
    ),
    Trap("UTF-8 with a piece of windows-1256 in it", _BYTES, ARTICLE, _mixed),
    Trap(
        "NUL bytes between the letters", "they are left out", ARTICLE, _page(article(1).replace(" ", " \0"))
    ),
]
MARKUP = [
    Trap(
        "tags that are never closed",
        "read as a browser does",
        ARTICLE,
        _page(article(1).replace("</p>", "").replace("</div>", "<b><i>")),
    ),
    Trap(
        "300,000 elements inside each other",
        f"{limits.MAX_TAGS:,} tags",
        "too-large",
        _page(article(1, extra="<div>" * 300_000)),
    ),
    Trap(
        "10,000 elements inside each other",
        "the parser's depth; the text above it is kept",
        ARTICLE,
        _page(article(1, extra="<div>" * 10_000)),
    ),
    Trap(
        "an attribute of 5 MB", _BODY, ARTICLE, _page(article(1, extra=f"<a title='{'x' * 5 * MIB}'>x</a>"))
    ),
    Trap(
        "a text of a million letters",
        f"{limits.MAX_TEXT:,} characters of text",
        "too-large",
        _page(article(1).replace("<p>", "<p>" + TEXT * (10**6 // len(TEXT) + 1), 1)),
    ),
    Trap(
        "HTML, called application/octet-stream",
        _BYTES,
        ARTICLE,
        _page(article(1), kind="application/octet-stream"),
    ),
    Trap("HTML, called an image", _BYTES, ARTICLE, _page(article(1), kind="image/png")),
    Trap("a PDF, called HTML", _BYTES, "not-html", lambda: reply(b"%PDF-1.7\n" + bytes(range(256)) * 40)),
    Trap("an image, called HTML", _BYTES, "not-html", lambda: reply(b"\x89PNG\r\n\x1a\n" + bytes(4000))),
    Trap(
        "a date in the future",
        "it is no date",
        ARTICLE,
        _page(article(1).replace("2020-06-01", "2091-06-01")),
    ),
]
STAND_INS = [
    Trap("a soft 404", "—", "soft-404", _page(_SOFT_404)),
    Trap("a log-in wall", "—", "login", _page(_LOGIN)),
    Trap("a bot check", "tried again by the next crawls", "challenge", _page(_CHALLENGE)),
    Trap(
        "a bot check with status 403",
        "tried again by the next crawls",
        "http-403",
        _page(_CHALLENGE, status="403 Forbidden"),
    ),
]
REDIRECTS = [
    Trap("a redirect to itself", f"{limits.MAX_REDIRECTS} redirects", "redirect-loop", lambda: redirect("")),
    Trap(
        "a redirect to another site",
        "the source's own site",
        "offsite",
        lambda: redirect("https://example.com/x"),
    ),
    Trap(
        "a redirect to a private address",
        "the source's own site",
        "offsite",
        lambda: redirect("http://10.0.0.1/x"),
    ),
    Trap("a redirect to file:", "http and https", "scheme", lambda: redirect("file:///etc/passwd")),
    Trap("a redirect to ftp:", "http and https", "scheme", lambda: redirect("ftp://127.0.0.1/x")),
    Trap("a redirect to data:", "http and https", "scheme", lambda: redirect("data:text/html,x")),
    Trap("a redirect to gopher:", "http and https", "scheme", lambda: redirect("gopher://127.0.0.1/x")),
    Trap(
        "a meta refresh to another site",
        "the source's own site",
        "offsite",
        _page("<html><meta http-equiv=refresh content='0; url=https://example.com/'></html>"),
    ),
]
XML = [
    Trap(
        "an XML bomb in a feed",
        "no entity is expanded",
        ARTICLE,
        lambda: _feed(_BOMB_DTD, "&i;", 801),
        "feed",
    ),
    Trap(
        "an external entity in a feed",
        "none is fetched",
        ARTICLE,
        lambda: _feed(_EXTERNAL, "&e;", 802),
        "feed",
    ),
    Trap(
        "an XML bomb in a sitemap",
        "no entity is expanded",
        ARTICLE,
        lambda: _sitemap(_BOMB_DTD, "&i;", 803),
        "sitemap",
    ),
    Trap(
        "an external entity in a sitemap",
        "none is fetched",
        ARTICLE,
        lambda: _sitemap(_EXTERNAL, "&e;", 804),
        "sitemap",
    ),
]
_ROBOTS = f"{limits.ROBOTS_RETRIES + 1} tries with back-off, asked again by the next crawl"
ROBOTS = [
    Trap("answers 500", _ROBOTS, "robots-unreachable", lambda: reply("", status="500 x"), "robots.txt"),
    Trap("answers 503", _ROBOTS, "robots-unreachable", lambda: reply("", status="503 x"), "robots.txt"),
    Trap(
        "is cut off", _ROBOTS, "robots-unreachable", lambda: reply("User-agent: *", length=99), "robots.txt"
    ),
    Trap(
        "trickles for ever",
        _ROBOTS,
        "robots-unreachable",
        lambda: stream(_chunked(b"#"), b"1\r\n#\r\n", 0.2),
        "robots.txt",
    ),
    Trap(
        "leads to a private address",
        "none is fetched",
        "robots-unreachable",
        lambda: redirect("http://10.0.0.1/robots.txt"),
        "robots.txt",
    ),
    Trap("answers 403", "as if there were none", ARTICLE, lambda: reply("", status="403 x"), "robots.txt"),
    Trap(
        "leads in circles",
        f"{limits.MAX_ROBOTS_REDIRECTS} redirects, then as if there were none",
        ARTICLE,
        lambda: redirect("/robots.txt"),
        "robots.txt",
    ),
    Trap(
        "never ends",
        f"{limits.MAX_ROBOTS // 1024} KiB; what was read counts",
        "robots-forbidden",
        lambda: stream(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /news/\n", b"#" * 1023 + b"\n"),
        "robots.txt",
    ),
    Trap(
        "is a gzip of 300 MB",
        f"{limits.MAX_ROBOTS // 1024} KiB; what was read counts",
        "robots-forbidden",
        lambda: _packed(gzip.compress(b"User-agent: *\nDisallow: /news/\n") + _zeros(300), "gzip"),
        "robots.txt",
    ),
    Trap("is a page of HTML", "no rule is found in it", ARTICLE, lambda: reply(article(1)), "robots.txt"),
]

PAGES = [*SIZES, *LENGTHS, *LETTERS, *MARKUP, *STAND_INS, *REDIRECTS]
TRAPS = [*PAGES, *XML, *ROBOTS]


def table() -> str:
    """The traps as a table in Markdown."""
    return rows_as_table(
        [
            {
                "case": trap.case if trap.place == "page" else f"{trap.place}: {trap.case}",
                "limit": trap.limit,
                "outcome": trap.outcome if trap.outcome == ARTICLE else f"`{trap.outcome}`",
            }
            for trap in TRAPS
        ]
    )


def with_table(text: str) -> str:
    """The document with today's table."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    DOCS.write_text(with_table(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
