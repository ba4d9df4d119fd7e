"""The syntax tree → tantivy queries, built and never parsed."""

from collections.abc import Iterable, Iterator

from tantivy import FieldType, Occur, Query, Schema

from aggregator.index.document import FILTER_FIELDS, section_key
from aggregator.index.ranking import HEADLINE_WEIGHT, SPELT_WEIGHT, fresh_days, spelt
from aggregator.search.plan import SearchPlan
from aggregator.search.results import Match
from aggregator.search.syntax import And, DateRange, FieldFilter, Node, Not, Words, is_condition, wanted_words


def build_query(plan: SearchPlan, schema: Schema) -> Query:
    """Everything the plan asks for; better matches score higher."""
    compiler = _Compiler(schema, plan.match)
    selected = compiler.compile(plan.root)
    boosts = [(Occur.Should, query) for query in compiler.boosts(plan)]
    return Query.boolean_query([(Occur.Must, selected), *boosts]) if boosts else selected


def at_or_after(query: Query, key: int, schema: Schema) -> Query:
    """The query, for what comes at ``key`` or later in the order by date."""
    at_most = Query.range_query(schema, "order", FieldType.Integer, None, key)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, at_most)])


class _Compiler:
    def __init__(self, schema: Schema, match: Match) -> None:
        self.schema, self.match = schema, match

    def compile(self, node: Node) -> Query:
        if isinstance(node, Words):
            return self.words("text", node.terms)
        if isinstance(node, FieldFilter):
            return _silent(self.filter(node))
        if isinstance(node, DateRange):
            return _silent(self.days(node))
        if isinstance(node, Not):
            return _all_of([self.clause(node)])
        if isinstance(node, And):
            return self.conjunction(node)
        return Query.boolean_query([(Occur.Should, self.compile(item)) for item in node.items])

    def conjunction(self, node: And) -> Query:
        required: Iterable[Node] = node.items
        wanted: list[Node] = []
        if self.match == "any" and not node.explicit:
            required = [item for item in node.items if is_condition(item)]
            wanted = [item for item in node.items if not is_condition(item)]
        clauses = [self.clause(item) for item in required]
        if wanted:
            either = Query.boolean_query([(Occur.Should, self.compile(item)) for item in wanted])
            clauses.append((Occur.Must, either))
        return _all_of(clauses)

    def clause(self, node: Node) -> tuple[Occur, Query]:
        if isinstance(node, Not):
            return Occur.MustNot, _Compiler(self.schema, "all").compile(
                node.item
            )  # any word widens, never narrows
        return Occur.Must, self.compile(node)

    def words(self, field: str, terms: tuple[str, ...]) -> Query:
        if len(terms) == 1:
            return Query.term_query(self.schema, field, terms[0])
        return Query.phrase_query(self.schema, field, list(terms))

    def boosts(self, plan: SearchPlan) -> Iterator[Query]:
        """What lets an article that is found come earlier."""
        for words in wanted_words(plan.root):
            yield Query.boost_query(self.words("headline", words.terms), HEADLINE_WEIGHT)
        for term in spelt(plan):
            yield Query.boost_query(Query.term_query(self.schema, "spelt", term), SPELT_WEIGHT)
        for day, worth in fresh_days(plan):
            yield Query.const_score_query(self.days(DateRange(since=day, until=plan.today)), worth)

    def filter(self, node: FieldFilter) -> Query:
        values = (
            [section_key(value) for value in node.values] if node.field == "section" else list(node.values)
        )
        return Query.term_set_query(self.schema, FILTER_FIELDS[node.field], values)

    def days(self, node: DateRange) -> Query:
        since = node.since.toordinal() if node.since else None
        until = node.until.toordinal() if node.until else None
        return Query.range_query(self.schema, "day", FieldType.Integer, since, until)


def _all_of(clauses: list[tuple[Occur, Query]]) -> Query:
    """A boolean query that also works where nothing, or nothing but exclusions, is asked."""
    if all(occur is Occur.MustNot for occur, _ in clauses):
        clauses = [(Occur.Must, _silent(Query.all_query())), *clauses]
    return Query.boolean_query(clauses)


def _silent(query: Query) -> Query:
    """The query, without a say in the ranking."""
    return Query.const_score_query(query, 0.0)
