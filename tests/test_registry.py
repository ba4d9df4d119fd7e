"""The bundled registry, and its answers."""

import csv
import re
import time
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Organisation, Province, Source
from aggregator.registry import Registry, load_registry

FACTS = Path(__file__).parents[2] / "shared" / "facts"
REGISTRY = load_registry()

MINISTRY = "وزارت تعاون، کار و رفاه اجتماعی"
SPELLINGS = (
    "تعاون،کارورفاه",
    "تعاون،کار ورفاه اجتماعی",
    "تعاون،کارورفاه اجتماعی",
    "تعاون کار",
    "تعاون، کار و رفاه اجتماعی",
)


# --- what is bundled ----------------------------------------------------------------------------------------


def test_counts_are_complete():
    kinds = Counter(organisation.kind for organisation in REGISTRY.organisations.values())
    assert kinds == {
        "presidency": 7,
        "ministry": 19,
        "organisation": 75,
        "news_agency": 24,
        "governorate": 31,
        "provincial_office": 31,
    }
    assert len(REGISTRY.provinces) == 31
    assert len(REGISTRY.sources) == 189


def test_every_province_has_a_governorate_and_a_labour_office():
    for province in REGISTRY.provinces:
        assert REGISTRY.organisations[f"gov-{province}"].province == province
        office = REGISTRY.organisations[f"mcls-{province}"]
        assert (office.province, office.parent) == (province, "mcls")


def test_nothing_is_called_verified_that_nobody_visited():
    assert {source.verified for source in REGISTRY.sources.values()} == {None}


def test_every_source_says_where_its_address_comes_from():
    assert all(source.evidence.endswith(".") for source in REGISTRY.sources.values())
    guessed = [key for key, source in REGISTRY.sources.items() if "may not exist" in source.evidence]
    assert sum(key.startswith("mcls-") for key in guessed) == 30, "one office's host was seen"
    assert {"gov-alborz", "gov-kerman"} <= set(guessed)


def test_ids_are_the_names_of_the_files():
    stems = {file.name for file in (resources.files("spiders") / "sources").iterdir()}
    assert stems == {f"{key}.yaml" for key in REGISTRY.organisations}


def test_provinces_carry_their_codes_and_spellings():
    alborz = REGISTRY.provinces["alborz"]
    assert alborz == Province("alborz", "البرز", "Alborz", "IR-30", "کرج")
    assert "كرمان" in REGISTRY.provinces["kerman"].aliases
    assert len({province.iso_code for province in REGISTRY.provinces.values()}) == 31


def test_nothing_has_two_names_that_are_one():
    """No organisation's full name means another one too."""
    for key, organisation in REGISTRY.organisations.items():
        assert REGISTRY.resolve_organisation(organisation.name) == (key,)
        assert REGISTRY.resolve_organisation(organisation.name_en) == (key,)


@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts are not beside this checkout")
def test_every_collected_body_is_there():
    with (FACTS / "government.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        key = "mcls" if row["id"] == "min-labour" else row["id"]
        organisation, source = REGISTRY.organisations[key], REGISTRY.sources[key]
        assert organisation.name == row["organisation_fa"]
        assert organisation.kind == row["kind"]
        assert organisation.province == (row["province_id"] or None)
        assert source.url == row["url"]
        assert row["cms_family"] in ("", source.platform)
    assert len(rows) == len(REGISTRY.organisations)


def test_loading_is_fast():
    start = time.process_time()
    load_registry()
    assert time.process_time() - start < 1, "a tenth of this is usual"


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", "وزارت ", "وزارتِ ", "وزارت‌"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_ministry_is_found_in_every_spelling(before, spelling):
    assert REGISTRY.resolve_organisation(before + spelling) == ("mcls",)


@pytest.mark.parametrize("place", [" البرز", " استان البرز", "استان البرز", " استان‌البرز"])
@pytest.mark.parametrize("before", ["", "اداره کل ", "اداره كل ", "اداره‌کل ", "اداره "])
@pytest.mark.parametrize("spelling", [*SPELLINGS, "کار", "كار"])
def test_its_office_is_found_in_every_spelling(before, spelling, place):
    assert REGISTRY.resolve_organisation(before + spelling + place) == ("mcls-alborz",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mcls", ("mcls",)),
        ("MCLS-Alborz", ("mcls-alborz",)),
        ("وزارت کار", ("mcls",)),
        ("وزارت كار", ("mcls",)),
        ("Ministry of Cooperatives, Labour and Social Welfare", ("mcls",)),
        ("تامین اجتماعی", ("sso",)),
        ("سازمان تأمین‌اجتماعی", ("sso",)),
        ("بهزیستی", ("behzisti",)),
        ("سازمان بهزيستي", ("behzisti",)),
        ("ایرنا", ("irna",)),
        ("IRNA", ("irna",)),
        ("خبرگزاری جمهوری اسلامی", ("irna",)),
        ("کشور", ("min-interior",)),
        ("گمرک", ("irica",)),
        ("استانداری البرز", ("gov-alborz",)),
        ("استانداری استان البرز", ("gov-alborz",)),
        ("استانداری چهار محال و بختیاری", ("gov-chaharmahal-bakhtiari",)),
        ("اداره کل کار استان كهگيلويه و بويراحمد", ("mcls-kohgiluyeh-boyerahmad",)),
        ("اداره کل کار کرمانشاه", ("mcls-kermanshah",)),
        ("اداره کل کار کرمان", ("mcls-kerman",)),
    ],
)
def test_names_in_use(name, expected):
    assert REGISTRY.resolve_organisation(name) == expected


def test_an_ambiguous_name_means_several():
    assert set(REGISTRY.resolve_organisation("کار")) == {"mcls", "ilna"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "،",
        "وزارت",
        "سازمان",
        "خبرگزاری",
        "اداره کل",
        "استان",
        "البرز",
        "استانداری",
        "استانداری کرج",
        "وزارت جادو",
        "kar",
    ],
)
def test_what_no_organisation_is_called(name):
    assert REGISTRY.resolve_organisation(name) == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, "alborz")
            for name in ("البرز", "استان البرز", "استان‌البرز", "alborz", "Alborz", "IR-30", "ir30")
        ),
        ("Alborz Province", "alborz"),
        ("كرمان", "kerman"),
        ("خراسان شمالى", "north-khorasan"),
        ("Khorasan Razavi", "razavi-khorasan"),
        ("استان مركزي", "markazi"),
        ("سیستان‌وبلوچستان", "sistan-baluchestan"),
        ("چهارمحال", "chaharmahal-bakhtiari"),
    ],
)
def test_provinces_by_any_name(name, expected):
    assert REGISTRY.resolve_province(name) == (expected,)


@pytest.mark.parametrize("name", ["", "استان", "province", "کرج", "خراسان", "IR-99", "mcls"])
def test_what_no_province_is_called(name):
    assert REGISTRY.resolve_province(name) == ()


@pytest.mark.parametrize("province", REGISTRY.provinces.values(), ids=lambda province: province.id)
def test_all_spellings_of_a_province(province):
    for name in (province.name, province.name_en, *province.aliases):
        assert REGISTRY.resolve_province(name) == (province.id,)
        assert REGISTRY.resolve_organisation(f"اداره کل {MINISTRY} استان {name}") == ()
        office = f"اداره کل {MINISTRY.removeprefix('وزارت ')} استان {name}"
        assert REGISTRY.resolve_organisation(office) == (f"mcls-{province.id}",)


NAMES = [name for item in REGISTRY.organisations.values() for name in (item.name, *item.aliases)]


@given(st.sampled_from(NAMES), st.data())
def test_what_parts_the_words_never_matters(name, data):
    between = st.sampled_from([" ", "\u200c", "،", " ، ", "\u00a0", "  ", "-"])
    words = [word for word in re.split(r"[ ،()]+", name) if word]
    spread = words[0] + "".join(data.draw(between) + word for word in words[1:])
    assert REGISTRY.resolve_organisation(spread) == REGISTRY.resolve_organisation(name)


@given(st.text())
def test_any_text_is_answered(text):
    assert set(REGISTRY.resolve_organisation(text)) <= set(REGISTRY.organisations)
    assert set(REGISTRY.resolve_province(text)) <= set(REGISTRY.provinces)


# --- family, labels, addresses ------------------------------------------------------------------------------


def test_ancestors_lead_from_the_body_to_the_top():
    assert REGISTRY.ancestors("mcls-alborz") == ("mcls-alborz", "mcls")
    assert REGISTRY.ancestors("atiyeonline") == ("atiyeonline", "sso", "mcls")
    assert REGISTRY.ancestors("mcls") == ("mcls",)
    assert REGISTRY.ancestors("gone") == ("gone",)


def test_parents_of_the_bodies_in_question():
    below = {key for key, item in REGISTRY.organisations.items() if "mcls" in REGISTRY.ancestors(key)[1:]}
    named = {"sso", "behzisti", "tvto", "cspf", "roostaa", "lssi", "cigf", "ttbank", "karafarin-omid"}
    assert named <= below
    assert len(below) == len(named) + 31 + 1  # offices, atiyeonline
    assert REGISTRY.organisations["news-mrud"].parent == "min-roads"
    assert {REGISTRY.organisations[f"gov-{province}"].parent for province in REGISTRY.provinces} == {
        "min-interior"
    }


def test_labels_are_persian_names():
    assert REGISTRY.label("mcls") == MINISTRY
    assert REGISTRY.label("alborz") == "البرز"
    assert REGISTRY.label("tavanir-news") == "شرکت توانیر"
    assert REGISTRY.label("example.ir") == "example.ir"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.irna.ir/news/84", "irna"),
        ("http://irna.ir", "irna"),
        ("http://IRNA.ir:80/", "irna"),
        ("https://alborz.mcls.gov.ir/fa/news/1", "mcls-alborz"),
        ("https://mcls.gov.ir/", "mcls"),
        ("https://news.tavanir.org.ir/news/1", "tavanir-news"),
        ("https://president.ir/en/1", "president"),
        ("https://irna.ir:8443/", None),
        ("https://notirna.ir/", None),
        ("https://sub.irna.ir/", None),
        ("https://irna.ir/خبر/۱", "irna"),
        ("", None),
        ("mailto:a@irna.ir", None),
        ("http://[", None),
    ],
)
def test_the_source_of_an_address(url, expected):
    source = REGISTRY.source_for_url(url)
    assert (source.id if source else None) == expected


def test_of_two_sources_on_one_host_the_path_tells():
    sites = {
        "fa": "http://127.0.0.1:8000/fa/",
        "photo": "http://127.0.0.1:8000/fa/photo/index.html",
        "en": "http://127.0.0.1:8000/en",
    }
    registry = Registry(
        organisations={"a": Organisation("a", "الف", "A", "other")},
        provinces={},
        sources={key: Source(key, "a", url) for key, url in sites.items() if key != "en"},
    )
    found = {
        path: getattr(registry.source_for_url(f"http://127.0.0.1:8000{path}"), "id", None)
        for path in ("/fa/news/1", "/fa/photo/2", "/fa/photograph", "/ar/1", "/fa")
    }
    assert found == {
        "/fa/news/1": "fa",
        "/fa/photo/2": "photo",
        "/fa/photograph": "fa",
        "/ar/1": None,
        "/fa": None,
    }


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        REGISTRY.sources["x"] = REGISTRY.sources["irna"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        REGISTRY.sources = {}  # type: ignore[misc]
