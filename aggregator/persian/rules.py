"""The table of what meets what when texts are matched: the one place to look up or to add a rule.

Every spelling of a rule folds to its terms: a test holds each line to that, and the manual to the table.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    """Spellings that fold to the same terms."""

    name: str
    spellings: tuple[str, ...]  #: examples
    terms: tuple[str, ...]  #: what each of them gives
    why: str


def _rule(name: str, spellings: str, terms: str, why: str) -> Rule:
    return Rule(name, tuple(spellings.split("|")), tuple(terms.split()), why)


RULES = (
    _rule("letters", "كتابي|کتابی", "کتابی", "Arabic keyboards write ي and ك"),
    _rule("presentation forms", "ﺳﻼﻡ|سلام", "سلام", "text out of old PDF files and editors"),
    _rule("alef", "آب|أب|اب", "اب", "آ is often typed as ا"),
    _rule("hamza", "مؤسسه|موسسه|مؤسسه", "موسسه", "ؤ ئ أ are و ی ا with a mark; ء is dropped"),
    _rule("hamza, irregular", "هیأت|هیئت|هیات", "هییت", "closed list: the two letters differ"),
    _rule(
        "other spellings", "آیت‌الله|آیة‌الله|آية الله", "ایه الله", "closed list: بلیط, اطاق, آیینه, آیت, حجت"
    ),
    _rule("teh marbuta", "دایرة|دایره", "دایره", "ة is written ه in Persian"),
    _rule("ezafe mark", "خانهٔ|خانۀ|خانه‌ی|خانه ی", "خانه", "the ezafe is no part of the word"),
    _rule(
        "ezafe after a vowel",
        "شورای|شورا",
        "شورا",
        "after ا in words of four letters; after و by a closed list",
    ),
    _rule("ezafe of short words", "پای|پا", "پا", "closed list: پا, جا, سو, گو; not روی, جوی"),
    _rule("marks", "مُحَمَّد|محـــمد|محمد\u200f", "محمد", "diacritics, tatweel, bidi controls"),
    _rule("ligatures", "ﷲ|الله", "الله", "spelt out; its terms share its place"),
    _rule("digits", "۱۳۹۹|١٣٩٩|1399", "1399", "three sets of digits are in use"),
    _rule(
        "numbers", "۱٬۲۳۴٬۵۶۷|1,234,567|۱۲۳۴۵۶۷", "1234567", "separators of thousands go; 3.14 stays one term"
    ),
    _rule("dates and times", "۱۳۹۹/۰۳/۲۰|1399-03-20", "1399 03 20", "so that a year alone finds them"),
    _rule("percentages", "25%|۲۵٪|25 ٪", "25", "signs are no terms"),
    _rule("Latin", "COVID-19|covid 19", "covid 19", "lower case, no accents"),
    _rule(
        "addresses",
        "INFO@mcls.gov.ir",
        "info mcls.gov.ir",
        "dots inside a name stay, so that a host finds its addresses",
    ),
    _rule("half-spaces", "شبکه¬های|شبکه\u00adهای|شبکه\u00a0های", "شبکه", "what some portals write for ZWNJ"),
    _rule(
        "plural",
        "شبکه های|شبکه‌های|شبکههای|شبکه‌هایشان|شبکه",
        "شبکه",
        "ها and what follows it; closed exceptions (تنها, آنها)",
    ),
    _rule("plural in ات", "جلسات|جلسه|جلسه‌ها", "جلسه", "closed list; خدمات, اطلاعات, انتخابات stay"),
    _rule(
        "endings after ه",
        "خانه‌ای|خانه ای|خانه",
        "خانه",
        "ای and the personal endings after silent ه",
    ),
    _rule("half-space lost after ه", "رسانهای|رسانه‌ای", "رسانه", "closed list: «رسان» alone is no noun"),
    _rule(
        "indefinite ی",
        "مناسبی|مناسب",
        "مناسب",
        "closed list of words whose ی makes no other word; ایرانی, کاری, خبری stay",
    ),
    _rule("possessives", "کتاب‌م|کتاب‌شان|کتاب‌ها شان", "کتاب", "after a half-space, or behind another ending"),
    _rule(
        "possessives, solid", "همسرش|همسرشان|همسر", "همسر", "closed list of nouns; سازمان, درمان, پایش stay"
    ),
    _rule(
        "comparative",
        "بزرگ‌ترین|بزرگترین|بزرگ تر|بزرگ",
        "بزرگ",
        "تر, ترین; closed exceptions (دختر, بهتر, کامپیوتر)",
    ),
    _rule("people", "مدیران|مدیر", "مدیر", "ان and ین, after closed lists only; زنان and تهران stay"),
    _rule(
        "people by what they do", "کارآفرینان|کارآفرین", "کارافرین", "ان, گان, یان after گر, ساز, نده, جو …"
    ),
    _rule(
        "verb prefix",
        "می شود|می‌شود|میشود",
        "میشود",
        "before a verb: «ماه می سال» stays; before any word at a half-space",
    ),
    _rule("negation", "نمی شود|نمی‌شود|نمیشود", "نمیشود", "before any word but particles: «نمی» is no word"),
    _rule(
        "verb after a particle",
        "بر می گردد|برمی‌گردد|برمیگردد",
        "بر میگردد",
        "بر, در, باز, فرا, فرو before می",
    ),
    _rule("perfect", "کرده‌اند|کرده اند|کردهاند", "کرده", "personal endings of the participle"),
    _rule("prefix بی", "بی‌کار|بی کار|بیکار", "بیکار", "«without work» is not «work»"),
    _rule(
        "derivation", "علاقه‌مند|علاقه مند|علاقمند", "علاقهمند", "گر, مند, ناک, گانه are joined, not cut off"
    ),
    _rule(
        "derivation at a half-space",
        "تعمیر‌گاه|تعمیرگاه",
        "تعمیرگاه",
        "گاه, دان, بان, ستان, کده, چی: beside a blank they are words",
    ),
    _rule(
        "compounds, parted",
        "دانش‌آموز|دانش آموز|دانشآموز",
        "دانش اموز",
        "a half-space between words is a blank; solid ones by a closed list",
    ),
    _rule(
        "compounds, parted by their last word",
        "خصوصیسازی|خصوصی‌سازی|خصوصی سازی",
        "خصوصی سازی",
        "کننده, نامه, سازی, گذاری, شناسی … after three letters",
    ),
    _rule(
        "compounds, solid",
        "خبر نگار|خبر‌نگار|خبرنگار",
        "خبرنگار",
        "closed list of those usually solid: کار does not find کارگروه",
    ),
    _rule("به, solid", "بعنوان|به‌عنوان|به عنوان", "به عنوان", "closed list; as terms they share their place"),
    _rule(
        "glued words",
        "کارورفاه|کار ورفاه|کار و رفاه",
        "کار و رفاه",
        "taken apart after letters that do not join, by a closed list",
    ),
)
