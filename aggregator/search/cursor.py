"""Where a page of results ended, as an opaque text that only the same search can go on from."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import cast

from aggregator.errors import FixQueryError


@dataclass(frozen=True, slots=True)
class Place:
    """``skip`` hits after ``key``; what a key is, is the backend's business (None: from the start)."""

    key: int | None = None
    skip: int = 0


def write_cursor(place: Place, search: str) -> str:
    """The place in the results of the search that ``search`` identifies."""
    text = json.dumps([_digest(search), place.key, place.skip], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, search: str) -> Place:
    """The place that a cursor names; FixQueryError for one that is garbled or of another search."""
    if cursor is None:
        return Place()
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        digest, key, skip = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError):
        raise FixQueryError(f"the cursor {cursor[:80]!r} is none that this search gave") from None
    if not (_is_key(key) and _is_skip(skip)) or digest != _digest(search):
        raise FixQueryError("the cursor belongs to another search: start again without it")
    return Place(cast(int | None, key), cast(int, skip))


def _is_key(value: object) -> bool:
    return value is None or (type(value) is int and abs(value) < 2**63)


def _is_skip(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _digest(search: str) -> str:
    return hashlib.blake2b(search.encode(), digest_size=6).hexdigest()
