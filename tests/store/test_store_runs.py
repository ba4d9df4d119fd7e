"""The record of crawls, and the numbers of ``status``."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from aggregator.model import Link, PageState
from aggregator.store import Store, process
from aggregator.store.engine import open_engine, writing
from aggregator.store.runs import SILENCE
from aggregator.store.schema import runs
from tests.making import make_article, make_stored


def change(address: str, **columns: object) -> None:
    """Writes into the rows of all runs."""
    engine = open_engine(address)
    with writing(engine).begin() as connection:
        connection.execute(update(runs).values(**columns))
    engine.dispose()


def test_a_run_from_start_to_end(store: Store) -> None:
    before = datetime.now(UTC)
    number = store.start_run("example")
    (run,) = store.runs()
    assert (run.id, run.source, run.status, run.finished, dict(run.counts)) == (
        number, "example", "running", None, {},
    )  # fmt: skip
    assert before <= run.started <= datetime.now(UTC)
    store.update_run(number, {"pages": 3})
    assert store.runs()[0].counts == {"pages": 3}
    store.finish_run(number, "finished", {"pages": 5, "rejected": {"listing": 2}})
    (run,) = store.runs()
    assert (run.status, run.counts) == ("finished", {"pages": 5, "rejected": {"listing": 2}})
    assert run.finished is not None
    assert run.started <= run.finished


def test_newest_first_by_source_up_to_a_limit(store: Store) -> None:
    numbers = [store.start_run(source) for source in ("a", "b", "a")]
    assert [run.id for run in store.runs()] == numbers[::-1]
    assert [run.id for run in store.runs(source="a")] == [numbers[2], numbers[0]]
    assert [run.id for run in store.runs(limit=1)] == [numbers[2]]


STARTS = """
import sys, time
from aggregator.store import Store
print(Store.open(sys.argv[1]).start_run("example"), flush=True)
time.sleep(60)
"""


def test_a_run_whose_process_was_killed_is_shown_as_killed(store: Store, address: str) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS, address], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert store.runs()[0].status == "running"
        child.send_signal(signal.SIGKILL)
    assert store.runs()[0].status == "killed"
    assert store.counts()["sources"]["example"]["last_status"] == "killed"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="start times are read from /proc")
def test_another_process_of_the_same_number_is_not_the_run(store: Store, address: str) -> None:
    store.start_run("example")
    change(address, process="another boot/1")
    assert store.runs()[0].status == "killed"


def test_a_run_on_another_machine_is_believed_for_a_while(store: Store, address: str) -> None:
    store.start_run("example")
    change(address, host="elsewhere", pid=2**30)
    assert store.runs()[0].status == "running"
    change(address, updated=datetime.now(UTC) - SILENCE - timedelta(minutes=1))
    assert store.runs()[0].status == "killed"


def test_a_process_is_alive_until_it_is_gone() -> None:
    assert process.alive(os.getpid(), process.fingerprint(os.getpid()))
    assert process.alive(os.getpid(), "")
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        pass
    assert not process.alive(child.pid, "")


def test_status_counts(store: Store) -> None:
    assert store.counts() == {
        "articles": 0,
        "revisions": 0,
        "dead_letters": 0,
        "pending_index": 0,
        "sources": {},
    }
    store.put_articles([make_stored(1), make_stored(2), make_stored(1, headline="ب")])
    store.mark_indexed(item.mark for item in store.pending_index(10) if item.mark.id == make_article(2).id)
    store.add_pending("other", [Link("https://news.example.ir/1", "feed")])
    store.save_page(PageState("https://news.example.ir/2", "other", "rejected"))
    store.finish_run(store.start_run("example"), "finished", {})
    store.finish_run(store.start_run("example"), "failed", {})
    failed, finished = store.runs("example")
    assert store.counts() == {
        "articles": 2,
        "revisions": 3,
        "dead_letters": 0,
        "pending_index": 1,
        "sources": {
            "example": {
                "articles": 2,
                "pages": {},
                "last_run": failed.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "last_status": "failed",
                "last_success": finished.finished and finished.finished.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            "other": {
                "articles": 0,
                "pages": {"pending": 1, "rejected": 1},
                "last_run": None,
                "last_status": None,
                "last_success": None,
            },
        },
    }
