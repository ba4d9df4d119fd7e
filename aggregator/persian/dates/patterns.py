"""How dates are written: patterns over text with the letters of matching, and the words each can begin with.

In such text (see scan.py) digits are Latin, half-spaces are blanks, and the ends of lines are no white
space: no date crosses one in running text. The names come from names.py.
"""

import re

from aggregator.persian.dates.names import (
    AFTER_NOON,
    BEFORE_NOON,
    DAYS,
    MONTHS,
    NIGHT,
    NOON,
    NUMBERS,
    ORDINALS,
    UNITS,
    VAGUE,
    WEEKDAYS,
    first_words,
    pattern_of,
)

# The ends of a name: no letter may follow (تیر in تیراندازی), nor stand before it.
_NO_LETTER_BEFORE = r"(?<![^\W\d_])"
_NO_LETTER_AFTER = r"(?![^\W\d_])"
_ALL_MONTHS = [names for months in MONTHS.values() for names in months]
_ANY_WEEKDAY = pattern_of(WEEKDAYS)
_ANY_MONTH = pattern_of(_ALL_MONTHS)
_ANY_ORDINAL = pattern_of(ORDINALS)
_ANY_NUMBER = rf"\d{{1,3}}|{pattern_of(NUMBERS)}"
_HALF = (
    rf"(?:(?P<am>{BEFORE_NOON})|(?P<pm>{AFTER_NOON})|(?P<noon>{pattern_of([NOON])})"
    rf"|(?P<night>{pattern_of([NIGHT])})){_NO_LETTER_AFTER}"
)
_NO_HALF = rf"(?!\s*(?:{BEFORE_NOON}|{AFTER_NOON}|{pattern_of([NOON])}){_NO_LETTER_AFTER})"

_WEEKDAY = (
    rf"(?:{_NO_LETTER_BEFORE}(?P<weekday>{_ANY_WEEKDAY}){_NO_LETTER_AFTER}[\s،,.:\-–—|()]*(?:مورخه?\s*)?)?"
)
# «19», «۱۹ام», «نوزدهم», «نوزدهمین روز از»; no part of another number.
_DAY = (
    r"(?:(?<!\d)(?<!\d[/:.\-٫])(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th)?(?:\s*ا?م(?=\s))?"
    rf"|{_NO_LETTER_BEFORE}(?P<ordinal>{_ANY_ORDINAL})(?:\s*ین\s*روز(?:\s*از)?)?(?=\s))"
)
_YEAR = rf"(?P<year>\d{{4}}|'?\d\d)(?!\d|\s*(?::\s?\d|[٪%])|[./\-](?!\d\d?:\d)\d){_NO_HALF}"
_ERA = (
    r"(?:\s*[(]?(?:هجری\s*)?(?:شمسی|خورشیدی|میلادی|ه\s*(?:[.٫]\s*)?ش"
    r"|(?P<lunar>قمری|ه\s*(?:[.٫]\s*)?ق))\b\.?)?"
)
_OTHER_YEAR = (
    r"(?:\s*ماه)?\s*(?P<relative_year>سال\s*(?:جاری|گذشته|قبل|پیش|اینده|بعد)|امسال|همین\s*سال|پارسال)"
)

#: Day, month by name, year or none: «دوشنبه 19 خرداد», «20 Jun 2020».
NAMED = re.compile(
    rf"{_WEEKDAY}{_DAY}(?:[\s\-/،,]|\.(?!\s))*(?:of\s+)?(?:ماه\s+)?"
    rf"(?P<month>{_ANY_MONTH})(?:\s*ماه)?{_NO_LETTER_AFTER}"
    rf"(?:(?:[\s،,.]*(?:سال\s*)?|[\-/]|\s*[\-–/|]\s*(?=\d{{4}})){_YEAR}{_ERA}|{_OTHER_YEAR})?"
)
#: English order: «June 9, 2020».
MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}{_NO_LETTER_BEFORE}(?P<month>{_ANY_MONTH})\.?\s+(?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?"
    r"[\s,،]+(?P<year>\d{4})(?!\d)"
)
#: «1399 خرداد 20», of stamps only.
YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})[\s\-/،,]+(?P<month>{_ANY_MONTH})(?:\s*ماه)?[\s\-/،,]+(?P<day>\d{{1,2}})(?!\d)"
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
#: «۲ ساعت و ۵ دقیقه پیش», «دیروز», «لحظاتی قبل», «هفته گذشته»; not «۲ روز پیش از آن».
RELATIVE = re.compile(
    rf"{_NO_LETTER_BEFORE}(?<!\d)(?<!\d[/.:٫])(?:(?:"
    rf"(?P<count>{_ANY_NUMBER})\s*(?P<unit>{'|'.join(UNITS)})"
    rf"(?:\s*(?:و\s*)?(?P<count2>{_ANY_NUMBER})\s*(?P<unit2>{'|'.join(UNITS)})|\s*و\s*(?P<half>نیم))?"
    rf"|(?P<vague>{pattern_of(VAGUE)}))\s*(?:پیش|قبل|ago)(?!\s*از(?!\s*این))"
    r"|(?P<last>هفته|ماه|سال)\s*(?:گذشته|پیش|قبل)"
    rf"|(?P<named>{pattern_of(DAYS)})"
    rf"){_NO_LETTER_AFTER}"
)

_ZONE = (
    r"(?P<zone>(?:(?:gmt|utc)\s?)?[+\-](?:(?:0\d|1[0-4]):?|\d:)[0-5]\d|(?<=\d)\+(?:0\d|1[0-4])"
    r"|z|utc|gmt|irst|irdt)(?![\w:/\-])"
)
# 09:01, with or without «ساعت»; «ساعت ۹», «ساعت ۹ و ۳۰ دقیقه», «ساعت نه و نیم»; «۹ صبح».
_CLOCK = (
    r"(?:(?:(?:در|حدود|راس)\s+)?(?:ساعت|زمان|at)\s*(?::\s*)?)?"
    r"(?:(?<![\d:])(?P<hour>[01]?\d|2[0-3])\s?:\s?(?P<minute>[0-5]\d)(?!\d)"
    r"(?::(?P<second>[0-5]\d)(?:[.,]\d+)?(?!\d))?(?!\s?:\s?\d)"
    rf"|(?:(?<=ساعت)|(?<=ساعت )|(?<=ساعت:)|(?<=ساعت: ))(?P<only_hour>[01]?\d|2[0-3]|{pattern_of(NUMBERS)})"
    r"(?![\d:]|\s?:)"
    r"(?:[./](?P<dotted>[0-5]\d)(?!\d)|\s*و\s*(?:(?P<spelt>[0-5]?\d)\s*دقیقه|(?P<part>نیم|ربع)\b))?"
    rf"|(?<![\d:/.\-])(?P<bare_hour>0?\d|1[0-2])(?=\s?(?:{BEFORE_NOON}|{AFTER_NOON}){_NO_LETTER_AFTER}))"
    rf"(?:\s*دقیقه)?(?:\s*{_HALF})?"
    rf"(?:\s*{_ZONE})?"
)
#: The time after a date, and (``TIME_BEFORE``) in front of it.
TIME_AFTER = re.compile(rf"[\s\-–—/،,|.؛()\[\]]*(?:t\s*)?{_CLOCK}")
TIME_BEFORE = re.compile(rf"(?<![\d:]){_CLOCK}[\s\-–—/،,|()]*(?:(?:امروز|روز|مورخه?|تاریخ|در|مورخ|:)\s*)*\Z")
TIME = re.compile(rf"(?<![\d:]){_CLOCK}")
#: Two numbers as a time has them; where none of the above matches, an hour that does not exist.
NO_TIME_AFTER = re.compile(r"[\s\-–—/،,|.()\[\]]*(?:t\s*)?(?:ساعت\s*(?::\s*)?\d|\d{1,2}\s?:\s?\d\d)")
NO_TIME_BEFORE = re.compile(r"(?:ساعت\s*(?::\s*)?\d+|\d\s?:\s?\d\d)[\s\-–—/،,|()]*\Z")
#: The order of the C library, and of Java: «Tue Jun 09 09:01:00 IRDT 2020».
CTIME = re.compile(
    rf"{_WEEKDAY}{_NO_LETTER_BEFORE}(?P<month>{_ANY_MONTH})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+(?P<year>\d{{4}})(?!\d)"
)

#: The weekday behind a date; not the one of a date that follows.
WEEKDAY_AFTER = re.compile(
    rf"\s*(?:[(،,\-–]\s*)?(?P<weekday>{_ANY_WEEKDAY}){_NO_LETTER_AFTER}"
    rf"(?![\s،,:\-]*(?:مورخ|\d|تا\b|الی\b|(?:{_ANY_ORDINAL})\s))"
)

#: The patterns that can begin with a number, in running text and in stamps.
AT_NUMBER = (NAMED, NUMERIC, RELATIVE)
AT_NUMBER_OF_STAMP = (NAMED, NUMERIC, RELATIVE, YEAR_FIRST)
_BEGINNINGS = (
    (NAMED, WEEKDAYS),
    (NAMED, ORDINALS),
    (NAMED, [f"{name}ین" for names in ORDINALS for name in names.split("|")]),
    (NUMERIC, WEEKDAYS),
    (MONTH_FIRST, WEEKDAYS),
    (MONTH_FIRST, _ALL_MONTHS),
    (CTIME, WEEKDAYS),
    (CTIME, _ALL_MONTHS),
    (RELATIVE, NUMBERS),
    (RELATIVE, VAGUE),
    (RELATIVE, DAYS),
    (RELATIVE, ["هفته", "ماه", "سال"]),
)


def _at_words() -> dict[str, tuple[re.Pattern[str], ...]]:
    table: dict[str, tuple[re.Pattern[str], ...]] = {}
    for pattern, names in _BEGINNINGS:
        for word in first_words(names):
            if word.isalpha() and pattern not in table.get(word, ()):
                table[word] = (*table.get(word, ()), pattern)
    return table


#: Word → the patterns that can begin with it.
AT_WORD = _at_words()
