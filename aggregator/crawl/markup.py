"""Bytes of feeds and sitemaps to text, safely: bounded unpacking, character set, no DTD, no entities."""

import html
import re
import zlib

from w3lib.html import remove_comments, remove_tags, remove_tags_with_content

from aggregator.model import Page

MAX_UNPACKED = 50 * 2**20  #: bytes; the limit of the sitemap protocol, and more than any feed needs

_GZIP = b"\x1f\x8b"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# What may stand before the first element. A DTD is passed over whatever it holds.
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|rdf|feed|urlset|sitemapindex|html|body|head)[\s>/]", re.IGNORECASE)
_STRAY_AMPERSAND = re.compile(r"&(?!(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BLOCK = re.compile(r"</?(?:br|p|div|li|tr|h\d)\b[^>]*>", re.IGNORECASE)
_LOOKED_AT = 4096  #: characters in which the first element of a document has to stand


def unpacked(page: Page) -> bytes:
    """The page's bytes, out of a gzip where they are one: at most MAX_UNPACKED of them, what can be read."""
    if not page.body.startswith(_GZIP):
        return page.body[:MAX_UNPACKED]
    unpacker = zlib.decompressobj(wbits=31)
    pieces: list[bytes] = []
    room = MAX_UNPACKED
    for start in range(0, len(page.body), 2**16):
        try:
            pieces.append(unpacker.decompress(page.body[start : start + 2**16], room))
        except zlib.error:
            break
        room -= len(pieces[-1])
        if room <= 0 or unpacker.eof:
            break
    return b"".join(pieces)


def decoded(page: Page) -> str:
    """The page as text. What is valid UTF-8 is UTF-8, whatever is declared; else what is declared, else
    windows-1256. Characters that XML forbids are left out."""
    data = unpacked(page)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _FORBIDDEN.sub("", data[len(mark) :].decode(encoding, "replace"))
    for encoding in ("utf-8", *_declared(page, data), "windows-1256"):
        try:
            return _FORBIDDEN.sub("", data.decode(encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    return _FORBIDDEN.sub("", data.decode("utf-8", "replace"))


def _declared(page: Page, data: bytes) -> list[str]:
    """Character sets that the answer and the document claim; a false claim of UTF-8 has failed already."""
    found = _CHARSET.findall(page.headers.get("content-type", "")) + [
        name.decode() for name in _DECLARED.findall(data[:_LOOKED_AT])
    ]
    return [name for name in found if not re.match(r"(?i)utf-?8|us-ascii", name)]


def root_name(text: str) -> str | None:
    """The document's first element as far as it matters here: ``rss``, ``rdf``, ``feed``, ``urlset``,
    ``sitemapindex``, ``html`` (also for its parts), in lower case; None: something else."""
    match = _ROOT.search(text, 0, _LOOKED_AT)
    if not match:
        return None
    name = match[1].lower()
    return "html" if name in ("body", "head") else name


def safe_xml(text: str) -> bytes:
    """The document from its first element on, in UTF-8, without DTD and with lone ``&`` escaped: no entity
    but those of XML and HTML has a meaning any more, and nothing outside the document can be named."""
    match = _ROOT.search(text, 0, _LOOKED_AT)
    kept = text[match.start() :] if match else text
    kept = re.sub(r"<!(?:DOCTYPE|ENTITY)\b[^>]*>?", "", kept, flags=re.IGNORECASE)
    return _STRAY_AMPERSAND.sub("&amp;", kept).encode("utf-8", "replace")


def plain_text(markup: str | None) -> str | None:
    """The text of a title or description that may hold HTML, on one line; None where nothing is left."""
    if not markup:
        return None
    text = remove_tags_with_content(remove_comments(markup), ("script", "style"))
    text = html.unescape(remove_tags(_BLOCK.sub(" ", text)))
    return " ".join(text.split()) or None
