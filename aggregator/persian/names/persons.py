"""The names of people in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.persian.letters import folded_words
from aggregator.persian.names.given import ORDINARY, PARTICLES, is_given_name
from aggregator.persian.names.quotes import (
    FINITE,
    NEVER_NAMES,
    ROLES,
    SAYING,
    SAYING_NOUNS,
    SURNAME_ENDINGS,
    TITLES,
)
from aggregator.persian.names.tokens import Token

_SURNAME = 3  # words


@dataclass(frozen=True, slots=True)
class Person:
    """The tokens of a name."""

    start: int
    end: int
    lead: int  #: the first of the titles before it, or ``start``
    full: bool  #: with a given name
    guess: bool = False  #: known by its place alone


def names_of_people(tokens: Sequence[Token], known: set[str]) -> list[Person]:
    """The people named in a sentence; ``known`` are surnames of those who were named in full before."""
    people: list[Person] = []
    known = set(known)
    place = 0
    while place < len(tokens):
        person = _person(tokens, place, known) if _may_begin(tokens, place) else None
        if person and not _is_title_of_thing(tokens, person):
            people.append(person)
            known.add(surname(tokens, person))
            place = person.end
        else:
            place += 1
    return people


def _may_begin(tokens: Sequence[Token], place: int) -> bool:
    """Whether anybody can be named from a token on: most tokens are done with here."""
    token = tokens[place]
    if not token.is_word:
        return False
    return token.key in _BEGINNINGS or _is_opening(tokens, place) or is_given_name(token.parts)


def _is_title_of_thing(tokens: Sequence[Token], person: Person) -> bool:
    """«امید دریا» between guillemets, and nothing else there: a ship, a book, a co-operative."""
    around = [tokens[place].key for place in (person.lead - 1, person.end) if 0 <= place < len(tokens)]
    return around == ["«", "»"]


def surname(tokens: Sequence[Token], person: Person) -> str:
    """The key of the last words of a name: what the person is called from then on."""
    place = person.start
    while place < person.end - 1 and (tokens[place].key in PARTICLES or is_given_name(tokens[place].parts)):
        place += 1
    if not person.full or person.guess:  # which of the words are given names is not known
        place = person.end - 1
    return "".join(token.key for token in tokens[place : person.end])


def _person(tokens: Sequence[Token], lead: int, known: set[str]) -> Person | None:
    start = _behind_titles(tokens, lead)
    if start == len(tokens) or not _may_be_name(tokens[start]):
        return None
    end = _full_name(tokens, start)
    if end and (start > lead or _is_sure(tokens, start, end)):
        return Person(start, end, lead, full=True)
    end = _known(tokens, start, known)
    if end and (start > lead or _is_opening(tokens, lead)):
        return Person(start, end, lead, full=False)
    if start > lead:
        end = _words_of_name(tokens, start, limit=2)
        return Person(start, end, lead, full=False) if end and _is_closed(tokens, end) else None
    if _is_opening(tokens, lead):
        return _before_role(tokens, lead) or _between_commas(tokens, lead) or _surname_alone(tokens, lead)
    return None


def _behind_titles(tokens: Sequence[Token], place: int) -> int:
    while place < len(tokens):
        if tokens[place].key in TITLES:
            place += 1
        elif "".join(token.key for token in tokens[place : place + 2]) in TITLES:  # «حجت الاسلام»
            place += 2
        else:
            break
    return place


def _is_sure(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a name that begins with an ordinary word («نظام», «زمان») stands as names do."""
    if tokens[start].key not in ORDINARY or start == 0 or not tokens[start - 1].is_word:
        return True
    behind = tokens[end].key if end < len(tokens) else ""
    if tokens[start - 1].key in _OPENING and behind in _BEHIND_NAMES:
        return True
    return behind in ROLES | SAYING | SAYING_NOUNS


_BEGINNINGS = TITLES | PARTICLES | {"حجت", "ایت"}
_BEHIND_NAMES = ("،", "در", "با", "از", "که")


def _full_name(tokens: Sequence[Token], start: int) -> int:
    """The end of a full name that begins at a token: given names, then a surname; 0: none does."""
    place = start
    while place < len(tokens) and tokens[place].key in PARTICLES:
        place += 1
    if place == len(tokens) or not (is_given_name(tokens[place].parts) or place > start):
        return 0
    first = place
    place += 1
    while (
        place + 1 < len(tokens)
        and (tokens[place].key in PARTICLES or is_given_name(tokens[place].parts))
        and _may_be_name(tokens[place])
        and _may_be_name(tokens[place + 1])
        and place - first < 3
    ):
        place += 1
    end = _words_of_name(tokens, place, limit=_SURNAME)
    if not end:
        alone = start == 0 and tokens[first].key not in ORDINARY and _is_closed(tokens, first + 1)
        return first + 1 if alone else 0
    if not _is_closed(tokens, end):
        end = place + 1  # no sign where the name ends: one word
    return end


def _words_of_name(tokens: Sequence[Token], start: int, *, limit: int) -> int:
    """The end of the words from a token on that may belong to a name; 0: it may not itself."""
    end = start
    while end < len(tokens) and end - start < limit and _may_be_name(tokens[end]):
        end += 1
    return end if end > start else 0


def _may_be_name(token: Token) -> bool:
    return (
        token.is_word
        and token.name is None
        and not token.key[:1].isdigit()
        and token.key not in NEVER_NAMES
        and token.key not in FINITE
        and token.key not in ROLES
        and token.key not in SAYING
        and token.key not in SAYING_NOUNS
    )


def _is_closed(tokens: Sequence[Token], end: int) -> bool:
    """Whether what follows shows that a name ends here."""
    return end >= len(tokens) or not _may_be_name(tokens[end])


def _is_opening(tokens: Sequence[Token], place: int) -> bool:
    """Whether a clause may begin here."""
    return place == 0 or not tokens[place - 1].is_word or tokens[place - 1].key in _OPENING


_OPENING = folded_words("گفته از و که ادامه جلسه نشست دیدار مراسم آیین همایش گردهمایی بازدید سفر پایان آغاز")


def _known(tokens: Sequence[Token], start: int, known: set[str]) -> int:
    """The end of a surname that is known; 0: none begins here."""
    for end in range(min(start + _SURNAME, len(tokens)), start, -1):
        if "".join(token.key for token in tokens[start:end]) in known:
            return end
    return 0


def _before_role(tokens: Sequence[Token], start: int) -> Person | None:
    """«صمد ائل‌یار رئیس …»: two words at the beginning of a clause with a role behind them."""
    end = _words_of_name(tokens, start, limit=3)
    role = end + 1 if end < len(tokens) and tokens[end].key in ("،", "(") else end
    if end - start == 2 and role < len(tokens) and tokens[role].key in ROLES:
        return Person(start, end, start, full=True, guess=True)
    return None


def _between_commas(tokens: Sequence[Token], start: int) -> Person | None:
    """«…، صمد ائل‌یار، گفت»: two words between commas, the verb or a preposition behind them."""
    end = _words_of_name(tokens, start, limit=3)
    if end - start != 2 or start == 0 or tokens[start - 1].key != "،" or end == len(tokens):
        return None
    behind = tokens[end + 1].key if end + 1 < len(tokens) else ""
    if tokens[end].key == "،" and (behind in _BEHIND_NAMES or behind in SAYING | SAYING_NOUNS):
        return Person(start, end, start, full=True, guess=True)
    return None


def _surname_alone(tokens: Sequence[Token], start: int) -> Person | None:
    """«رادمنش همچنین افزود»: one word with the ending of a surname, and the verb right behind it."""
    word, place = tokens[start].key, start + 1
    while place < len(tokens) and tokens[place].key in _BETWEEN:
        place += 1
    behind = [token.key for token in tokens[place : place + 2]]
    speaks = behind[:1] and behind[0] in SAYING | SAYING_NOUNS
    if (
        (speaks or (behind[:1] == ["با"] and behind[-1] in _STATING))
        and len(word) >= _LONG
        and word.endswith(SURNAME_ENDINGS)
    ):
        return Person(start, start + 1, start, full=False, guess=True)
    return None


_STATING = ("بیان", "اشاره", "تاکید", "اعلام", "یاداوری", "قدردانی", "تشریح")
_BETWEEN = ("همچنین", "نیز", "هم", "سپس", "در", "ادامه", "پایان")
_LONG = 6  # letters
