"""Sketches: keys of which two texts that are much alike share at least one (MinHash with banding).

For two texts whose shingles have the Jaccard similarity j, the chance is 1 - (1 - j³)³²: 0.88 at 0.4,
0.985 at 0.5, 0.9996 at 0.6. Unlike ones of the same office (0.02) share one in four thousand times.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from rensa import RMinHash

from aggregator.stories.text import StoryText

SHINGLE = 3  #: terms
BANDS = 32
ROWS = 3  #: minima in a key
SEED = 7399
LONG = 40  #: terms; a shorter text only meets its equals
SHORT = 15  #: terms; a shorter one meets none

_MASK = (1 << 63) - 1  # keys are positive numbers of 63 bits: every database has those
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)

Keys = tuple[int, ...]


def shingles(terms: Sequence[str]) -> list[str]:
    """Every three terms in a row; what repeats itself changes no minimum."""
    return list(map(" ".join, zip(terms, terms[1:], terms[2:], strict=False)))


def sketch(texts: Iterable[StoryText]) -> list[Keys]:
    """The keys of each text: many at once, as that is quicker."""
    texts = list(texts)
    long = [shingles(text.terms) for text in texts if len(text.terms) >= LONG]
    minima = iter(RMinHash.digest_matrix_from_token_sets(long, BANDS * ROWS, SEED).to_rows() if long else ())
    return [
        (_whole(text), *_bands(next(minima))) if len(text.terms) >= LONG else _short(text) for text in texts
    ]


def _bands(minima: Sequence[int]) -> Keys:
    one, two, three, place = _FACTORS
    rows = zip(minima[0::ROWS], minima[1::ROWS], minima[2::ROWS], strict=True)
    return tuple(
        (a * one + b * two + c * three + number * place) & _MASK for number, (a, b, c) in enumerate(rows, 1)
    )


def _whole(text: StoryText) -> int:
    """Equal texts meet however many others are like them."""
    return _hash(" ".join(text.terms))


def _short(text: StoryText) -> Keys:
    if len(text.terms) < SHORT:
        return ()
    return (_hash(f"{text.headline}\n{' '.join(text.terms)}"),)


def _hash(text: str) -> int:
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) & _MASK
