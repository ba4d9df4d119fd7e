"""Terms of words, and the endings and beginnings that stand apart from them, after a blank or a half-space.

Everything is in the letters of matching (see letters.py). All decisions are made on terms, never on what
stood in the text, so that folded text folds to itself.
"""

import re
from functools import lru_cache
from typing import Literal

from aggregator.persian.endings import NO_COMPARATIVE, stem
from aggregator.persian.glued import split_glued
from aggregator.persian.letters import fold_letters, folded_words, words
from aggregator.persian.verbs import verb_forms

Ending = Literal["plural", "comparative", "joined", "after-heh", "possessive", "half-space"]

#: Each ending that may stand apart, by what becomes of it; see ``attach``.
ENDINGS: dict[str, Ending] = {
    **dict.fromkeys(
        words("ها های هایی هایم هایت هایش هایمان هایتان هایشان هاشان هامان هاتان هاست"), "plural"
    ),
    **dict.fromkeys(words("تر تری ترین ترها ترهای ترینها ترینهای"), "comparative"),
    **dict.fromkeys(words("گر گری گران مند مندی مندان ناک گانه"), "joined"),
    **dict.fromkeys(words("ی یی ای ام ات اش اند ایم اید"), "after-heh"),
    **dict.fromkeys(words("مان تان شان"), "possessive"),
    **dict.fromkeys(words("م ت ش"), "half-space"),
}
#: Beginnings that stand apart.
PREFIXES = frozenset(words("می نمی بی"))
#: What follows می and نمی.
VERBS = frozenset(stem(fold_letters(form)) for form in verb_forms())

#: «برمی‌گردد», «برمیگردد» as «بر می‌گردد».
_PREVERB = re.compile("(بر|در|باز|فرا|فرو)ن?می(.*)")

#: Words that keep the plural ending: «آنها» is not «آن».
_PRONOUNS = folded_words("آن این")
#: Words that never follow نمی as its verb.
_PARTICLES = folded_words("از که و به را در است بر با تا هم یا")


@lru_cache(maxsize=200_000)
def terms_of(word: str) -> tuple[tuple[str, int], ...]:
    """The terms of one solid word, each with the letters of the word it covers. Terms give themselves."""
    before_verb = _PREVERB.fullmatch(word)
    if before_verb and (not before_verb[2] or stem(before_verb[2]) in VERBS):
        before, verb = before_verb[1], word[before_verb.end(1) :]
        return (before, len(before)), (stem(verb), len(verb))
    whole = stem(word)
    parts = split_glued(whole)
    if parts == (whole,):
        return ((whole, len(word)),)
    terms = [pair for part in parts for pair in terms_of(part)]
    covered = sum(length for _, length in terms[:-1])
    return (*terms[:-1], (terms[-1][0], max(len(word) - covered, 1)))


def attach(term: str, ending: str, *, half_space: bool, after_ending: bool) -> str | None:
    """The term that a term and an ending standing apart make together; None: they are two words."""
    kind = ENDINGS[ending]
    if not term[-1].isalpha():
        return None
    if kind == "plural":
        return term + "ها" if term in _PRONOUNS else term
    if kind == "comparative":
        return term + "تر" if term + "تر" in NO_COMPARATIVE else term
    if kind == "joined":
        return term + ending
    if half_space or (kind == "after-heh" and term[-1] == "ه" and len(term) > 2):
        return term
    return term if after_ending and kind in ("after-heh", "possessive") else None


def begin(prefix: str, term: str, *, half_space: bool) -> str | None:
    """The term that می, نمی or بی makes with the word after it; None: they are two words."""
    if not "ا" <= term[0] <= "ی":
        return None
    if prefix == "بی":
        joins = len(term) > 1
    elif prefix == "می":
        joins = term in VERBS or half_space
    else:
        joins = len(term) > 1 and term not in _PARTICLES
    return prefix + term if joins else None
