"""Texts made to cost time: every function stays linear and raises nothing."""

import time
from datetime import UTC, datetime

import pytest

from aggregator.persian.dates import find_dates, parse_date
from aggregator.persian.fold import fold, fold_key
from aggregator.persian.normalise import normalise

AT = datetime(2020, 6, 9, tzinfo=UTC)
LENGTH = 20_000
UNITS = [
    "ها", "و", "ه", "می ", "کتاب ها ", "کارو", "1", "1/", "1.", "1 ", "a", "a.", "a@", "a-",
    "<a", "[", "{{", "(", "`", "http://", "/", "#", "ـ", "  ـ", "\u200c", "\u00ad", "شنبه   ",
    "دو ", "20خرداد", "ساعت", "ﷺ", "\u064b", "\ue000",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _hazm_is_built() -> None:
    normalise("می شود")


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_run_of_anything_is_done_in_seconds(unit: str) -> None:
    text = unit * (LENGTH // len(unit)) + " می شود"
    start = time.process_time()
    normalise(text)
    fold(text)
    fold_key(text)
    find_dates(text, at=AT)
    parse_date(text, now=AT)
    assert time.process_time() - start < 10  # a second here; a minute and more where the time is quadratic
