"""Counts by Jalali month: an activity against its own past, two against each other, and how they are drawn.

Pure. Months are ``1399-03``, years ``1399``. Drawings are ``WIDTH`` by ``HEIGHT``, the oldest month where
reading begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960.0, 160.0
YEAR = 12
SHOWN = 24  # months of an activity
MOST_MONTHS = 60  # that two series are compared by; longer times by the year


def months_between(first: str, last: str) -> list[str]:
    """All months from the first to the last, both included."""
    return [_month(number) for number in range(_number(first), _number(last) + 1)]


def months_before(last: str, number: int) -> list[str]:
    """So many months, of which this is the last."""
    return [_month(_number(last) - back) for back in range(number - 1, -1, -1)]


def month_after(month: str) -> str:
    return _month(_number(month) + 1)


def by_year(months: Mapping[str, int]) -> dict[str, int]:
    """The sums of the years."""
    years: dict[str, int] = {}
    for month, count in months.items():
        years[month[:4]] = years.get(month[:4], 0) + count
    return years


def _number(month: str) -> int:
    return int(month[:4]) * YEAR + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // YEAR:04d}-{number % YEAR + 1:02d}"


# --- one against its own past -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Activity:
    """A month, and what it is to be held against. None: nothing had been collected by then."""

    month: str
    count: int
    year_before: int | None  #: in the same month
    mean: float | None  #: a month, in the twelve before this one


def activity(counts: Mapping[str, int], last: str, shown: int = SHOWN) -> list[Activity]:
    """The months up to the last one, but none before the first article; the oldest first."""
    first = min(counts, default=last)
    begin = max(_number(first), _number(last) - shown + 1)
    return [_activity(counts, number, _number(first)) for number in range(begin, _number(last) + 1)]


def _activity(counts: Mapping[str, int], number: int, first: int) -> Activity:
    def of(other: int) -> int:
        return counts.get(_month(other), 0)

    return Activity(
        month=_month(number),
        count=of(number),
        year_before=of(number - YEAR) if number - YEAR >= first else None,
        mean=sum(of(number - back) for back in range(1, YEAR + 1)) / YEAR if number - YEAR >= first else None,
    )


def last_month(counts: Mapping[str, int], now: str) -> str:
    """Where an activity ends to be seen: this month, or the last with an article if that is long ago."""
    newest = max(counts, default=now)
    return now if _number(now) - _number(newest) < SHOWN else newest


# --- drawings -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A month in a drawing."""

    x: float
    width: float
    middle: float


def columns(number: int, direction: str) -> list[Column]:
    """So many columns side by side; never so wide that a few look like walls."""
    step = WIDTH / max(number, YEAR)
    lefts = [WIDTH - (place + 1) * step if direction == "rtl" else place * step for place in range(number)]
    return [Column(_r(left + step * 0.1), _r(step * 0.8), _r(left + step / 2)) for left in lefts]


def height_of(value: float, highest: float) -> float:
    """Of a bar; what there is can be seen."""
    return _r(max(2.0, value / highest * HEIGHT)) if value and highest else 0.0


def level_of(value: float, highest: float) -> float:
    """How far down a value is drawn."""
    return _r(HEIGHT - (value / highest * HEIGHT if highest else 0.0))


def lines_through(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """The ``points`` of the polylines through them; a line ends where there is none."""
    lines: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is not None:
            lines[-1].append(point)
        elif lines[-1]:
            lines.append([])
    return [" ".join(f"{x:g},{y:g}" for x, y in line) for line in lines if len(line) > 1]


def _r(value: float) -> float:
    return round(value, 2)
