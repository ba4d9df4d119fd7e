"""Addresses that lead nowhere for ever, and the names under which a run counts such traps. Pure."""

from urllib.parse import urlsplit

from aggregator.limits import MAX_DEPTH, MAX_DOUBLE_PARAMETERS, MAX_REPEATS

#: Outcomes, as they stand in a run's record.
DEEP, REPEATING = "deep-path", "repeating-path"
ENDLESS_LISTING, ENDLESS_CALENDAR = "endless-listing", "endless-calendar"


def trap_of(url: str) -> str | None:
    """The name of the trap that a cleaned address is part of; None: it may be followed."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MAX_DEPTH:
        return DEEP
    pairs = parts.query.split("&")
    if any(pair and pairs.count(pair) > MAX_DOUBLE_PARAMETERS for pair in set(pairs[:MAX_DEPTH])):
        return REPEATING
    return REPEATING if _repeats(segments) else None


def _repeats(segments: list[str]) -> bool:
    """Whether a run of parts stands more than MAX_REPEATS times in a row, as broken relative links make it.
    Numbers alone are a date or a page: ``/archive/1/1/1``."""
    for length in range(1, len(segments) // (MAX_REPEATS + 1) + 1):
        for start in range(len(segments) - length * (MAX_REPEATS + 1) + 1):
            run = segments[start : start + length]
            there = segments[start : start + length * (MAX_REPEATS + 1)]
            if there == run * (MAX_REPEATS + 1) and not all(part.isdigit() for part in run):
                return True
    return False
