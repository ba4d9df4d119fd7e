"""Normalisation: what is put right, what is left alone, and that it is done once."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Article
from aggregator.persian.article import annotate_article
from aggregator.persian.digits import to_latin_digits
from aggregator.persian.fold import fold_terms
from aggregator.persian.letters import LETTER_VARIANTS, TATWEEL, ZWNJ
from aggregator.persian.names.gazetteer import Gazetteer
from aggregator.persian.normalise import normalise
from tests.persian.gold import gold_pairs
from tests.persian.mixtures import mixtures
from tests.persian.texts import texts


def shown(text: str) -> str:
    """The text with ⁀ for each half-space."""
    return text.replace(ZWNJ, "⁀")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # letters and signs of no meaning
        ("كتاب علي", "کتاب علی"),
        ("ﺳﻼﻡ ﺑﺮ ﷲ", "سلام بر الله"),
        ("\u202bسلا\u200fم\u202c", "سلام"),
        ("سـلام ــ بله", "سلام ــ بله"),
        ("رئیس و مؤسسه", "رئیس و مؤسسه"),
        ("سلام بر ﷺ", "سلام بر ﷺ"),
        # half-spaces written otherwise
        ("شبکه\u00adهای شبکه¬های شبکه\u200bهای", "شبکه⁀های شبکه⁀های شبکه⁀های"),
        ("⁀سلام⁀ به ⁀⁀همه⁀", "سلام به همه"),
        # endings that stand apart
        ("شبکه های اجتماعی", "شبکه⁀های اجتماعی"),
        ("کتاب هایشان و خواب های تان", "کتاب⁀هایشان و خواب⁀های⁀تان"),
        ("بزرگ تری و قدرتمند ترین", "بزرگ⁀تری و قدرتمند⁀ترین"),
        ("هوای تر و تازه", "هوای تر و تازه"),
        ("رفته ام، گفته اند، شده ایم", "رفته⁀ام، گفته⁀اند، شده⁀ایم"),
        ("خانه ای در خانه ی ما", "خانه⁀ای در خانه⁀ی ما"),
        ("گفت ای مردم! همه ای بزرگان", "گفت ای مردم! همه ای بزرگان"),
        ("اخلال گر و علاقه مند", "اخلال⁀گر و علاقه⁀مند"),
        ("بی دلیل و بی آنکه", "بی⁀دلیل و بی آنکه"),
        # verbs
        ("می شود نمی   دانم", "می⁀شود نمی⁀دانم"),
        ("میشود نمیدانند برمیگردد", "می⁀شود نمی⁀دانند برمی⁀گردد"),
        ("ماه می سال", "ماه می سال"),
        ("پژوهش میدانی", "پژوهش میدانی"),
        ("میز و میان و میراث", "میز و میان و میراث"),
        # solid endings
        ("کتابها و جمعهها", "کتاب⁀ها و جمعه⁀ها"),
        ("دردها و کارها و تنها و انتها و بها", "دردها و کارها و تنها و انتها و بها"),
        ("کردهاند و اتهام", "کرده⁀اند و اتهام"),
        # compounds
        ("اطلاع رسانی به دانش آموزان", "اطلاع⁀رسانی به دانش⁀آموزان"),
        ("رئیس جمهور و شیوه نامه", "رئیس⁀جمهور و شیوه⁀نامه"),
        ("اطلاعرسانی و دانشآموزان", "اطلاع⁀رسانی و دانش⁀آموزان"),
        # glued words
        ("تعاون،کارورفاه", "تعاون، کار و رفاه"),
        ("تعاون،کار ورفاه اجتماعی", "تعاون، کار و رفاه اجتماعی"),
        ("مرکزروابط عمومی واطلاع رسانی", "مرکز روابط عمومی و اطلاع⁀رسانی"),
        ("موردنیاز وعرصه وخبری", "مورد نیاز و عرصه و خبری"),
        ("وزارت ورزش واحد کاروان کارورز", "وزارت ورزش واحد کاروان کارورز"),
        # what hazm would join wrongly
        ("تعیین شده است", "تعیین شده است"),
        ("او هم دل دارد", "او هم دل دارد"),
        ("افزایش یافته است", "افزایش یافته است"),
        # punctuation
        ("گفت :«سلام»و رفت .", "گفت: «سلام» و رفت."),
        ("قیمت:۱۰۰۰ ریال", "قیمت: ۱۰۰۰ ریال"),
        ("ج.ا.ایران", "ج.ا.ایران"),
        ("کتاب(های) درسی", "کتاب(های) درسی"),
        ("متن فارسی؟!", "متن فارسی؟!"),
        ("صبر کن . . . بیا", "صبر کن... بیا"),
        ("علمی-کاربردی و/یا", "علمی-کاربردی و/یا"),
        # ezafe and marks
        ("خانهٔ ما خانۀ ما رُّوح", "خانهٔ ما خانۀ ما رُّوح"),
        # numbers and Latin words
        ("۹کیلومتر در ساعت۹", "۹ کیلومتر در ساعت ۹"),
        ("۲۰م خرداد", "۲۰م خرداد"),
        ("دوشنبه 19 خرداد ساعت 09:01", "دوشنبه ۱۹ خرداد ساعت ۰۹:۰۱"),
        ("در 20/3/1399 و ۱۳۹۹-۰۳-۲۰T۰۹:۰۱", "در ۲۰/۳/۱۳۹۹ و ۱۳۹۹-۰۳-۲۰T۰۹:۰۱"),
        ('گفت "25 نفر" و «12:30»', 'گفت "۲۵ نفر" و «۱۲:۳۰»'),
        ("id=12 و سهم ۴۰%آن و۲۰ نفر", "id=12 و سهم ۴۰% آن و ۲۰ نفر"),
        ("۲۰⁀ساله و NGO⁀ها", "۲۰⁀ساله و NGO⁀ها"),
        ("رشد 3.14 و 25% و 1,234,567 و ۵/۲ میلیون", "رشد ۳.۱۴ و ۲۵% و ۱,۲۳۴,۵۶۷ و ۵/۲ میلیون"),
        ("تلفن ۰۲۱-۶۴۴۹ و 192.168.1.1", "تلفن ۰۲۱-۶۴۴۹ و 192.168.1.1"),
        ("کووید COVID-19 و HTML5 و 4G", "کووید COVID-19 و HTML5 و 4G"),
        # white space
        ("  سلام \u00a0\t دنیا  ", "سلام دنیا"),
        ("یک\r\n\r\n دو \nسه", "یک\r\n\r\nدو\nسه"),
    ],
)
def test_text_is_put_right(text: str, expected: str) -> None:
    result = normalise(text.replace("⁀", ZWNJ))
    assert shown(result) == expected
    assert normalise(result) == result


@pytest.mark.parametrize(
    "piece",
    [
        "https://dolat.ir/detail/340123", "http://x.ir/fa/news/12/شبکه-های_كتاب?a=1&b=2#c",
        "www.mcls.gov.ir/a/b.html", "info@mcls.gov.ir", "/fa/news/123", "mcls.gov.ir", "@mcls_ir",
        "#روابط_عمومی", "<b class='كتاب ها'>", "&nbsp;", "`می شود`", "[كتاب ها](https://x.ir/1)", "COVID-19",
        "192.168.1.1", "\ue000", "\ue001\uf8ff", "ﷺ", "﷼", "{{نام}}", "C++",
    ],
)  # fmt: skip
def test_pieces_of_no_language_survive_in_prose(piece: str) -> None:
    text = f"این {piece} را ببینید"
    assert normalise(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "۱۳۹۹/۰۳/۲۰", "٤٥٦", "3.14", "1,234,567", "25%", "09:01", "1.5.2020", "021-64491", "HTML5", "",
        "mismatched brackets( don't apply]", "[ don't apply ) yeah!", "e\u0301 İ ß", "👨\u200d👩\u200d👧",
    ],
)  # fmt: skip
def test_a_line_without_persian_letters_stays(text: str) -> None:
    assert normalise(text) == text


def test_the_texts_of_an_article_are_normalised_beside_the_published_ones() -> None:
    article = Article("1", "u", "u", "s", "شبکه های ما", ("می شود", "میدانی"), lead="كتاب ها")
    done = annotate_article(article, Gazetteer({}, {}, {}))
    assert done.headline == "شبکه های ما"
    assert done.normalised is not None
    assert shown(done.normalised.headline) == "شبکه⁀های ما"
    assert [shown(paragraph) for paragraph in done.normalised.body] == ["می⁀شود", "میدانی"]
    assert shown(done.normalised.lead or "") == "کتاب⁀ها"
    assert done.normalised.kicker is None


@settings(max_examples=300, deadline=None)
@given(st.one_of(texts, mixtures))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(max_examples=300, deadline=None)
@given(st.one_of(texts, mixtures))
def test_only_blanks_marks_and_forms_change(text: str) -> None:
    assert _letters(normalise(text)) == _letters(text)


_FORMS = re.compile("[ﭐ-ﷹﹰ-ﻼ]")
_COMPOSED = {"ا\u0653": "آ", "ا\u0654": "أ", "ا\u0655": "إ", "و\u0654": "ؤ", "ی\u0654": "ئ"}
_UNSEEN = re.compile(
    f"[\\s\x1c-\x1f\x85{TATWEEL}¬\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def _letters(text: str) -> str:
    """All of a text but white space and unseen signs: what normalisation must keep, in its order.

    Letters of other keyboards, forms of letters, letters with a mark beside them, and digits count as one.
    """
    text = _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _UNSEEN.sub("", to_latin_digits(text).translate(LETTER_VARIANTS))
    return re.sub("|".join(_COMPOSED), lambda found: _COMPOSED[found[0]], text)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_line_breaks_stay(text: str) -> None:
    assert normalise(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("name", ["char", "punct", "halfspace", "ud_halfspace", "preserve"])
def test_gold_pairs(name: str) -> None:
    pairs = gold_pairs(f"{name}.tsv")
    wrong = [text for text, expected in pairs if normalise(text) != expected]
    assert len(wrong) <= 0.05 * len(pairs)


@pytest.mark.parametrize(
    "text",
    [
        "شبکه های اجتماعی در فعالیت های روابط عمومی",
        "تعاون،کارورفاه و مرکزروابط عمومی واطلاع رسانی",
        "میشود و نمی خواهم و برمیگردد و رفته ام",
        "كتابها و خانه ی ما و دانش آموزان",
        "در ۱۳۹۹/۰۳/۲۰ ساعت 09:01 به info@mcls.gov.ir",
    ],
)
def test_normalised_text_is_found_as_the_published_one(text: str) -> None:
    assert fold_terms(normalise(text)) == fold_terms(text)
