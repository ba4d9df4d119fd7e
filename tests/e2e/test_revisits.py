"""Known pages are looked at again: edits become revisions, deletions tombstones, and nothing else happens."""

import os
from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.crawl.archive import archive_files, read_pages
from aggregator.demo.server import Portal
from aggregator.demo.site import Answer, Site
from aggregator.demo.stories import Block, Story
from aggregator.demo.synthetic import synthetic_articles
from aggregator.store import Store
from tests.e2e.conftest import Run

EDITS, DELETIONS, FEW = 10, 3, 12
CORRECTION = "در این خبر شمار شرکت‌کنندگان اصلاح شد."


@pytest.fixture(autouse=True)
def one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process that reads pages is enough here: these tests begin many crawls (Python 3.13 heeds it)."""
    monkeypatch.setenv("PYTHON_CPU_COUNT", "1")


@pytest.fixture
def always_due(tmp_path: Path) -> None:
    """Every page is due at every crawl, and a deletion is confirmed by the next one."""
    (tmp_path / "aggregator.toml").write_text(
        "revisit_factor = 0\nconfirm_deletion_after = 0\nrevisits = 500\nconcurrency_per_site = 8\n"
    )


def with_edition(place: int, story: Story) -> Story:
    """A corrected version is still to come; that of every other story has a new headline as well."""
    blocks = (*story.blocks, Block("paragraph", ((CORRECTION,),)))
    headline = f"{story.headline}؛ اصلاحیه" if place % 2 else story.headline
    return replace(story, edition=replace(story, headline=headline, blocks=blocks))


ARTICLES = int(os.environ.get("PORTAL_ARTICLES", "400"))


@pytest.mark.parametrize(("family", "articles"), [("nastooh", ARTICLES), ("wordpress", 30)])
@pytest.mark.usefixtures("always_due")
def test_edits_and_deletions_over_several_crawls(family: str, articles: int, run: Run, data: Path) -> None:
    stories = list(synthetic_articles(articles, seed=11))
    stories[-EDITS:] = [with_edition(*item) for item in enumerate(stories[-EDITS:])]
    site = Site(family, stories)
    with Portal([site]) as portal:

        def crawl() -> tuple[dict[str, Any], Counter[tuple[str, int]]]:
            """Counts, and how often each article's address was answered with which status, conditionally."""
            before = len(portal.requests(site.source_id))
            done = run("crawl", site.base_url + "/", "--delay", "0", "--json")
            assert done.status == 0, done.err
            asked = portal.requests(site.source_id)[before:]
            known = {item.href for item in site.items}
            answers = Counter((one.target, one.status) for one in asked if one.target in known)
            assert all(one.conditional for one in asked if one.status == 304)
            counts: dict[str, Any] = done.json[0]["counts"]
            return counts, answers

        counts, _ = crawl()
        assert counts["new"] == articles

        counts, answers = crawl()
        assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, articles)
        assert answers == Counter({(item.href, 304): 1 for item in site.items})

        assert site.publish_edit() == EDITS
        gone = site.withdraw(DELETIONS)
        counts, answers = crawl()
        assert (counts["new"], counts["changed"], counts["deleted"]) == (0, EDITS, 0)
        assert counts["rejected"]["http-404"] == DELETIONS
        assert set(answers.values()) == {1}

        counts, _ = crawl()
        assert (counts["new"], counts["changed"], counts["deleted"]) == (0, 0, DELETIONS)

        counts, _ = crawl()
        assert (counts["new"], counts["changed"], counts["deleted"]) == (0, 0, 0)

    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as store:
        assert store.counts()["revisions"] == articles + EDITS
        everything = list(store.articles())
        edited = [store.changes(one.article.id) for one in everything if one.revision == 2]
    assert {one.article.url for one in everything if one.deleted_at} == set(gone)
    assert len(edited) == EDITS
    for (edit,) in edited:
        added = {change.after for change in edit.changes if change.field == "body"}
        assert added == {(CORRECTION,)}
    assert len(run("export").records) == articles  # the tombstones as well
    lost = next(one for one in everything if one.deleted_at)
    assert run("search", lost.article.headline, "--json").json["total"] >= 1
    told = run("revisions", lost.article.id, "--json").json
    assert told["deleted_at"] is not None
    corrected = next(one for one in everything if one.revision == 2)
    assert f"body         + {CORRECTION}\n" in run("revisions", corrected.article.url).out


class Moody(Site):
    """A site that loses pages and finds them again; and one whose pages never look the same twice."""

    lost: frozenset[str] = frozenset()
    visits: int | None = None  #: shown on every page beside an advert; such a site sends no validators

    def respond(self, target: str) -> Answer:
        answer = super().respond(target)
        if target in self.lost:
            return Answer(404, "این صفحه یافت نشد".encode())
        return answer if self.visits is None else self._restless(answer)

    def _restless(self, answer: Answer) -> Answer:
        counter = f'</h1><span class="visits">بازدید: {self.visits}</span>'
        advert = f'<div class="ads"><a href="https://shop.example/{self.visits}">{self.visits} فرش</a></div>'
        html = answer.body.decode().replace("</h1>", counter).replace("</body>", f"{advert}</body>")
        told = {field.name: getattr(answer, field.name) for field in fields(answer)}
        return _Bare(**told | {"body": html.encode(), "modified": None})


class _Bare(Answer):
    """An answer that says nothing of its version."""

    etag = None  # type: ignore[assignment]


@pytest.mark.usefixtures("always_due")
def test_a_page_that_was_away_once_is_not_deleted(run: Run, data: Path) -> None:
    site = Moody("nastooh", synthetic_articles(FEW, seed=12))
    with Portal([site]):
        url = site.base_url + "/"
        assert run("crawl", url, "--delay", "0").status == 0
        for lost in (site.items[0].href, site.items[1].href):  # the first is back when the second is away
            site.lost = frozenset([lost])
            counts = run("crawl", url, "--delay", "0", "--json").json[0]["counts"]
            assert (counts["deleted"], counts["rejected"]["http-404"]) == (0, 1)
        site.lost = frozenset()
        counts = run("crawl", url, "--delay", "0", "--json").json[0]["counts"]
        assert (counts["deleted"], counts["unchanged"], counts["changed"]) == (0, FEW, 0)
    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as store:
        stored = list(store.articles())
        states = store.known_pages(stored[0].article.source, [one.article.url for one in stored])
    assert [(one.deleted_at, one.revision) for one in stored] == [(None, 1)] * FEW
    assert [(state.missing_since, state.missing_count) for state in states.values()] == [(None, 0)] * FEW


@pytest.mark.usefixtures("always_due")
def test_without_validators_the_bytes_decide_and_only_the_article_counts(run: Run, data: Path) -> None:
    stories = list(synthetic_articles(FEW, seed=13))
    stories[-1] = with_edition(0, stories[-1])  # under the same headline, so at the same address
    site = Moody("nastooh", stories)
    with Portal([site]) as portal:

        def crawl(visits: int) -> tuple[int, int, int, int]:
            """A crawl on a day with so many visits: new, changed, unchanged, pages archived in all."""
            site.visits = visits
            site.clock += timedelta(hours=visits)
            site.base_url = site.base_url  # pages are made anew
            counts = run("crawl", site.base_url + "/", "--delay", "0", "--json").json[0]["counts"]
            archived = sum(1 for path in archive_files(data / "archive") for _ in read_pages(path))
            return counts["new"], counts["changed"], counts["unchanged"], archived

        assert crawl(4) == (FEW, 0, 0, FEW)
        assert crawl(0) == (0, 0, FEW, 2 * FEW)  # clock as before, but other visits: all bytes are new
        assert crawl(0) == (0, 0, FEW, 2 * FEW)  # the same to the byte: nothing is read, nothing kept
        assert site.publish_edit() == 1
        assert crawl(7) == (0, 1, FEW - 1, 3 * FEW)
        assert not any(request.conditional for request in portal.requests(site.source_id))
    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as store:
        assert store.counts()["revisions"] == FEW + 1


def test_without_its_time_having_come_nothing_is_asked(run: Run) -> None:
    site = Site("nastooh", synthetic_articles(5, seed=3))
    with Portal([site]) as portal:
        first = run("crawl", "--due", site.base_url + "/", "--delay", "0", "--json")
        assert "1 of 1 sources are due" in first.err
        assert first.json[0]["counts"]["new"] == 5
        asked = len(portal.requests(site.source_id))
        second = run("crawl", "--due", site.base_url + "/", "--delay", "0", "--json")
        assert (second.status, second.json) == (0, [])
        assert "0 of 1 sources are due; the next one is due at 20" in second.err
        assert len(portal.requests(site.source_id)) == asked
