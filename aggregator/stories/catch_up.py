"""The stories catch up with the articles, as the index does."""

from collections.abc import Callable

from aggregator.store import Store
from aggregator.stories.sketch import sketch
from aggregator.stories.text import story_text

BATCH = 500  #: articles in one transaction

Progress = Callable[[int], None]  # called with how many are done


def group_stories(store: Store, progress: Progress | None = None, limit: int | None = None) -> int:
    """Puts all articles that are new or changed into their stories (at most ``limit``); how many they were.

    One batch is one transaction: killed in between, or met by another process, nothing is lost or done
    twice. Raises what the store raises.
    """
    done = 0
    while limit is None or done < limit:
        pending = store.stories.pending(BATCH if limit is None else min(BATCH, limit - done))
        if not pending:
            break
        texts = [story_text(one.headline, one.lead, one.body) for one in pending]
        store.stories.group(list(zip(pending, texts, sketch(texts), strict=True)))
        done += len(pending)
        if progress:
            progress(done)
    return done
