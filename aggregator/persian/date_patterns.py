"""How dates are written: the names of months, days and hours, and the patterns made of them.

All patterns are for text with the letters of matching (see letters.py): Latin digits, lower case, ا for آ,
blanks for half-spaces. Month names stand as such text matches them; ``_`` is an optional blank.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from aggregator.model import Calendar
from aggregator.persian.letters import fold_letters, words
from aggregator.persian.verbs import verb_forms

_MONTHS: dict[Calendar, tuple[str, ...]] = {
    "jalali": (
        "فروردین", "اردی_بهشت", "خرداد", "تیر", "ا?مرداد", "شهریور",
        "مهر", "ابان", "اذر", "دی", "بهمن", "اسفند",
    ),
    "gregorian": (
        "ژانویه|جنوری|january|jan", "فوریه|فبروری|february|feb", "مارس|مارچ|march|mar",
        "ا[وپ]ریل|april|apr", "مه|می|مای|may", "ژو?ین|ژوان|جون|june|jun", "ژوی?یه|ژولای|جولای|july|jul",
        "اوت|ا[گک]وست|اگست|august|aug", "سپتامبر|سپتمبر|september|sept|sep", "اکتبر|اکتوبر|october|oct",
        "نوامبر|نومبر|november|nov", "دسامبر|دسمبر|december|dec",
    ),
    "hijri": (
        "محرم(?:_الحرام)?", "صفر(?:_المظفر)?", "ربیع_الا?ول", "ربیع_ال(?:ثانی|اخر)",
        "جمادی_الا?ول[یا]?", "جمادی_ال(?:ثانی|اخر)[هی]?", "رجب(?:_المرجب)?", "شعبان(?:_المعظم)?",
        "رمضان(?:_المبارک)?", "شوال(?:_المکرم)?", "ذ[یو]_(?:ال)?_قعده", "ذ[یو]_(?:ال)?_حجه",
    ),
}  # fmt: skip

_WEEKDAYS = {
    "دو_شنبه|2_شنبه|monday|mon": 0,
    "سه_شنبه|3_شنبه|tuesday|tues|tue": 1,
    "چهار_شنبه|4_شنبه|wednesday|wed": 2,
    "پنج_شنبه|5_شنبه|thursday|thurs|thu": 3,
    "جمعه|ادینه|friday|fri": 4,
    "یک_شنبه|1_شنبه|sunday|sun": 6,
    "شنبه|saturday|sat": 5,
}

#: Days of the month in words: the first, the second …
_ORDINALS = (
    "یکم|اول|نخست", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "یازدهم", "دوازدهم",
    "سیزدهم", "چهاردهم", "پانزدهم", "شانزدهم", "هفدهم", "هجدهم|هیجدهم", "نوزدهم", "بیستم", "بیست_و_یکم",
    "بیست_و_دوم", "بیست_و_سوم", "بیست_و_چهارم", "بیست_و_پنجم", "بیست_و_ششم", "بیست_و_هفتم", "بیست_و_هشتم",
    "بیست_و_نهم", "سی_ا?م", "سی_و_یکم",
)  # fmt: skip

_NUMBERS = {"نیم": 0.5} | {
    word: number
    for number, word in enumerate(words("یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده"), start=1)
}

#: Half of the day, by what stands after the hour.
_BEFORE_NOON = r"ق\.?\s*ظ\b\.?|صبح|بامداد|(?:قبل|پیش)\s*از\s*ظهر|a\.?m\b\.?"
_AFTER_NOON = r"ب\.?\s*ظ\b\.?|(?:بعد|پس)\s*از\s*ظهر|عصر|p\.?m\b\.?"
_NOON = "ظهر"
_NIGHT = "شب"

_UNITS = {
    "ثانیه": timedelta(seconds=1),
    "دقیقه": timedelta(minutes=1),
    "ساعت": timedelta(hours=1),
    "روز": timedelta(days=1),
    "هفته": timedelta(days=7),
    "ماه": timedelta(days=30),
    "سال": timedelta(days=365),
}
_VAGUE = {"لحظاتی": timedelta(0), "دقایقی": timedelta(minutes=5), "ساعتی": timedelta(hours=1)}
_DAYS = {"امروز": 0, "دیروز": 1, "پریروز": 2, "پری روز": 2}


def _spaced(pattern: str) -> str:
    return pattern.replace("_", r"\s*")


def _any(names: Iterable[str]) -> str:
    return "|".join(map(_spaced, names))


def _table(named: dict[str, int]) -> tuple[tuple[re.Pattern[str], int], ...]:
    return tuple((re.compile(_spaced(names)), value) for names, value in named.items())


MONTHS: tuple[tuple[re.Pattern[str], Calendar, int], ...] = tuple(
    (re.compile(_spaced(names)), calendar, number)
    for calendar, months in _MONTHS.items()
    for number, names in enumerate(months, start=1)
)
WEEKDAYS = _table(_WEEKDAYS)
ORDINALS = _table({names: number for number, names in enumerate(_ORDINALS, start=1)})

# The blank end of a name: no letter may follow (تیر in تیراندازی), nor stand before it.
_NO_LETTER_BEFORE = r"(?<![^\W\d_])"
_NO_LETTER_AFTER = r"(?![^\W\d_])"
_ANY_WEEKDAY = _any(_WEEKDAYS)
_ANY_MONTH = _any(names for months in _MONTHS.values() for names in months)
_ANY_ORDINAL = _any(_ORDINALS)
_BLANK = r"[\s،,.]*"

_WEEKDAY = (
    rf"(?:{_NO_LETTER_BEFORE}(?P<weekday>{_ANY_WEEKDAY}){_NO_LETTER_AFTER}[\s،,.:\-–—|()]*(?:مورخ\s*)?)?"
)
_YEAR = r"(?P<year>\d{4}|'?\d\d)(?!\d|\s*[:٪%]|[./\-]\d)"
_ERA = r"(?:\s*(?:هجری\s*)?(?:شمسی|خورشیدی|میلادی|ه\s*\.\s*ش|(?P<lunar>قمری|ه\s*\.\s*ق))\b\.?)?"

#: Day, month by name, year or none: «دوشنبه 19 خرداد», «20 Jun 2020».
NAMED = re.compile(
    rf"{_WEEKDAY}(?:(?<![\d/:.\-])(?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:\s*ا?م(?=\s))?|"
    rf"{_NO_LETTER_BEFORE}(?P<ordinal>{_ANY_ORDINAL})(?=\s))[\s\-/.،,]*(?:of\s+)?(?:ماه\s+)?"
    rf"(?P<month>{_ANY_MONTH})(?:\s*ماه)?{_NO_LETTER_AFTER}"
    rf"(?:(?:{_BLANK}(?:سال\s*)?|[\-/]){_YEAR}{_ERA}|\s*(?P<relative_year>سال\s*جاری|امسال|سال\s*گذشته))?"
)
#: English order: «June 9, 2020».
MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}{_NO_LETTER_BEFORE}(?P<month>{_ANY_MONTH})\.?\s+(?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?"
    r"[\s,،]+(?P<year>\d{4})(?!\d)"
)
#: Three numbers: year first or last, of four digits or two.
NUMERIC = re.compile(
    rf"{_WEEKDAY}(?<![\d/.])(?<!\d[:\-])(?P<first>\d{{1,4}})\s?(?P<sign>[/\-.⁄])\s?(?P<second>\d{{1,2}})"
    rf"\s?(?P=sign)\s?(?P<third>\d{{1,4}})(?!\d|(?P=sign)\d|[./]\w){_ERA}"
)
#: Eight digits, with the time or without; only where they are the whole text.
COMPACT = re.compile(
    r"(?P<first>\d{4})(?P<second>\d\d)(?P<third>\d\d)"
    r"(?:t?(?P<clock_hour>\d\d)(?P<clock_minute>\d\d)(?P<clock_second>\d\d)?(?P<offset>z|[+-]\d\d:?\d\d)?)?"
)

_CLOCK = (
    r"(?:(?P<hour>[01]?\d|2[0-3])\s?:\s?(?P<minute>[0-5]\d)(?!\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    r"|(?<=ساعت )(?P<only_hour>[01]?\d|2[0-3])(?![\d:])"
    r"(?:[.](?P<dotted>[0-5]\d)(?!\d)|\s*و\s*(?P<spelt>[0-5]?\d)\s*دقیقه)?)"
    rf"(?:\s*(?:(?P<am>{_BEFORE_NOON})|(?P<pm>{_AFTER_NOON})|(?P<noon>{_NOON})|(?P<night>{_NIGHT})){_NO_LETTER_AFTER})?"
    r"(?:\s*(?P<zone>z|utc|gmt|[+\-](?:0\d|1[0-4]):?[0-5]\d)(?![\w:/\-]))?"
)
_HOUR_WORD = r"(?:(?:در\s+)?(?:ساعت|زمان|at)\s?:?\s?)?"
#: The time after a date, and (``TIME_BEFORE``) in front of it.
TIME_AFTER = re.compile(rf"[\s\-–—/،,|.؛()\[\]]*(?:t\s*)?{_HOUR_WORD}{_CLOCK}")
TIME_BEFORE = re.compile(rf"(?<![\d:]){_HOUR_WORD}{_CLOCK}[\s\-–—/،,|()]*(?:(?:روز|مورخ|تاریخ|در|:)\s*)*\Z")
TIME = re.compile(rf"(?<![\d:]){_HOUR_WORD}{_CLOCK}")

_COUNT = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"
_UNIT = "|".join(_UNITS)
#: «۲ ساعت و ۵ دقیقه پیش», «دیروز», «لحظاتی قبل».
RELATIVE = re.compile(
    rf"{_NO_LETTER_BEFORE}(?<!\d)(?:"
    rf"(?P<count>{_COUNT})\s*(?P<unit>{_UNIT})(?:\s*و\s*(?P<count2>{_COUNT})\s*(?P<unit2>{_UNIT}))?\s*(?:پیش|قبل)"
    rf"|(?P<vague>{'|'.join(_VAGUE)})\s*(?:پیش|قبل)"
    rf"|(?P<named>{'|'.join(_DAYS)})"
    rf"){_NO_LETTER_AFTER}"
)
#: «امروز» is a day only beside a weekday or an hour; elsewhere it is the present («دنیای امروز»).
TODAY_IS_A_DAY = re.compile(rf"[\s،,(]*(?:{_ANY_WEEKDAY}|ساعت)")

#: Names of months that are other words too, so that a day without a year is not enough.
OTHER_WORDS = frozenset(words("می مه مای صفر may mar"))
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")
#: Units of «۲ روز پیش» that give a day, not an hour.
UNITS_OF_DAYS = frozenset(words("روز هفته ماه سال"))


def is_may(match: re.Match[str]) -> bool:
    """«5 می» is May, but not in «5 می رود»."""
    following = _NEXT_WORD.match(match.string, match.end())
    return match["month"] == "می" and not (following and following[1] in _verbs())


@cache
def _verbs() -> frozenset[str]:
    return frozenset(map(fold_letters, verb_forms()))


def lookup(table: tuple[tuple[re.Pattern[str], int], ...], name: str) -> int:
    """The value of the name that matched in a pattern made of this table."""
    return next(value for names, value in table if names.fullmatch(name))


def lookup_month(name: str) -> tuple[Calendar, int]:
    """The calendar and number of a month's name."""
    return next((calendar, number) for names, calendar, number in MONTHS if names.fullmatch(name))


def lookup_span(count: str, unit: str) -> timedelta:
    """«۲», «ساعت» → two hours."""
    return _UNITS[unit] * (_NUMBERS[count] if count in _NUMBERS else int(count))


def lookup_vague(word: str) -> timedelta:
    """«دقایقی» → about five minutes."""
    return _VAGUE[word]


def lookup_day(word: str) -> int:
    """«دیروز» → one day ago."""
    return _DAYS[word]
