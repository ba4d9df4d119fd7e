"""Archives by day or month, told by their addresses alone. Pure."""

import re
from dataclasses import dataclass

from aggregator.urls import path_and_query

_YEAR, _MONTH, _DAY = r"(?P<year>(?:1[34]|20)\d\d)", r"(?P<month>0?[1-9]|1[0-2])", r"(?P<day>[0-2]?\d|3[01])"
_WHOLE = rf"{_YEAR}[/-]{_MONTH}(?:[/-]{_DAY})?"
_IN_PATH = re.compile(rf"/{_WHOLE}(?:\.\w+|/index\.\w+)?/?$")
_IN_PAIR = re.compile(rf"(?P<name>[\w.-]+)={_WHOLE}")
_PARTS = (
    ("year", re.compile(r"(?:y|yr|year|sal)=(\d{4})")),
    ("month", re.compile(r"(?:m|mn|mon|month|mah)=(\d{1,2})")),
    ("day", re.compile(r"(?:d|dy|day|ruz)=(\d{1,2})")),
)
_MONTH_END = 99  #: stands for the day of a whole month: it is behind each of its days


@dataclass(frozen=True, slots=True)
class Day:
    """One day, or month, of an archive."""

    archive: str  #: what all days of it have in common
    number: int  #: in the order of time

    def is_before(self, other: "Day") -> bool:
        """Whether it is an earlier day of the same archive."""
        return self.archive == other.archive and self.number < other.number


def day_of(url: str) -> Day | None:
    """The day that a cleaned address names: ``/archive/1403/05/12``, ``?date=1403-05-12``,
    ``?yr=1403&mn=5&dy=12``; None: it names none."""
    path, _, query = path_and_query(url).partition("?")
    pairs = [pair for pair in query.lower().split("&") if pair]
    in_path = _IN_PATH.search(path)
    if in_path:
        return _day("?".join([path[: in_path.start()], *pairs]), in_path.groupdict())
    for pair in pairs:
        named = _IN_PAIR.fullmatch(pair)
        if named:
            rest = [other for other in pairs if other is not pair]
            return _day("?".join([path, named["name"], *rest]), named.groupdict())
    found = {name: match for name, shape in _PARTS for pair in pairs if (match := shape.fullmatch(pair))}
    if not {"year", "month"} <= found.keys():
        return None
    rest = [pair for pair in pairs if pair not in {match[0] for match in found.values()}]
    return _day("?".join([path, *rest]), {name: match[1] for name, match in found.items()})


def _day(archive: str, parts: dict[str, str | None]) -> Day:
    year, month, day = (int(parts.get(name) or 0) for name in ("year", "month", "day"))
    return Day(archive, (year * 100 + month) * 100 + (day or _MONTH_END))
