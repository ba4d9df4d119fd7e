"""What the program says in English, said in Persian on the pages: notes on a search, errors, findings.

The API, the command line and the logs have the English sentences as they are. A test holds that each of
those that a page may show stands here.
"""

import re
from collections.abc import Mapping
from functools import cache

from markupsafe import Markup, escape

from aggregator.web.language import Language
from aggregator.web.views import clipped
from aggregator.web.words import FACETS

LONGEST = 500  # characters that are shown of one

#: English → Persian; ``{…}`` is a value, shown as it is but for numbers and what is called ``field``.
SENTENCES: dict[str, str] = {
    # --- notes on a search ------------------------------------------------------------------------------
    "«{word}» was searched as a word; OR or | asks for one of two": (
        "«{word}» یک واژهٔ جستجو شمرده شد؛ برای «این یا آن» OR یا | بنویسید"
    ),
    "the quotation mark {sign} closes nothing and was ignored": (
        "نشانهٔ نقل‌قول {sign} چیزی را نمی‌بندد و نادیده گرفته شد"
    ),
    "the quotation mark {sign} is not closed: the phrase was read to the end": (
        "نشانهٔ نقل‌قول {sign} بسته نشده است: عبارت تا پایان خوانده شد"
    ),
    "a minus sign with nothing behind it was ignored": "پس از نشانهٔ منها چیزی نیست؛ نادیده گرفته شد",
    "{typed} has no value and was ignored": "{typed} مقداری ندارد و نادیده گرفته شد",
    "{typed} was read as a filter, although a blank follows the colon": (
        "{typed} صافی شمرده شد، هرچند پس از دونقطه فاصله‌ای هست"
    ),
    "a parenthesis that closes nothing was ignored": "پرانتزی که چیزی را نمی‌بندد نادیده گرفته شد",
    "a parenthesis is not closed: the group was read to the end": (
        "پرانتزی بسته نشده است: گروه تا پایان خوانده شد"
    ),
    "{operator} with nothing on one side was ignored": "یک سوی {operator} چیزی نیست؛ نادیده گرفته شد",
    "NOT with nothing behind it was ignored": "پس از NOT چیزی نیست؛ نادیده گرفته شد",
    "{typed} has no letters or digits and was ignored": "{typed} نه حرفی دارد و نه رقمی؛ نادیده گرفته شد",
    "{typed} was searched as words; the field is called {name}:": (
        "{typed} همچون واژه جستجو شد؛ نام آن صافی {name}: است"
    ),
    "no organisation or place is called {typed}, so it was taken as a speaker's name": (
        "نهاد یا جایی به نام {typed} شناخته نیست؛ نام گوینده شمرده شد"
    ),
    "no organisation or place is called {typed}, so it was taken as a speaker's name; near: {names}": (
        "نهاد یا جایی به نام {typed} شناخته نیست؛ نام گوینده شمرده شد. نام‌های نزدیک: {names}"
    ),
    "no {field} is called {typed}, so it was taken as an id": (
        "{field} به نام {typed} شناخته نیست؛ شناسه شمرده شد"
    ),
    "no {field} is called {typed}, so it was taken as an id; near: {names}": (
        "{field} به نام {typed} شناخته نیست؛ شناسه شمرده شد. نام‌های نزدیک: {names}"
    ),
    "no day is within the dates asked for: since is after until": (
        "هیچ روزی در این بازه نیست: تاریخ آغاز پس از تاریخ پایان است"
    ),
    "the search index is empty: nothing was collected yet, or it was lost (`aggregator reindex` fills it)": (
        "نمایه تهی است: هنوز چیزی گردآوری نشده، یا نمایه از دست رفته است "
        "(با فرمان aggregator reindex پر می‌شود)"
    ),
    "this page was asked for long after the one before: articles that came or changed since may be missing "
    "on it, or be on both": (
        "این صفحه دیر پس از صفحهٔ پیش خواسته شد: خبرهایی که در این میان آمده یا دگرگون شده‌اند شاید در آن "
        "نباشند یا در هر دو باشند"
    ),
    # --- searches that make no sense --------------------------------------------------------------------
    "a query has at most {number} characters": "عبارت جستجو نباید بیش از {number} نویسه داشته باشد",
    "parentheses nest at most {number} deep": "پرانتزها تا {number} لایه در هم می‌روند",
    "{typed} is no date; accepted are {examples}": (
        "{typed} تاریخ نیست؛ مانند ۱۳۹۹/۰۳/۲۰ بنویسید، یا تنها ماه یا سال (۱۳۹۹/۰۳، ۱۳۹۹)"
    ),
    "the cursor belongs to another search: start again without it": (
        "این نشانی از جستجوی دیگری است: از صفحهٔ نخست آغاز کنید"
    ),
    "the cursor {typed} is none that this search gave": "این جستجو صفحه‌ای به نشانی {typed} نداده است",
    "{number} articles are too many for one export (at most {most_number}): ask for fewer, for example year "
    "by year, or use `aggregator export` on the machine itself": (
        "{number} خبر برای یک برون‌بری زیاد است (دست بالا {most_number}): کمتر بخواهید، برای نمونه سال به "
        "سال، یا فرمان aggregator export را روی خود دستگاه به کار ببرید"
    ),
    # --- parameters -------------------------------------------------------------------------------------
    "{name} is given more than once": "{name} بیش از یک بار داده شده است",
    "there is no such parameter": "چنین پارامتری نیست",
    "to: one of {names}": "to: یکی از {names}",
    "input should be {values}": "باید {values} باشد",
    "input should be a valid integer, unable to parse string as an integer": "باید عدد درست باشد",
    "input should be greater than or equal to {number}": "باید {number} یا بیشتر باشد",
    "input should be less than or equal to {number}": "باید {number} یا کمتر باشد",
    "string should have at most {number} characters": "نباید بیش از {number} نویسه داشته باشد",
    "string should have at least {number} character": "باید دست کم {number} نویسه داشته باشد",
    # --- what is not there, or not allowed --------------------------------------------------------------
    "there is no article with this id": "خبری با این شناسه نیست",
    "there is no article or story with this id": "خبر یا ماجرایی با این شناسه نیست",
    "there is no saved search with this id": "جستجوی ذخیره‌شده‌ای با این شناسه نیست",
    "this saved search cannot be asked any more": "این جستجوی ذخیره‌شده دیگر خوانده نمی‌شود",
    "there is no source with this id": "منبعی با این شناسه نیست",
    "there is no organisation with this id": "نهادی با این شناسه نیست",
    "there is no province with this id": "استانی با این شناسه نیست",
    "there is no such file": "چنین فایلی نیست",
    "Not Found": "یافت نشد",
    "Method Not Allowed": "این روش پذیرفته نیست",
    "a form of more than {number} bytes is not read": "فرمی بزرگ‌تر از {number} بایت خوانده نمی‌شود",
    "only a form of this site may do that": "تنها فرم‌های همین سایت این کار را می‌کنند",
    "this server is only reached as localhost": "این سرور تنها با نام localhost در دسترس است",
    "only the proxy before this server may ask it": "تنها پروکسیِ جلوی این سرور از آن می‌پرسد",
    "too many requests: wait a moment": "درخواست‌ها بسیارند: کمی درنگ کنید",
    "send the token: Authorization: Bearer …": "رمز را بفرستید: Authorization: Bearer …",
    "{number} exports are under way: wait until one has ended": (
        "{number} برون‌بری در جریان است: تا پایان یکی از آن‌ها درنگ کنید"
    ),
    "this took longer than {number} seconds: ask for less": (
        "این کار بیش از {number} ثانیه به درازا کشید: کمتر بخواهید"
    ),
    "the settings of this server are wrong; its log says how": (
        "تنظیمات این سرور نادرست است؛ گزارش آن می‌گوید چگونه"
    ),
    "this is a mistake of ours; the server's log has it": "این خطا از ماست؛ در گزارش سرور ثبت شده است",
    # --- saving a search --------------------------------------------------------------------------------
    "a saved search has at most {number} targets": "یک جستجوی ذخیره‌شده دست بالا {number} گیرنده دارد",
    "{typed} is no e-mail address such as name@example.org": (
        "{typed} نشانی رایانامه‌ای مانند name@example.org نیست"
    ),
    "no e-mail can be sent yet: set smtp_host and smtp_sender, in the environment (AGGREGATOR_SMTP_HOST) or "
    "in aggregator.toml": (
        "هنوز رایانامه‌ای فرستاده نمی‌شود: smtp_host و smtp_sender را در محیط (AGGREGATOR_SMTP_HOST) یا در "
        "aggregator.toml تنظیم کنید"
    ),
    "{typed} is no web address": "{typed} نشانی وب نیست",
    "{typed} is no webhook such as https://example.org/hook": (
        "{typed} وب‌هوکی مانند https://example.org/hook نیست"
    ),
    "a webhook's address has neither a password nor a fragment (#) in it": (
        "نشانی وب‌هوک نه گذرواژه دارد و نه پاره‌ای پس از #"
    ),
    "{host} is a private address: only the command line may save it": (
        "{host} نشانی شبکهٔ خصوصی است: تنها از خط فرمان ذخیره می‌شود"
    ),
    "there is a saved search {typed} already: choose another name": (
        "جستجوی ذخیره‌شده‌ای به نام {typed} هست: نام دیگری برگزینید"
    ),
    "{number} searches are saved, and no more can be: remove one": (
        "{number} جستجو ذخیره شده است و بیش از این نمی‌شود: یکی را بردارید"
    ),
    "a saved search needs a name of 1 to 200 characters": (
        "نام جستجوی ذخیره‌شده باید ۱ تا ۲۰۰ نویسه داشته باشد"
    ),
    # --- the health of a source -------------------------------------------------------------------------
    "the last run failed: {reason}": "واپسین گردش ناموفق بود: {reason}",
    "the last {number} runs failed: {reason}": "{number} گردش واپسین ناموفق بودند: {reason}",
    "the site refuses us: {reason}": "سایت ما را نمی‌پذیرد: {reason}",
    "the site refuses us, {number} of {most_number} pages: {reason}": (
        "سایت ما را نمی‌پذیرد، در {number} صفحه از {most_number}: {reason}"
    ),
    "nothing new for {number} days, since {number_day}; usually there is news every day": (
        "{number} روز است که خبر تازه‌ای نیست، از {number_day}؛ همیشه هر روز خبری هست"
    ),
    "nothing new for {number} days, since {number_day}; usually there is news every {usual_number} days": (
        "{number} روز است که خبر تازه‌ای نیست، از {number_day}؛ معمولاً هر {usual_number} روز خبری هست"
    ),
    "lost: {fields}": "از دست رفته: {fields}",
    "the site now runs on {name}, before: {other}": "سایت اکنون بر {name} است، پیش‌تر: {other}",
}
_VALUE = re.compile(r"\{(\w+)\}")
_NAMED = re.compile(r"([\w.-]{1,100}): (.+)", re.DOTALL)


def said(sentence: str, language: Language) -> Markup:
    """A sentence of the program for a page; one that has no Persian is marked as English."""
    # A longer one is not shown whole anyway, and may be anybody's work: an address of a thousand parameters.
    if language.code == "fa" and len(sentence) <= LONGEST and (persian := _persian(sentence, language)):
        return persian
    return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(clipped(sentence, LONGEST))


def _persian(sentence: str, language: Language) -> Markup | None:
    if whole := _one(sentence, language):
        return whole
    parts = [_one(part, language) for part in sentence.split("; ")]
    return Markup("؛ ").join(part for part in parts if part) if all(parts) else None


def _one(sentence: str, language: Language) -> Markup | None:
    """A sentence of the table, also behind the name of the parameter that it is about."""
    named = _NAMED.fullmatch(sentence)
    if (whole := _matched(sentence, language)) or not named:
        return whole
    rest = _matched(named[2], language)
    return Markup('<bdi dir="ltr">{}</bdi>: {}').format(named[1], rest) if rest else None


def _matched(sentence: str, language: Language) -> Markup | None:
    for pattern, persian in _patterns():
        if found := pattern.fullmatch(sentence):
            return _filled(persian, found.groupdict(), language)
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The longest first: a sentence with an addition is not taken for the one without."""
    by_length = sorted(SENTENCES.items(), key=lambda item: -len(item[0]))
    return [(_pattern(english), persian) for english, persian in by_length]


def _pattern(english: str) -> re.Pattern[str]:
    pieces = _VALUE.split(english)
    shapes = [re.escape(piece) if place % 2 == 0 else _shape(piece) for place, piece in enumerate(pieces)]
    return re.compile("".join(shapes), re.DOTALL | re.IGNORECASE)


def _shape(name: str) -> str:
    shape = r"[\d,./-]+" if "number" in name else "'.+'" if name == "values" else ".+?"
    return f"(?P<{name}>{shape})"


def _filled(persian: str, values: Mapping[str, str], language: Language) -> Markup:
    shown = {name: _shown(name, value, language) for name, value in values.items()}
    return escape(persian).format(**shown)


def _shown(name: str, value: str, language: Language) -> Markup:
    if "number" in name:
        # Apart: behind Persian letters the parts of 1399-03-20 would be shown in the other order.
        return Markup("<bdi>{}</bdi>").format(language.digits(value.replace(",", "٬")))
    if name == "field" and value in FACETS:
        return escape(FACETS[value])
    return Markup("<bdi>{}</bdi>").format(clipped(value, LONGEST))
