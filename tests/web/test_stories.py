"""The same text in several places: the API, the pages, and the hits of a search."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from aggregator.config import Settings
from aggregator.index.sync import sync
from aggregator.model import StoredArticle
from aggregator.stories.catch_up import group_stories
from aggregator.web import answers
from aggregator.web.service import Service
from aggregator.workspace import Workspace
from tests.making import make_article
from tests.web.conftest import BIDI, NOW, SCRIPT, Client, serving

SHARED = "جشنواره کارآفرینان برتر"  # the story that six offices of the demo share


@pytest.fixture
def shared(client: Client) -> list[str]:
    """Ids of the re-posts in the demo, the first one first."""
    found = client.get("/api/search", q=f'"{SHARED}"', sort="date", size=50).json["hits"]
    return [
        hit["id"] for hit in reversed(found) if SHARED in hit["headline"].replace("ك", "ک").replace("ي", "ی")
    ]


# --- for programs -------------------------------------------------------------------------------------------


def test_a_story_tells_who_was_first_and_what_each_changed(client: Client, shared: list[str]) -> None:
    answer = client.get(f"/api/stories/{shared[3]}")
    assert answer.status == 200
    story = answers.StoryAnswer.model_validate(answer.json)
    assert {member.id for member in story.members} == set(shared)
    assert story.total == len(shared) == 6
    first, *others = story.members
    assert first.id == story.first
    assert (first.source, first.date_published, first.similarity, first.changes) == (
        "mcls-alborz",
        "2020-06-13T04:45:00Z",
        1.0,
        [],
    )
    assert [member.source for member in others][:2] == ["mcls-gilan", "mcls-fars"]
    assert all(0.5 < member.similarity < 1 for member in others)
    added = [text for change in others[0].changes if change.field == "text" for text in change.after]
    assert any("حصیربافی" in text for text in added)
    assert not any("جشنواره امسال در پنج بخش" in text for member in others for text in _texts(member))


def _texts(member: answers.MemberAnswer) -> Iterator[str]:
    for change in member.changes:
        yield from (*change.before, *change.after)


def test_every_member_leads_to_the_story_and_others_are_alone(client: Client, shared: list[str]) -> None:
    assert len({client.get(f"/api/stories/{one}").body for one in shared}) == 1
    hits = client.get("/api/search", size=200).json["hits"]
    assert {hit["id"] for hit in hits if hit["reposts"]} == set(shared)
    for hit in hits:
        assert (hit["story"] is None) == (hit["reposts"] == 0)
    alone = next(hit["id"] for hit in hits if not hit["reposts"])
    story = client.get(f"/api/stories/{alone}").json
    assert (story["id"], story["total"], story["first"]) == (alone, 1, alone)
    assert story["first_is_certain"]


def test_a_story_has_a_tag_and_what_is_unknown_is_named(client: Client, shared: list[str]) -> None:
    path = f"/api/stories/{shared[0]}"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, {"If-None-Match": tag}).status == 304
    for unknown in ("1234", "%00", "a" * 40):
        answer = client.get(f"/api/stories/{unknown}")
        assert (answer.status, answer.json["parameter"]) == (404, "id")
    assert client.get(f"{path}?x=1").json["parameter"] == "x"
    assert client.get(f"/api/stories/{'a' * 101}").status == 422


# --- for people ---------------------------------------------------------------------------------------------


def test_reposts_collapse_under_the_first_hit(client: Client, shared: list[str]) -> None:
    page = html.fromstring(client.get("/", q=f'"{SHARED}"').body)
    ids = [link.rpartition("/")[2] for link in page.xpath("//h3/a/@href")]
    assert len(set(ids) & set(shared)) == 1
    (link,) = page.xpath("//a[starts-with(@href, '/stories/')]")
    assert link.get("href").rpartition("/")[2] in shared
    assert "۵ بازنشر" in link.text_content()
    assert "۵ خبر دیگر این صفحه" in page.text_content()
    assert "خبر دیگر این صفحه" not in client.get("/", q="کارگاه رنگ‌کاری").text


def test_the_page_of_an_article_shows_its_reposts(client: Client, shared: list[str]) -> None:
    page = html.fromstring(client.get(f"/articles/{shared[1]}").body)
    (section,) = page.xpath("//section[@aria-labelledby='reposts']")
    assert "۵ جای دیگر" in section.xpath("string(h2)")
    assert len(section.xpath("ol/li")) == 6
    (here,) = section.xpath("ol/li[@aria-current='true']")
    assert here.xpath(".//a[starts-with(@href, '/articles/')]") == []
    assert any("حصیربافی" in text for text in here.xpath(".//ins/text()"))
    assert section.xpath(".//del")
    alone = next(hit for hit in client.get("/api/search", size=200).json["hits"] if not hit["reposts"])
    assert b'aria-labelledby="reposts"' not in client.get(f"/articles/{alone['id']}").body


def test_the_page_of_a_story_is_a_timeline(client: Client, shared: list[str]) -> None:
    page = html.fromstring(client.get(f"/stories/{shared[0]}").body)
    times = page.xpath("//ol[@class='revisions']/li/p/time/@datetime")
    assert times == sorted(times, key=lambda time: time[:10])
    assert len(times) == 6
    assert page.xpath("string(//ol/li[1]//strong)") == "نخستین"
    assert client.get("/stories/1234").status == 404
    english = client.get(f"/stories/{shared[0]}", {"Cookie": "aggregator_language=en"}).text
    assert "One text in 6 places" in english


# --- what is stored by others -------------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[tuple[Client, list[str]]]:
    """A story whose members mean no good; one has no date, one no hour."""
    body = (f"{SCRIPT} " + " ".join(f"واژه{number}" for number in range(60)),)
    articles = [
        make_article(number, source=f"s{number}", headline=headline, body=(*body, extra), published=None)
        for number, (headline, extra) in enumerate(
            ((SCRIPT, "یک"), (BIDI, SCRIPT), ("درازا" * 40_000, BIDI), ("", "آب")), 1
        )
    ]
    stored = [
        StoredArticle(replace(one, kicker=SCRIPT), SCRIPT, None, NOW + timedelta(hours=place), NOW, 1)
        for place, one in enumerate(articles)
    ]
    workspace = Workspace(Settings(data=tmp_path / "data"))
    workspace.store.put_articles(stored)
    sync(workspace.store, workspace.index, workspace.registry)
    group_stories(workspace.store)
    service = Service(workspace)
    service.open()
    with serving(service) as client:
        yield client, [one.article.id for one in stored]
    workspace.close()


def test_hostile_texts_show_as_texts(hostile: tuple[Client, list[str]]) -> None:
    client, ids = hostile
    story = answers.StoryAnswer.model_validate(client.get(f"/api/stories/{ids[0]}").json)
    assert {member.id for member in story.members} == set(ids)
    assert not story.first_is_certain
    for path in (f"/stories/{ids[1]}", f"/articles/{ids[1]}", "/"):
        answer = client.get(path)
        assert answer.status == 200
        page = html.fromstring(answer.body)
        assert not page.xpath("//script[not(@src)] | //img[@onerror]")
        assert SCRIPT in page.text_content()
        assert len(answer.body) < 200_000
    assert "شاید نخستین خبر این نباشد" in client.get(f"/stories/{ids[0]}").text


def test_serving_finds_stories_in_the_background(empty_service: Service) -> None:
    text = " ".join(f"واژه{number}" for number in range(60))
    articles = [make_article(number, source=f"s{number}", body=(text,)) for number in (1, 2)]
    empty_service.workspace.store.put_articles(
        [StoredArticle(one, None, None, NOW, NOW, revision=1) for one in articles]
    )
    assert empty_service.catch_up() is None
    found = empty_service.story(articles[0].id)
    assert (found.size, found.reposts) == (2, 1)
