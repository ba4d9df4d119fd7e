"""Truth about names: what a careful reader finds in the bundled stories and in sentences of our own.

``mentions/demo/<source>.yaml`` holds the mentions of each story, in the order of the text, as its YAML writes
them; the site may publish it in another spelling, so places are carried over letter by letter. A name that
stands more than once in its field says with ``nth`` which one is meant. ``mentions/sentences_*.yaml`` holds
sentences with their mentions marked where they stand: ``{name|id}``, ``{name|speaker}`` or
``{name|speaker|role}``. mentions/README.md says what counts as a mention.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from aggregator.demo.bundle import bundled_sites
from aggregator.demo.spelling import SOFT_HYPHEN, TO_ARABIC_LETTERS, TO_LATIN_DIGITS, ZWNJ
from aggregator.demo.stories import Story, read_story
from aggregator.model import MentionKind, TextField
from aggregator.persian.fold import fold_key
from aggregator.registry import Registry, load_registry

FOLDER = Path(__file__).parent / "mentions"

MARK = re.compile(r"\{(?P<text>[^{}|]+)\|(?P<id>[a-z-]+)(?:\|(?P<role>[^{}|]+))?\}")


class Expected(NamedTuple):
    """A mention that a reader finds; offsets are in characters of its field as published."""

    field: TextField
    start: int
    end: int
    kind: MentionKind
    name: str  #: id; of a speaker the folded name
    role: str | None = None  #: of a speaker, as published


@dataclass(frozen=True, slots=True)
class TruthText:
    """A story or a sentence with all its mentions."""

    name: str
    texts: tuple[
        tuple[TextField, str], ...
    ]  #: as published; a sentence is the body of an article without head
    expected: frozenset[Expected]
    organisation: str | None = None  #: id of the publisher
    province: str | None = None  #: id of the province that it works for
    about: str = ""  #: of a sentence: what is hard in it

    def text(self, mention: Expected) -> str:
        """The words of a mention, as published."""
        return dict(self.texts)[mention.field][mention.start : mention.end]


# --- the bundled stories ----------------------------------------------------------------------------------


def demo_truth() -> list[TruthText]:
    """All bundled stories in the order of their sites; a second version follows the first."""
    found = []
    for site in bundled_sites():
        truth = _read(FOLDER / "demo" / f"{site.source_id}.yaml")
        province = registry().organisations[site.organisation or ""].province
        for number, story in _versions([item.story for item in site.items]):
            written = _written()[site.source_id, number]
            expected = frozenset(_carried(_texts(written), _texts(story), truth[number]))
            name = f"{site.source_id}-{number}"
            texts = tuple(_texts(story).items())
            found.append(TruthText(name, texts, expected, site.organisation, province))
    return found


@cache
def _written() -> Mapping[tuple[str, str], Story]:
    """Source and number → the story as its YAML writes it, with Persian letters and ZWNJ."""
    found = {}
    for path in (files("aggregator.demo") / "articles").iterdir():
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            plain = {name: value for name, value in entry.items() if name != "spelling"}
            for number, story in _versions([read_story(plain)]):
                found[entry["site"], number] = story
    return found


def _versions(stories: list[Story]) -> Iterator[tuple[str, Story]]:
    for story in stories:
        yield str(story.number), replace(story, edition=None)
        if story.edition:
            yield f"{story.number}-edition", story.edition


def _texts(story: Story) -> dict[TextField, str]:
    texts: dict[TextField, str | None] = {
        "headline": story.headline,
        "kicker": story.kicker,
        "lead": story.lead,
        "body": "\n".join(story.paragraphs),
    }
    return {field: text for field, text in texts.items() if text}


def _carried(
    written: Mapping[TextField, str], published: Mapping[TextField, str], entries: list[dict[str, Any]]
) -> Iterator[Expected]:
    """The mentions of a story at their places in the text as published."""
    for entry in entries:
        field: TextField = entry["field"]
        places = carry(written[field], published[field])
        start, end = _find(written[field], entry["text"], entry.get("nth"))
        role = None
        if entry.get("role"):
            first, last = _nearest(written[field], entry["role"], start)
            role = published[field][places[first] : places[last]]
        text = published[field][places[start] : places[end]]
        name = entry.get("id") or fold_key(text)
        yield Expected(field, places[start], places[end], entry["kind"], name, role)


def carry(written: str, published: str) -> list[int]:
    """For each place in a text (its end too), the place in its other spelling.

    Raises ValueError when the texts differ in more than letters, digits and half-spaces.
    """
    places: list[int] = []
    place = 0
    for sign in written:
        places.append(place)
        there = published[place : place + 1]
        if sign != ZWNJ and there not in (
            sign,
            sign.translate(TO_ARABIC_LETTERS),
            sign.translate(TO_LATIN_DIGITS),
        ):
            raise ValueError(f"not the same text: {written!r}, {published!r}")
        if sign != ZWNJ or there in (" ", ZWNJ, SOFT_HYPHEN):
            place += 1
    if place != len(published):
        raise ValueError(f"not the same text: {written!r}, {published!r}")
    return [*places, place]


def _find(text: str, name: str, nth: int | None) -> tuple[int, int]:
    """Where a name stands as whole words. Raises ValueError unless ``nth`` is given where it is needed."""
    spans = _spans(text, name)
    if (nth is None and len(spans) != 1) or not 1 <= (nth or 1) <= len(spans):
        raise ValueError(f"{len(spans)} times {name!r} in {text!r}, nth is {nth}")
    return spans[(nth or 1) - 1]


def _nearest(text: str, role: str, place: int) -> tuple[int, int]:
    spans = _spans(text, role)
    if not spans:
        raise ValueError(f"no {role!r} in {text!r}")
    return min(spans, key=lambda span: abs(span[0] - place))


def _spans(text: str, name: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


# --- the sentences ----------------------------------------------------------------------------------------


def sentence_truth(part: Literal["dev", "held_out", "blind"]) -> list[TruthText]:
    """The sentences of one half: ``dev`` to work with, ``held_out`` only to measure."""
    entries = _read(FOLDER / f"sentences_{part}.yaml")
    return [_sentence(f"{part}-{place}", entry) for place, entry in enumerate(entries, start=1)]


def _sentence(name: str, entry: Mapping[str, str]) -> TruthText:
    marked, text, expected = entry["text"], "", set()
    done = 0
    for mark in MARK.finditer(marked):
        text += marked[done : mark.start()]
        expected.add(_marked(mark, len(text)))
        text += mark["text"]
        done = mark.end()
    text += marked[done:]
    for mention in expected:
        if mention.role:
            _nearest(text, mention.role, mention.start)
    return TruthText(name, (("body", text),), frozenset(expected), about=entry["about"])


def _marked(mark: re.Match[str], start: int) -> Expected:
    end = start + len(mark["text"])
    if mark["id"] == "speaker":
        return Expected("body", start, end, "speaker", fold_key(mark["text"]), mark["role"])
    return Expected("body", start, end, kind_of(mark["id"]), mark["id"])


def kind_of(name: str) -> MentionKind:
    """What an id of the registry is the id of. Raises ValueError for any other."""
    known: dict[MentionKind, Mapping[str, Any]] = {
        "organisation": registry().organisations,
        "province": registry().provinces,
        "county": registry().counties,
    }
    for kind, ids in known.items():
        if name in ids:
            return kind
    raise ValueError(f"not in the registry: {name!r}")


@cache
def registry() -> Registry:
    """The bundled registry, read once."""
    return load_registry()


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
