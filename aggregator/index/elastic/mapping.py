"""The index as Elasticsearch is told to make it: a field for each purpose, and how texts are cut into terms.

The names are those of the export record. docs/elasticsearch.md describes every field for dashboards.
"""

import json
from functools import cache
from hashlib import blake2b
from typing import Any

from aggregator.index.document import folding_version
from aggregator.index.elastic.analysis import analysis

#: To be raised when what is put into a field changes and the field does not.
VERSION = 1

_LONGEST = 8191  # characters of a keyword: Lucene takes 32,766 bytes, and a character may have four
_NOT_SEARCHED = {"type": "keyword", "index": False, "doc_values": False}
_KEYWORD = {"type": "keyword", "ignore_above": _LONGEST}
#: Shown and highlighted, searched for by its terms in ``folded``: to index it as well would halve the speed.
_PUBLISHED = {"type": "text", "index": False, "analyzer": "published"}
_FOLDED = {"type": "text", "analyzer": "terms", "search_analyzer": "persian_query"}
_SPELT = {"type": "text", "analyzer": "terms", "search_analyzer": "spelt_query"}
_DAY = {"type": "date", "format": "strict_date"}

FIELDS: dict[str, Any] = {
    "id": _KEYWORD,
    "url": _KEYWORD,
    "canonical_url": _KEYWORD,
    "source": _KEYWORD,
    "organisation": _KEYWORD,
    "organisation_path": _KEYWORD,
    "province": _KEYWORD,
    "headline": _PUBLISHED,
    "kicker": _PUBLISHED,
    "lead": _PUBLISHED,
    "body": _PUBLISHED,
    "folded": {"properties": {"text": _FOLDED, "headline": _FOLDED, "spelt": _SPELT}},
    "section": _KEYWORD,
    "section_key": _KEYWORD,
    "keywords": _KEYWORD,
    "authors": _KEYWORD,
    "main_image": _NOT_SEARCHED,
    "images": _NOT_SEARCHED,
    "attachments": _NOT_SEARCHED,
    "code": _KEYWORD,
    "date_published": {"type": "date"},
    "date_published_raw": _NOT_SEARCHED,
    "date_precision": _KEYWORD,
    "date_published_jalali": _KEYWORD,
    "day": _DAY,
    "jalali": {
        "properties": {
            "year": {"type": "short"},
            "month": _KEYWORD,
            "week": _KEYWORD,
            "weekday": _KEYWORD,
            "weekday_number": {"type": "byte"},
        }
    },
    "date_modified": {"type": "date"},
    "first_seen": {"type": "date"},
    "last_seen": {"type": "date"},
    "deleted_at": {"type": "date"},
    "revision": {"type": "integer"},
    "language": _KEYWORD,
    "event_dates": _DAY,
    "mentions": _KEYWORD,
    "mention_path": _KEYWORD,
    "order": {"type": "long"},
}


def index_body(shards: int) -> dict[str, Any]:
    """Settings and mappings of a new index."""
    return {
        "settings": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "codec": "best_compression",
            "query.default_field": ["folded.text"],  # what a dashboard asks without naming a field
            "analysis": analysis(),
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": made_by(),
            "properties": FIELDS,
        },
    }


@cache
def made_by() -> dict[str, str]:
    """What an index is made by; kept in it, so that one of another version is known."""
    return {
        "fields": f"{VERSION}-{_digest(FIELDS)}",
        "analysis": _digest(analysis()),
        "folding": folding_version(),
    }


def changes(found: dict[str, Any]) -> tuple[str, ...]:
    """What differs between an index and what this version would make, a sentence each; (): nothing."""
    named = {
        "fields": "its fields are others",
        "analysis": "the analyzers of queries typed elsewhere are others",
        "folding": "the rules that bring spellings together are others",
    }
    ours = made_by()
    return tuple(named[key] for key in named if found.get(key) != ours[key])


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return blake2b(text.encode(), digest_size=4).hexdigest()
