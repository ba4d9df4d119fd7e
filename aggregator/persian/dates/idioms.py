"""«امروز», «دیروز», «فردا»: days in one sentence, our time and what is to come in another («دنیای امروز»).

Told by the words before, the words behind and, for a bare «امروز», by the verb that ends the sentence: «امروز
برگزار شد» speaks of a day, «امروز رسانه‌ها اثرگذارند» does not.
"""

import re
from functools import cache
from typing import Literal

from aggregator.persian.dates.guards import words_before
from aggregator.persian.dates.names import MONTHS, NUMBER_OF, WEEKDAYS, key_of, pattern_of
from aggregator.persian.letters import fold_letters, folded_words
from aggregator.persian.verbs import participles

Tense = Literal["past", "future", "state", "open"]

_CLAUSE = 250  #: characters of a sentence that are read for its verb
_CLAUSE_END = re.compile(r"[!?؟;؛:\0»«]|\.(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_DAY_BESIDE = re.compile(
    rf"[\s،,(\-–]*(?:\d{{1,2}}\s*(?:{pattern_of(MONTHS['jalali'])})|\d{{1,4}}[/:]\d|(?:(?:صبح|ظهر|عصر|شب|بعد\s*از\s*ظهر)\s*)?(?:روز\s*|مورخه?\s*)?"
    rf"(?:ساعت|{pattern_of(WEEKDAYS)})(?![^\W\d_]))"
)
_HOURS = folded_words("صبح ظهر شب بامداد شامگاه غروب سحرگاه")
_HOUR_BEHIND = re.compile(rf"\s*(?:{'|'.join(sorted(_HOURS))}|بعد\s*از\s*ظهر)(?![^\W\d_])")
_PAIRED = re.compile(r"\s*(?:و|یا|تا|،|,)\s*(?:به\s*)?(?:امروز|دیروز|فردای?)(?![^\W\d_])")
_JOINTS = folded_words("و یا تا ،")
_NAMES = folded_words("امروز دیروز فردا today yesterday")
#: «۱۰ روز گذشته», «هر روز گذشته»: a stretch of days.
_STRETCH = folded_words("چند چندین هر همه طول") | frozenset(NUMBER_OF)
#: After these, today is our time and tomorrow what is to come.
_ERAS = folded_words(
    """
    دنیا دنیای بشر بشریت انسان جامعه جوامع نسل زمانه روزگار دوران دوره تمدن نیاز نیازهای شرایط وضعیت زندگی
    سبک های هایی ضرورت واقعیت مسائل معضل مقتضیات اقتضائات رادیو روزنامه خبرگزاری نشریه ماهنامه فرهنگ فناوری
    تکنولوژی سازان آینده
    """
)
#: The same, but not where something happens: «تیم ایران امروز به میدان رفت».
_ERAS_OR_ACTORS = folded_words(
    """
    جهان ایران کشور مردم جوان جوانان کودک کودکان زن زنان مرد مردان مدیر مدیران دانشجو اقتصاد سیاست ادبیات هنر
    سینما سینمای شعر رسانه خانواده فضای عرصه غرب اروپا آمریکا تجارت علم شهر مخاطب معماری پزشکی
    """
)
_CONTESTS = folded_words("قهرمانی قهرمان جام لیگ")
#: «سازندگان فردا» are people of the time to come; «تهران فردا» is a town, on a day.
_PLACES = (
    "ستان",
    "تهران",
    "گیلان",
    "اصفهان",
    "همدان",
    "کرمان",
    "زنجان",
    "سمنان",
    "مازندران",
    "ابادان",
    "کاشان",
)
#: Words at which the phrase before «امروز» begins.
_BORDERS = folded_words(
    "که را در به از با تا برای این آن وی او است بود شد کرد گفت می هم نیز بر اگر اما ولی افزود ،"
)
_STATES = folded_words(
    """
    است هست نیست هستند نیستند هستیم نیستیم هستید باشد باشند باشیم دارد دارند داریم ندارد ندارند نداریم باید
    نباید اند ایم
    """
)
_DUTIES = folded_words("باید نباید بایست")
_FUTURE = folded_words("خواهد خواهند خواهیم نخواهد")
#: Words of what happens on a day, whatever the tense: «امروز برگزار می‌شود», «منتشر شده است».
_HAPPENS = folded_words("برگزار آغاز افتتاح برپا گشایش گشوده منتشر پخش رونمایی امضا برگزاری وارد عازم")


def is_no_named_day(match: re.Match[str]) -> bool:
    """Whether the named day of a match is none here: «دنیای امروز», «نسل فردا», «۱۰ روز گذشته»."""
    text, end = match.string, match.end()
    name = key_of(match["named"])
    before = words_before(text, match.start())
    first = before[0] if before else ""
    if name.startswith(("روز", "شبگ")):
        return first.isdecimal() or first in _STRETCH
    if name not in _NAMES or _DAY_BESIDE.match(text, end) or first in _HOURS:
        return False
    verb = tense(text, end)
    paired = _PAIRED.match(text, end) or (first in _JOINTS and _NAMES.intersection(before[1:2]))
    happens = verb in ("past", "future")
    if (paired and not happens) or _is_our_time(before, happens=happens):
        return True
    if name == "فردا" and not happens and first.endswith("ان") and not first.endswith(_PLACES):
        return True
    if name == "فردا" or _HOUR_BEHIND.match(text, end):
        return False
    until = first == "تا" or before[:2] == ["به", "تا"]
    return until or (name in ("امروز", "today") and verb == "state")


def _is_our_time(before: list[str], *, happens: bool) -> bool:
    """Whether the words before «امروز», nearest first, make it a word for our time."""
    if before[:1] == ["عصر"]:
        return before[1:2] == ["در"]
    for place, word in enumerate(before):
        if word in _BORDERS:
            return False
        if word in _ERAS or word.endswith("های"):
            return True
        if word in _ERAS_OR_ACTORS and not happens:
            return not _CONTESTS.intersection(before[place + 1 : place + 2])
    return False


def tense(text: str, position: int) -> Tense:
    """What the rest of the sentence tells: what happened, will happen, or is so; or nothing sure."""
    rest = text[position : position + _CLAUSE]
    border = _CLAUSE_END.search(rest)
    words = _WORD.findall(rest[: border.start()] if border else rest)
    if _FUTURE.intersection(words):
        return "future"
    last = words[-1] if words and (border or len(rest) < _CLAUSE) else ""
    prefixed = last.startswith(("می", "نمی")) or words[-2:-1] in (["می"], ["نمی"])
    if last in _past_forms() and not prefixed:
        return "past"
    if not (prefixed or last in _STATES or _DUTIES.intersection(words) or last.endswith(("مندیم", "مندند"))):
        return "open"
    return "future" if _HAPPENS.intersection(words) else "state"


@cache
def _past_forms() -> frozenset[str]:
    """شد، شدند، شدیم …: the past stem is the participle without its ه."""
    stems = [fold_letters(form).removesuffix("ه") for form in participles()]
    return frozenset(stem + ending for stem in stems for ending in ("", "ند", "یم", "م")) - _STATES
