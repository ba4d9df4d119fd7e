"""The language of the interface: Persian, or English by a switch. What was published stays as it is.

Persian texts are the keys, as with gettext: ``_("جستجو")`` in a template, ``language.text("جستجو")`` in
Python; their English stands in ``english``. A test holds that each has one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from markupsafe import Markup
from starlette.requests import Request

from aggregator.persian.calendar import JALALI_MONTHS, format_jalali, instant_of_day, tehran_day
from aggregator.persian.digits import to_latin_digits, to_persian_digits
from aggregator.web.english import ENGLISH

COOKIE = "aggregator_language"
REMEMBERED = 365 * 24 * 3600  # seconds

#: An English text, or its singular and plural, chosen by the value named ``count``.
Catalogue = Mapping[str, str | tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Language:
    """How the interface speaks: its words, its digits, its dates."""

    code: Literal["fa", "en"]
    direction: Literal["rtl", "ltr"]
    catalogue: Catalogue  #: what is not in it is said as its key says it

    def text(self, key: str, **values: object) -> str:
        """The words of a Persian text, with values in place of ``%(name)s``; numbers in its digits."""
        said = self._said(key, values.get("count"))
        shown = {name: self.digits(value) if _is_number(value) else value for name, value in values.items()}
        return said % shown if shown else said

    def markup(self, key: str, **values: object) -> Markup:
        """The same for templates: values that are no markup themselves are escaped."""
        said = Markup.escape(self._said(key, values.get("count")))
        shown = {name: self.digits(value) if _is_number(value) else value for name, value in values.items()}
        return said % shown if shown else said

    def _said(self, key: str, count: object) -> str:
        said = self.catalogue.get(key, key)
        return said if isinstance(said, str) else said[count != 1]

    # --- numbers and dates --------------------------------------------------------------------------------

    def digits(self, number: object) -> str:
        """A number in the digits of the language, its thousands apart, with one decimal if it has any; other
        texts with these digits."""
        shown = _plain(number)
        if self.code == "en":
            return to_latin_digits(shown)
        if shown != number:  # not a text
            shown = shown.replace(",", "٬").replace(".", "٫")
        return to_persian_digits(shown)

    def percent(self, share: float) -> str:
        """A share of 0 to 1; what is less than a thousandth is not told as nothing."""
        if 0 < share < 0.001:
            return self.text("کمتر از ۰٫۱٪")
        return f"{self.digits(share * 100)}{'%' if self.code == 'en' else '٪'}"

    def month_name(self, month: str) -> str:
        """``1399-03`` as «خرداد ۱۳۹۹», ``1399`` as «۱۳۹۹»."""
        year, _, number = month.partition("-")
        name = f"{self.text(JALALI_MONTHS[int(number) - 1])} " if number else ""
        return self.digits(f"{name}{int(year)}")

    def stamp(self, instant: datetime, precision: Literal["minute", "day"] = "minute") -> str:
        """An instant as «۲۰ خرداد ۱۳۹۹، ۰۹:۰۱», a day without the time."""
        told = format_jalali(instant, precision)
        if self.code == "fa":
            return told
        day, month, rest = told.split(" ", 2)
        return to_latin_digits(f"{day} {self.text(month)} {rest.replace('، ', self.text('، '))}")

    def when(self, published: str) -> str:
        """An instant or a day in ISO 8601, likewise."""
        instant, is_day = _read(published)
        return self.stamp(instant, "day" if is_day else "minute")

    def ago(self, published: str, now: datetime | None = None) -> str:
        """The same as «۳ ساعت پیش»; of a day without a time, whole days only."""
        instant, is_day = _read(published)
        now = now or datetime.now(UTC)
        days = (tehran_day(now) - tehran_day(instant)).days
        if days < 0 or instant > now:
            return self.text("تازه")
        if is_day and days < 2:
            return self.text(("امروز", "دیروز")[days])
        minutes = int((now - instant).total_seconds() // 60)
        if is_day or minutes >= 24 * 60:
            return self._days_ago(max(days, 1))
        if minutes < 1:
            return self.text("هم‌اکنون")
        if minutes < 60:
            return self.text("%(count)s دقیقه پیش", count=minutes)
        return self.text("%(count)s ساعت پیش", count=minutes // 60)

    def _days_ago(self, days: int) -> str:
        if days >= 365:
            return self.text("%(count)s سال پیش", count=days // 365)
        if days >= 30:
            return self.text("%(count)s ماه پیش", count=days // 30)
        return self.text("%(count)s روز پیش", count=days)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: object) -> str:
    if not _is_number(value):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


def _read(published: str) -> tuple[datetime, bool]:
    if len(published) == len("2020-06-09"):
        return instant_of_day(date.fromisoformat(published)), True
    return datetime.fromisoformat(published), False


PERSIAN = Language("fa", "rtl", {})
LANGUAGES = {"fa": PERSIAN, "en": Language("en", "ltr", ENGLISH)}


def language_of(request: Request) -> Language:
    """The language that this reader has chosen; Persian for everybody else."""
    return LANGUAGES.get(request.cookies.get(COOKIE, ""), PERSIAN)
