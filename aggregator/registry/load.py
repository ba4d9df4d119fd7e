"""Reads the files of the registry, checks them against each other, and makes a ``Registry`` of them.

Files come in layers: the bundled ones, then each directory of the user's. Within a layer an organisation
stands once; in a later layer it replaces the earlier one together with its sources.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from aggregator.errors import FixFileError
from aggregator.model import Organisation, Province, Source
from aggregator.registry.counties import load_counties
from aggregator.registry.entries import (
    OrganisationEntry,
    ProvinceEntry,
    SourceEntry,
    join_errors,
    read_entry,
    suggest,
)
from aggregator.registry.lookup import Registry
from aggregator.registry.yamlfile import Location, YamlFile, read_yaml


@dataclass(frozen=True, slots=True)
class _Placed:
    """An organisation with its sources, and the file that they stand in."""

    file: YamlFile
    organisation: Organisation
    sources: tuple[Source, ...]


def load_registry(extra: Sequence[Path] = ()) -> Registry:
    """The bundled organisations, sources and provinces, and those of the user's directories (or files).

    Raises FixFileError that names every mistake with its file, line and field, a line each.
    """
    provinces = _load_provinces()
    merged: dict[str, _Placed] = {}
    for layer in (resources.files("spiders") / "sources", *extra):
        placed = _read_layer(_files_of(layer))
        _raise_any(_repeated_organisations(placed))
        merged |= {item.organisation.id: item for item in placed}
    _raise_any(
        chain(
            _ambiguous_sources(merged, provinces),
            _bad_references(merged, provinces),
            _county_ids(merged, provinces),
        )
    )
    return Registry(
        organisations=MappingProxyType({key: placed.organisation for key, placed in merged.items()}),
        provinces=MappingProxyType(provinces),
        sources=MappingProxyType(
            {source.id: source for placed in merged.values() for source in placed.sources}
        ),
    )


# --- reading ------------------------------------------------------------------------------------------------


def _load_provinces() -> dict[str, Province]:
    file = read_yaml(resources.files(__package__) / "provinces.yaml")
    entries = [read_entry(file, ProvinceEntry, (number,)) for number in range(len(file.data))]
    return {
        entry.id: Province(**entry.model_dump(exclude={"aliases"}), aliases=tuple(entry.aliases))
        for entry in entries
    }


def _files_of(layer: Traversable) -> list[Traversable]:
    """The YAML files of a directory, but no hidden ones and none further down; or the one file."""
    if layer.is_file():
        return [layer]
    try:
        inside = sorted(layer.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise FixFileError(f"the directory of sources cannot be read: {error.strerror}", path=layer) from None
    return [
        path for path in inside if path.name.endswith((".yaml", ".yml")) and not path.name.startswith(".")
    ]


def _read_layer(paths: Iterable[Traversable]) -> list[_Placed]:
    placed: list[_Placed] = []
    errors: list[FixFileError] = []
    for path in paths:
        try:
            placed.append(_read_organisation(read_yaml(path)))
        except FixFileError as error:
            errors.append(error)
    if errors:
        raise join_errors(errors)
    return placed


def _read_organisation(file: YamlFile) -> _Placed:
    if file.data is None:
        raise FixFileError("the file is empty", path=file.path)
    entry = read_entry(file, OrganisationEntry)
    organisation = Organisation(
        id=entry.id,
        name=entry.name,
        name_en=entry.name_en or entry.name,
        kind=entry.kind,
        parent=entry.parent,
        province=entry.province,
        aliases=tuple(entry.aliases),
    )
    return _Placed(file, organisation, tuple(_source(item, entry.id) for item in entry.sources))


def _source(entry: SourceEntry, organisation: str) -> Source:
    return Source(
        id=entry.id or organisation,
        organisation=organisation,
        url=entry.url,
        platform=entry.platform,
        feeds=tuple(entry.feeds),
        sitemaps=tuple(entry.sitemaps),
        listings=tuple(entry.listings),
        delay=entry.delay,
        verify_tls=entry.verify_tls,
        verified=entry.verified,
        evidence=entry.evidence or "",
    )


# --- checks that need several files -------------------------------------------------------------------------


_Problems = Iterable[tuple[_Placed, Location, str]]


def _raise_any(problems: _Problems) -> None:
    errors = [placed.file.error(message, location) for placed, location, message in problems]
    if errors:
        raise join_errors(errors)


def _repeated_organisations(layer: Sequence[_Placed]) -> _Problems:
    """Organisations that stand twice in one layer, with both files."""
    files: dict[str, Traversable] = {}
    for placed in layer:
        key = placed.organisation.id
        if key in files:
            yield placed, ("id",), f"{key!r} is taken: it is the organisation of {files[key]}"
        files.setdefault(key, placed.file.path)


def _ambiguous_sources(merged: Mapping[str, _Placed], provinces: Mapping[str, Province]) -> _Problems:
    """Ids of sources that stand twice, with both files, or that mean something else too."""
    files: dict[str, Traversable] = {}
    for key, placed in merged.items():
        for number, source in enumerate(placed.sources):
            place = ("sources", number, "id")
            if source.id in files:
                yield placed, place, f"{source.id!r} is taken: it is a source of {files[source.id]}"
            elif source.id != key and (source.id in merged or source.id in provinces):
                yield (
                    placed,
                    place,
                    f"{source.id!r} is the id of an organisation or a province; choose another",
                )
            files.setdefault(source.id, placed.file.path)


def _bad_references(merged: Mapping[str, _Placed], provinces: Mapping[str, Province]) -> _Problems:
    """Parents and provinces that do not exist, rings of parents, and organisations called like a province."""
    for key, placed in merged.items():
        province, parent = placed.organisation.province, placed.organisation.parent
        if key in provinces:
            yield placed, ("id",), f"{key!r} is the id of a province; choose another"
        if province and province not in provinces:
            hint = suggest(province, provinces)
            yield placed, ("province",), f"{province!r} is not a province's id; {hint}"
        if parent and parent not in merged:
            yield placed, ("parent",), f"{parent!r} is not an organisation's id; {suggest(parent, merged)}"
        if ring := _ring(key, merged):
            yield placed, ("parent",), f"the parents go round in a ring: {' → '.join(ring)}"


def _county_ids(merged: Mapping[str, _Placed], provinces: Mapping[str, Province]) -> _Problems:
    """Organisations and sources called like a county. Its id begins with its province's; without such an id,
    the counties need not be read."""
    beginnings = tuple(f"{province}-" for province in provinces)
    for key, placed in merged.items():
        ids: dict[str, Location] = {item.id: ("sources", n, "id") for n, item in enumerate(placed.sources)}
        for identifier, location in (ids | {key: ("id",)}).items():
            if identifier.startswith(beginnings) and identifier in load_counties():
                yield placed, location, f"{identifier!r} is the id of a county; choose another"


def _ring(key: str, merged: Mapping[str, _Placed]) -> list[str]:
    """The way from an organisation by its parents back to itself; empty where there is none."""
    path = [key]
    while (placed := merged.get(path[-1])) and (parent := placed.organisation.parent):
        if parent in path:
            return [*path, parent] if parent == key else []
        path.append(parent)
    return []
