"""Names in texts: the rules one by one, the hand-made truth as a whole, and what holds for every text."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.model import Mention
from aggregator.persian.article import annotate_article
from aggregator.persian.names.mentions import find_mentions
from benchmarks.persian_names import article, count
from tests.persian.mention_truth import TruthText, demo_truth, registry, sentence_truth
from tests.persian.texts import texts

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed-article.txt"


def ids(text: str) -> list[str | None]:
    """Who and what is named, speakers left out."""
    return [found.id for found in find_mentions(text, registry().gazetteer) if found.id]


def speakers(text: str) -> list[tuple[str, str | None]]:
    found = find_mentions(text, registry().gazetteer)
    return [(mention.text, mention.role) for mention in found if mention.kind == "speaker"]


# --- the rules --------------------------------------------------------------------------------------------

SAME = {
    "mcls": (
        "وزارت تعاون، کار و رفاه اجتماعی",
        "وزارت تعاون،کارورفاه اجتماعی",
        "وزارت تعاون،کار ورفاه اجتماعی",
        "وزارت تعاون کار",
        "وزارت تعاون کار و رفاه اجتماعی",
        "وزارت كار",
        "وزیر کار",
        "وزیر سابق تعاون، کار و رفاه اجتماعی",
        "وزارتِ کار",
        "تعاون،کارورفاه اجتماعی",
        "وزارت تعاون، کار و رفاه اجتماعی جمهوری اسلامی ایران",
    ),
    "mcls-alborz": (
        "اداره کل تعاون،کارورفاه استان البرز",
        "ادارۀ کل تعاون، کار و رفاه اجتماعی البرز",
        "اداره‌ی کل تعاون، کار و رفاه اجتماعی استان البرز",
        "اداره‌کل تعاون ، کار و رفاه اجتماعی استان البرز",
        "مدیرکل تعاون، کار و رفاه اجتماعی البرز",
        "مدیر کل كار استان البرز",
        "تعاون، کار و رفاه اجتماعی استان البرز",
    ),
    "gov-sistan-baluchestan": (
        "استانداری سیستان و بلوچستان",
        "استاندار سیستان وبلوچستان",
        "استانداری استان سیستان‌وبلوچستان",
    ),
    "min-education": ("وزارت آموزش و پرورش", "وزارت آموزش‌وپرورش", "وزیر آموزش وپرورش"),
    "min-science": ("وزارت علوم، تحقیقات و فناوری", "وزارت علوم", "وزیر علوم"),
    "tvto": ("سازمان آموزش فنی و حرفه‌ای کشور", "سازمان آموزش فنی و حرفه ای", "سازمان فنی‌وحرفه‌ای"),
    "alborz": ("استان البرز", "استان‌البرز", "استانالبرز"),
    "razavi-khorasan": ("استان خراسان رضوی", "خراسان‌رضوی", "خراسان رضوي"),
    "alborz-karaj": ("کرج", "شهرستان کرج", "شهر کرج", "كرج"),
    "hormozgan-bandar-abbas": ("بندرعباس", "بندر عباس"),
    "chaharmahal-bakhtiari-shahrekord": ("شهرکرد", "شهر کرد"),
}


@pytest.mark.parametrize(("name", "expected"), [(name, key) for key, names in SAME.items() for name in names])
def test_every_spelling_is_recognised(name: str, expected: str) -> None:
    assert ids(name) == [expected]
    assert ids(f"به گزارش ما، {name} و مردم") == [expected]
    assert ids(f"و{name} است") == ([expected] if len(name) > 4 else [])  # و is glued to it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # lists, and the words before them
        ("استان‌های تهران، البرز و قزوین", ["tehran", "alborz", "qazvin"]),
        ("دو استان کرمان و سمنان", ["kerman", "semnan"]),
        ("آذربایجان شرقی و غربی", ["east-azerbaijan", "west-azerbaijan"]),
        ("وزارتخانه‌های کشور، نیرو و تعاون، کار و رفاه", ["min-interior", "min-energy", "mcls"]),
        ("استانداران قم، مرکزی و تهران", ["gov-qom", "gov-markazi", "gov-tehran"]),
        ("مدیران کل تعاون، کار و رفاه اجتماعی استان‌های قم و مرکزی", ["mcls-qom", "mcls-markazi"]),
        ("شهرستان‌های لنگرود، لاهیجان و رشت", ["gilan-langarud", "gilan-lahijan", "gilan-rasht"]),
        # a body without an office of its own there
        ("اداره کل آموزش فنی و حرفه‌ای استان یزد", ["tvto", "yazd"]),
        ("مدیرکل راه و شهرسازی کرمان", ["min-roads", "kerman"]),
        ("سازمان جهاد کشاورزی استان فارس", ["min-agriculture", "fars"]),
        ("اداره تعاون، کار و رفاه اجتماعی شهرستان ساوجبلاغ", ["mcls", "alborz-savojbolagh"]),
        ("اداره کار", []),
        # the town and the province
        ("در کرمان", ["kerman-kerman"]),
        ("استان کرمان", ["kerman"]),
        ("کرمانشاه", ["kermanshah-kermanshah"]),
        ("گیلان", ["gilan"]),
        ("استان درخواست\nتهران ۱۲۸ هزار\nگیلان ۷ هزار\nدر تهران", ["tehran", "gilan", "tehran-tehran"]),
        # names that are something else as well
        ("دامنه البرز در البرز", []),
        ("البرز، و استان البرز", ["alborz", "alborz"]),
        ("کوه البرز در استان البرز", ["alborz"]),
        ("البرز مرکزی در استان البرز", ["alborz"]),
        ("خبرگزاری فارس، خلیج فارس و استان فارس", ["fars"]),
        ("بخش مرکزی استان مرکزی", ["markazi"]),
        ("شهرستان البرز", ["qazvin-alborz"]),
        ("کردستان عراق", []),
        ("خیابان تهران، دانشگاه تهران، دانشگاه علوم پزشکی کرمان و بورس تهران", []),
        ("نور خورشید در شهرستان نور", ["mazandaran-nur"]),
        ("در میانه راه در شهرستان میانه", ["east-azerbaijan-mianeh"]),
        ("مردم لامرد، مهر و خنج", ["fars-lamerd", "fars-mohr", "fars-khonj"]),
        ("جنبش امل در آمل", ["mazandaran-amol"]),
        ("به شهر رفتند و آب یک خانه و بهره وری", []),
        ("جاری و ساری", []),
        # several places of one name
        ("شهرستان رودبار استان گیلان", ["gilan-rudbar", "gilan"]),
        # words that are no name
        ("کار و علوم و نیرو و کشور و ارشاد و راه", []),
        ("نیروهای مسلح و وزارتخانه و اداره کل و استانداردها", []),
        ("وزیر خارجه عراق و وزارت نفت کشور کویت", []),
        ("وزیر کشور و همه کشور", ["min-interior"]),
        ("قانون تأمین اجتماعی و تأمین اجتماعی", ["sso"]),
        ("وزارت. تعاون، کار", []),
        # shortened, after the whole name
        ("صندوق کارآفرینی امید و صندوق کارآفرینی", ["karafarin-omid", "karafarin-omid"]),
    ],
)
def test_rule(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


def test_the_publisher_settles_what_the_text_does_not() -> None:
    gazetteer = registry().gazetteer

    def named(text: str, province: str | None) -> list[str | None]:
        return [found.id for found in find_mentions(text, gazetteer, province=province)]

    office = "اداره کل تعاون، کار و رفاه اجتماعی"
    assert (named(office, None), named(office, "yazd")) == (["mcls"], ["mcls-yazd"])
    assert (named("در البرز", None), named("در البرز", "alborz")) == ([], ["alborz"])
    assert (named("در فاریاب", "yazd"), named("در فاریاب", "kerman")) == ([], ["kerman-faryab"])
    short = find_mentions("صندوق بازنشستگی", gazetteer, organisation="cspf")
    assert [found.id for found in short] == ["cspf"]


def test_offsets_are_those_of_the_text_as_published() -> None:
    text = "به\u200fگزارش وزارت تعاون،كارورفاه اجتماعي در اُستان\u200cالبرز"
    assert [
        (found.text, text[found.start : found.end]) for found in find_mentions(text, registry().gazetteer)
    ] == [
        ("وزارت تعاون،كارورفاه اجتماعي", "وزارت تعاون،كارورفاه اجتماعي"),
        ("اُستان\u200cالبرز", "اُستان\u200cالبرز"),
    ]


# --- speakers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("علی رضایی گفت: بله", [("علی رضایی", None)]),
        ("سید حسن موسوی فرماندار ساوه گفت که کار شد", [("سید حسن موسوی", "فرماندار ساوه")]),
        ("مدیرکل راه استان قم، مهندس حسن کریمی، گفت: بله", [("حسن کریمی", "مدیرکل راه استان قم")]),
        ("تینا راد مربی این دوره گفت: بله", [("تینا راد", "مربی این دوره")]),
        ("تینا راد، عضو شورای شهر این خبر را اعلام کرد", [("تینا راد", "عضو شورای شهر")]),
        ("حسن کریمی (مدیر طرح) می گوید: بله", [("حسن کریمی", "مدیر طرح")]),
        ("به گفته رئیس سازمان هواشناسی، صادق نوری، باران", [("صادق نوری", "رئیس سازمان هواشناسی")]),
        ("به نقل از دکتر نوری، معاون وزیر، نه", [("نوری", "معاون وزیر")]),
        ("حجت الاسلام والمسلمین محسن نوری بیان داشت: بله", [("محسن نوری", None)]),
        ("صمد ائل‌یار رئیس اداره گفت: بله", [("صمد ائل‌یار", "رئیس اداره")]),
        ("دبیر شورا، باربرز گل‌آرا، افزود: نه", [("باربرز گل‌آرا", "دبیر شورا")]),
        ("رحیمی‌نژاد همچنین افزود: نه", [("رحیمی‌نژاد", None)]),
        ("علی نوری از افزایش بارش خبر داد", [("علی نوری", None)]),
        ("علی نوری خواستار افزایش بودجه راه شد", [("علی نوری", None)]),
        ("علی نوری و مینا راد گفتند: بله", [("علی نوری", None), ("مینا راد", None)]),
        ("حسین احمدی گفت: بله. احمدی افزود: نه", [("حسین احمدی", None), ("احمدی", None)]),
        ("گفت‌وگو با غلام‌حسین نوری، آموزگار", [("غلام‌حسین نوری", "آموزگار")]),
        ("این خبر را مهدی نوری دبیر ستاد اعلام کرد", [("مهدی نوری", "دبیر ستاد")]),
        (
            "علی نوری، رئیس اتاق و حسن راد، دبیر کانون، گفتند",
            [("علی نوری", "رئیس اتاق"), ("حسن راد", "دبیر کانون")],
        ),
        (
            "با حضور علی نوری استاندار و حسن راد فرماندار برگزار شد، محمد کریمی دبیر ستاد گفت: بله",
            [("محمد کریمی", "دبیر ستاد")],
        ),
        # nobody is quoted, or nobody is named
        ("وی افزود: بله", []),
        ("وی در گفت‌وگو با محمد حسینی گفت: نه", []),
        ("از خانواده شهید علی محمدی تجلیل شد", []),
        ("مدیرکل راه استان قم گفت: بله", []),
        ("وزیر نیرو در دیدار با علی رضایی استاندار خوزستان گفت: بله", []),
        ("امید است وزیر کار بگوید", []),
        ("تعاونی «امید دریا» گفت: بله", []),
        ("احمدی گفت‌وگو کرد", []),
    ],
)
def test_speaker(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert speakers(text) == expected


# --- the truth as a whole -----------------------------------------------------------------------------------


def sentences() -> list[TruthText]:
    return [*sentence_truth("dev"), *sentence_truth("held_out"), *sentence_truth("blind")]


@pytest.mark.parametrize(
    ("truth", "bar"),
    [(demo_truth(), 0.97), (sentences(), 0.95)],
    ids=["demo portal", "sentences"],
)
def test_names_against_what_a_reader_finds(truth: list[TruthText], bar: float) -> None:
    counts = count(truth)
    right = counts["right", "all"]
    assert right / counts["found", "all"] >= bar
    assert right / counts["expected", "all"] >= bar


@pytest.mark.skipif(not SEED.is_file(), reason="needs the seed article, ../shared/seed-article.txt")
def test_seed_article() -> None:
    """All four spellings, the province and the speaker; nothing else."""
    text = SEED.read_text(encoding="utf-8")
    found = find_mentions(text, registry().gazetteer)
    assert [(mention.kind, mention.id, mention.text) for mention in found] == [
        ("organisation", "mcls-alborz", "اداره کل تعاون،کارورفاه استان البرز"),
        ("organisation", "mcls", "وزارت تعاون،کار ورفاه اجتماعی"),
        ("province", "alborz", "استان البرز"),
        ("speaker", None, "علی بزم آمون"),
        ("organisation", "mcls", "وزارت تعاون،کارورفاه اجتماعی"),
        ("organisation", "mcls", "وزارت تعاون کار"),
        ("organisation", "mcls", "وزارت تعاون،کارورفاه اجتماعی"),
        ("province", "alborz", "استان البرز"),
        ("organisation", "mcls", "وزارت تعاون،کارورفاه اجتماعی"),
    ]
    assert found[3].role == (
        "دبیر شورای هماهنگی روابط عمومی های دستگاه های تابعه در وزارت تعاون،کارورفاه اجتماعی"
    )


# --- what holds for every text ------------------------------------------------------------------------------

_WORDS = """
استان استان‌های تهران البرز و ، . « » وزارت وزیر کار نیرو کشور اداره کل مدیرکل تعاون،کارورفاه علی رضایی گفت
شهرستان نور ی های ﷲ 12 کرمان شاه به گفته دکتر رئیس در فارس خراسان رضوی شمالی استاندار
"""
WORDS = st.sampled_from([*_WORDS.split(), "\u200c", "\n", ""])
TEXTS = st.one_of(texts, st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join))


@given(TEXTS)
@example("ﷲ استان البرز")
@example("استان \ud800 البرز")
def test_mentions_stand_in_the_text_in_order_and_apart(text: str) -> None:
    found = find_mentions(text, registry().gazetteer)
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
    places = [mention for mention in found if mention.kind != "speaker"]
    assert all(first.end <= second.start for first, second in pairwise(places))
    assert all((mention.id is None) == (mention.kind == "speaker") for mention in found)


@given(st.lists(WORDS, max_size=20).map(" ".join), st.lists(WORDS, max_size=20).map(" ".join))
@settings(max_examples=50, deadline=None)  # the first call loads hazm
def test_an_articles_mentions_stand_in_their_fields(headline: str, body: str) -> None:
    made = article(TruthText("x", (("headline", headline), ("body", body)), frozenset()))  # type: ignore[arg-type]
    found = annotate_article(made, registry().gazetteer).mentions
    fields = {"headline": made.headline, "body": "\n".join(made.body)}
    assert all(fields[name.field or ""][name.start : name.end] == name.text for name in found)


def test_spellings_of_a_name_do_not_change_what_is_found() -> None:
    """The same story, with Arabic letters and without half-spaces, has the same mentions."""
    for truth in demo_truth():
        text = "\n".join(part for _, part in truth.texts)
        respelt = text.translate(str.maketrans("یک", "يك")).replace("\u200c", " ")
        before = find_mentions(text, registry().gazetteer, province=truth.province)
        after = find_mentions(respelt, registry().gazetteer, province=truth.province)
        assert key(before) == key(after), truth.name


def key(found: list[Mention]) -> list[tuple[str, str | None]]:
    return [(mention.kind, mention.id) for mention in found]
