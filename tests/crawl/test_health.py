"""Which sources need attention, judged by made histories."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.crawl.health import (
    Coverage,
    Health,
    failures_in_row,
    field_coverage,
    judge,
    read_coverage,
    usual_gap,
)
from aggregator.model import Run
from aggregator.store.health import ArticleShape, SourceHistory

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WHOLE = frozenset({"headline", "kicker", "lead", "published", "main_image", "section", "authors", "body"})


def run(status: str = "finished", ago: float = 0, **counts: Any) -> Run:
    ended = NOW - ago * DAY
    return Run(1, "one", ended - timedelta(minutes=1), ended, status, counts)


def shape(*missing: str, body: int = 1000) -> ArticleShape:
    return ArticleShape(WHOLE - set(missing), body)


def history(runs: Sequence[Run] = (), **fields: Any) -> SourceHistory:
    success = next((one.finished for one in runs if one.status == "finished"), None)
    return SourceHistory("one", runs=tuple(runs), last_success=success, **fields)


def kinds(health: Health) -> list[str]:
    return [finding.kind for finding in health.findings]


# --- failing and blocked ------------------------------------------------------------------------------------


def test_failures_are_counted_back_to_the_last_success() -> None:
    runs = [
        run("interrupted"),
        run("failed", reason="dns"),
        run("killed"),
        run("finished"),
        run("failed", reason="old"),
    ]
    assert failures_in_row(runs) == (2, "dns")
    assert failures_in_row(runs[2:]) == (1, "killed")
    assert failures_in_row(runs[3:]) == (0, None)
    assert failures_in_row([]) == (0, None)


def test_a_failing_source_is_named_with_its_last_error() -> None:
    (finding,) = judge(history([run("failed", reason="start page: dns"), run("failed")])).findings
    assert (finding.kind, finding.why) == ("failing", "the last 2 runs failed: start page: dns")
    assert judge(history([run("finished"), run("failed")])).findings == ()


@pytest.mark.parametrize(
    ("status", "counts", "blocked"),
    [
        ("failed", {"rejected": {"robots-forbidden": 1}}, True),
        ("failed", {"failed": {"challenge": 10}}, True),
        ("failed", {"failed": {"http-403": 3, "timeout": 9}}, False),
        ("finished", {"rejected": {"robots-forbidden": 6}, "new": 2}, True),
        ("finished", {"rejected": {"robots-forbidden": 1}}, False),  # a draft that lists link to
        ("finished", {"rejected": {"robots-forbidden": 6}, "unchanged": 20}, False),
        ("finished", {"rejected": {"soft-404": 9}}, False),
        ("interrupted", {"failed": {"challenge": 10}}, False),
    ],
)
def test_blocked(status: str, counts: dict[str, Any], blocked: bool) -> None:
    assert ("blocked" in kinds(judge(history([run(status, **counts)])))) is blocked


def test_a_blocked_source_is_not_called_failing_as_well() -> None:
    found = judge(history([run("failed", failed={"challenge": 10}, reason="left alone")]))
    assert kinds(found) == ["blocked"]
    assert "10 × challenge" in found.findings[0].why


# --- silent -------------------------------------------------------------------------------------------------


def daily(count: int, last: float, step: float = 1.0) -> tuple[datetime, ...]:
    """Publish dates, the newest ``last`` days ago."""
    return tuple(NOW - (last + step * number) * DAY for number in range(count))


def test_usual_gap_is_one_that_is_seldom_exceeded() -> None:
    assert usual_gap(daily(30, 0)) == DAY
    assert usual_gap(daily(30, 0, 7)) == 7 * DAY
    assert usual_gap(daily(4, 0)) is None
    assert usual_gap([NOW] * 50) is None  # one day tells no rhythm
    assert usual_gap([*daily(60, 20), NOW]) == DAY  # one long holiday
    weekends = [NOW - number * DAY for number in range(70) if number % 7 not in (0, 1)]
    assert usual_gap(weekends) == 3 * DAY


@pytest.mark.parametrize(
    ("dates", "silent"),
    [
        (daily(30, 2.9), False),
        (daily(30, 4), True),
        (daily(30, 20, 7), False),  # a weekly one may be quiet for three weeks
        (daily(30, 22, 7), True),
        (daily(3, 300), False),  # no rhythm is known
    ],
)
def test_silence_is_measured_by_the_source_itself(dates: tuple[datetime, ...], silent: bool) -> None:
    found = judge(history([run()], dates=dates, watched_since=NOW - 100 * DAY))
    assert (kinds(found) == ["silent"]) is silent


def test_silence_needs_somebody_who_listened() -> None:
    old = daily(30, 400)
    assert kinds(judge(history([run()], dates=old, watched_since=NOW - DAY))) == []  # begun with yesterday
    assert kinds(judge(history([run(ago=399)], dates=old, watched_since=NOW - 410 * DAY))) == []
    (finding,) = judge(history([run()], dates=old, watched_since=NOW - 10 * DAY)).findings
    assert finding.why.startswith("nothing new for 400 days, since 1403-11-")
    assert "every day" in finding.why


# --- layout drift -------------------------------------------------------------------------------------------


def lost(coverage: Sequence[Coverage]) -> dict[str, int]:
    return {item.field: item.articles for item in coverage if item.lost}


@pytest.mark.parametrize("field", ["kicker", "lead", "published", "main_image", "section", "authors"])
def test_a_field_that_is_gone_is_found_after_few_articles(field: str) -> None:
    name = {"published": "date", "main_image": "image"}.get(field, field)
    newest = [shape(field)] * 5 + [shape()] * 35
    assert lost(field_coverage(newest, [shape()] * 160)) == {name: 5}
    assert lost(field_coverage([shape(field)] * 40, [shape()] * 160)) == {name: 40}
    assert lost(field_coverage([shape(field)] * 2 + [shape()] * 38, [shape()] * 160)) == {}


def test_a_body_that_has_become_a_stub_is_lost() -> None:
    stubs = [shape(body=120)] * 6 + [shape()] * 34
    assert lost(field_coverage(stubs, [shape()] * 100)) == {"body": 10}
    assert lost(field_coverage([shape(body=700)] * 40, [shape()] * 100)) == {}
    assert lost(field_coverage([shape(body=0)] * 40, [shape(body=0)] * 100)) == {}  # a photo agency


def test_what_was_seldom_there_is_not_missed_soon() -> None:
    mixed = [shape() if number % 2 else shape("kicker") for number in range(160)]
    assert lost(field_coverage([shape("kicker")] * 10 + mixed[:30], mixed)) == {}
    assert lost(field_coverage([shape("kicker")] * 40, mixed)) == {"kicker": 40}
    rare = [shape() if number % 20 == 0 else shape("kicker") for number in range(160)]
    assert lost(field_coverage([shape("kicker")] * 40, rare)) == {}


def test_a_young_source_has_lost_nothing() -> None:
    assert lost(field_coverage([shape("kicker")] * 5 + [shape()] * 14, [])) == {}
    assert field_coverage([], [])[0] == Coverage("headline", 0.0, 0.0, 0, 0, False)


def test_pages_that_can_no_longer_be_read_as_articles() -> None:
    before = [run(new=10), run(changed=1, unchanged=9), run(new=20, rejected={"listing": 1})]
    (found,) = read_coverage([run(rejected={"no-article": 4, "empty": 3}, unchanged=50), *before])
    assert (found.field, found.articles, found.lost) == ("article", 7, True)
    (found,) = read_coverage([run(new=9, rejected={"no-article": 1}), *before])
    assert not found.lost
    # Two a day: each run alone says too little.
    few = [run(rejected={"no-article": 2})] * 3
    (found,) = read_coverage([*few, *before])
    assert (found.articles, found.lost) == (6, True)
    assert read_coverage([run(), run(rejected={"robots-forbidden": 3})]) == ()


def test_drift_is_one_sentence() -> None:
    runs = [run(platform="dorsa"), run(platform=None), run(platform="nastooh")]
    (finding,) = judge(
        history(runs, newest=(shape("lead", "published"),) * 40, older=(shape(),) * 160)
    ).findings
    assert finding.kind == "drifted"
    assert finding.why == (
        "lost: lead in 0% of the last 40 (before: 100%), date in 0% of the last 40 (before: 100%); "
        "the site now runs on dorsa, before: nastooh"
    )
