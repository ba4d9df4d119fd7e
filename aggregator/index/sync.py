"""The index catches up with the database, which is the truth."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from aggregator.batches import batches
from aggregator.errors import TryLaterError
from aggregator.index.document import IndexDocument, to_document
from aggregator.index.protocol import Rebuilt, Refused, SearchIndex
from aggregator.registry import Registry
from aggregator.store import Store
from aggregator.store.indexing import Mark
from aggregator.store.leases import new_owner

BATCH = 500  # articles that become visible together
#: The lease of who builds the index again; no source has such a name.
REBUILDING = "index:rebuilding"
LEASE = 300.0  # seconds without a sign of life, after which another may begin

Progress = Callable[[int], None]  # called with how many are done


def sync(
    store: Store,
    index: SearchIndex,
    registry: Registry,
    progress: Progress | None = None,
    patience: float | None = None,
) -> int:
    """Index everything that is pending, and say how much that was.

    Nothing is marked as indexed before the index has it for good: a sync that is killed, or that meets
    another one, at worst indexes some articles twice. TryLaterError while another process writes the index
    for long (the next sync catches up); RebuildIndexError where it is broken.
    """
    if not index.is_current() and not index.changes():
        store.mark_all_pending()  # new or lost: whatever the database says, it is empty
    done = 0
    while pending := store.pending_count():
        try:
            done += _next_batch(store, index, registry, patience)
        except TryLaterError:
            if store.pending_count() >= pending:
                raise
            continue  # the one that writes is catching up too: wait for it, and for our turn
        if progress:
            progress(done)
    return done


def _next_batch(store: Store, index: SearchIndex, registry: Registry, patience: float | None) -> int:
    # Read inside the writing: where only one can write, nobody puts an older revision in after this one.
    with index.writing(patience) as writer:
        pending = store.pending_index(BATCH)
        writer.add(to_document(item.article, registry) for item in pending)
    store.mark_indexed((item.mark for item in pending), _rows(writer.refused))
    return len(pending)


def reindex(
    store: Store, index: SearchIndex, registry: Registry, progress: Progress | None = None
) -> Rebuilt:
    """Build the index again from the whole database.

    Searches go on in the old one until the new one is complete. What is stored or changed meanwhile stays
    pending for the next ``sync``, or has been given to both. TryLaterError while another process does this.
    """
    with _alone(store) as still_here, tempfile.TemporaryFile("w+", encoding="utf-8") as read:

        def told(done: int) -> None:
            still_here()
            if progress:
                progress(done)

        rebuilt = index.rebuild(_all_documents(store, registry, read, told))
        read.seek(0)
        lines = map(str.split, read)
        for marks in batches(
            (Mark(key, int(seen), int(upto), form) for key, seen, upto, form in lines), BATCH
        ):
            ids = {mark.id for mark in marks}
            store.mark_indexed(marks, _rows(one for one in rebuilt.refused if one.id in ids))
    return rebuilt


def _rows(refused: Iterable[Refused]) -> list[tuple[str, int, str]]:
    return [(one.id, one.revision, one.reason) for one in refused]


@contextmanager
def _alone(store: Store) -> Iterator[Callable[[], None]]:
    """While nobody else builds the index again; what it gives is to be called now and then."""
    owner = new_owner()
    if not store.lease(REBUILDING, owner, LEASE):
        raise TryLaterError("another process is building the search index again: wait until it has ended")
    try:
        yield lambda: _renew(store, owner)
    finally:
        store.release_lease(REBUILDING, owner)


def _renew(store: Store, owner: str) -> None:
    if not store.renew_lease(REBUILDING, owner, LEASE):
        raise TryLaterError("another process has begun to build the search index again: leave it to that one")


def _all_documents(
    store: Store, registry: Registry, read: IO[str], progress: Progress
) -> Iterator[IndexDocument]:
    """A document of every article; its mark goes to ``read``, as there may be millions."""
    for done, item in enumerate(store.all_to_index(), 1):
        yield to_document(item.article, registry)
        read.write(" ".join(map(str, item.mark)) + "\n")
        if done % BATCH == 0:
            progress(done)
