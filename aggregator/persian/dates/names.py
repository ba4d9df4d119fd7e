"""The names of months, weekdays, numbers and hours that dates are written with.

All stand in the letters of matching (see letters.py): Latin digits, lower case, ا for آ. In a name, ``_`` is
an optional blank or half-space and ``|`` parts variants.
"""

from collections.abc import Iterable
from datetime import timedelta

from aggregator.model import Calendar
from aggregator.persian.letters import words

MONTHS: dict[Calendar, tuple[str, ...]] = {
    "jalali": (
        "فروردین|farvardin", "اردی_بهشت|ordibehesht", "خرداد|khordad", "تیر|tir", "امرداد|مرداد|mordad",
        "شهریور|shahrivar", "مهر|mehr", "ابان|aban", "اذر|azar", "دی|dey|dei", "بهمن|bahman", "اسفند|esfand",
    ),
    "gregorian": (
        "ژانویه|جنوری|january|jan", "فوریه|فبروری|february|feb", "مارس|مارچ|march|mar",
        "اوریل|اپریل|april|apr", "می|مه|مای|may", "ژوین|ژین|ژوان|جون|june|jun",
        "ژوییه|ژویه|ژولای|جولای|july|jul", "اوت|اگوست|اکوست|اگست|august|aug",
        "سپتامبر|سپتمبر|september|sept|sep", "اکتبر|اکتوبر|october|oct", "نوامبر|نومبر|november|nov",
        "دسامبر|دسمبر|december|dec",
    ),
    "hijri": (
        "محرم_الحرام|محرم", "صفر_المظفر|صفر", "ربیع_الاول|ربیع_الول", "ربیع_الثانی|ربیع_الاخر",
        "جمادی_الاولی|جمادی_الاولا|جمادی_الاول|جمادی_الولی|جمادی_الول",
        "جمادی_الثانیه|جمادی_الثانی|جمادی_الاخره|جمادی_الاخری|جمادی_الاخر",
        "رجب_المرجب|رجب", "شعبان_المعظم|شعبان", "رمضان_المبارک|رمضان", "شوال_المکرم|شوال",
        "ذی_ال_قعده|ذی_قعده|ذو_ال_قعده|ذو_قعده", "ذی_ال_حجه|ذی_حجه|ذو_ال_حجه|ذو_حجه",
    ),
}  # fmt: skip

#: By ``date.weekday()``.
WEEKDAYS: dict[str, int] = {
    "دو_شنبه|2_شنبه|monday|mon": 0,
    "سه_شنبه|3_شنبه|tuesday|tues|tue": 1,
    "چهار_شنبه|چار_شنبه|4_شنبه|wednesday|wed": 2,
    "پنج_شنبه|5_شنبه|thursday|thurs|thu": 3,
    "جمعه|ادینه|friday|fri": 4,
    "یک_شنبه|1_شنبه|sunday|sun": 6,
    "شنبه|saturday|sat": 5,
}

_TEENS = "یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده"
#: Days of the month in words, from the first on.
ORDINALS: tuple[str, ...] = (
    "یکم|اول|نخست", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم",
    *(f"{word}م" + ("|هیجدهم" if word == "هجده" else "") for word in words(_TEENS)),
    "بیستم", *(f"بیست_و_{word}" for word in words("یکم دوم سوم چهارم پنجم ششم هفتم هشتم نهم")),
    "سی_ام", "سی_و_یکم",
)  # fmt: skip

_ONES = dict(zip(words("یک دو سه چهار پنج شش هفت هشت نه"), range(1, 10), strict=True))
_TENS = {"بیست": 20, "سی": 30, "چهل": 40, "پنجاه": 50}
#: Numbers in words: of hours, and of hours and days that have passed.
NUMBERS: dict[str, float] = (
    {"نیم": 0.5, "ده": 10, "a": 1, "an": 1}
    | {word: number for number, word in enumerate(words(_TEENS), start=11)}
    | {f"{ten}_و_{one}": _TENS[ten] + _ONES[one] for ten in _TENS for one in _ONES}
    | _ONES
    | _TENS
)

UNITS: dict[str, timedelta] = {
    "ثانیه": timedelta(seconds=1),
    "دقیقه": timedelta(minutes=1),
    "ساعت": timedelta(hours=1),
    "روز": timedelta(days=1),
    "هفته": timedelta(days=7),
    "ماه": timedelta(days=30),
    "سال": timedelta(days=365),
}
UNITS |= {
    english + plural: UNITS[persian]
    for english, persian in zip(
        words("second minute min hour day week month year"),
        words("ثانیه دقیقه دقیقه ساعت روز هفته ماه سال"),
        strict=True,
    )
    for plural in ("", "s")
}
#: «دقایقی پیش»: about how long ago.
VAGUE: dict[str, timedelta] = {
    "لحظاتی": timedelta(0),
    "لحظه_ای": timedelta(0),
    "دقایقی": timedelta(minutes=5),
    "چند_دقیقه": timedelta(minutes=5),
    "ساعتی": timedelta(hours=1),
    "ساعاتی": timedelta(hours=2),
    "چند_ساعت": timedelta(hours=2),
}
#: Days by name, in days from today.
DAYS: dict[str, int] = {
    "امروز": 0, "امشب": 0, "دیروز": -1, "دیشب": -1, "روز_گذشته": -1, "شب_گذشته": -1, "پری_روز": -2,
    "پری_شب": -2, "روز_جاری": 0, "فردا": 1, "پس_فردا": 2, "today": 0, "yesterday": -1,
}  # fmt: skip

#: Half of the day, as it stands behind the hour. ٫ is what WordPress makes of the dot.
BEFORE_NOON = r"ق[.٫]?\s*ظ\b\.?|صبح|بامداد|سحر|(?:قبل|پیش)\s*از\s*ظهر|a\.?m\b\.?"
AFTER_NOON = r"ب[.٫]?\s*ظ\b\.?|(?:بعد|پس)\s*از\s*ظهر|عصر|غروب|p\.?m\b\.?"
NOON = "ظهر|نیم_روز"
NIGHT = "شب|نیمه_شب"

#: Names of months that are other words too, so that a day without a year is not enough.
OTHER_WORDS = frozenset(words("می مه مای صفر may mar tir mehr dey dei aban azar"))


def pattern_of(names: Iterable[str]) -> str:
    """An alternation of all variants."""
    return "|".join(names).replace("_", r"\s*")


def first_words(names: Iterable[str]) -> set[str]:
    """The words that a text may begin a name with: «اردی», «اردیبهشت»."""
    starts = set()
    for name in "|".join(names).split("|"):
        pieces = name.split("_")
        starts |= {"".join(pieces[:count]) for count in range(1, len(pieces) + 1)}
    return starts


def key_of(name: str) -> str:
    """A name as it was found, without its blanks: the key of the tables below."""
    return "".join(name.split())


def _keys(names: str) -> list[str]:
    return names.replace("_", "").split("|")


MONTH_OF: dict[str, tuple[Calendar, int]] = {
    key: (calendar, number)
    for calendar, months in MONTHS.items()
    for number, names in enumerate(months, start=1)
    for key in _keys(names)
}
WEEKDAY_OF = {key: number for names, number in WEEKDAYS.items() for key in _keys(names)}
ORDINAL_OF = {key: number for number, names in enumerate(ORDINALS, start=1) for key in _keys(names)}
NUMBER_OF = {key: number for names, number in NUMBERS.items() for key in _keys(names)}
VAGUE_OF = {key: span for names, span in VAGUE.items() for key in _keys(names)}
DAY_OF = {key: number for names, number in DAYS.items() for key in _keys(names)}


def number_of(written: str) -> float:
    """A count in digits or words."""
    return int(written) if written.isdecimal() else NUMBER_OF[key_of(written)]
