"""Words written without the blank between them, as ministries do: «کارورفاه», «واطلاع», «مرکزروابط».

A blank is forgotten after a letter that does not join the next one, where the eye does not miss it. So a word
is taken apart only there, only into words of the closed list below (and «و»), and never when it is a word
itself. Normalisation and folding share it. Words are given in the letters of matching (see letters.py).
"""

import re
from functools import lru_cache

from aggregator.persian.letters import LONGEST_WORD, NON_JOINING, ZWNJ, fold_letters, folded_words

#: Words that official prose glues to their neighbours.
_OFFICIAL = """
آب آبادانی آبخیزداری آموزش آموزشی آموزشگاه آیین ابلاغ اتحادیه اتاق اجتماعی اجرا اجرایی احداث احمر ارتباط
ارتباطات ارتقا ارتقای ارزیابی ارشاد استاندار استانداری استان استاندارد استخدام استخدامی استعداد اسلامی اسناد
اشتغال اصلاح اطلاعات اطلاع اعتبار اعتبارات اعضا اعضای اعلام افتتاح افزایش اقتصاد اقتصادی اقدام اقدامات امام
امداد امنیت امور انتخابات انتظامی انجام انرژی انقلاب اهداف ایثارگران ایجاد ایران ایمنی بازار بازرسی بازرگانی
بازنشستگی بانک بانوان بخش برق برنامه بررسی برگزاری بسیج بنیاد بهبود بهداشت بهداشتی بهزیستی بهسازی بویراحمد
بیمه بلوچستان بختیاری پایش پرورش پزشکی پژوهش پژوهشی پست پشتیبانی پیشگیری تامین تبلیغات تبیین تجارت تجهیز
تجهیزات تحصیل تحصیلی تحقق تحقیقات تحلیل تدوین تربیت ترویج تسهیلات تشریح تشکیل تصویب تعاون تعاونی تعالی تعمیر
تفاهم تقویت تکمیل تکنولوژی تلاش تندرستی توزیع توسعه تولید تولیدی ثبت جامعه جلسه جهاد جوانان حرفه حفاظت حفظ
حقوق حقوقی حمایت حوزه خانواده خانوار خبر خبری خدمات خدماتی خصوصی دانش دانشگاه دارایی درمان درمانی دریانوردی
دستگاه دفاع دولت دولتی رسانه رشد رفاه رفاهی روابط روستایی زنان زیربنایی ساخت سازمان سازندگی سرمایه سلامت
سیاست سیاسی شرکت شفافیت شهری شهرسازی شهرستان شهروندان صدور صنایع صنعت صنعتی صنفی ضوابط طرح عدالت عرصه علمی
علوم عمران عمرانی عملکرد عمومی فرماندار فرمانداری فرهنگ فرهنگی فضا فضای فناوری فنی فوریت قانون قوانین کار
کارآفرینی کارآفرینان کارگاه کارگران کارگری کارفرمایان کارشناسان کشاورزی کشور کنترل کودکان کیفیت گردشگری
گسترش گمرک مالی مالیات مبارزه متوسط مجازی مجلس محترم محرومیت محیط مخاطبان مدیران مدیر مدیریت مراتع مراسم
مردم مردمی مرکز مسکن مسئولان مسئول مسئولین مشاغل مشارکت مشاوره مشکلات معاون معاونت معدن معدنی معلولان مقررات
ملی منابع مناطق منطقه مهارت مهارتی مهندسی میراث نظارت نظام نفت نماینده نوآوری نوسازی نیازمندان نیاز نیرو
نیروی نگهداری هماهنگی همکاری هنری هنر ورزش ورزشی وزارت وزیر یکپارچه آینده روستاها سوخت ماموریت مورد موارد
موضوع رییس دبیر شورای شورا دبیرخانه اداره دفتر ستاد پیگیری حضور توانمندسازی توانبخشی تقدیر تجلیل تشکر
تهران خوزستان خراسان کرمان کرمانشاه کردستان گیلان مازندران گلستان همدان زنجان سمنان قزوین اصفهان هرمزگان
لرستان حمل نقل رانندگی راهنمایی سیما صدا واریز واگذاری پرداخت دریافت مستمری بازنشستگان بیکاری کارورزی خانوارها
نتایج
"""

#: Glued words with a short or joining part, which the rule leaves alone, as they are taken apart.
_LISTED = """
درخصوص: در خصوص, درمورد: در مورد, درحال: در حال, درحالی: در حالی, درراستای: در راستای, دراین: در این,
درجهت: در جهت, درزمینه: در زمینه, درسطح: در سطح, درسال: در سال, دراستان: در استان, ازاین: از این,
ازجمله: از جمله, ازطریق: از طریق, ازسوی: از سوی, ازطرف: از طرف, براساس: بر اساس, براین: بر این,
علاوهبر: علاوه بر, باتوجه: با توجه, باحضور: با حضور, باهدف: با هدف, بهعنوان: به عنوان, بهمنظور: به منظور,
بهصورت: به صورت, بهطور: به طور, بهدلیل: به دلیل, بهوسیله: به وسیله, واین: و این, ودر: و در, وبه: و به,
وبا: و با, وبرای: و برای, وهمچنین: و همچنین, ونیز: و نیز, وغیره: و غیره, وافزود: و افزود, وگفت: و گفت,
سالجاری: سال جاری, ادارهکل: اداره کل, روابطعمومی: روابط عمومی, رئیسجمهور: رئیس‌جمهور,
اطلاعرسانی: اطلاع‌رسانی, پیشبینی: پیش‌بینی, هماندیشی: هم‌اندیشی, شفافسازی: شفاف‌سازی,
برنامهریزی: برنامه‌ریزی, سرمایهگذاری: سرمایه‌گذاری, بهرهبرداری: بهره‌برداری, بهرهوری: بهره‌وری,
دانشآموز: دانش‌آموز, دانشآموزان: دانش‌آموزان, دانشبنیان: دانش‌بنیان, بینالمللی: بین‌المللی,
بینالملل: بین‌الملل, پیادهسازی: پیاده‌سازی, فرهنگسازی: فرهنگ‌سازی, ظرفیتسازی: ظرفیت‌سازی,
اشتغالزایی: اشتغال‌زایی, آسیبشناسی: آسیب‌شناسی, شرکتکننده: شرکت‌کننده, کسبوکار: کسب و کار, گفتوگو: گفت‌وگو,
بهویژه: به ویژه, بهخصوص: به خصوص
"""
#: Words whose solid spelling is right too, or has other letters: taken apart for matching only.
_VARIANTS = """
اینکه: این که, آنکه: آن که, چنانکه: چنان که, مدیرکل: مدیر کل, مدیرعامل: مدیر عامل, مدیرمسئول: مدیر مسئول,
 قانونگذاری: قانون گذاری,
گفتگو: گفت و گو, جستجو: جست و جو, جستوجو: جست و جو, شستشو: شست و شو, بعنوان: به عنوان, بمنظور: به منظور,
بصورت: به صورت, بطور: به طور, بوسیله: به وسیله, بدلیل: به دلیل, بعلت: به علت, وگو: و گو, وجو: و جو, وشو: و شو,
بویژه: به ویژه, بخصوص: به خصوص, ونقل: و نقل, ومیر: و میر, وساز: و ساز, گردهمایی: گرد هم آیی
"""
#: Words that would come apart, and are words.
WHOLE = folded_words("مدیرمسئول کاردانش نیروبخش هنربخش تعمیرکار کاردرمانی کارآگاه کارآگاهی")
WORDS = folded_words(_OFFICIAL)


def _entries(table: str) -> dict[str, str]:
    pairs = (entry.split(":") for entry in table.split(","))
    return {fold_letters(word.strip()): apart.strip() for word, apart in pairs}


_APART = _entries(_LISTED)
APART_FOR_MATCHING = {
    word: tuple(fold_letters(part) for part in re.split("[ \u200c]", apart))
    for word, apart in (_APART | _entries(_VARIANTS)).items()
}


@lru_cache(maxsize=20_000)
def split_glued(word: str) -> tuple[str, ...]:
    """The words that a word is made of; the word alone where it is one. In the letters of matching."""
    if word in APART_FOR_MATCHING:
        return APART_FOR_MATCHING[word]
    return _official_words(word) or (word,)


@lru_cache(maxsize=50_000)
def separate_glued(word: str) -> str:
    """A word as published, with the blanks and half-spaces that are missing; else as it is.

    No letter is added, lost or changed.
    """
    folded = fold_letters(word)
    apart = _APART.get(folded) or " ".join(_official_words(folded))
    if len(folded) != len(word) or not apart:
        return word
    letters = iter(word)
    return "".join(sign if sign in (" ", ZWNJ) else next(letters) for sign in apart)


def _official_words(word: str) -> tuple[str, ...]:
    if not 5 <= len(word) <= LONGEST_WORD or word in WORDS or word in WHOLE:
        return ()
    return _apart(word)


@lru_cache(maxsize=20_000)
def _apart(rest: str) -> tuple[str, ...]:
    """All of the text as words of the list, each after a letter that does not join; else nothing."""
    if rest in WORDS:
        return (rest,)
    for cut in range(len(rest) - 1, 0, -1):
        if rest[cut - 1] in NON_JOINING and (rest[:cut] in WORDS or rest[:cut] == "و"):
            following = _apart(rest[cut:])
            if following:
                return (rest[:cut], *following)
    return ()
