"""Characters: which are letters, which are marks, and what each one is for matching.

``FOLDING`` is made for ``str.translate``. It puts exactly one character in the place of one, so offsets stay,
but for the few ligatures (ﻻ, ﷲ, ﷺ) that are spelt out; a text whose length changed had one.
"""

import unicodedata

ZWNJ = "\u200c"  #: the half-space (نیم‌فاصله)
TATWEEL = "\u0640"

#: What sites write where a half-space belongs: ZWNJ, soft hyphen, not sign, zero-width space.
HALF_SPACES = "\u200c\u00ad\u00ac\u200b"
#: Marks of direction and joining, of no meaning in a word.
CONTROLS = "\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
#: The letters of Persian, with those that only Arabic spelling has.
PERSIAN_LETTERS = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی" + "ءأؤإئةۀ"
#: A longer word is none: it is left as it is, so that a hostile page costs no time.
LONGEST_WORD = 40
#: A letter after which the next one does not join; where a blank or half-space is not missed by the eye.
NON_JOINING = "ادذرزژو"

#: Letters of other languages, or of other writers, for the Persian letter that is meant.
LETTER_VARIANTS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ێ": "ی", "ے": "ی", "ؠ": "ی",
        "ك": "ک", "ڪ": "ک", "ڭ": "ک",
        "ہ": "ه", "ھ": "ه", "ە": "ه",
        "ۇ": "و", "ۆ": "و", "ۋ": "و",
    }
)  # fmt: skip

#: For matching only: ة and the alef wasla; آ أ إ ؤ ئ ۀ are decomposed by Unicode; ء and the small letters of
#: recitation are dropped.
_MATCHING = LETTER_VARIANTS | {
    ord("ة"): "ه", ord("ۃ"): "ه", ord("ٱ"): "ا", ord("ء"): "", ord("ۥ"): "", ord("ۦ"): "",
}  # fmt: skip

_FOLDED_BLOCKS = (
    range(0x0041, 0x005B),  # A–Z
    range(0x00A0, 0x0250),  # Latin with marks
    range(0x0300, 0x0530),  # combining marks, Greek, Cyrillic
    range(0x0600, 0x0780),  # Arabic
    range(0xFB50, 0xFE00),  # presentation forms A
    range(0xFE70, 0xFF00),  # presentation forms B
    range(0xFF01, 0xFFDD),  # full-width Latin
)


def _fold_character(character: str) -> str:
    """What a character is for matching; TATWEEL for one that is to be ignored inside a word."""
    if character in HALF_SPACES:
        return ZWNJ
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    apart = unicodedata.normalize("NFKD", character)
    if apart.startswith(" "):  # the spacing forms of marks
        return TATWEEL if len(apart) > 1 else " "
    folded = "".join(c for c in apart if unicodedata.category(c) != "Mn").lower().translate(_MATCHING)
    if len(folded) > 1 and not folded.replace(" ", "").isalpha():
        return character  # ½ is not «1 2»
    if " " in folded:
        return f" {folded} "  # ﷺ behind a name is no part of it
    return folded or TATWEEL


def _folding() -> dict[int, str]:
    table = {code: _fold_character(chr(code)) for block in _FOLDED_BLOCKS for code in block}
    table |= {ord(character): TATWEEL for character in CONTROLS}
    table |= {ord(character): ZWNJ for character in HALF_SPACES}
    # Characters that stay are named too: ``str.translate`` is four times as fast where it misses none.
    return {code: chr(code) for code in range(0x00A0)} | table


FOLDING: dict[int, str] = _folding()


def folded_places(text: str) -> list[int]:
    """For each character of the folded text, the character of the given text it comes from."""
    return [place for place, sign in enumerate(text) for _ in FOLDING.get(ord(sign), sign)]


def fold_letters(text: str) -> str:
    """The text with the letters of matching and without marks, controls and half-spaces: no offsets."""
    return text.translate(FOLDING).replace(TATWEEL, "").replace(ZWNJ, "")


def words(text: str) -> list[str]:
    """The words of a list that is written as a text."""
    return text.split()


def folded_words(text: str) -> frozenset[str]:
    """The words of a list that is written as a text, in the letters of matching."""
    return frozenset(map(fold_letters, text.split()))
