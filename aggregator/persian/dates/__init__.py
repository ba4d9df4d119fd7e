"""Dates: of stamps and attributes, in running text, and the days that an article speaks of."""

from aggregator.persian.dates.events import find_event_dates
from aggregator.persian.dates.parse import FoundDate, find_dates, parse_date

__all__ = ["FoundDate", "find_dates", "find_event_dates", "parse_date"]
