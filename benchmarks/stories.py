"""Stories: how many re-posts are found, how many of those found are right, and how quickly.

Precision and recall are of pairs: of all pairs that were grouped, those that are one text; of all pairs that
are one text, those that were grouped. What the articles are is said in ``reposts``.
"""

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from aggregator.batches import batches
from aggregator.store import Store
from aggregator.stories.catch_up import group_stories
from aggregator.stories.sketch import sketch
from aggregator.stories.text import StoryText, story_text
from benchmarks.reposts import KINDS, Post, corpus, many

OTHERS = 4_000
SEEDS = (1, 2, 3)
TIMED = 5_000  #: texts
STEP = 10_000  #: articles from one line to the next
Pair = tuple[int, int]


def main(options: Sequence[str] = ()) -> None:
    """Print precision and recall, then articles a second; with ``--many N``, what so many articles take."""
    if options:
        take(int(options[options.index("--many") + 1]))
        return
    for seed in SEEDS:
        posts = corpus(seed, others=OTHERS)
        found, seconds = grouped(posts)
        tell(seed, posts, found)
        print(f"  grouped    {len(posts) / seconds:8,.0f} articles/s, SQLite, reading and folding included")
    speeds([story_text(*_texts(post)) for post in posts], posts)


def grouped(posts: Sequence[Post]) -> tuple[list[str | None], float]:
    """The story of each post, and how long it took to find them."""
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/news.db") as store:
        articles = [post.stored(number) for number, post in enumerate(posts)]
        for batch in batches(articles, 500):
            store.put_articles(batch)
        start = time.perf_counter()
        group_stories(store)
        seconds = time.perf_counter() - start
        found = store.stories.of([one.article.id for one in articles])
    return [found[one.article.id].story if one.article.id in found else None for one in articles], seconds


def take(count: int) -> None:
    """Print how long the first grouping of so many articles takes, its memory, and what it keeps."""
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/news.db") as store:
        for batch in batches((post.stored(number) for number, post in enumerate(many(1, count))), 1_000):
            store.put_articles(batch)
        before, size = peak(), sum(path.stat().st_size for path in Path(folder).iterdir())
        start = last = time.perf_counter()

        def told(done: int) -> None:
            nonlocal last
            if done % STEP == 0:
                now = time.perf_counter()
                print(
                    f"  {done:9,} done, the last {STEP:,} at {STEP / (now - last):6,.0f} articles/s",
                    flush=True,
                )
                last = now

        group_stories(store, told)
        seconds = time.perf_counter() - start
        grown = sum(path.stat().st_size for path in Path(folder).iterdir()) - size
        print(f"{count:,} articles: {count / seconds:,.0f} articles/s, {seconds:.0f} s in all")
        print(f"  {grown / count:,.0f} bytes an article more in the database ({size / count:,.0f} before)")
        print(f"  peak memory {peak():,} MB, {before:,} MB before")
        start = time.perf_counter()
        group_stories(store)
        print(f"  {(time.perf_counter() - start) * 1000:.1f} ms when nothing is pending")


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def pairs(stories: Iterable[str | None]) -> set[Pair]:
    """All pairs of places that have the same story."""
    places: dict[str, list[int]] = {}
    for place, story in enumerate(stories):
        if story is not None:
            places.setdefault(story, []).append(place)
    return {pair for together in places.values() for pair in combinations(together, 2)}


def quality(posts: Sequence[Post], found: Sequence[str | None]) -> tuple[float, float]:
    """Precision and recall."""
    true, grouped = pairs(post.story for post in posts), pairs(found)
    right = len(true & grouped)
    return right / max(len(grouped), 1), right / max(len(true), 1)


def tell(seed: int, posts: Sequence[Post], found: Sequence[str | None]) -> None:
    """Print what was found, and of which kinds the mistakes are."""
    kinds = Counter(post.kind for post in posts)
    precision, recall = quality(posts, found)
    variants = sum(kinds[kind] for kind in KINDS)
    print(f"seed {seed}: {len(posts):,} articles, {variants} re-posts: {of_kinds(kinds)}")
    true, grouped = pairs(post.story for post in posts), pairs(found)
    print(
        f"  precision  {precision:8.4f}   of {len(grouped):,} pairs; wrong {mistakes(posts, grouped - true)}"
    )
    print(f"  recall     {recall:8.4f}   of {len(true):,} pairs; missed {mistakes(posts, true - grouped)}")


def of_kinds(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))


def mistakes(posts: Sequence[Post], wrong: set[Pair]) -> str:
    """How many pairs, by the kinds of the two."""
    kinds = Counter(" and ".join(sorted((posts[one].kind, posts[other].kind))) for one, other in wrong)
    return f"{len(wrong)}" + (f" ({of_kinds(kinds)})" if kinds else "")


def speeds(texts: Sequence[StoryText], posts: Sequence[Post]) -> None:
    """Print how quickly texts are folded and sketched, by the clock and by the time of the processor."""
    texts, posts = texts[:TIMED], posts[:TIMED]
    terms = sum(len(text.terms) for text in texts) / len(texts)
    print(f"{len(texts):,} texts of {terms:.0f} terms on average{'':14}by the clock  by the processor")
    tell_speed("sketches of folded terms", len(texts), lambda: [sketch(some) for some in batches(texts, 500)])
    tell_speed("folding", len(texts), lambda: [story_text(*_texts(post)) for post in posts])


def _texts(post: Post) -> tuple[str, str | None, tuple[str, ...]]:
    return post.headline, post.lead, post.body


def tell_speed(what: str, count: int, run: Callable[[], object]) -> None:
    """The best of three rounds."""
    rounds = []
    for _ in range(3):
        clock, processor = time.perf_counter(), time.process_time()
        run()
        rounds.append((time.perf_counter() - clock, time.process_time() - processor))
    by_clock, by_processor = (count / min(seconds) for seconds in zip(*rounds, strict=True))
    print(f"  {what:26} {by_clock:12,.0f} articles/s {by_processor:9,.0f} articles/s")
