"""The counties, and what a name in a text or in a filter means."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FixFileError
from aggregator.model import County
from aggregator.persian.fold import fold_key
from aggregator.persian.names.gazetteer import Gazetteer
from aggregator.registry import Registry, load_registry
from aggregator.registry.counties import read_counties
from aggregator.registry.entries import ID_PATTERN
from aggregator.registry.names import CountyNames
from aggregator.registry.yamlfile import read_yaml

FACTS = Path(__file__).parents[2] / "shared" / "facts"
REGISTRY = load_registry()
COUNTIES = REGISTRY.counties


# --- what is bundled ----------------------------------------------------------------------------------------


def test_every_province_has_its_counties():
    counts = Counter(county.province for county in COUNTIES.values())
    assert counts.keys() == REGISTRY.provinces.keys()
    assert sum(counts.values()) == 448
    assert (counts["alborz"], counts["fars"], counts["qom"]) == (6, 36, 1)


def test_ids_begin_with_the_provinces_and_are_nothing_elses():
    for key, county in COUNTIES.items():
        assert key == county.id
        assert ID_PATTERN.fullmatch(key)
        assert key.startswith(f"{county.province}-")
    assert not COUNTIES.keys() & {*REGISTRY.organisations, *REGISTRY.provinces, *REGISTRY.sources}


@pytest.mark.skipif(not FACTS.is_dir(), reason="the collected facts are not beside this checkout")
def test_every_collected_county_is_there():
    with (FACTS / "counties.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    free = [row for row in rows if row["in_lists"] != "list-of-cities"]
    found = {
        key
        for row in free
        for key in REGISTRY.resolve_county(row["county_fa"])
        if COUNTIES[key].province == row["province_id"]
    }
    assert found == COUNTIES.keys()
    assert len(free) == len(COUNTIES)


def test_no_two_counties_of_a_province_share_a_name():
    names = Counter(
        (county.province, fold_key(name))
        for county in COUNTIES.values()
        for name in (county.name, *county.aliases)
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    "key",
    [
        "mazandaran-nur",
        "hamadan-bahar",
        "bushehr-jam",
        "east-azerbaijan-mianeh",
        "qazvin-alborz",
        "qazvin-avaj",
        "fars-mohr",
        "tehran-rey",
        "semnan-meyami",
    ],
)
def test_names_that_are_other_things_too_are_marked(key):
    assert COUNTIES[key].ordinary


@pytest.mark.parametrize("key", ["alborz-karaj", "kerman-kerman", "khuzestan-ahvaz", "tehran-shemiranat"])
def test_names_that_are_nothing_else_are_not_marked(key):
    assert not COUNTIES[key].ordinary


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("isfahan-aran-bidgol", "آران و بیدگل"),
        ("hormozgan-hajjiabad", "حاجی‌آباد"),
        ("isfahan-buin-miandasht", "بویین و میاندشت"),
        ("gilan-talesh", "تالش"),
        ("alborz-nazarabad", "نظرآباد"),
    ],
)
def test_names_are_spelt_as_today(key, name):
    assert COUNTIES[key].name == name


def test_the_counties_are_not_read_before_they_are_needed():
    """Most commands never ask for a county."""
    script = (
        "from aggregator.registry import load_registry\n"
        "from aggregator.registry.counties import load_counties\n"
        "registry = load_registry()\n"
        "assert load_counties.cache_info().currsize == 0\n"
        "assert registry.label('alborz-karaj') == 'کرج'\n"
        "assert load_counties.cache_info().currsize == 1\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("county", COUNTIES.values(), ids=lambda county: county.id)
def test_all_names_of_a_county(county):
    for name in (county.id, county.name, county.name_en, *county.aliases):
        assert REGISTRY.resolve_county(name) == (county.id,)
        assert REGISTRY.resolve_county(f"شهرستان {name}") == (county.id,)
        assert REGISTRY.resolve_county(f"{name} County") == (county.id,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("كرج", "alborz-karaj"),
        ("شهرستان‌کرج", "alborz-karaj"),
        ("شهرستانکرج", "alborz-karaj"),
        ("شهر کرج", "alborz-karaj"),
        ("شهرستان شهرکرد", "chaharmahal-bakhtiari-shahrekord"),
        ("شهر کرد", "chaharmahal-bakhtiari-shahrekord"),
        ("نظر آباد", "alborz-nazarabad"),
        ("آران وبیدگل", "isfahan-aran-bidgol"),
        ("بوئین‌زهرا", "qazvin-buin-zahra"),
        ("قایم شهر", "mazandaran-qaemshahr"),
        ("شهرستان نور", "mazandaran-nur"),
        ("شهرستان دورود", "lorestan-dorud"),
        ("شهر ری", "tehran-rey"),
        ("شهرری", "tehran-rey"),
        ("یاسوج", "kohgiluyeh-boyerahmad-boyer-ahmad"),
        ("چاه بهار", "sistan-baluchestan-chabahar"),
        ("Shiraz", "fars-shiraz"),
    ],
)
def test_counties_by_any_name(name, expected):
    assert REGISTRY.resolve_county(name) == (expected,)


@pytest.mark.parametrize(
    "name", ["", "شهرستان", "شهر", "county", "استان کرمان", "گلستان", "خراسان", "نر", "درود", "کار", "mcls"]
)
def test_what_no_county_is_called(name):
    assert REGISTRY.resolve_county(name) == ()


def test_a_name_that_two_provinces_have_means_both():
    counties = {
        key: County(key, name, key, key.partition("-")[0])
        for key, name in (("a-rudbar", "رودبار"), ("b-rudbar", "رودبار"), ("b-other", "رودبار جنوب"))
    }
    names = CountyNames(counties)
    assert names.find("شهرستان رودبار") == ("a-rudbar", "b-rudbar")
    assert names.find("رودبارجنوب") == ("b-other",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mcls-alborz", ("mcls-alborz",)),
        ("alborz", ("alborz",)),
        ("alborz-karaj", ("alborz-karaj",)),
        ("استان البرز", ("alborz",)),
        ("شهرستان البرز", ("qazvin-alborz",)),
        ("البرز", ("alborz", "qazvin-alborz")),
        ("کرمان", ("kerman", "kerman-kerman")),
        ("كرمان", ("kerman", "kerman-kerman")),
        ("شهرستان کرمان", ("kerman-kerman",)),
        ("استان کرمان", ("kerman",)),
        ("وزارت کار", ("mcls",)),
        ("تعاون،کار ورفاه", ("mcls",)),
        ("اداره کل کار استان البرز", ("mcls-alborz",)),
        ("استانداری قم", ("gov-qom",)),
        ("خبرگزاری مهر", ("mehr",)),
        ("مهر", ("mehr", "fars-mohr")),
        ("شهرستان مهر", ("fars-mohr",)),
        ("کوار", ("fars-kavar",)),
        ("IR-30", ("alborz",)),
        ("دکتر میدری", ()),
        ("", ()),
    ],
)
def test_what_a_name_means(name, expected):
    assert REGISTRY.resolve_mention(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("خانه ملت", "majlis"),
        ("خبرگزاری خانه ملت", "icana"),
        ("وزارت راه و ترابری", "min-roads"),
        ("سازمان میراث فرهنگی", "min-heritage"),
        ("خبرگزاری میراث فرهنگی", "chtn"),
        ("وزارت بازرگانی", "min-industry"),
        ("ریاست‌جمهوری اسلامی ایران", "president"),
        ("جمعیت هلال احمر ایران", "rcs"),
        ("سازمان هلال احمر", "rcs"),
        ("مؤسسه استاندارد و تحقیقات صنعتی", "isiri"),
        ("استان باختران", "kermanshah"),
    ],
)
def test_other_names_in_use(name, expected):
    assert REGISTRY.resolve_mention(name) == (expected,)


@pytest.mark.parametrize("key", [*REGISTRY.organisations, *REGISTRY.provinces, *COUNTIES])
def test_an_id_means_only_itself(key):
    assert REGISTRY.resolve_mention(key) == (key,)


@given(st.text())
def test_any_text_is_answered(text):
    assert set(REGISTRY.resolve_county(text)) <= set(COUNTIES)
    known = {*REGISTRY.organisations, *REGISTRY.provinces, *COUNTIES}
    assert set(REGISTRY.resolve_mention(text)) <= known


# --- what hangs on an id ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("mcls-alborz", ("mcls-alborz", "mcls", "alborz")),
        ("atiyeonline", ("atiyeonline", "sso", "mcls")),
        ("imna", ("imna", "isfahan")),
        ("mcls", ("mcls",)),
        ("alborz-karaj", ("alborz-karaj", "alborz")),
        ("alborz", ("alborz",)),
        ("gone", ("gone",)),
    ],
)
def test_under_what_a_mention_is_found(key, expected):
    assert REGISTRY.mention_path(key) == expected


def test_a_mention_is_not_found_under_the_province_of_a_body_above(tmp_path):
    for name, more in (("above", "province: alborz"), ("below", "parent: above\nprovince: qom")):
        (tmp_path / f"{name}.yaml").write_text(f"id: {name}\nname: {name}\n{more}\n", encoding="utf-8")
    assert load_registry([tmp_path]).mention_path("below") == ("below", "above", "qom")


def test_labels_of_counties_are_persian_names():
    assert REGISTRY.label("tehran-shemiranat") == "شمیرانات"
    assert REGISTRY.label("qom-qom") == "شهرستان قم"
    assert REGISTRY.label("alborz-nowhere") == "alborz-nowhere"


def test_the_gazetteer_is_built_once_of_all_names():
    gazetteer = REGISTRY.gazetteer
    assert isinstance(gazetteer, Gazetteer)
    assert REGISTRY.gazetteer is gazetteer
    assert (gazetteer.organisations, gazetteer.provinces, gazetteer.counties) == (
        REGISTRY.organisations,
        REGISTRY.provinces,
        COUNTIES,
    )


def test_a_registry_has_the_counties_of_its_own_provinces():
    registry = Registry(organisations={}, provinces={"qom": REGISTRY.provinces["qom"]}, sources={})
    assert list(registry.counties) == ["qom-qom"]
    with pytest.raises(TypeError):
        registry.counties["x"] = COUNTIES["qom-qom"]  # type: ignore[index]


# --- mistakes in the file -----------------------------------------------------------------------------------


def test_every_wrong_id_is_named_with_its_line(tmp_path):
    path = tmp_path / "counties.yaml"
    path.write_text(
        "- {id: qom-qom, name: قم, name_en: Qom, province: qom}\n"
        "- {id: karaj, name: کرج, name_en: Karaj, province: alborz}\n"
        "- {id: qom-qom, name: قم, name_en: Qom, province: qom}\n",
        encoding="utf-8",
    )
    with pytest.raises(FixFileError) as caught:
        read_counties(read_yaml(path))
    assert str(caught.value).replace(f"{path}:", "").split("\n") == [
        "2: id: 'karaj' does not begin with «alborz-»",
        "3: id: 'qom-qom' is there already",
    ]
