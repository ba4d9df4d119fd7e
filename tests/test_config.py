"""Flags win over the environment, the environment over aggregator.toml."""

from pathlib import Path

import pytest

from aggregator.config import load_settings, read_address
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
    with pytest.raises(FixCommandError, match=r"'index'.*'local', or the address"):
        load_settings(index="ftp://127.0.0.1:9200")


@pytest.mark.parametrize(
    ("address", "hosts", "name"),
    [
        ("http://127.0.0.1", ("http://127.0.0.1:9200",), "persian-news"),
        ("https://es.example.ir/", ("https://es.example.ir:443",), "persian-news"),
        ("http://a:9201/news-2", ("http://a:9201",), "news-2"),
        ("http://a:1,http://[::1]:2/news", ("http://a:1", "http://[::1]:2"), "news"),
    ],
)
def test_addresses_of_clusters(address: str, hosts: tuple[str, ...], name: str) -> None:
    assert load_settings(index=address).index == address
    assert read_address(address) == (hosts, name)


@pytest.mark.parametrize(
    "address", ["http://", "es:9200", "http://a:x", "http://a/News", "http://a/_x", "http://a/n?q"]
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(FixCommandError, match="'index'"):
        load_settings(index=address)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(FixCommandError, match="AGGREGATOR_ELASTICSEARCH_USERNAME") as caught:
        load_settings(index="https://elastic:s3cret@es.example.ir:9200")
    assert "s3cret" not in str(caught.value)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "PASSWORD"):
        monkeypatch.setenv(f"AGGREGATOR_ELASTICSEARCH_{name}", "s3cret")
    settings = load_settings()
    assert settings.elasticsearch_api_key.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


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
