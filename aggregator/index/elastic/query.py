"""The syntax tree → Elasticsearch's query DSL, in the shape of the local index, see ``tantivy_query``."""

from collections.abc import Iterator
from typing import Any

from aggregator.index.document import FILTER_FIELDS, section_key
from aggregator.index.ranking import BM25_FACTOR, HEADLINE_WEIGHT, SPELT_WEIGHT, fresh_days, spelt
from aggregator.search.plan import SearchPlan
from aggregator.search.results import Match
from aggregator.search.syntax import And, DateRange, FieldFilter, Node, Not, Words, is_condition, wanted_words

Query = dict[str, Any]
_ALL: Query = {"match_all": {}}


def build_query(plan: SearchPlan) -> Query:
    """Everything the plan asks for; better matches score higher."""
    selected = _Compiler(plan.match).compile(plan.root)
    boosts = list(_boosts(plan))
    return {"bool": {"must": [selected], "should": boosts}} if boosts else selected


def _boosts(plan: SearchPlan) -> Iterator[Query]:
    """What lets an article that is found come earlier."""
    for words in wanted_words(plan.root):
        yield _words("folded.headline", words, HEADLINE_WEIGHT)
    for term in spelt(plan):
        yield _term("folded.spelt", term, SPELT_WEIGHT)
    for day, worth in fresh_days(plan):
        yield {"constant_score": {"filter": _days(DateRange(day, plan.today)), "boost": worth}}


class _Compiler:
    def __init__(self, match: Match) -> None:
        self.match = match

    def compile(self, node: Node) -> Query:
        if isinstance(node, Words):
            return _words("folded.text", node)
        if isinstance(node, FieldFilter):
            return _silent(_filter(node))
        if isinstance(node, DateRange):
            return _silent(_days(node))
        if isinstance(node, Not):
            return _bool(must_not=[self.excluded(node)])
        if isinstance(node, And):
            return self.conjunction(node)
        return _either([self.compile(item) for item in node.items])

    def conjunction(self, node: And) -> Query:
        required, wanted = list(node.items), []
        if self.match == "any" and not node.explicit:
            required = [item for item in node.items if is_condition(item)]
            wanted = [item for item in node.items if not is_condition(item)]
        must = [self.compile(item) for item in required if not isinstance(item, Not)]
        if wanted:
            must.append(_either([self.compile(item) for item in wanted]))
        return _bool(must, [self.excluded(item) for item in required if isinstance(item, Not)])

    def excluded(self, node: Not) -> Query:
        return _Compiler("all").compile(node.item)  # any word widens, never narrows


def _words(field: str, words: Words, boost: float = 1.0) -> Query:
    if len(words.terms) == 1:
        return _term(field, words.terms[0], boost)
    asked = {"query": " ".join(words.terms), "analyzer": "terms", "boost": boost * BM25_FACTOR}
    return {"match_phrase": {field: asked}}


def _term(field: str, term: str, boost: float) -> Query:
    return {"term": {field: {"value": term, "boost": boost * BM25_FACTOR}}}


def _filter(node: FieldFilter) -> Query:
    values = [section_key(value) for value in node.values] if node.field == "section" else list(node.values)
    return {"terms": {FILTER_FIELDS[node.field]: values}}


def _days(node: DateRange) -> Query:
    bounds = {"gte": node.since, "lte": node.until}
    given = {name: day.isoformat() for name, day in bounds.items() if day}
    return {"range": {"day": given}} if given else {"exists": {"field": "day"}}


def _either(queries: list[Query]) -> Query:
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def _bool(must: list[Query] | None = None, must_not: list[Query] | None = None) -> Query:
    """A boolean query that also says what it selects from, where nothing but exclusions are asked."""
    return {"bool": {"must": must or [_silent(_ALL)], "must_not": must_not or []}}


def _silent(query: Query) -> Query:
    """The query, without a say in the ranking."""
    return {"constant_score": {"filter": query, "boost": 0}}
