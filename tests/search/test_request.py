"""Requests, cursors, names and the JSON of results."""

import base64
import hashlib
import json
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FixQueryError
from aggregator.model import Organisation, Province, Source
from aggregator.registry import Registry
from aggregator.search.cursor import Place, read_cursor, write_cursor
from aggregator.search.names import speaker_key
from aggregator.search.plan import plan_search
from aggregator.search.results import (
    FacetValue,
    Highlight,
    Hit,
    MonthCount,
    SearchRequest,
    SearchResult,
)
from aggregator.search.syntax import And, DateRange, FieldFilter, Not, Or, Words

REGISTRY = Registry(
    MappingProxyType({"energy": Organisation("energy", "وزارت نیرو", "Ministry of Energy", "ministry")}),
    MappingProxyType({"qom": Province("qom", "قم", "Qom", "IR-25", "قم")}),
    MappingProxyType({"moe": Source("moe", "energy", "https://news.moe.gov.ir/")}),
)
WATER = Words("آب", ("اب",))


def test_filters_beside_the_query_are_required_with_it():
    request = SearchRequest(
        "آب", "any", "نیرو", "استان قم", "moe", "اخبار", "شهرستان قم", date(2020, 1, 1), sort="date"
    )
    plan = plan_search(request, REGISTRY)
    assert plan.root == And(
        (
            WATER,
            FieldFilter("organisation", ("energy",)),
            FieldFilter("province", ("qom",)),
            FieldFilter("source", ("moe",)),
            FieldFilter("section", ("اخبار",)),
            FieldFilter("mentions", ("qom-qom",)),
            DateRange(date(2020, 1, 1), None),
        ),
        explicit=True,
    )
    assert (plan.match, plan.sort, plan.notes) == ("any", "date", ())


def test_empty_filters_are_no_filters():
    assert plan_search(SearchRequest("آب", organisation="", province=" "), REGISTRY).root == WATER


def test_names_are_resolved_wherever_they_stand():
    plan = plan_search(SearchRequest("-استان:قم OR (آب سازمان:نیرو) منبع:news.moe.gov.ir"), REGISTRY)
    assert plan.root == And(
        (
            Or(
                (
                    Not(FieldFilter("province", ("qom",))),
                    And((WATER, FieldFilter("organisation", ("energy",)))),
                )
            ),
            FieldFilter("source", ("moe",)),
        )
    )


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("سازمان:وزارت‌نیرر", "وزارت نیرو"),
        ("source:moee", "moe"),
        ("استان:qon", "Qom"),
        ("منبع:nowhere.ir", None),
        ("mentions:وزارت‌نیرر", "وزارت نیرو"),
        ("mentions:Qoom", "Qom"),
        ("mentions:کوهستانی", None),
    ],
)
def test_unknown_names_are_told_with_what_is_near(query, near):
    (note,) = plan_search(SearchRequest(query), REGISTRY).notes
    assert query.split(":")[1] in note
    assert (near or "") in note
    assert ("near:" in note) == (near is not None)


def test_who_is_no_organisation_or_place_is_looked_for_as_a_speaker():
    (known, unknown) = plan_search(SearchRequest("mentions:نیرو mentions:کوهستانی"), REGISTRY).root.items
    assert known == FieldFilter("mentions", ("energy",))
    assert unknown == FieldFilter("mentions", ("کوهستانی", speaker_key("كوهستاني")))


def test_many_unknown_names_take_no_time():
    query = " ".join(f"سازمان:نیروو{number}x" for number in range(300))
    notes = plan_search(SearchRequest(query), REGISTRY).notes
    assert len(notes) == 300
    assert sum("near:" in note for note in notes) <= 5


def test_without_words_the_order_is_by_date():
    assert plan_search(SearchRequest("استان:قم -آب"), REGISTRY).sort == "date"
    assert plan_search(SearchRequest("استان:قم آب"), REGISTRY).sort == "relevance"


def test_dates_that_no_day_is_within_are_told():
    assert plan_search(SearchRequest("since:1400 until:1399"), REGISTRY).notes
    assert plan_search(SearchRequest("until:1399", since=date(2022, 1, 1)), REGISTRY).notes
    assert not plan_search(SearchRequest("since:1400 OR until:1399"), REGISTRY).notes


@pytest.mark.parametrize("size", [-1, 1001])
def test_a_page_has_a_limit(size):
    with pytest.raises(FixQueryError, match="1,000"):
        plan_search(SearchRequest(size=size), REGISTRY)


@given(
    st.builds(
        Place,
        st.lists(
            st.integers(-(2**63) + 1, 2**63 - 1)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(max_size=40),
            max_size=4,
        ).map(tuple),
        st.integers(0, 2**31 - 1),
        st.none() | st.text(st.characters(codec="ascii")),
    ),
    st.text(),
    st.text(),
)
def test_a_cursor_goes_on_in_its_own_search_only(place, search, other):
    cursor = write_cursor(place, search)
    assert read_cursor(cursor, search) == place
    assert cursor.isascii()
    if other != search:
        with pytest.raises(FixQueryError):
            read_cursor(cursor, other)


@given(st.text() | st.binary().map(lambda raw: write_cursor(Place((1,)), "x")[:-3] + repr(raw)))
def test_a_garbled_cursor_is_refused(cursor):
    with pytest.raises(FixQueryError):
        read_cursor(cursor, "search")


def test_a_cursor_cannot_ask_for_more_than_there_is():
    digest = hashlib.blake2b(b"x", digest_size=6).hexdigest()
    for content in (
        f'["{digest}", [1], 1.5, null]',
        f'["{digest}", [1], -1, null]',
        f'["{digest}", [1], true, null]',
        f'["{digest}", [true], 1, null]',
        f'["{digest}", [NaN], 1, null]',
        f'["{digest}", [[]], 1, null]',
        f'["{digest}", 1, 1, null]',
        f'["{digest}", [1, 2, 3, 4, 5], 1, null]',
        f'["{digest}", [9223372036854775808], 1, null]',
        f'["{digest}", [1], 1, 1]',
        f'["{digest}", [1], 1, "ü"]',
        "[1]",
        "[]",
        "{}",
        '"abc"',
        "null",
        "[" * 9999,
    ):
        with pytest.raises(FixQueryError):
            read_cursor(base64.urlsafe_b64encode(content.encode()).decode(), "x")


def test_the_json_of_a_result():
    hit = Hit(
        id="1",
        url="https://example.ir/1",
        headline="آب",
        kicker=None,
        organisation="energy",
        province=None,
        source="moe",
        date_published="2020-06-09T04:31:00Z",
        date_published_jalali="1399-03-20",
        score=1.5,
        highlights=(Highlight("headline", "آب", ((0, 2),)),),
    )
    result = SearchResult(
        total=1,
        hits=(hit,),
        facets={"organisation": (FacetValue("energy", "وزارت نیرو", 1),)},
        timeline=(MonthCount("1399-03", 1),),
        next_cursor="x",
        notes=("n",),
    )
    assert json.loads(json.dumps(result.to_json())) == {
        "total": 1,
        "hits": [
            {
                "id": "1",
                "url": "https://example.ir/1",
                "headline": "آب",
                "kicker": None,
                "organisation": "energy",
                "province": None,
                "source": "moe",
                "date_published": "2020-06-09T04:31:00Z",
                "date_published_jalali": "1399-03-20",
                "score": 1.5,
                "highlights": [{"field": "headline", "text": "آب", "marks": [[0, 2]]}],
                "deleted_at": None,
            }
        ],
        "facets": {"organisation": [{"value": "energy", "label": "وزارت نیرو", "count": 1}]},
        "timeline": [{"month": "1399-03", "count": 1}],
        "next_cursor": "x",
        "notes": ["n"],
    }
