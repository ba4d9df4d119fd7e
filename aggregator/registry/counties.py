"""Reads the counties. They are read when first asked for, and once: most commands never need them."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from aggregator.model import County
from aggregator.registry.entries import CountyEntry, join_errors, read_entry
from aggregator.registry.yamlfile import YamlFile, read_yaml


@cache
def load_counties() -> Mapping[str, County]:
    """The counties by id. An id begins with that of its province, so that no two provinces' can be the same.

    Raises FixFileError where the file is not right.
    """
    return read_counties(read_yaml(resources.files(__package__) / "counties.yaml"))


def read_counties(file: YamlFile) -> Mapping[str, County]:
    """The counties of one file, by id. Raises FixFileError for every id that is there twice or not its
    province's."""
    counties: dict[str, County] = {}
    errors = []
    for number in range(len(file.data)):
        entry = read_entry(file, CountyEntry, (number,))
        if entry.id in counties:
            errors.append(file.error(f"{entry.id!r} is there already", (number, "id")))
        elif not entry.id.startswith(f"{entry.province}-"):
            errors.append(file.error(f"{entry.id!r} does not begin with «{entry.province}-»", (number, "id")))
        counties[entry.id] = County(**entry.model_dump(exclude={"aliases"}), aliases=tuple(entry.aliases))
    if errors:
        raise join_errors(errors)
    return MappingProxyType(counties)
