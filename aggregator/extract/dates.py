"""Which of a page's dates is the date of publication.

The rules, in this order:

1. What readers are shown at the place the family's layout names wins over metadata; on pages without a
layout, metadata (JSON-LD, then meta elements, then microdata) wins over dates found by the look of the page.
2. A reading that is sure (confidence 0.9 and more: nothing supplied, nothing that contradicts it) wins over a
doubtful or relative one («۲ ساعت پیش»).
3. Of readings that name the same day, the one with a time wins over the bare day; midnight counts as no time.
4. The page's build time (``meta name=date``) and the promise of a feed are asked last.
5. Dates in the running text, page clocks and «today» are no candidates at all.

Two readings agree when they are less than a minute apart (a stamp shows no seconds), or an hour («۲ ساعت پیش»
shows no minutes), or one is a bare day and it is the same in Tehran (a Hijri one: a day more or less). All
that disagree are kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache

from aggregator.extract.tidy import tidy
from aggregator.model import DateReading
from aggregator.persian.calendar import TEHRAN, tehran_day
from aggregator.persian.dates import find_dates, parse_date

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_LATER = timedelta(days=18_000)  #: no date of a page lies so far ahead
_SURE = 0.9  #: confidence below which a reading yields to a surer one of lower rank
HOPELESS = 0.1  #: confidence of a reading that can only disagree with others
_MAX_STAMP = 300  #: characters; a longer text is no stamp
_WEEKDAY_BEFORE = re.compile(
    r"(?:(?:[یي]ک|دو|سه|چهار|پنج|[1-5۱-۵])?[\s\u200c]*شنبه|جمعه|آد[یي]نه)[\s،,/|\-–]*$"
)
_LABEL = re.compile(r"^[^\d۰-۹٠-٩:：]{0,40}[:：]\s*")
#: What stands beside the date in the line below a headline.
META_LINE = re.compile(
    r"(?:^|[\s|،؛(-])(?:کد\s*(?:خبر|مطلب)|شناسه(?:\s*خبر)?|(?:تعداد\s*)?باز?د[یي]د|نو[یي]سنده"
    r"|گروه(?:\s*خبر[یي])?"
    r"|دسته(?:[\s\u200c]*بند[یي])?|سرو[یي]س|تار[یي]خ|نظرات?)\s*[:：]"
)
#: What may stand in a line beside its date and leave it a stamp.
_BESIDE_STAMP = re.compile(
    r"[\W_]|تار[یي]خ|انتشار|درج|خبر|زمان|ساعت|روز|مورخ|ثبت|ارسال|نشر|شنبه|جمعه|[یي]ک|دو|سه|چهار|پنج"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading that may be the date of publication."""

    reading: DateReading
    provenance: str


@dataclass(frozen=True, slots=True)
class Dates:
    """The outcome."""

    published: DateReading | None = None
    raw: str | None = None
    modified: DateReading | None = None
    conflicts: tuple[DateReading, ...] = ()
    provenance: str | None = None


def read_date(text: str, origin: str, now: datetime) -> DateReading | None:
    """The date in an attribute or a short text. Pages say the same date several times: it is read once."""
    reading = _read(text, now) if len(text) <= _MAX_STAMP else None
    return replace(reading, origin=origin) if reading else None


@lru_cache(maxsize=64)
def _read(text: str, now: datetime) -> DateReading | None:
    return parse_date(text, now=now)


def read_stamp(text: str, *, now: datetime, origin: str = "visible") -> DateReading | None:
    """The date of a short text with labels, codes and other things around it; ``raw`` is the date alone."""
    text = tidy(text)
    if not text or len(text) > _MAX_STAMP:
        return None
    reading = read_date(text, origin, now)
    return replace(reading, raw=_date_alone(text, reading, now)) if reading else None


def _date_alone(text: str, reading: DateReading, now: datetime) -> str:
    for found in find_dates(text, at=now):
        if abs(found.reading.instant - reading.instant) < _MINUTE:
            weekday = _WEEKDAY_BEFORE.search(text[: found.start])
            return tidy(text[weekday.start() if weekday else found.start : found.end])
    return _LABEL.sub("", text)


def is_stamp(text: str) -> bool:
    """Whether a line is a date with day, month and year and nothing else but labels."""
    if len(text) > 70 or not re.search(r"\d", text):
        return False
    found = find_dates(text, at=datetime.now(TEHRAN))
    if len(found) != 1 or not re.search(r"\d{2}", found[0].text) or found[0].reading.confidence < 0.5:
        return False
    rest = text[: found[0].start] + text[found[0].end :]
    has_year = re.search(r"\d{4}|\d{1,2}\W\d{1,2}\W\d{2}", found[0].text)
    return has_year is not None and not _BESIDE_STAMP.sub("", rest)


def is_to_come(text: str, now: datetime) -> bool:
    """Whether a stamp holds a date that lies ahead: then it is none, and yet it is the page's own."""
    return read_stamp(text, now=now) is None and read_stamp(text, now=now + _LATER) is not None


def is_meta_line(text: str) -> bool:
    """Whether a line tells about the item, as those below headlines do: «نویسنده: … | ۸ بهمن ۱۴۰۲ | بازدید:
    ۱۲۰»."""
    if len(text) > 150 or text.endswith(".") or not META_LINE.search(text):
        return False
    return bool(find_dates(text, at=datetime.now(TEHRAN)))


def choose(candidates: Sequence[Candidate], modified: Sequence[DateReading] = ()) -> Dates:
    """The date of publication among candidates in the order of trust, and the last change."""
    likely = [one for one in candidates if one.reading.confidence > HOPELESS]
    if not likely:
        return Dates(modified=modified[0] if modified else None)
    best = next((one for one in likely if one.reading.confidence >= _SURE), likely[0])
    chosen = _with_time(best, candidates)
    published = chosen.reading
    shown = next((c.reading.raw for c in candidates if _visible(c) and agree(c.reading, published)), None)
    changed = next((one for one in modified if one.instant > published.instant - _MINUTE), None)
    return Dates(
        published=published,
        raw=shown or published.raw,
        modified=changed,
        conflicts=_conflicts(published, candidates),
        provenance=chosen.provenance,
    )


def _visible(candidate: Candidate) -> bool:
    return candidate.reading.origin == "visible"


def _with_time(best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    if not _is_bare_day(best.reading):
        return best
    day = tehran_day(best.reading.instant)
    return next(
        (
            one
            for one in candidates
            if not _is_bare_day(one.reading) and tehran_day(one.reading.instant) == day
        ),
        best,
    )


def _is_bare_day(reading: DateReading) -> bool:
    if reading.precision == "day":
        return True
    return time() in (reading.instant.time(), reading.instant.astimezone(TEHRAN).time())


def agree(one: DateReading, other: DateReading) -> bool:
    """Whether two readings can be of the same moment."""
    doubts = {*one.doubts, *other.doubts}
    if _is_bare_day(one) or _is_bare_day(other):
        apart = abs(tehran_day(one.instant) - tehran_day(other.instant))
        return apart <= (_DAY if "lunar" in doubts else timedelta())
    return abs(one.instant - other.instant) < (_HOUR if "relative" in doubts else _MINUTE)


def _conflicts(published: DateReading, candidates: Sequence[Candidate]) -> tuple[DateReading, ...]:
    kept: list[DateReading] = []
    for candidate in candidates:
        reading = candidate.reading
        if not agree(reading, published) and reading not in kept:
            kept.append(reading)
    return tuple(kept)
