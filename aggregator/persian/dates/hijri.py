"""The Islamic lunar calendar by arithmetic: within a day of the one in force in Iran, which is sighted."""

from datetime import date

#: Ordinal (``date.toordinal``) of the day before 1 Muharram of year 1, in the proleptic Gregorian calendar.
_EPOCH = 227_014


def from_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian date, ± 1 day; ValueError where the calendar has no such day."""
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1 <= year <= 9000):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    before = (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30
    return date.fromordinal(_EPOCH + before + day)


def hijri_year(day: date) -> int:
    """The Hijri year of a day, within a day of its turn."""
    return (30 * (day.toordinal() - _EPOCH) + 10_645) // 10_631
