"""The words around names: what comes before them, what follows, and what they are then."""

from collections.abc import Iterator
from enum import Enum, auto

from aggregator.persian.letters import fold_letters, folded_words


class Head(Enum):
    """What the word before a name makes of it."""

    MINISTRY = auto()  #: a ministry
    OFFICE = auto()  #: the office of a ministry or organisation in a province
    BODY = auto()  #: an organisation that is no ministry
    GOVERNORATE = auto()  #: the governorate of a province
    PROVINCE = auto()
    COUNTY = auto()


def _heads() -> Iterator[tuple[str, Head, bool]]:
    for head, plural, names in (
        (Head.MINISTRY, False, "وزارت|وزارتخانه|وزیر|وزیر محترم|وزیر سابق|وزیر پیشین|وزیر اسبق|وزیر وقت"),
        (Head.MINISTRY, True, "وزارتخانه های|وزارت های|وزرای|وزیران"),
        (Head.OFFICE, False, "اداره کل|مدیرکل|مدیر کل|مدیریت کل|اداره کل محترم"),
        (Head.OFFICE, True, "ادارات کل|اداره های کل|مدیران کل|مدیرکل های"),
        (Head.BODY, False, "سازمان|اداره"),
        (Head.GOVERNORATE, False, "استانداری|استاندار|استاندار محترم|استانداری محترم"),
        (Head.GOVERNORATE, True, "استانداری های|استانداران|استاندارهای"),
        (Head.PROVINCE, False, "استان"),
        (Head.PROVINCE, True, "استان های"),
        (
            Head.COUNTY,
            False,
            "شهرستان|شهر|فرمانداری|فرماندار|بخشداری|بخشدار|شهرداری|شهردار|فرماندار شهرستان|فرماندار ویژه",
        ),
        (Head.COUNTY, False, "امام جمعه|امام جمعه موقت|نماینده مردم|بخشداری مرکزی|بندر"),
        (Head.COUNTY, True, "شهرستان های|شهرهای|فرمانداران|شهرداران|فرمانداری های|شهرداری های"),
    ):
        for name in names.split("|"):
            yield name, head, plural


HEADS = tuple(_heads())

#: Before «استان» or «شهرستان», they make a list of what follows.
NUMBERS = folded_words("دو سه چهار پنج شش هفت هشت نه ده ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹ ۱۰ هر‌دو")

#: The heads that are part of a county's or province's mention; of the others only the name is.
PLACE_WORDS = folded_words("استان شهرستان شهر شهرستان‌های شهرهای")

#: The first word of the name of a body that heads offices in the provinces.
OWN_HEADS = {fold_letters("وزارت"): Head.MINISTRY, fold_letters("سازمان"): Head.BODY}

#: The first word of names that may lose «کشور» or «ایران» at their end.
INSTITUTIONS = folded_words(
    "وزارت سازمان شرکت بانک صندوق مرکز مؤسسه بنیاد ستاد جمعیت نهاد خبرگزاری پژوهشگاه بیمه گمرک"
)

#: What may follow an organisation's name without changing it.
TAILS = ("کشور", "ایران", "جمهوری اسلامی ایران", "جمهوری اسلامی", "اسلامی ایران", "کشورمان")

#: Ends and beginnings of towns' names that are also written as words of their own.
SUFFIX_WORDS = tuple(folded_words("آباد شهر دشت رود سر سوار کرد تپه کوه شاه"))
PREFIX_WORDS = tuple(folded_words("بندر شهر گنبد"))

#: Behind a ministry or its minister: another country's.
FOREIGN = folded_words(
    "عراق ترکیه افغانستان پاکستان روسیه چین هند ژاپن آلمان فرانسه انگلیس انگلستان بریتانیا آمریکا "
    "ایتالیا اسپانیا سوریه لبنان فلسطین اردن مصر عربستان عمان قطر امارات کویت بحرین یمن ارمنستان "
    "آذربایجان گرجستان ترکمنستان ازبکستان تاجیکستان قزاقستان قرقیزستان بلاروس اوکراین مجارستان اتریش "
    "سوئیس سوئد نروژ فنلاند هلند بلژیک لهستان صربستان بلغارستان یونان کره ونزوئلا کوبا برزیل مکزیک "
    "کانادا استرالیا اندونزی مالزی تایلند ویتنام الجزایر تونس مراکش لیبی سودان نیجریه غنا کنیا زیمبابوه "
    "بورکینافاسو نیکاراگوئه بولیوی"
)

#: Names of organisations that are ordinary words: without «وزارت», «سازمان», «خبرگزاری» they are none.
ORDINARY_NAMES = folded_words("تعزیرات دولت مهر میزان")
