"""Folding: what meets, what stays apart, and where a term stands."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings

from aggregator.persian.fold import Term, fold, fold_key, fold_terms
from aggregator.persian.letters import words
from aggregator.persian.rules import RULES
from tests.persian.gold import gold_pairs
from tests.persian.texts import texts


@pytest.mark.parametrize(
    ("spelling", "terms"),
    [(spelling, rule.terms) for rule in RULES for spelling in rule.spellings],
)
def test_each_spelling_of_a_rule_gives_its_terms(spelling: str, terms: tuple[str, ...]) -> None:
    assert tuple(fold_terms(spelling)) == terms


@pytest.mark.parametrize(
    "word",
    words(
        """
        تهران استان ایران جهان زنان زن بازی باز ماهی ماه باران کرمان گرگان همدان زنجان سمنان گیلان
        لرستان کردستان کاشان زاهدان خدمت خدمات اطلاعات انتخابات عملیات تنها تنهایی نهایی منها بها
        گرانبها اژدها دختر دختری دفتر دکتر بستر مشتری متر کیلومتر کامپیوتر پوستر بهتر برتر کمتر بیشتر
        نگران دیگران زندان میدان دندان مهربان پایان جریان بحران درمان پیمان رضوی پهلوی معنوی مولوی میوه
        میراث میزان میلیون میهن برای دارای مسکن ایمنی بیمه وزارت ورزش واحد ویژه ورود وظیفه کارون کاروان
        سرور مرور کرور درد روزنامه راننده بازار بازرگان فراوان کامیاران شهریاران رودخانه والدین قزوین
        زمین درمیان وامی
        """
    ),
)
def test_a_word_that_only_looks_inflected_stays_itself(word: str) -> None:
    assert fold_terms(word) == [word]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("آنها", "آن"), ("زنان", "زن"), ("تنها", "تن"), ("ایرانی", "ایران"), ("بازی", "باز"),
        ("خدمات", "خدمت"),
        ("دفتر", "دف"), ("بیکار", "کار"), ("پهلوی", "پهلو"), ("منهای", "من"), ("قرآن", "قر"), ("رأی", "را"),
        ("استانی", "استان"), ("کارگری", "کارگر"), ("بهترین", "به"),
        ("برتر", "بر"), ("ماهی", "ماه"),
    ],
)  # fmt: skip
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold_terms(one) != fold_terms(other)


@pytest.mark.parametrize(
    "spellings",
    [
        "شبکه های اجتماعی|شبکه‌های اجتماعی|شبکههای اجتماعی|شبكه هاي اجتماعي|شبکه\u00a0های اجتماعی",
        "کتاب ها|کتاب‌ها|کتابها|کتاب(ها)|کتاب‌هایشان|کتاب هایشان|کتابهایشان",
        "می خواهم|می‌خواهم|میخواهم|مي خواهم|می‌ خواهم",
        "نمی شود|نمی‌شود|نمیشود",
        "بر می گردد|بر می‌گردد|برمی‌گردد|برمیگردد|برمی گردد",
        "در نمی آید|درنمی‌آید|درنمیآید",
        "آن ها|آن‌ها|آنها|انها",
        "کم تر|کم‌تر|کمتر|کمترین",
        "به عنوان|به‌عنوان|بعنوان",
        "رئیس جمهور|رئیس‌جمهور|رییس جمهور|رئیسجمهور",
        "گفت و گو|گفت‌وگو|گفتگو|گفتوگو",
        "مسئولان|مسؤولان|مسوولان|مسئولین",
        "موردنیاز|مورد نیاز|مورد‌نیاز",
        "مرکزروابط عمومی|مرکز روابط عمومی",
        "راه وشهرسازی|راه و شهرسازی|راه‌وشهرسازی",
        "سیستان وبلوچستان|سیستان و بلوچستان",
        "IT ها|ITها|it",
        "۹کیلومتر|۹ کیلومتر|9 کیلومتر",
        "کووید-۱۹|کووید ۱۹|کووید‌۱۹",
        "خانه اش|خانه‌اش|خانهٔ|خانه ی|خانه‌ای",
        "﷼|ريال|ریال",
    ],
)
def test_all_spellings_meet(spellings: str) -> None:
    folded = {tuple(fold_terms(spelling)) for spelling in spellings.split("|")}
    assert len(folded) == 1


def test_may_is_no_verb_prefix() -> None:
    assert fold_terms("ماه می سال ۲۰۲۰") == ["ماه", "می", "سال", "2020"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("۱۳۹۹/۰۳/۲۰ ۰۹:۰۱", ["1399", "03", "20", "09", "01"]),
        ("25% و ۳.۱۴ و ۳٫۱۴", ["25", "و", "3.14", "و", "3.14"]),
        ("۱٬۲۳۴٬۵۶۷ ریال", ["1234567", "ریال"]),
        ("info@MCLS.gov.ir", ["info", "mcls.gov.ir"]),
        ("https://dolat.ir/detail/340123", ["https", "dolat.ir", "detail", "340123"]),
        ("HTML5 4G", ["html5", "4g"]),
        ("#روابط_عمومی", ["روابط", "عمومی"]),
        ("ج.ا.ایران", ["ج", "ا", "ایران"]),
        ("", []),
        (" .،! ", []),
    ],
)
def test_numbers_addresses_and_signs(text: str, terms: list[str]) -> None:
    assert fold_terms(text) == terms


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("در شبکه هاي اجتماعي", ["در", "شبکه هاي", "اجتماعي"]),
        ("او می خواهم‌ها را", ["او", "می خواهم‌ها", "را"]),
        ("کتاب(های) درسی", ["کتاب(های", "درسی"]),
        ("تعاون،کارورفاه", ["تعاون", "کار", "و", "رفاه"]),
        ("مُحَمَّد و عــلی", ["مُحَمَّد", "و", "عــلی"]),
        ("ﻻله ﷲ", ["ﻻله", "ﷲ"]),
        ("دانش‌آموزان", ["دانش", "آموزان"]),
        ("کارِورفاهِ", ["کارِ", "و", "رفاهِ"]),
    ],
)
def test_a_term_covers_the_word_as_published(text: str, marked: list[str]) -> None:
    assert [text[term.start : term.end] for term in fold(text)] == marked


def test_a_term_is_text_and_place() -> None:
    assert fold("کتاب ها") == [Term("کتاب", 0, 7)]


@pytest.mark.parametrize(
    "spellings",
    [
        "تعاون،کارورفاه|تعاون،کار ورفاه|تعاون، کار و رفاه|تعاون کار و رفاه|تعاون،کار و رفاه",
        "راه و شهرسازی|راه وشهرسازی|راهوشهرسازی|راه‌و‌شهرسازی",
        "چهارمحال و بختیاری|چهار محال وبختیاری|چهارمحال‌وبختیاری|چهارمحال بختیاری",
        "کهگیلویه و بویراحمد|كهگيلويه و بوير احمد|کهگیلویه‌و‌بویراحمد",
        "آذربایجان شرقی|اذربایجان شرقی|آذربايجان‌شرقي",
        "mcls.gov.ir|MCLS gov ir",
    ],
)
def test_a_name_has_one_key_however_it_is_parted(spellings: str) -> None:
    assert len({fold_key(spelling) for spelling in spellings.split("|")}) == 1


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("این گفتگو ها", ["این", "گفتگو", "گفتگو", "گفتگو ها"]),
        ("نمی گفتگوی", ["نمی گفتگوی", "نمی گفتگوی", "نمی گفتگوی"]),
        ("محمدﷺ", ["محمد", "ﷺ", "ﷺ", "ﷺ", "ﷺ"]),
        ("سیاستگذارانِ خبر‌نگار", ["سیاست", "گذارانِ", "خبر‌نگار"]),
    ],
)
def test_terms_of_a_word_with_other_letters_share_its_place(text: str, marked: list[str]) -> None:
    assert [text[term.start : term.end] for term in fold(text)] == marked


@pytest.mark.parametrize(
    ("one", "other"), [("قوه", "قه"), ("نور", "نر"), ("کرمان", "کرمانشاه"), ("قم", "قوم")]
)
def test_short_names_keep_their_own_key(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_key_is_letters_and_digits(text: str) -> None:
    assert fold_key(text) == "" or fold_key(text).isalnum()


def test_gold_words_meet_their_lemma_and_different_lemmas_do_not() -> None:
    """The bars: 0.6 of the words, at most 0.02 of the pairs."""
    pairs = [({tuple(fold_terms(w))}, {tuple(fold_terms(lemma))}) for w, lemma in gold_pairs("ud_lemma.tsv")]
    assert sum(word == lemma for word, lemma in pairs) / len(pairs) >= 0.85
    together = [bool((a | b) & (c | d)) for (a, b), (c, d) in combinations(pairs, 2) if b != d]
    assert sum(together) / len(together) <= 0.001


def test_the_manual_prints_the_table_of_rules() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "persian.md").read_text("utf-8")
    head = "| rule | spellings | terms | why |\n|---|---|---|---|\n"
    table = "".join(
        f"| {rule.name} | {' · '.join(map(_seen, rule.spellings))} | {' '.join(rule.terms)} | {rule.why} |\n"
        for rule in RULES
    )
    assert manual.split(head)[1].split("\n\n")[0] + "\n" == table


def _seen(spelling: str) -> str:
    """A spelling with its unseen characters named."""
    names = {"\u200c": "⁀", "\u00ad": "(soft hyphen)", "\u00a0": "(no-break space)", "\u200f": "(RLM)"}
    return "".join(names.get(sign, sign) for sign in spelling)
