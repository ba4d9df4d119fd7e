"""What running text has beside full dates: days of a list, weekdays alone, days of this month; and namesakes.

All patterns are for text with the letters of matching, as in patterns.py.
"""

import re

from aggregator.persian.dates.guards import word_after, words_before
from aggregator.persian.dates.names import MONTHS, NUMBERS, ORDINALS, WEEKDAYS, pattern_of
from aggregator.persian.letters import folded_words

_NO_LETTER_BEFORE = r"(?<![^\W\d_])"
_NO_LETTER_AFTER = r"(?![^\W\d_])"
_ANY_WEEKDAY = (
    rf"(?:{pattern_of(name for names in WEEKDAYS for name in names.split('|') if not name.isascii())})"
)
_ANY_ORDINAL = pattern_of(ORDINALS)
_ANY_MONTH = pattern_of(names for months in MONTHS.values() for names in months)
_RANGE = r"(?:تا|الی|لغایت|و|[–—،])"

#: «۱۹ تا», «شنبه نوزدهم و»: a day whose month follows with a later one.
HEAD = re.compile(
    rf"(?:{_NO_LETTER_BEFORE}(?P<weekday>{_ANY_WEEKDAY}){_NO_LETTER_AFTER}[\s،,]*)?"
    r"(?:(?<!\d)(?<!\d[/:.\-٫])(?P<day>\d{1,2})(?!\d)(?:\s*ا?م(?=\s))?"
    rf"|{_NO_LETTER_BEFORE}(?P<ordinal>{_ANY_ORDINAL}){_NO_LETTER_AFTER})"
    rf"(?:\s*{_RANGE}\s*)(?:روز\s+)?"
)
#: The hyphen of «۱۹-۲۱ خرداد», which elsewhere is part of a number.
HYPHEN = re.compile(
    rf"(?<!\d)(?<!\d[/:.\-])(?P<first>\d{{1,2}})\s?-(?=\s?\d{{1,2}}\s*(?:{_ANY_MONTH}){_NO_LETTER_AFTER})"
)
#: «شنبه و یکشنبه ۱۹ و ۲۰ خرداد»: the weekdays of dates that follow.
WEEKDAYS_OF_DATES = re.compile(
    rf"{_ANY_WEEKDAY}(?:\s*(?:{_RANGE})\s*{_ANY_WEEKDAY}){{1,6}}[\s،,(]*(?=\d|(?:{_ANY_ORDINAL})\s)"
)
#: «دوشنبه», «شنبه و یکشنبه هفته آینده», «جمعه گذشته».
WEEKDAY = re.compile(
    rf"{_NO_LETTER_BEFORE}(?P<days>{_ANY_WEEKDAY}{_NO_LETTER_AFTER}"
    rf"(?:\s*{_RANGE}\s*(?:روز\s+)?{_ANY_WEEKDAY}{_NO_LETTER_AFTER}){{0,6}})"
    r"(?:(?:\s*(?:شب|صبح|ظهر|عصر)(?=\s))?\s*(?P<week>(?:این|همین)\s*هفته|(?:هفته\s*)?(?:جاری|گذشته|پیش|قبل|اینده|بعد)(?!\s*از))"
    rf"{_NO_LETTER_AFTER})?"
)
EACH_WEEKDAY = re.compile(_ANY_WEEKDAY)
#: «پنجم ماه جاری».
OF_A_MONTH = re.compile(
    rf"{_NO_LETTER_BEFORE}(?P<day>)(?P<ordinal>{_ANY_ORDINAL})\s+(?:روز\s+)?(?:از\s+)?ماه\s+"
    rf"(?P<which>جاری|گذشته|قبل|اینده|بعد){_NO_LETTER_AFTER}"
)
#: «۳ روز دیگر».
AHEAD = re.compile(
    rf"{_NO_LETTER_BEFORE}(?<!\d)(?<!\d[/.:٫])(?P<count>\d{{1,2}}|{pattern_of(NUMBERS)})\s*روز\s*دیگر{_NO_LETTER_AFTER}"
)
#: Between a relative day and the date that names the same: «امروز (سه‌شنبه ۲۰ خرداد)».
SAME_DAY = re.compile(r"\s*[(\-–]?\s*(?:روز\s*|مورخه?\s*|یعنی\s*|(?:مصادف|برابر)\s*با\s*)?")
#: Between two dates of which the second has the year of both: «۱۹ خرداد تا ۲ تیر ۱۳۹۹».
SAME_YEAR = re.compile(rf"\s*{_RANGE}\s*(?:روز\s*)?")

#: Places and things that are called by a day, and what happened on it: «خیابان ۲۲ بهمن», «قیام ۱۵ خرداد».
_NAMESAKES = folded_words(
    """
    خیابان بلوار میدان بزرگراه اتوبان آزادراه جاده کوچه کوی پل زیرگذر روگذر تقاطع چهارراه راه فلکه بیمارستان
    درمانگاه زایشگاه مدرسه دبیرستان دبستان هنرستان دانشگاه دانشکده آموزشگاه ورزشگاه استادیوم باشگاه شهرک
    روستای محله پارک بوستان مسجد حسینیه سالن تالار ایستگاه مترو پادگان پایگاه اردوگاه لشکر لشگر تیپ
    گردان سد نیروگاه پالایشگاه بنیاد مجتمع کارخانه سینما کتابخانه فرهنگسرای فرهنگسرا شعبه شهید شهدای
    شهیدان گلزار انقلاب قیام نهضت حماسه فاجعه واقعه کودتای کودتا الله عملیات فتنه جنبش یادمان
    """
)
_BETWEEN = folded_words(
    """
    آموزشی فرهنگی ورزشی درمانی صنعتی مسکونی تجاری نظامی مذهبی تفریحی خونین تاریخی اسلامی مردمی ملی بزرگ
    """
)
_THESE = folded_words("این آن همین")
_NUMBERED = folded_words("ساعت ماده بند تبصره شماره اصل فصل صفحه جلد ردیف پلاک کد")
_BEFORE_NO_WEEKDAY = folded_words(
    "هر های روزهای امام ایمه ائمه نماز بازار خطبه خطیب آخرین اولین نخستین دومین مسجد روزنامه"
)
_BEHIND_NO_WEEKDAY = folded_words("ها های هایی سوری بازار سیاه خونین خشم آخر")


def is_namesake(text: str, position: int) -> bool:
    """Whether a day at a position is the name of a street, a hospital, an uprising …"""
    before = words_before(text, position)
    while before and before[0] in _BETWEEN and before[0] not in _NAMESAKES:
        before.pop(0)
    return before[:1] != [] and before[0] in _NAMESAKES and not _THESE.intersection(before[1:2])


def is_numbered(text: str, position: int) -> bool:
    """Whether a number at a position is that of a thing or an hour: «ماده ۵ و ۶ تیر»."""
    return bool(_NUMBERED.intersection(words_before(text, position)[:1]))


def is_no_weekday(match: re.Match[str]) -> bool:
    """Whether a weekday is part of a name or a habit: «امام جمعه», «شنبه‌ها», «شنبه تا چهارشنبه»."""
    before = words_before(match.string, match.start())
    behind = word_after(match.string, match.end())
    habit = not match["week"] and re.search(r"تا|الی|لغایت|[–—]", match["days"])
    return bool(habit) or behind in _BEHIND_NO_WEEKDAY or bool(_BEFORE_NO_WEEKDAY.intersection(before[:1]))
