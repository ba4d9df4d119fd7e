"""The ledger of pages."""

from dataclasses import replace
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.model import Link, PageState
from aggregator.store import Store
from tests.making import NOW, links, make_article

SITE = "https://news.example.ir"


def link(number: int) -> Link:
    return Link(f"{SITE}/news/{number}", "feed", headline=f"خبر {number}")


def state(number: int, status: str = "failed", **fields: object) -> PageState:
    return PageState(link(number).url, "example", status, **fields)  # type: ignore[arg-type]


def test_links_are_entered_once_and_come_back_in_order(store: Store) -> None:
    assert store.add_pending("example", [link(3), link(1), link(3)]) == 2
    assert store.add_pending("example", [link(1), link(2)]) == 1
    assert store.add_pending("example", []) == 0
    assert store.pending_links("example") == [link(3), link(1), link(2)]
    assert store.pending_links("example", limit=2) == [link(3), link(1)]
    assert store.pending_links("other") == []


def test_the_first_promise_of_a_page_stays(store: Store) -> None:
    store.add_pending("example", [link(1)])
    store.add_pending("example", [replace(link(1), headline="دیگر")])
    assert store.pending_links("example") == [link(1)]


def test_the_same_address_belongs_to_each_source_apart(store: Store) -> None:
    assert store.add_pending("example", [link(1)]) == 1
    assert store.add_pending("other", [link(1)]) == 1


@given(given_links=st.lists(links, unique_by=lambda item: item.url, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_links_come_back_whole(store: Store, given_links: list[Link]) -> None:
    source = uuid4().hex  # all examples share the store, and a drawn name may be drawn again
    store.add_pending(source, given_links)
    assert store.pending_links(source) == given_links


def test_a_page_that_is_done_is_no_longer_pending(store: Store) -> None:
    store.add_pending("example", [link(1), link(2)])
    page = state(1, "done", http_status=200, fetched_at=NOW)
    store.put_article(make_article(), organisation=None, province=None, seen_at=NOW, page=page)
    store.save_page(state(2, "rejected", outcome="listing", http_status=200, fetched_at=NOW))
    assert store.pending_links("example") == []
    known = store.known_pages("example", [link(1).url, link(2).url, link(3).url])
    assert {url: (page.status, page.outcome) for url, page in known.items()} == {
        link(1).url: ("done", "new"),
        link(2).url: ("rejected", "listing"),
    }


def test_a_failed_page_is_tried_three_times_after_the_others(store: Store) -> None:
    store.add_pending("example", [link(1), link(2)])
    for attempts in (1, 2):
        store.save_page(state(1, outcome="TimeoutError"))
        assert store.known_pages("example", [link(1).url])[link(1).url].attempts == attempts
        assert store.pending_links("example") == [link(2), link(1)]
    store.save_page(state(1, outcome="TimeoutError"))
    assert store.pending_links("example") == [link(2)]


def test_failures_are_counted_whether_or_not_the_caller_does(store: Store) -> None:
    for attempts in (1, 2, 3):
        store.save_page(state(1, attempts=attempts))
    store.save_page(state(2, attempts=3))
    known = store.known_pages("example", [link(1).url, link(2).url])
    assert [page.attempts for page in known.values()] == [3, 3]


def test_a_success_ends_the_count(store: Store) -> None:
    store.save_page(state(1))
    store.save_page(state(1, "rejected"))
    store.save_page(state(1))
    assert store.known_pages("example", [link(1).url])[link(1).url].attempts == 1


def test_a_page_never_promised_can_fail_and_be_tried_again(store: Store) -> None:
    store.save_page(state(1))
    assert store.pending_links("example") == [Link(link(1).url, "listing")]


def test_a_page_keeps_its_article_when_it_is_gone(store: Store) -> None:
    article = make_article()
    store.put_article(article, organisation=None, province=None, seen_at=NOW, page=state(1, "done"))
    store.save_page(state(1, "rejected", outcome="soft-404"))
    assert store.known_pages("example", [link(1).url])[link(1).url].article_id == article.id


def test_settled_stays_settled(store: Store) -> None:
    store.save_page(state(1, "rejected"))
    store.save_page(replace(state(1, "rejected"), source="other"))
    store.settle("example")
    store.save_page(state(1))
    store.save_page(state(2, "rejected"))
    known = store.known_pages("example", [link(1).url, link(2).url])
    assert [page.settled for page in known.values()] == [True, False]
    assert not store.known_pages("other", [link(1).url])[link(1).url].settled


def test_thousands_of_addresses_are_looked_up_at_once(store: Store) -> None:
    many = [link(number) for number in range(2500)]
    assert store.add_pending("example", many) == 2500
    assert len(store.known_pages("example", (item.url for item in many))) == 2500
    assert store.add_pending("example", many) == 0
