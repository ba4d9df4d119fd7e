"""Names: how many of those that a reader finds are found, and how many of those found are right.

The truth was written by hand (tests/persian/mentions/README.md). A mention counts where field, place, kind
and id, or a speaker's name, are all equal.
"""

from collections import Counter
from collections.abc import Iterable

from aggregator.model import Article
from aggregator.persian.article import annotate_article
from aggregator.persian.fold import fold_key
from tests.persian.mention_truth import Expected, TruthText, demo_truth, registry, sentence_truth

KINDS = ("organisation", "province", "county", "speaker")


def main() -> None:
    """Print precision and recall by kind."""
    print(f"{'':22}{'precision':>10}{'recall':>8}{'of':>6}{'roles':>8}")
    for name, texts in (
        ("demo portal", demo_truth()),
        ("sentences, seen", sentence_truth("dev")),
        ("sentences, held out", sentence_truth("held_out")),
        ("sentences, blind", sentence_truth("blind")),
    ):
        counts = count(texts)
        for kind in (*KINDS, "all"):
            right, found, expected = (counts[what, kind] for what in ("right", "found", "expected"))
            share = f"{right / max(found, 1):10.3f}{right / max(expected, 1):8.3f}{expected:6}"
            roles = f"{counts['right', 'role']:5}/{counts['expected', 'role']}" if kind == "speaker" else ""
            print(f"{name + ', ' + kind:34}{share}{roles}")


def count(texts: Iterable[TruthText]) -> Counter[tuple[str, str]]:
    """(right, found or expected; kind or ``all`` or ``role``) → how many."""
    counts: Counter[tuple[str, str]] = Counter()
    for text in texts:
        found = mentions(text)
        roles = {mention[:5]: mention.role for mention in found}
        expected = {mention[:5]: mention.role for mention in text.expected}
        for what, those in (
            ("found", roles.keys()),
            ("expected", expected.keys()),
            ("right", roles.keys() & expected.keys()),
        ):
            for mention in those:
                counts[what, mention[3]] += 1
                counts[what, "all"] += 1
        for mention in roles.keys() & expected.keys():
            if mention[3] == "speaker":
                counts["expected", "role"] += 1
                counts["right", "role"] += roles[mention] == expected[mention]
    return counts


def mentions(text: TruthText) -> set[Expected]:
    """What this software finds, as the truth is written."""
    annotated = annotate_article(
        article(text),
        registry().gazetteer,
        organisation=text.organisation,
        province=text.province,
    )
    return {
        Expected(
            mention.field or "body",
            mention.start,
            mention.end,
            mention.kind,
            mention.id or fold_key(mention.text),
            mention.role,
        )
        for mention in annotated.mentions
    }


def article(text: TruthText) -> Article:
    """An article with these texts."""
    texts = dict(text.texts)
    return Article(
        id=text.name,
        url="https://example.ir/",
        canonical_url="https://example.ir/",
        source="example",
        headline=texts.get("headline", ""),
        kicker=texts.get("kicker"),
        lead=texts.get("lead"),
        body=tuple(texts.get("body", "").split("\n")),
    )
