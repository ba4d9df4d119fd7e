"""Reading the archive again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from aggregator.crawl.archive import PageArchive, archive_files
from aggregator.crawl.replay import replay
from aggregator.errors import FixFileError
from aggregator.model import Link, Organisation, Page, PageState, Province, Source
from aggregator.registry import Registry
from aggregator.store import Store

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
REGISTRY = Registry(
    MappingProxyType({"office": Organisation("office", "اداره", "Office", "other", province="alborz")}),
    MappingProxyType({"alborz": Province("alborz", "البرز", "Alborz", "IR-30", "کرج")}),
    MappingProxyType({"small": Source("small", "office", "https://example.ir/")}),
)
TEXT = "اداره کل تعاون، کار و رفاه اجتماعی استان از برگزاری دوره آموزشی ایمنی کارگاه‌ها خبر داد. " * 4


def page(number: int, text: str = TEXT, when: datetime = NOW) -> Page:
    title = f"برگزاری دوره آموزشی ایمنی کارگاه‌ها، گزارش {number}"
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


def test_an_empty_database_is_filled_again(tmp_path: Path, store: Store) -> None:
    nothing = Page("https://example.ir/news/9", b"", NOW, "small")
    files = archived(tmp_path, page(1), page(2), nothing)
    counts = replay(files, store, REGISTRY)
    assert counts == {"pages": 3, "new": 2, "changed": 0, "unchanged": 0, "rejected": 1}
    found = list(store.articles())
    assert {(stored.organisation, stored.province) for stored in found} == {("office", "alborz")}
    assert all(stored.first_seen == NOW and stored.article.normalised for stored in found)
    assert store.known_pages("small", [page(1).url])[page(1).url].status == "done"


def test_names_are_found_again_and_make_no_revision(tmp_path: Path, store: Store) -> None:
    files = archived(tmp_path, page(1, f"به گفته وی، مردم البرز همراه هستند. {TEXT}"))
    replay(files, store, REGISTRY)
    (stored,) = store.articles()
    assert "alborz" in {mention.id for mention in stored.article.mentions}  # the office works there
    before = replace(stored.article, mentions=())
    store.put_article(before, organisation="office", province="alborz", seen_at=NOW)
    assert next(iter(store.articles())).article.mentions == ()
    store.mark_indexed([(before.id, 1)])
    assert replay(files, store, REGISTRY)["unchanged"] == 1
    assert list(store.articles()) == [stored]
    assert store.pending_count() == 1


def test_replaying_twice_changes_nothing(tmp_path: Path, store: Store) -> None:
    later = NOW + timedelta(days=1)
    files = archived(tmp_path, page(1), page(1, TEXT.replace("خبر داد", "خبر داده است"), later))
    assert replay(files, store, REGISTRY) == {
        "pages": 2,
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "rejected": 0,
    }
    before = list(store.articles())
    assert replay(files, store, REGISTRY)["unchanged"] == 2
    assert list(store.articles()) == before
    assert before[0].revision == 2


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path, store: Store) -> None:
    files = archived(tmp_path, page(1), page(2))
    assert replay(files, store, REGISTRY, dry_run=True)["new"] == 2
    assert list(store.articles()) == []
    replay(files, store, REGISTRY)
    assert replay(files, store, REGISTRY, dry_run=True)["unchanged"] == 2


def test_the_ledger_of_a_later_fetch_is_kept(tmp_path: Path, store: Store) -> None:
    later = NOW + timedelta(days=2)
    gone = PageState(page(1).url, "small", "rejected", "http-404", fetched_at=later, http_status=404)
    store.save_page(gone)
    replay(archived(tmp_path, page(1)), store, REGISTRY)
    assert store.known_pages("small", [page(1).url])[page(1).url].outcome == "http-404"


def test_a_missing_file_is_named(tmp_path: Path, store: Store) -> None:
    with pytest.raises(FixFileError, match="gone"):
        replay([tmp_path / "gone.warc.gz"], store, REGISTRY)
