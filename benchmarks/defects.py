"""The fourteen known defects of normalisers, with texts that show whether one has them."""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.persian.digits import to_latin_digits

ZWNJ = "\u200c"


@dataclass(frozen=True)
class Check:
    """One text, and what its result (and the result of the result) has to be like."""

    text: str
    passes: Callable[[str, str], bool]


def keeps(text: str, *pieces: str) -> Check:
    """Each piece stays as it is."""
    return Check(text, lambda once, _: all(piece in once for piece in pieces))


def keeps_number(text: str, *numbers: str) -> Check:
    """Each number stays one, in whatever digits and with whatever decimal sign."""
    return Check(text, lambda once, _: all(_plain(number) in _plain(once) for number in numbers))


def gives(text: str, *expected: str) -> Check:
    """The result is one of these; ⁀ is the half-space."""
    accepted = {_plain(other.replace("⁀", ZWNJ)) for other in expected}
    return Check(text.replace("⁀", ZWNJ), lambda once, _: _plain(once) in accepted)


def stays_after(text: str) -> Check:
    """Normalising twice is normalising once."""
    return Check(text, lambda once, twice: once == twice)


def _plain(text: str) -> str:
    return to_latin_digits(text).translate(str.maketrans("٫٬٪", ".,%"))


DEFECTS: dict[str, list[Check]] = {
    "1 addresses and paths are torn": [
        keeps("خبر در https://news.example.ir/detail/340123 است", "https://news.example.ir/detail/340123"),
        keeps("مسیر /fa/news/123 را ببینید", "/fa/news/123"),
    ],
    "2 e-mails and hosts are torn": [
        keeps("به info@office.example.ir بنویسید", "info@office.example.ir"),
        keeps("سامانه office.example.ir باز است", "office.example.ir"),
    ],
    "3 dates are torn": [
        keeps_number("در تاریخ ۱۳۹۹/۰۳/۲۰ بود", "1399/03/20"),
        keeps_number("در ۱۳۹۹-۰۳-۲۰T۰۹:۰۱ بود", "1399-03-20T09:01"),
    ],
    "4 decimals, thousands, percentages are torn": [
        keeps_number("رشد 3.14 و 1,234,567 نفر", "3.14", "1,234,567"),
        keeps_number("سهم 25% از ۵/۲ میلیون", "25%", "5/2"),
    ],
    "5 dotted numbers are torn": [keeps_number("از 192.168.1.1 در 1.5.2020 بود", "192.168.1.1", "1.5.2020")],
    "6 Latin words with digits, telephones are torn": [
        keeps("بیماری COVID-19 و زبان HTML5 و شبکه 4G", "COVID-19", "HTML5", "4G"),
        keeps_number("تلفن ۰۲۱-۶۴۴۹ است", "021-6449"),
    ],
    "7 the month May, words that begin with می": [
        gives("ماه می سال جدید", "ماه می سال جدید"),
        gives("پژوهش میدانی خوب", "پژوهش میدانی خوب"),
    ],
    "8 the ezafe mark is lost": [keeps("خانهٔ ما", "خانهٔ"), keeps("خانۀ ما", "خانۀ")],
    "9 compounds are joined by chance": [
        gives("رئیس جمهور و دانش آموزان", "رئیس⁀جمهور و دانش⁀آموزان"),
        gives("اطلاع رسانی و بهره برداری", "اطلاع⁀رسانی و بهره⁀برداری"),
    ],
    "10 solid endings and glued words stay": [
        gives("کتابها برمیگردد", "کتاب⁀ها برمی⁀گردد"),
        gives("تعاون،کارورفاه اجتماعی", "تعاون، کار و رفاه اجتماعی"),
    ],
    "11 controls, other half-spaces, presentation forms stay; ﷺ is lost": [
        gives("سلا\u200fم بر شبکه\u00adهای ما", "سلام بر شبکه⁀های ما"),
        gives("شبکه¬های ما و ﺳﻼﻡ", "شبکه⁀های ما و سلام"),
        Check("پیامبر ﷺ گفت", lambda once, _: "ﷺ" in once or "صلی" in once),
    ],
    "12 «قیمت:۱۰۰۰» stays, abbreviations are torn": [
        gives("قیمت:۱۰۰۰ ریال", "قیمت: ۱۰۰۰ ریال"),
        gives("ج.ا.ایران پاسخ داد", "ج.ا.ایران پاسخ داد"),
    ],
    "13 not idempotent": [stays_after("صبر کن . . . بیا"), stays_after("او گفت . .. و رفت")],
    "14 half-spaces after letters that do not join": [
        gives("بندر⁀ها و بندرها", "بندر⁀ها و بندرها"),
        gives("بندر ها و کشور های ما", "بندر⁀ها و کشور⁀های ما", "بندرها و کشورهای ما"),
    ],
}
