"""Every trap of the table, over real HTTP: its outcome has a name, and the article beside it is collected."""

from pathlib import Path

import pytest

from aggregator.model import StoredArticle
from tests.crawl.hostile import (
    TEXT,
    Crawled,
    HostileSite,
    crawl,
    headline,
    open_store,
    path_of,
    reply,
    source,
)
from tests.crawl.traps import ARTICLE, DOCS, PAGES, ROBOTS, XML, with_table

MEMORY = 400 * 10**6  # bytes of a whole crawl, whatever it meets
QUICK = {"timeout": 3.0, "concurrency_per_site": 4}
FIRST_TRAP = 1001  # number of the first trap's address


def trapped() -> HostileSite:
    """A site with a healthy article between any two traps."""
    site = HostileSite()
    for number, trap in enumerate(PAGES):
        path = path_of(FIRST_TRAP + number)
        site.answers[path] = trap.answer()
        site.paths += [path, path_of(number + 1)]
    return site


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Crawled, dict[str, str], dict[str, StoredArticle]]:
    """One crawl of all the traps: what came of it, the outcomes of all addresses, and the articles."""
    data = tmp_path_factory.mktemp("traps")
    with trapped().running() as site:
        done = crawl(data, source(site.url + "/"), settings=QUICK)
        urls = [site.url + path for path in site.paths]
        with open_store(data) as store:
            known = store.known_pages("small", urls)
            articles = {stored.article.url.removeprefix(site.url): stored for stored in store.articles()}
    outcomes = {
        url.removeprefix(site.url): ARTICLE if state.status == "done" else str(state.outcome)
        for url, state in known.items()
    }
    return done, outcomes, articles


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[trap.case for trap in PAGES])
def test_page(pages: tuple[Crawled, dict[str, str], dict[str, StoredArticle]], number: int) -> None:
    done, outcomes, articles = pages
    trap, path = PAGES[number], path_of(FIRST_TRAP + number)
    assert outcomes.get(path) == trap.outcome, done.log[-3000:]
    counted = done.run["rejected"] | done.run["failed"]
    assert trap.outcome == ARTICLE or counted[trap.outcome] >= 1
    if trap.outcome == ARTICLE:
        text = " ".join(articles[path].article.body)
        assert "برگزار" in text
        assert "\ufffd" not in text
        assert "\0" not in text
    else:
        assert path not in articles


def test_healthy_articles_are_all_collected(
    pages: tuple[Crawled, dict[str, str], dict[str, StoredArticle]],
) -> None:
    done, _, articles = pages
    healthy = [path_of(number + 1) for number in range(len(PAGES))]
    assert [path for path in healthy if path not in articles] == []
    assert {TEXT in " ".join(articles[path].article.body) for path in healthy} == {True}
    assert done.run["state"] == "finished"


def test_memory_is_bounded(pages: tuple[Crawled, dict[str, str], dict[str, StoredArticle]]) -> None:
    assert pages[0].peak < MEMORY


def test_date_in_the_future_is_no_date(
    pages: tuple[Crawled, dict[str, str], dict[str, StoredArticle]],
) -> None:
    number = next(place for place, trap in enumerate(PAGES) if trap.case == "a date in the future")
    assert pages[2][path_of(FIRST_TRAP + number)].article.published is None


def test_entities_of_feeds_and_sitemaps(tmp_path: Path) -> None:
    """Each names one article, which is collected; nothing that an entity names is fetched."""
    feeds = [f"/feed-{number}" for number, trap in enumerate(XML) if trap.place == "feed"]
    maps = [f"/map-{number}.xml" for number, trap in enumerate(XML) if trap.place == "sitemap"]
    site = HostileSite(
        head="".join(f"<link rel=alternate type=application/rss+xml href={path}>" for path in feeds)
    )
    site.answers |= {path: trap.answer() for path, trap in zip(feeds + maps, XML, strict=True)}
    with site.running():
        site.robots = reply("".join(f"Sitemap: {site.url}{path}\n" for path in maps), kind="text/plain")
        done = crawl(tmp_path, source(site.url + "/"))
        with open_store(tmp_path) as store:
            headlines = {stored.article.headline for stored in store.articles()}
    assert headlines == {headline(801 + number) for number in range(len(XML))}
    assert site.times("/secret") == 0
    assert done.run["state"] == "finished", done.run
    assert done.peak < MEMORY


@pytest.mark.parametrize("number", range(len(ROBOTS)), ids=[trap.case for trap in ROBOTS])
def test_robots(number: int, tmp_path: Path) -> None:
    trap = ROBOTS[number]
    with HostileSite(paths=[path_of(1), path_of(2)], robots=trap.answer()).running() as site:
        done = crawl(tmp_path, source(site.url + "/"), settings={"timeout": 2.0})
    collected = [path for path in site.paths if site.times(path)]
    if trap.outcome == ARTICLE:
        assert (collected, done.run["new"]) == (site.paths, 2)
    else:
        assert collected == []
        assert trap.outcome in done.run["failed"] | done.run["rejected"]
    assert done.peak < MEMORY


def test_the_table_in_the_docs_is_this_one() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert text == with_table(text), "run: python -m tests.crawl.traps"
