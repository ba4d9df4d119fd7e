"""An article with its readable form beside what was published."""

from dataclasses import replace

from aggregator.model import Article, NormalisedText
from aggregator.persian.normalise import normalise


def normalise_article(article: Article) -> Article:
    """The article with ``normalised`` filled in from its texts as published."""
    return replace(
        article,
        normalised=NormalisedText(
            headline=normalise(article.headline),
            kicker=_optional(article.kicker),
            lead=_optional(article.lead),
            body=tuple(normalise(paragraph) for paragraph in article.body),
        ),
    )


def _optional(text: str | None) -> str | None:
    return None if text is None else normalise(text)
