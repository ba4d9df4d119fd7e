"""One crawl of a source at a time."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from aggregator.store import Store
from aggregator.store.engine import open_engine
from aggregator.store.leases import new_owner

ROOT = str(Path(__file__).parents[2])
TAKES = f"""
import sys
sys.path.insert(0, {ROOT!r})
from aggregator.store import Store
store = Store.open(sys.argv[1])
print(store.lease("example", "child", 3600), flush=True)
sys.stdin.read()
"""


def test_one_at_a_time(store: Store) -> None:
    one, other = new_owner(), new_owner()
    assert one != other
    assert store.lease("example", one, 60)
    assert not store.lease("example", other, 60)
    assert store.lease("another", other, 60)
    assert store.lease("example", one, 60)  # one's own is no hindrance
    store.release_lease("example", other)
    assert not store.lease("example", other, 60)
    store.release_lease("example", one)
    assert store.lease("example", other, 60)


def test_a_lease_ends_by_itself_unless_it_is_renewed(store: Store) -> None:
    assert store.lease("example", "one", 0.2)
    assert store.renew_lease("example", "one", 60)
    time.sleep(0.3)
    assert not store.lease("example", "other", 60)
    assert store.renew_lease("example", "one", 0)
    assert store.lease("example", "other", 60)
    assert not store.renew_lease("example", "one", 60)
    assert not store.renew_lease("nowhere", "one", 60)


def test_many_want_it_and_one_gets_it(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: store.lease("example", f"owner {number}", 60), range(40)))
    assert sum(taken) == 1


def test_the_lease_of_a_process_that_died_is_free_at_once(address: str, store: Store) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TAKES, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n"
        assert not store.lease("example", "other", 60)
        child.kill()
        child.wait()
    assert store.lease("example", "other", 60)


def test_of_a_machine_out_of_sight_nothing_is_known(address: str, store: Store) -> None:
    store.lease("example", "one", 60)
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE leases SET host = 'elsewhere', pid = 999999999"))
    engine.dispose()
    assert not store.lease("example", "other", 60)
