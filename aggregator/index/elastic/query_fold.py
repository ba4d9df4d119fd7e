"""The fold as a list of replacements, for Elasticsearch: what people type becomes the terms of the index.

The index holds terms that Python has folded. Queries that others send to the cluster are raw text, and a cluster
runs no Python; but it replaces, in the order of a list, what regular expressions and tables find in a text. This
file writes ``aggregator.persian.fold`` as such a list, out of the very tables and expressions of the fold.

While it is rewritten, a text looks like this:

    /<شبکه>~<های> «25»          words to be read, the joints between them (blank, ~ half-space), what is a term
    /«شبکه»~«های» «25»          all words are read (``_reading``)
    /«شبکه»'/«25»               joined from left to right (``_joining``); ' has an ending; / stays apart
    شبکه 25                     the result

Beside these: ``‹…›`` a part of a word, to be read in the next round; ``!`` a / of this round; ``%…&<…>`` two terms,
and the one they would make; ``#…#`` a verb with its particle. What Python does until nothing changes is done a
fixed number of times here, and what it does word by word in every place at once; so only monsters (ten endings
behind each other) come out differently.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from os.path import commonprefix

from aggregator.index.elastic.program import Step, exchange, one_of, replace
from aggregator.persian import affixes, compounds, endings, fold, glued
from aggregator.persian.affixes import ENDINGS, PREFIXES, VERBS
from aggregator.persian.inflected import INFLECTED
from aggregator.persian.letters import FOLDING, LONGEST_WORD, NON_JOINING, TATWEEL, ZWNJ

#: Signs of the rewriting; as signs of a text they mean no more than a blank.
_SIGNS = "<>«»‹›~/!%&#'"
#: How often endings are taken off a word, words are taken apart, and neighbours are joined.
_STEMMING, _PARTING, _JOINING = 4, 3, 6


def query_fold() -> list[Step]:
    """The replacements in their order; some come several times."""
    return [*_segments(), *_reading() * _PARTING, *_neighbours(), *_joining() * _JOINING, *_result()]


def _word(expression: re.Pattern[str], *, groups: bool = False) -> str:
    """An expression of the fold for whole words, inside of ``<…>``; without its groups if it is only a test."""
    pattern = expression.pattern.replace(".", "[^>]")
    return pattern if groups else re.sub(r"\((?!\?)", "(?:", pattern)


def _segments() -> list[Step]:
    """Characters, then ``_SEGMENT``: words in ``<>``, numbers and words in other scripts in «», joints between."""
    signs = str.maketrans(dict.fromkeys(_SIGNS, " "))
    letters = {chr(code): folded.translate(signs) for code, folded in FOLDING.items()} | {
        s: " " for s in _SIGNS
    }
    other = r"[\p{L}\p{N}&&[^\u0600-\u06ff\u0750-\u077f]]"
    segment = fold._SEGMENT.pattern.replace(fold._OTHER, other).replace(r"\d", r"\p{Nd}")
    # No way back into a loop: Java would go down its stack for every turn.
    persian, _, rest = segment.replace(")*", ")*+").partition("|")
    ignored = dict.fromkeys(fold._IGNORED.pattern.strip("[]"), "")
    return [
        exchange("letters", {sign: folded for sign, folded in letters.items() if folded != sign}),
        replace("segments", f"({persian})|{rest}", "<$1>«$2»"),
        exchange("empty", {"<>": "", "«»": ""}),
        replace("half_spaces", f"{ZWNJ}(?=<)", "~"),
        replace("between", "([>»])[^<«~]*+", "$1 "),
        replace("before", "^[^<«]*+", "/"),
        exchange("ignored", ignored | {" ~": "~", "٫": "."}),
    ]


def _reading() -> list[Step]:
    """``terms_of``, one round: ``<…>`` becomes a term, or parts for the next round."""
    return [*_solid(), exchange("parts", {"‹": "<", "›": ">"})]


def _solid() -> list[Step]:
    """``terms_of`` without reading the parts again."""
    before_verb = _word(affixes._PREVERB, groups=True)
    return [
        replace("too_long", f"<([^>]{{{LONGEST_WORD + 1},}}+)>", "«$1»"),
        # The word as it is, its verb with می, and the verb alone: all three lose their endings.
        replace("before_verb", rf"<(?={before_verb}>)\1([^>]*)>", "#$1#<$1$3>#<$3>#<$2>"),
        *list(_stemming()) * _STEMMING,
        replace("with_verb", f"#([^#<]*)#[^#]*#<([^>]*)>#<{one_of(VERBS)}?>", "«$1»«$2»"),
        replace("without_verb", "#[^#<]*#(<[^>]*>)#[^#]*#<[^>]*>", "$1"),
        *_glued(),
        *_compounds(),
        exchange("read", {"<": "«", ">": "»"}),
    ]


def _stemming() -> Iterator[Step]:
    """``stem``, once: each takes one ending off the words in ``<>``."""
    yield from _plural()
    yield from _comparative()
    perfect = _word(endings._PERFECT).partition(")")[2]
    yield replace("perfect", f"<({one_of(endings.PARTICIPLES)}){perfect}>", "<$1>")
    yield _ezafe()
    yield from _listed()
    yield from _people()
    yield exchange("irregular", {f"<{word}>": f"<{usual}>" for word, usual in endings.IRREGULAR.items()})


def _plural() -> list[Step]:
    behind = _word(endings._PLURAL).partition("ها")[2]
    no_plural = one_of(word.removesuffix("ها") for word in endings._NO_PLURAL if word.endswith("ها"))
    in_heh = one_of(word.removesuffix("ه") for word in endings._IN_HEH)
    perfect = one_of(word.removesuffix("ه") for word in endings.PARTICIPLES)
    it_is = f"(?!{no_plural}ها{behind}>)"
    return [
        replace("plural_of_heh", f"<{it_is}(?:({in_heh})های|({perfect})هایم)>", "<$1$2ه>"),
        replace("plural", f"<{it_is}([^>]{{2,}}?)ها{behind}>", "<$1>"),
    ]


def _comparative() -> list[Step]:
    """``takes_comparative`` in one expression; then what keeps تر of ترین."""
    behind = "تر(?:ین|ی)?>"
    no_comparative = one_of(word.removesuffix("تر") for word in endings.NO_COMPARATIVE if word.endswith("تر"))
    short = one_of(word for word in endings._SHORT_ADJECTIVES if word[-1] not in "سخش")
    it_is = f"(?!{one_of(endings._NO_SUPERLATIVE)}>)"
    ordinary = (
        f"(?!{no_comparative}{behind})(?![^>]*{one_of(endings._LOAN_ENDINGS)}(?:ین|ی)?>)"
        f"(?:{one_of(endings._SIBILANT_ADJECTIVES)}|{short}|[^>]{{2,}}[^>سخش])"
    )
    return [
        replace("comparative", f"<{it_is}({one_of(endings._OTHER_ADJECTIVES)}|{ordinary}){behind}", "<$1>"),
        replace("superlative", f"<{it_is}([^>]{{2,}}تر)ین>", "<$1>"),
    ]


def _ezafe() -> Step:
    after_alef = f"(?!{one_of(endings._NO_YEH_AFTER_ALEF)}>)[^>]{{2,}}ا"
    in_waw = one_of(noun for noun in endings._ENDING_IN_WAW if len(noun) > 2)
    makers = f"(?!{one_of(endings._NO_YEH_AFTER_WAW)}>){_word(endings._MAKERS_IN_WAW)}"
    return replace("ezafe", f"<({after_alef}|{in_waw}|{makers})ی>", "<$1>")


def _listed() -> Iterator[Step]:
    """The closed lists, by what takes the place of the ending: nothing, or a letter («جلسات», «جلسه»)."""
    groups: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for form, word in INFLECTED.items():
        stem = commonprefix([form, word])
        groups[word.removeprefix(stem)][stem].add(form.removeprefix(stem))
    for place, (letter, stems) in enumerate(sorted(groups.items())):
        by_endings: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for stem, taken in stems.items():
            by_endings[tuple(sorted(taken))].append(stem)
        ways = (f"{one_of(words)}(?={one_of(taken)}>)" for taken, words in sorted(by_endings.items()))
        yield replace(f"listed_{place}", f"<((?:بی)?(?:{'|'.join(ways)}))[^>]*>", f"<$1{letter}>")


def _people() -> list[Step]:
    participle = one_of(word.removesuffix("ه") for word in endings.PARTICIPLES)
    people = _word(endings._PEOPLE)
    it_is = f"(?!{one_of(endings._NO_PEOPLE)}>)"
    return [
        replace("people_in_heh", f"<{it_is}(?=[^>]*{participle}گان>|{people}>)([^>]*)گان>", "<$1ه>"),
        replace("people_in_vowel", f"<{it_is}(?={people}>)([^>]*(?:جو|گو|گرا))یان>", "<$1>"),
        replace("people", f"<{it_is}(?={people}>)([^>]*)ان>", "<$1>"),
    ]


def _glued() -> list[Step]:
    """``split_glued``: the table; then words of the list, cut off from the first to the last."""
    table = {
        f"<{word}>": "".join(f"‹{part}›" for part in parts)
        for word, parts in glued._APART_FOR_MATCHING.items()
    }
    word = one_of(glued._WORDS)
    first = f"{one_of(glued._WORDS | {'و'})}(?<=[{NON_JOINING}])"
    known = one_of(glued._WORDS | glued._WHOLE)
    return [
        exchange("glued", table),
        replace("official", f"<(?=[^>]{{5,}}>)(?!{known}>)(?=(?:{first})+{word}>)", "‹"),
        replace("official_first", rf"(?:‹|\G)(?!{word}>)({first})(?=(?:{first})*{word}>)", "‹$1›"),
        replace("official_last", "›([^<>‹›«»]++)>", "›‹$1›"),
    ]


def _compounds() -> list[Step]:
    """``split_compound``: the table, and the words that part from any other."""
    table = {f"<{word}>": f"‹{first}›‹{last}›" for word, (first, last) in compounds._PARTED_PAIRS.items()}
    whole, not_parted = one_of(compounds._WHOLE), _word(compounds._NOT_PARTED)
    parting = _word(compounds._PARTING, groups=True)
    return [
        exchange("compounds", table),
        replace("parting", f"<(?!{whole}>|(?:{not_parted})>){parting}>", "‹$1›‹$2›"),
    ]


def _neighbours() -> list[Step]:
    """Parts of one word are neighbours too; most stay apart whatever becomes of those before them."""
    ending, prefix = one_of(ENDINGS), one_of(PREFIXES)
    return [
        exchange("neighbours", {"»«": "» «"}),
        # Doubled: the joint of a word that is no ending with a prefix, however many endings follow that.
        replace("behind_prefix", f"(«{prefix}»(?:[ ~]«{ending}»)*+)([ ~])(?=«(?!{ending}»)[ا-ی])", "$1$2$2"),
        replace("apart", rf"(?<![ ~])[ ~](?=«(?!{ending}»))|(?<=\P{{L}}»)[ ~](?=«)", "/"),
        exchange("single", {"  ": " ", "~~": "~"}),
    ]


def _joining() -> list[Step]:
    """One turn of ``_add``: the first undecided joint of each row of neighbours."""
    prefix, one = one_of(PREFIXES), "(?=«[^»]*»(?![«‹]))"
    apart = replace("two_words", "/(«[^»]*»'?)[ ~](?=«)", "/$1!")
    return [
        *[*_beginnings(), *_endings(), apart, exchange("turn", {"!": "/"})] * 3,
        *_solid(),
        # Joined to one term. A prefix before it, which stayed apart, is tried again (``_join_prefix``).
        replace("joined_behind_prefix", f"(«{prefix}»'?)/%[^&]*&{one}", "$1 "),
        replace("joined", f"%[^&]*&{one}"),
        replace("not_joined", "%([^&]*)&(?:[«‹][^»›]*[»›])++'?", "$1"),
    ]


def _beginnings() -> list[Step]:
    """``begin``: the two terms, and the one to be read that they would make."""
    particles = one_of(affixes._PARTICLES)
    known = {
        "بی": "»'?[ ~]«[^»]{2}",
        "می": f"»'?(?:~|[ ~]«{one_of(VERBS)}»)",
        "نمی": f"»'?[ ~]«(?!{particles}»)[^»]{{2}}",
    }
    ways = "|".join(prefix + known[prefix] for prefix in sorted(PREFIXES))
    pattern = f"/«(?=(?:{ways}))([^»]+)»'?[ ~]«(?=[ا-ی][^»]{{0,{LONGEST_WORD - 1}}}»)"
    return [
        replace("begin_ending", f"{pattern}({one_of(ENDINGS)})»('?)", "/%«$1»!«$2»$3&<$1$2>'"),
        replace("begin", f"{pattern}([^»]+)»('?)", "/%«$1»!«$2»$3&<$1$2>$3"),
    ]


def _endings() -> list[Step]:
    """``attach``: endings that are left out; then those with which the term has to be read again."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for ending, kind in ENDINGS.items():
        kinds[kind].append(ending)
    pronoun = one_of(affixes._PRONOUNS)
    better = one_of(word.removesuffix("تر") for word in endings.NO_COMPARATIVE if len(word) > 3)
    plural, comparative = _ends(kinds["plural"]), _ends(kinds["comparative"])
    personal = kinds["after-heh"] + kinds["possessive"]
    dropped = "|".join(
        [
            f"(?!{pronoun}»)[^»]+{plural}",
            f"(?!{better}»)[^»]{{2,}}{comparative}",
            f"[^»]+{_ends(personal + kinds['half-space'], '~')}",
            f"[^»]{{2,}}ه{_ends(kinds['after-heh'])}",
            f"[^»]+»'[ ~]«{one_of(personal)}»",
        ]
    )
    joined = "|".join(
        [
            *_pairs(compounds._ANYWHERE, kinds["compound"], "[ ~]"),
            *_pairs(compounds._AT_HALF_SPACE, kinds["compound"], "~"),
            f"[^»]+{_ends(compounds.DERIVING, '~')}",
            f"[^»]+{_ends(kinds['joined'])}",
        ]
    )
    term = rf"/«(?=[^»]{{0,{LONGEST_WORD - 1}}}\p{{L}}»)"
    two = "([^»]+)»'?[ ~]«([^»]+)»('?)"
    again = "/%«$1»!«$2»$3&<$1"
    return [
        replace("ending", f"{term}(?={dropped}){two}", "!«$1»'"),
        replace("ending_of_pronoun", f"{term}(?={pronoun}{plural}){two}", f"{again}ها>'"),
        replace("ending_of_better", f"{term}(?={better}{comparative}){two}", f"{again}تر>'"),
        replace("ending_joined", f"{term}(?={joined}){two}", f"{again}$2>'"),
    ]


def _ends(words: Iterable[str], joint: str = "[ ~]") -> str:
    return f"»'?{joint}«{one_of(words)}»"


def _pairs(pairs: Iterable[tuple[str, str]], lasts: Iterable[str], joint: str) -> Iterator[str]:
    """Expressions for pairs of words, one for each last word."""
    firsts: dict[str, set[str]] = defaultdict(set)
    for first, last in pairs:
        firsts[last].add(first)
    for last in sorted(firsts.keys() & set(lasts)):
        yield one_of(firsts[last]) + _ends([last], joint)


def _result() -> list[Step]:
    return [
        replace("terms", "[^«»]*«([^»]*)»[^«»]*+", "$1 "),
        replace("trimmed", "[ /]+$"),
    ]
