"""The fold as a list of replacements, for Elasticsearch: what people type becomes the terms of the index.

The index holds terms that Python has folded. Queries that other programs send to the cluster are raw text,
and a cluster runs no Python; but it replaces what tables and regular expressions find in a text, one after
the other. This file writes ``aggregator.persian.fold`` as such a list, out of the fold's own tables and
expressions.

While it is rewritten, a text looks like this:

    /<شبکه>~<های> «25»     words to be read, the joints between them (blank, ~ half-space), and a term
    /«شبکه»~«های» «25»     all words are read
    /«شبکه»'/«25»          all neighbours are tried: ' behind a term that took an ending, / between two words
    شبکه 25                the terms

Beside these: ‹…› a part of a word, to be read in the next round; ! a / of this turn; %…&<…> two neighbours
and the word that they may be together; #…# a verb behind its particle.

What Python does until nothing changes is done a fixed number of times here. So only what nobody types, like
four endings of derivation behind each other, may come out otherwise.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from aggregator.index.elastic.program import Step, exchange, one_of, replace
from aggregator.persian import affixes, compounds, endings, fold, glued
from aggregator.persian.affixes import ENDINGS, PREFIXES, VERBS
from aggregator.persian.inflected import INFLECTED
from aggregator.persian.letters import FOLDING, LONGEST_WORD, NON_JOINING, ZWNJ

#: The signs above; those of a text mean no more than a blank.
_SIGNS = dict.fromkeys("<>«»‹›~/!%&#'", " ")
#: How often endings are taken off a word, words are taken apart, neighbours are tried, and read together.
_STEMMINGS, _READINGS, _TURNS, _JOININGS = 3, 3, 3, 4


def query_fold() -> list[Step]:
    """The replacements in their order; most come several times."""
    return [*_segments(), *_reading() * _READINGS, *_neighbours(), *_joining() * _JOININGS, *_terms()]


def _word(expression: re.Pattern[str], *, groups: bool = False) -> str:
    """An expression of the fold for a whole word, inside of <…>; without its groups if it is only a test."""
    pattern = expression.pattern.replace(".", "[^>]")
    return pattern if groups else re.sub(r"\((?!\?)", "(?:", pattern)


def _segments() -> list[Step]:
    """``FOLDING`` and ``SEGMENT``: words in <>, numbers and words in other scripts in «», joints between."""
    blanks = str.maketrans(_SIGNS)
    letters = {chr(code): folded.translate(blanks) for code, folded in FOLDING.items()} | _SIGNS
    other = r"[\p{L}\p{N}&&[^\u0600-\u06ff\u0750-\u077f]]"
    segment = fold.SEGMENT.pattern.replace(fold.OTHER, other).replace(r"\d", r"\p{Nd}")
    # "*+" never goes back: a long text would else be a deep stack, of which a server dies.
    persian, _, rest = segment.replace(")*", ")*+").partition("|")
    ignored = dict.fromkeys(fold.IGNORED.pattern.strip("[]"), "")
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
    """``terms_of``, one round: a word becomes a term, or parts for the next round."""
    return [*_solid(), exchange("parts", {"‹": "<", "›": ">"})]


def _solid() -> list[Step]:
    """``terms_of`` without reading the parts."""
    before_verb = _word(affixes.PREVERB, groups=True)
    return [
        replace("too_long", f"<([^>]{{{LONGEST_WORD + 1},}}+)>", "«$1»"),
        # Three lose their endings: the word as it is, its verb with می, and the verb alone.
        replace("before_verb", rf"<(?={before_verb}>)\1([^>]*)>", "#$1#<$1$3>#<$3>#<$2>"),
        *list(_stemming()) * _STEMMINGS,
        replace("with_verb", f"#([^#<]*)#[^#]*#<([^>]*)>#<{one_of(VERBS)}?>", "«$1»«$2»"),
        replace("without_verb", "#[^#<]*#(<[^>]*>)#[^#]*#<[^>]*>", "$1"),
        *_glued(),
        *_compounds(),
        exchange("read", {"<": "«", ">": "»"}),
    ]


def _stemming() -> Iterator[Step]:
    """``stem``, once: each takes one ending off."""
    yield from _plural()
    yield from _comparative()
    perfect = _word(endings.PERFECT).partition(")")[2]
    yield replace("perfect", f"<({one_of(endings.PARTICIPLES)}){perfect}>", "<$1>")
    yield _ezafe()
    yield from _listed()
    yield from _people()
    yield exchange("irregular", {f"<{word}>": f"<{usual}>" for word, usual in endings.IRREGULAR.items()})


def _plural() -> list[Step]:
    behind = _word(endings.PLURAL).partition("ها")[2]
    in_heh, participle = one_of(_without("ه", endings.IN_HEH)), one_of(_without("ه", endings.PARTICIPLES))
    it_is = f"(?!{one_of(_without('ها', endings.NO_PLURAL))}ها{behind}>)"
    return [
        replace("plural_of_heh", f"<{it_is}(?:({in_heh})های|({participle})هایم)>", "<$1$2ه>"),
        replace("plural", f"<{it_is}([^>]{{2,}}?)ها{behind}>", "<$1>"),
    ]


def _comparative() -> list[Step]:
    """``takes_comparative`` in one expression; then ترین where تر belongs to the word."""
    behind, sibilant = "تر(?:ین|ی)?>", "سخش"
    short = one_of(word for word in endings.SHORT_ADJECTIVES if word[-1] not in sibilant)
    it_is = f"(?!{one_of(endings.NO_SUPERLATIVE)}>)"
    ordinary = (
        f"(?!{one_of(_without('تر', endings.NO_COMPARATIVE))}{behind})"
        f"(?![^>]*{one_of(endings.LOAN_ENDINGS)}(?:ین|ی)?>)"
        f"(?:{one_of(endings.SIBILANT_ADJECTIVES)}|{short}|[^>]{{2,}}[^>{sibilant}])"
    )
    return [
        replace("comparative", f"<{it_is}({one_of(endings.OTHER_ADJECTIVES)}|{ordinary}){behind}", "<$1>"),
        replace("superlative", f"<{it_is}([^>]{{2,}}تر)ین>", "<$1>"),
    ]


def _ezafe() -> Step:
    after_alef = f"(?!{one_of(endings.NO_YEH_AFTER_ALEF)}>)[^>]{{2,}}ا"
    in_waw = one_of(noun for noun in endings.ENDING_IN_WAW if len(noun) > 2)
    makers = f"(?!{one_of(endings.NO_YEH_AFTER_WAW)}>){_word(endings.MAKERS_IN_WAW)}"
    return replace("ezafe", f"<({after_alef}|{in_waw}|{makers})ی>", "<$1>")


def _listed() -> Iterator[Step]:
    """The closed lists, by what is put in the place of the ending: nothing, or a letter («جلسات», «جلسه»)."""
    lists: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for form, word in INFLECTED.items():
        stem = next(word[:size] for size in range(len(word), -1, -1) if form.startswith(word[:size]))
        lists[word.removeprefix(stem)][stem].add(form.removeprefix(stem))
    for place, (letter, stems) in enumerate(sorted(lists.items())):
        alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for stem, taken in stems.items():
            alike[tuple(sorted(taken))].append(stem)
        ways = (f"{one_of(words)}(?={one_of(taken)}>)" for taken, words in sorted(alike.items()))
        yield replace(f"listed_{place}", f"<((?:بی)?(?:{'|'.join(ways)}))[^>]*>", f"<$1{letter}>")


def _people() -> list[Step]:
    people = _word(endings.PEOPLE)
    in_heh = f"[^>]*{one_of(_without('ه', endings.PARTICIPLES))}گان"
    it_is = f"(?!{one_of(endings.NO_PEOPLE)}>)"
    return [
        replace("people_in_heh", f"<{it_is}(?=(?:{in_heh}|{people})>)([^>]*)گان>", "<$1ه>"),
        replace("people_in_vowel", f"<{it_is}(?={people}>)([^>]*(?:جو|گو|گرا))یان>", "<$1>"),
        replace("people", f"<{it_is}(?={people}>)([^>]*)ان>", "<$1>"),
    ]


def _glued() -> list[Step]:
    """``split_glued``: the table; then words of the list, cut off from the first to the last."""
    table = {word: "".join(f"‹{part}›" for part in parts) for word, parts in glued.APART_FOR_MATCHING.items()}
    word, known = one_of(glued.WORDS), one_of(glued.WORDS | glued.WHOLE)
    first = f"{one_of(glued.WORDS | {'و'})}(?<=[{NON_JOINING}])"
    return [
        exchange("glued", {f"<{word}>": parts for word, parts in table.items()}),
        replace("official", f"<(?=[^>]{{5,}}>)(?!{known}>)(?=(?:{first})+{word}>)", "‹"),
        # \G: where the last one was cut off.
        replace("official_first", rf"(?:‹|\G)(?!{word}>)({first})(?=(?:{first})*{word}>)", "‹$1›"),
        replace("official_last", "›([^<>‹›«»]++)>", "›‹$1›"),
    ]


def _compounds() -> list[Step]:
    """``split_compound``: the table; then the words that part from any other."""
    table = {f"<{word}>": f"‹{first}›‹{last}›" for word, (first, last) in compounds.PARTED_PAIRS.items()}
    whole = f"(?!{one_of(compounds.WHOLE)}>|(?:{_word(compounds.NOT_PARTED)})>)"
    return [
        exchange("compounds", table),
        replace("parting", f"<{whole}{_word(compounds.PARTING, groups=True)}>", "‹$1›‹$2›"),
    ]


def _neighbours() -> list[Step]:
    """Parts of one word are neighbours too; most stay two words whatever becomes of those before them."""
    ending, prefix = one_of(ENDINGS), one_of(PREFIXES)
    return [
        exchange("neighbours", {"»«": "» «"}),
        # Doubled: the joint before a word that a prefix may take, however many endings stand between.
        replace("behind_prefix", f"(«{prefix}»(?:[ ~]«{ending}»)*+)([ ~])(?=«(?!{ending}»)[ا-ی])", "$1$2$2"),
        replace("apart", rf"(?<![ ~])[ ~](?=«(?!{ending}»))|(?<=\P{{L}}»)[ ~](?=«)", "/"),
        exchange("single", {"  ": " ", "~~": "~"}),
    ]


def _joining() -> list[Step]:
    """``_add``: each turn tries the first pair of a row of neighbours; then what may be one word is read."""
    two_words = replace("two_words", "/(«[^»]*»'?)[ ~](?=«)", "/$1!")
    turn = [*_beginnings(), *_endings(), two_words, exchange("turn", {"!": "/"})]
    one_term = "(?=«[^»]*»(?![«‹]))"
    return [
        *turn * _TURNS,
        *_solid(),
        # A prefix that stayed a word of its own is tried again before the new term.
        replace("joined_behind_prefix", f"(«{one_of(PREFIXES)}»'?)/%[^&]*&{one_term}", "$1 "),
        replace("joined", f"%[^&]*&{one_term}"),
        replace("not_joined", "%([^&]*)&(?:[«‹][^»›]*[»›])++'?", "$1"),
    ]


def _beginnings() -> list[Step]:
    """``begin``. The term of «می» and an ending («می‌ام») counts as one with an ending."""
    behind = {
        "بی": "[ ~]«[^»]{2}",
        "می": f"(?:~|[ ~]«{one_of(VERBS)}»)",
        "نمی": f"[ ~]«(?!{one_of(affixes.PARTICLES)}»)[^»]{{2}}",
    }
    ways = "|".join(f"{prefix}»'?{behind[prefix]}" for prefix in sorted(PREFIXES))
    pair = f"/«(?=(?:{ways}))([^»]+)»'?[ ~]«(?=[ا-ی][^»]{{0,{LONGEST_WORD - 1}}}»)"
    return [
        replace("begin_ending", f"{pair}({one_of(ENDINGS)})»('?)", "/%«$1»!«$2»$3&<$1$2>'"),
        replace("begin", f"{pair}([^»]+)»('?)", "/%«$1»!«$2»$3&<$1$2>$3"),
    ]


def _endings() -> list[Step]:
    """``attach``: endings that are left out; then those with which the term has to be read again."""
    plural, comparative = _ends(_of_kind("plural")), _ends(_of_kind("comparative"))
    pronoun, better = one_of(affixes.PRONOUNS), one_of(_without("تر", endings.NO_COMPARATIVE))
    left_out = [
        f"(?!{pronoun}»)[^»]+{plural}",
        f"(?!{better}»)[^»]{{2,}}{comparative}",
        f"[^»]+{_ends(_of_kind('after-heh', 'possessive', 'half-space'), '~')}",
        f"[^»]{{2,}}ه{_ends(_of_kind('after-heh'))}",
        f"[^»]+»'[ ~]«{one_of(_of_kind('after-heh', 'possessive'))}»",
    ]
    pair = rf"/«(?=[^»]{{0,{LONGEST_WORD - 1}}}\p{{L}}»)(?=%s)([^»]+)»'?[ ~]«([^»]+)»('?)"
    together = "/%«$1»!«$2»$3&<$1"
    return [
        replace("ending", pair % "|".join(left_out), "!«$1»'"),
        replace("ending_of_pronoun", pair % (pronoun + plural), f"{together}ها>'"),
        replace("ending_of_better", pair % f"(?=[^»]{{2}}){better}{comparative}", f"{together}تر>'"),
        replace("ending_joined", pair % "|".join(_joined()), f"{together}$2>'"),
    ]


def _joined() -> Iterator[str]:
    """Expressions for two neighbours that are one word."""
    yield from _compound_pairs(compounds.ANYWHERE, "[ ~]")
    yield from _compound_pairs(compounds.AT_HALF_SPACE, "~")
    yield f"[^»]+{_ends(compounds.DERIVING, '~')}"
    yield f"[^»]+{_ends(_of_kind('joined'))}"


def _compound_pairs(pairs: Iterable[tuple[str, str]], joint: str) -> Iterator[str]:
    firsts: dict[str, set[str]] = defaultdict(set)
    for first, last in pairs:
        firsts[last].add(first)
    for last in sorted(firsts.keys() & set(_of_kind("compound"))):
        yield one_of(firsts[last]) + _ends([last], joint)


def _of_kind(*kinds: str) -> list[str]:
    return [ending for ending, kind in ENDINGS.items() if kind in kinds]


def _ends(words: Iterable[str], joint: str = "[ ~]") -> str:
    """The rest of a pair, behind the first term."""
    return f"»'?{joint}«{one_of(words)}»"


def _without(ending: str, words: Iterable[str]) -> Iterator[str]:
    return (word.removesuffix(ending) for word in words if word.endswith(ending))


def _terms() -> list[Step]:
    """Blanks between the terms, and none around: beginnings of words («شبک*») come through here as well."""
    return [
        replace("terms", "«([^»]*)»[^«]*+", "$1 "),
        replace("trimmed", "^/| $"),
    ]
