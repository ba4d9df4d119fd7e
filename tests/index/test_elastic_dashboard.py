"""docs/elasticsearch.md for dashboards: its table of fields is whole, and its queries do as they say.

The queries run on the sample portal's articles; what they should give is worked out here from the articles.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jdatetime
import pytest
from elasticsearch import Elasticsearch

from aggregator.demo.bundle import bundled_sites
from aggregator.index.document import to_document
from aggregator.index.elastic import mapping
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.model import StoredArticle
from aggregator.persian.article import annotate_article
from aggregator.persian.calendar import TEHRAN
from aggregator.record import from_record
from aggregator.registry import Registry, load_registry

DOCS = Path(__file__).parents[2] / "docs" / "elasticsearch.md"
SEEN = datetime(2024, 6, 1, tzinfo=UTC)
#: An office, and what it belongs to.
MINISTRY = "mcls"

Ask = Callable[[str], Any]


def section(title: str) -> str:
    """What stands under a heading, to the next one of its rank."""
    text = DOCS.read_text("utf-8")
    return text.partition(f"\n{title}\n")[2].partition("\n" + title.partition(" ")[0] + " ")[0]


def ready_queries() -> dict[str, Any]:
    """Title → body of each query."""
    found = re.findall(r"### (.+?)\n(?:(?!###).)*?```json\n(.+?)```", section("## Ready queries"), re.DOTALL)
    return {title: json.loads(body) for title, body in found}


QUERIES = ready_queries()


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def articles(registry: Registry) -> list[StoredArticle]:
    """The sample portal's, as a crawl would store them; two were taken down, one has no date."""
    found = []
    for site in bundled_sites():
        organisation, province = registry.owner(site.source)
        for record in site.truth():
            stored = from_record(record, now=SEEN)
            article = annotate_article(
                stored.article, registry.gazetteer, organisation=organisation, province=province
            )
            found.append(replace(stored, article=article, organisation=organisation, province=province))
    gone = {0: datetime(2024, 6, 2, tzinfo=UTC), 40: datetime(2024, 6, 3, tzinfo=UTC)}
    for place, at in gone.items():
        found[place] = replace(found[place], deleted_at=at)
    found[7] = replace(found[7], article=replace(found[7].article, published=None))
    return found


@pytest.fixture(scope="module")
def ask(elasticsearch_url: str, articles: list[StoredArticle], registry: Registry) -> Iterator[Ask]:
    """Runs a query of the document by its title, or one in Lucene's syntax."""
    name = f"test-{uuid4().hex}"
    index = ElasticIndex(Access((elasticsearch_url,), name))
    with Elasticsearch(elasticsearch_url) as client:

        def run(query: str) -> Any:
            body = QUERIES.get(query) or {"query": {"query_string": {"query": query}}}
            return client.search(index=name, body=body).body

        try:
            with index.writing() as writer:
                writer.add(to_document(article, registry) for article in articles)
            yield run
        finally:
            index.close()
            client.indices.delete(index=f"{name}-000001", ignore_unavailable=True)


def day(stored: StoredArticle) -> jdatetime.date | None:
    """The Jalali day of publication in Tehran."""
    published = stored.article.published
    return published and jdatetime.date.fromgregorian(date=published.instant.astimezone(TEHRAN).date())


def newest_first(articles: list[StoredArticle]) -> list[str]:
    """Ids; those without a date last."""
    never = datetime.min.replace(tzinfo=UTC)
    at = {
        one.article.id: one.article.published.instant if one.article.published else never for one in articles
    }
    assert len(set(at.values())) == len(at)  # so that there is one right order
    return sorted(at, key=lambda key: at[key], reverse=True)


def bodies_of(organisation: str | None, registry: Registry) -> list[str]:
    """An organisation and those above it."""
    found = []
    while organisation:
        found.append(organisation)
        organisation = registry.organisations[organisation].parent
    return found


def ids(answer: Any) -> list[str]:
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def buckets(answer: Any, name: str) -> dict[Any, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"][name]["buckets"]}


# --- the fields ---------------------------------------------------------------------------------------------


def mapped(fields: dict[str, Any], above: str = "") -> dict[str, str]:
    """Every field's whole name → what the table calls its type."""
    found: dict[str, str] = {}
    for name, field in fields.items():
        if "properties" in field:
            found |= mapped(field["properties"], f"{above}{name}.")
        else:
            found[above + name] = field["type"] + (", only shown" if field.get("index") is False else "")
    return found


def test_every_field_is_in_the_table_and_no_other() -> None:
    rows = [row.split("|")[1:4] for row in section("## Fields").splitlines() if row.startswith("| `")]
    told = [(name, kind.strip()) for names, kind, _ in rows for name in re.findall("`(.+?)`", names)]
    assert dict(told) == mapped(mapping.FIELDS)
    assert len(told) == len(dict(told))
    assert all(meaning.strip() for _, _, meaning in rows)


def test_a_query_of_each_kind_is_tested_here() -> None:
    source = Path(__file__).read_text("utf-8")
    assert len(QUERIES) == 10
    assert [title for title in QUERIES if f'ask("{title}")' not in source] == []


# --- the queries --------------------------------------------------------------------------------------------


def test_latest_of_an_organisation(ask: Ask, articles: list[StoredArticle], registry: Registry) -> None:
    there = [
        one for one in articles if MINISTRY in bodies_of(one.organisation, registry) and not one.deleted_at
    ]
    answer = ask("The latest of an organisation and its offices")
    assert answer["hits"]["total"] == {"value": len(there), "relation": "eq"}
    assert ids(answer) == newest_first(there)[:10]
    assert len({hit["_source"]["organisation"] for hit in answer["hits"]["hits"]}) > 3


def test_latest_of_every_organisation(ask: Ask, articles: list[StoredArticle], registry: Registry) -> None:
    of: dict[str, list[StoredArticle]] = defaultdict(list)
    for one in articles:
        for body in bodies_of(one.organisation, registry):
            of[body].append(one)
    answer = ask("The latest of every organisation")
    assert buckets(answer, "organisations") == {body: len(its) for body, its in of.items()}
    assert len(of[MINISTRY]) > len([one for one in articles if one.organisation == MINISTRY])
    latest = {
        bucket["key"]: ids(bucket["latest"]) for bucket in answer["aggregations"]["organisations"]["buckets"]
    }
    assert latest == {body: newest_first(its)[:3] for body, its in of.items()}


def test_counts_by_jalali_month(ask: Ask, articles: list[StoredArticle]) -> None:
    months = Counter(f"{at.year}-{at.month:02}" for one in articles if (at := day(one)))
    found = buckets(ask("Counts by Jalali month"), "months")
    assert list(found.items()) == sorted(months.items())
    assert sum(found.values()) == len(articles) - 1
    assert found["1399-03"] > 20


def test_organisations_mentioned_most(ask: Ask, articles: list[StoredArticle], registry: Registry) -> None:
    named = Counter(
        key
        for one in articles
        for key in {mention.id for mention in one.article.mentions if mention.kind == "organisation"}
    )
    found = buckets(ask("The organisations that are mentioned most"), "mentioned")
    assert len(found) == 20 < len(named)
    assert found == {key: named[key] for key in found}
    assert min(found.values()) >= max(named[key] for key in named if key not in found)
    assert max(found, key=lambda key: found[key]) == MINISTRY
    pattern = QUERIES["The organisations that are mentioned most"]["aggs"]["mentioned"]["terms"]["exclude"]
    assert all(re.fullmatch(pattern, place) for place in {*registry.provinces, *registry.counties})
    assert not any(re.fullmatch(pattern, organisation) for organisation in registry.organisations)


def test_coverage_of_the_provinces(ask: Ask, articles: list[StoredArticle], registry: Registry) -> None:
    found = ask("Coverage of the provinces")["aggregations"]["provinces"]["buckets"]
    assert set(found) == set(registry.provinces)
    for province, told in found.items():
        its = [one for one in articles if one.province == province]
        days = [at.togregorian().isoformat() for one in its if (at := day(one))]
        assert told["doc_count"] == len(its)
        assert told["last"].get("value_as_string") == max(days, default=None)
        assert told["sources"]["value"] == len({one.article.source for one in its})
    assert 0 < len([1 for told in found.values() if told["doc_count"]]) < len(found)


def test_one_day(ask: Ask, articles: list[StoredArticle]) -> None:
    there = [one for one in articles if day(one) == jdatetime.date(1399, 3, 24)]
    answer = ask("One day")
    assert answer["hits"]["total"]["value"] == len(there) > 1
    assert set(ids(answer)) == {one.article.id for one in there}
    # One without a time is there too, and its instant is of the day before in UTC.
    midnights = [
        hit["_source"] for hit in answer["hits"]["hits"] if hit["_source"]["date_precision"] == "day"
    ]
    assert midnights
    assert all(source["date_published"] == "2020-06-12T19:30:00Z" for source in midnights)


def test_what_was_taken_down(ask: Ask, articles: list[StoredArticle]) -> None:
    gone = sorted((one.deleted_at, one.article.id) for one in articles if one.deleted_at)
    answer = ask("What was taken down")
    assert ids(answer) == [key for _, key in reversed(gone)]
    assert answer["hits"]["total"]["value"] == 2


def test_days_of_the_week(ask: Ask, articles: list[StoredArticle]) -> None:
    counted = Counter(at.weekday() + 1 for one in articles if (at := day(one)))
    answer = ask("The days of the week")
    assert list(buckets(answer, "weekdays").items()) == sorted(counted.items())
    names = [bucket["name"]["buckets"][0]["key"] for bucket in answer["aggregations"]["weekdays"]["buckets"]]
    week = ["شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"]
    assert names == [week[number - 1] for number in sorted(counted)]


def one_spelling(text: str) -> str:
    """With one kind of letters and half-spaces."""
    return text.translate(str.maketrans("يك\u00ad¬", "یک\u200c\u200c"))


def written(stored: StoredArticle) -> str:
    """All texts of an article, a line each."""
    article = stored.article
    return one_spelling(
        "\n".join([article.headline, article.kicker or "", article.lead or "", *article.body])
    )


def test_words_in_any_spelling(ask: Ask, articles: list[StoredArticle]) -> None:
    workshop, province = (
        rf"(?<!\w){word}(?:[\u200c ]?(?:های|ها|هایی))?(?!\w)" for word in ("کارگاه", "استان")
    )
    there = {
        one.article.id
        for one in articles
        if re.search(workshop, written(one)) and re.search(province, written(one))
    }
    answer = ask("Words in any spelling, marked as published")
    assert set(ids(answer)) == there
    assert answer["hits"]["total"]["value"] == len(there) > 5
    texts = {one.article.id: written(one) for one in articles}
    for hit in answer["hits"]["hits"]:
        pieces = [one_spelling(piece) for of_field in hit["highlight"].values() for piece in of_field]
        marks = {mark for piece in pieces for mark in re.findall("<em>(.+?)</em>", piece)}
        assert marks
        assert all(re.fullmatch(f"{workshop}|{province}", mark) for mark in marks)
        for piece in pieces:
            assert re.sub("</?em>", "", piece) in texts[hit["_id"]]


def test_a_phrase_in_its_exact_form(ask: Ask, articles: list[StoredArticle]) -> None:
    exact = r"(?<!\w)شبکه[\u200c ]?های اجتماعی(?!\w)"
    there = [one for one in articles if re.search(exact, written(one))]
    other = [one for one in articles if re.search(r"(?<!\w)شبکه(?:ای)? اجتماعی(?!\w)", written(one))]
    answer = ask("A phrase in its exact form")
    assert ids(answer) == newest_first(there)[:10]
    assert answer["hits"]["total"]["value"] == len(there) > 0
    assert {one.article.id for one in other}.isdisjoint(ids(answer))


def test_lucene_syntax(ask: Ask, articles: list[StoredArticle], registry: Registry) -> None:
    """The table of what may be typed elsewhere; KQL, which only Kibana reads, is not tried."""
    rows = re.findall(r"^\| (.+?) \| `.+?` \| `(.+?)` \|$", section("## Searching"), re.MULTILINE)
    total = {wish: ask(query)["hits"]["total"]["value"] for wish, query in rows}
    assert len(total) == 8
    assert all(total.values())
    assert total["a word, in any spelling"] == ask("شبكه هاي")["hits"]["total"]["value"]
    assert total["this very form"] < total["a word, in any spelling"]
    assert total["both words"] < total["a word, in any spelling"]
    above = [bodies_of(one.organisation, registry) for one in articles]
    assert total["of a ministry and its offices"] == sum(MINISTRY in bodies for bodies in above)
    places = [{mention.id or "" for mention in one.article.mentions} for one in articles]
    of_alborz = {"alborz", *(key for key, county in registry.counties.items() if county.province == "alborz")}
    assert total["that names Alborz, or a place in it"] >= sum(bool(named & of_alborz) for named in places)
    assert total["of a Jalali month"] == sum(
        (at.year, at.month) == (1399, 3) for one in articles if (at := day(one))
    )
    assert total["still there"] == len(articles) - 2
