"""Pages of a listing that are chosen from a drop-down list, as if each of them were a link. Pure."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast
from urllib.parse import urlencode

from lxml.html import HtmlElement

from aggregator.crawl.anchors import Anchor, text_of
from aggregator.crawl.pagination import is_page_parameter
from aggregator.extract.document import Document
from aggregator.limits import MAX_FORM
from aggregator.urls import clean_url

MAX_CHOICES = 2_000  #: of one page; what is beyond is a trap


def collect_choices(document: Document) -> list[Anchor]:
    """What the lists of a page lead to: addresses that a script goes to, and forms that are sent by GET."""
    return list(islice(_choices(document), MAX_CHOICES))


def _choices(document: Document) -> Iterator[Anchor]:
    for chooser in document.root.iter("select"):
        stem = _form_address(chooser, document)
        for option in chooser.iter("option"):
            value = (option.get("value") or "").strip()
            address = value if _is_address(value) else f"{stem}{value}" if stem and value.isdecimal() else ""
            if address and (url := clean_url(address, document.base_url)):
                label = text_of(option)
                yield Anchor(option, url, label, label, None)


def _is_address(value: str) -> bool:
    return value.startswith(("/", "?", "http://", "https://"))


def _form_address(chooser: HtmlElement, document: Document) -> str | None:
    """The address that choosing leads to, but for the chosen value; None where that does not count pages."""
    name = chooser.get("name") or ""
    form = next(chooser.iterancestors("form"), None)
    if form is None or not is_page_parameter(name) or (form.get("method") or "get").lower() != "get":
        return None
    filled = cast(list[tuple[str, str]], cast(Any, form).form_values())
    kept = [(str(key), str(value)) for key, value in filled if key != name and value]
    if sum(len(key) + len(value) for key, value in kept) > MAX_FORM:
        return None
    action = (form.get("action") or document.url).partition("#")[0].partition("?")[0]
    return f"{action}?{urlencode([*kept, (name, '')])}"
