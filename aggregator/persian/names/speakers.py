"""Who is quoted in a text, and in what role.

A quote has a verb of saying («گفت», «تأکید کرد») with a person before it, or «به گفته» with one behind it. A
person is a given name and a surname, a title and a surname, two words before a role («… مدیرکل …»), or the
surname alone of somebody who was named in full before. «وی» and roles without a name are nobody.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from aggregator.model import Mention
from aggregator.persian.names.persons import Person, names_of_people, surname
from aggregator.persian.names.quotes import (
    ATTRIBUTIONS,
    FINITE,
    GOVERNING,
    INTERVIEWS,
    LIGHT_VERBS,
    OWN_BODIES,
    PRONOUNS,
    ROLE_ENDS,
    ROLE_IN,
    ROLES,
    SAYING,
    SAYING_APART,
    SAYING_NOUNS,
)
from aggregator.persian.names.tokens import Token, sentences

_REACH = 120  # words between a person and the verb
_APART = 20  # words between the two parts of a verb


def find_speakers(text: str, names: Sequence[Mention]) -> list[Mention]:
    """The persons quoted, each time they are named with a quote, with the role that stands beside the name.

    ``names`` are those of organisations and places in the text, in order: a role may contain them.
    """
    spoken: dict[int, Mention] = {}
    known: set[str] = set()
    for tokens in sentences(text, names):
        people = names_of_people(tokens, known)
        known |= {surname(tokens, person) for person in people}
        for person in _Quotes(tokens, people).speakers() if people else ():
            start, end = tokens[person.start].start, tokens[person.end - 1].end
            role = _role(tokens, person, {other.lead for other in people})
            named = text[tokens[role[0]].start : tokens[role[1] - 1].end] if role else None
            spoken.setdefault(start, Mention("speaker", text[start:end], start, end, role=named))
    return list(spoken.values())


@dataclass(frozen=True)
class _Quotes:
    """The quotes of one sentence."""

    tokens: Sequence[Token]
    people: Sequence[Person]

    def speakers(self) -> Iterator[Person]:
        behind = 0  # the verb before
        for at, token in enumerate(self.tokens):
            pair = (token.key, self.key(at + 1))
            if end := _verb(self.tokens, at):
                yield from self.before(at, behind, plural=self.tokens[end - 1].key.endswith("ند"))
                behind = end
            elif pair in ATTRIBUTIONS:
                yield from self.behind(at + 2)
        for length in (2, 3, 4):  # «گفت و گو با» is four words
            if "".join(self.key(place) for place in range(length)) in INTERVIEWS:
                yield from self.behind(length)

    def before(self, verb: int, behind: int, *, plural: bool) -> Iterator[Person]:
        """The subject of a verb: the first person before it who is not governed by something else."""
        begin = max(self.clause(verb), behind)
        if any(self.key(place) in PRONOUNS for place in range(begin, min(begin + 2, verb))):
            return
        subjects = [
            person
            for person in self.people
            if begin <= person.start and person.end <= verb and not self.is_governed(person, begin)
        ]
        if not plural:
            ended = max((at for at in range(begin, verb) if self.key(at) in FINITE), default=begin - 1)
            subjects = [person for person in subjects if person.start > ended] or subjects
            subjects.sort(key=lambda person: person.guess)
        yield from subjects[: 2 if plural else 1]

    def behind(self, at: int) -> Iterator[Person]:
        """The person of «به گفته …», who may have a role before the name."""
        for person in self.people:
            if person.start >= at:
                if person.lead <= at or _begin_of_role(self.tokens, person) == at:
                    yield person
                return

    def clause(self, verb: int) -> int:
        """Where the clause of a verb begins: behind the last colon or semicolon, or inside a quotation."""
        closed = 0
        for place in range(verb - 1, max(-1, verb - _REACH), -1):
            key = self.tokens[place].key
            if key in (":", "؛", ";") or (key == "«" and not closed):
                return place + 1
            closed += (key == "»") - (key == "«")
        return max(0, verb - _REACH)

    def is_governed(self, person: Person, begin: int) -> bool:
        """«با علی رضایی», «خانواده شهید …»: the person is spoken of, and is not speaking."""
        first = _begin_of_role(self.tokens, person)
        first = person.lead if first is None else first
        if first > begin and self.key(first - 1) == "و":  # nor is the other of two
            before = [other for other in self.people if begin <= other.start and other.end < first]
            return bool(before) and first - 1 == self.end(before[-1]) and self.is_governed(before[-1], begin)
        return first > begin and self.key(first - 1) in GOVERNING

    def end(self, person: Person) -> int:
        """Where a name ends, with the role behind it."""
        return _end_of_role(self.tokens, person.end) if self.key(person.end) in ROLES else person.end

    def key(self, place: int) -> str:
        return self.tokens[place].key if place < len(self.tokens) else ""


def _verb(tokens: Sequence[Token], at: int) -> int:
    """The end of the verb of saying that begins at a token; 0: none does."""
    key = tokens[at].key
    after = tokens[at + 1].key if at + 1 < len(tokens) else ""
    if key == "می" and key + after in SAYING:
        return at + 2
    if key in SAYING:
        return 0 if key == "گفت" and _is_talk(tokens, at) else at + 1
    if key == "گفته" and after in ("است", "بود", "اند"):
        return at + 2
    if after in LIGHT_VERBS and key in SAYING_NOUNS:
        return at + 2
    if at + 2 < len(tokens) and tokens[at + 2].key in LIGHT_VERBS and key + after in SAYING_NOUNS:
        return at + 3
    if key in SAYING_APART:
        verbs = (place for place in range(at + 2, min(at + _APART, len(tokens))) if tokens[place].key == "شد")
        return next(verbs, -1) + 1
    return 0


def _is_talk(tokens: Sequence[Token], at: int) -> bool:
    """«گفت و گو», «گفت وگو», «گفت و شنود»: a talk, and no verb."""
    return "".join(token.key for token in tokens[at + 1 : at + 3]).startswith(("وگو", "وشنود"))


def _role(tokens: Sequence[Token], person: Person, others: Set[int]) -> tuple[int, int] | None:
    """The tokens of the role beside a name: behind it («…، دبیر شورا»), else before it («دبیر شورا …»)."""
    at = person.end
    if at < len(tokens) and tokens[at].key in ("،", "("):
        at += 1
    if at < len(tokens) and tokens[at].key in ROLES:
        end = _end_of_role(tokens, at)
        # «… و حسن حسینی، دبیر …» begins another
        return at, next((place - 1 for place in range(at + 1, end) if place in others), end)
    begin = _begin_of_role(tokens, person)
    if begin is None:
        return None
    end = person.lead
    return begin, end - 1 if tokens[end - 1].key == "،" else end


def _end_of_role(tokens: Sequence[Token], begin: int) -> int:
    for place in range(begin + 1, len(tokens)):
        token = tokens[place]
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.name is not None and token.name == tokens[place - 1].name:
            continue  # inside the name of an organisation
        if token.key == "در" and _goes_on(tokens, place, tokens[begin].key):
            continue
        if token.key == "از" and tokens[place - 1].key == "یکی":
            continue
        if token.key == "جمعه" and tokens[place - 1].key == "امام":
            continue
        if token.key == "این" and place > begin + 1 and not (after and after.key in OWN_BODIES):
            return place  # «معاون این اداره», «مربی این دوره», but «عضو شورا این احتمال را»
        if token.key == "،" and _goes_on_in_list(tokens, place):
            continue
        if token.key in ROLE_ENDS or not token.is_word or _verb(tokens, place):
            return place
    return len(tokens)


def _goes_on_in_list(tokens: Sequence[Token], comma: int) -> bool:
    """«معاون سیاسی، امنیتی و اجتماعی»: a comma with one word and «و» behind it."""
    behind = tokens[comma + 1 : comma + 3]
    if len(behind) < 2 or not behind[0].is_word or behind[0].key in ROLE_ENDS | ROLES:
        return False
    return behind[1].key == "و" or (
        behind[1].key.startswith("و") and behind[0].name is None and len(behind[1].key) > 4
    )


def _begin_of_role(tokens: Sequence[Token], person: Person) -> int | None:
    """The first token of the role right before a name; None: no role stands there."""
    begin: int | None = None
    place = person.lead - 1
    if place >= 0 and tokens[place].key == "،":
        place -= 1
    while place >= 0:
        token = tokens[place]
        inside = token.name is not None and token.name == tokens[place + 1].name
        if not inside and (not token.is_word or (token.key in ROLE_ENDS and not _goes_on(tokens, place))):
            break
        if token.key in ROLES:
            begin = place
        place -= 1
    return begin


def _goes_on(tokens: Sequence[Token], place: int, role: str = "") -> bool:
    """Whether a role goes on behind «در»: «دبیر شورا در وزارت …», «نماینده مردم در مجلس»; not «در شیراز»."""
    if tokens[place].key != "در" or place + 1 == len(tokens):
        return False
    after = tokens[place + 1]
    inside = after.name is not None and (after.name.kind == "organisation" or role == "نماینده")
    return inside or after.key in ROLE_IN
