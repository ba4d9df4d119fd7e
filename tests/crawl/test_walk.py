"""Where a walk through a listing ends."""

from aggregator.crawl.ledger import Verdict
from aggregator.crawl.walk import Walk
from aggregator.limits import MAX_BROKEN_PAGES, MAX_EMPTY_DAYS

NEW, KNOWN, SETTLED, OLD = Verdict.NEW, Verdict.KNOWN, Verdict.SETTLED, Verdict.OLD


def links(start: int, stop: int, verdict: Verdict) -> list[tuple[str, Verdict]]:
    return [(f"/news/{number}", verdict) for number in range(start, stop)]


def walk_through(walk: Walk, *verdicts: list[tuple[str, Verdict]]) -> int:
    """How many of these pages are read."""
    for number, page in enumerate(verdicts, start=1):
        if walk.step(f"/list/{number}", page, [f"/list/{number + 1}"]) is None:
            return number
    return len(verdicts)


def test_a_first_crawl_reads_every_page() -> None:
    pages = [links(10 * n, 10 * n + 10, NEW) for n in range(50)]
    assert walk_through(Walk(30), *pages) == 50


def test_stops_after_enough_settled_links_in_a_row() -> None:
    pages = [links(10 * n, 10 * n + 10, SETTLED) for n in range(50)]
    assert walk_through(Walk(30), *pages) == 3


def test_links_of_a_crawl_that_was_cut_short_do_not_stop_it() -> None:
    pages = [links(10 * n, 10 * n + 10, KNOWN) for n in range(50)]
    assert walk_through(Walk(30), *pages) == 50


def test_a_new_link_among_settled_ones_starts_the_count_again() -> None:
    page = [*links(1000, 1001, NEW), *links(0, 50, SETTLED)]
    assert walk_through(Walk(30), page, links(50, 60, SETTLED), links(60, 90, SETTLED), []) == 3


def test_a_menu_that_repeats_on_every_page_is_counted_once() -> None:
    menu = links(9000, 9020, SETTLED)
    pages = [[*menu, *links(5 * n, 5 * n + 5, SETTLED)] for n in range(20)]
    assert walk_through(Walk(30), *pages) == 2  # 20 + 5, 5


def test_with_since_settled_links_do_not_stop_it_but_old_ones_do() -> None:
    pages = [links(0, 40, SETTLED), links(40, 80, SETTLED), links(80, 90, OLD), links(90, 100, OLD)]
    assert walk_through(Walk(None), *pages) == 3


def test_undated_links_of_a_menu_do_not_keep_it_going() -> None:
    menu = links(9000, 9005, KNOWN)
    pages = [[*menu, *links(0, 10, KNOWN)], [*menu, *links(10, 20, OLD)], links(20, 30, OLD)]
    assert walk_through(Walk(None), *pages) == 2


def test_a_page_without_a_new_link_ends_it() -> None:
    page = links(0, 10, NEW)
    assert walk_through(Walk(30), page, page, page) == 2


def test_an_endless_calendar_ends() -> None:
    pages = [links(10 * n, 10 * n + 10, NEW) for n in range(100)]
    assert walk_through(Walk(30, max_pages=7), *pages) == 7


def test_the_nearest_page_goes_first() -> None:
    walk = Walk(30)
    assert walk.step("/1", links(0, 1, NEW), ["/2", "/3", "/500"]) == "/2"
    assert walk.step("/2", links(1, 2, NEW), ["/1", "/3", "/4", "/500"]) == "/3"
    assert walk.step("/3", links(2, 3, NEW), ["/2", "/4", "/5", "/500"]) == "/4"
    assert walk.step("/4", links(3, 4, NEW), []) == "/5"
    assert walk.step("/5", links(4, 5, NEW), []) == "/500"


def test_a_page_that_cannot_be_had_is_passed_over() -> None:
    walk = Walk(30)
    assert not walk.has_begun
    assert walk.step("/1", links(0, 1, NEW), ["/2", "/3"]) == "/2"
    assert walk.has_begun
    assert walk.skip("/2") == "/3"
    assert walk.skip("/3") is None


def test_behind_a_broken_page_the_next_number_is_tried_a_few_times_in_a_row() -> None:
    walk = Walk(30)
    assert walk.step("/1", links(0, 1, NEW), ["/2"]) == "/2"
    assert walk.skip("/2", beyond="/3") == "/3"
    assert walk.step("/3", links(2, 3, NEW), ["/4"]) == "/4"
    for number in range(4, 4 + MAX_BROKEN_PAGES):
        assert walk.skip(f"/{number}", beyond=f"/{number + 1}") == f"/{number + 1}"
    assert walk.skip("/7", beyond="/8") is None
    assert walk.end == "broken"


def test_a_listing_that_never_shows_anything_ends() -> None:
    """The first page may be empty; without end nothing is looked for."""
    assert walk_through(Walk(30), *([[]] * 50)) == 2


def test_an_archive_of_days_that_never_shows_anything_ends() -> None:
    walk = Walk(30)
    days = [f"/archive/{1403 - n // 300}/{n // 25 % 12 + 1}/{25 - n % 25}" for n in range(600)]
    read = next(n for n, day in enumerate(days) if walk.step(day, [], [days[n + 1]]) is None)
    assert (read, walk.end) == (MAX_EMPTY_DAYS, "empty")


def test_pages_beside_a_calendar_are_read_before_its_days() -> None:
    walk = Walk(30)
    days = [f"/list?date=1403/{month:02}/01" for month in range(1, 13)]
    assert walk.step("/list", links(0, 1, NEW), [days[0], "/list?page=2", days[1]]) == "/list?page=2"
    assert walk.step("/list?page=2", links(1, 2, NEW), ["/list?page=3"]) == "/list?page=3"
    # the pages go in a circle, and the days are still ahead
    assert walk.step("/list?page=3", links(1, 2, NEW), ["/list?page=4"]) == days[0]


def test_pages_behind_an_endless_calendar_are_read() -> None:
    walk = Walk(30)
    day = "http://example.ir/list?date=1403/01/{}"
    place = walk.step("/list", links(0, 1, NEW), [day.format(0)])
    for number in range(1, MAX_EMPTY_DAYS):
        assert place is not None
        place = walk.step(place, [], [day.format(number)])
    assert place is not None
    assert walk.step(place, [], ["/list?page=2", day.format(99)]) == "/list?page=2"
    assert walk.step("/list?page=2", links(1, 2, NEW), []) is None
    assert walk.end == "last"
