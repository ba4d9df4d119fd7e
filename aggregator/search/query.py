"""The query language → the syntax tree. See docs/search.md for the language.

How tightly things bind: ``-``/``NOT``, then ``AND``, then ``OR``, then standing side by side. So
``استان:البرز آب OR برق`` asks for water or electricity in Alborz.
"""

from collections.abc import Callable
from typing import cast

from aggregator.errors import FixQueryError
from aggregator.persian.fold import fold_terms
from aggregator.search.days import first_day, last_day
from aggregator.search.syntax import (
    And,
    DateRange,
    FieldFilter,
    FilterField,
    Node,
    Not,
    Or,
    Query,
    Words,
    told,
)
from aggregator.search.tokens import Kind, Token, Tokens, misspelt_field

MAX_LENGTH = 10_000  # characters
MAX_DEPTH = 50  # parentheses within parentheses


def parse_query(text: str) -> Query:
    """Read a query: malformed ones leniently, with notes.

    FixQueryError, with the position, for what makes no sense: a date that is none, a text of more than
    ``MAX_LENGTH`` characters or with parentheses more than ``MAX_DEPTH`` deep.
    """
    if len(text) > MAX_LENGTH:
        raise FixQueryError(f"a query has at most {MAX_LENGTH:,} characters", position=MAX_LENGTH)
    return _Parser(Tokens(text)).query()


class _Parser:
    """Recursive descent: a method reads its part from ``self.at`` on; None where nothing is asked."""

    def __init__(self, source: Tokens) -> None:
        self.source = source
        self.tokens = source.read()
        self.notes = source.notes
        self.at = 0
        self.depth = 0

    def query(self) -> Query:
        root = self.sequence()
        return Query(root, tuple(dict.fromkeys(self.notes)))

    def peek(self) -> Kind | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def sequence(self) -> Node:
        """What stands side by side, up to the end or to the parenthesis that closes this group."""
        items: list[Node] = []
        while (kind := self.peek()) is not None:
            if kind is not Kind.CLOSE:
                item = self.alternatives()
                items += [item] if item else []
            elif self.depth:
                break
            else:
                self.take()
                self.notes.append("a parenthesis that closes nothing was ignored")
        return items[0] if len(items) == 1 else And(tuple(items))

    def alternatives(self) -> Node | None:
        items = self.operands(Kind.OR, self.conjunction)
        return Or(items) if len(items) > 1 else items[0] if items else None

    def conjunction(self) -> Node | None:
        items = self.operands(Kind.AND, self.exclusion)
        return And(items, explicit=True) if len(items) > 1 else items[0] if items else None

    def operands(self, operator: Kind, read: Callable[[], Node | None]) -> tuple[Node, ...]:
        """The items between operators of one kind; an operator that lacks a side is ignored."""
        items: list[Node] = []
        operators, missing = 0, False
        while True:
            before = self.at
            item = read()
            items += [item] if item else []
            missing = missing or self.at == before
            if self.peek() is not operator:
                break
            self.take()
            operators += 1
        if operators and missing:
            self.notes.append(f"{operator.name} with nothing on one side was ignored")
        return tuple(items)

    def exclusion(self) -> Node | None:
        excluded = False
        signs = self.at
        while self.peek() is Kind.NOT:
            self.take()
            excluded = not excluded
        behind = self.at
        item = self.primary()
        if self.at == behind > signs:
            self.notes.append("NOT with nothing behind it was ignored")
        return Not(item) if item and excluded else item

    def primary(self) -> Node | None:
        kind = self.peek()
        if kind is Kind.OPEN:
            return self.group(self.take())
        if kind is Kind.FILTER:
            return self.filter(self.take())
        if kind in (Kind.WORD, Kind.PHRASE):
            return self.words(self.take())
        return None

    def group(self, opening: Token) -> Node | None:
        if self.depth == MAX_DEPTH:
            position = self.source.position(opening.start)
            raise FixQueryError(f"parentheses nest at most {MAX_DEPTH} deep", position=position)
        self.depth += 1
        inside = self.sequence()
        self.depth -= 1
        if self.peek() is Kind.CLOSE:
            self.take()
        else:
            self.notes.append("a parenthesis is not closed: the group was read to the end")
        return None if inside == And() else inside

    def filter(self, token: Token) -> Node:
        position = self.source.position(token.start)
        if token.field == "since":
            return DateRange(since=first_day(token.text, position=position))
        if token.field == "until":
            return DateRange(until=last_day(token.text, position=position))
        return FieldFilter(cast(FilterField, token.field), (token.text.strip(),))

    def words(self, token: Token) -> Node | None:
        terms = tuple(fold_terms(token.text))
        if not terms:
            self.notes.append(f"{told(token.text)} has no letters or digits and was ignored")
            return None
        if token.kind is Kind.WORD and (field := misspelt_field(token.text)):
            self.notes.append(f"{told(token.text)} was searched as words; the field is called {field}:")
        return Words(token.text, terms)
