"""Where a page of results ended, as an opaque text that only the same search can go on from."""

import base64
import hashlib
import json
from dataclasses import dataclass
from math import isfinite

from aggregator.errors import FixQueryError

MAX_SNAPSHOT = 20_000  # characters

_OTHER = "the cursor belongs to another search: start again without it"

Key = int | float | str


@dataclass(frozen=True, slots=True)
class Place:
    """``skip`` hits after the one with these keys (none: from the start), in a state of the index.

    What a key and the name of a state are, is the backend's business.
    """

    after: tuple[Key, ...] = ()
    skip: int = 0
    snapshot: str | None = None

    def expect(self, *kinds: type) -> None:
        """FixQueryError unless it is the start or has keys of these kinds: a cursor may be anybody's work."""
        if self.after and (len(self.after) != len(kinds) or not all(map(isinstance, self.after, kinds))):
            raise FixQueryError(_OTHER)


def write_cursor(place: Place, search: str) -> str:
    """The place in the results of the search that ``search`` identifies."""
    parts = [_digest(search), list(place.after), place.skip, place.snapshot]
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, search: str) -> Place:
    """The place that a cursor names; FixQueryError for one that is garbled or of another search."""
    if cursor is None:
        return Place()
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        digest, after, skip, snapshot = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError):
        raise FixQueryError(f"the cursor {cursor[:80]!r} is none that this search gave") from None
    if not (_are_keys(after) and _is_skip(skip) and _is_snapshot(snapshot)) or digest != _digest(search):
        raise FixQueryError(_OTHER)
    return Place(tuple(after), skip, snapshot)


def _are_keys(value: object) -> bool:
    return isinstance(value, list) and len(value) <= 4 and all(map(_is_key, value))


def _is_key(value: object) -> bool:
    if type(value) is int:
        return abs(value) < 2**63
    return (type(value) is float and isfinite(value)) or (type(value) is str and len(value) <= 100)


def _is_skip(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _is_snapshot(value: object) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= MAX_SNAPSHOT and value.isascii())


def _digest(search: str) -> str:
    return hashlib.blake2b(search.encode(), digest_size=6).hexdigest()
