"""Whether two articles have the same text."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.persian.fold import fold_terms
from aggregator.stories.facts import facts, with_digits
from aggregator.stories.same import Candidate, Slot, likeness, same_text
from aggregator.stories.text import StoryText, pack, story_text, unpack

DAY = datetime(2020, 6, 9, tzinfo=UTC)
TEXT = (
    "نخستین کارگاه آموزش ایمنی برای کارگران ساختمانی کرج روز دوشنبه ۱۹ خرداد با حضور ۴۰ نفر "
    "برگزار شد و مدرسان آن از "
    "بازرسان باسابقه کار بودند.",
    "مهرداد کوهستانی مدیرکل تعاون، کار و رفاه اجتماعی استان البرز گفت: بیشتر حادثه‌های کار "
    "در ساختمان‌های کوچک رخ می‌دهد "
    "و کارفرمایان آن‌ها کمتر از دیگران با آیین‌نامه‌ها آشنا هستند.",
    "وی افزود: از ابتدای سال ۱۲۰ بازدید انجام شده و در ۱۷ مورد، کار تا نصب نرده و تور ایمنی "
    "متوقف شده است. دوره بعدی "
    "این کارگاه هفته آینده در هشتگرد برپا می‌شود.",
)


def candidate(*paragraphs: str, source: str = "a", headline: str = "عنوان", days: int = 0) -> Candidate:
    return Candidate(story_text(headline, None, paragraphs), source, DAY + timedelta(days=days))


def other(*paragraphs: str, **more: object) -> Candidate:
    return candidate(*paragraphs, **{"source": "b", "headline": "عنوان دیگر", **more})  # type: ignore[arg-type]


ONE = candidate(*TEXT)


def replaced(words: dict[str, str]) -> tuple[str, ...]:
    text = "\n".join(TEXT)
    for old, new in words.items():
        assert old in text
        text = text.replace(old, new)
    return tuple(text.split("\n"))


RENAMED = {"کرج": "قزوین", "البرز": "قزوین", "مهرداد کوهستانی": "نسرین بهرامی‌فر", "هشتگرد": "تاکستان"}

# --- what is one text ---------------------------------------------------------------------------------------

LEAD = (
    "به گزارش روابط عمومی اداره کل استان قزوین، خبری که در پی می‌آید دیروز در کرج منتشر شد و "
    "۵ نفر آن را دنبال کردند."
)


@pytest.mark.parametrize(
    "paragraphs",
    [
        TEXT,
        (LEAD, *TEXT),
        TEXT[:2],
        TEXT[1:],
        (LEAD, *TEXT[:2]),
        tuple(one.replace("ی", "ي").replace("ک", "ك").replace("\u200c", " ") for one in TEXT),
        replaced(RENAMED),
        replaced({"دوره بعدی": "دورهٔ بعدی", "۱۷": "هفده", "بازدید": "بازديد", "سال ۱۲۰": "سال، صد و بیست"}),
    ],
)
def test_a_repost_is_the_same_text(paragraphs: tuple[str, ...]) -> None:
    assert same_text(ONE, other(*paragraphs))
    assert same_text(other(*paragraphs), ONE)


# --- what is not --------------------------------------------------------------------------------------------

FOLLOW_UP = (
    "دومین دوره این کارگاه‌ها امروز در هشتگرد آغاز شد و پیمانکاران شهرک‌های صنعتی منطقه نیز "
    "در آن نام‌نویسی کرده‌اند.",
    "رئیس اداره کار ساوجبلاغ گفت: استقبال چنان بود که ناچار شدیم سالن را عوض کنیم و نوبت عصر "
    "را هم به برنامه بیفزاییم.",
    TEXT[0],
)


@pytest.mark.parametrize(
    "paragraphs",
    [
        replaced({"۴۰": "۶۵"}),
        replaced({"۱۲۰ بازدید": "۱۳۱ بازدید", "۱۷ مورد": "۲۲ مورد"}),
        replaced({"دوشنبه": "چهارشنبه", "خرداد": "تیر"}),
        replaced({"۱۹ خرداد": "۲۶ خرداد", "کرج": "قزوین"}),
        FOLLOW_UP,
        (TEXT[0],),
        tuple(reversed(TEXT)),  # as sentences of a form are put together in any order
    ],
)
def test_another_notice_is_another_text(paragraphs: tuple[str, ...]) -> None:
    assert not same_text(ONE, other(*paragraphs))
    assert not same_text(other(*paragraphs), ONE)


def test_a_source_puts_other_names_only_into_other_news() -> None:
    assert same_text(ONE, other(*replaced(RENAMED)))
    assert not same_text(ONE, candidate(*replaced(RENAMED)))
    slip = replaced({"حادثه‌های": "حادسه‌های"})
    assert same_text(ONE, candidate(*slip))


def test_what_stands_below_many_headlines_of_a_source_is_no_story() -> None:
    below = candidate(*TEXT, headline="فیلم بازدید از کارگاه")
    assert not same_text(below, candidate(*TEXT, headline="فیلم نشست خبری"))
    assert same_text(below, candidate(*TEXT, headline="گزارش ویژه؛ فیلم بازدید از کارگاه"))
    assert same_text(below, other(*TEXT, headline="فیلم نشست خبری"))
    long = (*TEXT, FOLLOW_UP[0], FOLLOW_UP[1])
    assert same_text(candidate(*long, headline="بازدید"), candidate(*long, headline="نشست"))


def test_a_roundup_does_not_join_two_stories() -> None:
    another = (
        FOLLOW_UP[0],
        FOLLOW_UP[1],
        "این خبر تا پایان هفته تکمیل می‌شود و گزارش تصویری آن در پی خواهد آمد.",
    )
    roundup = other(*TEXT, *another, *another)
    assert likeness(ONE, roundup).of_shorter == 1
    assert not same_text(ONE, roundup)
    assert same_text(ONE, other(*TEXT, another[2]))


SHORT = (
    "با نهایت تأسف درگذشت پدر گرامی همکار ارجمند جناب آقای رستگارپور را به خانواده ایشان و "
    "همه همکاران تسلیت می‌گوییم."
)


def test_a_short_text_only_meets_its_equal_of_the_same_days() -> None:
    one = candidate(SHORT, headline="پیام تسلیت")
    assert same_text(one, other(SHORT, headline="پیام تسليت", days=3))
    assert not same_text(one, other(SHORT, headline="پیام تسلیت", days=30))
    assert not same_text(one, other(SHORT, headline="پیام تبریک", days=3))
    assert not same_text(one, other(SHORT.replace("پدر", "مادر"), headline="پیام تسلیت"))
    few = "متن کامل خبر در پیوست است."
    assert not same_text(candidate(few), other(few, headline="عنوان"))
    assert not same_text(candidate(), other(headline="عنوان"))


# --- the parts ----------------------------------------------------------------------------------------------


def test_likeness_tells_what_gave_way_to_what() -> None:
    found = likeness(ONE, other(*replaced({"ساختمانی کرج": "ساختمانی قزوین", "۴۰": "۶۵"}), TEXT[0]))
    assert found.slots == {Slot(("کرج",), ("قزوین",)), Slot(("40",), ("65",))}
    assert {slot.contradicts for slot in found.slots} == {True, False}
    assert found.of_longer < found.of_shorter < 1
    assert found.of_longer < found.similarity < found.of_shorter
    assert likeness(ONE, ONE).similarity == 1
    repeated = candidate("آب برق گاز " * 50)
    assert likeness(repeated, repeated).similarity == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سه سال و پنج کارگر", "3 سال و 5 کارگر"),
        ("بیست و پنج نفر و صد و بیست و یک خانه", "25 نفر و 121 خانه"),
        ("صد و دویست", "100 و 200"),
        ("یک کارگاه", "یک کارگاه"),
        ("سیزدهمین جشنواره و دومین دوره", "13. جشنواره و 2. دوره"),
        ("۲۵ نفر", "25 نفر"),
    ],
)
def test_numbers_in_words_are_numbers(text: str, expected: str) -> None:
    assert with_digits(fold_terms(text)) == expected.split()


def test_facts_are_numbers_months_and_days() -> None:
    found = facts(with_digits(fold_terms("روز سه‌شنبه ۱۹ خرداد ۱۳۹۹ نهمین نشست با سی میلیون ریال در کرج")))
    assert found == {"سهشنبه", "19", "خرداد", "1399", "9.", "30", "میلیون"}


words = st.lists(st.sampled_from(["آب", "برق", "گاز", "۱۲", "۱۳", "تیر", "و", "نفر"]), max_size=120)


@given(words, words, st.booleans())
def test_the_order_of_two_texts_does_not_matter(one: list[str], two: list[str], at_home: bool) -> None:
    here = candidate(" ".join(one))
    there = candidate(" ".join([*one[:60], *two]), source="a" if at_home else "b")
    assert same_text(here, there) == same_text(there, here)
    assert likeness(here, there) == likeness(there, here)


@given(st.text(max_size=20), st.lists(st.text(max_size=40), max_size=4))
def test_a_packed_text_is_the_same(headline: str, paragraphs: list[str]) -> None:
    text = story_text(headline, None, paragraphs)
    assert unpack(pack(text)) == text


def test_the_lead_is_a_part_of_the_text() -> None:
    assert story_text("x", TEXT[0], TEXT[1:]) == story_text("x", None, TEXT)
    assert story_text("", None, ()) == StoryText("", ())


def test_a_text_that_repeats_itself_takes_no_time() -> None:
    start = time.monotonic()
    assert not same_text(candidate("آب برق گاز " * 5_000), other("برق گاز آب " * 5_000))
    assert time.monotonic() - start < 20
