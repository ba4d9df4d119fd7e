"""The first step of reading a query: characters to tokens. Total: no text is refused here."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum, auto
from itertools import groupby

from aggregator.persian.fold import fold
from aggregator.search.syntax import told

#: Field names as typed → the field they mean; the one list of what the language knows.
FIELDS = {
    "organisation": "organisation",
    "organization": "organisation",
    "org": "organisation",
    "سازمان": "organisation",
    "دستگاه": "organisation",
    "province": "province",
    "استان": "province",
    "source": "source",
    "منبع": "source",
    "section": "section",
    "بخش": "section",
    "mentions": "mentions",
    "mention": "mentions",
    "اشاره": "mentions",
    "since": "since",
    "از": "since",
    "until": "until",
    "تا": "until",
}
COLONS = ":：﹕∶꞉"
#: Opening quotation mark → the marks that close it.
QUOTES = {'"': '"“”', "“": '”“"', "„": '”“"', "«": "»", "‹": "›", "＂": "＂"}
_STRAY_CLOSERS = "”»›"
_MINUSES = "-−"
_OPEN, _CLOSE, _BAR = "(（", ")）", "|"
_BREAKS = _OPEN + _CLOSE + _BAR + "".join(QUOTES) + _STRAY_CLOSERS
#: Marks that only steer the direction of writing: copied along unseen, they mean nothing.
_UNSEEN = frozenset(
    chr(c) for c in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
)
_MINUS_RUN = re.compile(rf"[{_MINUSES}]+")
_BARS = re.compile(r"\|+")
_BLANK = re.compile(r"\s*")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_BARE = re.compile(rf"[^\s{re.escape(_BREAKS)}]+")
_FIELD = re.compile(rf"([^\W\d_]+)[{COLONS}]")


_OR_IN_PERSIAN = "یا"


class Kind(Enum):
    WORD = auto()
    PHRASE = auto()
    FILTER = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()


_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}


def misspelt_field(word: str) -> str | None:
    """The field whose name was nearly written before the colon of this word."""
    named = _FIELD.match(word)
    near = get_close_matches(named[1].lower(), FIELDS, n=1, cutoff=0.8) if named else []
    return near[0] if near else None


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query; offsets in characters of ``Tokens.text``."""

    kind: Kind
    text: str  #: the word, the phrase without its marks, or the filter's value
    start: int
    end: int
    field: str = ""  #: of a filter: one of the values of ``FIELDS``


@dataclass
class Tokens:
    """The tokens of a query, with notes on what was read leniently."""

    typed: str
    text: str = ""  #: the query without unseen marks: what the offsets of tokens count in
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._kept = [i for i, c in enumerate(self.typed) if c not in _UNSEEN]
        self.text = "".join(self.typed[i] for i in self._kept)

    def position(self, offset: int) -> int:
        """An offset in ``text`` as an offset in what was typed."""
        return self._kept[offset] if offset < len(self._kept) else len(self.typed)

    def read(self) -> list[Token]:
        """The tokens; words side by side that fold to one term («شبکه های») are one of them."""
        tokens: list[Token] = []
        for kind, grouped in groupby(self._scan(), lambda token: token.kind):
            run = list(grouped)
            tokens += self._merged(run) if kind is Kind.WORD else run
        if any(token.text == _OR_IN_PERSIAN and token.kind is Kind.WORD for token in tokens[1:-1]):
            self.notes.append(f"«{_OR_IN_PERSIAN}» was searched as a word; OR or | asks for one of two")
        return tokens

    def _merged(self, words: list[Token]) -> list[Token]:
        """The words of one run, those joined that a folded term spans."""
        origin = words[0].start
        terms = fold(self.text[origin : words[-1].end])
        starts = [term.start + origin for term in terms]
        merged = words[:1]
        for word in words[1:]:
            before = bisect_left(starts, word.start) - 1
            if before >= 0 and terms[before].end + origin > word.start:
                first = merged.pop()
                word = Token(Kind.WORD, self.text[first.start : word.end], first.start, word.end)
            merged.append(word)
        return merged

    def _scan(self) -> Iterator[Token]:
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            token, at = self._next(at)
            if token is not None:
                yield token

    def _next(self, at: int) -> tuple[Token | None, int]:
        """The token that begins here (None: a sign without effect), and where the next may begin."""
        c = self.text[at]
        if c in _OPEN + _CLOSE:
            return Token(Kind.OPEN if c in _OPEN else Kind.CLOSE, c, at, at + 1), at + 1
        if end := self._match(_BARS, at):
            return Token(Kind.OR, self.text[at:end], at, end), end
        if c in _MINUSES:
            return self._minus(at)
        if c in QUOTES:
            inside, end = self._quoted(at)
            return Token(Kind.PHRASE, inside, at, end), end
        if c in _STRAY_CLOSERS:
            self.notes.append(f"the quotation mark {c} closes nothing and was ignored")
            return None, at + 1
        return self._filter(at) or self._bare(at)

    def _minus(self, at: int) -> tuple[Token | None, int]:
        end = self._match(_MINUS_RUN, at)
        following = self.text[end : end + 1]
        if not following or following.isspace() or following in _CLOSE + _BAR:
            self.notes.append("a minus sign with nothing behind it was ignored")
            return None, end
        return Token(Kind.NOT, self.text[at:end], at, end), end

    def _quoted(self, at: int) -> tuple[str, int]:
        """The text in quotation marks that open at ``at``, and where it ends."""
        closers = QUOTES[self.text[at]]
        ends = [end for c in closers if (end := self.text.find(c, at + 1)) >= 0]
        if ends:
            return self.text[at + 1 : min(ends)], min(ends) + 1
        self.notes.append(f"the quotation mark {self.text[at]} is not closed: the phrase was read to the end")
        return self.text[at + 1 :], len(self.text)

    def _bare(self, at: int) -> tuple[Token, int]:
        """A word or an operator; an address is one word, whatever signs it has."""
        end = self._match(_ADDRESS, at) or self._match(_BARE, at)
        word = self.text[at:end]
        return Token(_OPERATORS.get(word, Kind.WORD), word, at, end), end

    def _filter(self, at: int) -> tuple[Token | None, int] | None:
        """A field with its value, if the word before a colon is the name of one."""
        named = _FIELD.match(self.text, at)
        name = FIELDS.get(named[1].lower()) if named else None
        if named is None or name is None:
            return None
        start = self._match(_BLANK, named.end())
        detached = start > named.end()
        if detached and name in ("since", "until") and not self.text[start : start + 1].isdigit():
            return None  # «به نقل از: ایرنا» is no date
        value, end = self._value(start)
        if not value.strip():
            self.notes.append(f"{named[0]} has no value and was ignored")
            return None, end
        if detached:
            self.notes.append(
                f"{told(self.text[at:end])} was read as a filter, although a blank follows the colon"
            )
        return Token(Kind.FILTER, value, start, end, name), end

    def _value(self, at: int) -> tuple[str, int]:
        if self.text[at : at + 1] in QUOTES:
            return self._quoted(at)
        end = self._match(_BARE, at) or at
        return self.text[at:end], end

    def _match(self, pattern: re.Pattern[str], at: int) -> int:
        """Where a match of the pattern at ``at`` ends; 0 for none."""
        found = pattern.match(self.text, at)
        return found.end() if found else 0
