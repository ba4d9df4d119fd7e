"""``aggregator normalise --explain``: one text, with everything that is known of it, to read."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Literal

from aggregator.commands.output import stdout
from aggregator.registry import Registry

if TYPE_CHECKING:
    from rich.text import Text

Change = tuple[Literal["same", "old", "new"], str]

_SIGN = re.compile(r"([^\s\u200c]|^)([\s\u200c]*)")
_INVISIBLE = {" ": "␣", "\u200c": "⁀", "\t": "⇥", "\n": "⏎", "\xa0": "⍽", "\u00ad": "-"}


def explain(text: str, known: Mapping[str, Any], registry: Registry) -> None:
    """Print what ``normalise --json`` has, a line each, the changes marked: ``[-ك-]{+ک+}``, or in colour on a
    terminal. In a mark, ⁀ is the half-space and ␣ the blank."""
    from rich.text import Text

    out = stdout()
    out.print(_titled("normalised", marked(text, known["normalised"], coloured=out.is_terminal)))
    out.print(_titled("folded", Text(" ".join(known["folded"]))))
    for found in known["dates"]:
        doubts = f", in doubt: {', '.join(found['doubts'])}" if found["doubts"] else ""
        what = f"{found['instant']} ({found['calendar']}, confidence {found['confidence']}{doubts})"
        out.print(_titled("date", Text(f"{found['text']} → {what}")))
    for found in known["mentions"]:
        out.print(_titled(found["kind"], Text(f"{found['text']}{_named(found, registry)}")))
    out.print()


def _named(found: Mapping[str, Any], registry: Registry) -> str:
    if found["id"] is None:
        return f" → {found['role']}" if found["role"] else ""
    return f" → {found['id']} ({registry.label(found['id'])})"


def _titled(title: str, line: "Text") -> "Text":
    from rich.text import Text

    return Text(f"{title:<13}", style="dim") + line


def marked(old: str, new: str, *, coloured: bool) -> "Text":
    from rich.text import Text

    line = Text(style="")
    for kind, piece in changes(old, new):
        if kind == "same":
            line.append(piece)
        elif coloured:
            line.append(_visible(piece), style="red strike" if kind == "old" else "green underline")
        else:
            line.append(f"[-{_visible(piece)}-]" if kind == "old" else f"{{+{_visible(piece)}+}}")
    return line


def changes(old: str, new: str) -> Iterator[Change]:
    """What became of a text, piece by piece. Letters are matched with letters, so that a blank that became a
    half-space is just that."""
    before, after = _signs(old), _signs(new)
    letters = [sign for sign, _ in before], [sign for sign, _ in after]
    for tag, a, b, c, d in SequenceMatcher(None, *letters, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _differing(_joined(before[a:b]), _joined(after[c:d]))
            continue
        for (sign, blank), (_, other) in zip(before[a:b], after[c:d], strict=True):
            yield "same", sign
            yield from _differing(blank, other)


def _signs(text: str) -> list[tuple[str, str]]:
    """Each sign of a text with the blanks and half-spaces behind it; those at its beginning have none."""
    return [(found[1], found[2]) for found in _SIGN.finditer(text)]


def _joined(signs: list[tuple[str, str]]) -> str:
    return "".join(sign + blank for sign, blank in signs)


def _differing(old: str, new: str) -> Iterator[Change]:
    if old == new:
        yield "same", old
        return
    if old:
        yield "old", old
    if new:
        yield "new", new


def _visible(piece: str) -> str:
    """Blanks and signs without a shape, as signs that can be seen."""
    return "".join(_INVISIBLE.get(sign) or _code(sign) for sign in piece)


def _code(sign: str) -> str:
    return f"<U+{ord(sign):04X}>" if unicodedata.category(sign) in ("Cf", "Cc", "Cs", "Co") else sign
