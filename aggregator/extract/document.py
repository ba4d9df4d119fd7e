"""From the bytes of a page to a parsed document: what it is, in which encoding, and its tree.

Never raises, whatever the bytes are.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urljoin

import lxml.html
from charset_normalizer import from_bytes
from lxml import etree
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from aggregator.limits import MAX_TAGS
from aggregator.model import NotArticle, Page, Rejection

#: Kinds of files by their first bytes.
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a picture or sound (RIFF)"),
    (b"PK\x03\x04", "a ZIP file or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"Rar!", "a RAR file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"BM\x00", "a bitmap"),
)
_FOREIGN_ROOT = re.compile(
    r"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex|opml|svg|OpenSearchDescription|manifest)[\s>:]"
)
_PROLOGUE = re.compile(
    r"\s*(?:<\?xml.*?\?>|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s+)*", re.DOTALL
)
_MARKUP = re.compile(
    r"<(?:!doctype html|html|head|body|title|meta|div|p|table|article|h\d|span|a|br|form|center)\b", re.I
)
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff]")
_CONTROLS = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20)])
_END_OF_HTML = re.compile(rb"</html\s*>", re.IGNORECASE)
_DECLARED_UTF8 = re.compile(rb"charset\s*=\s*[\"']?\s*windows-utf-8", re.IGNORECASE)

#: Share of characters that could not be decoded, above which a declared encoding is not believed.
_MAX_BROKEN = 0.01
#: Bytes looked at when the encoding has to be guessed.
_SAMPLE = 60_000


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed HTML page."""

    url: str
    markup: str  #: decoded, without NUL characters
    root: lxml.html.HtmlElement
    encoding: str  #: Python's name of the encoding that the bytes were read in
    base_url: str  #: what relative addresses are resolved against
    truncated: bool = False  #: elements nested so deep that the parser gave up: part of the text is missing


def parse_document(page: Page) -> Document | NotArticle:
    """The page as a document; NotArticle where its bytes are empty, no HTML at all, or monstrous."""
    if not page.body or page.body.isspace():
        return NotArticle(page.url, Rejection.EMPTY, "The answer has no body.")
    kind = _foreign_bytes(page.body)
    if kind is None:
        markup, encoding = decode(page.body, page.headers.get("content-type"))
        kind = _foreign_text(markup, page.headers.get("content-type", ""))
    if kind is not None:
        return NotArticle(page.url, Rejection.NOT_HTML, f"The answer is {kind}, not HTML.")
    if markup.count("<") > MAX_TAGS:
        return NotArticle(page.url, Rejection.TOO_LARGE, f"The page has more than {MAX_TAGS} tags.")
    return _parse(page, markup, encoding)


def _parse(page: Page, markup: str, encoding: str) -> Document | NotArticle:
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml.html.document_fromstring(_whole(markup.encode("utf-8", "replace")), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return NotArticle(page.url, Rejection.EMPTY, "There is no element in the markup.")
    last = parser.error_log.last_error
    truncated = last is not None and last.type_name == "ERR_RESOURCE_LIMIT"
    return Document(page.url, markup, root, encoding, _base_url(root, page.url), truncated)


def _whole(data: bytes) -> bytes:
    """The markup without end tags of html, where something follows them: the parser would stop there, as no
    browser does."""
    places = [place for mark in (b"</html", b"</HTML", b"</Html") if (place := data.find(mark)) >= 0]
    follows = bool(places) and bool(data[min(places) + len("</html>") :].strip())
    return _END_OF_HTML.sub(b"", data) if follows else data


def _base_url(root: lxml.html.HtmlElement, url: str) -> str:
    for base in root.iter("base"):
        href = (base.get("href") or "").strip()
        if href:
            try:
                resolved = urljoin(url, href)
            except ValueError:
                return url
            return resolved if resolved.startswith(("http://", "https://")) else url
    return url


# --- decoding -----------------------------------------------------------------------------------------------


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Text and the name of its encoding, without NUL and other control characters.

    In this order: a byte order mark; UTF-8 where the bytes are valid UTF-8 (windows-1256 prose never is, so a
    wrong declaration does no harm); the encoding of the header, then of the markup, where the bytes bear it
    out; a guess between the encodings of Persian pages.
    """
    bom_encoding, bom = read_bom(body)
    wide = bom_encoding or _wide_encoding(body)
    if wide:
        text = body[len(bom or b"") :].decode(wide, "replace")
        return text.translate(dict.fromkeys(_CONTROLS)), wide
    return _decode(body.translate(None, _CONTROLS), content_type)


def _decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    for encoding in _declared(body, content_type):
        text = _believable(body, encoding)
        if text is not None:
            return text, encoding
    return _guess(body)


def _wide_encoding(body: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of its markup is NUL."""
    head = body[:400]
    if len(head) < 20 or head.count(0) < len(head) * 0.2:
        return None
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > len(zeros) * 0.4 and "<" in head.decode(encoding, "ignore"):
            return encoding
    return None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    header = http_content_type_encoding(content_type) if content_type else None
    named = "utf-8" if _DECLARED_UTF8.search(body[:4096]) else html_body_declared_encoding(body)
    return [name for name in (header, named) if name and _known(name)]


def _known(name: str) -> bool:
    """Whether it is an encoding of text, and one that leaves ASCII as it is: the markup was read as ASCII."""
    try:
        return b"<p>".decode(resolve_encoding(name) or name) == "<p>"
    except (LookupError, ValueError):
        return False


def _believable(body: bytes, encoding: str) -> str | None:
    """The decoded text, unless the bytes tell that the declaration is wrong."""
    if encoding == "utf-8":
        text = body.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        return text if broken <= max(2, foreign * _MAX_BROKEN) else None
    try:
        text = body.decode(encoding, "replace")
    except ValueError:
        return None
    if _ARABIC_SCRIPT.search(text) or not _persian_as_1256(body):
        return text
    return None


def _persian_as_1256(body: bytes) -> bool:
    text = body[:_SAMPLE].decode("cp1256", "replace")
    letters = len(_ARABIC_SCRIPT.findall(text))
    foreign = sum(1 for character in text if ord(character) > 127)
    return letters >= 4 and letters > foreign * 0.7


def _guess(body: bytes) -> tuple[str, str]:
    """For bytes that are no UTF-8 and whose declared encoding, if any, is wrong."""
    utf8 = body.decode("utf-8", "replace")
    letters = len(_ARABIC_SCRIPT.findall(utf8))
    if letters > 20 * utf8.count("\ufffd"):
        return utf8, "utf-8"
    if _persian_as_1256(body):
        return body.decode("cp1256", "replace"), "cp1256"
    best = from_bytes(body[:_SAMPLE]).best()
    encoding = best.encoding if best is not None else "utf-8"
    return body.decode(encoding, "replace"), encoding


# --- other kinds of files -----------------------------------------------------------------------------------


def _foreign_bytes(body: bytes) -> str | None:
    start = body[:16].lstrip()
    return next((kind for magic, kind in _MAGIC if start.startswith(magic)), None)


def _foreign_text(markup: str, content_type: str) -> str | None:
    """What a text is that holds no HTML page; None for HTML. The content counts for more than its label."""
    start = markup[:20_000]
    root = _FOREIGN_ROOT.match(start, _prologue_end(start))
    if root:
        return f"XML ({root[1]})"
    if start.lstrip()[:1] in ("{", "[") and _is_json(markup):
        return "JSON"
    if _MARKUP.search(markup):
        return None
    label = content_type.partition(";")[0].strip()
    return f"text without markup (labelled {label})" if label else "text without markup"


def _prologue_end(start: str) -> int:
    found = _PROLOGUE.match(start)
    return found.end() if found else 0


def _is_json(markup: str) -> bool:
    try:
        json.loads(markup)
    except (ValueError, RecursionError):
        return False
    return True
