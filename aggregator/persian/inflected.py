"""Inflected forms that only closed lists can tell from other words, each with its word, for matching.

«مدیران» is «مدیر», but «تهران» is a name; «اقدامات» is «اقدام», but «خدمات» is not «خدمت»; «جدیدی» is «جدید»,
but «ایرانی» is not «ایران». So nothing here is a rule for any word: the lists are those of official prose.
"""

from collections.abc import Iterator

from aggregator.persian.letters import fold_letters, words
from aggregator.persian.verbs import verb_forms

#: People, whose plural is made with ان or ین; زن is not among them: «زنان» is searched as such.
_PERSONS = """
مدیر معلم مسئول مسوول استاد جوان نوجوان کودک شهروند کشاورز پدر مادر زائر مسافر پرستار شاعر حاکم آموزگار مدرس
محقق مهندس متخصص معاون مشاور ناظر بازرس سالمند معلول هموطن مؤمن مسلمان داور قهرمان بازیکن مخاطب داوطلب مأمور
سرپرست دبیر وزیر سفیر خادم شاغل مترجم مؤلف مبلغ مجروح محروم مستضعف معتاد متهم مجرم محکوم متخلف متعصب معتقد
مدافع مجاهد مهاجر مستخدم مشمول متولد منتخب منتقد مصدوم بیمار کاربر صاحبنظر سخنران همسر پیشکسوت دلاور بازرگان
ناشر مورخ دانشور مرد پسر دختر برادر خواهر فعال شاهد حاضر سارق تاجر شهید امام فقیر پیامبر پیغمبر طراح جراح
عکاس نقاش مؤسس متأهل مجرد مشترک دادرس وکیل دادستان بازپرس عالم فقیه عارف مجتهد مفسر محدث مبتکر مخترع متفکر
روشنفکر اندیشمند رهبر امیر حریف رقیب عابر غواص ساکن مالک وارث متصرف مستأجر کاسب متعهد متقلب محتکر معتکف واعظ
خطیب صالح ظالم مظلوم مستکبر دشمن دوست همراه یتیم مستمند فرمانده افسر سردار صیاد مهاجم پهلوان قاتل حسابرس
ممیز ارزیاب مقصر غایب حامل مبارز معترض مخالف موافق منافق منتظر مدعو متضرر مجاور محصل شاگرد هنرور پیرو کس
سالک عاشق حافظ مداح نظر کسوت التحصیل دریانورد کوهنورد خردسال بزرگسال میانسال پادشاه بی‌سواد بی‌خانمان
بی‌بضاعت داوخواه قهرمان اقتصاددان ملوان خلبان
"""
_SURNAMES = ("مردانی", "صالحانی", "مهاجرانی", "سالکانی")
#: Those in a vowel, whose plural is made with یان, or ان after ی.
_PERSONS_IN_VOWEL = """
متقاضی مشتری زندانی قربانی ایرانی کارفرما مددجو روستایی نظامی روحانی مربی متصدی متولی دانشگاهی فرهنگی بازاری
شاکی مبتلا مجری راوی ناجی همشهری آمریکایی اروپایی آلمانی فرانسوی فلسطینی عراقی افغانستانی ساسانی هخامنشی
اشکانی عثمانی سامانی بسیجی سپاهی ارتشی انقلابی بانی حامی مدعی منجی مؤدی متوفی نابینا ناشنوا دانا راهنما آقا
پیشوا آشنا غربی خارجی تهرانی اصفهانی کرمانی مسیحی یهودی زرتشتی صهیونیستی
"""
#: Those in ه, whose plural is made with گان; beside them those in نده and the participles.
_PERSONS_IN_HEH = "نخبه خبره همسایه فرزانه بیگانه ستاره فرشته تشنه گرسنه آزاده آواره درمانده شیفته یگانه زبده"
#: Parts of the body and women, in و: «بازوان», «بانوان».
_PAIRS_IN_WAW = "بانو بازو زانو ابرو گیسو آهو هندو"

#: Nouns whose plural in ات is that plural and nothing else: not خدمت, اطلاع, انتخاب, عمل, ارتباط, امکان.
_PLURAL_IN_AT = """
اقدام تصمیم تغییر تحول مشکل پیشنهاد دستور گزارش انتقاد اختلاف اختلال اعتراض اعتقاد امتیاز ایراد باغ تأثیر
تجمع تحقیق ترکیب تصور تعهد تمرین تهدید توضیح توهین جریان حیوان خطر مقام موجب نظر محصول تولید اعتبار اختیار
احتمال احساس التهاب امتحان انتصاب انتظار اثر بیان تشنج تعمیر تفکر تخلف تجاوز تحریک تحرک تذکر تصادف تعرض تعلق
تمایل تناقض توافق خیال سؤال موضوع نوسان ابهام الزام ابداع اغتشاش افتخار انحراف اشتباه التزام جلسه مقاله حمله
مذاکره مبارزه مطالعه مطالبه مصاحبه ملاحظه مسابقه مناقصه مزایده مصوبه معامله مبادله محاسبه مکاتبه مکالمه لحظه
نکته کلمه جمله صفحه قطعه طبقه درجه نظریه نشریه فرضیه صدمه لطمه ضربه روحیه مشاهده مناظره مناقشه مجادله مداخله
مشاجره معاینه مقدمه دفعه شبهه حرکت خسارت شکایت روایت عبارت عادت حکایت زحمت حاجت برکت کرامت
"""

#: Adjectives that have no noun in ی, and nouns that have no adjective in ی: theirs is «a», «some».
_INDEFINITE = """
جدید مهم مختلف متعدد متفاوت متنوع متناسب مناسب نامناسب دقیق مشهور معروف شدید عمیق وسیع کامل ناقص مفید مضر
مشخص معلوم مطلوب نامطلوب مکرر مؤثر مستقل منظم مجزا مشابه معتبر مطمئن متوسط متعادل محسوس ملموس محدود معدود
مبسوط مفصل مختصر مضاعف مستند مستدل مجهز مدرن محکم مستحکم مقاوم لازم جالب عجیب خاص لایق قابل قاطع جامع وافر
ارزشمند چشمگیر شایان دلپذیر ناگوار خوشایند ناخوشایند موفق مثبت ممتاز ممکن مشترک متقابل مرتبط مبهم معقول رایج
مجرب مخرب خطیر حساس زیاد اندک گوناگون شب نفر درصد سؤال فرق تأثیر جریان عنوان کیفیت قدر یاد نقش تغییر تصمیم
دلیل علت مشکل تفاوت تردید شک تلاش فرصت وضعیت موقعیت اهمیت ظرفیت محدودیت موفقیت ممنوعیت معافیت اولویت حساسیت
قابلیت مزیت ضرورت مأموریت فعالیت واقعیت ماهیت مسئولیت عدالت مانع ابهام اقدام اثر سهم هدف پاسخ جواب چیز کس
نوع مسیر پیام سخن حرف گزارش یادداشت توضیح رویداد تحول پیشرفت مبلغ مقدار میزان تعداد روند فرایند فرآیند
راهکار سازوکار استاندارد تعهد طرح مسئول متهم فیلم روش برخورد بحث مطلب نگاه قصد نیاز امکان خطر اشکال ایراد
عیب تصور تعریف
"""
#: Nouns in a vowel, whose «a» is یی.
_INDEFINITE_IN_VOWEL = "الگو آرزو بانو تابلو آهو ماجرا ادعا"

#: Nouns to which a possessive is written solid: «همسرش», «کشورمان».
_POSSESSED = """
خود همسر پدر مادر برادر خواهر پسر فرزند دوست دست چشم دل قلب نام کشور شهر میهن مردم ملت عمر قدم کتاب پشت صورت
زندگی کار حرف سخن وطن انقلاب سرزمین
"""
_POSSESSIVES = ("م", "ش", "مان", "تان", "شان")

#: Short words in a vowel, whose ezafe no rule takes off.
_EZAFE = "پا جا سو گو"


def _persons() -> Iterator[tuple[str, str]]:
    for person in words(_PERSONS):
        for ending in ("ان", "ین", "انی"):
            if person + ending not in _SURNAMES:
                yield person + ending, person
    for person in words(_PERSONS_IN_VOWEL):
        yield person + ("ان" if person[-1] == "ی" else "یان"), person
    for person in words(_PERSONS_IN_HEH):
        yield person.removesuffix("ه") + "گان", person
    for one in words(_PAIRS_IN_WAW):
        yield one + "ان", one


def _plurals_in_at() -> Iterator[tuple[str, str]]:
    for noun in words(_PLURAL_IN_AT):
        plural = (noun[:-1] if noun[-1] in "هت" else noun) + "ات"
        yield plural, noun


def _indefinite() -> Iterator[tuple[str, str]]:
    for word in words(_INDEFINITE):
        yield word + "ی", word
    for word in words(_INDEFINITE_IN_VOWEL):
        yield word + "یی", word


def _possessed() -> Iterator[tuple[str, str]]:
    for noun in words(_POSSESSED):
        for ending in _POSSESSIVES:
            yield noun + ending, noun
    for word in words(_EZAFE):
        yield word + "ی", word


#: Inflected form → word, both in the letters of matching; no form that is a verb («نامم» after می).
INFLECTED: dict[str, str] = {
    fold_letters(form): fold_letters(word)
    for forms in (_persons(), _plurals_in_at(), _indefinite(), _possessed())
    for form, word in forms
    if form not in verb_forms()
}
