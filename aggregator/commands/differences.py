"""Two texts beside each other: only what changed, with a few words around it."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from aggregator.commands.explain import marked
from aggregator.commands.output import stdout

if TYPE_CHECKING:
    from rich.text import Text

_WORD = re.compile(r"\S+\s*|\s+")
_AROUND = 4  # words before and behind a change
_LONG = 300  # characters; a longer piece is shown by its beginning and end


def print_differences(title: str, fields: Iterable[tuple[str, str, str]]) -> None:
    """A title, and below it for each (name, before, after) what became of it: ``[-old-]{+new+}``, or in
    colour on a terminal."""
    from rich.text import Text

    out = stdout()
    out.print(Text(title, style="bold"), soft_wrap=True)
    for name, before, after in fields:
        line = Text(f"  {name:<15}", style="dim")
        for piece in _pieces(before, after, coloured=out.is_terminal):
            line.append_text(piece)
        out.print(line, soft_wrap=True)


def _pieces(before: str, after: str, *, coloured: bool) -> Iterator["Text"]:
    from rich.text import Text

    old, new = _WORD.findall(before), _WORD.findall(after)
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND)
    end = 0
    for group in groups:
        if group[0][1] > end:
            yield Text("… ", style="dim")
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield Text(_on_one_line("".join(old[a:b])), style="")
            else:
                yield _changed("".join(old[a:b]), "".join(new[c:d]), coloured=coloured)
        end = group[-1][2]
    if end < len(old):
        yield Text("…", style="dim")


def _changed(old: str, new: str, *, coloured: bool) -> "Text":
    """Sign by sign; a long piece has changed as a whole."""
    from rich.text import Text

    if len(old) + len(new) <= _LONG:
        return marked(old, new, coloured=coloured)
    line = Text(style="")
    for text, left, right, style in ((old, "[-", "-]", "red strike"), (new, "{+", "+}", "green underline")):
        if text:
            short = _on_one_line(_shortened(text))
            line.append(short if coloured else f"{left}{short}{right}", style=style if coloured else "")
    return line


def _shortened(text: str) -> str:
    half = _LONG // 2
    return text if len(text) <= _LONG else f"{text[:half]} … {text[-half:]}"


def _on_one_line(text: str) -> str:
    return text.replace("\n", "⏎")
