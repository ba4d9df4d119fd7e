"""Finds what a name means, however it is spelt.

Names are compared by their folded letters and digits, so that spacing, half-spaces, commas, Arabic letters
and a glued «و» do not matter: «تعاون،کارورفاه» is «تعاون، کار و رفاه». The generic words before and after a
name («وزارت», «سازمان», «اداره کل», «استان»; «کشور», «ایران») may be there or not. The names of provincial
offices are put together from those of the parent and of the province; they need no aliases.
"""

from collections.abc import Iterable, Iterator, Mapping

from aggregator.model import Organisation, Province
from aggregator.persian.fold import fold_key


def _key(name: str) -> str:
    """A name in one spelling. Short ones lose «و» too, unlike in ``fold_key``: below, keys are joined and
    parted, and «وزارت کار» has to be «وزارت» and «کار»."""
    return fold_key(name).replace("و", "")


_PROVINCE = _key("استان")
_GOVERNORATE = _key("استانداری")
# Longest first: «وزارتخانه» is not «خانه» with «وزارت» before it.
_BEFORE = sorted(
    (_key(word) for word in ("وزارت", "وزارتخانه", "سازمان", "شرکت", "خبرگزاری", "اداره", "اداره کل")),
    key=len,
    reverse=True,
)
_AFTER = tuple(_key(word) for word in ("کشور", "ایران"))


class ProvinceNames:
    """Names, ids and ISO codes of the provinces."""

    def __init__(self, provinces: Mapping[str, Province]):
        self._ids: dict[str, tuple[str, ...]] = {}
        for province in provinces.values():
            names = (province.id, province.name, province.name_en, province.iso_code, *province.aliases)
            for name in names:
                _add(self._ids, _key(name), province.id)

    def find(self, name: str) -> tuple[str, ...]:
        """Ids of the provinces called so, with or without «استان» or ``province``."""
        key = _key(name)
        bare = _without_end(key.removeprefix(_PROVINCE), ("province",))
        return self._ids.get(key) or self._ids.get(bare) or ()

    def keys_of(self, province: str) -> list[str]:
        """Folded names of one province."""
        return [key for key, ids in self._ids.items() if province in ids]


class OrganisationNames:
    """Names, ids and aliases of the organisations. A name as it stands in a file goes before a shortened one:
    «وزارت کار» is the ministry; only «کار» may be the news agency «خبرگزاری کار» too."""

    def __init__(self, organisations: Mapping[str, Organisation], provinces: ProvinceNames):
        self._exact: dict[str, tuple[str, ...]] = {}
        self._short: dict[str, tuple[str, ...]] = {}
        for organisation in organisations.values():
            for key in _keys(organisation):
                _add(self._exact, key, organisation.id)
                _add(self._short, _shorten(key), organisation.id)
        for organisation in organisations.values():
            for key in _composed(organisation, organisations, provinces):
                _add(self._short, key, organisation.id)

    def find(self, name: str) -> tuple[str, ...]:
        """Ids of the organisations called so."""
        key = _key(name)
        return self._exact.get(key) or self._short.get(_shorten(key)) or ()


def _keys(organisation: Organisation) -> set[str]:
    names = (organisation.id, organisation.name, organisation.name_en, *organisation.aliases)
    return {key for name in names if (key := _key(name))}


def _composed(
    organisation: Organisation, organisations: Mapping[str, Organisation], provinces: ProvinceNames
) -> Iterator[str]:
    """Folded names of an office in a province: what it is, then where, with or without «استان»."""
    if not organisation.province:
        return
    places = provinces.keys_of(organisation.province)
    for what in _heads(organisation, organisations):
        for place in places:
            yield what + place
            yield what + _PROVINCE + place


def _heads(organisation: Organisation, organisations: Mapping[str, Organisation]) -> set[str]:
    """What an office in a province is called before the province's name."""
    if organisation.kind == "governorate":
        return {_GOVERNORATE}
    parent = organisations.get(organisation.parent or "")
    if organisation.kind == "provincial_office" and parent:
        return {_shorten(key) for key in _keys(parent)}
    return set()


def _shorten(key: str) -> str:
    """A folded name without the generic words around it; they stay where nothing else would be left."""
    for word in _BEFORE:
        if key.startswith(word) and key != word:
            key = key.removeprefix(word)
            break
    return _without_end(key, _AFTER)


def _without_end(key: str, endings: Iterable[str]) -> str:
    for ending in endings:
        if key.endswith(ending) and key != ending:
            return key.removesuffix(ending)
    return key


def _add(ids: dict[str, tuple[str, ...]], key: str, identifier: str) -> None:
    known = ids.get(key, ())
    if identifier not in known:
        ids[key] = (*known, identifier)
