"""Digits: Latin (ASCII), Persian (U+06F0…) and Arabic (U+0660…), in one text in any mixture."""

_LATIN = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"

_TO_LATIN = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)
_TO_PERSIAN = str.maketrans(_LATIN + _ARABIC, _PERSIAN * 2)


def to_latin_digits(text: str) -> str:
    """The text with ASCII digits; nothing else changes, so offsets stay."""
    return text.translate(_TO_LATIN)


def to_persian_digits(text: str) -> str:
    """The text with Persian digits; nothing else changes, so offsets stay."""
    return text.translate(_TO_PERSIAN)
