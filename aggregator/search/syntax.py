"""The syntax tree of a query: what ``parse_query`` makes and every index backend reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

_TOLD = 60  # characters of a query that a message repeats

FilterField = Literal["organisation", "province", "source", "section", "mentions"]


@dataclass(frozen=True, slots=True)
class Words:
    """Folded terms that stand next to each other, in this order: a word (mostly one term) or a phrase."""

    text: str  #: as typed, for messages
    terms: tuple[str, ...]  #: at least one, see ``aggregator.persian.fold``


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """The article's field has one of these values. It selects and never ranks."""

    field: FilterField
    values: tuple[str, ...]  #: as typed; after ``aggregator.search.names`` ids


@dataclass(frozen=True, slots=True)
class DateRange:
    """Published within these days in Tehran, both included. An article without a date is in no range."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    item: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of these; no items: everything.

    Items that merely stand side by side (``explicit`` is False) become alternatives when the search
    asks for any word; filters, dates and exclusions among them stay required.
    """

    items: "tuple[Node, ...]" = ()
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    items: "tuple[Node, ...]"


Node = Words | FieldFilter | DateRange | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read, with a sentence for everything that was read leniently."""

    root: Node = And()
    notes: tuple[str, ...] = ()


def wanted_words(node: Node) -> Iterator[Words]:
    """The words that make an article match, from left to right: those of exclusions are not among them."""
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for item in node.items:
            yield from wanted_words(item)


def is_condition(node: Node) -> bool:
    """Whether the node only selects: filters, dates and exclusions, however combined."""
    return next(wanted_words(node), None) is None


def told(text: str) -> str:
    """A piece of a query as messages repeat it."""
    return f"«{text if len(text) <= _TOLD else text[:_TOLD] + '…'}»"
