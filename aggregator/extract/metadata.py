"""What a page says of itself: meta elements (OpenGraph, Dublin Core, …), JSON-LD and microdata."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from aggregator.extract.document import Document
from aggregator.extract.tidy import tidy

_ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "opinionnewsarticle",
        "reviewnewsarticle",
        "blogposting",
        "liveblogposting",
        "socialmediaposting",
        "report",
    ]
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_WRAPPED = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)")
_WRAPPING_END = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$")
_STRING_FIELD = re.compile(
    r'"(headline|name|datePublished|dateModified|dateCreated|description|articleSection|@type)"\s*:\s*"'
    r'((?:[^"\\]|\\.)*)"',
    re.IGNORECASE,
)
_MAX_TITLE = 1000  #: characters; nobody reads further
_MAX_NODES = 2000  #: parts of one JSON-LD document that are looked at


@dataclass(frozen=True, slots=True)
class Metadata:
    """All of it, by name in lower case."""

    metas: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: contents by ``property``, ``name`` and ``itemprop:…``, tidied, none of them empty
    article: dict[str, Any] = field(
        default_factory=dict
    )  #: the JSON-LD object of an article, names in lower case
    title: str = ""  #: the title element
    canonical: str | None = None  #: link rel=canonical, as written

    def first(self, *names: str) -> str | None:
        """The first content of the first of these names that the page has."""
        return next((self.metas[name][0] for name in names if name in self.metas), None)

    def every(self, *names: str) -> list[str]:
        """All contents of all of these names, each once."""
        return list(dict.fromkeys(content for name in names for content in self.metas.get(name, ())))

    def text(self, name: str) -> str | None:
        """A text of the JSON-LD article; of an object its name, of a list its first."""
        return next(iter(self.texts(name)), None)

    def texts(self, name: str) -> list[str]:
        """The texts of the JSON-LD article under a name."""
        return [text for value in as_list(self.article.get(name)) if (text := _text(value))]

    @property
    def claims_article(self) -> bool:
        """Whether the page says that it is an article."""
        return bool(self.article) or (self.first("og:type") or "").lower() in ("article", "news")


def read_metadata(document: Document) -> Metadata:
    """The metadata of a page; what is broken in it is repaired or left out."""
    root = document.root
    canonical: str | None = None
    for link in root.iter("link"):
        if canonical is None and "canonical" in (link.get("rel") or "").lower().split():
            canonical = (link.get("href") or "").strip() or None
    title = next(iter(root.iter("title")), None)
    return Metadata(
        metas=_metas(root),
        article=_json_ld_article(root),
        title=tidy((title.text or "")[:_MAX_TITLE]) if title is not None else "",
        canonical=canonical,
    )


def _metas(root: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        content = tidy(meta.get("content") or "")
        if not content:
            continue
        names = {(meta.get(attribute) or "").strip().lower() for attribute in ("property", "name")}
        itemprop = (meta.get("itemprop") or "").strip().lower()
        for name in names | ({f"itemprop:{itemprop}"} if itemprop else set()):
            if name:
                found.setdefault(name, []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}


# --- JSON-LD ------------------------------------------------------------------------------------------------


def _json_ld_article(root: HtmlElement) -> dict[str, Any]:
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _nodes(_load(script.text or "")):
            if _is_article(node):
                return node
    return {}


def _load(text: str) -> Any:
    """The value of a JSON-LD script, with the usual slips repaired; of a hopeless one, its plain text
    fields."""
    if wrapping := _WRAPPED.match(text):
        text = _WRAPPING_END.sub("", text[wrapping.end() :])
    for repair in (str.strip, _without_slips):
        try:
            return json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
    fields: dict[str, str] = {}
    for name, value in _STRING_FIELD.findall(text):
        fields.setdefault(name, _unescape(value))
    return fields


def _without_slips(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text).strip().rstrip(";")


def _unescape(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a JSON-LD value, outer ones first, names in lower case."""
    waiting, seen = [value], 0
    while waiting and seen < _MAX_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            lowered = {str(name).lower(): item for name, item in node.items()}
            yield lowered
            for name in ("@graph", "mainentity", "mainentityofpage", "itemlistelement", "item"):
                if isinstance(lowered.get(name), dict | list):
                    waiting.append(lowered[name])


def _is_article(node: dict[str, Any]) -> bool:
    types = (str(kind).rpartition("/")[2].lower() for kind in as_list(node.get("@type")))
    return any(kind in _ARTICLE_TYPES for kind in types)


def as_list(value: Any) -> list[Any]:
    """A value that may be a list, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        lowered = {str(name).lower(): item for name, item in value.items()}
        value = lowered.get("name") or lowered.get("url") or lowered.get("@value") or ""
    return tidy(value) if isinstance(value, str) else ""


def image_addresses(value: Any) -> list[str]:
    """Addresses in the ``image`` of a JSON-LD article: strings, objects with ``url``, or lists of them."""
    addresses = []
    for item in as_list(value):
        address = item.get("url") or item.get("contentUrl") if isinstance(item, dict) else item
        if isinstance(address, list):
            address = address[0] if address else None
        if isinstance(address, str) and address.strip():
            addresses.append(address.strip())
    return addresses


def person_names(value: Any) -> list[str]:
    """Names of the persons in the ``author`` of a JSON-LD article; organisations are not authors."""
    names: list[str] = []
    for item in as_list(value):
        if isinstance(item, dict):
            kinds = {str(kind).lower() for kind in as_list(item.get("@type"))}
            if kinds and "person" not in kinds:
                continue
            item = item.get("name")
        names.extend(tidy(name) for name in as_list(item) if isinstance(name, str))
    return [name for name in names if name]
