"""Random queries over random articles, against a reading of the tree that is plainly right and slow."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.index.document import to_document
from aggregator.index.local import LocalIndex
from aggregator.model import StoredArticle
from aggregator.persian.calendar import jalali_month, tehran_day
from aggregator.search.cursor import Place
from aggregator.search.plan import SearchPlan
from aggregator.search.syntax import And, DateRange, FieldFilter, Node, Not, Or, Words, is_condition
from tests.index.conftest import names

WORDS = ("آب", "برق", "گاز", "نفت")
TERMS = ("اب", "برق", "گاز", "نفت")
PROVINCES = ("alborz", "qom", "tehran")
NAMED = ("mcls", "mcls-alborz", "mcls-qom", "alborz", "alborz-karaj", "tehran")
FOUND_BY = {  # name → what it is found by
    "mcls": {"mcls"},
    "mcls-alborz": {"mcls-alborz", "mcls", "alborz"},
    "mcls-qom": {"mcls-qom", "mcls", "qom"},
    "alborz": {"alborz"},
    "alborz-karaj": {"alborz-karaj", "alborz"},
    "tehran": {"tehran"},
}
START = datetime(2020, 3, 1, tzinfo=UTC)


def contains(article: StoredArticle, terms: tuple[str, ...]) -> bool:
    of = article.article
    texts = (of.headline, of.kicker, of.lead, "\n".join(of.body))
    return any(
        f" {' '.join(terms)} " in f" {' '.join((text or '').replace('آب', 'اب').split())} " for text in texts
    )


def named_in(article: StoredArticle) -> set[str]:
    return {mention.id or "" for mention in article.article.mentions}


def matches(article: StoredArticle, node: Node, any_word: bool) -> bool:
    published = article.article.published
    match node:
        case Words():
            return contains(article, node.terms)
        case FieldFilter("province"):
            return article.province in node.values
        case FieldFilter():
            return any(FOUND_BY[named] & set(node.values) for named in named_in(article))
        case DateRange():
            day = published and tehran_day(published.instant)
            return day is not None and (node.since or date.min) <= day <= (node.until or date.max)
        case Not():
            return not matches(article, node.item, False)
        case Or():
            return any(matches(article, item, any_word) for item in node.items)
    if node.explicit or not any_word:
        return all(matches(article, item, any_word) for item in node.items)
    conditions = [matches(article, item, any_word) for item in node.items if is_condition(item)]
    wanted = [matches(article, item, any_word) for item in node.items if not is_condition(item)]
    return all(conditions) and (any(wanted) or not wanted)


@pytest.fixture(scope="module")
def articles(article) -> list[StoredArticle]:
    pick = random.Random(1)

    def text() -> str:
        return " ".join(pick.choices(WORDS, k=pick.randrange(4)))

    return [
        article(
            number,
            text(),
            lead=text(),
            body=f"{text()}\n{text()}",
            province=pick.choice((*PROVINCES, None)),
            at=pick.choice((None, START + timedelta(hours=pick.randrange(3000)))),
            mentions=names(*pick.choices(NAMED, k=pick.randrange(5))),
        )
        for number in range(150)
    ]


@pytest.fixture(scope="module")
def filled(articles, registry, tmp_path_factory: pytest.TempPathFactory) -> LocalIndex:
    folder: Path = tmp_path_factory.mktemp("oracle")
    index = LocalIndex(folder)
    for start in range(0, len(articles), 40):
        with index.writing() as writer:
            writer.add([to_document(one, registry) for one in articles[start : start + 40]])
    return index


days = st.none() | st.dates(START.date(), START.date() + timedelta(days=130))
leaves = st.one_of(
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=3).map(lambda terms: Words("", tuple(terms))),
    st.lists(st.sampled_from(PROVINCES), min_size=1, max_size=2).map(
        lambda ids: FieldFilter("province", tuple(ids))
    ),
    st.lists(st.sampled_from((*NAMED, "qom")), min_size=1, max_size=2).map(
        lambda ids: FieldFilter("mentions", tuple(ids))
    ),
    st.builds(DateRange, days, days).filter(lambda span: span.since or span.until),
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple), st.booleans()),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(root=nodes, any_word=st.booleans(), by_date=st.booleans())
def test_the_index_finds_what_the_tree_says(root, any_word, by_date, articles, filled):
    expected = [one for one in articles if matches(one, root, any_word)]
    sort = "date" if by_date or is_condition(root) else "relevance"
    result = filled.search(SearchPlan(root, "any" if any_word else "all", sort, 1000, Place()))
    assert {hit.id for hit in result.hits} == {one.article.id for one in expected}
    assert result.total == len(expected) == len(result.hits)
    provinces = Counter(one.province for one in expected if one.province)
    assert {of.value: of.count for of in result.facets["province"]} == provinces
    named = Counter(name for one in expected for name in named_in(one))
    assert {of.value: of.count for of in result.facets["mentions"]} == named
    months = Counter(jalali_month(one.article.published.instant) for one in expected if one.article.published)
    assert {of.month: of.count for of in result.timeline} == months
    assert [of.month for of in result.timeline] == sorted(months)
    if sort == "date":
        dates = [hit.date_published or "" for hit in result.hits]
        assert dates == sorted(dates, reverse=True)
    else:
        scores = [hit.score for hit in result.hits]
        assert scores == sorted(scores, reverse=True)
