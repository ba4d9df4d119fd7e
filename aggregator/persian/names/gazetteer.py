"""The names that are looked for in a text, and the words that stand before them.

Built once from what the registry knows. Names are kept as streams of letters (stream.py) in one
Aho-Corasick automaton; reader.py puts together what it finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from itertools import pairwise, product

from ahocorasick_rs import AhoCorasick, MatchKind

from aggregator.model import County, Organisation, Province
from aggregator.persian.names.heads import (
    HEADS,
    INSTITUTIONS,
    ORDINARY_NAMES,
    OWN_HEADS,
    PREFIX_WORDS,
    SUFFIX_WORDS,
    TAILS,
    Head,
)
from aggregator.persian.names.places import UNSURE
from aggregator.persian.names.stream import Edge, LetterStream

_STRICT = 8  # letters: in a shorter name, blanks stand only where its words end


class Part(Enum):
    """What a piece of a text can be in a mention."""

    HEAD = auto()  #: «وزارت», «استان»
    NAME = auto()  #: an organisation's name as the registry has it, with its own head, if any
    CORE = auto()  #: the name without its head
    PREFIX = auto()  #: the first words of a ministry's core that only one ministry begins with
    SHORTENED = auto()  #: the first words of another body's name: for a text that has the whole name too
    TAIL = auto()  #: «کشور», «جمهوری اسلامی ایران»
    PROVINCE = auto()
    COUNTY = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """One reading of a stretch of letters."""

    part: Part
    ids: tuple[str, ...] = ()  #: of the registry
    head: Head | None = None  #: of a HEAD: which; of a CORE or PREFIX: which one its name has
    plural: bool = False  #: of a HEAD: a list of names follows
    words: int = 1
    joints: frozenset[int] | None = None  #: where blanks may stand in it; None: anywhere
    sure: bool = True  #: of a PROVINCE or COUNTY: the name alone is no ordinary word


@dataclass(frozen=True, slots=True)
class Found:
    """A piece that stands somewhere in a stream."""

    start: int
    end: int
    piece: Piece


class Gazetteer:
    """All names of organisations, provinces and counties."""

    def __init__(
        self,
        organisations: Mapping[str, Organisation],
        provinces: Mapping[str, Province],
        counties: Mapping[str, County],
    ):
        self.organisations, self.provinces, self.counties = organisations, provinces, counties
        pieces: dict[str, list[Piece]] = {}
        for letters, piece in self._pieces():
            known = pieces.setdefault(letters, [])
            _merge(known, piece)
        self._readings = list(pieces.values())
        self._automaton = AhoCorasick(list(pieces), matchkind=MatchKind.Standard)

    def find(self, stream: LetterStream) -> dict[int, list[Found]]:
        """Every piece that may stand in a stream, by its start, the longest first. That it ends where a word
        ends is not yet checked, as words may be glued to each other."""
        found: dict[int, list[Found]] = {}
        for pattern, start, end in self._automaton.find_matches_as_indexes(stream.letters, overlapping=True):
            for piece in self._readings[pattern]:
                if piece.joints is None or _joined(stream, start, end, piece.joints):
                    found.setdefault(start, []).append(Found(start, end, piece))
        for readings in found.values():
            readings.sort(key=lambda reading: -reading.end)
        return found

    def sibling(self, province: str, word: str) -> str | None:
        """The province whose name differs from this one's in its last word alone: شرقی, غربی."""
        first = _words(self.provinces[province].name)[0]
        return self._by_words.get((first, word))

    @cached_property
    def with_madda(self) -> frozenset[str]:
        """Short names of counties that begin with آ: «امل» is not آمل."""
        names = (county.name for county in self.counties.values())
        return frozenset(_letters(name) for name in names if name.startswith("آ") and len(name) < _STRICT - 3)

    @cached_property
    def _by_words(self) -> Mapping[tuple[str, ...], str]:
        return {tuple(_words(province.name)): province.id for province in self.provinces.values()}

    @cached_property
    def offices(self) -> Mapping[tuple[str, str], str]:
        """(organisation, province) → its office there; (province, province) → the governorate."""
        found = {}
        for office in self.organisations.values():
            if office.kind == "provincial_office" and office.parent and office.province:
                found[office.parent, office.province] = office.id
            elif office.kind == "governorate" and office.province:
                found[office.province, office.province] = office.id
        return found

    def _pieces(self) -> Iterator[tuple[str, Piece]]:
        for text, head, plural in HEADS:
            yield _letters(text), Piece(Part.HEAD, head=head, plural=plural)
        for text in TAILS:
            yield _letters(text), Piece(Part.TAIL)
        for province in self.provinces.values():
            for name in (province.name, *province.aliases):
                sure = province.id not in UNSURE
                yield from _variants(_words(name), Part.PROVINCE, province.id, sure=sure)
        for county in self.counties.values():
            yield from _variants(_words(county.name), Part.COUNTY, county.id, sure=not county.ordinary)
            for name in county.aliases:
                yield from _variants(_words(name), Part.COUNTY, county.id)
        for organisation in self.organisations.values():
            for name in (organisation.name, *organisation.aliases):
                yield from _organisation(name, organisation)
        yield from self._beginnings()

    def _beginnings(self) -> Iterator[tuple[str, Piece]]:
        """«وزارت علوم» for «وزارت علوم، تحقیقات و فناوری», where no other ministry begins so."""
        owners: dict[tuple[str, ...], set[str]] = {}
        for ministry in self.organisations.values():
            words = _words(ministry.name)
            if ministry.kind == "ministry" and words and words[0] == _letters("وزارت"):
                for count in range(1, len(words) - 1):
                    owners.setdefault(tuple(words[1 : 1 + count]), set()).add(ministry.id)
        for beginning, ids in owners.items():
            if len(ids) == 1 and beginning[-1] != "و":
                yield from _variants(beginning, Part.PREFIX, *ids, head=Head.MINISTRY)


def _organisation(name: str, organisation: Organisation) -> Iterator[tuple[str, Piece]]:
    words = _words(name)
    if not words or not any("\u0600" <= letter <= "\u06ff" for letter in words[0]):
        return  # Latin names are for queries
    if len(words) == 1 and words[0] in ORDINARY_NAMES:
        return
    yield from _variants(words, Part.NAME, organisation.id)
    if words[0] not in INSTITUTIONS:
        return
    core = _without_tail(words[1:])
    if len(core) < len(words) - 1:
        yield from _variants([words[0], *core], Part.NAME, organisation.id)
    for count in range(2, len(core) + 1):
        if words[count - 1] != "و":
            yield from _variants(words[:count], Part.SHORTENED, organisation.id)
    if core and words[0] in OWN_HEADS:
        yield from _variants(core, Part.CORE, organisation.id, head=OWN_HEADS[words[0]])


def _without_tail(words: list[str]) -> list[str]:
    """The words of a name without «کشور» or «جمهوری اسلامی ایران» at their end, unless nothing is left."""
    for tail in _TAIL_WORDS:
        if len(tail) < len(words) and words[-len(tail) :] == tail:
            return words[: -len(tail)]
    return words


def _variants(
    words: Sequence[str], part: Part, *ids: str, head: Head | None = None, sure: bool = True
) -> Iterator[tuple[str, Piece]]:
    """The streams of a name with each «و» in it there or left out."""
    optional = [("و", "") if word == "و" else (word,) for word in words]
    strict = part in (Part.PROVINCE, Part.COUNTY) or sum(map(len, words)) < _STRICT
    content = sum(word != "و" for word in words)
    for chosen in product(*optional):
        joints = frozenset(_joints(chosen)) if strict else None
        yield "".join(chosen), Piece(part, ids, head, words=content, joints=joints, sure=sure)


def _joints(words: Iterable[str]) -> Iterator[int]:
    """Where blanks may stand: where a word ends, before «آباد» at its end, behind «بندر» at its beginning."""
    length = 0
    for word in words:
        for prefix in PREFIX_WORDS:
            if word.startswith(prefix) and len(word) >= len(prefix) + 3:
                yield length + len(prefix)
        for suffix in SUFFIX_WORDS:
            if word.endswith(suffix) and len(word) >= len(suffix) + 3:
                yield length + len(word) - len(suffix)
        length += len(word)
        yield length


def _joined(stream: LetterStream, start: int, end: int, joints: frozenset[int]) -> bool:
    """Whether blanks stand only where they may."""
    return all(
        place - start in joints or stream.edge(place) <= Edge.HALF
        for place in stream.edges.keys() & range(start + 1, end)
    )


def _merge(known: list[Piece], piece: Piece) -> None:
    """Two organisations of one name make one reading with two ids."""
    for index, other in enumerate(known):
        if (other.part, other.head, other.plural) == (piece.part, piece.head, piece.plural):
            known[index] = replace(
                other,
                ids=tuple(dict.fromkeys((*other.ids, *piece.ids))),
                joints=None if other.joints is None or piece.joints is None else other.joints | piece.joints,
                sure=other.sure and piece.sure,
            )
            return
    known.append(piece)


def _letters(text: str) -> str:
    return LetterStream(text).letters


def _words(name: str) -> list[str]:
    """The words of a name in the letters of matching; what stands in brackets is left out."""
    stream = LetterStream(name.partition("(")[0])
    places = [place for place in stream.words if stream.edge(place) >= Edge.HALF]
    return [stream.letters[start:end] for start, end in pairwise(places)]


_TAIL_WORDS = sorted((_words(tail) for tail in TAILS), key=len, reverse=True)
