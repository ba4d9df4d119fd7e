"""An article with what can be said of its text: its readable form, the names and the days in it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import get_args

from aggregator.model import Article, Mention, NormalisedText, TextField
from aggregator.persian.dates import find_event_dates
from aggregator.persian.names.gazetteer import Gazetteer
from aggregator.persian.names.mentions import find_mentions
from aggregator.persian.normalise import normalise


def annotate_article(
    article: Article, gazetteer: Gazetteer, *, organisation: str | None = None, province: str | None = None
) -> Article:
    """The article with ``mentions`` and ``event_dates`` found in its texts as published, and ``normalised``
    filled in where it is not.

    ``organisation`` and ``province`` are the ids of the publisher and of the province it works for: they
    settle shortened names, and those that several places share.
    """
    published = article.published.instant if article.published else None
    texts = dict(_texts(article))
    # All fields are read as one text: the headline's «البرز» is settled by the body's «استان البرز».
    whole = "\n".join(texts.values())
    mentions = find_mentions(whole, gazetteer, organisation=organisation, province=province)
    return replace(
        article,
        normalised=article.normalised or _normalised(article),
        mentions=tuple(_by_field(mentions, texts)),
        event_dates=tuple(
            replace(found, field=field)
            for field, text in texts.items()
            for found in find_event_dates(text, published)
        ),
    )


def _by_field(mentions: Iterable[Mention], texts: Mapping[TextField, str]) -> Iterator[Mention]:
    """The mentions of the joined texts, each in the field that it stands in."""
    starts, begin = [], 0
    for text in texts.values():
        starts.append(begin)
        begin += len(text) + 1
    fields = list(texts)
    for mention in mentions:
        number = bisect_right(starts, mention.start) - 1
        begin = starts[number]
        yield replace(mention, field=fields[number], start=mention.start - begin, end=mention.end - begin)


def _texts(article: Article) -> Iterator[tuple[TextField, str]]:
    """The texts of an article in the order of the page, a body's paragraphs joined by one line break."""
    texts = (article.headline, article.kicker, article.lead, "\n".join(article.body))
    for field, text in zip(get_args(TextField), texts, strict=True):
        if text:
            yield field, text


def _normalised(article: Article) -> NormalisedText:
    return NormalisedText(
        headline=normalise(article.headline),
        kicker=_optional(article.kicker),
        lead=_optional(article.lead),
        body=tuple(normalise(paragraph) for paragraph in article.body),
    )


def _optional(text: str | None) -> str | None:
    return None if text is None else normalise(text)
