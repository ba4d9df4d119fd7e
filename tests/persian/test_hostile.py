"""Texts made to cost time: every function stays linear and raises nothing."""

import time
from datetime import UTC, datetime

import pytest

from aggregator.persian.dates import find_dates, find_event_dates, parse_date
from aggregator.persian.fold import fold, fold_key
from aggregator.persian.names.gazetteer import Gazetteer
from aggregator.persian.names.mentions import find_mentions
from aggregator.persian.normalise import normalise
from aggregator.registry import load_registry

AT = datetime(2020, 6, 9, tzinfo=UTC)
LENGTH = 20_000
UNITS = [
    "ها", "و", "ه", "می ", "کتاب ها ", "کارو", "1", "1/", "1.", "1 ", "a", "a.", "a@", "a-",
    "<a", "[", "{{", "(", "`", "http://", "/", "#", "ـ", "  ـ", "\u200c", "\u00ad", "شنبه   ",
    "کار", "استان ", "استان‌های تهران، ", "علی رضایی گفت ", "دو ", "20خرداد", "ساعت", "ﷺ", "\u064b", "\ue000",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _hazm_is_built() -> None:
    normalise("می شود")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_registry().gazetteer


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_run_of_anything_is_done_in_seconds(unit: str, gazetteer: Gazetteer) -> None:
    text = unit * (LENGTH // len(unit)) + " می شود"
    start = time.process_time()
    normalise(text)
    fold(text)
    fold_key(text)
    find_dates(text, at=AT)
    parse_date(text, now=AT)
    find_event_dates(text, AT)
    find_mentions(text, gazetteer)
    assert time.process_time() - start < 10  # a second here; a minute and more where the time is quadratic
