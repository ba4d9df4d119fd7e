"""What looks like a date in running text and is none: numbers of things, ordinals, words that are months too.

The words stand in the letters of matching. A guard looks at a few words before and behind a match only, so
that a hostile text costs no time.
"""

import re
from functools import cache

from aggregator.persian.dates.names import NUMBER_OF
from aggregator.persian.letters import fold_letters, folded_words
from aggregator.persian.verbs import verb_forms

_WINDOW = 60  #: characters looked at before a match
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_WORD_AFTER = re.compile(r"\s*([^\W\d_]+)")
_MONTH_WORD = re.compile(r"\s*ماه(?![^\W\d_])")

#: Things that are numbered as a date is written: «نسخه 1399.3.20», «شماره ۹۹/۰۳/۲۰».
_NUMBERED = re.compile(
    r"(?:نسخه|ورژن|ویرایش|شماره|پلاک|کد|تلفن|تلفکس|فکس|نمابر|همراه|موبایل|ایه|version|ver|v|tel|fax|ip)\s*[.:]?\s*\Z"
)
#: What is counted: «در ۱۹ خرداد ۱۳۵۰ نفر».
_COUNTED = folded_words(
    """
    نفر تن هزار میلیون میلیارد تریلیون درصد فقره خانوار تومان ریال دلار یورو کیلومتر کیلوگرم کیلو هکتار
    مترمربع مترمکعب مگاوات کیلووات لیتر قلاده
    """
)
#: The same where the number has two digits, and may be a year before most words.
_COUNTED_BY_TENS = _COUNTED | folded_words("مورد دستگاه واحد پروژه بیمار قطعه خودرو گرم متر پرونده جلد")
_PHRASE_END = re.compile(r"\s*(?:[.،؛:!؟)»\]\0]|\Z|(?:در|که|به|از|تا|و|با|رخ|بود)\b)")
#: «دولت دوازدهم تیرماه», «نیمه دوم خرداد»: the number is not the day's.
_IN_ORDER = folded_words(
    """
    دولت مجلس دوره قرن سده دهه رتبه پایه کلاس فاز مرحله نوبت منطقه گام مقطع ماده بند تبصره طبقه لیگ برنامه
    نیمه هفته روزهای ماهه های سال بخش پیک موج
    """
)
#: «۱۵ تیر برق», «۲ دی وی دی»: the word is no month.
_NO_MONTH = {
    "تیر": folded_words("برق چراغ اهن خلاص هوایی بتنی بتونی سیمانی دروازه مشقی جنگی"),
    "دی": folded_words("وی"),
}


def is_numbered_thing(match: re.Match[str]) -> bool:
    """Whether three numbers are those of a thing: «نسخه 1399.3.20»."""
    begin = max(0, match.start() - 20)
    return not match["weekday"] and bool(_NUMBERED.search(match.string, begin, match.start()))


def is_quantity(match: re.Match[str]) -> bool:
    """Whether the number behind a month counts something: «۱۹ خرداد ۵۰ نفر», «۱۹ خرداد، ۵۰ تن»."""
    behind = word_after(match.string, match.end("year"))
    if len(match["year"]) == 4:
        return behind in _COUNTED
    between = match.string[match.end("month") : match.start("year")]
    apart = any(comma in between for comma in "،,.") and "سال" not in between
    return apart or behind in _COUNTED_BY_TENS


def is_end_of_phrase(match: re.Match[str]) -> bool:
    """Whether a number of two digits behind a month ends the phrase: «در ۲۲ بهمن ۵۷، …»."""
    return bool(_PHRASE_END.match(match.string, match.end("year")))


def is_no_day(match: re.Match[str]) -> bool:
    """Whether day and month are not those of a date: «دولت دوازدهم تیرماه», «۱۵ تیر برق», «کووید ۱۹»."""
    if word_after(match.string, match.end("month")) in _NO_MONTH.get(match["month"], ()):
        return True
    if match["weekday"]:
        return False
    before = words_before(match.string, match.start(), most=2)
    if match["day"]:
        return before[:1] in (["کووید"], ["covid"])
    some_days = before[:1] == ["روز"] and (before[-1].isdecimal() or before[-1] in NUMBER_OF)
    return some_days or bool(_IN_ORDER.intersection(before[:1]))


def is_may(match: re.Match[str]) -> bool:
    """«5 می» is May, but not in «5 می رود»."""
    return match["month"] == "می" and word_after(match.string, match.end()) not in _verbs()


def month_word(match: re.Match[str]) -> str:
    """The word «ماه» behind the name of a month, with its blank; empty if there is none."""
    word = _MONTH_WORD.match(match.string, match.end("month"))
    return word[0] if word else ""


def years_from_now(written: str) -> int:
    """«سال گذشته» → -1."""
    if any(word in written for word in ("گذشته", "قبل", "پیش", "پار")):
        return -1
    return 1 if any(word in written for word in ("اینده", "بعد")) else 0


def words_before(text: str, position: int, *, most: int = 6) -> list[str]:
    """The words and numbers of the same phrase before a position, nearest first, and «،» as one."""
    words: list[str] = []
    for piece in reversed(_PIECE.findall(text, max(0, position - _WINDOW), position)):
        if len(words) == most or not (piece.isalnum() or piece == "،"):
            break
        words.append(piece)
    return words


def word_after(text: str, position: int) -> str | None:
    """The word that follows, where nothing but blanks stands before it."""
    found = _WORD_AFTER.match(text, position)
    return found[1] if found else None


@cache
def _verbs() -> frozenset[str]:
    return frozenset(map(fold_letters, verb_forms()))
