"""Finds what a name means, however it is spelt.

Names are compared by their folded letters and digits, so that spacing, half-spaces, commas, Arabic letters
and a glued «و» do not matter: «تعاون،کارورفاه» is «تعاون، کار و رفاه». The generic words before and after a
name («وزارت», «سازمان», «اداره کل», «استان», «شهرستان»; «کشور», «ایران») may be there or not. The names of
provincial offices are put together from those of the parent and of the province; they need no aliases.
"""

from collections.abc import Iterable, Iterator, Mapping

from aggregator.model import County, Organisation, Province
from aggregator.persian.fold import fold_terms

_SURE = 6  #: letters; so many of a name are left to know it by, when each «و» of it is left out


def _letters(name: str) -> str:
    """A name in one spelling, but for a «و» glued to a word. Such names can be joined and parted."""
    return "".join(term for term in fold_terms(name) if term != "و").replace(".", "")


def _key(letters: str) -> str:
    """What names are compared by: as ``fold_key`` has it, of a whole name or of a part."""
    short = letters.replace("و", "")
    return short if len(short) >= _SURE else letters


_PROVINCE = _letters("استان")
_GOVERNORATE = _letters("استانداری")
_COUNTY = (_letters("شهرستان"), _letters("شهر"))
# Longest first: «وزارتخانه» is not «خانه» with «وزارت» before it. None is here that everyday words follow:
# «مرکز آمار» is not «آمار», and «بانک مرکزی» not «مرکزی».
_BEFORE = sorted(
    (
        _letters(word)
        for word in (
            "وزارت",
            "وزارتخانه",
            "سازمان",
            "شرکت",
            "خبرگزاری",
            "اداره",
            "اداره کل",
            "صندوق",
            "مؤسسه",
            "نهاد",
            "ستاد",
            "جمعیت",
        )
    ),
    key=len,
    reverse=True,
)
_AFTER = tuple(_letters(word) for word in ("کشور", "ایران"))


class ProvinceNames:
    """Names, ids and ISO codes of the provinces."""

    def __init__(self, provinces: Mapping[str, Province]):
        self._ids: dict[str, tuple[str, ...]] = {}
        self._letters: dict[str, set[str]] = {}
        for province in provinces.values():
            names = (province.id, province.name, province.name_en, province.iso_code, *province.aliases)
            self._letters[province.id] = {_letters(name) for name in names}
            for letters in self._letters[province.id]:
                _add(self._ids, _key(letters), province.id)

    def find(self, name: str) -> tuple[str, ...]:
        """Ids of the provinces called so, with or without «استان» or ``province``."""
        letters = _letters(name)
        bare = _without_end(letters.removeprefix(_PROVINCE), ("province",))
        return self._ids.get(_key(letters)) or self._ids.get(_key(bare)) or ()

    def letters_of(self, province: str) -> Iterable[str]:
        """Folded names of one province."""
        return self._letters.get(province, ())


class CountyNames:
    """Names and ids of the counties."""

    def __init__(self, counties: Mapping[str, County]):
        self._ids: dict[str, tuple[str, ...]] = {}
        for county in counties.values():
            for name in (county.id, county.name, county.name_en, *county.aliases):
                _add(self._ids, _key(_letters(name)), county.id)

    def find(self, name: str) -> tuple[str, ...]:
        """Ids of the counties called so, with or without «شهرستان», «شهر» or ``county``."""
        letters = _without_end(_letters(name), ("county",))
        forms = (letters, *(letters.removeprefix(word) for word in _COUNTY))
        return next((ids for form in forms if (ids := self._ids.get(_key(form)))), ())


class OrganisationNames:
    """Names, ids and aliases of the organisations. A name as it stands in a file goes before a shortened one:
    «وزارت کار» is the ministry; only «کار» may be the news agency «خبرگزاری کار» too."""

    def __init__(self, organisations: Mapping[str, Organisation], provinces: ProvinceNames):
        self._exact: dict[str, tuple[str, ...]] = {}
        self._short: dict[str, tuple[str, ...]] = {}
        for organisation in organisations.values():
            for letters in _names(organisation):
                _add(self._exact, _key(letters), organisation.id)
                _add(self._short, _key(_shorten(letters)), organisation.id)
        for organisation in organisations.values():
            for letters in _composed(organisation, organisations, provinces):
                _add(self._short, _key(letters), organisation.id)

    def find(self, name: str) -> tuple[str, ...]:
        """Ids of the organisations called so."""
        letters = _letters(name)
        return self._exact.get(_key(letters)) or self._short.get(_key(_shorten(letters))) or ()


def _names(organisation: Organisation) -> set[str]:
    names = (organisation.id, organisation.name, organisation.name_en, *organisation.aliases)
    return {letters for name in names if (letters := _letters(name))}


def _composed(
    organisation: Organisation, organisations: Mapping[str, Organisation], provinces: ProvinceNames
) -> Iterator[str]:
    """Folded names of an office in a province: what it is, then where, with or without «استان»."""
    if not organisation.province:
        return
    for what in _heads(organisation, organisations):
        for place in provinces.letters_of(organisation.province):
            yield what + place
            yield what + _PROVINCE + place


def _heads(organisation: Organisation, organisations: Mapping[str, Organisation]) -> set[str]:
    """What an office in a province is called before the province's name."""
    if organisation.kind == "governorate":
        return {_GOVERNORATE}
    parent = organisations.get(organisation.parent or "")
    if organisation.kind == "provincial_office" and parent:
        return {_shorten(letters) for letters in _names(parent)}
    return set()


def _shorten(letters: str) -> str:
    """A folded name without the generic words around it; they stay where nothing else would be left."""
    for word in _BEFORE:
        if letters.startswith(word) and letters != word:
            letters = letters.removeprefix(word)
            break
    return _without_end(letters, _AFTER)


def _without_end(letters: str, endings: Iterable[str]) -> str:
    for ending in endings:
        if letters.endswith(ending) and letters != ending:
            return letters.removesuffix(ending)
    return letters


def _add(ids: dict[str, tuple[str, ...]], key: str, identifier: str) -> None:
    known = ids.get(key, ())
    if identifier not in known:
        ids[key] = (*known, identifier)
