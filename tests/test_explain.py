"""What became of a text, piece by piece."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.commands.explain import changes

TEXTS = st.text(alphabet="اب \u200ccd\n", max_size=30)


@given(TEXTS, TEXTS)
@example("", "")
@example("  a", " a")
@example("\n", "")
def test_the_pieces_give_both_texts(old: str, new: str) -> None:
    pieces = list(changes(old, new))
    assert "".join(piece for kind, piece in pieces if kind != "new") == old
    assert "".join(piece for kind, piece in pieces if kind != "old") == new


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("کتاب ها", "کتاب\u200cها", [("old", " "), ("new", "\u200c")]),
        ("کارورفاه", "کار و رفاه", [("new", " "), ("new", " ")]),
    ],
)
def test_blanks_are_told_from_letters(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [piece for piece in changes(old, new) if piece[0] != "same"] == expected
