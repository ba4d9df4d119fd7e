"""Reads a YAML file that a person wrote, and remembers the line of everything in it.

The tree is built from the parser's events, not by PyYAML's composer: the C composer recurses without a limit,
and a file of brackets would end the process. Only what the registry needs is understood: mappings, lists and
plain values; anchors, aliases (and so alias bombs), tags and several documents are refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from yaml.reader import Reader
from yaml.resolver import Resolver

from aggregator.errors import FixFileError

MAX_BYTES = 256 * 1024  #: the longest bundled file, with all provinces, has 7 KB
MAX_DEPTH = 8  #: of mappings and lists inside each other; the format needs four

Location = tuple[str | int, ...]  #: keys and positions that lead to a value, as pydantic gives them

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times as fast
_RESOLVER = Resolver()


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The content of one file."""

    path: Traversable
    data: Any  #: dicts, lists, texts, numbers, booleans, None; a date stays text
    lines: Mapping[Location, int]  #: line, 1-based, of each value; of a mapping's value: that of its key

    def error(self, message: str, location: Location) -> FixFileError:
        """What is wrong with the value at ``location``, or with the nearest thing around it that exists."""
        known = location
        while known and known not in self.lines:
            known = known[:-1]
        names = [part for part in location if isinstance(part, str)]
        return FixFileError(
            message, path=self.path, line=self.lines.get(known, 1), field=names[-1] if names else None
        )


def read_yaml(path: Traversable) -> YamlFile:
    """Read one file. Raises FixFileError, with the line, for all but one document of plain YAML in UTF-8."""
    text = _read_text(path)
    lines: dict[Location, int] = {}
    try:
        events = yaml.parse(text, Loader=_LOADER)
        data = _Builder(path, events, lines).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise FixFileError(f"this is not YAML: {error.problem}", path=path, line=line) from None
    return YamlFile(path, data, lines)


def _read_text(path: Traversable) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FixFileError(f"the file cannot be read: {error.strerror}", path=path) from None
    if len(content) > MAX_BYTES:
        raise FixFileError(
            f"the file is longer than {MAX_BYTES // 1024} KB; give each organisation its own", path=path
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FixFileError("the file is not UTF-8; save it as UTF-8", path=path, line=line) from None
    if unprintable := Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        message = f"the character U+{ord(unprintable[0]):04X} is not allowed in YAML"
        raise FixFileError(message, path=path, line=line)
    return text


class _Builder:
    """Turns the events of one file into dicts and lists, and notes the lines."""

    def __init__(self, path: Traversable, events: Iterator[yaml.Event], lines: dict[Location, int]):
        self.path, self.events, self.lines = path, events, lines

    def document(self) -> Any:
        """The value of the only document; None where there is none."""
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        data = self.value(next(self.events), ())
        next(self.events)  # the end of the document
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise self.error("there is a second document («---»); give each its own file", following)
        return data

    def value(self, event: yaml.Event, location: Location) -> Any:
        """The value that begins with ``event``."""
        self.lines.setdefault(location, _line(event))
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) or event.anchor:
            raise self.error("anchors and aliases («&name», «*name») are not accepted", event)
        if event.tag not in (None, "!"):
            raise self.error("tags («!name») are not accepted", event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if len(location) >= MAX_DEPTH:
            raise self.error("this is nested too deeply", event)
        build = self.mapping if isinstance(event, yaml.MappingStartEvent) else self.sequence
        return build(location)

    def mapping(self, location: Location) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.error("a key has to be one word", event)
            key = str(event.value)
            if key in found:
                first = self.lines[(*location, key)]
                raise self.error(f"this key is there already, on line {first}", event, field=key)
            self.lines[(*location, key)] = _line(event)
            found[key] = self.value(next(self.events), (*location, key))
        return found

    def sequence(self, location: Location) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.value(event, (*location, len(found))))
        return found

    def error(self, message: str, event: yaml.Event, field: str | None = None) -> FixFileError:
        return FixFileError(message, path=self.path, line=_line(event), field=field)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    """A text, unless it stands without quotes and YAML takes it for something else. Dates stay text, because
    YAML would read a Jalali one as a day of the 15th century."""
    text = str(event.value)
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, event.implicit).rpartition(":")[2]  # type: ignore[no-untyped-call]
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("yes", "true", "on")
    if tag in ("int", "float"):
        return _number(text)
    return text


def _number(text: str) -> str | int | float:
    """A decimal number; YAML's other notations (octal, sexagesimal, …) stay text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
