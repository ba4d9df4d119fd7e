"""Words written without the blank between them that no closed list names: «ونظارت», «درپایان», «برگزارشد».

A word is parted only where the list of words does not know it, only after a letter that does not join the
next one, and only where one of the two parts is a word of grammar: a conjunction or preposition in front, a
verb or «را» behind. Two nouns are never parted by statistics: too many are one word («داروخانه»).
"""

import re
from functools import lru_cache

from aggregator.persian.glued import separate_glued
from aggregator.persian.letters import LONGEST_WORD, NON_JOINING, PERSIAN_LETTERS, words
from aggregator.persian.lexicon import common, count, is_verb, is_word
from aggregator.persian.verbs import verb_forms

#: Words that stand in front, and how common the word after them has to be; one of three letters far more so,
#: and after «و» and «از» a long one less.
_IN_FRONT = {
    "و": 20_000,
    "از": 100_000,
    "در": 100_000,
    "اما": 300_000,
    "مورد": 20_000,
    "ها": 1_000_000,
    **dict.fromkeys(words("نیز هنوز امروز دیروز باید"), 100_000),
}
_OF_THREE_LETTERS = 30
_ANY_OF_LETTERS = {"و": 6, "از": 5}
#: Words that are joined in front of too many words to go by statistics, with what they are parted from.
_LISTED = {
    "و": "کسی این آن هر همه نه یا هم نیز در با به از تا بر را یک دو سه چهار است بود شد باید همین همان",
    "از": "آن حیث سال کار همه هر نظر نوع بین مهم مهمترین محل",
    "در": "آن سال ماه حال حد طول عین ضمن کل جمع روز شهر هر نظر واقع نتیجه خلال خصوص مورد این بین",
    "با": """توجه حضور هدف اشاره همکاری مشارکت همت تلاش موضوع عنوان محوریت بیان تاکید تأکید تایید تأیید حمایت
        اجرای افزایش کاهش اعلام صدور ارائه ارایه ارسال ایجاد سرمایه کارمزد هماهنگی دستور حکم شعار رعایت تشکیل
        برگزاری کمک استفاده بهره مدیریت نظارت تخصیص هزینه پیگیری گذشت وجود آغاز پایان شروع تصویب این آن
        سازمان وزارت اداره مدیرکل مدیران مسئولان وزیر استاندار فرماندار رئیس رییس معاون نماینده نمایندگان""",
    "بر": "این آن اساس عهده لزوم اهمیت ضرورت نقش اجرای اثر پایه حسب مبنای طبق روی خلاف",
    "تا": "پایان کنون این آن سال ماه روز ساعت سقف حد آخر اواخر اوایل زمان تاریخ امروز فردا حدود نیمه مرز",
    "را": "در با به از برای نیز هم دارد دارند داشت داشته کرد کرده داد داده تا بر که و",
    "خبر": "داد دادند دهد",
    "یا": "در با به از این آن هر کارفرما کارگر سازمان شرکت",
    "ها": "و در با به از را نیز هم است طبق بود بوده باید برای",
}
#: Words of their own that hazm's list lacks.
_WHOLE = frozenset(
    words("ازسرگیری ازکارافتاده ازکارافتادگی ازکارافتادگان ازخودگذشتگی واقعبین تکنواز تکنوازی")
)
_LISTED_SETS = {first: frozenset(words(seconds)) for first, seconds in _LISTED.items()}
_IN_FRONT_OF_GLUED = frozenset(words("و از در با"))
#: What stands behind: how long and how common the word before it has to be.
_BEHIND = frozenset(
    words(
        """شد شدند شود شوند بود بودند دارد دارند داشت داشتند کرد کردند کند کنند گردید گردد نمود نمودند باشد
        باشند نیست نشد گرفت گیرد گیرند دهد دهند خواهد خواهند نخواهد گفت گفتند
        گوید افزود افزودند یافت یافتند رسید رسیدند"""
    )
)
_BEHIND_LONGER = frozenset(words("را است از در به این که"))
_LEAST_BEFORE = 100_000
_SHORT_BEFORE = frozenset(words("خود کار امر فرد نیز"))
_PLURAL_INSIDE = re.compile("(.{2,}ها)(و|را|است|.{3,})")
_VERB_AND = re.compile("(شد|شدند|کرد|کردند|کند|کنند|شود|شوند|دارد|دارند|گردید|نمود)(و)")
_FUTURE = re.compile("(ن?خواهن?د)(.{2,})")
#: Persian of one kind of letters only, that the list of words can know.
_LETTERS = frozenset(PERSIAN_LETTERS)
_SOLID_VERB = re.compile("ن?می(.{2,})")


@lru_cache(maxsize=50_000)
def part(word: str) -> str:
    """A word as published, with the blanks that are missing; else as it is. No letter is added or changed."""
    listed = separate_glued(word)
    if count(word) > 0:
        return listed if listed.split()[0] in _LISTED_SETS else word
    if listed != word or word in _WHOLE or len(word) > LONGEST_WORD or not _LETTERS.issuperset(word):
        return listed
    return _listed_in_front(word) or _by_statistics(word) or word


def _by_statistics(word: str) -> str:
    if is_word(word) or _is_solid_verb(word):
        return ""
    return _in_front(word) or _behind(word)


def _listed_in_front(word: str) -> str:
    for first, seconds in _LISTED_SETS.items():
        rest = word[len(first) :]
        if not word.startswith(first) or len(rest) < 2:
            continue
        if rest in seconds:
            return f"{first} {rest}"
        parted = part(rest) if first in _IN_FRONT_OF_GLUED else rest
        if parted.split()[0] in seconds:
            return f"{first} {parted}"
    return ""


def _in_front(word: str) -> str:
    for first, least in _IN_FRONT.items():
        rest = word[len(first) :]
        if not word.startswith(first) or len(rest) < 3:
            continue
        parted = part(rest)
        following = parted.split()[0]
        also_glued = (
            parted != rest
            and is_word(following)
            and (first not in ("از", "در") or following not in _IN_FRONT)
        )
        if _follows(first, rest, least) or also_glued:
            return f"{first} {parted}"
    return ""


def _follows(first: str, rest: str, least: int) -> bool:
    """Whether the rest of a word is one that the blank was forgotten before."""
    if _is_verbal(rest):
        return first == "و" and len(rest) > 3 and (is_verb(rest) or _is_solid_verb(rest))
    if len(rest) == 3:
        return count(rest) >= _OF_THREE_LETTERS * least
    long = first in _ANY_OF_LETTERS and len(rest) >= _ANY_OF_LETTERS[first]
    return common(rest) >= least or (long and count(rest) >= 0)


def _behind(word: str) -> str:
    future = _FUTURE.fullmatch(word)
    if future and is_verb(future[2]):
        return f"{future[1]} {future[2]}"
    found = _VERB_AND.fullmatch(word) or _PLURAL_INSIDE.fullmatch(word)
    if found and _are_common(found[1], found[2]):
        return f"{found[1]} {found[2]}"
    for cut in range(3, len(word) - 1):
        before, behind = word[:cut], word[cut:]
        if before[-1] not in NON_JOINING or not (behind in _BEHIND or behind in _BEHIND_LONGER):
            continue
        enough = 3 if behind in _BEHIND or before in _SHORT_BEFORE else 4
        if len(before) >= enough and count(before) >= _LEAST_BEFORE:
            return f"{before} {behind}"
    return ""


def _are_common(before: str, behind: str) -> bool:
    base = max(count(before), count(before.removesuffix("ها")))
    return min(base, common(behind)) >= _LEAST_BEFORE


def _is_verbal(word: str) -> bool:
    """Whether the word is a form of a verb or made of one: «درگذشته», «درآمدن», «ومیشود»."""
    return is_verb(word) or is_verb(word.removesuffix("ن")) or _is_solid_verb(word)


def _is_solid_verb(word: str) -> bool:
    found = _SOLID_VERB.fullmatch(word)
    return bool(found and found[1] in verb_forms())
