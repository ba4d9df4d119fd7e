"""What one more look at an article does."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from aggregator.model import Article, DateReading, EventDate, Mention, NormalisedText, PageState
from aggregator.store import Outcome, Store
from tests.making import NOW, make_article, make_stored

HOUR = timedelta(hours=1)


def put(store: Store, article: Article, seen: datetime = NOW, owner: str | None = "office") -> Outcome:
    return store.put_article(article, organisation=owner, province="alborz", seen_at=seen)


def index_all(store: Store) -> None:
    store.mark_indexed(item.mark for item in store.pending_index(1000))


# --- new, unchanged, changed -------------------------------------------------------------------------


def test_a_new_article_is_stored_as_it_is(store: Store) -> None:
    assert put(store, make_article()) == "new"
    assert store.get_article(make_article().id) == make_stored()


def test_an_unknown_article_is_none(store: Store) -> None:
    assert store.get_article("0" * 20) is None
    assert store.revisions("0" * 20) == []


def test_the_same_again_only_moves_last_seen(store: Store) -> None:
    put(store, make_article())
    assert put(store, make_article(), NOW + HOUR) == "unchanged"
    assert store.revisions(make_article().id) == [replace(make_stored(), last_seen=NOW + HOUR)]


def test_an_edit_makes_a_revision_and_keeps_the_old_text(store: Store) -> None:
    edited = make_article(headline="خبر اصلاح‌شده")
    put(store, make_article())
    put(store, make_article(), NOW + HOUR)
    assert put(store, edited, NOW + 3 * HOUR) == "changed"
    first, second = store.revisions(edited.id)
    assert first == replace(make_stored(), last_seen=NOW + HOUR)
    assert (second.article, second.revision) == (edited, 2)
    assert (second.first_seen, second.last_seen) == (NOW + 3 * HOUR, NOW + 3 * HOUR)
    current = store.get_article(edited.id)
    assert current == replace(second, first_seen=NOW)


def test_an_edit_undone_is_a_third_revision(store: Store) -> None:
    for number, headline in enumerate(["الف", "ب", "الف"]):
        put(store, make_article(headline=headline), NOW + number * HOUR)
    found = store.revisions(make_article().id)
    assert [(item.revision, item.article.headline) for item in found] == [(1, "الف"), (2, "ب"), (3, "الف")]


def test_a_moved_modification_date_is_no_revision_but_is_kept(store: Store) -> None:
    put(store, make_article())
    moved = make_article(modified=DateReading("امروز", NOW, "minute", "jalali", "meta"))
    assert put(store, moved, NOW + HOUR) == "unchanged"
    (only,) = store.revisions(moved.id)
    assert only.article.modified == moved.modified


def test_an_older_look_never_replaces_a_newer_one(store: Store) -> None:
    put(store, make_article(headline="تازه"))
    assert put(store, make_article(headline="کهنه"), NOW - HOUR) == "unchanged"
    current = store.get_article(make_article().id)
    assert current == replace(make_stored(headline="تازه"), first_seen=NOW - HOUR)
    assert len(store.revisions(make_article().id)) == 1


def test_a_replayed_page_counts_although_archives_cut_its_time(store: Store) -> None:
    put(store, make_article(), NOW.replace(microsecond=900_000))
    assert put(store, make_article(section="استان‌ها"), NOW) == "changed"


# --- the same article elsewhere ----------------------------------------------------------------------


def test_the_same_article_on_another_site_stays_where_it_was_first(store: Store) -> None:
    put(store, make_article())
    here = make_article(source="mirror", headline="خبر اصلاح‌شده")
    mirrored = replace(here, url="https://mirror.example.ir/1")
    assert put(store, mirrored, NOW + HOUR, owner="other") == "changed"
    current = store.get_article(mirrored.id)
    assert current is not None
    assert (current.article.source, current.article.url) == ("example", make_article().url)
    assert (current.organisation, current.article.headline) == ("office", "خبر اصلاح‌شده")


def test_an_article_that_was_nobodys_gets_the_first_owner_that_comes(store: Store) -> None:
    put(store, make_article(source="import", provenance={}), owner=None)
    index_all(store)
    assert put(store, make_article(), NOW + HOUR) == "unchanged"
    current = store.get_article(make_article().id)
    assert current is not None
    assert (current.article.source, current.organisation) == ("example", "office")
    assert store.pending_count() == 1


def test_an_article_that_is_nobodys_stays_with_the_site_that_had_it_first(store: Store) -> None:
    put(store, make_article(), owner=None)
    assert put(store, make_article(source="import", lead="لید", provenance={}), owner=None) == "changed"
    current = store.get_article(make_article().id)
    assert current is not None
    assert current.article.source == "example"


def test_a_new_owner_in_the_registry_reaches_articles_and_index(store: Store) -> None:
    put(store, make_article())
    index_all(store)
    assert put(store, make_article(), NOW + HOUR, owner="ministry") == "unchanged"
    current = store.get_article(make_article().id)
    assert current is not None
    assert current.organisation == "ministry"
    assert store.pending_count() == 1


# --- read better -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "derived",
    [
        {"normalised": NormalisedText("خبر", None, None, ("متن",))},
        {"mentions": (Mention("province", "البرز", 0, 5, id="alborz", field="body"),)},
        {"event_dates": (EventDate("امروز", 0, 5, NOW.date(), "jalali", field="body"),)},
        {"published": replace(make_article().published, doubts=("year",))},  # type: ignore[type-var]
    ],
)
def test_a_better_reading_of_the_same_content_replaces_the_record_and_is_indexed(
    store: Store, derived: dict[str, Any]
) -> None:
    put(store, make_article())
    index_all(store)
    better = make_article(**derived)
    assert put(store, better, NOW) == "unchanged"
    assert [item.article for item in store.revisions(better.id)] == [better]
    assert [item.article.article for item in store.pending_index(10)] == [better]


def test_an_export_read_back_does_not_take_detail_away(store: Store) -> None:
    put(store, make_article())
    index_all(store)
    assert put(store, make_article(provenance={}), NOW + HOUR) == "unchanged"
    current = store.get_article(make_article().id)
    assert current is not None
    assert current.article.provenance == {"headline": "platform"}
    assert store.pending_count() == 0


# --- with the page's state ---------------------------------------------------------------------------


def test_the_page_learns_outcome_and_article(store: Store) -> None:
    article = make_article()
    page = PageState(article.url, "example", "done", fetched_at=NOW, http_status=200)
    store.put_article(article, organisation=None, province=None, seen_at=NOW, page=page)
    known = store.known_pages("example", [article.url, "https://news.example.ir/other"])
    at_once = replace(page, checked_at=NOW, changed_at=article.published.instant, due_at=NOW)
    assert known == {article.url: replace(at_once, outcome="new", article_id=article.id)}


def test_without_its_page_the_article_is_not_stored_either(store: Store) -> None:
    broken = PageState(make_article().url, "example", "done", fetched_at=datetime(2026, 1, 1))  # naive
    with pytest.raises(StatementError):
        store.put_article(make_article(), organisation=None, province=None, seen_at=NOW, page=broken)
    assert store.get_article(make_article().id) is None


# --- many at once ------------------------------------------------------------------------------------


def test_a_batch_does_what_one_by_one_does(store: Store) -> None:
    batch = [make_stored(1), make_stored(2), make_stored(1, seen=NOW + HOUR), make_stored(2, headline="ب")]
    batch.append(make_stored(3, headline="ج"))
    assert store.put_articles(batch) == ["new", "new", "unchanged", "changed", "new"]
    assert [len(store.revisions(make_article(number).id)) for number in (1, 2, 3)] == [1, 2, 1]
    assert store.put_articles(batch[-1:]) == ["unchanged"]
    assert store.put_articles([]) == []


def test_an_article_twice_changed_in_one_batch_has_all_revisions(store: Store) -> None:
    store.put_articles([make_stored(1)])
    assert store.put_articles([make_stored(1, headline="ب"), make_stored(1, headline="ج")]) == ["changed"] * 2
    assert [item.revision for item in store.revisions(make_article().id)] == [1, 2, 3]


def test_times_and_revision_number_of_an_export_are_kept(store: Store) -> None:
    item = replace(make_stored(seen=NOW - HOUR), last_seen=NOW, revision=7)
    store.put_articles([item])
    assert store.get_article(item.article.id) == item
    edited = make_stored(headline="ب", seen=NOW + HOUR)
    store.put_articles([edited])
    assert [found.revision for found in store.revisions(item.article.id)] == [7, 8]


def test_more_articles_in_a_batch_than_fit_into_one_statement(store: Store) -> None:
    batch = [make_stored(number) for number in range(1200)]
    assert store.put_articles(batch) == ["new"] * 1200
    assert store.put_articles(batch) == ["unchanged"] * 1200
