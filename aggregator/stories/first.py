"""Who was first with a story."""

from collections.abc import Sequence
from datetime import date, datetime

from aggregator.model import StoredArticle
from aggregator.persian.calendar import tehran_day


def in_order(members: Sequence[StoredArticle]) -> list[StoredArticle]:
    """The first one first.

    By day of publication in Tehran, then by minute; of those published on one day, the ones that tell no
    time come after those that do, as they were seen. What has no date at all counts from when it was seen.
    """
    return sorted(members, key=_place)


def is_certain(members: Sequence[StoredArticle]) -> bool:
    """Whether the first of ``in_order`` surely was: of its day all tell the time, and nobody is undated."""
    first, *others = in_order(members)
    if any(member.article.published is None for member in members):
        return not others
    day = _day(first)
    same_day = [member for member in (first, *others) if _day(member) == day]
    return len(same_day) == 1 or all(_minute(member) is not None for member in same_day)


def _place(member: StoredArticle) -> tuple[date, bool, datetime, datetime, str]:
    minute = _minute(member)
    seen = member.first_seen
    return _day(member), minute is None, minute or seen, seen, member.article.id


def _day(member: StoredArticle) -> date:
    published = member.article.published
    return tehran_day(published.instant if published else member.first_seen)


def _minute(member: StoredArticle) -> datetime | None:
    """When exactly it was published, as far as it tells; without a date, when it was seen."""
    published = member.article.published
    if published is None:
        return member.first_seen
    return published.instant if published.precision == "minute" else None
