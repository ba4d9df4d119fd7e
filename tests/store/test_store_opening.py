"""Databases: new, old, newer, shared, broken."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from aggregator.errors import FixCommandError, TryLaterError
from aggregator.store import Store, engine, wal
from aggregator.store.engine import open_engine
from aggregator.store.failures import explain
from aggregator.store.migrate import MIGRATIONS
from aggregator.store.schema import HEAD, metadata
from tests.making import make_stored


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


# --- schema -----------------------------------------------------------------------------------------------


def test_migrations_lead_to_the_tables_of_the_code(address: str) -> None:
    Store.open(address).close()
    opened = open_engine(address)
    with opened.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        found = {name: inspect(connection).get_indexes(name) for name in metadata.tables}
    opened.dispose()
    for name, table in metadata.tables.items():
        there = {index["name"] for index in found[name] if not index.get("duplicates_constraint")}
        assert there == {index.name for index in table.indexes}


def test_head_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_are_shipped() -> None:
    assert (MIGRATIONS / "env.py").is_file()
    assert list((MIGRATIONS / "versions").glob(f"{HEAD}_*.py"))


def test_a_database_is_opened_again_with_what_it_had(address: str) -> None:
    with Store.open(address) as store:
        store.put_articles([make_stored()])
    with Store.open(address) as store:
        assert list(store.articles()) == [make_stored()]


def test_an_up_to_date_database_is_opened_without_alembic(path: Path) -> None:
    Store.open(url(path)).close()
    program = (
        "import sys\nfrom aggregator.store import Store\nStore.open(sys.argv[1])\n"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, url(path)], check=False).returncode == 0


def test_a_newer_database_is_left_alone(address: str) -> None:
    Store.open(address).close()
    opened = open_engine(address)
    with opened.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.dispose()
    with pytest.raises(FixCommandError, match=r"newer version .*9999.*update the program"):
        Store.open(address)


def test_a_failed_migration_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE pages (x)")  # in the way of the migration's third table
    connection.close()
    with pytest.raises(Exception, match="already exists"):
        Store.open(url(path))
    with sqlite3.connect(path) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["pages"]
    connection.close()


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE articles (x)")
    connection.close()
    with pytest.raises(FixCommandError, match="not this program's"):
        Store.open(url(path))


# --- SQLite's settings ------------------------------------------------------------------------------------


def test_settings_of_every_connection(path: Path) -> None:
    opened = open_engine(url(path))
    with opened.connect() as one, opened.connect() as other:
        for connection in (one, other):
            pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint")
            values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
            assert values == ["wal", 2, 1, 30_000, 0]
    opened.dispose()


def test_the_log_is_kept_short(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wal, "LIMIT", 300_000)
    with Store.open(url(path)) as store:
        for start in range(0, 2000, 50):
            store.put_articles([make_stored(number) for number in range(start, start + 50)])
        assert path.stat().st_size > 4 * wal.LIMIT
        assert Path(f"{path}-wal").stat().st_size < 2 * wal.LIMIT
    assert not Path(f"{path}-wal").exists()


def test_a_reader_that_does_not_let_go_costs_little(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wal, "PATIENCE", 0.02)
    monkeypatch.setattr(wal, "LIMIT", 300_000)
    with Store.open(url(path)) as store, sqlite3.connect(path) as reader:
        store.put_articles([make_stored()])
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (1,)
        for number in range(2, 400):
            store.put_articles([make_stored(number)])
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (1,)
        reader.rollback()
        assert sum(1 for _ in store.articles()) == 399
    reader.close()


# --- what can be wrong ------------------------------------------------------------------------------------


def test_a_locked_database_is_for_later(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 0.1)
    with Store.open(url(path)) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert list(store.articles()) == []  # readers do not wait
        with pytest.raises(TryLaterError, match="locked by another process"):
            store.put_articles([make_stored()])
        other.close()
        assert store.put_articles([make_stored()]) == ["new"]


def test_a_file_that_is_no_database(path: Path) -> None:
    path.write_text("سلام" * 500)
    with pytest.raises(FixCommandError, match=r"news\.db is not a database"):
        Store.open(url(path))
    assert path.read_text() == "سلام" * 500


def test_a_damaged_database(path: Path) -> None:
    with Store.open(url(path)) as store:
        store.put_articles([make_stored(number) for number in range(200)])
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(FixCommandError, match="damaged"):
        Store.open(url(path)).counts()


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(FixCommandError, match="cannot be opened"):
        Store.open(url(tmp_path))


def test_the_directory_is_made(tmp_path: Path) -> None:
    Store.open(url(tmp_path / "a" / "b" / "news.db")).close()
    assert (tmp_path / "a" / "b" / "news.db").is_file()


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FixCommandError, match="cannot create the directory"):
        Store.open(url(tmp_path / "file" / "news.db"))


def test_a_read_only_database_is_named(path: Path) -> None:
    Store.open(url(path)).close()
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as caught:
        reader.execute("DELETE FROM runs")
    reader.close()
    error = explain(caught.value, "news.db")
    assert isinstance(error, FixCommandError)
    assert str(error).startswith("the database news.db cannot be written: it is read-only; make it writable")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("news.db", "no database address"),
        ("", "no database address"),
        ("mysql://localhost/news", "not supported"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("sqlite:///file:news.db?mode=ro&uri=true", "no options"),
        ("sqlite+nothing:///news.db", "not installed"),
    ],
)
def test_wrong_addresses(wrong: str, message: str) -> None:
    with pytest.raises(FixCommandError, match=message):
        Store.open(wrong)


def test_a_server_that_is_away_is_for_later_and_its_password_is_not_told() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(TryLaterError, match="does not answer") as caught:
        Store.open("postgresql://news:geheim@127.0.0.1:9/news")
    assert "geheim" not in str(caught.value)


def test_a_mistake_of_ours_is_not_dressed_up(path: Path) -> None:
    opened = create_engine(url(path))
    with opened.connect() as connection, pytest.raises(Exception, match="no such table") as caught:
        connection.execute(text("SELECT * FROM nowhere"))
    opened.dispose()
    assert explain(getattr(caught.value, "orig", None), "news.db") is None
    assert explain(ValueError("x"), "news.db") is None
