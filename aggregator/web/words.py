"""The words that code chooses, as keys of the catalogue; the others stand in the templates."""

from aggregator.web.language import Language
from aggregator.web.problems import ProblemError

SORTS = {"relevance": "مرتبط‌ترین", "date": "تازه‌ترین", "fresh": "مرتبط و تازه"}
FACETS = {
    "organisation": "سازمان",
    "province": "استان",
    "source": "منبع",
    "section": "بخش",
    "mentions": "نام‌برده در متن",
}
#: Kinds of organisations.
KINDS = {
    "presidency": "نهاد ریاست جمهوری",
    "ministry": "وزارتخانه",
    "organisation": "سازمان",
    "provincial_office": "ادارهٔ استانی",
    "governorate": "استانداری",
    "news_agency": "خبرگزاری",
    "other": "نهاد دیگر",
}
#: Fields of an article, as ``Article`` and ``Change.field`` call them.
FIELDS = {
    "headline": "عنوان",
    "kicker": "روتیتر",
    "lead": "لید",
    "body": "متن",
    "section": "بخش",
    "keywords": "کلیدواژه‌ها",
    "authors": "نویسندگان",
    "main_image": "تصویر اصلی",
    "images": "تصویرها",
    "attachments": "پیوست‌ها",
    "code": "کد خبر",
    "published": "تاریخ انتشار",
    "modified": "آخرین ویرایش",
    "platform": "سامانهٔ سایت",
}
#: Where a field came from.
ORIGINS = {
    "platform": "قالب سایت",
    "visible": "متن صفحه",
    "generic": "چینش صفحه",
    "feed": "خوراک",
    "listing": "فهرست خبرها",
    "meta": "برچسب‌های meta",
    "opengraph": "Open Graph",
    "json-ld": "JSON-LD",
    "microdata": "microdata",
    "import": "درون‌ریزی",
}
FINDINGS = {"blocked": "مسدود", "failing": "ناموفق", "silent": "خاموش", "drifted": "دگرگون"}
#: What leads to the articles of a source.
ENTRANCES = {"feed": "خوراک", "sitemap": "نقشهٔ سایت", "listing": "فهرست خبرها", "days": "بایگانی روزها"}
RUN_STATES = {
    "running": "در جریان",
    "finished": "درست",
    "interrupted": "نیمه‌کاره",
    "failed": "ناموفق",
    "killed": "بریده",
}

_STATUS = {
    400: "درخواست خوانده نشد",
    401: "نیاز به رمز ورود",
    403: "دسترسی مجاز نیست",
    404: "چنین صفحه‌ای نیست",
    405: "این روش پذیرفته نیست",
    413: "درخواست بیش از اندازه بزرگ است",
    421: "این نشانی پذیرفته نیست",
    422: "درخواست خوانده نشد",
    429: "درخواست‌های بسیار؛ کمی درنگ کنید",
    503: "اکنون در دسترس نیست؛ کمی دیگر دوباره بیازمایید",
}
_PARAMETERS = {
    "since": "تاریخ آغاز خوانا نیست؛ آن را مانند ۱۳۹۹/۰۳/۲۰، ۱۳۹۹/۰۳ یا 2020-06-09 بنویسید.",
    "until": "تاریخ پایان خوانا نیست؛ آن را مانند ۱۳۹۹/۰۳/۲۰، ۱۳۹۹/۰۳ یا 2020-06-09 بنویسید.",
    "cursor": "نشانی این صفحه از جستجوی دیگری است؛ از صفحهٔ نخست آغاز کنید.",
    "q": "عبارت جستجو خوانده نشد.",
    "a": "جستجوی نخست خوانده نشد.",
    "b": "جستجوی دوم خوانده نشد.",
}


def status_title(status: int, language: Language) -> str:
    """What an error is called."""
    return language.text(_STATUS.get(status, "خطایی رخ داد"))


def explain(problem: ProblemError, language: Language) -> tuple[str, str]:
    """A wrong search in the reader's language, and the exact sentence."""
    name = problem.parameter or ""
    if name in _PARAMETERS:
        told = language.text(_PARAMETERS[name])
    else:
        told = language.text("پارامتر %(name)s پذیرفته نیست.", name=name)
    if problem.position is not None:
        told += " " + language.text("جای خطا: نویسهٔ %(number)s.", number=problem.position + 1)
    return told, problem.detail
