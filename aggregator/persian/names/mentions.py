"""The names of organisations, provinces, counties and speakers in a text.

What can be a name is read by reader.py. Here, what is sure settles the rest: a bare «البرز» is the
province where the text speaks of «استان البرز».
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.model import Mention, MentionKind
from aggregator.persian.names.gazetteer import Gazetteer
from aggregator.persian.names.reader import NameReader, Reading
from aggregator.persian.names.speakers import find_speakers
from aggregator.persian.names.stream import LetterStream


def find_mentions(
    text: str, gazetteer: Gazetteer, *, organisation: str | None = None, province: str | None = None
) -> list[Mention]:
    """The names in a text, in their order. Never raises.

    ``organisation`` and ``province`` are the ids of the publisher and of the province it works for: they
    settle shortened names, and those that several places or offices share.
    """
    stream = LetterStream(text)
    readings = list(NameReader(stream, gazetteer).read())
    settled = _Settled.by(readings, gazetteer, organisation, province)
    places = [
        _mention(text, stream, reading, identifier)
        for reading in readings
        if (identifier := settled.id_of(reading, gazetteer))
    ]
    found = [*places, *find_speakers(text, places)]
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _mention(text: str, stream: LetterStream, reading: Reading, identifier: str) -> Mention:
    start, end = stream.span(reading.start, reading.end)
    return Mention(reading.kind, text[start:end], start, end, id=identifier)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a text is surely about."""

    organisations: frozenset[str]
    provinces: frozenset[str]
    counties: frozenset[str]
    home: str | None  #: province

    @classmethod
    def by(
        cls,
        readings: Iterable[Reading],
        gazetteer: Gazetteer,
        organisation: str | None,
        province: str | None,
    ) -> "_Settled":
        ids: dict[MentionKind, set[str]] = {"organisation": set(), "province": set(), "county": set()}
        for reading in readings:
            if reading.sure and len(reading.ids) == 1:
                ids[reading.kind].add(reading.ids[0])
        provinces = ids["province"] | ({province} if province else set())
        provinces |= {gazetteer.counties[county].province for county in ids["county"]}
        provinces |= {
            place for body in ids["organisation"] if (place := gazetteer.organisations[body].province)
        }
        only = next(iter(provinces)) if len(provinces) == 1 else None
        organisations = ids["organisation"] | ({organisation} if organisation else set())
        return cls(frozenset(organisations), frozenset(provinces), frozenset(ids["county"]), province or only)

    def id_of(self, reading: Reading, gazetteer: Gazetteer) -> str | None:
        """The one id that a reading stands for; None where that is not clear."""
        ids = reading.ids
        if reading.kind == "organisation" and not reading.sure:
            named = [body for body in ids if body in self.organisations]
            return named[0] if len(named) == 1 else None
        if reading.kind == "organisation":
            office = gazetteer.offices.get((ids[0], self.home or "")) if reading.office else None
            return office or ids[0]
        if reading.kind == "province":
            return ids[0] if reading.sure or ids[0] in self.provinces else None
        if len(ids) > 1:
            ids = tuple(county for county in ids if gazetteer.counties[county].province in self.provinces)
        if len(ids) != 1:
            return None
        known = ids[0] in self.counties or gazetteer.counties[ids[0]].province in self.provinces
        return ids[0] if reading.sure or (reading.located and known) else None
