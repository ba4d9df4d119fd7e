"""Character filters of Elasticsearch, of which an analyzer is made like a program of its steps."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Step(NamedTuple):
    """A character filter by its name. An analyzer may name one filter several times."""

    name: str
    definition: Mapping[str, Any]


def replace(name: str, pattern: str, replacement: str = "") -> Step:
    """What the regular expression finds is replaced. Syntax is that of Java's ``Pattern``."""
    return Step(name, {"type": "pattern_replace", "pattern": pattern, "replacement": replacement})


def exchange(name: str, pairs: Mapping[str, str]) -> Step:
    """Each key is replaced by its value, the longest first."""
    mappings = [f"{_escaped(key)}=>{_escaped(value)}" for key, value in sorted(pairs.items())]
    return Step(name, {"type": "mapping", "mappings": mappings})


def _escaped(text: str) -> str:
    """A text in the syntax of mappings, which cut blanks off and read ``=>`` and backslashes."""
    return "".join(sign if sign.isalpha() else f"\\u{ord(sign):04x}" for sign in text)


def one_of(words: Iterable[str]) -> str:
    """A group that matches any of the words, longer ones first. Their beginnings are shared: it is fast."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for sign in word:
            node = node.setdefault(sign, {})
        node[""] = {}
    return f"(?:{_branches(tree)})"


def _branches(node: dict[str, Any]) -> str:
    ends = node.get("") is not None
    ways = [(sign, following) for sign, following in sorted(node.items()) if sign]
    leaves = "".join(sign for sign, following in ways if following.keys() == {""})
    made = [sign + _branches(following) for sign, following in ways if following.keys() != {""}]
    if leaves:
        made.append(leaves if len(leaves) == 1 else f"[{leaves}]")
    if not ends:
        return made[0] if len(made) == 1 else f"(?:{'|'.join(made)})"
    return f"(?:{'|'.join(made)})?" if made else ""
