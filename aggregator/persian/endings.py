"""Endings that are written solid with their word, for matching: which are taken off, and from which not.

Everything is in the letters of matching (see letters.py: آ is ا, ئ is ی, no ء). Only endings that leave the
meaning alone are taken off. The ی of «ایرانی» is not one of them, nor the ات of «خدمات»: words that differ by
these mean different things too often («ایران», «خدمت»). Where they do not, closed lists say so: inflected.py.
"""

import re

from aggregator.persian.inflected import INFLECTED
from aggregator.persian.letters import LONGEST_WORD, fold_letters, folded_words, words
from aggregator.persian.verbs import participles

PLURAL = re.compile("(.{2,}?)ها(ی|یی|یم|یت|یش|یمان|یتان|یشان|شان|مان|تان|ست)?")
#: Words that only look like a plural, and «آنها», which is not «آن»; so too «تنهایی», «انتهای».
NO_PLURAL = folded_words(
    """آنها اینها همانها همینها تنها منها منتها انتها اشتها پراشتها بیاشتها کماشتها نها مها رها بها گرانبها
    پربها شیربها خونبها کمبها بیبها گازبها اجارهبها اژدها طاها فقها سفها علیها الیها یاماها سها شفاها شانگها
    ورها خوشبها ارزانبها سنگینبها آببها بینها بیانتها حدنها فبها مشارالیها مشابها متشابها بعینها مافیها ایها
    الها ابها"""
)
_COMPARATIVE = re.compile("(.{2,}?)(تر|ترین|تری)")
#: Words that only look like a comparative, and comparatives that are words of their own.
NO_COMPARATIVE = folded_words(
    """بیشتر کمتر بهتر برتر مهتر کهتر پیشتر فراتر دفتر دکتر دختر اختر باختر بستر مشتر متر تیتر انگشتر شتر چتر
    کبوتر نیشتر خاکستر کلانتر تواتر متواتر کتر وتر ولتر عنتر ابتر باتر باکتر مستتر ساتر تهاتر پوستر لوستر
    فیلتر هلیکوپتر هلیکوباکتر کاراکتر پرینتر سنتر کانتر سانتر کارتر چارتر شاتر روتر اسکوتر توییتر تویتر
    رویتر تیاتر آمفیتیاتر پیتر والتر منچستر لنکستر گانگستر کفتر تبختر متبختر کوارتر اینتر مانیتر اپراتر
    تراکتر ریشتر رجیستر هیستر ژوپیتر لتر گوتر واتر اسپلیتر رآکتر موتر دفاتر پاتر فایتر مفتر تستر پلتر لیتر
    سارتر لوتر هانتر رپرتر گواتر دیمیتر دمیتر انگلتر دیوپتر اسفنکتر تماتر کلیوپاتر ژنراتر"""
)
#: Words that only look like a superlative.
NO_SUPERLATIVE = folded_words("""دکترین ویترین نسترین کاترین پاترین سنترین انگشترین سیترین""")
#: Measures, machines and makers, never adjectives: میلی‌متر, کامپیوتر, دادگستری …
LOAN_ENDINGS = ("متر", "لیتر", "یوتر", "فتر", "دختر", "دکتر", "گستر", "کبوتر", "اختر")
#: After س خ ش a solid تر is more often a part of the word (پوستر, آستر): only these adjectives bear it there.
SIBILANT_ADJECTIVES = folded_words(
    """حساس محسوس ملموس مقدس نفیس خسیس مأیوس تلخ سرخ شوخ گستاخ راسخ خوش ناخوش باهوش کم‌هوش فاحش مغشوش"""
)
#: Adjectives of two letters that bear a solid تر.
SHORT_ADJECTIVES = folded_words("بد پر سو کج شل خل لق")

#: Adjectives that bear a solid تر although they end as those words do.
OTHER_ADJECTIVES = folded_words(
    """مهم محکم مستحکم گرم نرم سالم مقاوم عظیم قدیم ملایم منظم مصمم وخیم ضخیم مستقیم مسلم معظم آرام عالم
    لازم مقدم ضعیف لطیف کثیف ظریف خفیف مختلف شریف معروف صاف عفیف نحیف رئوف مخالف متأسف"""
)

PERFECT = re.compile("(.{1,}[دت]ه)(ام|ایم|اید|اند)")
PARTICIPLES = frozenset(map(fold_letters, participles()))
#: Nouns in ه that are no plural with های where their half-space is lost: «رسانهای» is «رسانه‌ای».
IN_HEH = folded_words(
    """هسته رایانه رسانه منطقه شبکه ماهواره یارانه جلسه جامعه برنامه توسعه سرمایه هزینه لحظه جبهه عرصه قاره
    کتابخانه کارخانه گلخانه پرونده جاده ترانه سامانه هفته بیمه مسئله نمونه گونه ریشه اندیشه شیشه ذره کره
    قبیله وسیله مجموعه مؤسسه پروژه بودجه مصوبه مقاله حادثه نتیجه وظیفه فاصله مرحله نقطه لایه زنجیره دریچه
    قطعه صفحه طبقه"""
)

NO_YEH_AFTER_ALEF = folded_words(
    """برای دارای ورای سوای جدای همتای ماورای شانگهای نیکولای نیکلای جولای هاوای ورسای اسکای جغتای پاراگوای
    اوروگوای هیوندای ترکمانچای سرای پایاپای آهای"""
)
#: Nouns whose و is a vowel or bears an ezafe; beside them those in جو and گو: دانشجو, سخنگو.
ENDING_IN_WAW = folded_words(
    """ابرو آبرو الگو سکو گلو نیرو خودرو دارو جادو بازو زانو بانو شهربانو اردو آرزو ترازو استودیو رادیو ویدیو
    کادو آهو گیسو هندو لیمو گردو هلو تابلو مترو عضو عمو پتو تکاپو کندو وگو وجو وشو"""
)
MAKERS_IN_WAW = re.compile("..+(?:جو|گو)")
NO_YEH_AFTER_WAW = folded_words("گنجوی همینگوی")

#: What names people by what they do, in the plural.
PEOPLE = re.compile(
    ".*(?:ندگان|(?:نویس|شناس|اموز|ساز|فروش|نشین|طلب|پرداز|گزار|گذار|پزشک|دار|کار|نگار|افرین|گیر|پوش|نواز)ان"
    "|..(?:گر|مند|باز|بان|دان|یار|رسان|اور|پرست|خواه|نشان)ان|..(?:جو|گو|گرا)یان|(?:..چ|جو)یان)"
)
#: Words that only look like people, and places.
NO_PEOPLE = folded_words(
    """نگران دیگران دگران گرگران سنگران بیگران کاران بسیاران شهریاران کامیاران مازیاران اسفندیاران نیاوران
    پیشاوران هاماوران بمباران جاودان جاویدان فرزندان زاهدان دیداران خاوران بستگان"""
)
#: The end of a participle: «بازنشسته», «آموخته».
_PARTICIPLE = re.compile(f"(?:{'|'.join(sorted(PARTICIPLES))})$")

#: Words of two spellings that no rule of letters joins.
_IRREGULAR_SPELLINGS = """
هیأت:هیئت جرأت:جرئت نشأت:نشئت مسأله:مسئله مسول:مسئول مسوول:مسئول مسوولیت:مسئولیت
سئوال:سؤال علاقمند:علاقه‌مند بلیط:بلیت اطاق:اتاق طهران:تهران تویتر:توییتر باطری:باتری امپراطور:امپراتور
آیت:آیه حجت:حجه زکوة:زکات آیینه:آینه
"""
#: Spelling → the usual one, both in the letters of matching.
IRREGULAR = {
    fold_letters(other): fold_letters(usual)
    for other, usual in (pair.split(":") for pair in words(_IRREGULAR_SPELLINGS))
}


def takes_plural(word: str) -> bool:
    """Whether the word with ها behind it is its plural: «کتاب», but not the «تن» of «تنها»."""
    return len(word) > 1 and word + "ها" not in NO_PLURAL


def takes_comparative(word: str) -> bool:
    """Whether the word with تر solid behind it is its comparative: «بزرگ», but not the «دف» of «دفتر»."""
    if word in OTHER_ADJECTIVES:
        return True
    solid = word + "تر"
    if solid in NO_COMPARATIVE or solid.endswith(LOAN_ENDINGS):
        return False
    if word[-1] in "سخش":
        return word in SIBILANT_ADJECTIVES
    return len(word) > 2 or word in SHORT_ADJECTIVES


def _plural(word: str) -> str:
    found = PLURAL.fullmatch(word)
    if found is None or not takes_plural(found[1]):
        return word
    in_heh = found[1] + "ه"
    if (found[2] == "ی" and in_heh in IN_HEH) or (found[2] == "یم" and in_heh in PARTICIPLES):
        return in_heh
    return found[1]


def _comparative(word: str) -> str:
    found = _COMPARATIVE.fullmatch(word)
    if found is None or word in NO_SUPERLATIVE:
        return word
    if takes_comparative(found[1]):
        return found[1]
    return found[1] + "تر" if found[2] == "ترین" else word


def _perfect(word: str) -> str:
    found = PERFECT.fullmatch(word)
    return found[1] if found and found[1] in PARTICIPLES else word


def _ezafe(word: str) -> str:
    if len(word) < 4 or word[-1] != "ی":
        return word
    noun = word[:-1]
    if noun[-1] == "ا":
        return word if word in NO_YEH_AFTER_ALEF else noun
    in_waw = noun in ENDING_IN_WAW or (MAKERS_IN_WAW.fullmatch(noun) and word not in NO_YEH_AFTER_WAW)
    return noun if in_waw else word


def _people(word: str) -> str:
    if not word.endswith("ان"):
        return word
    in_heh = word.endswith("گان") and _PARTICIPLE.search(word[:-3] + "ه")
    if word in NO_PEOPLE or not (in_heh or PEOPLE.fullmatch(word)):
        return word
    if word.endswith("گان"):
        return word[:-3] + "ه"
    return word[:-3] if word.endswith(("جویان", "گویان", "گرایان")) else word[:-2]


def _listed(word: str) -> str:
    """By the closed lists, also behind بی: «بی‌عدالتی» and «بیعدالتی» are one."""
    if word.startswith("بی") and word[2:] in INFLECTED:
        return "بی" + INFLECTED[word[2:]]
    return INFLECTED.get(word, word)


#: In the order of application; each takes one ending off.
_ENDINGS = (_plural, _comparative, _perfect, _ezafe, _listed, _people)


def stem(word: str) -> str:
    """The word without the endings that are written solid, in its usual spelling. Stems stay themselves."""
    if len(word) > LONGEST_WORD:
        return word
    before = None
    while word != before:
        before = word
        for take_off in _ENDINGS:
            word = take_off(word)
        word = IRREGULAR.get(word, word)
    return word
