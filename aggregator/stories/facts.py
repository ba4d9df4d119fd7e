"""What a text states that a re-post leaves alone: numbers, months, days of the week.

Two notices made from one template say the same in the same words, but for these.
"""

from collections.abc import Iterable, Sequence

from aggregator.persian.dates.names import MONTHS, WEEKDAYS
from aggregator.persian.fold import fold_terms
from aggregator.persian.letters import words

_ONES = words("یک دو سه چهار پنج شش هفت هشت نه")
_TEENS = words("ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده")
_TENS = words("بیست سی چهل پنجاه شصت هفتاد هشتاد نود")
_HUNDREDS = words("صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد")
_CARDINALS = {
    **{word: number for number, word in enumerate(_ONES, 1)},
    **{word: number for number, word in enumerate(_TEENS, 10)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    **{word: 100 * number for number, word in enumerate(_HUNDREDS, 1)},
}


def _one_term(names: Iterable[str]) -> frozenset[str]:
    """Those that folding makes one term of."""
    folded = (fold_terms(name) for name in names)
    return frozenset(terms[0] for terms in folded if len(terms) == 1)


def _ordinals() -> dict[str, str]:
    roots = {"سه": "سو"}
    spelt = {
        f"{roots.get(word, word)}{end}": f"{number}."
        for word, number in _CARDINALS.items()
        if number > 1
        for end in ("م", "مین")
    }
    return {terms[0]: number for word, number in spelt.items() if len(terms := fold_terms(word)) == 1}


_NUMBERS = {fold_terms(word)[0]: number for word, number in _CARDINALS.items()}
_ORDINALS = _ordinals()
_UNITS = _one_term(("هزار", "میلیون", "میلیارد", "تریلیون"))
_MONTHS = _one_term(name.replace("_", "") for names in MONTHS["jalali"] for name in names.split("|"))
_WEEKDAYS = _one_term(name.replace("_", "") for names in WEEKDAYS for name in names.split("|"))
_NAMES = _UNITS | _MONTHS | _WEEKDAYS
_IN_WORDS = _NUMBERS.keys() | _ORDINALS.keys()


def with_digits(terms: Sequence[str]) -> list[str]:
    """The terms with numbers in digits: «سه» as 3, «بیست و پنج» as 25, «سیزدهمین» as ``13.``.

    «یک» stays, as it mostly is the article.
    """
    if _IN_WORDS.isdisjoint(terms):
        return list(terms)
    found: list[str] = []
    at = 0
    while at < len(terms):
        term = terms[at]
        at += 1
        if term not in _IN_WORDS:
            found.append(term)
        elif term in _ORDINALS:
            found.append(_ORDINALS[term])
        elif _NUMBERS[term] < 2:
            found.append(term)
        else:
            number, at = _number(terms, at - 1)
            found.append(str(number))
    return found


def _number(terms: Sequence[str], at: int) -> tuple[int, int]:
    """The number in words that begins at a place, and the place after it: «صد و بیست و یک»."""
    number = lowest = _NUMBERS[terms[at]]
    at += 1
    while lowest >= 20 and at + 1 < len(terms) and terms[at] == "و":
        more = _NUMBERS.get(terms[at + 1], 0)
        if not 0 < more < (100 if lowest >= 100 else 10):
            break
        number, lowest, at = number + more, more, at + 2
    return number, at


def facts(terms: Iterable[str]) -> frozenset[str]:
    """The facts among terms that ``with_digits`` gave."""
    return frozenset(term for term in terms if not term.isalpha() or term in _NAMES)
