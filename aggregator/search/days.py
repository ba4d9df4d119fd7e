"""Days as a search takes them: ISO or Jalali, any digits, a whole year or month too."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from aggregator.errors import FixQueryError
from aggregator.persian.calendar import FIRST_GREGORIAN_YEAR, from_jalali, parse_day
from aggregator.search.syntax import told

ACCEPTED = "1399-03-20, ۱۳۹۹/۰۳/۲۰, 2020-06-09, or a month or year alone (1399-03, 2020)"
_MONTH_OR_YEAR = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?")  # \d and int() take Persian and Arabic digits too


def first_day(text: str, *, position: int | None = None) -> date:
    """The day from which ``since:text`` selects; FixQueryError at ``position`` for what is no date."""
    return _read(text, position, lambda year, month: _calendar(year)(year, 1 if month is None else month, 1))


def last_day(text: str, *, position: int | None = None) -> date:
    """The day up to which ``until:text`` selects, itself included; FixQueryError for what is no date."""
    return _read(text, position, _last_day)


def _read(text: str, position: int | None, partial: Callable[[int, int | None], date]) -> date:
    text = text.strip()
    try:
        if found := _MONTH_OR_YEAR.fullmatch(text):
            return partial(int(found[1]), int(found[2]) if found[2] else None)
        return parse_day(text)
    except (ValueError, OverflowError):
        raise FixQueryError(f"{told(text)} is no date; accepted are {ACCEPTED}", position=position) from None


def _calendar(year: int) -> Callable[[int, int, int], date]:
    return from_jalali if year < FIRST_GREGORIAN_YEAR else date


def _last_day(year: int, month: int | None) -> date:
    day = _calendar(year)
    month = 12 if month is None else month
    day(year, month, 1)  # refuses a month that does not exist
    following = day(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
