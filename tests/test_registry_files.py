"""A user's own files: what is read, and what is refused in which words."""

import contextlib
import re
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import FixFileError
from aggregator.registry import load_registry
from aggregator.registry.yamlfile import MAX_BYTES, read_yaml

GOOD = """\
id: shahr
name: شهرداری شهر
sources:
  - url: https://shahr.example.ir/
"""


def load(tmp_path, *files, name="mine"):
    """The registry with a directory of these texts, called 1.yaml, 2.yaml, …"""
    directory = tmp_path / name
    directory.mkdir()
    for number, content in enumerate(files, start=1):
        body = content if isinstance(content, bytes) else content.encode()
        (directory / f"{number}.yaml").write_bytes(body)
    return load_registry([directory])


def refused(tmp_path, *files):
    """The error, and its sentences without the directory."""
    with pytest.raises(FixFileError) as caught:
        load(tmp_path, *files)
    return caught.value, str(caught.value).replace(f"{tmp_path / 'mine'}/", "").split("\n")


# --- what is read -------------------------------------------------------------------------------------------


def test_three_lines_are_enough(tmp_path):
    registry = load(tmp_path, GOOD)
    organisation, source = registry.organisations["shahr"], registry.sources["shahr"]
    assert (organisation.name_en, organisation.kind, organisation.aliases) == (
        "شهرداری شهر",
        "organisation",
        (),
    )
    assert (source.organisation, source.url) == ("shahr", "https://shahr.example.ir/")
    assert (source.platform, source.feeds, source.delay, source.verified) == (None, (), None, None)
    assert "irna" in registry.sources, "the bundled ones stay"


def test_every_field(tmp_path):
    registry = load(
        tmp_path,
        """\
id: shahr
name: "شهرداری: شهر"
name_en: City
kind: other
parent: min-interior
province: alborz
aliases: [شهر ما, "1399"]
sources:
  # a comment
  - url: https://shahr.example.ir/fa/
    platform: nastooh
    feeds: [/rss, "https://feeds.example.ir/شهر"]
    sitemaps:
      - sitemap.xml
    listings: ["?page=news"]
    delay: 2.5
    verified: 1403-03-10
    evidence: somebody looked
  - id: shahr-photo
    url: http://photo.example.ir:8080
    delay: 3
    verified: 2024-05-30
""",
    )
    organisation = registry.organisations["shahr"]
    assert organisation.name == "شهرداری: شهر"
    assert organisation.aliases == ("شهر ما", "1399")
    assert (organisation.kind, organisation.parent, organisation.province) == (
        "other",
        "min-interior",
        "alborz",
    )
    source = registry.sources["shahr"]
    assert source.feeds == ("/rss", "https://feeds.example.ir/شهر")
    assert (source.sitemaps, source.listings) == (("sitemap.xml",), ("?page=news",))
    assert (source.delay, source.evidence) == (2.5, "somebody looked")
    assert source.verified == date(2024, 5, 30), "a Jalali day is read as one"
    assert registry.sources["shahr-photo"].verified == date(2024, 5, 30)
    assert registry.ancestors("shahr") == ("shahr", "min-interior")


def test_a_persian_host_is_found_however_it_is_written(tmp_path):
    registry = load(tmp_path, GOOD.replace("shahr.example.ir", "شهر.ایران"))
    for url in ("https://شهر.ایران/خبر/1", "http://www.xn--wgbf1d.xn--mgba3a4f16a/news"):
        source = registry.source_for_url(url)
        assert source
        assert source.id == "shahr"


def test_hidden_and_other_files_are_left_alone(tmp_path):
    (tmp_path / ".hidden.yaml").write_text("nonsense: [")
    (tmp_path / "README.md").write_text("text")
    (tmp_path / "folder").mkdir()
    (tmp_path / "one.yml").write_text(GOOD, encoding="utf-8-sig")
    assert load_registry([tmp_path]).sources["shahr"]


def test_a_single_file_may_be_named(tmp_path):
    (tmp_path / "one.yaml").write_text(GOOD, encoding="utf-8")
    assert load_registry([tmp_path / "one.yaml"]).sources["shahr"]


def test_a_missing_directory_is_named(tmp_path):
    with pytest.raises(FixFileError, match="nowhere: the directory of sources cannot be read: No such file"):
        load_registry([tmp_path / "nowhere"])


def test_a_users_file_replaces_the_bundled_one(tmp_path):
    registry = load(tmp_path, "id: irna\nname: ایرنای من\nsources:\n  - url: http://127.0.0.1:8000/\n")
    assert registry.organisations["irna"].name == "ایرنای من"
    assert registry.sources["irna"].url == "http://127.0.0.1:8000/"
    assert registry.source_for_url("https://www.irna.ir/") is None
    assert registry.resolve_organisation("ایرنا") == ()


def test_of_two_directories_the_later_counts(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    for directory, name in ((first, "یک"), (second, "دو")):
        directory.mkdir()
        (directory / "x.yaml").write_text(f"id: shahr\nname: {name}\n", encoding="utf-8")
    assert load_registry([first, second]).organisations["shahr"].name == "دو"


# --- what is refused ----------------------------------------------------------------------------------------


def with_source(*lines: str) -> str:
    return GOOD + "".join(f"    {line}\n" for line in lines)


ONE_MISTAKE = {
    "unknown platform": (
        with_source("platform: nastoh"),
        "1.yaml:5: platform: 'nastoh' is not a platform; did you mean 'nastooh'?",
    ),
    "unknown field": (GOOD + "alias: x\n", "1.yaml:5: alias: is not a field; did you mean 'aliases'?"),
    "unknown field of a source": (
        with_source("feed: x"),
        "1.yaml:5: feed: is not a field; did you mean 'feeds'?",
    ),
    "unknown empty field": (
        GOOD + "provinc:\n",
        "1.yaml:5: provinc: is not a field; did you mean 'province'?",
    ),
    "unknown kind": (
        GOOD + "kind: ministery\n",
        "1.yaml:5: kind: 'ministery' is not a kind; did you mean 'ministry'?",
    ),
    "missing id": (GOOD.replace("id: shahr\n", ""), "1.yaml:1: id: is missing"),
    "missing name": ("id: shahr\n", "1.yaml:1: name: is missing"),
    "missing url": ("id: a\nname: b\nsources:\n  - platform: nastooh\n", "1.yaml:4: url: is missing"),
    "empty name": ("id: a\nname:\n", "1.yaml:2: name: is empty; write something or leave the line out"),
    "blank name": ('id: a\nname: " "\n', "1.yaml:2: name: is empty; write something or leave the line out"),
    "number as name": (
        "id: a\nname: 1399\n",
        "1.yaml:2: name: 1399 is not text; put it in quotes if it is meant",
    ),
    "boolean as name": (
        "id: a\nname: no\n",
        "1.yaml:2: name: False is not text; put it in quotes if it is meant",
    ),
    "list as name": (
        "id: a\nname: [b]\n",
        "1.yaml:2: name: ['b'] is not text; put it in quotes if it is meant",
    ),
    "text as list": (
        GOOD + "aliases: شهر\n",
        "1.yaml:5: aliases: has to be a list, each item on its own line after «- »",
    ),
    "number in a list": (
        GOOD + "aliases:\n  - شهر\n  - 12\n",
        "1.yaml:7: aliases: 12 is not text; put it in quotes if it is meant",
    ),
    "source as text": (
        "id: a\nname: b\nsources:\n  - https://a.ir/\n",
        "1.yaml:4: sources: has to be fields, each on its own line as «name: value»",
    ),
    "list as file": ("- id: a\n", "1.yaml:1: has to be fields, each on its own line as «name: value»"),
    "id": (
        GOOD.replace("shahr", "شهر", 1),
        "1.yaml:1: id: 'شهر' is not an id; use small Latin letters and digits, single hyphens between them",
    ),
    "province": (GOOD + "province: Alborz\n", "1.yaml:5: province: 'Alborz' is not an id; use small"),
    "unknown province": (
        GOOD + "province: albors\n",
        "1.yaml:5: province: 'albors' is not a province's id; did you mean 'alborz'?",
    ),
    "unknown parent": (
        GOOD + "parent: mlcs\n",
        "1.yaml:5: parent: 'mlcs' is not an organisation's id; did you mean 'mcls'?",
    ),
    "own parent": (
        GOOD + "parent: shahr\n",
        "1.yaml:5: parent: the parents go round in a ring: shahr → shahr",
    ),
    "province's id": (
        GOOD.replace("shahr", "tehran", 1),
        "1.yaml:1: id: 'tehran' is the id of a province; choose another",
    ),
    "source with another's id": (
        with_source("id: irna"),
        "1.yaml:5: id: 'irna' is taken: it is a source of ",
    ),
    "source with a province's id": (
        with_source("id: tehran"),
        "1.yaml:5: id: 'tehran' is the id of an organisation or a province; choose another",
    ),
    "county's id": (
        GOOD.replace("shahr", "alborz-karaj", 1),
        "1.yaml:1: id: 'alborz-karaj' is the id of a county; choose another",
    ),
    "source with a county's id": (
        with_source("id: alborz-karaj"),
        "1.yaml:5: id: 'alborz-karaj' is the id of a county; choose another",
    ),
    "not an address": (
        GOOD.replace("https://shahr.example.ir/", "shahr.example.ir"),
        "1.yaml:4: url: 'shahr.example.ir' is not an address; it has to start with http",
    ),
    "no host": (
        GOOD.replace("shahr.example.ir/", "/fa/"),
        "1.yaml:4: url: 'https:///fa/' is not an address; it has",
    ),
    "odd host": (
        GOOD.replace("shahr.example", "a!b"),
        "1.yaml:4: url: 'https://a!b.ir/' is not an address; it has",
    ),
    "port": (
        GOOD.replace(".ir/", ".ir:99999/"),
        "1.yaml:4: url: 'https://shahr.example.ir:99999/' is not an address",
    ),
    "feed of another scheme": (
        with_source("feeds: ['javascript:x']"),
        "1.yaml:5: feeds: 'javascript:x' is not an address",
    ),
    "listing with a blank": (
        with_source("listings: ['/a b']"),
        "1.yaml:5: listings: '/a b' is not an address",
    ),
    "day": (with_source("verified: 2024-13-01"), "1.yaml:5: verified: "),
    "Jalali day": (with_source("verified: 1403-07-31"), "1.yaml:5: verified: "),
    "day as word": (
        with_source("verified: yes"),
        "1.yaml:5: verified: True is not a day; write it as 2024-05-30",
    ),
    "day to come": (with_source("verified: 2999-01-01"), "1.yaml:5: verified: '2999-01-01' is in the future"),
    "delay as text": (with_source("delay: fast"), "1.yaml:5: delay: 'fast' is not a number of seconds"),
    "negative delay": (
        with_source("delay: -1"),
        "1.yaml:5: delay: input should be greater than or equal to 0",
    ),
    "endless delay": (with_source("delay: .inf"), "1.yaml:5: delay: '.inf' is not a number of seconds"),
    "key twice": (GOOD + "name: x\n", "1.yaml:5: name: this key is there already, on line 2"),
    "key twice in a source": (with_source("url: x"), "1.yaml:5: url: this key is there already, on line 4"),
    "syntax": ("id: a\nname: [b\nkind: c\n", "1.yaml:3: this is not YAML: "),
    "tab": ("id: a\n\tname: b\n", "1.yaml:2: this is not YAML: "),
    "empty": ("# nothing\n", "1.yaml: the file is empty"),
    "second document": (
        GOOD + "---\nid: b\n",
        "1.yaml:5: there is a second document («---»); give each its own file",
    ),
    "alias": ("id: &a a\nname: *a\n", "1.yaml:1: anchors and aliases («&name», «*name») are not accepted"),
    "tag": ("id: !!python/name:os.system a\n", "1.yaml:1: tags («!name») are not accepted"),
    "key of several words": ("? [a, b]\n: c\n", "1.yaml:1: a key has to be one word"),
    "brackets": ("[" * 100_000, "1.yaml:1: this is nested too deeply"),
    "lists in lists": ("- " * 100_000 + "a", "1.yaml:1: this is nested too deeply"),
    "not UTF-8": (
        GOOD.encode() + "alias: شهر".encode("windows-1256"),
        "1.yaml:5: the file is not UTF-8; save it as UTF-8",
    ),
    "UTF-16": (GOOD.encode("utf-16"), "1.yaml:1: the file is not UTF-8; save it as UTF-8"),
    "NUL": ("id: a\nname: ب\0\n", "1.yaml:2: the character U+0000 is not allowed in YAML"),
    "too long": (
        "#" * (MAX_BYTES + 1),
        "1.yaml: the file is longer than 256 KB; give each organisation its own",
    ),
}


@pytest.mark.parametrize("case", ONE_MISTAKE)
def test_a_mistake_is_named_with_file_line_and_field(case, tmp_path):
    content, expected = ONE_MISTAKE[case]
    error, sentences = refused(tmp_path, content)
    assert len(sentences) == 1
    assert sentences[0].startswith(expected)
    place = re.match(r"1\.yaml:(\d+): (?:(\w+): )?", expected)
    if place:
        assert error.line == int(place[1])
        assert error.field == place[2]
    assert error.path == tmp_path / "mine" / "1.yaml"
    assert error.exit_status == 2


def test_far_words_are_answered_with_all_that_are_accepted(tmp_path):
    _, sentences = refused(tmp_path, GOOD + "kind: zzz\n")
    assert sentences == [
        "1.yaml:5: kind: 'zzz' is not a kind; "
        "accepted: governorate, ministry, news_agency, organisation, other, presidency, provincial_office"
    ]


def test_all_mistakes_of_all_files_are_named_at_once(tmp_path):
    error, sentences = refused(tmp_path, "id: A\nkin: x\nname:\n", GOOD, "id: [", "id: b\n")
    assert [sentence.split(" ")[:2] for sentence in sentences] == [
        ["1.yaml:1:", "id:"],
        ["1.yaml:3:", "name:"],
        ["1.yaml:2:", "kin:"],
        ["3.yaml:2:", "this"],
        ["4.yaml:1:", "name:"],
    ]
    assert (error.line, error.field) == (1, "id")


def test_two_files_of_one_organisation_are_both_named(tmp_path):
    _, sentences = refused(tmp_path, GOOD, "id: b\nname: ب\n", GOOD)
    assert sentences == ["3.yaml:1: id: 'shahr' is taken: it is the organisation of 1.yaml"]


def test_two_sources_of_one_id_are_both_named(tmp_path):
    second = "id: b\nname: ب\nsources:\n  - url: http://b.ir/\n    id: photo\n"
    first = with_source("id: photo")
    _, sentences = refused(tmp_path, first, second)
    assert sentences == ["2.yaml:5: id: 'photo' is taken: it is a source of 1.yaml"]


def test_two_sites_of_one_organisation_need_ids(tmp_path):
    _, sentences = refused(tmp_path, GOOD + "  - url: http://b.ir/\n")
    assert sentences == ["1.yaml:5: id: 'shahr' is taken: it is a source of 1.yaml"]


def test_a_ring_of_parents_is_shown(tmp_path):
    ring = [f"id: {key}\nname: ب\nparent: {parent}\n" for key, parent in ("ab", "bc", "ca", "da")]
    _, sentences = refused(tmp_path, *ring)
    assert sentences == [
        "1.yaml:3: parent: the parents go round in a ring: a → b → c → a",
        "2.yaml:3: parent: the parents go round in a ring: b → c → a → b",
        "3.yaml:3: parent: the parents go round in a ring: c → a → b → c",
    ]


@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_content_ends_in_anything_but_data_or_a_named_error(content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    with contextlib.suppress(FixFileError):
        read_yaml(path)


@settings(max_examples=40, deadline=None)  # each loads the whole registry
@given(
    data=st.dictionaries(
        st.sampled_from(["id", "name", "kind", "parent", "aliases", "sources", "other"]),
        st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9), st.lists, max_leaves=4),
    )
)
def test_no_data_ends_in_anything_but_a_registry_or_a_named_error(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with contextlib.suppress(FixFileError):
        load_registry([path])
