"""Real servers: one of each for the whole run, see ``tests.servers``."""

import os
from collections.abc import Iterator

import pytest

from tests import servers
from tools.postgresql import create_database, drop_database, empty_database


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An Elasticsearch without security: ELASTICSEARCH_URL, or one of our own.

    All tests share it: use index names that nobody else has, and delete them.
    """
    given = os.environ.get("ELASTICSEARCH_URL")
    return given or servers.shared(servers.elasticsearch, tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PostgreSQL: AGGREGATOR_TEST_POSTGRESQL (of one who may create databases), or one of our own."""
    given = os.environ.get("AGGREGATOR_TEST_POSTGRESQL")
    return given or servers.shared(servers.postgresql, tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def _own_database(postgresql_url: str) -> Iterator[str]:
    address = create_database(postgresql_url)
    yield address
    drop_database(postgresql_url, address)


@pytest.fixture
def postgresql_database(_own_database: str) -> str:
    """An empty database there that no other test uses now."""
    empty_database(_own_database)
    return _own_database
