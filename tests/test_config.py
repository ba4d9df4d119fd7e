"""Flags win over the environment, the environment over aggregator.toml."""

from pathlib import Path

import pytest

from aggregator.config import load_settings
from aggregator.errors import FixCommandError, FixFileError


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "DATA", "DELAY", "SOURCES", "INDEX", "CONTACT", "DATABASE"):
        monkeypatch.delenv(f"AGGREGATOR_{name}", raising=False)


def test_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().delay == 1
    (tmp_path / "aggregator.toml").write_text("delay = 2\n")
    assert load_settings().delay == 2
    monkeypatch.setenv("AGGREGATOR_DELAY", "3")
    assert load_settings().delay == 3
    assert load_settings(delay=4).delay == 4
    assert load_settings(delay=None).delay == 3


def test_where_things_are(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path / "d")
    assert settings.database_url == f"sqlite:///{tmp_path}/d/aggregator.sqlite3"
    assert settings.archive_dir == tmp_path / "d" / "archive"
    assert settings.index_dir == tmp_path / "d" / "index"
    assert load_settings(database="sqlite:///x.db").database_url == "sqlite:///x.db"


def test_sources_in_the_environment_are_parted_like_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGGREGATOR_SOURCES", "one:/two")
    assert load_settings().sources == (Path("one"), Path("/two"))


def test_the_user_agent_says_who_asks() -> None:
    assert "persian-news-aggregator/" in load_settings().user_agent
    assert "me@example.org" in load_settings(contact="me@example.org").user_agent


def test_a_value_that_makes_no_sense_is_named() -> None:
    with pytest.raises(FixCommandError, match=r"'delay'.*greater than or equal to 0.*AGGREGATOR_DELAY"):
        load_settings(delay=-1)
    with pytest.raises(FixCommandError, match="only index of this version"):
        load_settings(index="http://127.0.0.1:9200")


def test_an_unknown_setting_is_answered_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "aggregator.toml").write_text("dela = 2\n")
    with pytest.raises(FixCommandError, match=r"'dela': there is no such setting; there are data,"):
        load_settings()


def test_a_broken_file_is_named_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "aggregator.toml").write_text("delay = = 2\n")
    with pytest.raises(FixFileError, match=r"aggregator\.toml.*line 1"):
        load_settings()


def test_a_configuration_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGGREGATOR_CONFIG", "nowhere.toml")
    with pytest.raises(FixCommandError, match=r"nowhere\.toml"):
        load_settings()
