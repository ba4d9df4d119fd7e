"""Excerpts: exact pieces of the text as published, marked where the words stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.index.document import TEXT_FIELDS, Shown, fold_text
from aggregator.index.highlight import EXCERPT, SLACK, highlights
from aggregator.persian.fold import fold_terms


def shown(headline: str = "", body: str = "", lead: str | None = None) -> Shown:
    return Shown("1", "https://example.ir/1", headline, None, lead, body, None, None, "site", None, None)


def excerpts(of: Shown, *patterns: str):
    texts = {field: fold_text(getattr(of, field)) for field in TEXT_FIELDS}
    return highlights(of, texts, [tuple(fold_terms(pattern)) for pattern in patterns])


def marked(of: Shown, *patterns: str) -> dict[str, list[str]]:
    found = excerpts(of, *patterns)
    return {one.field: [one.text[start:end] for start, end in one.marks] for one in found if one.marks}


@pytest.mark.parametrize("published", ["شبکه های", "شبکه‌های", "شبکههای", "شبكه هاي", "شبکه"])
def test_the_word_is_marked_as_it_is_published(published):
    assert marked(shown(f"کاربرد {published} نو"), "شبکه") == {"headline": [published]}


def test_a_phrase_is_marked_only_where_its_words_stand_together():
    of = shown("روابط خوب عمومی", body="روابط عمومیها و روابط")
    assert marked(of, "روابط عمومی") == {"body": ["روابط عمومیها"]}


def test_of_patterns_that_begin_alike_the_longest_is_marked():
    assert marked(shown("روابط عمومی استان"), "روابط", "روابط عمومی", "عمومی استان") == {
        "headline": ["روابط عمومی"]
    }


def test_the_excerpt_of_a_long_text_is_where_most_of_the_words_are():
    filler = "متن دراز بی‌ربط " * 40
    of = shown(body=f"آب {filler} برق و آب و گاز {filler} آب")
    (found,) = excerpts(of, "آب", "برق", "گاز")
    assert [found.text[start:end] for start, end in found.marks] == ["برق", "آب", "گاز"]
    assert len(found.text) <= EXCERPT + SLACK
    assert found.text in of.body


def test_an_excerpt_begins_and_ends_between_words():
    of = shown(body="کلمه‌ای " * 100 + "آب " + "کلمه‌ای " * 100)
    (found,) = excerpts(of, "آب")
    assert set(found.text.split()) == {"کلمه‌ای", "آب"}


def test_without_a_match_in_the_text_its_beginning_follows_unmarked():
    (headline, beginning) = excerpts(shown("آب", body="برق " * 100, lead="لید"), "آب")
    assert (headline.field, beginning.field, beginning.text, beginning.marks) == (
        "headline",
        "lead",
        "لید",
        (),
    )
    (beginning,) = excerpts(shown("آب", body="برق " * 100))
    assert len(beginning.text) <= EXCERPT
    assert excerpts(shown("آب")) == ()


def test_markup_in_a_text_stays_text():
    (found,) = excerpts(shown(body="<script>آب</script>"), "آب")
    assert found.text == "<script>آب</script>"


@given(st.text())
def test_folded_terms_survive_being_joined_by_blanks(text):
    folded = fold_text(text)
    assert folded.joined().split() == folded.terms
    assert sorted(folded.places) == folded.places
    assert len(folded.places) == 2 * len(folded.terms)


@given(
    body=st.text(st.sampled_from("آبرگزشکهایی هاي‌ \n‌.،12aB"), max_size=700),
    lead=st.none() | st.text(max_size=300),
    start=st.integers(0, 80),
    length=st.integers(1, 3),
)
def test_excerpts_are_pieces_of_the_text_and_marks_are_what_was_asked(body, lead, start, length):
    terms = fold_terms(body)[start : start + length]
    if not terms:
        return
    of = shown(body=body, lead=lead)
    texts = {field: fold_text(getattr(of, field)) for field in TEXT_FIELDS}
    found = highlights(of, texts, [tuple(terms)])
    assert "body" in [one.field for one in found]
    for one in found:
        published = getattr(of, one.field)
        at = published.index(one.text)
        ends = [0, *(end for _, end in one.marks)]
        assert all(
            before <= start < end <= len(one.text)
            for before, (start, end) in zip(ends, one.marks, strict=False)
        )
        starts = set(texts[one.field].places[::2])
        if published.count(one.text) == 1:
            assert all(at + start in starts for start, _ in one.marks)
    (body_found,) = [one for one in found if one.field == "body"]
    assert body_found.marks
