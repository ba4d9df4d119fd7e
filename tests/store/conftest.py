"""An empty store; with AGGREGATOR_TEST_POSTGRESQL (the URL of a database to be emptied) also there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.store import Store
from aggregator.store.engine import open_engine

POSTGRESQL = os.environ.get("AGGREGATOR_TEST_POSTGRESQL")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'news.db'}"
    engine = open_engine(str(POSTGRESQL))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return str(POSTGRESQL)


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with Store.open(address) as opened:
        yield opened
