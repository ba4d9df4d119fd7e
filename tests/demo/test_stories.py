"""The bundled and the synthetic stories."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.demo.server import Portal
from aggregator.demo.spelling import SOFT_HYPHEN, ZWNJ, Spelling, respell
from aggregator.demo.stories import Story, plain, read_story, tehran_time
from aggregator.demo.synthetic import synthetic_articles
from aggregator.persian.calendar import jalali_date, tehran_day


def stories(portal: Portal) -> list[Story]:
    return [item.story for site in portal.sites for item in site.items]


def published_text(portal: Portal) -> str:
    return "\n".join("\n".join((story.headline, *story.paragraphs)) for story in stories(portal))


def test_there_are_enough_of_several_organisations(bundled: Portal) -> None:
    assert len(stories(bundled)) >= 64
    assert len({site.family.name for site in bundled.sites}) >= 6
    organisations = {source.organisation for source in bundled.sources()}
    provinces = ("alborz", "gilan", "fars", "razavi-khorasan", "kerman", "east-azerbaijan")
    offices = {f"mcls-{province}" for province in provinces}
    assert organisations >= offices | {"mcls", "gov-yazd", "min-health", "min-roads", "tvto"}


def test_organisations_are_in_the_registry(bundled: Portal) -> None:
    from aggregator.registry import load_registry

    known = load_registry().organisations
    assert [site.organisation for site in bundled.sites if site.organisation not in known] == []


def test_texts_are_different_and_of_some_length(bundled: Portal) -> None:
    bodies = [story.paragraphs for story in stories(bundled)]
    assert len(set(bodies)) == len(bodies)
    assert min(len(body) for body in bodies) >= 3
    assert min(sum(map(len, body)) for body in bodies) >= 250


def test_paragraphs_repeat_only_in_the_story_that_offices_share(bundled: Portal) -> None:
    offices: dict[str, set[str]] = {}
    for site in bundled.sites:
        for story in (item.story for item in site.items):
            for paragraph in story.paragraphs:
                key = re.sub(rf"[\s{ZWNJ}]", "", paragraph).translate(str.maketrans("يك", "یک"))
                offices.setdefault(key, set()).add(site.source_id)
    shared = Counter({paragraph: len(sites) for paragraph, sites in offices.items() if len(sites) > 1})
    assert max(shared.values()) >= 4
    assert len(shared) <= 4


def test_dates_run_from_1399_to_1402_and_mostly_lie_in_khordad_1399(bundled: Portal) -> None:
    days = [jalali_date(tehran_day(story.published)) for story in stories(bundled)]
    assert {day[:4] for day in days} == {"1399", "1400", "1401", "1402"}
    assert sum(day.startswith("1399-03") for day in days) > len(days) / 2


def test_spellings_differ_as_in_life(bundled: Portal) -> None:
    text = published_text(bundled)
    for spelling in ("می‌شود", "می شود", "میشود", "كار", "کار", "ي", "ی", "۳۱", "72"):
        assert spelling in text


@pytest.mark.parametrize("kind", ["list", "table", "heading", "picture"])
def test_every_kind_of_block_occurs(bundled: Portal, kind: str) -> None:
    assert any(block.kind == kind for story in stories(bundled) for block in story.blocks)


def test_a_body_of_line_breaks_holds_only_lines() -> None:
    for story in [*stories(Portal.demo()), *synthetic_articles(80)]:
        if story.layout == "breaks":
            assert {block.kind for block in story.blocks} == {"paragraph"}


def test_the_ministry_is_written_in_many_ways(bundled: Portal) -> None:
    ministry = r"تعاون\s?،?\s?[کك]ار\s?و?\s?(?:رفاه)?(?: اجتماع[یي])?"
    assert len(set(re.findall(ministry, published_text(bundled)))) >= 6


def test_an_edition_holds_only_what_changed() -> None:
    story = read_story(
        {
            "site": "x",
            "number": 1,
            "published": "1399-03-20 09:01",
            "headline": "یک",
            "lead": "لید",
            "body": ["متن"],
            "edition": {"modified": "1399-03-21 10:00", "headline": "دو"},
        }
    )
    assert story.edition is not None
    assert (story.headline, story.edition.headline, story.edition.lead) == ("یک", "دو", "لید")
    assert story.modified is None
    assert story.edition.modified == datetime(2020, 6, 10, 5, 30, tzinfo=UTC)


def test_times_are_tehrans() -> None:
    assert tehran_time("1399-03-20 09:01") == datetime(2020, 6, 9, 4, 31, tzinfo=UTC)
    assert tehran_time("1402-03-20 09:01") == datetime(2023, 6, 10, 5, 31, tzinfo=UTC)


def test_inline_marks_are_no_text() -> None:
    assert plain("از [این نشانی](a.pdf) **بخوانید**") == "از این نشانی بخوانید"


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        (Spelling(letters="arabic"), f"شبكه{ZWNJ}هاي ۱۳۹۹ كار"),
        (Spelling(letters="windows-1256", digits="latin"), f"شبکه{ZWNJ}هاي 1399 کار"),
        (Spelling(half_space="space"), "شبکه های ۱۳۹۹ کار"),
        (Spelling(half_space="glued"), "شبکههای ۱۳۹۹ کار"),
        (Spelling(half_space="soft-hyphen"), f"شبکه{SOFT_HYPHEN}های ۱۳۹۹ کار"),
    ],
)
def test_spelling(spelling: Spelling, expected: str) -> None:
    assert respell(f"شبکه{ZWNJ}های ۱۳۹۹ کار", spelling) == expected


@given(st.text(alphabet="شبکه‌ی ۱2]([.a)", max_size=40))
def test_default_spelling_changes_nothing(text: str) -> None:
    assert respell(text, Spelling()) == text


def test_link_targets_are_not_respelt() -> None:
    spelling = Spelling(digits="latin", letters="arabic")
    assert respell("[ی۱](ی۱.pdf)", spelling) == "[ي1](ی۱.pdf)"


def test_synthetic_stories_are_the_same_for_a_seed_and_all_different() -> None:
    first, again, other = synthetic_articles(400), synthetic_articles(400), synthetic_articles(400, seed=1)
    assert first == again
    assert first != other
    for texts in (
        {story.headline for story in first},
        {story.lead for story in first},
        {story.paragraphs for story in first},
        {story.number for story in first},
    ):
        assert len(texts) == 400
    years = {jalali_date(tehran_day(story.published))[:4] for story in first}
    assert years == {"1399", "1400", "1401", "1402"}
