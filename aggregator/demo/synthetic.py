"""Any number of different press releases from a small grammar: for crawls of hundreds of pages.

The same count and seed give the same stories. No two have the same headline, lead or body.
"""

import random
from datetime import datetime, timedelta

from aggregator.demo.stories import Block, Story
from aggregator.persian.calendar import TEHRAN

FIRST_NUMBER = 40_001
FIRST_DAY = datetime(2020, 3, 25, 7, 0, tzinfo=TEHRAN)  #: 6 Farvardin 1399
LAST_DAY = datetime(2024, 3, 10, 7, 0, tzinfo=TEHRAN)  #: 20 Esfand 1402

CITIES = (
    "کرج", "رشت", "شیراز", "مشهد", "کرمان", "تبریز", "یزد", "ساری", "اراک", "زنجان", "بوشهر", "ایلام",
    "سمنان", "اردبیل", "قزوین", "همدان", "گرگان", "بیرجند", "خرم‌آباد", "شهرکرد", "بندرعباس", "سنندج", "یاسوج",
    "ارومیه",
)  # fmt: skip
GIVEN_NAMES = (
    "مهرداد",
    "نسرین",
    "کامران",
    "پریسا",
    "حمیدرضا",
    "لیلا",
    "بهزاد",
    "سمیه",
    "فرشید",
    "آزاده",
    "جواد",
    "مینا",
)
FAMILY_NAMES = (
    "رستگارپور", "کوهستانی", "نیک‌سرشت", "صادقی‌منش", "بهرامی‌فر", "دشتی‌زاده", "آریان‌مهر", "گلستانه", "فرهمندی",
    "پورعباس", "شایسته‌خو", "مرادی‌نسب",
)  # fmt: skip
POSTS = (
    "مدیرکل تعاون، کار و رفاه اجتماعی استان",
    "معاون اشتغال اداره کل",
    "رئیس گروه بازرسی کار",
    "مدیر روابط عمومی اداره کل",
    "معاون امور تعاون استان",
    "فرماندار شهرستان",
)
#: kind of event, section, keyword
EVENTS = (
    ("کارگاه آموزشی ایمنی در کارگاه‌های ساختمانی", "روابط کار", "ایمنی کار"),
    ("نمایشگاه دستاوردهای شرکت‌های تعاونی", "تعاون", "شرکت تعاونی"),
    ("نشست کارگروه اشتغال", "اشتغال", "اشتغال"),
    ("بازدید از واحدهای تولیدی شهرک صنعتی", "تولید", "شهرک صنعتی"),
    ("آزمون مهارت کارآموزان فنی و حرفه‌ای", "آموزش", "مهارت‌آموزی"),
    ("میز خدمت ویژه بازنشستگان", "رفاه اجتماعی", "بازنشستگان"),
    ("مجمع عمومی تعاونی‌های مسکن", "تعاون", "مسکن"),
    ("رزمایش پیشگیری از حوادث ناشی از کار", "روابط کار", "حوادث کار"),
    ("جشنواره کارآفرینان برتر", "اشتغال", "کارآفرینی"),
    ("دوره توانمندسازی زنان سرپرست خانوار", "رفاه اجتماعی", "توانمندسازی"),
)
VERBS = ("برگزار شد", "آغاز به کار کرد", "به پایان رسید", "برپا شد")
KICKERS = ("با حضور {post}؛", "{person} خبر داد:", "در شهرستان {city}؛", "به همت اداره کل؛", None)
LEADS = (
    "{event} با مشارکت {n} نفر در {city} {verb}.",
    "{post} از برگزاری {event} در {city} و حضور {n} نفر در آن خبر داد.",
    "{event} که {n} شرکت‌کننده داشت، به میزبانی شهرستان {city} {verb}.",
)
SENTENCES = (
    "{person} در این مراسم گفت: از ابتدای سال تاکنون {n} نفر از خدمات این طرح در {city} بهره‌مند شده‌اند.",
    "وی افزود: اعتباری معادل {n} میلیارد ریال برای ادامه این برنامه پیش‌بینی شده است.",
    "{post} با اشاره به ظرفیت‌های {city} اظهار کرد: هیچ متقاضی واجد شرایطی نباید در صف انتظار بماند.",
    "به گفته {person}، {n} پرونده در کمیته استانی بررسی و نتیجه آن به متقاضیان اعلام شده است.",
    "در ادامه این برنامه، نمایندگان کارگران و کارفرمایان {city} دیدگاه‌های خود را مطرح کردند.",
    "وی تصریح کرد: گزارش عملکرد هر سه ماه یک بار در اختیار اعضای شورا قرار می‌گیرد.",
    "بر اساس این گزارش، سهم واحدهای کوچک از تسهیلات پرداختی {m} درصد بیشتر از دوره گذشته است.",
    "{person} تأکید کرد: نظارت میدانی تا رفع کامل کاستی‌ها ادامه خواهد یافت.",
    "همچنین مقرر شد کارگروهی {m} نفره، مشکلات باقی‌مانده را ظرف {m} هفته جمع‌بندی کند.",
    "در پایان از {m} نفر از فعالان این حوزه در {city} با اهدای لوح تقدیر شد.",
    "علاقه‌مندان می‌توانند برای ثبت‌نام به دفتر خدمات الکترونیکی شماره {m} در {city} مراجعه کنند.",
    "این برنامه در {m} بخش نظری و عملی تنظیم شده و مدرسان آن از مربیان باسابقه استان هستند.",
)
ITEMS = (
    "تکمیل فرم درخواست در سامانه تا {m} روز پس از انتشار فراخوان",
    "ارائه گواهی مهارت یا سابقه کار دست‌کم {m} ماهه",
    "معرفی یک نماینده از هر واحد صنفی شهرستان {city}",
    "بازبینی تجهیزات ایمنی هر {m} ماه یک بار",
)


def synthetic_articles(count: int, seed: int = 0, *, sentences: int | None = None) -> tuple[Story, ...]:
    """Stories numbered from ``FIRST_NUMBER``, spread evenly over 1399 to 1402, oldest first.

    ``sentences``: of each body; None: six to nine.
    """
    chance = random.Random(seed)
    step = (LAST_DAY - FIRST_DAY) / max(count, 1)
    return tuple(_story(chance, place, FIRST_DAY + step * place, sentences) for place in range(count))


def _story(chance: random.Random, place: int, day: datetime, sentences: int | None) -> Story:
    event, section, keyword = chance.choice(EVENTS)
    words = {
        "event": event,
        "city": chance.choice(CITIES),
        "person": f"{chance.choice(GIVEN_NAMES)} {chance.choice(FAMILY_NAMES)}",
        "post": chance.choice(POSTS),
        "verb": chance.choice(VERBS),
    }
    # The place makes headline, lead and body unlike those of every other story.
    numbers = {"n": str(place + 21), "m": str(chance.randint(3, 12))}
    kicker = chance.choice(KICKERS)
    return Story(
        number=FIRST_NUMBER + place,
        headline=f"{event} در {words['city']} {words['verb']}؛ ثبت‌نام {numbers['n']} نفر",
        kicker=kicker and kicker.format(**words),
        lead=chance.choice(LEADS).format(**words, **numbers),
        published=_clock(chance, day),
        blocks=_blocks(chance, {**words, **numbers}, place, sentences),
        section=("اخبار", section),
        keywords=(keyword, words["city"]),
        picture=place % 5 != 0,
        layout="breaks" if place % 8 == 3 else "paragraphs",
        end_mark="انتهای پیام/" if place % 6 == 1 else None,
    )


def _clock(chance: random.Random, day: datetime) -> datetime:
    """A minute of an office day."""
    return day.replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(minutes=chance.randint(0, 720))


def _blocks(
    chance: random.Random, words: dict[str, str], place: int, sentences: int | None
) -> tuple[Block, ...]:
    chosen_sentences = chance.sample(SENTENCES, k=sentences or chance.randint(6, 9))
    spelt = [sentence.format(**words) for sentence in chosen_sentences]
    opening = "به گزارش روابط عمومی، {event} با {n} شرکت‌کننده در {city} همراه بود."
    spelt[0] = f"{opening.format(**words)} {spelt[0]}"
    pairs = [" ".join(spelt[start : start + 2]) for start in range(0, len(spelt), 2)]
    blocks = [Block("paragraph", ((text,),)) for text in pairs]
    if place % 8 == 5:
        chosen = chance.sample(ITEMS, k=3)
        blocks.insert(2, Block("list", tuple((item.format(**words),) for item in chosen)))
    if place % 8 == 7:
        blocks.append(Block("table", (("شهرستان", "شرکت‌کننده"), (words["city"], words["n"]))))
    return tuple(blocks)
