"""Reading the archive again."""

import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from aggregator.commands.replay import as_record
from aggregator.crawl.archive import PageArchive, archive_files
from aggregator.crawl.replay import replay
from aggregator.errors import FixFileError
from aggregator.model import (
    Link,
    NotArticle,
    Organisation,
    Page,
    PageState,
    Province,
    Rejection,
    Source,
    StoredArticle,
)
from aggregator.registry import Registry
from aggregator.store import Store

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
REGISTRY = Registry(
    MappingProxyType({"office": Organisation("office", "اداره", "Office", "other", province="alborz")}),
    MappingProxyType({"alborz": Province("alborz", "البرز", "Alborz", "IR-30", "کرج")}),
    MappingProxyType({"small": Source("small", "office", "https://example.ir/")}),
)
FORMER = Path(__file__).parent / "archives" / "pages-20260301T123000Z-4711-0.warc.gz"
TITLE = "برگزاری دوره آموزشی ایمنی کارگاه‌ها، گزارش {}"
TEXT = "اداره کل تعاون، کار و رفاه اجتماعی استان از برگزاری دوره آموزشی ایمنی کارگاه‌ها خبر داد. " * 4


def page(number: int, text: str = TEXT, when: datetime = NOW) -> Page:
    title = TITLE.format(number)
    body = (
        f"<!doctype html><html lang=fa><head><meta charset=utf-8><title>{title}</title>"
        f'<meta property="og:type" content="article"></head><body><article><h1>{title}</h1>'
        f"<time datetime=2026-02-28T10:00:00+03:30>۹ اسفند ۱۴۰۴</time><p>{text}</p><p>{TEXT}</p>"
        "</article></body></html>"
    )
    link = Link(f"https://example.ir/news/{number}", "listing")
    return Page(link.url, body.encode(), when, "small", link=link)


def archived(folder: Path, *pages: Page) -> list[Path]:
    archive = PageArchive(folder)
    for each in pages:
        archive.write(each)
    archive.close()
    return archive_files(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'a.sqlite3'}") as opened:
        yield opened


def run(files: Iterable[Path], store: Store, **options: Any) -> dict[str, int]:
    """The outcomes of a replay that were met."""
    return dict(Counter(result.outcome for result in replay(files, store, REGISTRY, **options)))


def everything(store: Store) -> list[Any]:
    """All that is stored of articles and pages."""
    found = list(store.articles(order="id"))
    addresses = [item.article.url for item in found]
    return [
        found,
        [store.revisions(item.article.id) for item in found],
        store.known_pages("small", addresses),
    ]


def edited(text: str = TEXT) -> str:
    return text.replace("خبر داد", "خبر داده است")


def test_an_empty_database_is_filled_again(tmp_path: Path, store: Store) -> None:
    nothing = Page("https://example.ir/news/9", b"", NOW, "small")
    files = archived(tmp_path, page(1), page(2), nothing)
    assert run(files, store) == {"new": 2, "rejected": 1}
    found = list(store.articles())
    assert {(stored.organisation, stored.province) for stored in found} == {("office", "alborz")}
    assert all(stored.first_seen == NOW and stored.article.normalised for stored in found)
    assert store.known_pages("small", [page(1).url])[page(1).url].status == "done"


def test_archives_of_the_former_format_are_replayed(store: Store) -> None:
    assert run([FORMER], store) == {"new": 2}
    first, second = sorted(stored.article.url for stored in store.articles())
    assert (first, second) == (page(1).url, page(2).url)


def test_names_are_found_again_and_make_no_revision(tmp_path: Path, store: Store) -> None:
    files = archived(tmp_path, page(1, f"به گفته وی، مردم البرز همراه هستند. {TEXT}"))
    run(files, store)
    (stored,) = store.articles()
    assert "alborz" in {mention.id for mention in stored.article.mentions}  # the office works there
    before = replace(stored.article, mentions=())
    store.put_article(before, organisation="office", province="alborz", seen_at=NOW)
    assert next(iter(store.articles())).article.mentions == ()
    store.mark_indexed(item.mark for item in store.pending_index(1))
    assert run(files, store) == {"unchanged": 1}
    assert list(store.articles()) == [stored]
    assert store.pending_count() == 1


def test_replaying_twice_changes_nothing(tmp_path: Path, store: Store) -> None:
    files = archived(tmp_path, page(1), page(1, edited(), NOW + timedelta(days=1)))
    assert run(files, store) == {"new": 1, "changed": 1}
    before = everything(store)
    assert run(files, store) == {"unchanged": 2}
    assert everything(store) == before
    assert before[0][0].revision == 2


def test_versions_of_one_minute_do_not_change_each_other_for_ever(tmp_path: Path, store: Store) -> None:
    versions = [page(1), page(1, edited(), NOW + timedelta(seconds=9, microseconds=5))]
    files = archived(tmp_path, *versions)
    assert run(files, store) == {"new": 1, "changed": 1}
    before = everything(store)
    assert run(files, store) == {"unchanged": 2}
    assert everything(store) == before


def test_the_newest_version_wins_in_whatever_order_the_files_are_given(tmp_path: Path, store: Store) -> None:
    newer = archived(tmp_path / "a", page(1, edited(), NOW + timedelta(days=1)), page(2))
    older = archived(tmp_path / "b", page(1))
    assert run([*newer, *older], store) == {"new": 2, "changed": 1}
    stored = {item.article.url: item for item in store.articles()}[page(1).url]
    assert (stored.revision, stored.first_seen) == (2, NOW)
    assert "خبر داده است" in stored.article.body[0]


def test_an_older_page_never_replaces_what_is_stored(tmp_path: Path, store: Store) -> None:
    run(archived(tmp_path / "new", page(1, edited(), NOW + timedelta(days=1))), store)
    before = everything(store)
    assert run(archived(tmp_path / "old", page(1)), store) == {"unchanged": 1}
    (after,) = store.articles()
    assert after.first_seen == NOW
    assert after.article == before[0][0].article
    assert after.revision == 1


def read_worse(store: Store) -> StoredArticle:
    """The only article as if former rules had read it, and a crawl had found it unmodified since."""
    (stored,) = store.articles()
    worse = replace(stored.article, headline="تیتر بد")
    store.put_article(worse, organisation="office", province="alborz", seen_at=stored.last_seen)
    (ledger,) = store.known_pages("small", [stored.article.url]).values()
    again = replace(ledger, outcome="unchanged", checked_at=stored.last_seen + timedelta(days=9))
    store.page_unchanged(again, lambda state: NOW)
    return next(iter(store.articles()))


def test_a_page_that_was_not_modified_since_is_the_newest_all_the_same(tmp_path: Path, store: Store) -> None:
    files = archived(tmp_path, page(1, edited()), page(1, when=NOW + timedelta(days=1)))
    run(files, store)
    before = read_worse(store)
    assert before.last_seen == NOW + timedelta(days=10)
    assert run(files, store) == {"unchanged": 1, "changed": 1}
    (after,) = store.articles()
    assert (after.article.headline, after.last_seen) == (TITLE.format(1), before.last_seen)
    assert run(files, store) == {"unchanged": 2}


def test_a_deleted_article_is_read_again_and_stays_deleted(tmp_path: Path, store: Store) -> None:
    files = archived(tmp_path, page(1))
    run(files, store)
    read_worse(store)
    for days in (10, 20):
        at = NOW + timedelta(days=days)
        gone = PageState(page(1).url, "small", "rejected", "http-404", fetched_at=at, http_status=404)
        is_deleted = store.page_missing(gone, timedelta(days=3), lambda state: NOW)
    assert is_deleted
    assert run(files, store) == {"changed": 1}
    (after,) = store.articles()
    assert after.article.headline == TITLE.format(1)
    assert after.deleted_at == NOW + timedelta(days=20)
    assert store.known_pages("small", [page(1).url])[page(1).url].outcome == "http-404"
    assert run(files, store) == {"unchanged": 1}


def test_replay_goes_on_after_it_was_ended_in_the_middle(tmp_path: Path, store: Store) -> None:
    files = archived(tmp_path, *(page(number) for number in range(1, 7)))
    begun = replay(files, store, REGISTRY)
    assert [next(begun).outcome for _ in range(3)] == ["new"] * 3
    begun.close()
    assert run(files, store) == {"unchanged": 3, "new": 3}


def test_only_one_source(tmp_path: Path, store: Store) -> None:
    other = replace(page(2), source="other", url="https://other.ir/news/2", link=None)
    files = archived(tmp_path, page(1), other)
    assert run(files, store, source="other") == {"new": 1}
    assert [stored.article.url for stored in store.articles()] == [other.url]
    assert run(files, store, source="nobody") == {}


def test_an_article_that_rules_do_not_find_any_more_is_told_and_kept(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = archived(tmp_path, page(1))
    run(files, store)
    before = everything(store)
    none = NotArticle(page(1).url, Rejection.NO_ARTICLE, "nothing there")
    monkeypatch.setattr("aggregator.crawl.replay.extract", lambda *_: none)
    assert run(files, store, dry_run=True) == {"lost": 1}
    assert run(files, store) == {"lost": 1}
    assert everything(store) == before


# --- dry runs -----------------------------------------------------------------------------------------------


def test_a_dry_run_tells_what_a_real_one_does_and_writes_nothing(tmp_path: Path, store: Store) -> None:
    day = timedelta(days=1)
    run(archived(tmp_path / "first", page(1), page(2)), store)
    before = everything(store)
    pages = [page(1, edited(), NOW + day), page(2, when=NOW + day), page(3), page(3, edited(), NOW + day)]
    files = archived(tmp_path / "second", *pages, page(2, edited(), NOW - day))
    told = run(files, store, dry_run=True)
    assert everything(store) == before
    assert told == run(files, store) == {"changed": 2, "unchanged": 2, "new": 1}
    assert run(files, store, dry_run=True) == {"unchanged": 5}


def test_a_dry_run_has_before_and_after(tmp_path: Path, store: Store) -> None:
    run(archived(tmp_path / "first", page(1)), store)
    files = archived(tmp_path / "second", page(1, edited(), NOW + timedelta(days=1)))
    (result,) = replay(files, store, REGISTRY, dry_run=True)
    record = as_record(result)
    assert (record["outcome"], record["url"]) == ("changed", page(1).url)
    (change,) = record["changes"].values()
    assert list(record["changes"]) == ["body"]
    assert change["before"].replace("خبر داد", "خبر داده است", 4) == change["after"]


def test_the_ledger_of_a_later_fetch_is_kept(tmp_path: Path, store: Store) -> None:
    later = NOW + timedelta(days=2)
    gone = PageState(page(1).url, "small", "rejected", "http-404", fetched_at=later, http_status=404)
    store.save_page(gone)
    run(archived(tmp_path, page(1)), store)
    assert store.known_pages("small", [page(1).url])[page(1).url].outcome == "http-404"


def test_the_ledger_learns_of_a_page_that_was_archived_and_not_stored(tmp_path: Path, store: Store) -> None:
    store.add_pending("small", [Link(page(1).url, "listing")])
    run(archived(tmp_path, page(1)), store)
    state = store.known_pages("small", [page(1).url])[page(1).url]
    assert (state.status, state.fetched_at) == ("done", NOW)
    assert store.pending_links("small") == []


def test_a_missing_file_is_named(tmp_path: Path, store: Store) -> None:
    files = [*archived(tmp_path, page(1)), tmp_path / "gone.warc.gz"]
    with pytest.raises(FixFileError, match="gone"):
        run(files, store)
    assert list(store.articles()) == []  # said before anything is done


def test_memory_does_not_grow_with_the_archive(tmp_path: Path, store: Store) -> None:
    filler = f"<!-- {'x' * 200_000} -->".encode()
    pages = (replace(page(number), body=page(number).body + filler) for number in range(80))
    files = archived(tmp_path, *pages)
    assert run(files, store) == {"new": 80}
    tracemalloc.start()
    try:
        assert run(files, store) == {"unchanged": 80}
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000  # bytes; the pages alone are twice as many
