"""How a crawl is said to have ended."""

from typing import Any

import pytest

from aggregator.crawl.verdict import conclude

GOOD: dict[str, Any] = {
    "pages": 9,
    "articles": 5,
    "links": 5,
    "new": 5,
    "changed": 0,
    "unchanged": 0,
    "rejected": {},
    "failed": {},
}


@pytest.mark.parametrize(
    ("reason", "counts", "trouble", "state", "said"),
    [
        ("finished", {}, None, "finished", None),
        ("limit", {}, None, "finished", None),
        ("shutdown", {}, None, "interrupted", "goes on from here"),
        ("finished", {"new": 0, "articles": 0}, None, "finished", None),  # nothing new
        ("finished", {"links": 0}, "start page: HTTP 403", "failed", "HTTP 403"),
        ("finished", {"links": 0}, None, "failed", "no link to an article"),
        ("finished", {}, "start page: HTTP 500", "finished", None),  # the feed was enough
        ("finished", {"new": 0, "failed": {"timeout": 5}}, None, "failed", "5 × timeout"),
        ("finished", {"new": 4, "failed": {"timeout": 1}}, None, "finished", None),
        ("finished", {"failed": {"internal-error": 1}}, None, "failed", "internal-error"),
        ("store: locked", {}, None, "failed", "store: locked"),
        ("start_error", {}, None, "failed", "start_error"),
    ],
)
def test_conclude(
    reason: str, counts: dict[str, Any], trouble: str | None, state: str, said: str | None
) -> None:
    found, why = conclude(reason, GOOD | counts, trouble)
    assert found == state
    assert why is None if said is None else said in (why or "")
