"""What a target is told: the same articles for a webhook and for an e-mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aggregator.model import StoredArticle, iso_utc
from aggregator.record import to_record
from aggregator.registry import Registry
from aggregator.store.codec import to_json
from aggregator.store.saved import SavedSearch

MOST_ARTICLES = 100  #: in one message; a webhook gets the others in further ones, an e-mail says how many
_SHOWN = (
    "id",
    "url",
    "headline",
    "kicker",
    "lead",
    "organisation",
    "province",
    "source",
    "date_published",
    "date_published_jalali",
    "first_seen",
    "revision",
    "deleted_at",
)


@dataclass(frozen=True, slots=True)
class Message:
    """Some articles that a saved search has found."""

    key: str  #: tells who has got it already
    search: SavedSearch
    created: datetime  #: the same at each try
    articles: Sequence[Mapping[str, Any]]  #: texts as published
    total: int  #: articles that it stands for; more than it has where there are many
    web_address: str = ""  #: of ``serve``; empty: no links
    is_test: bool = False

    @property
    def search_url(self) -> str | None:
        """Where all that the search finds can be read."""
        return f"{self.web_address}/?{urlencode(self.search.search)}" if self.web_address else None

    @property
    def feed_url(self) -> str | None:
        """Its feed."""
        return f"{self.web_address}/saved/{self.search.id}/feed.atom" if self.web_address else None

    def payload(self) -> bytes:
        """For a webhook: JSON, the same bytes at each try while the articles are the same."""
        return to_json(
            {
                "type": "search.test" if self.is_test else "search.matched",
                "timestamp": iso_utc(self.created),
                "data": {
                    "search": {
                        "id": self.search.id,
                        "name": self.search.name,
                        "parameters": dict(self.search.search),
                        "url": self.search_url,
                        "feed": self.feed_url,
                    },
                    "articles": list(self.articles),
                },
            }
        ).encode()


def shown_article(stored: StoredArticle, registry: Registry) -> dict[str, Any]:
    """An article as a search hit has it, with its lead and the name of its organisation."""
    record = to_record(stored)
    label = registry.label(stored.organisation or stored.article.source)
    return {**{name: record[name] for name in _SHOWN}, "organisation_name": label}
