"""The stories of the sample portal, before any site has put them into its markup.

A text may hold two inline marks: ``**strong**`` and ``[link text](file.pdf)``; an address without a slash is
a document of the site that publishes the story.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property
from typing import Any, Literal

from aggregator.demo.spelling import Spelling, respell
from aggregator.persian.calendar import parse_day, tehran_instant

BlockKind = Literal["paragraph", "heading", "list", "table", "picture"]
Layout = Literal["paragraphs", "breaks"]

INLINE_MARK = re.compile(r"\*\*(?P<strong>.+?)\*\*|\[(?P<text>[^]]+)]\((?P<address>[^)]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a body: rows of cells. Everything but a table has one cell a row."""

    kind: BlockKind
    rows: tuple[tuple[str, ...], ...]  #: with inline marks; of a picture: what it shows

    def paragraphs(self) -> tuple[str, ...]:
        """What an extractor should make of it: one paragraph a row, cells joined by a space."""
        if self.kind == "picture":
            return ()
        return tuple(plain(" ".join(row)) for row in self.rows)


@dataclass(frozen=True)
class Story:
    """A press release. Texts are as the site publishes them."""

    number: int  #: code of the story, unique within a site
    headline: str
    published: datetime  #: aware
    blocks: tuple[Block, ...]
    kicker: str | None = None
    lead: str | None = None
    section: tuple[str, ...] = ("اخبار",)  #: path, without the home page
    keywords: tuple[str, ...] = ()
    author: str | None = None
    picture: bool = True  #: has a main image
    layout: Layout = "paragraphs"
    end_mark: str | None = None  #: printed as the last line of the body, no part of the text
    reporter: str | None = None  #: bare number, likewise
    read_more: bool = False  #: «بیشتر بخوانید» with links inside the body, likewise
    modified: datetime | None = None  #: aware
    shared: str | None = None  #: name of the text, where several sites publish it, each a little changed
    edition: "Story | None" = None  #: the second version, published later under the same number

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The body as an extractor should give it."""
        return tuple(paragraph for block in self.blocks for paragraph in block.paragraphs())

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """Names of the documents that the body links to, each once."""
        text = " ".join(cell for block in self.blocks for row in block.rows for cell in row)
        targets = [mark["address"] or "/" for mark in INLINE_MARK.finditer(text)]
        return tuple(dict.fromkeys(target for target in targets if "/" not in target))

    @cached_property
    def section_paths(self) -> tuple[tuple[str, ...], ...]:
        """The section and those above it, the highest first."""
        return tuple(self.section[: depth + 1] for depth in range(len(self.section)))

    @cached_property
    def changed(self) -> datetime:
        """When it was last touched."""
        return self.modified or self.published


def plain(text: str) -> str:
    """A text without its inline marks."""
    return INLINE_MARK.sub(lambda mark: mark["strong"] or mark["text"], text)


def tehran_time(text: str) -> datetime:
    """``1399-03-20 09:01``, Jalali and Tehran's clock, as an instant."""
    day, _, clock = text.partition(" ")
    return tehran_instant(parse_day(day), time.fromisoformat(clock))


def read_story(entry: Mapping[str, Any]) -> Story:
    """A story from its YAML mapping; ``edition`` there holds only what the second version changes."""
    entry = dict(entry)
    edition = entry.pop("edition", None)
    story = _read_version(entry)
    if edition is None:
        return story
    return replace(story, edition=_read_version({**entry, **edition}))


def _read_version(entry: Mapping[str, Any]) -> Story:
    fields = {name: value for name, value in entry.items() if name not in ("spelling", "body", "site")}
    for name in ("published", "modified"):
        if name in fields:
            fields[name] = tehran_time(fields[name])
    for name in ("section", "keywords"):
        if name in fields:
            fields[name] = tuple(fields[name])
    story = Story(blocks=tuple(_read_block(block) for block in entry["body"]), **fields)
    spelt = respell_story(story, Spelling(**entry.get("spelling", {})))
    # Sections and keywords are chosen from the site's own lists, not typed.
    return replace(spelt, section=story.section, keywords=story.keywords)


def _read_block(entry: str | Mapping[BlockKind, Any]) -> Block:
    if isinstance(entry, str):
        return Block("paragraph", ((entry,),))
    ((kind, content),) = entry.items()
    if isinstance(content, str):
        return Block(kind, ((content,),))
    return Block(kind, tuple((row,) if isinstance(row, str) else tuple(row) for row in content))


def respell_story(story: Story, spelling: Spelling) -> Story:
    """The same story as typed on another keyboard: see ``Spelling``."""

    def spelt(text: str | None) -> str | None:
        return None if text is None else respell(text, spelling)

    blocks = tuple(
        Block(block.kind, tuple(tuple(respell(cell, spelling) for cell in row) for row in block.rows))
        for block in story.blocks
    )
    return replace(
        story,
        headline=respell(story.headline, spelling),
        kicker=spelt(story.kicker),
        lead=spelt(story.lead),
        section=tuple(respell(name, spelling) for name in story.section),
        keywords=tuple(respell(word, spelling) for word in story.keywords),
        author=spelt(story.author),
        end_mark=spelt(story.end_mark),
        blocks=blocks,
        edition=respell_story(story.edition, spelling) if story.edition else None,
    )
