"""Filters as typed → ids: any spelling of an organisation, a province, a county or a source."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import lru_cache

from aggregator.model import County, Organisation, Province
from aggregator.persian.fold import fold_key
from aggregator.registry import Registry
from aggregator.search.syntax import And, FieldFilter, Node, Not, Or, told

NEAR = 3  # names suggested for one that is not known
HINTS = 5  # notes with suggestions: they take a while to find


def speaker_key(name: str) -> str:
    """What stands for a speaker in the index and in filters; no id has a colon."""
    return f"speaker:{fold_key(name) or name}"


def resolve_names(node: Node, registry: Registry, notes: list[str]) -> Node:
    """The tree with ids in its filters. A name that nobody knows stays as it is, with a note."""
    if isinstance(node, FieldFilter):
        return FieldFilter(node.field, tuple(_resolve(node, registry, notes)))
    if isinstance(node, Not):
        return Not(resolve_names(node.item, registry, notes))
    if isinstance(node, And):
        return And(tuple(resolve_names(item, registry, notes) for item in node.items), node.explicit)
    if isinstance(node, Or):
        return Or(tuple(resolve_names(item, registry, notes) for item in node.items))
    return node


def _resolve(node: FieldFilter, registry: Registry, notes: list[str]) -> Iterator[str]:
    if node.field == "section":
        yield from node.values
        return
    for value in node.values:
        ids = _resolver(node.field, registry)(value)
        yield from ids or _unknown(node.field, value)
        if not ids:
            hint = _near(node.field, value, registry) if len(notes) < HINTS else ""
            notes.append(f"{_told_unknown(node.field, value)}{hint}")


def _unknown(field: str, value: str) -> tuple[str, ...]:
    """What a name that nobody knows is looked for as: an id, or a speaker."""
    return (value, speaker_key(value)) if field == "mentions" else (value,)


def _told_unknown(field: str, value: str) -> str:
    if field == "mentions":
        return f"no organisation or place is called {told(value)}, so it was taken as a speaker's name"
    return f"no {field} is called {told(value)}, so it was taken as an id"


def _resolver(field: str, registry: Registry) -> Callable[[str], tuple[str, ...]]:
    if field == "organisation":
        return registry.resolve_organisation
    if field == "province":
        return registry.resolve_province
    if field == "mentions":
        return registry.resolve_mention
    return lambda value: _source(value, registry)


def _source(value: str, registry: Registry) -> tuple[str, ...]:
    """A source by its id, or by an address of its site with or without scheme."""
    if value in registry.sources:
        return (value,)
    source = (
        registry.source_for_url(value if "://" in value else f"https://{value}") if "." in value else None
    )
    return (source.id,) if source else ()


def _near(field: str, value: str, registry: Registry) -> str:
    """Known names that look like an unknown one, as the end of a sentence."""
    names = _names(field, registry)
    likeness = 0.8 if field == "mentions" else 0.6  # many a person's name is a little like some place's
    near = get_close_matches(fold_key(value), names, n=NEAR, cutoff=likeness)
    return f"; near: {', '.join(dict.fromkeys(names[key] for key in near))}" if near else ""


@lru_cache(maxsize=8)
def _names(field: str, registry: Registry) -> dict[str, str]:
    """Every known name, folded → as it is written."""
    if field == "source":
        return {fold_key(name): name for name in registry.sources}
    names = (
        name
        for thing in _named(field, registry)
        for name in (thing.id, thing.name_en, thing.name, *thing.aliases)
    )
    return {fold_key(name): name for name in names}


def _named(field: str, registry: Registry) -> Iterator[Organisation | Province | County]:
    if field != "province":
        yield from registry.organisations.values()
    if field != "organisation":
        yield from registry.provinces.values()
    if field == "mentions":
        yield from registry.counties.values()
