"""The registry itself: what is known, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from aggregator.model import Organisation, Province, Source
from aggregator.registry.names import OrganisationNames, ProvinceNames
from aggregator.urls import clean_url, host_of


@dataclass(frozen=True, eq=False)
class Registry:
    """All organisations, provinces and sources, by id. Nothing here is fetched or written."""

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

    def label(self, key: str) -> str:
        """The Persian name of an organisation, of a source's organisation, or of a province; else the id."""
        source = self.sources.get(key)
        for named in (
            self.organisations.get(key),
            self.organisations.get(source.organisation or "") if source else None,
            self.provinces.get(key),
        ):
            if named:
                return named.name
        return key

    def owner(self, source: Source | None) -> tuple[str | None, str | None]:
        """Ids of the organisation and province that a source's articles are filed under."""
        if source is None:
            return None, None
        known = self.organisations.get(source.organisation or "")
        return source.organisation, known.province if known else None

    # Built when first asked for: most commands never do.

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
    def _organisation_names(self) -> OrganisationNames:
        return OrganisationNames(self.organisations, self._province_names)


def _folder(url: str) -> str:
    """The path of an address up to its last slash: ``/fa/`` of ``/fa/index.html``."""
    return urlsplit(url).path.rpartition("/")[0] + "/"
