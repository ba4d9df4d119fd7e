"""What is known of a date that was found, and why it may not be quite sure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import prod
from typing import NamedTuple

from aggregator.model import Calendar, DateReading, Doubt, Precision
from aggregator.persian.calendar import tehran_day

GRACE = timedelta(days=1)  #: how far in the future a published date may be: clocks differ


class Reason(NamedTuple):
    """Something that makes a reading less sure, and the factor of its confidence."""

    doubt: Doubt
    factor: float


WEEKDAY = Reason("weekday", 0.5)
NO_YEAR = Reason("year", 0.7)
NO_YEAR_NEAR = Reason("year", 0.85)  # near, in running text; or the weekday agrees
NO_YEAR_SURE = Reason("year", 0.95)  # both
SHORT_YEAR = Reason("two-digit-year", 0.8)
DAY_FIRST = Reason("order", 0.85)  # 9/6/2020, 02/03/04
MONTH_FIRST = Reason("order", 0.6)  # 6/22/2020
LUNAR = Reason("lunar", 0.7)
LUNAR_WEEKDAY = Reason("lunar", 0.9)
RELATIVE = Reason("relative", 0.8)
RELATIVE_LONG = Reason("relative", 0.4)  # weeks, months and years are round


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the text."""

    at: datetime
    stamp: bool  #: the text is a stamp: in the past, and of little else than the date

    @property
    def today(self) -> date:
        """The day of ``at`` in Tehran."""
        return tehran_day(self.at)


@dataclass(frozen=True, slots=True)
class Found:
    """A reading with its place in the folded text."""

    start: int
    end: int
    instant: datetime
    precision: Precision
    calendar: Calendar
    reasons: tuple[Reason, ...] = ()
    next: int = 0  #: where another date may begin: after the end, and after a weekday behind it

    @property
    def confidence(self) -> float:
        """0 to 1."""
        return round(prod(reason.factor for reason in self.reasons), 2)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What lowered the confidence."""
        return tuple(reason.doubt for reason in self.reasons)

    def reading(self, raw: str, origin: str) -> DateReading:
        """The reading as it is stored."""
        return DateReading(
            raw, self.instant, self.precision, self.calendar, origin, float(self.confidence), self.doubts
        )
