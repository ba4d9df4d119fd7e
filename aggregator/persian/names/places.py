"""When the name of a place is not that place: the rules for names that stand alone.

Provinces whose name is a mountain's, an agency's or a book's too count only where the text is surely about
them; after the words for streets and inside the names of universities, newspapers and clubs no place counts.
"""

import re

from aggregator.persian.letters import fold_letters, folded_words
from aggregator.persian.names.stream import LetterStream

#: Provinces whose bare name is something else as often: the text has to name them with «استان» somewhere.
UNSURE = frozenset(("alborz", "fars", "golestan"))
#: «مرکزی» is «central».
ALONE_NEVER = frozenset(("markazi",))

#: Words that are glued to the name behind them, where their last letter does not join.
GLUED_BEFORE = folded_words("و در از به با تا که را استان شهرستان ودر واز وبه وبا بین")
#: Words that are glued to the name before them, or joined by a half-space.
GLUED_AFTER = folded_words("و در از به با تا که را است استان نیز هم ودر ها های")

#: Before the name of a county that is an ordinary word too, in a text that is about its province.
LOCATING = folded_words("در به از مردم اهالی راهی")
#: Such names that are seasons, months and the like: behind those words, too, they are what they say.
TIMES = folded_words("بهار مهر میانه دیر بن جم خمیر")

#: Directly before a name that is then no place, organisation or office: an idea, a law.
CONCEPT_BEFORE = folded_words("قانون حقوق نظام کمیسیون دانشگاه دانشکده")

#: Directly before a place's name, which then is the name of something in a town.
_STREETS = folded_words(
    "خیابان بلوار میدان کوچه بزرگراه آزادراه اتوبان پل ایستگاه تقاطع فلکه پارک بوستان هتل سینما مسجد "
    "برج پاساژ محور محورهای جاده بن‌بست کوی چهارراه سه‌راه زیرگذر روگذر تونل مجتمع سالن تالار نشریه "
    "روزنامه هفته‌نامه ماهنامه انتشارات باشگاه تیم بورس فولاد خلیج زبان خبرگزاری دریای دریاچه اقوام قوم "
    "اقلیم کارخانه بانک بیمه سد رودخانه دشت نمایشگاه جشنواره کتاب باغ شهید شهیدان آیت‌الله سردار"
)
#: Directly before a name that mountains have too.
_MOUNTAINS = folded_words("کوه کوه‌های رشته‌کوه رشته ارتفاعات دامنه دامنه‌های قله قله‌های")
_MOUNTAIN_NAMES = folded_words("البرز دماوند بینالود تفتان دنا")
#: Some words before the name of a place: «دانشگاه علوم پزشکی کرمان».
_INSTITUTES = folded_words("دانشگاه دانشکده پژوهشگاه")
_REACH = 3  # words between the two
#: Between them, these end the institute's name.
_ENDING = folded_words("و در از به با تا که را برای استان شهر شهرستان")

#: Turns of phrase and names of things that end in what could be a place's name.
_PHRASES = tuple(
    fold_letters(phrase).replace(" ", "")
    for phrase in ("جاری و ساری", "بیماری‌های ساری", "زیر و بم", "کنوانسیون رامسر", "روغن سرخس", "برنج آمل")
)

#: Pairs of a place's name and what stands behind it, which is then another name.
_AFTER = folded_words("تایمز موتور عراق")
_AFTER_NAME = {("البرز", "مرکزی"), ("البرز", "غربی"), ("البرز", "شرقی"), ("گلستان", "سعدی")}


_HEADING = re.compile(r"(?:نام |ردیف )?استان(?:‌?ها)?(?=\s|$)")


def rows_by_province(text: str) -> frozenset[int]:
    """Where the rows of a table begin whose first column is headed «استان»: «تهران ۱۲۸ هزار»."""
    rows, inside, begin = set(), False, 0
    for line in text.split("\n"):
        if inside and any(sign.isdigit() for sign in line):
            rows.add(begin)
        else:
            inside = _HEADING.match(line) is not None
        begin += len(line) + 1
    return frozenset(rows)


def is_part_of_another_name(stream: LetterStream, start: int, end: int) -> bool:
    """Whether a place's name, at these places of the stream, belongs to a street, a mountain or the like."""
    before = stream.word_before(start)
    if before in _STREETS or stream.letters[:end].endswith(_PHRASES):
        return True
    if before in _MOUNTAINS and stream.letters[start:end] in _MOUNTAIN_NAMES:
        return True
    after = stream.word_after(end)
    if after in _AFTER or (stream.letters[start:end], after) in _AFTER_NAME:
        return True
    place = start
    for _ in range(_REACH + 1):
        if not before or before in _ENDING:
            return False
        if before in _INSTITUTES:
            return True
        place -= len(before)
        before = stream.word_before(place)
    return False
