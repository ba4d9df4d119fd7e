"""Normalisation and folding: pairs of text met, and documents a second, beside hazm in the same run.

The pairs are those of gold.py; where they are not at hand, only the speeds are measured. Each pair missed by
the normaliser is printed with the reason. hazm is called as its manual calls it: ``Normalizer().normalize``,
``Lemmatizer().lemmatize``.
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from itertools import combinations

from hazm import Lemmatizer, Normalizer

from aggregator.demo.synthetic import synthetic_articles
from aggregator.persian.dates import find_dates, find_event_dates
from aggregator.persian.fold import fold, fold_terms
from aggregator.persian.names.gazetteer import Gazetteer
from aggregator.persian.names.mentions import find_mentions
from aggregator.persian.normalise import normalise
from aggregator.registry import load_registry
from benchmarks.gold import NORMALISATION, Pairs, gold_folder, read_pairs, reason

DOCUMENTS = 400
BYTES = 2048
AT = datetime(2020, 6, 9, tzinfo=UTC)

Key = Callable[[str], object]


def main() -> None:
    """Print the pairs met, then the speeds."""
    hazm = Normalizer()
    lemmatizer = Lemmatizer()
    if gold_folder().is_dir():
        print("pairs met                     this  hazm    of")
        for name in NORMALISATION:
            pairs = read_pairs(name)
            row(name, met(pairs, normalise), met(pairs, hazm.normalize), len(pairs))
            print_misses(pairs)
        for name in ("ud_lemma", "stem", "tokens"):
            pairs = read_pairs(name)
            row(
                f"{name}, folded alike",
                alike(pairs, fold_key),
                alike(pairs, lemmatizer.lemmatize),
                len(pairs),
            )
        pairs = read_pairs("ud_lemma")
        ours, theirs = (together(pairs, key) for key in (fold_key, lemmatizer.lemmatize))
        row("different lemmas that meet", ours, theirs, different(pairs))
    texts = documents()
    print(f"\ndocuments of {BYTES} bytes a second, one process, each document once")
    slow = speed(hazm.normalize, texts)
    for name, work in (
        ("normalise", normalise),
        ("fold", fold),
        ("find_dates", dates),
        ("find_event_dates", events),
        ("find_mentions", names),
    ):
        rate = speed(work, texts)
        print(f"{name:<17}{rate:8.0f}   {rate / slow:.2f} × hazm's Normalizer ({slow:.0f})")


def row(name: str, ours: int, theirs: int, of: int) -> None:
    print(f"{name:<28}{ours:6}{theirs:6}{of:6}")


def print_misses(pairs: Pairs) -> None:
    """Each pair that the normaliser misses, and why."""
    for text, expected in pairs:
        found = normalise(text)
        if found != expected:
            print(f"    {text!r}: {found!r}, not {expected!r}: {reason(expected, found)}")


def fold_key(text: str) -> object:
    return tuple(fold_terms(text))


def dates(text: str) -> object:
    return find_dates(text, at=AT)


def events(text: str) -> object:
    return find_event_dates(text, AT)


def names(text: str) -> object:
    return find_mentions(text, gazetteer())


@cache
def gazetteer() -> Gazetteer:
    """The names of the bundled registry."""
    return load_registry().gazetteer


def met(pairs: Pairs, work: Callable[[str], str]) -> int:
    """How many inputs give exactly what is expected."""
    return sum(work(text) == expected for text, expected in pairs)


def alike(pairs: Pairs, key: Key) -> int:
    """How many inputs have the key of what is expected: both are one term."""
    return sum(key(text) == key(expected) for text, expected in pairs)


def different(pairs: Pairs) -> int:
    """How many pairs of rows have different lemmas."""
    return sum(one[1] != other[1] for one, other in combinations(pairs, 2))


def together(pairs: Pairs, key: Key) -> int:
    """How many pairs of rows with different lemmas share the key of a word or lemma."""
    keys = [({key(word), key(lemma)}, lemma) for word, lemma in pairs]
    return sum(bool(one & other) for (one, a), (other, b) in combinations(keys, 2) if a != b)


def documents() -> list[str]:
    """Texts of ``BYTES`` bytes, of made-up press releases."""
    stories = synthetic_articles(DOCUMENTS * 6, seed=1)
    made, text = [], ""
    for line in (
        line for story in stories for line in (story.headline, story.lead, *story.paragraphs) if line
    ):
        text += line + "\n"
        if len(text.encode()) >= BYTES:
            made.append(text.encode()[:BYTES].decode(errors="ignore"))
            text = ""
    return made[:DOCUMENTS]


def speed(work: Callable[[str], object], texts: Iterable[str]) -> float:
    """Documents a second of processor time."""
    texts = list(texts)
    work(texts[0])
    start = time.process_time()
    for text in texts:
        work(text)
    return len(texts) / (time.process_time() - start)


if __name__ == "__main__":
    main()
