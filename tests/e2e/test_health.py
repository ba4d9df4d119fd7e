"""``status`` and ``runs`` after real crawls of sites that are well, fail, refuse, or have changed."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Done, Run, command, environment
from tests.spiders.small_site import TEXT, Answer, Site, headline, published

REFUSED = Answer("no", status=403)


class Pictures(Site):
    """Articles with a picture each, up to a day on which the site's layout changes."""

    redesigned = 10_000  #: number of the first article without one

    def article(self, number: int) -> str:
        picture = f'<meta property="og:image" content="{self.url}/{number}.jpg">'
        page = super().article(number)
        return page if number >= self.redesigned else page.replace("</head>", picture + "</head>")


@pytest.fixture
def site() -> Iterator[Pictures]:
    with Pictures(24).running() as running:
        assert isinstance(running, Pictures)
        yield running


def crawl(run: Run, site: Site) -> Done:
    return run("crawl", site.url + "/", "--delay", "0", "--json")


def source_of(site: Site) -> str:
    return site.url.removeprefix("http://")


def status_of(run: Run, site: Site) -> Any:
    return run("status", source_of(site), "--json").json


def kinds(status: Any) -> list[str]:
    return [finding["kind"] for finding in status["findings"]]


def test_a_source_that_is_well(run: Run, site: Pictures, tmp_path: Path) -> None:
    assert crawl(run, site).status == 0
    whole = run("status", "--json").json
    assert whole["sources"][source_of(site)]["findings"] == []
    assert (whole["articles"], whole["indexed"], whole["pending_index"]) == (24, 24, 0)

    status = status_of(run, site)
    assert (status["articles"], status["failures"], status["last_error"]) == (24, 0, None)
    assert status["next_due"] > status["last_success"]
    assert status["usual_gap_days"] == 1
    assert status["fields"]["image"] == {
        "newest": 1.0,
        "before": 1.0,
        "articles": 20,
        "older": 4,
        "lost": False,
    }
    (one,) = run("runs", source_of(site), "--json").json
    assert (one["status"], one["counts"]["new"]) == ("finished", 24)
    assert one["seconds"] > 0
    assert one["counts"]["bytes"] > 24 * len(TEXT)

    assert source_of(site) in run("status", source_of(site)).out
    assert "needs attention" not in run("status").out  # no headings for other programs
    file = tmp_path / "aggregator.prom"
    done = run("status", "--prometheus", str(file))
    assert (done.status, done.out, done.err) == (0, "", "")
    text = file.read_text(encoding="utf-8")
    assert f'aggregator_source_articles{{source="{source_of(site)}"}} 24\n' in text
    assert f'aggregator_source_last_run_pages{{source="{source_of(site)}",outcome="new"}} 24\n' in text


def test_wrong_usage(run: Run, tmp_path: Path) -> None:
    for arguments, hint in (
        (["status", "nobody"], "no source is called"),
        (["runs", "mcls-albors"], "did you mean mcls-alborz"),
        (["status", "--prometheus", str(tmp_path / "nowhere" / "x.prom")], "cannot be written"),
        (["status", "mcls-alborz", "--prometheus", "x.prom"], "all sources"),
    ):
        done = run(*arguments)
        assert (done.status, hint in done.err) == (2, True), (arguments, done.err)
    assert run("status", "mcls-alborz", "--json").json["articles"] == 0  # known, and not crawled yet
    assert "Exit status" in run("--help").out


def test_failing_then_well_again(run: Run) -> None:
    away = Site(5)
    with away.running():
        away.paths["/"] = Answer("x", status=500)
        for path in ("/rss", "/archive", "/sitemap.xml"):
            away.paths[path] = Answer("x", status=500)
        for _ in range(2):
            done = crawl(run, away)
            assert done.status == 1
            assert source_of(away) in done.err
        status = status_of(run, away)
        assert (kinds(status), status["failures"]) == (["failing"], 2)
        assert "500" in status["last_error"]
        assert "the last 2 runs failed" in run("status").out
        away.paths.clear()
        assert crawl(run, away).status == 0
        assert kinds(status_of(run, away)) == []


@pytest.mark.parametrize(
    "paths",
    [
        {"/": REFUSED},
        {"/robots.txt": Answer("User-agent: *\nDisallow: /\n")},
        {f"/news/{number}/dore-amoozeshi": REFUSED for number in range(1, 6)},
    ],
    ids=["start page", "robots.txt", "every article"],
)
def test_blocked(run: Run, paths: dict[str, Answer]) -> None:
    with Site(5).running() as site:
        site.paths |= paths
        assert crawl(run, site).status == 1
        status = status_of(run, site)
        assert kinds(status) == ["blocked"], status
        assert run("status", "--json").json["sources"][source_of(site)]["findings"] == status["findings"]


def test_a_new_layout_without_pictures(run: Run, site: Pictures) -> None:
    assert crawl(run, site).status == 0
    site.redesigned = 25
    site.add(8)
    assert crawl(run, site).status == 0
    status = status_of(run, site)
    assert kinds(status) == ["drifted"]
    assert "image in 20% of the last 10 (before: 100%)" in status["findings"][0]["why"]
    assert status["fields"]["image"]["lost"]
    assert not status["fields"]["date"]["lost"]
    assert "drifted" in run("status").out
    assert "lost" in run("status", source_of(site)).out


# --- two crawls of one source -----------------------------------------------------------------------------


@pytest.fixture
def begun(site: Pictures, data: Path) -> Iterator["subprocess.Popen[str]"]:
    """A crawl that has asked for its first article, which it does not get before ``site.before`` is off."""
    asked, go = threading.Event(), threading.Event()

    def wait(path: str) -> None:
        if path.startswith("/news/"):
            asked.set()
            go.wait(120)

    site.before = wait
    process = subprocess.Popen(
        command("crawl", site.url + "/", "--delay", "0", "--json"),
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert asked.wait(120), process.communicate()
        process.release = go.set  # type: ignore[attr-defined]
        yield process
    finally:
        go.set()
        process.kill()
        process.communicate()


def test_a_source_that_is_being_crawled_is_left_alone(
    run: Run, site: Pictures, begun: "subprocess.Popen[str]"
) -> None:
    second = crawl(run, site)
    assert second.status == 0, second.err
    assert (second.json[0]["status"], second.json[0]["counts"]["pages"]) == ("busy", 0)
    assert f"{source_of(site)} left alone: another process is crawling it" in second.err
    begun.release()  # type: ignore[attr-defined]
    out, err = begun.communicate(timeout=240)
    assert begun.returncode == 0, err
    assert '"new": 24' in out
    assert [one["status"] for one in run("runs", "--json").json] == ["finished"]  # the busy one is no run
    assert crawl(run, site).json[0]["status"] == "finished"  # the lease was given back


def test_a_crawl_that_was_killed_holds_nobody_up(
    run: Run, site: Pictures, begun: "subprocess.Popen[str]"
) -> None:
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    assert status_of(run, site)["failures"] == 1
    site.before = lambda path: None
    done = crawl(run, site)
    assert (done.status, done.json[0]["status"], done.json[0]["counts"]["new"]) == (0, "finished", 24)
    assert status_of(run, site)["failures"] == 0


def test_articles_of_the_test_are_a_day_apart() -> None:
    assert (published(2) - published(1)).days == 1
    assert headline(1) != headline(2)
