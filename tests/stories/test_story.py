"""Who was first, what each changed, and what hangs together."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from aggregator.changes import Change
from aggregator.model import DateReading, StoredArticle
from aggregator.persian.calendar import instant_of_day, tehran_day
from aggregator.stories.differences import against
from aggregator.stories.first import in_order, is_certain
from aggregator.stories.group import Unions, components
from tests.making import make_article

NOON = datetime(2020, 6, 9, 7, 30, tzinfo=UTC)  # 12:00 in Tehran


def member(number: int, published: str | None, seen: int = 0) -> StoredArticle:
    """``published``: hours after noon, ``day+n`` or None; ``seen``: hours after noon."""
    reading = None
    if published is not None:
        is_day = published.startswith("day")
        instant = NOON + (timedelta(days=int(published[3:])) if is_day else timedelta(hours=int(published)))
        instant = instant_of_day(tehran_day(instant)) if is_day else instant
        reading = DateReading(published, instant, "day" if is_day else "minute", "jalali", "visible")
    when = NOON + timedelta(hours=seen)
    return StoredArticle(make_article(number, published=reading), None, None, when, when, revision=1)


# --- who was first ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "certain"),
    [
        ([("0", 50), ("1", 10)], True),
        ([("-1", 0), ("0", 0), ("day+0", 0)], False),  # the last one may have been at eight
        ([("0", 0), ("day+1", 0)], True),
        ([("0", 0), ("day+1", 0), ("day+1", 9)], True),
        ([("day+0", 1), ("day+0", 5)], False),
        ([("day+0", 0), ("25", 0)], True),
        ([("0", 0), (None, 30)], False),  # without a date: seen later, but published who knows when
        ([(None, 0)], True),
        ([("0", 1), ("0", 2)], True),  # the same minute: as they were seen
    ],
)
def test_the_first_is_the_one_published_first(dates: list[tuple[str | None, int]], certain: bool) -> None:
    members = [member(number, *date) for number, date in enumerate(dates)]
    for shuffled in permutations(members):
        assert in_order(shuffled) == members
        assert is_certain(shuffled) == certain


# --- what each changed --------------------------------------------------------------------------------------


def test_differences_are_told_by_sentences_whatever_the_spelling_and_the_fields() -> None:
    first = make_article(
        1,
        headline="کارگاه ایمنی",
        lead="کارگاه در کرج برگزار شد.",
        body=("۳ نفر آمدند. پایان خوش بود.", "ختم."),
    )
    other = make_article(
        2,
        headline="كارگاه ايمني",
        lead=None,
        kicker="خبر ویژه؛",
        body=("كارگاه در كرج برگزار شد.", "سه نفر آمدند. پایان خووش بود. تازه این‌که ناهار هم بود."),
    )
    assert against(first, other) == (
        Change("kicker", (), ("خبر ویژه؛",)),
        Change("text", ("ختم.",), ("تازه این‌که ناهار هم بود.",)),
    )
    assert against(first, first) == ()


def test_another_number_is_a_difference() -> None:
    first, other = (make_article(1, headline="", body=(f"{number} نفر آمدند.",)) for number in (130, 131))
    assert against(first, other) == (Change("text", first.body, other.body),)


def test_sentences_that_are_one_more_than_before_are_told_with_their_neighbours() -> None:
    first = make_article(1, headline="", body=("یک. دو. سه.",))
    other = make_article(1, headline="", body=("یک. دوازده. سیزده. سه.",))
    assert against(first, other) == (Change("text", ("دو.",), ("دوازده.", "سیزده.")),)


# --- what hangs together ------------------------------------------------------------------------------------


def test_components_are_what_chains_join() -> None:
    compared: list[tuple[int, int]] = []

    def near(one: int, other: int) -> bool:
        compared.append((one, other))
        return abs(one - other) <= 2

    assert components([1, 9, 3, 10, 5, 20], near) == [[1, 3, 5], [9, 10], [20]]
    assert components([], near) == []
    assert components([1], near) == [[1]]
    compared.clear()
    assert components([1] * 50, near) == [[1] * 50]
    assert len(compared) == 49  # not all pairs


def test_unions_of_long_chains() -> None:
    unions: Unions[int] = Unions()
    for number in range(50_000):
        unions.join(number, number + 1)
    assert unions.find(0) == unions.find(50_000) != unions.find(50_001)
    assert unions.sets([7, 60_000, 3]) == [[7, 3], [60_000]]
