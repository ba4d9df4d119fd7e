"""The index catches up with the database, which is the truth."""

from collections.abc import Callable, Iterator

from aggregator.errors import TryLaterError
from aggregator.index.document import IndexDocument, to_document
from aggregator.index.protocol import SearchIndex
from aggregator.registry import Registry
from aggregator.store import Store

BATCH = 500  # articles that become visible together

Progress = Callable[[int], None]  # called with how many are done


def sync(store: Store, index: SearchIndex, registry: Registry, progress: Progress | None = None) -> int:
    """Index everything that is pending, and say how much that was.

    Nothing is marked as indexed before the index has it for good: a sync that is killed, or that meets
    another one, at worst indexes some articles twice. TryLaterError while another process writes the index
    for long (the next sync catches up); RebuildIndexError where it is broken.
    """
    if not index.is_current():  # new, lost, or of another version: whatever the database says, it is empty
        store.mark_all_pending()
    done = 0
    while pending := store.pending_count():
        try:
            done += _next_batch(store, index, registry)
        except TryLaterError:
            if store.pending_count() >= pending:
                raise
            continue  # the one that writes is catching up too: wait for it, and for our turn
        if progress:
            progress(done)
    return done


def _next_batch(store: Store, index: SearchIndex, registry: Registry) -> int:
    # Read inside the writing: nobody else can put an older revision in after this one.
    with index.writing() as writer:
        pending = store.pending_index(BATCH)
        writer.add(to_document(stored, registry) for stored in pending)
    store.mark_indexed((stored.article.id, stored.revision) for stored in pending)
    return len(pending)


def reindex(store: Store, index: SearchIndex, registry: Registry, progress: Progress | None = None) -> int:
    """Build the index again from the whole database, and say how many articles it has.

    Searches go on in the old one until the new one is complete. What is stored or changed meanwhile stays
    pending for the next ``sync``.
    """
    read: list[tuple[str, int]] = []
    indexed = index.rebuild(_all_documents(store, registry, read, progress))
    for start in range(0, len(read), BATCH):
        store.mark_indexed(read[start : start + BATCH])
    return indexed


def _all_documents(
    store: Store, registry: Registry, read: list[tuple[str, int]], progress: Progress | None
) -> Iterator[IndexDocument]:
    """A document of every article, with (id, revision) of each noted in ``read``."""
    for stored in store.articles(order="id"):
        yield to_document(stored, registry)
        read.append((stored.article.id, stored.revision))
        if progress and len(read) % BATCH == 0:
            progress(len(read))
