"""What an edit of an article changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.changes import Change, changes, edits, sentences
from aggregator.model import Article, StoredArticle
from aggregator.store.codec import content_hash
from tests.making import NOW, articles, make_article, make_stored

FIRST = "مدیرکل تعاون از برگزاری دوره آموزشی خبر داد."
SECOND = "این دوره ۲۰ نفر ظرفیت دارد."
SECOND_CORRECTED = "این دوره ۲۵ نفر ظرفیت دارد."
THIRD = "ثبت نام تا پایان هفته ادامه دارد!"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"{FIRST} {SECOND}", (FIRST, SECOND)),
        ("آیا چنین است؟ بله.", ("آیا چنین است؟", "بله.")),
        ("وی گفت: «چنین است.» سپس رفت.", ("وی گفت: «چنین است.»", "سپس رفت.")),
        ("دکتر م. رضایی آمد.", ("دکتر م. رضایی آمد.",)),
        ("نرخ 3.5 درصد است. همین.", ("نرخ 3.5 درصد است.", "همین.")),
        ("1. ثبت نام", ("1. ثبت نام",)),
        ("12. ثبت نام", ("12. ثبت نام",)),
        ("بدون نقطه", ("بدون نقطه",)),
        ("", ()),
    ],
)
def test_sentences(text: str, parts: tuple[str, ...]) -> None:
    assert sentences(text) == parts


@given(
    st.lists(st.text(alphabet="اب.!؟ »1"), max_size=5).map(lambda words: " ".join(" ".join(words).split()))
)
def test_sentences_lose_nothing(text: str) -> None:
    assert " ".join(sentences(text)) == text


def test_a_corrected_sentence_is_told_from_the_others() -> None:
    old = make_article(body=(f"{FIRST} {SECOND}", THIRD))
    new = replace(old, body=(f"{FIRST} {SECOND_CORRECTED}", THIRD))
    (change,) = changes(old, new)
    assert change == Change("body", (SECOND,), (SECOND_CORRECTED,))
    assert change.kind == "replaced"


def test_added_and_removed_sentences() -> None:
    old = make_article(body=(FIRST, SECOND))
    longer, shorter = replace(old, body=(FIRST, THIRD, SECOND)), replace(old, body=(SECOND,))
    assert [(one.kind, one.after) for one in changes(old, longer)] == [("added", (THIRD,))]
    assert [(one.kind, one.before) for one in changes(old, shorter)] == [("removed", (FIRST,))]


def test_other_fields_are_compared_value_by_value() -> None:
    old = make_article(keywords=("کار", "رفاه"), lead=None, code="12")
    new = replace(old, headline="خبر دیگر", keywords=("کار", "بیمه"), lead=FIRST, code=None)
    assert changes(old, new) == (
        Change("headline", (old.headline,), ("خبر دیگر",)),
        Change("lead", (), (FIRST,)),
        Change("code", ("12",), ()),
        Change("keywords", ("رفاه",), ("بیمه",)),
    )


def test_the_same_sentences_in_other_paragraphs() -> None:
    old = make_article(body=(f"{FIRST} {SECOND}",))
    assert changes(old, replace(old, body=(FIRST, SECOND))) == (
        Change("body", (f"{FIRST} {SECOND}",), (FIRST, SECOND)),
    )


_FIELDS = ["headline", "lead", "body", "section", "keywords", "images", "published", "modified", "platform"]


@given(articles(), articles(), st.sets(st.sampled_from(_FIELDS)))
def test_there_is_a_change_where_there_is_a_revision(one: Article, other: Article, fields: set[str]) -> None:
    new = replace(one, **{name: getattr(other, name) for name in fields})
    assert bool(changes(one, new)) == (content_hash(one) != content_hash(new))


def test_other_white_space_between_sentences_is_a_change() -> None:
    old, new = f"{FIRST} {SECOND}", f"{FIRST}\u2003{SECOND}"
    assert changes(make_article(lead=old), make_article(lead=new)) == (Change("lead", (old,), (new,)),)


def test_a_monstrous_page_is_compared_as_a_whole() -> None:
    old = make_article(body=tuple(f"بند {number}" for number in range(3000)))
    new = replace(old, body=tuple(reversed(old.body)))
    assert changes(old, new) == (Change("body", old.body, new.body),)


def test_edits_are_between_revisions() -> None:
    first = make_stored()
    later = NOW + timedelta(days=1)
    second: StoredArticle = replace(
        first, article=replace(first.article, headline="دیگر"), revision=2, first_seen=later
    )
    assert edits([first]) == []
    (edit,) = edits([first, second])
    assert (edit.revision, edit.seen) == (2, later)
    assert [change.field for change in edit.changes] == ["headline"]
