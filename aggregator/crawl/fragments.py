"""What a script of a page fetches when "more" is pressed: a piece of HTML, or JSON. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from aggregator.extract.document import Document, decode, parse_document
from aggregator.model import Page

# Names of fields, the likeliest first.
_ADDRESSES = ("url", "link", "href", "permalink", "path", "uri")
_TITLES = ("title", "headline", "name", "subject")
_DATES = ("date", "published", "published_at", "publishedat", "datepublished", "created_at", "pubdate")
_NEXT = re.compile(r"next(?:_?page)?(?:_?(?:url|link|href))?", re.IGNORECASE)
_WHOLE = re.compile(r"<(?:html|body|head)\b", re.IGNORECASE)


def read_json(page: Page) -> Document | None:
    """JSON as the list of links that it stands for; None where it is none."""
    if page.body.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        value = json.loads(decode(page.body, page.headers.get("content-type"))[0])
        markup = "".join(_markup(value))
    except (ValueError, RecursionError):
        return None
    document = parse_document(replace(page, body=f"<ul>{markup}</ul>".encode("utf-8", "replace"), headers={}))
    return document if isinstance(document, Document) else None


def is_fragment(document: Document) -> bool:
    """Whether it is only a piece of a page."""
    return not _WHOLE.search(document.markup)


def _markup(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _markup(part)
    elif isinstance(value, dict):
        yield from _item({str(name).lower(): part for name, part in value.items()})
        for name, part in value.items():
            if isinstance(part, str) and _NEXT.fullmatch(name) and part.startswith(("/", "?", "http")):
                yield f'<a rel="next" href="{escape(part)}"></a>'
            else:
                yield from _markup(part)
    elif isinstance(value, str) and "<a" in value:
        yield value


def _item(fields: dict[str, Any]) -> Iterator[str]:
    """A story: what has an address and a title."""
    url, title, day = (_text(fields, names) for names in (_ADDRESSES, _TITLES, _DATES))
    if url and title:
        yield f'<li><a href="{escape(url)}">{escape(title)}</a> <time datetime="{escape(day)}"></time></li>'


def _text(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name) and isinstance(fields[name], str)), "")
