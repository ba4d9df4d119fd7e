"""Terms of words, and the endings and beginnings that stand apart from them, after a blank or a half-space.

Everything is in the letters of matching (see letters.py). All decisions are made on terms, never on what
stood in the text, so that folded text folds to itself.
"""

import re
from functools import lru_cache
from typing import Literal

from aggregator.persian.compounds import DERIVING, LAST_WORDS, is_compound, split_compound
from aggregator.persian.endings import NO_COMPARATIVE, stem
from aggregator.persian.glued import split_glued
from aggregator.persian.letters import LONGEST_WORD, fold_letters, folded_words, words
from aggregator.persian.verbs import verb_forms

Ending = Literal["plural", "comparative", "joined", "after-heh", "possessive", "half-space", "compound"]

#: Each ending that may stand apart, by what becomes of it; see ``attach``.
ENDINGS: dict[str, Ending] = {
    **dict.fromkeys(LAST_WORDS, "compound"),
    **dict.fromkeys(DERIVING, "compound"),
    **dict.fromkeys(
        words("ها های هایی هایم هایت هایش هایمان هایتان هایشان هاشان هامان هاتان هاست"), "plural"
    ),
    **dict.fromkeys(words("تر تری ترین ترها ترهای ترینها ترینهای"), "comparative"),
    **dict.fromkeys(words("گر گری گران مند مندی مندان ناک گانه"), "joined"),
    **dict.fromkeys(words("ی یی ای ام ات اش اند ایم اید"), "after-heh"),
    **dict.fromkeys(words("مان تان شان"), "possessive"),
    **dict.fromkeys(words("م ت ش"), "half-space"),
}
#: A term and the part of its word that it covers.
Part = tuple[str, int, int]

#: Beginnings that stand apart.
PREFIXES = frozenset(words("می نمی بی"))
#: What follows می and نمی.
VERBS = frozenset(stem(fold_letters(form)) for form in verb_forms())

#: «برمی‌گردد», «برمیگردد» as «بر می‌گردد».
PREVERB = re.compile("(بر|در|باز|فرا|فرو)ن?می(.*)")

#: Words that keep the plural ending: «آنها» is not «آن».
PRONOUNS = folded_words("آن این")
#: Words that never follow نمی as its verb.
PARTICLES = folded_words("از که و به را در است بر با تا هم یا")


@lru_cache(maxsize=200_000)
def terms_of(word: str) -> tuple[Part, ...]:
    """The terms of one solid word, each with its place in the word. Terms give themselves."""
    before_verb = PREVERB.fullmatch(word)
    if before_verb and (not before_verb[2] or stem(before_verb[2]) in VERBS):
        before, verb = before_verb[1], word[before_verb.end(1) :]
        return (before, 0, len(before)), (stem(verb), len(before), len(word))
    whole = stem(word)
    parts = split_glued(whole)
    if parts == (whole,):
        parts = split_compound(whole)
    return ((whole, 0, len(word)),) if parts == (whole,) else _placed(parts, word)


def _placed(parts: tuple[str, ...], word: str) -> tuple[Part, ...]:
    """The terms of the parts of a word; each covers all of it where it has other letters than its parts."""
    letters = word.startswith("".join(parts[:-1]))
    terms, start = [], 0
    for part in parts:
        end = len(word) if part is parts[-1] else start + len(part)
        for term, first, last in terms_of(part):
            last = end if last == len(part) else start + last
            terms.append((term, start + first, last) if letters else (term, 0, len(word)))
        start = end
    return tuple(terms)


def attach(term: str, ending: str, *, half_space: bool, after_ending: bool) -> str | None:
    """The term that a term and an ending standing apart make together; None: they are two words."""
    kind = ENDINGS[ending]
    if not term[-1].isalpha() or len(term) > LONGEST_WORD:
        return None
    if kind == "plural":
        return term + "ها" if term in PRONOUNS else term
    if kind == "comparative":
        if len(term) == 1:
            return None
        return term + "تر" if term + "تر" in NO_COMPARATIVE else term
    if kind == "compound":
        joins = is_compound(term, ending, half_space=half_space) or (half_space and ending in DERIVING)
        return term + ending if joins else None
    if kind == "joined":
        return term + ending
    if half_space or (kind == "after-heh" and term[-1] == "ه" and len(term) > 2):
        return term
    return term if after_ending and kind in ("after-heh", "possessive") else None


def begin(prefix: str, term: str, *, half_space: bool) -> str | None:
    """The term that می, نمی or بی makes with the word after it; None: they are two words."""
    if not "ا" <= term[0] <= "ی" or len(term) > LONGEST_WORD:
        return None
    if prefix == "بی":
        joins = len(term) > 1
    elif prefix == "می":
        joins = term in VERBS or half_space
    else:
        joins = len(term) > 1 and term not in PARTICLES
    return prefix + term if joins else None
