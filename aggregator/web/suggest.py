"""``/api/suggest``: organisations and provinces while a query is being typed."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from aggregator.model import Organisation, Province
from aggregator.persian.letters import fold_letters
from aggregator.registry import Registry
from aggregator.search.tokens import COLONS, FIELDS, QUOTES
from aggregator.web.answers import Answer
from aggregator.web.api import PROBLEMS, ask, json_answer
from aggregator.web.parameters import MAX_QUERY, each_once

SUGGESTIONS = 8
SHORTEST = 2  # letters that are typed before anything is suggested
MOST_WORDS = 12  # at the end of a query that may be a name

Kind = Literal["organisation", "province"]

#: A filter at the end of a query whose value is being typed: its name, and what there is of the value.
_OPEN_FILTER = re.compile(rf'([^\W\d_]+)[{COLONS}][{"".join(QUOTES)}]?([^{COLONS}"”»›]*)')
_WORD = re.compile(r"\S+")
#: What stands before many a name; typed alone it says nothing yet.
_GENERIC = ("وزارت", "سازمان", "شرکت", "خبرگزاری", "اداره کل", "استان", "صندوق", "مؤسسه")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A filter that what is typed may mean."""

    kind: Kind
    id: str
    label: str
    query: str  #: the whole query with the filter in it


@dataclass(frozen=True, slots=True)
class _Name:
    """A name to compare with: its letters without blanks, and those of each word."""

    letters: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Kind
    id: str
    label: str
    names: tuple[_Name, ...]


class Completer:
    """Completes the end of a query by the names of a registry, in any spelling and any order of words."""

    def __init__(self, registry: Registry) -> None:
        self._entries = [_entry("province", one) for one in registry.provinces.values()]
        self._entries += [_entry("organisation", one) for one in registry.organisations.values()]

    def complete(self, query: str) -> list[Suggestion]:
        """The best first: names that begin so, then those whose words begin so. Nothing is looked up."""
        for kind, before, typed in _fragments(query):
            name = _name(typed)
            if len(name.letters) < SHORTEST or name.letters in _GENERIC_LETTERS:
                continue
            found = sorted(
                (rank, len(entry.label), entry.label, entry)
                for entry in self._entries
                if kind in (None, entry.kind) and (rank := _rank(entry, name)) is not None
            )
            completed = [_completed(entry, before) for *_, entry in found[:SUGGESTIONS]]
            if completed:
                return [one for one in completed if one.query.strip() != query.strip()]
        return []


@lru_cache(maxsize=4)
def completer(registry: Registry) -> Completer:
    """The one of a registry."""
    return Completer(registry)


def _entry(kind: Kind, one: Organisation | Province) -> _Entry:
    names = dict.fromkeys(_name(name) for name in (one.name, *one.aliases, one.name_en, one.id))
    return _Entry(kind, one.id, one.name, tuple(names))


def _name(text: str) -> _Name:
    words = tuple(letters for word in re.split(r"[\s\u200c،,-]+", text) if (letters := _letters(word)))
    return _Name("".join(words), words)


def _letters(word: str) -> str:
    """What names are compared by; «و» is left out, as it is glued to a word as often as not."""
    return "".join(sign for sign in fold_letters(word).casefold() if sign.isalnum() and sign != "و")


_GENERIC_LETTERS = tuple("".join(_letters(part) for part in word.split()) for word in _GENERIC)


def _rank(entry: _Entry, typed: _Name) -> int | None:
    """How well one of its names begins so: 0 the best, None not at all."""
    ranks = [rank for name in entry.names if (rank := _rank_of(name, typed)) is not None]
    return min(ranks, default=None)


def _rank_of(name: _Name, typed: _Name) -> int | None:
    if name.letters.startswith(typed.letters):
        return 0
    if any(name.letters.startswith(word + typed.letters) for word in _GENERIC_LETTERS):
        return 1
    if all(any(word.startswith(one) for word in name.words) for one in typed.words):
        return 2
    return None


def _fragments(query: str) -> Iterator[tuple[Kind | None, str, str]]:
    """What may be a name at the end of a query, the longest first: its kind, all before it, itself."""
    begun = 0  # of words that are no value of a filter
    if filters := [found for found in _OPEN_FILTER.finditer(query) if found.end() == len(query)]:
        field = FIELDS.get(filters[-1][1].lower())
        if field in ("organisation", "province"):
            kind: Kind = "organisation" if field == "organisation" else "province"
            yield kind, query[: filters[-1].start()], filters[-1][2]
        begun = filters[-1].start(2) + len(filters[-1][2].partition(" ")[0])
    starts = [found.start() for found in _WORD.finditer(query) if found.start() >= begun]
    for start in starts[-MOST_WORDS:]:
        yield None, query[:start], query[start:]


def _completed(entry: _Entry, before: str) -> Suggestion:
    field = "سازمان" if entry.kind == "organisation" else "استان"
    value = f'"{entry.label}"' if " " in entry.label else entry.label
    return Suggestion(entry.kind, entry.id, entry.label, f"{before}{field}:{value} ")


# --- the answer ---------------------------------------------------------------------------------------------


class SuggestParameters(BaseModel):
    """What is typed so far."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        Field(max_length=MAX_QUERY, description="The query as far as it is typed", examples=["کارگاه البر"]),
    ] = ""


class SuggestionAnswer(Answer):
    """An organisation or a province that the end of the query may mean."""

    kind: Kind = Field(examples=["province"])
    id: str = Field(examples=["alborz"])
    label: str = Field(examples=["البرز"])
    query: str = Field(description="The query with it as a filter", examples=["کارگاه استان:البرز "])


class SuggestionsAnswer(Answer):
    suggestions: list[SuggestionAnswer] = Field(description=f"The best first, at most {SUGGESTIONS}")


router = APIRouter(prefix="/api", responses=PROBLEMS, dependencies=[Depends(each_once)], tags=["search"])


@router.get("/suggest", response_model=SuggestionsAnswer)
async def suggest(request: Request, asked: Annotated[SuggestParameters, Query()]) -> Response:
    """Complete a query: organisations and provinces by any of their names, in any spelling."""
    found: list[Suggestion] = await ask(
        request, lambda service: completer(service.workspace.registry).complete(asked.q)
    )
    return json_answer({"suggestions": [asdict(one) for one in found]})
