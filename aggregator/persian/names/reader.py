"""Reads names out of a text, from left to right.

A head («وزارت», «اداره کل», «استان») with what it needs behind it, or a name that stands alone; of all that
can be read from one place on, the longest wins.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from aggregator.model import MentionKind
from aggregator.persian.names.gazetteer import Found, Gazetteer, Part
from aggregator.persian.names.heads import FOREIGN, NUMBERS, PLACE_WORDS, Head
from aggregator.persian.names.places import (
    ALONE_NEVER,
    CONCEPT_BEFORE,
    GLUED_AFTER,
    GLUED_BEFORE,
    LOCATING,
    TIMES,
    is_part_of_another_name,
    rows_by_province,
)
from aggregator.persian.names.stream import BREAK, Edge, LetterStream

_BARE = 3  # words: so long a name needs no «وزارت» or «سازمان» before it
_GLUED = 4  # letters: a shorter name glued to «و» or «در» is another word


@dataclass(frozen=True, slots=True)
class Reading:
    """What a part of the stream may name."""

    start: int
    end: int
    kind: MentionKind
    ids: tuple[str, ...]
    sure: bool = True
    located: bool = False  #: «در», «به» or «از» stands before it, or another county in a list
    office: bool = False  #: the office of this organisation, in a province that is not named here


def _rank(readings: tuple[Reading, ...]) -> tuple[int, bool]:
    """The longest reading goes before the others, then the one that is sure."""
    return readings[-1].end, readings[0].sure


class NameReader:
    """Reads one stream from left to right. A method that reads something returns it with its end, or None."""

    def __init__(self, stream: LetterStream, gazetteer: Gazetteer):
        self.stream, self.gazetteer = stream, gazetteer
        self.found = gazetteer.find(stream)
        self.letters = stream.letters
        self.rows = rows_by_province(stream.text)
        self.county_end: int | None = None  #: of the county read last

    def read(self) -> Iterator[Reading]:
        behind = 0
        for start in sorted(self.found):
            if start < behind or not self.begins(start):
                continue
            longest = max(self.at(start), key=_rank, default=())
            if longest:
                behind = longest[-1].end
                self.county_end = behind if longest[-1].kind == "county" else None
                if not self.is_foreign(longest[-1]):
                    yield from (*longest, *self.shortened(longest[-1]))

    def is_foreign(self, last: Reading) -> bool:
        """Whether another country stands behind an organisation: «وزیر خارجه جمهوری عراق»."""
        word = self.stream.word_after(last.end)
        if word in ("جمهوری", "کشور"):
            word = self.stream.word_after(last.end + len(word))
        return last.kind == "organisation" and word in FOREIGN

    def shortened(self, last: Reading) -> Iterator[Reading]:
        """«آذربایجان شرقی و غربی»: the second province, of whose name only the last word is written."""
        place = last.end
        if last.kind == "province" and self.letters[place : place + 1] == "و" and self.stream.edge(place):
            word = self.stream.word_after(place + 1)
            sibling = self.gazetteer.sibling(last.ids[0], word)
            if sibling:
                yield Reading(place + 1, place + 1 + len(word), "province", (sibling,))

    def at(self, start: int) -> Iterator[tuple[Reading, ...]]:
        """All that can be read from a place on."""
        for found in self.found[start]:
            if found.piece.part is Part.HEAD:
                yield from self.headed(found)
            elif found.piece.part in (Part.NAME, Part.SHORTENED):
                yield from self.organisation(found, found.start)
            elif found.piece.part is Part.CORE:
                yield from self.bare_core(found)
            elif found.piece.part in (Part.PROVINCE, Part.COUNTY):
                yield from self.bare_place(found)

    # --- with a head ----------------------------------------------------------------------------------------

    def headed(self, head: Found) -> Iterator[tuple[Reading, ...]]:
        read = _AFTER[head.piece.head] if head.piece.head else None
        if read is None:
            return
        if head.piece.plural or self.stream.word_before(head.start) in NUMBERS:
            yield from self.listed(head, read)
            return
        yield from read(self, head.end, head.start)

    def listed(self, head: Found, read: "_Read") -> Iterator[tuple[Reading, ...]]:
        """«استان‌های تهران، البرز و قزوین»: every name of the list; the first takes the head along."""
        items: list[Reading] = []
        start, first = head.end, head.start
        while readings := max(read(self, start, first), key=_rank, default=()):
            items += readings
            end = readings[-1].end
            if self.letters[end : end + 1] == "و" and not self.pieces(end, Part.PROVINCE, Part.COUNTY):
                start = end + 1
            elif self.stream.edge(end) is Edge.COMMA or self.letters[end : end + 1] == "و":
                start = end
            else:
                break
            if self.stream.edge(end) is Edge.COMMA and self.letters[start : start + 1] == "و":
                start += not self.pieces(start, Part.PROVINCE, Part.COUNTY)
            first = start
        if items:
            yield tuple(items)

    def after_ministry(self, at: int, start: int) -> Iterator[tuple[Reading, ...]]:
        for found in self.pieces(at, Part.CORE, Part.PREFIX):
            if found.piece.head is Head.MINISTRY:
                yield from self.organisation(found, start)

    def after_office(self, at: int, start: int) -> Iterator[tuple[Reading, ...]]:
        """«اداره کل … استان البرز»: the office there, or the body itself and then the province."""
        for found in self.pieces(at, Part.CORE, Part.NAME):
            if found.piece.part is Part.NAME or found.piece.words > 1 or self.is_before_province(found.end):
                yield from self.office(found, start)

    def after_body(self, at: int, start: int) -> Iterator[tuple[Reading, ...]]:
        """«سازمان جهاد کشاورزی استان فارس»: some ministries' offices are called so."""
        for found in self.pieces(at, Part.CORE):
            if found.piece.head is Head.MINISTRY and found.piece.words > 1:
                yield from self.office(found, start, alone=False)

    def after_governorate(self, at: int, start: int) -> Iterator[tuple[Reading, ...]]:
        for places in (*self.provinces(at), *self.after_province(at, at)):
            office = self.gazetteer.offices.get((places[0].ids[0], places[0].ids[0]))
            if office:
                yield (Reading(start, places[0].end, "organisation", (office,)),)

    def after_province(self, at: int, start: int) -> Iterator[tuple[Reading, ...]]:
        for found in self.pieces(at, Part.PROVINCE):
            if self.ends(found.end):
                yield (Reading(start, found.end, "province", found.piece.ids),)

    def after_county(self, at: int, start: int) -> Iterator[tuple[Reading, ...]]:
        if self.letters[start:at] not in PLACE_WORDS:
            start = at
        for found in self.pieces(at, Part.COUNTY):
            if self.ends(found.end):
                ids = self.narrowed(found)
                yield (Reading(start, found.end, "county", ids),)

    def narrowed(self, found: Found) -> tuple[str, ...]:
        """«شهرستان رودبار استان گیلان»: of several counties of a name, the one in the province behind it."""
        ids = found.piece.ids
        if len(ids) > 1:
            for places in self.provinces(found.end):
                inside = tuple(i for i in ids if self.gazetteer.counties[i].province == places[0].ids[0])
                return inside or ids
        return ids

    # --- without --------------------------------------------------------------------------------------------

    def bare_core(self, found: Found) -> Iterator[tuple[Reading, ...]]:
        """A long name alone; a shorter one of a ministry where «استان …» follows."""
        if self.stream.word_before(found.start) in CONCEPT_BEFORE:
            return
        short = found.piece.words > 1 and found.piece.head is Head.MINISTRY
        if found.piece.words >= _BARE or (short and self.is_before_province(found.end)):
            yield from self.office(found, found.start)

    def is_before_province(self, at: int) -> bool:
        """Whether «استان …» follows."""
        heads = (head for head in self.pieces(at, Part.HEAD) if head.piece.head is Head.PROVINCE)
        return any(True for head in heads for _ in self.headed(head))

    def bare_place(self, found: Found) -> Iterator[tuple[Reading, ...]]:
        if not self.ends(found.end) or is_part_of_another_name(self.stream, found.start, found.end):
            return
        ids = found.piece.ids
        if self.is_glued(found) and found.end - found.start < _GLUED:
            return
        if found.piece.part is Part.PROVINCE:
            row = self.stream.span(found.start, found.end)[0] in self.rows
            if row or (ids[0] not in ALONE_NEVER and not self.pieces_of_same(found)):
                yield (Reading(found.start, found.end, "province", ids, sure=row or found.piece.sure),)
            return
        if self.also_unsure(found) or self.lacks_madda(found):
            return
        located = self.is_listed(found.start) or (
            self.stream.word_before(found.start) in LOCATING
            and self.letters[found.start : found.end] not in TIMES
        )
        ids = self.narrowed(found)
        yield (Reading(found.start, found.end, "county", ids, sure=found.piece.sure, located=located),)

    def is_listed(self, start: int) -> bool:
        """Whether a county stands right before, with a comma or «و» between."""
        if self.county_end is None:
            return False
        between = self.letters[self.county_end : start]
        return (between == "" and self.stream.edge(start) is Edge.COMMA) or between == "و"

    def lacks_madda(self, found: Found) -> bool:
        start, _ = self.stream.span(found.start, found.end)
        names = self.gazetteer.with_madda
        return self.letters[found.start : found.end] in names and self.stream.text[start] != "آ"

    def pieces_of_same(self, found: Found) -> bool:
        """Whether the province's name is that of a county in it too: then the town is meant."""
        return any(
            self.gazetteer.counties[county].province in found.piece.ids
            for other in self.pieces(found.start, Part.COUNTY)
            if other.end == found.end
            for county in other.piece.ids
        )

    def also_unsure(self, found: Found) -> bool:
        """Whether the county has the name of a province elsewhere (البرز), which goes before it."""
        return not self.same_province(found) and any(
            other.end == found.end for other in self.pieces(found.start, Part.PROVINCE)
        )

    def same_province(self, found: Found) -> bool:
        provinces = {self.gazetteer.counties[county].province for county in found.piece.ids}
        return any(
            other.end == found.end and provinces & set(other.piece.ids)
            for other in self.pieces(found.start, Part.PROVINCE)
        )

    # --- parts ----------------------------------------------------------------------------------------------

    def organisation(self, found: Found, start: int) -> Iterator[tuple[Reading, ...]]:
        """An organisation as it is named, with «کشور» or «ایران» behind it."""
        end = self.with_tail(found.end)
        if not self.ends(end):
            return
        if start == found.start and self.stream.word_before(start) in CONCEPT_BEFORE:
            return
        sure = found.piece.part is not Part.SHORTENED
        yield (Reading(start, end, "organisation", found.piece.ids, sure=sure),)

    def office(self, found: Found, start: int, *, alone: bool = True) -> Iterator[tuple[Reading, ...]]:
        """An organisation's office: with the province behind it, or (``alone``) in that of the publisher."""
        headed = start < found.start
        for provinces in self.provinces(found.end):
            places = [self.gazetteer.offices.get((found.piece.ids[0], place.ids[0])) for place in provinces]
            if all(places):
                offices = [
                    replace(place, kind="organisation", ids=(office,))
                    for place, office in zip(provinces, places, strict=True)
                    if office
                ]
                yield (replace(offices[0], start=start), *offices[1:])
            elif headed:  # «مدیرکل راه و شهرسازی کرمان»: not of the town
                yield (Reading(start, found.end, "organisation", found.piece.ids), *provinces)
        end = self.with_tail(found.end)
        if self.ends(end):
            yield (Reading(start, end, "organisation", found.piece.ids, office=headed and alone),)

    def provinces(self, at: int) -> Iterator[tuple[Reading, ...]]:
        """The province, or the list of provinces, at a place: with «استان» before, or right behind."""
        for head in self.pieces(at, Part.HEAD):
            if head.piece.head is Head.PROVINCE:
                yield from self.headed(head)
        if self.stream.edge(at) < Edge.COMMA:
            yield from self.after_province(at, at)

    def with_tail(self, end: int) -> int:
        for tail in self.pieces(end, Part.TAIL):
            if self.ends(tail.end) and self.stream.edge(end) < Edge.COMMA:
                return tail.end
        return end

    def pieces(self, start: int, *parts: Part) -> list[Found]:
        """What of these parts begins at a place, the longest first."""
        return [found for found in self.found.get(start, ()) if found.piece.part in parts]

    def begins(self, start: int) -> bool:
        """Whether a name may begin here: at a word, or glued to «و», «در» and the like."""
        if self.stream.edge(start):
            return True
        return self.stream.word_before(start) in GLUED_BEFORE

    def is_glued(self, found: Found) -> bool:
        return not self.stream.edge(found.start) or not self.stream.edge(found.end)

    def ends(self, end: int) -> bool:
        """Whether a name may end here: with a word, or before «و», «در» and the like glued to it."""
        edge = self.stream.edge(end)
        if edge >= Edge.SPACE or end == len(self.letters) or self.letters[end] == BREAK:
            return True
        return self.stream.word_after(end) in GLUED_AFTER


_Read = Callable[[NameReader, int, int], Iterator[tuple[Reading, ...]]]
_AFTER: dict[Head, _Read] = {
    Head.MINISTRY: NameReader.after_ministry,
    Head.OFFICE: NameReader.after_office,
    Head.BODY: NameReader.after_body,
    Head.GOVERNORATE: NameReader.after_governorate,
    Head.PROVINCE: NameReader.after_province,
    Head.COUNTY: NameReader.after_county,
}
