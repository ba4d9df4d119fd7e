"""What hazm's list of words knows: whether a word is one, and how common it is.

The list is the same in hazm 0.10 and 0.12.
"""

from functools import lru_cache

from aggregator.persian.hazm import known_words
from aggregator.persian.letters import words
from aggregator.persian.verbs import participles, verb_forms

_ENDINGS = words(
    """هایشان هایمان هایتان هایم هایت هایش هایی های ها ترین تری تر شان مان تان گان یان ین ان ات ای ام اند
    یم ید ند ی م ش ت"""
)
_SHORTEST_BASE = 3
_VERBS = verb_forms() | participles()


def count(word: str) -> int:
    """How common the word is as it stands; 0 for a rare one, -1 for none."""
    found = known_words().get(word)
    return -1 if found is None else found[0]


@lru_cache(maxsize=50_000)
def common(word: str) -> int:
    """How common the word is, or the one that it is a form of; -1 for none."""
    return max(count(word), *map(count, _bases(word)), -1)


def is_word(word: str) -> bool:
    """Whether the list knows the word, or one that it is a form of."""
    return common(word) >= 0 or is_verb(word)


def is_verb(word: str) -> bool:
    """Whether the word is a form of a simple verb, also with ن or ب before it."""
    return word in _VERBS or (word[:1] in ("ن", "ب") and word[1:] in _VERBS)


def _bases(word: str) -> list[str]:
    """What is left where an ending is taken off; «نماینده» too for «نمایندگان»."""
    found = []
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_BASE:
            found.append(word.removesuffix(ending) + ("ه" if ending == "گان" else ""))
    return found
