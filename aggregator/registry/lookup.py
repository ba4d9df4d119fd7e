"""The registry itself: what is known, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aggregator.model import County, Organisation, Province, Source
from aggregator.registry.counties import load_counties
from aggregator.registry.names import CountyNames, OrganisationNames, ProvinceNames
from aggregator.urls import clean_url, host_of

if TYPE_CHECKING:
    from aggregator.persian.names.gazetteer import Gazetteer


@dataclass(frozen=True, eq=False)
class Registry:
    """All organisations, provinces, counties and sources, by id. Nothing here is fetched or written."""

    organisations: Mapping[str, Organisation]
    provinces: Mapping[str, Province]
    sources: Mapping[str, Source]

    def source_for_url(self, url: str) -> Source | None:
        """The source that an address belongs to: same host and port, ``www.`` aside.

        Of several on one host, the one whose start page's path begins the address's, the longest first. A
        host's only source takes every path. None: no source, or not clear which.
        """
        cleaned = clean_url(url)
        if cleaned is None:
            return None
        candidates = self._sources_by_host.get(host_of(cleaned), ())
        if len(candidates) == 1:
            return candidates[0]
        path = _folder(cleaned)
        inside = [source for source in candidates if path.startswith(_folder(source.url))]
        return max(inside, key=lambda source: len(_folder(source.url)), default=None)

    def ancestors(self, organisation: str) -> tuple[str, ...]:
        """Ids from the organisation itself up to the body that belongs to none. An unknown id is alone: an
        article keeps its organisation when the file of it is gone."""
        path = [organisation]
        while (known := self.organisations.get(path[-1])) and known.parent:
            path.append(known.parent)
        return tuple(path)

    def resolve_organisation(self, name: str) -> tuple[str, ...]:
        """Ids of the organisations that a name means, in any spelling; several where it is ambiguous,
        () where it is unknown. See ``OrganisationNames``."""
        return self._organisation_names.find(name)

    def resolve_province(self, name: str) -> tuple[str, ...]:
        """Ids of the provinces that a name, id or ISO code means, in any spelling; () where it is unknown."""
        return self._province_names.find(name)

    def resolve_county(self, name: str) -> tuple[str, ...]:
        """Ids of the counties that a name or id means, in any spelling; several where provinces share it,
        () where it is unknown."""
        return self._county_names.find(name)

    def resolve_mention(self, name: str) -> tuple[str, ...]:
        """Ids of the organisations, provinces and counties that a name means, in any spelling; () where it is
        unknown. An id means only itself: ``kerman`` is the province, «کرمان» its chief town's county too."""
        if name in self.organisations or name in self.provinces or name in self.counties:
            return (name,)
        return (*self.resolve_organisation(name), *self.resolve_province(name), *self.resolve_county(name))

    def mention_path(self, key: str) -> tuple[str, ...]:
        """The ids under which an article is found that mentions an organisation, a province or a county: the
        id itself, the bodies above an organisation, and the province. An unknown id is alone."""
        county = self.counties.get(key)
        if county:
            return key, county.province
        known = self.organisations.get(key)
        province = (known.province,) if known and known.province else ()
        return (*self.ancestors(key), *province)

    def label(self, key: str) -> str:
        """The Persian name of an organisation, of a source's organisation, of a province or of a county; else
        the id. A county that a province has the name of is «شهرستان …»."""
        source = self.sources.get(key)
        named = (
            self.organisations.get(key)
            or (self.organisations.get(source.organisation or "") if source else None)
            or self.provinces.get(key)
        )
        if named:
            return named.name
        county = self.counties.get(key)
        if county is None:
            return key
        shared = any(county.name == province.name for province in self.provinces.values())
        return f"شهرستان {county.name}" if shared else county.name

    def owner(self, source: Source | None) -> tuple[str | None, str | None]:
        """Ids of the organisation and province that a source's articles are filed under."""
        if source is None:
            return None, None
        known = self.organisations.get(source.organisation or "")
        return source.organisation, known.province if known else None

    # Built when first asked for: most commands never do.

    @cached_property
    def counties(self) -> Mapping[str, County]:
        """The counties of the provinces, by id."""
        found = {key: county for key, county in load_counties().items() if county.province in self.provinces}
        return MappingProxyType(found)

    @cached_property
    def gazetteer(self) -> "Gazetteer":
        """The names to look for in texts."""
        from aggregator.persian.names.gazetteer import Gazetteer

        return Gazetteer(self.organisations, self.provinces, self.counties)

    @cached_property
    def _sources_by_host(self) -> Mapping[str, tuple[Source, ...]]:
        found: dict[str, tuple[Source, ...]] = {}
        for source in self.sources.values():
            host = host_of(clean_url(source.url) or source.url)
            found[host] = (*found.get(host, ()), source)
        return found

    @cached_property
    def _province_names(self) -> ProvinceNames:
        return ProvinceNames(self.provinces)

    @cached_property
    def _county_names(self) -> CountyNames:
        return CountyNames(self.counties)

    @cached_property
    def _organisation_names(self) -> OrganisationNames:
        return OrganisationNames(self.organisations, self._province_names)


def _folder(url: str) -> str:
    """The path of an address up to its last slash: ``/fa/`` of ``/fa/index.html``."""
    return urlsplit(url).path.rpartition("/")[0] + "/"
