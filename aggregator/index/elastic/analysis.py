"""The analyzers of the index: ``settings.analysis``.

``terms``          text that Python has folded; only cut at its blanks
``persian_query``  what people type into other programs, as the terms of the fold (query_fold.py)
``as_written``     texts as published, for exact phrases and for marking what was found
"""

import unicodedata
from functools import cache
from typing import Any

from aggregator.index.elastic.program import Step, exchange
from aggregator.index.elastic.query_fold import query_fold
from aggregator.persian.letters import FOLDING, TATWEEL, ZWNJ

#: Letters that the fold takes for others, and that are words' own as they are written.
_OWN_LETTERS = "آأإؤئءة"


@cache
def analysis() -> dict[str, Any]:
    """Analyzers, tokenizers and character filters; the same every time."""
    steps = query_fold()
    written = exchange("written_letters", _written_letters())
    return {
        "char_filter": {step.name: dict(step.definition) for step in [*steps, written]},
        "tokenizer": {"terms": {"type": "whitespace", "max_token_length": 8000}},
        "analyzer": {
            "terms": {"type": "custom", "tokenizer": "terms"},
            "persian_query": _analyzer("terms", steps),
            "as_written": _analyzer("standard", [written]) | {"filter": ["lowercase"]},
        },
    }


def _analyzer(tokenizer: str, steps: list[Step]) -> dict[str, Any]:
    return {"type": "custom", "tokenizer": tokenizer, "char_filter": [step.name for step in steps]}


def _written_letters() -> dict[str, str]:
    """Letters for their variants and forms; no marks, tatweel, controls and half-spaces."""
    pairs = {chr(code): _written(chr(code), folded) for code, folded in FOLDING.items()}
    # Numbers of every writing; and the letters that stand in two characters.
    pairs |= {"٫": ".", "٬": ","}
    pairs |= {unicodedata.normalize("NFD", letter): letter for letter in _OWN_LETTERS}
    return {sign: written for sign, written in pairs.items() if written != sign}


def _written(sign: str, folded: str) -> str:
    if folded == sign and sign not in TATWEEL + ZWNJ:
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    if any(letter in _OWN_LETTERS for letter in plain):
        folded = "".join(letter if letter in _OWN_LETTERS else FOLDING[ord(letter)] for letter in plain)
    return folded.replace(TATWEEL, "").replace(ZWNJ, "")
