"""What is compared of an article: the folded terms of its lead and body."""

import zlib
from collections.abc import Iterable
from typing import NamedTuple

from aggregator.persian.fold import fold_key, fold_terms
from aggregator.stories.facts import with_digits

MAX_TERMS = 5_000  #: of a text; a longer one is compared by its beginning


class StoryText(NamedTuple):
    """A text as it is compared. Sites show headlines of their own: those only count for short texts."""

    headline: str  #: as one folded key
    terms: tuple[str, ...]


def story_text(headline: str, lead: str | None, body: Iterable[str]) -> StoryText:
    """The text of an article; some sites have the lead as the first paragraph of the body."""
    terms = fold_terms("\n".join([lead or "", *body]))
    return StoryText(fold_key(headline[:1000]), tuple(with_digits(terms[:MAX_TERMS])))


def pack(text: StoryText) -> bytes:
    """A text in few bytes, about a kilobyte for 300 terms."""
    return zlib.compress(f"{text.headline}\n{' '.join(text.terms)}".encode(errors="surrogatepass"), 6)


def unpack(packed: bytes) -> StoryText:
    """The text that ``pack`` was given."""
    headline, _, terms = zlib.decompress(packed).decode(errors="surrogatepass").partition("\n")
    return StoryText(headline, tuple(terms.split(" ")) if terms else ())
