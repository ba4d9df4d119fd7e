"""What a revision of an article changed: sentence by sentence, value by value. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

from aggregator.model import Article, StoredArticle, iso_or_none, iso_utc

Kind = Literal["added", "removed", "replaced"]

#: The white space after a sentence: after an end mark and what closes with it, but not after an initial
#: («م. رضایی») or the number of a list item.
_SENTENCE_END = re.compile(r"(?:[!?؟…]|(?<!^\w)(?<!\s\w)(?<!^\d\d)\.)[»”\"')\]]*(?P<space>\s+)")
_MAX_PAIRS = 4_000_000  # to be compared; a page beyond that differs as a whole


@dataclass(frozen=True, slots=True)
class Change:
    """Sentences of a field (or keywords, addresses, its one value) that gave way to others."""

    field: str  #: of ``Article``
    before: tuple[str, ...]  #: () where something was added
    after: tuple[str, ...]  #: () where something was removed

    @property
    def kind(self) -> Kind:
        if not self.before:
            return "added"
        return "replaced" if self.after else "removed"


@dataclass(frozen=True, slots=True)
class Edit:
    """A revision and what it changed."""

    revision: int  #: 2 for the first edit
    seen: datetime  #: when it was first seen
    changes: tuple[Change, ...]


def edits(revisions: Sequence[StoredArticle]) -> list[Edit]:
    """What each revision after the first changed; ``revisions`` as ``Store.revisions`` gives them."""
    return [
        Edit(new.revision, new.first_seen, changes(old.article, new.article))
        for old, new in pairwise(revisions)
    ]


def edits_record(stored: StoredArticle, edits: Sequence[Edit]) -> dict[str, Any]:
    """What became of an article on its site, as ``revisions --json`` and the HTTP API tell it."""
    return {
        "id": stored.article.id,
        "url": stored.article.url,
        "revision": stored.revision,
        "first_seen": iso_utc(stored.first_seen),
        "last_seen": iso_utc(stored.last_seen),
        "deleted_at": iso_or_none(stored.deleted_at),
        "revisions": [
            {
                "revision": edit.revision,
                "first_seen": iso_utc(edit.seen),
                "changes": [
                    {
                        "field": change.field,
                        "kind": change.kind,
                        "before": change.before,
                        "after": change.after,
                    }
                    for change in edit.changes
                ],
            }
            for edit in edits
        ],
    }


def changes(old: Article, new: Article) -> tuple[Change, ...]:
    """The differences in what makes a revision, in the order of the fields and of the text."""
    found: list[Change] = []
    for name, before, after in _fields(old, new):
        if before != after:
            found += [Change(name, gone, come) for gone, come in differences(before, after)]
    return tuple(found)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; joined by a space they are its text again."""
    ends = [match.span("space") for match in _SENTENCE_END.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    found = (text[start:stop] for start, stop in zip(starts, stops, strict=True))
    return tuple(sentence for sentence in found if sentence)


def _fields(old: Article, new: Article) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Each field that makes a revision (see ``store.codec.content_hash``), as lists to be compared."""
    for name in ("headline", "kicker", "lead"):
        yield name, *_texts(_one(getattr(old, name)), _one(getattr(new, name)))
    yield "body", *_texts(old.body, new.body)
    for name in ("section", "main_image", "code"):
        yield name, _one(getattr(old, name)), _one(getattr(new, name))
    for name in ("keywords", "authors", "images", "attachments"):
        yield name, getattr(old, name), getattr(new, name)
    yield "published", _one(_published(old)), _one(_published(new))


def _texts(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences of two texts; where they are the same, the paragraphs are what differs."""
    before, after = (tuple(one for text in texts for one in sentences(text)) for texts in (old, new))
    return (old, new) if before == after else (before, after)


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _published(article: Article) -> str | None:
    return article.published.iso() if article.published else article.date_published_raw


def differences(
    before: tuple[str, ...],
    after: tuple[str, ...],
    as_compared: Callable[[tuple[str, ...]], Sequence[str]] = tuple,
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What gave way to what, between what stayed. ``as_compared``: what is compared of each, one for one."""
    if len(before) * len(after) > _MAX_PAIRS:
        yield before, after
        return
    matcher = SequenceMatcher(None, as_compared(before), as_compared(after), autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield before[i:j], after[k:m]
