"""One crawl of a source at a time."""

import itertools
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
SHARE = f"""
import sys
sys.path.insert(0, {ROOT!r})
from aggregator.store import Store
from aggregator.store.leases import new_owner
store, owner = Store.open(sys.argv[1]), new_owner()
print("ready", flush=True)
sys.stdin.readline()
print(*(source for source in sys.argv[2:] if store.lease(source, owner, 3600)), flush=True)
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


def test_processes_that_start_together_share_the_sources(address: str, store: Store) -> None:
    sources = [f"source-{number}" for number in range(30)]
    children = [
        subprocess.Popen(
            [sys.executable, "-c", SHARE, address, *sources],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    taken = []
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        assert child.stdout is not None
        taken.append(child.stdout.readline().split())
    assert sorted(itertools.chain(*taken)) == sorted(sources)
    for child in children:
        child.communicate()
    assert all(store.lease(source, "after them", 60) for source in sources)


def test_a_machine_that_went_dark_hands_over_when_its_time_has_passed(address: str, store: Store) -> None:
    assert store.lease("example", "one", 1)
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE leases SET host = 'elsewhere', pid = 999999999"))
    engine.dispose()
    assert not store.lease("example", "other", 60)
    time.sleep(1.1)
    assert store.lease("example", "other", 60)
    assert not store.renew_lease("example", "one", 60)
