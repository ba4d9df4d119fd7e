"""Real servers: one of each for the whole run, see ``tests.servers``."""

import os
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

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


#: Modules that take a minute or more, the longest first.
LONG = (
    "e2e/test_elastic_faults.py",
    "e2e/test_families.py",
    "e2e/test_kill.py",
    "browser/test_every_page.py",
    "e2e/test_revisits.py",
    "crawl/test_traps.py",
    "e2e/test_backends.py",
    "web/test_schemathesis.py",
    "e2e/test_nothing_lost.py",
    "e2e/test_demo.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several workers, each begins with some of what takes longest: the short tests fill up the rest.

    At first each worker is given as many tests as the others, in their order (``--dist worksteal``).
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    here = Path(__file__).parent
    places = {here / name: place for place, name in enumerate(LONG)}
    lanes: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for item in sorted((item for item in items if item.path in places), key=lambda item: places[item.path]):
        lanes[places[item.path] % workers].append(item)
    short = iter([item for item in items if item.path not in places])
    for lane, size in zip(lanes, _shares(len(items), workers), strict=True):
        lane.extend(islice(short, max(0, size - len(lane))))
    items[:] = [*chain.from_iterable(lanes), *short]


def _shares(number: int, workers: int) -> Iterator[int]:
    for left in range(workers, 0, -1):
        yield number // left
        number -= number // left
