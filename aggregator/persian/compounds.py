"""Compounds that are written solid, with a half-space or with a blank, for matching: one spelling for each.

Most are taken apart, as they are read («بخشنامه» is «بخش نامه»); those that are usually solid, and would lose
their meaning in two words, are put together («خبر نگار» is «خبرنگار», so that «کار» does not find «کارگاه»).
Everything is in the letters of matching (see letters.py).
"""

import re
from collections.abc import Iterator

from aggregator.persian.letters import LONGEST_WORD, fold_letters

#: Compounds that are put together, also over a blank: last word, then the words before it.
_SOLID = """
خانه: وزارت دبیر دارو چاپ گل آشپز; نامه: روز کار شناس شاه; نگار: خبر; گزاری: خبر; گروه: کار; آفرین: کار;
آموز: کار; فرما: کار; جو: مدد; کار: مدد پیمان راه; مزد: دست; آورد: دست ره; جوان: نو; آوری: نو فن; ساز: دارو
خودرو; سازی: باز شهر زیر پاک; نشسته: باز; نشستگی: باز; گشایی: باز; نگری: باز آینده; آفرینی: باز; نما: راه;
نهاد: پیش; گیری: پیش جلو یاد; چنین: هم این; چه: چنان اگر گر هر; گونه: هیچ هر همان; طور: این همین همان; ساخت:
زیر; بنا: زیر; مجموعه: زیر; پزشک: دام; شناس: هوا کار; شناسی: هوا; پیما: هوا راه; راه: بزرگ آزاد; شهر: کلان;
شنبه: یک دو سه چهار پنج; طلب: داو; دار: زنبور; مدار: سیاست; کرده: تحصیل; پارچه: یک; دیگر: یک هم; خیزداری:
آب; داری: آبخیز; سنجی: نظر; بان: دیده دروازه محیط جنگل نگه پشتی
"""
#: Compounds that are put together over a half-space only, where the two words may also follow each other.
_SOLID_AT_HALF_SPACE = """
خانه: کتاب کار; کن: بازی; کرد: عمل; برد: راه کار; رفت: پیش; دار: شهر راه کتاب; داری: دام مرغ باغ بانک; کار:
هم; راه: هم; گونه: این آن; زمان: هم; وطن: هم; رس: باز داد دست; دید: باز; بینی: باز; آب: سیل فاضل; ران: سخن;
گو: سخن; مند: کار
"""
#: Endings that make a word of another, and stand alone as words of their own: joined over a half-space.
DERIVING = ("گاه", "گاهی", "کده", "ستان", "بان", "بانی", "دان", "چی")

#: Compounds that are taken apart: last word, then the words before it.
_PARTED = """
گیر: تصمیم کشتی ماهی سخت همه; گیری: شکل جهت اندازه موضع الگو اوج نتیجه بهره; بگیر: مستمری حقوق مزد; ریز:
برنامه; ریزی: بودجه پایه پی خون; بندی: جمع دسته طبقه رتبه سطح زمان بسته بودجه فصل اولویت جدول سهمیه جیره;
بین: خوش بد واقع پیش; زایی: اشتغال درآمد; وری: بهره; بردار: بهره فیلم نمونه فرمان کلاه عکس نقشه; برداری: خاک
نسخه; افزار: نرم سخت; آموز: دانش; آموخته: دانش; پژوه: دانش; بنیان: دانش; محور: دانش عدالت; پزشک: دندان چشم
روان; یابی: دست جهت عیب ریشه; آهن: راه; اندازی: راه تیر دست; انداز: چشم پس سنگ; اندیشی: هم چاره مصلحت;
افزایی: هم; آفرینی: ارزش نقش; زیست: محیط; محیطی: زیست; المعارف: دایره; العمل: دستور عکس; الاسلام: حجت; الله:
آیت; الملل: بین; المللی: بین; الحسنه: قرض; القعده: ذی; الحجه: ذی; الحساب: ذی علی; التحصیل: فارغ; مقام: قائم;
نام: ثبت; سالی: خشک کهن; جمعه: نماز; سایت: وب; کل: مدیر اداره; عامل: مدیر; نظر: صاحب اظهار تجدید; منصب:
صاحب; کار: صاحب; خانه: سفارت قهوه تصفیه سرد; جو: صرفه چاره پی; دیده: آسیب داغ زیان خسارت; پذیر: آسیب امکان
تجدید مسئولیت; یافته: توسعه سازمان بهبود اختصاص; زده: سیل زلزله جنگ بحران; اندرکار: دست; کفایی: خود;
اشتغالی: خود; گردان: خود; جوش: خود; رسان: خبر امداد مدد; لرزه: زمین پس; خوان: کارت; پوش: ملی; طلب: اصلاح
فرصت; مدیره: هیئت; نشین: حاشیه روستا شهر; نشینی: عقب; وزیر: نخست; جمهوری: ریاست; جمهور: رئیس; محال: چهار;
احمد: بویر; نهاد: مردم; توان: کم; درآمد: کم; رغم: علی; جمله: من; تولید: پیش; قدم: پیش; نویس: پیش; فروش: پیش
عمده خرده; کسوت: پیش
"""
#: Last words before which any word of three letters is taken off, but for those of ``_SOLID``.
PARTING = re.compile("(.{3,})(کننده|دهنده|شونده|نامه|نویسی?|سازی?|گذاری?|رسانی|شناسی?|زدایی?|گرایی?|نگاری?)")
#: What only looks so; verbs with می among them.
NOT_PARTED = re.compile("ن?می.*|پراکننده|.*برنامه|(?:خدا|قدر|حق|وقت|نمک)نا?شناسی?")


def _pairs(table: str) -> Iterator[tuple[str, str]]:
    """The pairs of a table in the letters of matching, and those whose last word has the ی of derivation."""
    for line in table.split(";"):
        last, firsts = line.split(":")
        for first in firsts.split():
            yield fold_letters(first), fold_letters(last.strip())


def _with_yeh(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for first, last in pairs:
        yield first, last
        if last[-1] not in "یاوه":
            yield first, last + "ی"


PARTED_PAIRS = {first + last: (first, last) for first, last in _with_yeh(_pairs(_PARTED))}
AT_HALF_SPACE = frozenset(_with_yeh(_pairs(_SOLID_AT_HALF_SPACE)))
ANYWHERE = frozenset(_with_yeh(_pairs(_SOLID)))
WHOLE = frozenset(first + last for first, last in ANYWHERE | AT_HALF_SPACE)
#: The last words of the compounds that are put together.
LAST_WORDS = frozenset(last for _, last in ANYWHERE | AT_HALF_SPACE)


def split_compound(word: str) -> tuple[str, ...]:
    """The two words of a compound that is taken apart; the word alone where it is none."""
    if word in PARTED_PAIRS:
        return PARTED_PAIRS[word]
    found = PARTING.fullmatch(word) if len(word) <= LONGEST_WORD else None
    if found is None or word in WHOLE or NOT_PARTED.fullmatch(word):
        return (word,)
    return found[1], found[2]


def is_compound(first: str, last: str, *, half_space: bool) -> bool:
    """Whether two words that follow each other are one, which is usually written solid."""
    pair = (first, last)
    return pair in ANYWHERE or (half_space and pair in AT_HALF_SPACE)
