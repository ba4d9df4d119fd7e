"""The commands keep the stories up to date, and tell them."""

import json
from pathlib import Path

import pytest

from aggregator.commands.search import STORIES, catch_up
from aggregator.commands.stories import catch_up_with_stories, print_story
from aggregator.commands.transfer import import_articles
from aggregator.config import Settings
from aggregator.errors import FixCommandError
from aggregator.record import to_record
from aggregator.store.codec import to_json
from aggregator.workspace import Workspace
from tests.making import make_stored

WORDS = " ".join(f"واژه{number}" for number in range(60))


@pytest.fixture
def workspace(tmp_path: Path):
    workspace = Workspace(Settings(data=tmp_path / "data"))
    yield workspace
    workspace.close()


def posts():
    ends = enumerate(("پایان", "تمام شد", "همین بود"), 1)
    return [make_stored(n, source=f"source-{n}", body=(WORDS, end)) for n, end in ends]


def test_an_import_finds_stories(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(to_json(to_record(one)) + "\n" for one in posts()), encoding="utf-8")
    assert import_articles(workspace, str(file), source="import", as_json=True) == 0
    assert workspace.store.stories.pending_count() == 0
    assert workspace.store.stories.counts() == {"stories": 1, "articles": 3}


def test_a_search_catches_up_with_a_few(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert STORIES < 1_000
    workspace.store.put_articles(posts())
    monkeypatch.setattr("aggregator.commands.search.STORIES", 2)
    catch_up(workspace)
    assert workspace.store.stories.pending_count() == 1
    catch_up(workspace)
    assert workspace.store.stories.counts() == {"stories": 1, "articles": 3}


def test_a_search_goes_on_where_stories_cannot(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise FixCommandError("the database is read-only")

    monkeypatch.setattr(workspace.store.stories, "group", fail)
    workspace.store.put_articles(posts())
    catch_up(workspace)
    assert workspace.store.stories.pending_count() == 3


def test_the_command_compares_and_tells(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.store.put_articles(posts())
    assert catch_up_with_stories(workspace, as_json=False) == 0
    assert capsys.readouterr().out == "3 articles compared; 3 are in 1 stories\n"
    first, _, last = sorted(posts(), key=lambda one: one.article.published.instant)
    for name in (last.article.id, last.article.url):
        assert print_story(workspace.store, name, as_json=True) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["first"], told["total"], told["first_is_certain"]) == (first.article.id, 3, True)
    assert print_story(workspace.store, last.article.id, as_json=False) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].endswith(f"source-3  {first.article.headline}")
    assert "2 others have this text" in err
    with pytest.raises(FixCommandError):
        print_story(workspace.store, "https://news.example.ir/unknown", as_json=True)
