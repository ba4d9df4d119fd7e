"""What every search index does, whatever engine it stands on."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.errors import FixQueryError
from aggregator.index.document import to_document
from aggregator.registry import load_registry
from aggregator.search import matching_ids, search
from aggregator.search.results import SearchRequest
from tests.index.conftest import names, speaks

SPELLINGS = ("شبکه‌های اجتماعی", "شبكه هاي اجتماعي", "شبکههای اجتماعی", "شبکه های اجتماعی")
NAMES = ("تعاون،کارورفاه", "تعاون،کار ورفاه اجتماعی", "تعاون،کارورفاه اجتماعی", "تعاون کار")


# --- words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", SPELLINGS)
@pytest.mark.parametrize("quotes", ["", '"', "«"])
def test_any_spelling_finds_the_article(article, workshop, put, numbers, query, quotes):
    put([workshop, article(2, "بازدید از نیروگاه")])
    assert numbers(quotes + query + {"«": "»"}.get(quotes, quotes)) == [1]


def test_every_word_is_required_in_whatever_field(article, put, numbers):
    put(
        [
            article(1, "آب", body="برق"),
            article(2, "آب"),
            article(3, "برق", kicker="آب"),
            article(4, lead="آب و برق"),
        ]
    )
    assert sorted(numbers("آب برق")) == [1, 3, 4]


def test_any_word_is_enough_and_more_rank_higher(article, put, numbers):
    filler = "سد راه پل نیروگاه شهر"
    put(
        [
            article(1, body=f"آب {filler}"),
            article(2, body=f"آب برق گاز {filler}"),
            article(3, body=f"برق آب {filler}"),
        ]
    )
    assert numbers("آب برق گاز", match="any") == [2, 3, 1]
    assert numbers("آب AND برق گاز", match="any") == [2, 3]


def test_with_any_word_filters_and_exclusions_stay_required(article, put, numbers):
    put(
        [
            article(1, "آب", province="qom"),
            article(2, "برق", province="alborz"),
            article(3, "برق گاز", province="qom"),
        ]
    )
    assert numbers("آب برق استان:قم -گاز", match="any") == [1]
    assert numbers("آب برق", match="any", province="قم", sort="date") in ([1, 3], [3, 1])


def test_exclusion_of_a_group_is_as_narrow_with_any_word(article, put, numbers):
    put([article(1, "آب"), article(2, "آب برق گاز")])
    assert numbers("آب -(برق گاز) -(آب نفت)", match="any") == [1]


def test_a_word_in_the_headline_ranks_first(article, put, numbers):
    text = "گزارش امروز از سد"
    put(
        [
            article(1, text, body="آب " + text),
            article(2, "آب " + text, body=text),
            article(3, text, body="آب " + text),
        ]
    )
    assert numbers("آب")[0] == 2


def test_the_very_form_that_was_searched_ranks_first_however_it_is_spelt(article, put, numbers):
    rest = "سد راه پل نیروگاه شهر"
    put([article(1, body=f"مدیر {rest}"), article(2, body=f"مدیران {rest}"), article(3, body=f"{rest}")])
    assert numbers("مدیران") == [2, 1]
    assert numbers("مدیر") == [1, 2]
    put([article(1, body=f"شبکه {rest}"), article(2, body=f"شبکه‌های {rest}")])
    for spelling in SPELLINGS[0].split()[0], "شبكه هاي", "شبکههای":
        assert numbers(spelling) == [2, 1]


def test_fresh_articles_come_earlier_where_asked(article, put, numbers):
    now = datetime.now(UTC)
    put(
        [
            article(1, "آب", body="سد راه", at=now - timedelta(days=3000)),
            article(2, "خبر", body="آب راه", at=now - timedelta(hours=1)),
            article(3, "خبر", body="آب راه", at=now - timedelta(days=200)),
        ]
    )
    assert numbers("آب") in ([1, 2, 3], [1, 3, 2])
    assert numbers("آب", sort="fresh") == [2, 3, 1]


def test_phrases_match_in_order_and_within_one_field(article, put, numbers):
    put(
        [
            article(1, body="روابط عمومی وزارت"),
            article(2, body="عمومی روابط"),
            article(3, "روابط", lead="عمومی"),
            article(4, body="روابط خوب عمومی"),
        ]
    )
    assert numbers('"روابط عمومی"') == [1]
    assert sorted(numbers("روابط عمومی")) == [1, 2, 3, 4]


def test_exclusions_alternatives_and_groups(article, put, numbers):
    put([article(1, "آب"), article(2, "برق"), article(3, "آب برق"), article(4, "گاز")])
    assert sorted(numbers("-آب")) == [2, 4]
    assert sorted(numbers("آب OR گاز")) == [1, 3, 4]
    assert sorted(numbers("آب | گاز -برق")) == [1, 4]
    assert numbers("(آب گاز) OR (برق -آب)") == [2]


def test_a_word_of_several_terms_is_looked_up_as_a_phrase(article, put, numbers):
    put(
        [
            article(1, body="نشانی info@mcls.gov.ir است"),
            article(2, body="mcls.gov.ir یا info"),
            article(3, "COVID-19"),
        ]
    )
    assert numbers("info@mcls.gov.ir") == [1]
    assert numbers("covid-19") == numbers("۱۹") == [3]


def test_nothing_asked_finds_everything_newest_first_undated_last(article, put, numbers, find):
    day = datetime(2020, 6, 9, tzinfo=UTC)
    put(
        [
            article(1, at=day),
            article(2),
            article(3, at=day + timedelta(days=1)),
            article(4, at=datetime(1950, 1, 1, tzinfo=UTC)),
        ]
    )
    assert numbers("") == numbers("!") == numbers("", sort="date") == [3, 1, 4, 2]
    assert [hit.score for hit in find("").hits] == [None] * 4


@pytest.mark.parametrize("text", ["x" * 100_000, "آ" * 40_000, "\x00\u200f" * 50, "😀 <b>آب</b>", ""])
def test_texts_of_any_kind_go_in_and_come_out(article, put, find, text):
    put([article(1, text + " نشان", body=text, section=text, lead=text)])
    (hit,) = find("نشان").hits
    assert hit.headline == text + " نشان"


# --- filters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_organisation_in_any_spelling_finds_its_offices(article, workshop, put, index, name):
    registry = load_registry()
    with index.writing() as writer:
        writer.add(
            [to_document(workshop, registry), to_document(article(2, organisation="min-energy"), registry)]
        )
    for asked in (SearchRequest(f'سازمان:"{name}"'), SearchRequest(organisation=name)):
        result = search(asked, index, registry)
        assert [hit.headline for hit in result.hits] == [workshop.article.headline]
        assert result.notes == ()


def test_filters_by_organisation_province_source_and_section(article, workshop, put, numbers):
    put(
        [
            workshop,
            article(2, organisation="energy", province="tehran", source="energy", section="اخبار > برق"),
        ]
    )
    assert numbers("organisation:mcls") == numbers("سازمان:mcls-alborz") == [1]
    assert numbers("province:alborz") == numbers("استان:البرز") == numbers("", province="استان البرز") == [1]
    assert numbers("منبع:mcls-alborz") == numbers("source:alborz.mcls.gov.ir") == [1]
    assert numbers('بخش:"استان ها"') == numbers("", section="اخبار > استان ها") == [1]
    assert sorted(numbers("بخش:اخبار")) == [1, 2]
    assert numbers("سازمان:mcls -استان:البرز") == []
    assert sorted(numbers("استان:البرز OR سازمان:نیرو")) == [1, 2]


def test_a_name_nobody_knows_is_taken_as_an_id_and_said(article, put, find):
    put([article(1, organisation="elsewhere", province="alborz")])
    assert find("organisation:elsewhere").total == 1
    result = find("استان:البزر")
    assert result.total == 0
    assert "البرز" in result.notes[0]


@pytest.fixture
def mentioning(article, put):
    """Articles that name: nobody, a ministry, its office in Alborz, Alborz, Karaj, the city of Qom."""
    named = ((), ("mcls",), ("mcls-alborz",), ("alborz",), ("alborz-karaj",), ("qom-qom", "energy"))
    put(article(number, mentions=names(*ids)) for number, ids in enumerate(named))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("mcls", [1, 2]),
        ("وزارت تعاون،کارورفاه اجتماعی", [1, 2]),
        ("اداره کل تعاون البرز", [2]),
        ("alborz", [2, 3, 4]),
        ("استان البرز", [2, 3, 4]),
        ("IR-30", [2, 3, 4]),
        ("کرج", [4]),
        ("شهرستان كرج", [4]),
        ("قم", [5]),
        ("energy", [5]),
        ("تهران", []),
    ],
)
@pytest.mark.usefixtures("mentioning")
def test_what_an_article_names_finds_it_by_all_that_it_belongs_to(numbers, find, name, found):
    assert sorted(numbers(f'mentions:"{name}"')) == sorted(numbers(f"اشاره:«{name}»")) == found
    assert sorted(numbers("", mentions=name)) == found
    assert sorted(numbers(f'NOT mentions:"{name}"')) == [n for n in range(6) if n not in found]
    assert find("", mentions=name).notes == ()


@pytest.mark.usefixtures("mentioning")
def test_mentions_combine_with_everything(numbers):
    assert numbers("mentions:قم -mentions:نیرو") == []
    assert numbers("mentions:البرز mentions:mcls") == [2]
    assert sorted(numbers("mentions:نیرو OR mentions:کرج")) == [4, 5]
    assert numbers("استان:البرز mentions:البرز") == []  # who publishes is another thing


def test_a_speaker_is_found_however_the_name_is_spelt(article, put, numbers, find):
    put(
        [
            article(1, mentions=[speaks("علی نیک‌سرشت")]),
            article(2, mentions=[*names("mcls"), speaks("كوهستاني")]),
        ]
    )
    for spelling in ("علی نیک‌سرشت", "علي نيك سرشت", "علی نیکسرشت"):
        assert numbers(f'mentions:"{spelling}"') == [1]
    assert numbers("mentions:نیک‌سرشت") == [1]
    assert numbers("mentions:علی") == []
    assert numbers("mentions:کوهستانی") == [2]
    result = find("mentions:رستگارپور")
    assert result.total == 0
    assert "speaker" in result.notes[0]


def test_an_organisation_that_the_registry_no_longer_knows_is_found_by_its_id(article, put, numbers):
    put([article(1, mentions=names("elsewhere"))])
    assert numbers("mentions:elsewhere") == [1]


def test_days_are_days_in_tehran_and_the_last_is_included(article, put, numbers):
    midnight = datetime(2020, 6, 8, 19, 30, tzinfo=UTC)  # 00:00 of 20 Khordad 1399
    put(
        [
            article(1, at=midnight - timedelta(minutes=1)),
            article(2, at=midnight),
            article(3, at=midnight + timedelta(hours=23, minutes=59)),
            article(4, at=midnight + timedelta(days=1)),
            article(5),
        ]
    )
    assert numbers("since:1399-03-20 until:1399-03-20") == [3, 2]
    assert numbers("از:۱۳۹۹/۰۳/۲۰ تا:2020-06-09") == [3, 2]
    assert numbers("", since=date(2020, 6, 9)) == [4, 3, 2]
    assert numbers("until:1399-03-19") == [1]
    assert sorted(numbers("-since:1399")) == [5]


def test_the_workshop_is_found_as_promised(article, workshop, put, numbers):
    put([workshop, article(2, "شبکه های اجتماعی", at=datetime(2021, 1, 1, tzinfo=UTC), province="qom")])
    assert numbers("شبکه‌های اجتماعی province:alborz since:1399-03-01 until:1399-03-31") == [1]
    assert numbers("شبکه‌های اجتماعی until:1399 since:1399-10") == [2]


def test_the_seed_article_is_found_if_it_is_at_hand(article, put, numbers):
    seed = Path(__file__).parents[3] / "shared" / "seed-article.txt"
    if not seed.exists():
        pytest.skip("no seed article beside this checkout")
    blocks = seed.read_text(encoding="utf-8").split("\n\n")
    kicker, lead = blocks[2].split("\n")
    put([article(1, blocks[1], kicker=kicker, lead=lead, body="\n".join(blocks[3:-1])), article(2)])
    for query in SPELLINGS:
        assert numbers(query) == numbers(f'"{query}"') == [1]
    for name in NAMES:
        assert numbers(f'"{name}"') == [1]


# --- what stands beside the hits --------------------------------------------------------------------------


def test_facets_and_timeline_count_everything_found(article, put, find):
    put(
        article(
            number,
            "آب" if number % 2 else "برق",
            organisation=("mcls", "mcls-alborz", None)[number % 3],
            province=(None, "alborz")[number % 2],
            section=("اخبار > استان‌ها", "اخبار > استان ها", "گزارش")[number % 3],
            at=datetime(2020, 6, 1, tzinfo=UTC) + timedelta(days=number),
        )
        for number in range(60)
    )
    result = find("آب", size=3)
    assert (result.total, len(result.hits)) == (30, 3)
    facets = {
        name: [(one.value, one.label, one.count) for one in values] for name, values in result.facets.items()
    }
    assert facets == {
        "organisation": [
            ("mcls", "وزارت تعاون، کار و رفاه اجتماعی", 10),
            ("mcls-alborz", "اداره کل تعاون البرز", 10),
        ],
        "province": [("alborz", "البرز", 30)],
        "source": [("site", "site", 30)],
        "section": [("اخبار > استان ها", "اخبار > استان ها", 20), ("گزارش", "گزارش", 10)],
        "mentions": [],
    }
    assert [(one.month, one.count) for one in result.timeline] == [
        ("1399-03", 10),
        ("1399-04", 15),
        ("1399-05", 5),
    ]


def test_the_facet_of_mentions_counts_an_article_once_for_each_that_it_names(article, put, find):
    put(
        [
            article(1, mentions=[*names("mcls", "mcls", "alborz"), speaks("کوهستانی"), *names("mcls")]),
            article(2, mentions=names("alborz-karaj", "mcls")),
            article(3, "برق", mentions=names("energy")),
        ]
    )
    facet = find("خبر").facets["mentions"]
    assert [(one.value, one.label, one.count) for one in facet] == [
        ("mcls", "وزارت تعاون، کار و رفاه اجتماعی", 2),
        ("alborz", "البرز", 1),
        ("alborz-karaj", "کرج", 1),
    ]


def test_a_facet_has_many_values(article, put, find):
    put(article(number, source=f"s{number % 700}") for number in range(1400))
    counts = [value.count for value in find(size=0).facets["source"]]
    assert counts == [2] * 700


def test_hits_show_the_article_as_published(workshop, put, find):
    put([workshop])
    (hit,) = find('"شبكه هاي اجتماعي"').hits
    assert (hit.url, hit.headline, hit.kicker) == (
        "https://example.ir/news/1",
        workshop.article.headline,
        workshop.article.kicker,
    )
    assert (hit.organisation, hit.province, hit.source) == ("mcls-alborz", "alborz", "mcls-alborz")
    assert (hit.date_published, hit.date_published_jalali) == ("2020-06-09T04:31:00Z", "1399-03-20")
    assert hit.score is not None
    marked = {found.field: [found.text[start:end] for start, end in found.marks] for found in hit.highlights}
    assert marked == {field: ["شبکه های اجتماعی"] for field in ("headline", "kicker", "lead")}


def test_a_day_without_a_time_is_shown_as_a_day(article, put, find):
    put([article(1, at=datetime(2018, 3, 16, 20, 30, tzinfo=UTC), precision="day")])
    (hit,) = find().hits
    assert (hit.date_published, hit.date_published_jalali) == ("2018-03-17", "1396-12-26")


# --- pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"sort": "date"},
        {"query": "آب"},
        {"query": "آب برق", "match": "any"},
        {"query": "آب", "sort": "fresh"},
    ],
)
@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_pages_give_everything_once(article, put, find, asked, size):
    same = datetime(2020, 6, 9, tzinfo=UTC)
    put(
        article(n, "آب", body="برق " * (n % 5), at=(same, None, same + timedelta(n))[n % 3])
        for n in range(100)
    )
    seen, cursor = [], None
    while True:
        result = find(**asked, size=size, cursor=cursor)
        assert (result.total, sum(month.count for month in result.timeline)) == (100, 67)
        seen += [hit.id for hit in result.hits]
        cursor = result.next_cursor
        if cursor is None:
            break
        assert len(result.hits) == size
    assert len(seen) == len(set(seen)) == 100


def test_pages_by_date_stand_still_while_news_comes_in(article, put, find):
    start = datetime(2020, 6, 9, tzinfo=UTC)
    put(article(n, at=start + timedelta(days=n)) for n in range(1, 7))
    first = find(size=3)
    put([article(7, at=start + timedelta(days=7))])
    second = find(size=3, cursor=first.next_cursor)
    assert [int(hit.id, 16) for hit in (*first.hits, *second.hits)] == [6, 5, 4, 3, 2, 1]


def test_a_cursor_belongs_to_its_search(article, put, find):
    put(article(n, "آب") for n in range(5))
    cursor = find("آب", size=2).next_cursor
    with pytest.raises(FixQueryError, match="another search"):
        find("برق", size=2, cursor=cursor)
    with pytest.raises(FixQueryError):
        find("آب", sort="date", cursor=cursor)


def test_no_hits_wanted_counts_only(article, put, find):
    put([article(1)])
    result = find(size=0)
    assert (result.total, result.hits, result.next_cursor) == (1, (), None)


def test_ids_of_everything_found_newest_first(article, put, index, registry):
    start = datetime(2020, 6, 9, tzinfo=UTC)
    put(article(n, "آب" if n % 2 else "برق", at=start + timedelta(days=n)) for n in range(20))
    found = [int(found, 16) for found in matching_ids("آب", index, registry)]
    assert found == [19, 17, 15, 13, 11, 9, 7, 5, 3, 1]


# --- writing ----------------------------------------------------------------------------------------------


def test_an_index_that_does_not_exist_is_empty_and_says_so(index, find, registry):
    result = find("آب")
    assert (result.total, result.hits) == (0, ())
    assert "reindex" in result.notes[0]
    assert index.count() == 0
    assert list(matching_ids("", index, registry)) == []
    assert not index.is_current()


def test_a_document_replaces_the_one_with_its_id(article, put, index, numbers):
    put([article(1, "آب"), article(2, "آب")])
    put([article(1, "برق", revision=2)])
    assert (numbers("آب"), numbers("برق"), index.count()) == ([2], [1], 2)
    put([article(1, "گاز", revision=3), article(1, "نفت", revision=3)])
    assert (numbers("گاز"), numbers("نفت"), index.count()) == ([], [1], 2)


def test_deleted_documents_are_gone(article, put, index, numbers):
    put([article(1, "آب"), article(2, "آب")])
    with index.writing() as writer:
        writer.delete([f"{1:020x}", "unknown"])
    assert (numbers("آب"), index.count()) == ([2], 1)


def test_a_failed_writing_changes_nothing_and_lets_go(article, put, index, numbers, registry):
    put([article(1, "آب")])

    def add_and_fail() -> None:
        with index.writing() as writer:
            writer.add([to_document(article(2, "آب"), registry)])
            writer.delete([f"{1:020x}"])
            raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        add_and_fail()
    assert numbers("آب") == [1]
    put([article(3, "آب")])
    assert sorted(numbers("آب")) == [1, 3]


def test_rebuild_replaces_everything_at_once(article, put, index, numbers, registry):
    put([article(1, "آب"), article(2, "آب")])

    def documents():
        yield to_document(article(3, "آب"), registry)
        assert sorted(numbers("آب")) == [1, 2]  # the old content is found until the new one is whole

    assert index.rebuild(documents()).count == 1
    assert numbers("آب") == [3]
    assert index.is_current()
