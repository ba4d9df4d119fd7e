"""The days that a text speaks of, resolved against the instant of its publication.

A day stands as it is written, from its weekday to its year or «هفته جاری»; neither a «روز» before it nor the
hour belong to it. Of a list or range («۵ و ۶ تیر», «۱۹ تا ۲۱ خرداد») each day written is one of its own.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from aggregator.model import EventDate
from aggregator.persian.calendar import instant_of_day, jalali_parts, tehran_day
from aggregator.persian.dates import event_patterns as patterns
from aggregator.persian.dates import patterns as dates
from aggregator.persian.dates.clock import with_clock
from aggregator.persian.dates.found import RELATIVE, RELATIVE_LONG, WEEKDAY, Context, Found, Reason
from aggregator.persian.dates.idioms import tense
from aggregator.persian.dates.names import ORDINAL_OF, WEEKDAY_OF, key_of, number_of
from aggregator.persian.dates.reading import day_of
from aggregator.persian.dates.scan import Patterns, beginnings, make_plain, read_at

_NO_REFERENCE = datetime(2000, 1, 1, tzinfo=UTC)  #: nothing that is resolved against it is kept
_NEEDS_REFERENCE = frozenset(["year", "two-digit-year", "relative"])
_Read = tuple[re.Match[str] | None, list[Found]]  #: what was matched, and the days in it
_MOST = 10  #: days of one list
_FAR = 20  #: characters between two dates of which one says more of the other
_WEEKDAY_TOLD = Reason("relative", 0.7)  #: «دوشنبه برگزار شد»: the tense tells which
_WEEKDAY_ALONE = Reason("relative", 0.6)
_SATURDAY = 5


def find_event_dates(text: str, published: datetime | None) -> list[EventDate]:
    """The days in a text, in their order; one without a year is the nearest to ``published`` (aware).

    Without ``published`` only those that need no other: with a year of four digits. ``field`` is left out.
    """
    plain = make_plain(text, running=True)
    folded = patterns.HYPHEN.sub(_dash, plain.text) if "-" in plain.text else plain.text
    found = _Search(folded, Context(published or _NO_REFERENCE, stamp=False)).run()
    events = []
    for one in found:
        if published is not None or not _NEEDS_REFERENCE.intersection(one.doubts):
            start, end = plain.span(one.start, one.end)
            day = tehran_day(one.instant)
            events.append(
                EventDate(text[start:end], start, end, day, one.calendar, one.confidence, one.doubts)
            )
    return events


def _dash(match: re.Match[str]) -> str:
    return match[0][:-1] + "–"


@dataclass(slots=True)
class _Search:
    """One text, and what is known beside it."""

    text: str
    context: Context

    def run(self) -> list[Found]:
        """All days, left to right."""
        kept: list[Found] = []
        position = 0
        for start, candidates in beginnings(self.text, stamp=False):
            if start < position:
                continue
            found, position = self._at(start, candidates, position)
            for one in found:
                self._join(kept, one)
                kept.append(one)
        return kept

    def _at(self, start: int, candidates: Patterns, position: int) -> tuple[list[Found], int]:
        """The days of the date, list or weekday that begins there, and where the search goes on."""
        skipped = patterns.WEEKDAYS_OF_DATES.match(self.text, start)
        if skipped:
            return [], skipped.end()
        one, end = read_at(self.text, start, candidates, self.context)
        if one is not None:
            timed = with_clock(one, self.text, one.start)
            return ([replace(one, instant=timed.instant)] if self._is_event(one) else []), timed.next
        listed = self._list(start)
        if listed:
            return listed, listed[-1].next
        for read in (self._weekdays, self._of_a_month, self._ahead):
            match, found = read(start)
            if match:
                return found, match.end()
        return [], max(end, position)

    def _is_event(self, one: Found) -> bool:
        """Not «۲ ساعت پیش», «هفته گذشته»; not the name of a street."""
        if one.precision == "minute" and "relative" in one.doubts:
            return False
        if RELATIVE_LONG in one.reasons:
            return False
        named = "year" in one.doubts and dates.NAMED.match(self.text, one.start)
        return not (named and not named["weekday"] and patterns.is_namesake(self.text, one.start))

    def _join(self, kept: list[Found], one: Found) -> None:
        """Let a date say more of the one before it: that it is the same day, or its year."""
        if not kept or "relative" in one.doubts or one.start - kept[-1].end > _FAR:
            return
        last = kept[-1]
        between = self.text[last.end : one.start]
        if "relative" in last.doubts:
            apart = between.strip() == "،" and tehran_day(last.instant) != tehran_day(one.instant)
            if not apart and patterns.SAME_DAY.fullmatch(between.replace("،", " ")):
                kept.pop()
        elif "year" in last.doubts and "year" not in one.doubts and patterns.SAME_YEAR.fullmatch(between):
            again, _ = read_at(self.text, last.start, (dates.NAMED,), Context(one.instant, stamp=False))
            if again is not None and again.calendar == one.calendar:
                reasons = tuple(reason for reason in again.reasons if reason.doubt != "year")
                kept[-1] = replace(again, reasons=reasons)

    # --- lists ----------------------------------------------------------------------------------------------

    def _list(self, start: int) -> list[Found]:
        """The days of «۱۹ تا ۲۱ خرداد»; nothing where they do not rise to the last."""
        heads: list[re.Match[str]] = []
        position = start
        while len(heads) < _MOST and (head := patterns.HEAD.match(self.text, position)):
            heads.append(head)
            position = head.end()
            last, _ = read_at(self.text, position, (dates.NAMED,), self.context)
            if last is not None:
                return self._listed(heads, last)
        return []

    def _listed(self, heads: list[re.Match[str]], last: Found) -> list[Found]:
        first = heads[0].start()
        written = dates.NAMED.match(self.text, last.start)
        if (
            written is None
            or patterns.is_namesake(self.text, first)
            or patterns.is_numbered(self.text, first)
        ):
            return [last]
        latest = _number(written)
        found = [last]
        for head in reversed(heads):
            number = _number(head)
            if not 0 < number < latest:
                break
            day = tehran_day(found[-1].instant) - timedelta(days=latest - number)
            found.append(_head(head, day, last))
            latest = number
        return found[::-1]

    # --- days told from the publication ---------------------------------------------------------------------

    def _weekdays(self, start: int) -> _Read:
        """«دوشنبه», «شنبه و یکشنبه هفته آینده»."""
        match = patterns.WEEKDAY.match(self.text, start)
        if match is None or patterns.is_no_weekday(match):
            return match, []
        found = []
        written = list(patterns.EACH_WEEKDAY.finditer(self.text, *match.span("days")))
        for one in written:
            weekday = WEEKDAY_OF[key_of(one[0])]
            day, reason = _weekday_near(weekday, match["week"], self.context.today, self.text, match.end())
            found.append(_relative(one.start(), one.end(), day, reason))
        found[-1] = replace(found[-1], end=match.end())
        return match, found

    def _of_a_month(self, start: int) -> _Read:
        """«پنجم ماه جاری»."""
        match = patterns.OF_A_MONTH.match(self.text, start)
        if match is None:
            return None, []
        year, month, _ = jalali_parts(self.context.today)
        months = year * 12 + month - 1 + _shift(match["which"])
        day = day_of("jalali", months // 12, months % 12 + 1, _number(match))
        return match, [_relative(start, match.end(), day, RELATIVE)] if day else []

    def _ahead(self, start: int) -> _Read:
        """«۳ روز دیگر»."""
        match = patterns.AHEAD.match(self.text, start)
        if match is None:
            return None, []
        day = self.context.today + timedelta(days=int(number_of(match["count"])))
        return match, [_relative(start, match.end(), day, RELATIVE)]


def _number(match: re.Match[str]) -> int:
    return int(match["day"]) if match["day"] else ORDINAL_OF[key_of(match["ordinal"])]


def _head(head: re.Match[str], day: date, last: Found) -> Found:
    """A day of a list, as sure as the last one but for its own weekday."""
    reasons = tuple(reason for reason in last.reasons if reason != WEEKDAY)
    weekday = head["weekday"]
    if weekday and WEEKDAY_OF[key_of(weekday)] != day.weekday():
        reasons += (WEEKDAY,)
    end = head.end("day") if head["day"] else head.end("ordinal")
    return replace(last, start=head.start(), end=end, instant=instant_of_day(day), reasons=reasons)


def _relative(start: int, end: int, day: date, reason: Reason) -> Found:
    return Found(start, end, instant_of_day(day), "day", "jalali", (reason,), end)


def _weekday_near(
    weekday: int, week: str | None, today: date, text: str, position: int
) -> tuple[date, Reason]:
    """The day of a weekday: in the week named (from Saturday on), else by the tense, else the nearest."""
    if week and ("هفته" in week or week == "جاری"):
        saturday = today - timedelta(days=(today.weekday() - _SATURDAY) % 7)
        return saturday + timedelta(days=(weekday - _SATURDAY) % 7 + 7 * _shift(week)), RELATIVE
    ahead = timedelta(days=(weekday - today.weekday()) % 7)  # 0 to 6 days
    if week:
        back = _shift(week) < 0
        return today + (ahead - timedelta(days=7) if back else ahead or timedelta(days=7)), RELATIVE
    told = tense(text, position)
    if told == "past":
        return today + ahead - timedelta(days=7 if ahead else 0), _WEEKDAY_TOLD
    if told in ("future", "state"):
        return today + ahead, _WEEKDAY_TOLD
    return today + ahead - timedelta(days=7 if ahead.days > 3 else 0), _WEEKDAY_ALONE


def _shift(word: str) -> int:
    """«گذشته» → -1, «جاری» → 0, «آینده» → 1."""
    if any(past in word for past in ("گذشته", "پیش", "قبل")):
        return -1
    return 1 if any(future in word for future in ("اینده", "بعد")) else 0
