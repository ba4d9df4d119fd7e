"""Sites that are in no registry, of every CMS family, 400 articles each: all are collected, none is invented.

Once healthy, once with faults of every kind (see ``tests.e2e.faults``). All families are crawled in one run:
it costs less, and one site's troubles must not be another's.
"""

import os
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from aggregator.demo.families import FAMILIES
from aggregator.demo.server import Portal, Request
from aggregator.demo.site import DeadEnd, Site
from aggregator.demo.synthetic import synthetic_articles
from tests.e2e.conftest import Done, Run
from tests.e2e.faults import FAILED, REJECTED, FaultySite, StrictSite

ARTICLES = int(os.environ.get("PORTAL_ARTICLES", "400"))  # of each family; CI has no time for so many
AT_ONCE = 2  # the default for a site
PATIENCE = 900  # seconds
EXACT = ("headline", "kicker", "lead", "section", "keywords", "authors", "code", "attachments", "main_image",
         "date_published", "date_precision")  # fmt: skip
#: Of a page whose date has not come yet: what does not hang on the date.
UNDATED = tuple(name for name in EXACT if not name.startswith("date_") and name != "main_image")
#: Outcomes of what is no article's address: forbidden, a trap, a list that a system usually has.
BESIDE = {"robots-forbidden", "endless-calendar", "http-404"}


@pytest.fixture(autouse=True)
def wide(tmp_path: Path) -> None:
    """Every site at once, each with its full share of requests. The archive has tests of its own."""
    settings = {"sites_at_once": len(FAMILIES), "concurrency": AT_ONCE * len(FAMILIES), "archive": "false"}
    (tmp_path / "aggregator.toml").write_text("".join(f"{key} = {settings[key]}\n" for key in settings))


def crawl(run: Run, sites: list[Site], *arguments: str) -> list[dict[str, Any]]:
    """Crawls these sites in one run; what came of each, in their order."""
    done = run("crawl", *(site.base_url + "/" for site in sites), "--json", *arguments, timeout=PATIENCE)
    assert done.status == 0, done.err
    outcomes: list[dict[str, Any]] = done.json
    assert [outcome["status"] for outcome in outcomes] == ["finished"] * len(sites), done.err
    return outcomes


def of_site(export: Done, site: Site) -> list[dict[str, Any]]:
    """The collected articles of a site."""
    return [record for record in export.records if record["url"].startswith(site.base_url + "/")]


def differences(site: Site, records: list[dict[str, Any]]) -> list[Any]:
    """Where the articles are not those that they should be: missing, twice, invented, or wrong in a field."""
    truth = {record["headline"]: record for record in site.truth()}
    times = Counter(record["headline"] for record in records)
    wrong: list[Any] = [("missing", name) for name in truth.keys() - times.keys()]
    wrong += [("invented", name) for name in times.keys() - truth.keys()]
    wrong += [("twice", name) for name, count in times.items() if count > 1]
    for record in records:
        if expected := truth.get(record["headline"]):
            # A page without a breadcrumb may have a word above its headline that is taken for a section.
            is_future = isinstance(site, FaultySite) and site.is_future(record["headline"])
            day = record["date_published"]
            if (
                is_future and day and day[:10] != expected["date_published"][:10]
            ):  # what a list tells may stand
                wrong.append((record["url"], "a date that has not come yet", day))
            names = UNDATED if is_future else EXACT
            compared = [name for name in names if name != "section" or name in site.family.shows]
            found = {name: record[name] for name in compared} | {"body": record["body"].split("\n")}
            wrong += [
                (record["url"], name, value, expected[name])
                for name, value in found.items()
                if value != expected[name]
            ]
    return wrong


def most_at_once(requests: Sequence[Request]) -> int:
    """The largest number of requests that were being answered at the same time."""
    marks = sorted([(one.at, 1) for one in requests] + [(one.ended, -1) for one in requests])
    most = now = 0
    for _, step in marks:
        now += step
        most = max(most, now)
    return most


def gaps(requests: Sequence[Request]) -> list[float]:
    """Seconds between the beginnings of requests that follow one another."""
    began = sorted(one.at for one in requests)
    return [after - before for before, after in pairwise(began)]


def times_asked(requests: tuple[Request, ...]) -> Counter[str]:
    """How often each address was asked for and answered in full."""
    return Counter(request.target for request in requests if request.status == 200)


def test_every_article_of_a_healthy_portal_is_collected_once(run: Run) -> None:
    dead_ends = [DeadEnd("soft-404", "خبری که دیگر نیست"), DeadEnd("login", "خبری که تنها ویژه همکاران است")]
    stories = synthetic_articles(ARTICLES, seed=7, sentences=2)
    sites = [Site(family, stories, source=family, dead_ends=dead_ends) for family in FAMILIES]
    with Portal(sites) as portal:
        outcomes = crawl(run, sites, "--delay", "0")
        asked = {site.source_id: portal.requests(site.source_id) for site in sites}
    export = run("export")

    for site, outcome in zip(sites, outcomes, strict=True):
        requests = asked[site.source_id]
        assert not differences(site, of_site(export, site)), site.source_id
        assert outcome["counts"]["new"] == ARTICLES, site.source_id
        assert outcome["counts"]["rejected"].keys() - BESIDE == {"soft-404", "login"}, site.source_id
        assert not outcome["counts"]["failed"], site.source_id
        assert not [request.target for request in requests if request.target.startswith(site.forbidden)]
        assert max(times_asked(requests).values()) == 1, f"{site.source_id}: asked for a page twice"
        assert most_at_once(requests) <= AT_ONCE, site.source_id
    assert max(most_at_once(requests) for requests in asked.values()) == AT_ONCE


def test_every_healthy_article_of_a_faulty_portal_is_collected_once(run: Run) -> None:
    stories = synthetic_articles(ARTICLES + len(REJECTED) + len(FAILED), seed=11, sentences=2)
    elsewhere = Site("handmade", synthetic_articles(1))
    with Portal([elsewhere]) as outside:
        sites = [
            FaultySite(
                family,
                stories,
                source=family,
                elsewhere=elsewhere.base_url,
                charset="windows-1256" if family == "handmade" else "utf-8",
            )
            for family in FAMILIES
        ]
        with Portal(sites) as portal:
            outcomes = crawl(run, [*sites], "--delay", "0")
            asked = {site.source_id: portal.requests(site.source_id) for site in sites}
        assert not outside.requests(elsewhere.source_id), "followed to another site"
    export = run("export")

    for site, outcome in zip(sites, outcomes, strict=True):
        requests, counts = asked[site.source_id], outcome["counts"]
        assert len(site.truth()) == ARTICLES
        assert not differences(site, of_site(export, site)), site.source_id
        assert counts["new"] == ARTICLES, site.source_id
        rejected = {name: number for name, number in counts["rejected"].items() if name not in BESIDE}
        assert rejected == site.outcomes(REJECTED), site.source_id
        assert counts["failed"] == site.outcomes(FAILED), site.source_id
        assert counts["rejected"]["robots-forbidden"] >= 1, site.source_id
        assert not [request.target for request in requests if site.is_forbidden(request.target)]
        assert most_at_once(requests) <= AT_ONCE, site.source_id


def test_a_site_is_never_asked_sooner_than_allowed(run: Run) -> None:
    # A request that a busy machine delivers late seems to be followed too soon: one may come so much
    # before its time, and still far after what other delays would give; most must keep the time itself.
    delay, asked_for, late, tolerance = 0.4, 0.8, 0.25, 0.02
    stories = synthetic_articles(12, seed=3, sentences=2)
    slow = StrictSite("nastooh", stories, source="slow", wait=0.6)
    strict = StrictSite("saman", stories, source="strict", crawl_delay=asked_for)
    with Portal([slow, strict]) as portal:
        outcomes = crawl(run, [slow, strict], "--delay", str(delay))
        requests = {site.source_id: portal.requests(site.source_id) for site in (slow, strict)}
    assert [outcome["counts"]["new"] for outcome in outcomes] == [len(stories)] * 2

    for asked, least in (
        (gaps(requests["slow"]), delay),
        (gaps(requests["strict"])[1:], asked_for),  # the first one is after robots.txt
    ):
        assert min(asked) >= least - late
        assert median(asked) >= least - tolerance
    assert median(gaps(requests["slow"])) < asked_for, "one site's limits slow another's"
    assert most_at_once(requests["slow"]) == AT_ONCE
    for received in requests.values():
        told = next(request for request in received if request.status == 429)
        following = [request.at - told.at for request in received if request.at > told.at]
        assert min(following) >= StrictSite.REST - late
