"""Half-spaces and blanks of words, phrases and sentences; and that no correct word is broken."""

import pytest

from aggregator.persian import lexicon, parting
from aggregator.persian.hazm import known_words
from aggregator.persian.letters import PERSIAN_LETTERS, ZWNJ
from aggregator.persian.normalise import normalise
from tests.persian.prose import sentences
from tests.persian.spacing import APART, PHRASES, SOLID, WHOLE


def _words(text: str) -> list[str]:
    return text.replace("⁀", ZWNJ).split()


@pytest.mark.parametrize("instead", [" ", "  ", "\u00a0", ZWNJ, "\u00ad"])
def test_what_is_forgotten_between_word_and_affix_is_put_in(instead: str) -> None:
    wrong = [word for word in _words(APART) if normalise(word.replace(ZWNJ, instead)) != word]
    assert wrong == []


def test_solid_verbs_and_plurals_are_parted() -> None:
    assert [word for word in _words(SOLID) if normalise(word.replace(ZWNJ, "")) != word] == []


def test_words_that_only_look_affixed_stay() -> None:
    assert [word for word in _words(WHOLE) if normalise(word) != word] == []


@pytest.mark.parametrize("phrase", PHRASES.strip().replace("⁀", ZWNJ).splitlines())
def test_phrases_stay(phrase: str) -> None:
    assert normalise(phrase) == phrase


@pytest.mark.parametrize(("text", "expected"), sentences())
def test_sentences_of_press_releases(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ونظارت", "و نظارت"),
        ("وازسوی", "و از سوی"),
        ("باحضورمعاون", "با حضور معاون"),
        ("درپایان", "در پایان"),
        ("برگزارشد", "برگزار شد"),
        ("نخواهدبود", "نخواهد بود"),
        ("افرادرا", "افراد را"),
        ("کارگاههاو", "کارگاهها و"),
        ("نیزازاین", "نیز از این"),
        ("کشورگفت", "کشور گفت"),
        # words, known to hazm's list or not
        ("وزارت", "وزارت"),
        ("درازمدت", "درازمدت"),
        ("داروخانه", "داروخانه"),
        ("مدیرمسئول", "مدیرمسئول"),
        ("ازکارافتادگی", "ازکارافتادگی"),
        ("درونمایه", "درونمایه"),
        ("واقعبین", "واقعبین"),
        ("وbox", "وbox"),
    ],
)
def test_blanks_that_are_missing(word: str, expected: str) -> None:
    assert parting.part(word) == expected


def _known_words() -> dict[str, int]:
    """The solid words of hazm's list, with their counts."""
    letters = frozenset(PERSIAN_LETTERS)
    entries = known_words().items()
    return {word: count for word, (count, _) in entries if letters.issuperset(word) and len(word) > 3}


def test_no_common_word_of_the_list_is_parted() -> None:
    parted = {word for word, count in _known_words().items() if count > 0 and " " in normalise(word)}
    assert parted == {"ازجمله", "ونیز", "باهدف"}


def test_hardly_a_rare_word_of_the_list_is_parted() -> None:
    rare = [word for word, count in _known_words().items() if count == 0]
    parted = [word for word in rare if parting.part(word) != word]
    assert len(parted) <= 0.001 * len(rare)  # «وگفت», «موردنیاز»: the list has words that are two


def test_a_word_that_the_list_would_not_know_is_hardly_ever_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    known = _known_words()
    counts = dict(known_words())
    monkeypatch.setattr(lexicon, "known_words", lambda: counts)
    parted = 0
    for word in known:
        count = counts.pop(word)
        lexicon.common.cache_clear()
        parting.part.cache_clear()
        parted += parting.part(word) != word
        counts[word] = count
    lexicon.common.cache_clear()
    parting.part.cache_clear()
    assert parted <= 0.004 * len(known)
