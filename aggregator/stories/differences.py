"""What a re-post added to the first one, or dropped from it: sentence by sentence, however it is spelt."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from aggregator.changes import Change, differences, sentences
from aggregator.model import Article
from aggregator.persian.fold import fold_terms
from aggregator.stories.facts import with_digits
from aggregator.stories.same import Slot

Sentences = tuple[str, ...]


def against(first: Article, other: Article) -> tuple[Change, ...]:
    """The differences in headline, kicker and ``text``: lead and body, which sites part differently."""
    return tuple(
        Change(field, before, after)
        for field, old, new in (
            ("headline", (first.headline,), (other.headline,)),
            ("kicker", _sentences(first.kicker), _sentences(other.kicker)),
            ("text", _sentences(first.lead, *first.body), _sentences(other.lead, *other.body)),
        )
        for before, after in _differences(old, new)
    )


def _sentences(*texts: str | None) -> Sentences:
    return tuple(sentence for text in texts if text for sentence in sentences(text))


def _differences(old: Sentences, new: Sentences) -> Iterator[tuple[Sentences, Sentences]]:
    for before, after in differences(old, new, lambda found: [" ".join(_terms(one)) for one in found]):
        if len(before) == len(after):
            pairs = zip(before, after, strict=True)
            changed = [(one, other) for one, other in pairs if not _is_spelling(one, other)]
            before, after = tuple(one for one, _ in changed), tuple(other for _, other in changed)
        if before or after:
            yield before, after


def _terms(sentence: str) -> list[str]:
    return with_digits(fold_terms(sentence))


def _is_spelling(one: str, other: str) -> bool:
    """Whether two sentences say the same in the same words, some written otherwise."""
    here, there = tuple(_terms(one)), tuple(_terms(other))
    changes = SequenceMatcher(None, here, there, autojunk=False).get_opcodes()
    slots = (Slot(here[i:j], there[k:m]) for kind, i, j, k, m in changes if kind != "equal")
    return all(slot.is_spelling and not slot.contradicts for slot in slots)
