"""Folding any text: what holds for each of its terms, and that no rule is without a line in the table."""

import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.persian import affixes, endings, fold
from aggregator.persian.affixes import ENDINGS, PREFIXES
from aggregator.persian.endings import IRREGULAR
from aggregator.persian.fold import Term, fold_key, fold_terms
from aggregator.persian.letters import FOLDING, words
from aggregator.persian.rules import RULES
from tests.persian.families import families
from tests.persian.texts import texts

_SPELLINGS = [spelling for section in families().values() for made in section.values() for spelling in made]
_PIECES = [
    *ENDINGS,
    *PREFIXES,
    *words("بر در باز و هم آن این یک ه ان گان ین نامه سازی کننده اب 12 1,234 it ﷲ"),
]
_BETWEEN = [" ", " ", "\u200c", "\u200c", "", "", "¬", "\u00a0", "ـ", "،", " (", "\n", "ٔ", ".", "ء"]

#: Words with their affixes, parted and glued in every way.
_prose = st.lists(
    st.tuples(st.one_of(st.sampled_from(_SPELLINGS), st.sampled_from(_PIECES)), st.sampled_from(_BETWEEN)),
    max_size=6,
).map(lambda pairs: "".join(piece + between for piece, between in pairs))
#: Any characters, lone surrogates and controls too.
_any = st.text(st.characters(exclude_categories=()), max_size=60)
_texts = st.one_of(_prose, _prose, texts, _any)

#: All that may be left off behind a word; what may be put in its place is ه (نمایندگان) or ت (حرکات).
_LEFT_OFF = words(
    """
    ها های هایی هایم هایت هایش هایمان هایتان هایشان هاشان هامان هاتان هاست تر ترین تری ان انی ین یان گان ات
    ی یی ای ام ایم اید اند اش م ت ش مان تان شان
    """
)
_PUT_BACK = "هت"


def _runs(terms: list[Term]) -> Iterator[list[Term]]:
    """The terms of each solid word, or of the words that touch one another."""
    run: list[Term] = []
    for term in terms:
        if run and term.start > run[-1].end:
            yield run
            run = []
        run.append(term)
    if run:
        yield run


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.translate(FOLDING).replace("ـ", "")))


def _explained(letters: str, term: str) -> bool:
    """Whether the term is the letters without endings of ``_LEFT_OFF``, ه or ت in their place."""

    @cache
    def rest(at: int, of: int) -> bool:
        if at == len(letters) and of == len(term):
            return True
        kept = at < len(letters) and of < len(term) and letters[at] == term[of] and rest(at + 1, of + 1)
        return (
            kept
            or any(at and letters.startswith(end, at) and rest(at + len(end), of) for end in _LEFT_OFF)
            or (of < len(term) and term[of] in _PUT_BACK and rest(at, of + 1))
        )

    return rest(0, 0)


@settings(max_examples=400, deadline=None)
@given(_texts)
def test_folded_terms_fold_to_themselves(text: str) -> None:
    terms = fold_terms(text)
    assert fold_terms(" ".join(terms)) == terms
    assert fold_key(" ".join(terms)) == fold_key(text)


@settings(max_examples=400, deadline=None)
@given(_texts)
def test_terms_stand_in_order_and_overlap_only_where_they_share_a_word(text: str) -> None:
    terms = fold.fold(text)
    assert all(term.text and 0 <= term.start < term.end <= len(text) for term in terms)
    for one, other in pairwise(terms):
        assert other.start >= one.end or other.start == one.start


@settings(max_examples=400, deadline=None)
@given(_texts)
def test_each_letter_and_digit_stands_under_a_term(text: str) -> None:
    covered = {place for term in fold.fold(text) for place in range(term.start, term.end)}
    bare = [place for place, sign in enumerate(text) if _letters(sign) and place not in covered]
    assert bare == []


@settings(max_examples=400, deadline=None)
@given(_texts)
def test_the_place_of_a_word_folds_to_its_terms_alone(text: str) -> None:
    for run in _runs(fold.fold(text)):
        published = text[run[0].start : max(term.end for term in run)]
        assert fold_terms(published) == [term.text for term in run]


@settings(max_examples=400, deadline=None)
@given(_texts)
def test_only_endings_are_left_off_and_only_heh_or_teh_is_put_back(text: str) -> None:
    terms = fold.fold(text)
    starts = [term.start for term in terms]
    for term in terms:
        irregular = any(usual in term.text for usual in IRREGULAR.values())
        if irregular or starts.count(term.start) > 1:  # other letters, by closed lists
            continue
        assert _explained(_letters(text[term.start : term.end]), _letters(term.text))


def test_each_letter_of_arabic_script_belongs_to_its_word() -> None:
    letters = [chr(code) for code in (*range(0x0620, 0x0700), *range(0x0750, 0x0780)) if chr(code).isalpha()]
    assert [letter for letter in letters if len(fold_terms(f"با{letter}غ")) != 1] == []


@pytest.mark.parametrize(
    "text",
    [
        "کار " + "گر " * 100_000,
        "کار" + "\u200cگاه" * 80_000,
        "بی " * 100_000,
        "نمی\u200c" * 80_000,
        "کتاب" + "ها" * 150_000,
        "ک" * 300_000,
        "کـ" * 150_000,
        "1,234," * 50_000,
        "a" + "\u200c" * 300_000,
        " ".join(f"{chr(0x0628 + i % 18)}{i:x}نامهسازی{chr(0x0628 + i // 18 % 18)}" for i in range(15_000)),
        "\ud800\U0010ffff" * 100_000,
    ],
    ids=range(11),
)
def test_a_long_hostile_text_is_folded_in_seconds(text: str) -> None:
    start = time.process_time()
    fold.fold(text)
    assert time.process_time() - start < 8  # below a second here; no memory suffices where time is quadratic


def _broken_rules() -> list[str]:
    affixes.terms_of.cache_clear()
    fold._read.cache_clear()
    return [
        rule.name
        for rule in RULES
        if any(tuple(fold_terms(spelling)) != rule.terms for spelling in rule.spellings)
    ]


@pytest.fixture
def without_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Rules can be taken away by it; afterwards nothing read without them is remembered."""
    with monkeypatch.context() as patch:
        yield patch
    assert _broken_rules() == []


@pytest.mark.parametrize("take_off", endings._ENDINGS, ids=lambda take_off: take_off.__name__)
def test_each_solid_ending_has_a_line_in_the_table(
    take_off: Callable[[str], str], without_rules: pytest.MonkeyPatch
) -> None:
    without_rules.setattr(endings, "_ENDINGS", [other for other in endings._ENDINGS if other is not take_off])
    assert _broken_rules()


@pytest.mark.parametrize("kind", sorted(set(ENDINGS.values())))
def test_each_kind_of_ending_that_stands_apart_has_a_line(
    kind: str, without_rules: pytest.MonkeyPatch
) -> None:
    for ending in [ending for ending, its_kind in ENDINGS.items() if its_kind == kind]:
        without_rules.delitem(ENDINGS, ending)
    assert _broken_rules()


@pytest.mark.parametrize("split", ["split_glued", "split_compound"])
def test_each_way_to_part_a_word_has_a_line(split: str, without_rules: pytest.MonkeyPatch) -> None:
    without_rules.setattr(affixes, split, lambda word: (word,))
    assert _broken_rules()


@pytest.mark.parametrize("prefix", sorted(PREFIXES))
def test_each_prefix_has_a_line(prefix: str, without_rules: pytest.MonkeyPatch) -> None:
    for module in (affixes, fold):
        without_rules.setattr(module, "PREFIXES", PREFIXES - {prefix})
    assert _broken_rules()
