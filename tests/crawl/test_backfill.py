"""How far back-fills have come: walks that go on, days, missing numbers, traps, twins. Pure."""

import json
from datetime import UTC, date, datetime
from itertools import islice

import pytest

from aggregator.crawl.backfill import Days, Reach, after_day, after_page, familiar, spans, walk_back
from aggregator.crawl.gaps import MAX_GAP, gap_links
from aggregator.crawl.ledger import Verdict
from aggregator.crawl.postback import PostForm
from aggregator.crawl.traps import DEEP, REPEATING, trap_of
from aggregator.crawl.twins import Twins
from aggregator.crawl.walk import Place, Walk
from aggregator.limits import MAX_DEPTH, MAX_EMPTY_DAYS
from aggregator.model import DateReading, Link
from aggregator.platforms import by_name
from aggregator.urls import clean_url

SINCE, TODAY = date(2019, 3, 21), date(2026, 11, 1)
NEW, KNOWN, SETTLED, OLD = Verdict.NEW, Verdict.KNOWN, Verdict.SETTLED, Verdict.OLD
ROOT = "http://a.ir/"


class Listing:
    """A list of numbered pages of ten links, the newest first, and what the ledger knows of them."""

    def __init__(self, newest: int):
        self.newest = newest
        self.entered: set[int] = set()
        self.reach: Reach | None = None
        self.read: list[int] = []

    def crawl(self, since: date = SINCE, pages: int | None = None) -> Walk:
        """One back-fill, cut off after so many pages; every state goes through JSON, as in the store."""
        kept = {"backfill": self.reach.state()} if self.reach else {}
        walk = walk_back(Reach.read(json.loads(json.dumps(kept))), since, 30, "/list/1")
        self.read, now = [], set()
        place: Place | None = "/list/1"
        while place is not None and (pages is None or len(self.read) < pages):
            page = int(str(place).rpartition("/")[2])
            self.read.append(page)
            shown = [n for n in range(self.newest - 10 * (page - 1), self.newest - 10 * page, -1) if n > 0]
            verdicts = tuple((f"/news/{n}", KNOWN if n in self.entered else NEW) for n in shown)
            now |= {f"/news/{n}" for n in shown if n not in self.entered}
            self.entered |= set(shown)
            new = sum(verdict is NEW for _, verdict in verdicts)
            was_above = walk.stop_after is not None
            following = walk.step(
                place, familiar(verdicts, now), [f"/list/{page + 1}"] if shown[-1:] != [1] else []
            )
            self.reach = after_page(self.reach, walk, was_above, place, [], new, since)
            place = following
        return walk


def test_the_next_run_goes_on_where_the_last_one_stood() -> None:
    site = Listing(500)
    site.crawl(pages=20)
    assert site.read == list(range(1, 21))
    site.crawl(pages=13)
    assert site.read == [1, 2, 3, *range(20, 30)]  # thirty known links tell that nothing is new
    assert site.crawl().end == "last"
    assert site.read == [1, 2, 3, *range(29, 51)]
    assert len(site.entered) == 500
    site.crawl()
    assert site.read == [1, 2, 3]


def test_what_is_new_meanwhile_is_found_too() -> None:
    site = Listing(500)
    site.crawl(pages=20)
    site.newest += 45
    site.crawl()
    assert site.read[:9] == [1, 2, 3, 4, 5, 6, 7, 8, 20]
    assert site.entered == set(range(1, 546))


def test_a_run_that_is_cut_short_among_the_new_ones_leaves_no_hole() -> None:
    site = Listing(500)
    site.crawl()
    site.newest += 200
    site.crawl(pages=8)  # 80 of the 200
    site.crawl()
    assert site.entered == set(range(1, 701))
    site.crawl()
    assert site.read == [1, 2, 3]


def test_an_earlier_day_goes_on_behind_a_later_one() -> None:
    done = Reach(date(2020, 1, 1), at="/list/9", end="since")
    assert walk_back(done, date(2020, 1, 1), 30, "").resume is None
    assert walk_back(done, date(2021, 1, 1), 30, "").resume is None
    assert walk_back(done, date(2019, 1, 1), 30, "").resume == "/list/9"
    over = Reach(date(2020, 1, 1), at="/list/9", end="last")
    assert walk_back(over, date(2019, 1, 1), 30, "").resume is None
    assert walk_back(None, SINCE, 30, "").stop_after is None


def test_a_form_survives_json() -> None:
    place = PostForm("http://a.ir/x", (("__VIEWSTATE", "a+/="), ("پ", "ت")), by_day=True)
    reach = Reach(SINCE, at=place, pages=3, reached=TODAY, above=4)
    assert Reach.read({"backfill": json.loads(json.dumps(reach.state()))}) == reach


def test_the_day_that_was_reached_is_that_of_the_last_dated_link() -> None:
    def dated(day: int) -> Link:
        instant = datetime(2020, 6, day, 12, tzinfo=UTC)
        return Link(f"/{day}", "listing", published=DateReading("", instant, "day", "jalali", "visible"))

    links = [dated(1), dated(9), dated(8), Link("/x", "listing")]
    reach = after_page(None, Walk(None), False, "/list", links, 4, SINCE)
    assert reach.reached == date(2020, 6, 8)


# --- days ---------------------------------------------------------------------------------------------------


def nastooh_days(*wanted: tuple[date, date]) -> Days:
    platform = by_name("nastooh")
    assert platform
    assert platform.archive_day
    return Days(platform.archive_day, ROOT, list(wanted))


def test_days_are_jalali_and_the_newest_comes_first() -> None:
    days = nastooh_days((date(2019, 3, 22), date(2019, 3, 20)))
    assert days.count == 3
    assert list(days) == [
        "http://a.ir/archive?pi=1&ms=0&dy=2&mn=1&yr=1398",
        "http://a.ir/archive?pi=1&ms=0&dy=1&mn=1&yr=1398",
        "http://a.ir/archive?pi=1&ms=0&dy=29&mn=12&yr=1397",
    ]


def test_days_go_on_where_they_stood() -> None:
    assert spans({}, SINCE, TODAY) == [(TODAY, SINCE)]
    state = after_day({}, date(2024, 5, 2), None, date(2026, 10, 1))
    assert spans(state, SINCE, TODAY) == [(TODAY, date(2026, 10, 1)), (date(2024, 5, 2), SINCE)]
    state |= after_day(state, date(2026, 10, 20), None, TODAY)  # not yet joined with what was before
    assert spans(state, SINCE, TODAY)[0] == (TODAY, date(2026, 10, 1))
    state |= after_day(state, date(2024, 5, 1), None, TODAY)
    assert spans(state, SINCE, TODAY) == [(date(2024, 5, 1), SINCE)]
    state |= after_day(state, date(2020, 1, 1), "empty", TODAY)
    assert spans(state, SINCE, date(2026, 11, 5)) == [(date(2026, 11, 5), TODAY)]
    state |= after_day(state, TODAY, "since", date(2026, 11, 5))
    assert spans(state, SINCE, date(2026, 11, 5)) == []


def test_a_walk_reads_the_pages_of_each_day() -> None:
    days = nastooh_days((date(2019, 3, 23), date(2019, 3, 21)))
    walk = Walk(None, days=days)
    first = next(days)
    assert walk.step(first, [("/1", NEW)], ["/p2"]) == "/p2"
    second = walk.step("/p2", [("/1", KNOWN)], ["/p3"])  # nothing more on this day
    assert second == "http://a.ir/archive?pi=1&ms=0&dy=2&mn=1&yr=1398"
    third = walk.step(second, [], [])
    assert third == "http://a.ir/archive?pi=1&ms=0&dy=1&mn=1&yr=1398"
    assert walk.step(third, [("/2", NEW)], []) is None
    assert walk.end == "since"


@pytest.mark.parametrize("place", ["/archive/1399/03/{}", "/list?date=1399/03/{}", "form"])
def test_a_calendar_may_have_days_without_news_but_not_for_ever(place: str) -> None:
    walk = Walk(30)

    def day(number: int) -> Place:
        by_form = PostForm("/x", (("s", str(number)),), by_day=True)
        return by_form if place == "form" else place.format(number)

    assert walk.step(day(0), [("/1", NEW)], [day(1)]) == day(1)
    for number in range(1, MAX_EMPTY_DAYS):
        assert walk.step(day(number), [("/1", KNOWN)], [day(number + 1)]) == day(number + 1)
    assert walk.step(day(MAX_EMPTY_DAYS), [("/1", KNOWN)], [day(99)]) is None
    assert walk.end == "empty"


# --- numbers ------------------------------------------------------------------------------------------------


def gaps(known: list[str], platform: str = "nastooh") -> list[str]:
    links = gap_links([ROOT[:-1] + path for path in known], by_name(platform), ROOT)
    return [link.url.removeprefix(ROOT[:-1]) for link in links if link.origin == "id"]


def test_missing_numbers_the_newest_first() -> None:
    known = ["/news/1005/a", "/news/1001", "/photo/1003/c", "/service/1002", "/news/1003/other"]
    assert gaps(known) == ["/news/1004", "/news/1002"]


def test_the_address_is_made_like_its_neighbour_s() -> None:
    assert gaps(["/fa/news/12", "/en/news/10"], "iransamaneh") == ["/fa/news/11"]
    assert gaps(["/بخش-کار-3/12-x", "/fa/tiny/news-10"], "aasaam") == [
        (clean_url("/fa/tiny/news-11", ROOT) or "").removeprefix(ROOT[:-1])
    ]


@pytest.mark.parametrize("platform", ["wordpress", "highportal", "dorsa", "es-news"])
def test_where_numbers_are_not_given_in_order_none_is_made_up(platform: str) -> None:
    assert gaps(["/12/a/", "/10/b/", "/index.jsp?newsview=5", "/index.jsp?newsview=7"], platform) == []


def test_a_gap_that_is_too_wide_is_none() -> None:
    wide = [f"/news/{1000 + MAX_GAP + 2}", "/news/1000", "/news/998"]
    assert gaps(wide) == ["/news/999"]
    assert len(gaps([f"/news/{1000 + MAX_GAP + 1}", "/news/1000"])) == MAX_GAP
    assert next(islice(gap_links([], None, ROOT), 1), None) is None


# --- traps --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/news/12/slug", None),
        ("/archive/1/1/1", None),
        ("/1399/1/1/1/1/slug", None),
        ("/a/a/b", None),
        ("/fa/news/news/12", None),
        ("/news/news/news/12", REPEATING),
        ("/a/b/a/b/a/b/12", REPEATING),
        ("/x/a/1/a/1/a/1", REPEATING),
        ("/list?page=1&page=1&page=1&page=1", REPEATING),
        ("/index.jsp?siteid=1&siteid=1&newsview=4", None),
        ("/" + "/".join(f"s{n}" for n in range(MAX_DEPTH)), None),
        ("/" + "/".join(f"s{n}" for n in range(MAX_DEPTH + 1)), DEEP),
    ],
)
def test_traps(path: str, trap: str | None) -> None:
    assert trap_of("http://a.ir" + path) == trap


def met(*pages: tuple[Walk, str]) -> list[bool]:
    """What is said of the walks that read these pages, one after another."""
    twins = Twins()
    return [twins.meets(walk, [f"/{page}/{n}" for n in range(10)]) for walk, page in pages]


def test_of_two_walks_through_one_listing_the_later_is_given_up() -> None:
    one, other = Walk(30), Walk(30)
    assert met(*((one, page) for page in "abcd"), *((other, page) for page in "abc"))[4:] == [
        False,
        False,
        True,
    ]
    overtaken = met(
        (one, "a"), (other, "a"), (other, "b"), (other, "c"), (one, "b"), (one, "c"), (other, "d")
    )
    assert overtaken == [False] * 6 + [True]


def test_a_section_that_begins_like_the_whole_is_no_twin() -> None:
    whole, section = Walk(30), Walk(30)
    assert not any(
        met((whole, "a"), (whole, "b"), (whole, "c"), (section, "a"), (section, "b"), (section, "x"))
    )
    assert not any(Twins().meets(walk, ["/1", "/2"]) for walk in (whole, section) for _ in range(5))


def test_a_walk_that_repeats_a_page_is_not_its_own_twin() -> None:
    walk, other = Walk(30), Walk(30)
    assert not any(met((walk, "a"), (other, "a"), *[(walk, "a"), (other, "a")] * 3))


def test_the_twin_of_a_walk_that_broke_goes_on() -> None:
    broken, other = Walk(30), Walk(30)
    broken.end = "broken"
    assert not any(met(*((broken, page) for page in "abc"), *((other, page) for page in "abc")))
