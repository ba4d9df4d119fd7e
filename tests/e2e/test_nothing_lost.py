"""Full disks, locks, power cuts, and two crawls at once: said in one line, and nothing doubled or lost."""

import os
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from aggregator.crawl.archive import archive_files, read_pages
from aggregator.crawl.archive.check import TORN, check_file
from aggregator.crawl.archive.files import beside
from aggregator.crawl.archive.index import SUFFIX, find
from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.model import Page
from aggregator.store import Store
from tests.e2e.conftest import Run
from tests.e2e.processes import PATIENCE, Watch, begun, wait_until

ARTICLES = 30


@pytest.fixture(autouse=True)
def one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process that reads pages is enough here: these tests begin many crawls (Python 3.13 heeds it)."""
    monkeypatch.setenv("PYTHON_CPU_COUNT", "1")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What a site on a port of its own is asked for."""
    site = Site("nastooh", synthetic_articles(ARTICLES, seed=5))
    with Portal([site]) as portal:
        yield Watch(portal, site)


@pytest.fixture
def site(watch: Watch) -> Site:
    return watch.site


@pytest.fixture
def crawl(site: Site) -> tuple[str, ...]:
    """The command that crawls it."""
    return ("crawl", site.base_url + "/", "--delay", "0")


def assert_all_stored(site: Site, database: Path) -> None:
    """Every article of the site exactly once, and as if nothing had been the matter."""
    with Store.open(f"sqlite:///{database}") as store:
        stored = list(store.articles())
        assert store.pending_count() == 0
    assert sorted(one.article.url for one in stored) == sorted(one["url"] for one in site.truth())
    assert {one.revision for one in stored} == {1}


def the_line(err: str) -> str:
    """Standard error, which is one line that says what was the matter."""
    (line,) = err.splitlines()
    assert line.startswith("aggregator: ")
    return line


# --- a full disk --------------------------------------------------------------------------------------------


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system in a folder, while the test may."""
    if subprocess.run(["mount", *options, folder], check=False).returncode:
        pytest.skip("this account may not mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize(
    ("place", "size", "said"),
    [
        ("archive", "100k", r"archive: \[Errno 28\] No space left on device: '"),
        ("database", "600k", "store: no space left for the database sqlite:///"),
        ("index", "40k", r"not yet in the index: .*(is the disk full\?|No space left)"),
    ],
)
def test_a_full_disk(
    place: str, size: str, said: str, site: Site, crawl: tuple[str, ...], run: Run, data: Path
) -> None:
    disk = data / place
    disk.mkdir(parents=True)
    database = (disk if place == "database" else data) / "aggregator.sqlite3"
    crawl = (*crawl, "--database", f"sqlite:///{database}")
    with mounted(disk, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        full = run(*crawl)
        assert full.status == 1
        assert re.search(said, the_line(full.err))
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        done = run(*crawl)
        assert done.status == 0, done.err
        assert_all_stored(site, database)
        checked = run("archive", "check", "--json")
        assert checked.status == 0, checked.err
        assert {page.url for path in archive_files(data / "archive") for page in read_pages(path)} == {
            one["url"] for one in site.truth()
        }


# --- what cannot be written ---------------------------------------------------------------------------------


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """A file that nobody can write, or a folder in which nobody can make one; also the superuser."""
    if os.geteuid():
        before = stat.S_IMODE(path.stat().st_mode)
        change, back = ["chmod", "a-w", path], ["chmod", f"{before:o}", path]
    else:
        change, back = ["chattr", "+i", path], ["chattr", "-i", path]
    if subprocess.run(change, check=False).returncode:
        pytest.skip("the superuser's files cannot be made read-only on this file system")
    try:
        yield
    finally:
        subprocess.run(back, check=True)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("data/aggregator.sqlite3", "make it writable, or choose another with --database"),
        ("data", "make it writable, or choose another with --data"),
    ],
)
def test_what_is_read_only_is_named_with_what_to_do(
    place: str, said: str, site: Site, crawl: tuple[str, ...], run: Run, data: Path, tmp_path: Path
) -> None:
    database = data / "aggregator.sqlite3"
    data.mkdir()
    Store.open(f"sqlite:///{database}").close()
    with read_only(tmp_path / place):
        refused = run(*crawl)
    assert refused.status in (1, 2)
    assert said in the_line(refused.err)
    assert run(*crawl).status == 0
    assert_all_stored(site, database)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another process than the crawl's has the lock for writing."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_a_lock_that_goes_is_waited_for_and_one_that_stays_ends_the_crawl(
    watch: Watch, crawl: tuple[str, ...], run: Run, data: Path
) -> None:
    database = data / "aggregator.sqlite3"
    with begun(*crawl, data=data) as process:
        wait_until(lambda: len(watch.articles) >= 5, process)
        with locked(database):
            time.sleep(3)
        so_far = len(watch.articles)
        wait_until(lambda: len(watch.articles) > so_far, process)
        assert process.poll() is None
        with locked(database):
            _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "is locked by another process (waited 30 s)" in the_line(err)
    assert run(*crawl).status == 0
    assert_all_stored(watch.site, database)


# --- a power cut --------------------------------------------------------------------------------------------


def cut(path: Path, chance: random.Random) -> tuple[bytes, list[Page]]:
    """Ends a file somewhere in its last page; what it holds then, and the pages of which all is there."""
    pages = list(read_pages(path))
    entry = next(one for one in reversed(find(path.parent, pages[-1].url)) if one.path == path)
    end = chance.randrange(entry.offset + 1, path.stat().st_size)
    os.truncate(path, end)
    beside(path, SUFFIX).unlink()  # it is written last, when a file is closed
    return path.read_bytes(), pages if end >= entry.offset + entry.length else pages[:-1]


def assert_set_aside(path: Path, held: bytes, whole: list[Page]) -> None:
    """The whole pages are in the file, the rest is beside it, and no byte is gone."""
    torn = beside(path, TORN)
    assert [page.url for page in read_pages(path)] == [page.url for page in whole]
    assert path.read_bytes() + (torn.read_bytes() if torn.exists() else b"") == held


def test_a_power_cut_in_the_middle_of_a_record(
    site: Site, crawl: tuple[str, ...], run: Run, data: Path, tmp_path: Path
) -> None:
    chance, archive = random.Random(7), data / "archive"
    assert run(*crawl, "--limit", "10").status == 0
    for number in range(20):
        copy = tmp_path / str(number)
        shutil.copytree(archive, copy)
        (path,) = archive_files(copy)
        held, whole = cut(path, chance)
        assert check_file(path).is_whole
        assert_set_aside(path, held, whole)

    (first,) = archive_files(archive)
    held, whole = cut(first, chance)
    got = run("archive", "get", whole[-1].url)
    assert (got.status, got.out) == (0, whole[-1].body.decode().replace("\r\n", "\n"))
    assert run("archive", "check").status == 0
    assert_set_aside(first, held, whole)

    assert run(*crawl, "--limit", "10").status == 0
    second = archive_files(archive)[-1]
    held, also_whole = cut(second, chance)
    replayed = run("replay", "--dry-run", "--json").records[-1]
    there = len(whole) + len(also_whole)
    assert (replayed["pages"], replayed["unchanged"]) == (there, there)
    done = run(*crawl)  # which mends it without being asked
    assert done.status == 0, done.err
    assert_set_aside(second, held, also_whole)
    assert_all_stored(site, data / "aggregator.sqlite3")
    assert all(check_file(path).is_whole for path in archive_files(archive))


# --- two crawls at once -------------------------------------------------------------------------------------


def test_two_crawls_at_once(watch: Watch, crawl: tuple[str, ...], data: Path) -> None:
    """Of one source the second is told to leave it alone; of two sources both go on."""
    other = Site("iransamaneh", synthetic_articles(ARTICLES, seed=6), source="other")
    with Portal([other]) as portal:
        beside_it = Watch(portal, other)
        with (
            begun(*crawl, data=data) as first,
            begun(*crawl, data=data) as second,
            begun("crawl", other.base_url + "/", "--delay", "0", data=data) as third,
        ):
            errors = [process.communicate(timeout=PATIENCE)[1] for process in (first, second, third)]
            statuses = [process.returncode for process in (first, second, third)]
        for one in (watch, beside_it):
            assert sorted(one.articles) == sorted(item.href for item in one.site.items)
    assert statuses == [0, 0, 0], errors
    assert sorted(map(bool, errors[:2])) == [False, True]
    assert the_line("".join(errors)).endswith("left alone: another process is crawling it")
    with Store.open(f"sqlite:///{data / 'aggregator.sqlite3'}") as store:
        stored = list(store.articles())
        assert store.pending_count() == 0
    assert sorted(one.article.url for one in stored) == sorted(
        one["url"] for site in (watch.site, other) for one in site.truth()
    )
    assert {one.revision for one in stored} == {1}
    assert all(check_file(path).is_whole for path in archive_files(data / "archive"))
