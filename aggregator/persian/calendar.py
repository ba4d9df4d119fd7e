"""Days and instants in Tehran, and the Jalali calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

TEHRAN = ZoneInfo("Asia/Tehran")


def tehran_day(instant: datetime) -> date:
    """The calendar day in Tehran of an aware instant."""
    return instant.astimezone(TEHRAN).date()
