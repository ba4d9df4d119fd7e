"""The truth about names is in order itself: every place, every id, every story."""

from itertools import pairwise

import pytest

from aggregator.persian.fold import fold_key
from tests.persian.mention_truth import TruthText, carry, demo_truth, kind_of, sentence_truth

ALL = [*demo_truth(), *sentence_truth("dev"), *sentence_truth("held_out"), *sentence_truth("blind")]


def test_every_story_is_read() -> None:
    stories = demo_truth()
    assert len({story.name for story in stories}) == len(stories) == 70
    assert {story.province for story in stories} >= {None, "alborz", "yazd"}


def test_the_halves_are_equal_and_apart() -> None:
    dev, held_out = sentence_truth("dev"), sentence_truth("held_out")
    assert len(dev) == len(held_out) >= 75
    assert not {text.texts for text in dev} & {text.texts for text in held_out}


@pytest.mark.parametrize("truth", ALL, ids=lambda truth: truth.name)
def test_mentions_stand_where_they_are_said_to(truth: TruthText) -> None:
    for mention in truth.expected:
        words = truth.text(mention)
        assert words
        assert words == words.strip()
        if mention.kind == "speaker":
            assert fold_key(words) == mention.name
        else:
            assert kind_of(mention.name) == mention.kind
        if mention.role:
            assert mention.role in dict(truth.texts)[mention.field]
            assert mention.kind == "speaker"


@pytest.mark.parametrize("truth", ALL, ids=lambda truth: truth.name)
def test_mentions_do_not_overlap(truth: TruthText) -> None:
    places = sorted((mention.field, mention.start, mention.end) for mention in truth.expected)
    for (field, _, end), (next_field, start, _) in pairwise(places):
        assert field != next_field or end <= start


@pytest.mark.parametrize(
    "published", ["هیئت‌مدیره فنی‌و", "هیئت مدیره فنی‌و", "هیئتمدیره فنی و", "هيئت\u00adمديره فني\u00adو"]
)
def test_places_are_carried_over_half_spaces(published: str) -> None:
    written = "هیئت‌مدیره فنی‌و"
    places = carry(written, published)
    assert published[places[5] : places[10]] in ("مدیره", "مديره")
    assert published[places[11]] == "ف"


@pytest.mark.parametrize("published", ["استان یزد", "استان گلستا", "استان البرز و"])
def test_another_text_is_refused(published: str) -> None:
    with pytest.raises(ValueError, match="not the same text"):
        carry("استان البرز", published)
