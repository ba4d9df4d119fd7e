"""The analyzers of the index: ``settings.analysis``.

``terms``          text that Python has folded; only cut at its blanks
``persian_query``  what people type into other programs, as the terms of the fold (query_fold.py)
``spelt_query``    the same, as words with their endings
``published``      texts as published, only to mark in them what was found by its terms: mostly those of the
                   fold, and each at its own characters, which ``persian_query`` loses
"""

from functools import cache
from typing import Any

from aggregator.index.elastic.program import Step, exchange, one_of
from aggregator.index.elastic.query_fold import query_fold
from aggregator.persian import endings
from aggregator.persian.inflected import INFLECTED
from aggregator.persian.letters import FOLDING, TATWEEL, ZWNJ


@cache
def analysis() -> dict[str, Any]:
    """Analyzers, tokenizers and filters; the same every time."""
    steps = query_fold()
    letters = exchange("folded_letters", _letters())
    return {
        "char_filter": {step.name: dict(step.definition) for step in [*steps, letters]},
        "tokenizer": {"terms": {"type": "whitespace", "max_token_length": 8000}},
        "filter": _endings(),
        "analyzer": {
            "terms": {"type": "custom", "tokenizer": "terms"},
            "persian_query": _analyzer("terms", steps),
            "spelt_query": _analyzer("standard", [letters]) | {"filter": ["lowercase"]},
            "published": _analyzer("standard", [letters]) | {"filter": ["lowercase", *_endings()]},
        },
    }


def _analyzer(tokenizer: str, steps: list[Step]) -> dict[str, Any]:
    return {"type": "custom", "tokenizer": tokenizer, "char_filter": [step.name for step in steps]}


def _letters() -> dict[str, str]:
    """The letters of matching; no marks, tatweel, controls and half-spaces."""
    pairs = {chr(code): folded.replace(TATWEEL, "").replace(ZWNJ, "") for code, folded in FOLDING.items()}
    pairs |= {"٫": ".", "٬": ","}
    return {sign: folded for sign, folded in pairs.items() if folded != sign}


def _endings() -> dict[str, Any]:
    """Filters of single words: the endings that any word may have, then the closed lists."""
    loans = f"(?!.*{one_of(endings.LOAN_ENDINGS)}$)"
    comparative = f"(?!{one_of(endings.NO_COMPARATIVE | endings.NO_SUPERLATIVE)}){loans}"
    return {
        "plural": _cut(f"(?!{one_of(endings.NO_PLURAL)}$)({endings.PLURAL.pattern[1:]}"),
        "comparative": _cut(f"{comparative}(.{{3,}})(?:تر|ترین|تری)"),
        "listed": {
            "type": "stemmer_override",
            "rules": [f"{form} => {word}" for form, word in sorted((INFLECTED | endings.IRREGULAR).items())],
        },
    }


def _cut(pattern: str) -> dict[str, Any]:
    """A filter that leaves the first group of what a whole word matches."""
    return {"type": "pattern_replace", "pattern": f"^{pattern}$", "replacement": "$1", "all": False}
