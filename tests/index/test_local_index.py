"""The local index among processes, versions and broken disks."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from aggregator.errors import TryLaterError
from aggregator.index import local
from aggregator.index.document import to_document
from aggregator.index.local import LocalIndex
from aggregator.index.protocol import RebuildIndexError
from aggregator.search import search
from aggregator.search.results import SearchRequest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def fill(folder, registry, article):
    """Puts articles with these numbers in, a commit for each."""

    def fill(*numbers: int, headline: str = "آب") -> None:
        for number in numbers:
            with LocalIndex(folder).writing() as writer:
                writer.add([to_document(article(number, headline), registry)])

    return fill


def total(index: LocalIndex, registry, query: str = "آب") -> int:
    return search(SearchRequest(query), index, registry).total


WRITER = """
import sys, time
from pathlib import Path
from aggregator.index.local import LocalIndex
with LocalIndex(Path(sys.argv[1])).writing() as writer:
    writer.delete(["nothing"])
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_writer(folder):
    """Another process that writes, and does not end by itself."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.wait()


def test_while_another_process_writes_searches_go_on_and_writing_is_for_later(
    fill, folder, registry, request
):
    fill(1)
    request.getfixturevalue("other_writer")
    index = LocalIndex(folder, patience=0.2)
    assert total(index, registry) == 1
    with pytest.raises(TryLaterError, match="another process"), index.writing():
        pass


def test_a_writer_that_is_killed_leaves_the_index_free_and_whole(fill, folder, registry, request):
    fill(1)
    process = request.getfixturevalue("other_writer")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    fill(2)
    assert total(LocalIndex(folder), registry) == 2


def test_a_writer_waits_a_little_for_another(fill, folder, registry, article):
    fill(1)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER.replace("60", "0.5"), str(folder)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    started = time.monotonic()
    fill(2)
    process.communicate()
    assert time.monotonic() - started > 0.2
    assert total(LocalIndex(folder), registry) == 2


def test_a_reader_sees_what_others_commit_and_rebuild(fill, folder, registry, article):
    reader = LocalIndex(folder)
    assert total(reader, registry) == 0
    fill(1, 2)
    assert total(reader, registry) == 2
    LocalIndex(folder).rebuild([to_document(article(3, "برق"), registry)])
    assert (total(reader, registry), total(reader, registry, "برق")) == (0, 1)


def test_many_commits_leave_few_files(fill, folder):
    fill(*range(40))
    assert len(list(folder.rglob("*.store"))) < 15


def test_garbage_in_place_of_the_index_is_told_and_rebuilt(fill, folder, registry, article):
    fill(1)
    (meta,) = folder.glob("*/meta.json")
    meta.write_text("garbage")
    with pytest.raises(RebuildIndexError, match="aggregator reindex"):
        LocalIndex(folder).count()
    with pytest.raises(RebuildIndexError, match=str(folder)), LocalIndex(folder).writing():
        pass
    assert LocalIndex(folder).rebuild([to_document(article(2, "آب"), registry)]).count == 1
    assert total(LocalIndex(folder), registry) == 1


@pytest.mark.parametrize("damage", ["truncate", "remove", "zero"])
@pytest.mark.parametrize("kind", ["term", "store", "idx", "fast", "pos"])
def test_a_damaged_file_is_told_or_harmless_and_rebuilt(fill, folder, registry, article, damage, kind):
    fill(1)
    for file in folder.glob(f"*/*.{kind}"):
        if damage == "remove":
            file.unlink()
        else:
            file.write_bytes(b"" if damage == "truncate" else b"\0" * file.stat().st_size)
    with suppress(RebuildIndexError):
        total(LocalIndex(folder), registry)
    index = LocalIndex(folder)
    assert index.rebuild([to_document(article(2, "آب"), registry)]).count == 1
    assert total(index, registry) == 1


def test_an_index_folded_by_other_rules_is_of_another_version(fill, folder, registry, monkeypatch):
    fill(1)
    monkeypatch.setattr(local, "folding_version", lambda: "other")
    with pytest.raises(RebuildIndexError, match="another version"):
        total(LocalIndex(folder), registry)


def test_an_index_of_another_version_is_left_alone_until_rebuilt(fill, folder, registry, article):
    fill(1)
    (current,) = folder.iterdir()
    current.rename(folder / "v0")
    index = LocalIndex(folder)
    assert not index.is_current()
    with pytest.raises(RebuildIndexError, match="another version"):
        total(index, registry)
    assert index.rebuild([to_document(article(2, "آب"), registry)]).count == 1
    assert total(index, registry) == 1
    assert [path.name for path in folder.iterdir()] == [current.name]


def test_an_incomplete_index_is_told_and_rebuilt(fill, folder, registry, article):
    fill(1)
    (meta,) = folder.glob("*/meta.json")
    meta.unlink()
    with pytest.raises(RebuildIndexError), LocalIndex(folder).writing():
        pass
    assert LocalIndex(folder).rebuild([to_document(article(2, "آب"), registry)]).count == 1
    assert total(LocalIndex(folder), registry) == 1


def test_one_that_makes_the_index_late_takes_what_is_there(fill, folder, registry):
    late = LocalIndex(folder)
    fill(1)
    late._create()  # it saw no index before
    assert total(late, registry) == 1
    assert len(list(folder.iterdir())) == 1


def test_an_index_removed_under_a_reader_is_told(fill, folder, registry):
    fill(1)
    reader = LocalIndex(folder)
    assert total(reader, registry) == 1
    shutil.rmtree(folder)
    with pytest.raises(RebuildIndexError):
        total(reader, registry)
    fill(2)
    assert total(reader, registry) == 1
