"""The archive after kills and power cuts: what is whole is kept, what is torn is set aside."""

import gzip
import logging
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from archiving import noisy, page, write

from aggregator.crawl.archive import PageArchive, archive_files, read_pages
from aggregator.crawl.archive.check import check_file, recover
from aggregator.crawl.archive.files import unowned
from aggregator.crawl.archive.index import find, is_indexed
from aggregator.errors import FixFileError

PROGRAM = str(Path(__file__).with_name("archive_until_killed.py"))
MEMBER = b"\x1f\x8b\x08"


def members(whole: bytes) -> list[int]:
    """Where records begin, and the end."""
    return [at for at in range(len(whole)) if whole[at : at + 3] == MEMBER] + [len(whole)]


def tear(path: Path, content: bytes) -> None:
    """As a kill leaves a file: torn, and without an index."""
    path.write_bytes(content)
    for beside in path.parent.iterdir():
        if beside != path:
            beside.unlink()


def test_a_whole_file_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, page(1), page(2))
    before = path.read_bytes()
    report = check_file(path)
    assert (report.records, report.pages, report.is_whole, report.torn) == (5, 2, True, None)
    assert path.read_bytes() == before
    assert list(tmp_path.glob("*.torn")) == []


def test_wherever_it_is_torn_whole_records_stay_and_the_rest_is_set_aside(tmp_path: Path) -> None:
    whole = write(
        tmp_path / "whole", *(page(number, b"x" * number * 99) for number in (1, 2, 3))
    ).read_bytes()
    path = tmp_path / "torn" / "pages-x.warc.gz"
    path.parent.mkdir()
    starts = members(whole)
    ends = {start + shift for start in starts for shift in (-8, -1, 0, 1, 2, 3, 11)} | set(
        range(7, len(whole), 97)
    )
    for end in sorted(at for at in ends if 0 < at < len(whole)):
        tear(path, whole[:end])
        report = check_file(path)
        kept = max(start for start in starts if start <= end)
        assert report.is_whole
        assert report.records == starts.index(kept)
        if kept:
            assert path.read_bytes() == whole[:kept]
            assert is_indexed(path)
        assert path.exists() is bool(kept)
        torn = path.with_name("pages-x.torn")
        assert (torn.read_bytes() if torn.exists() else b"") == whole[kept:end]
        assert (report.torn.length if report.torn else 0) == end - kept


@pytest.mark.parametrize("tail", [b"\0" * 70_000, b"\0" * 3, os.urandom(9000), MEMBER * 20])
def test_junk_that_a_power_cut_leaves_is_set_aside(tmp_path: Path, tail: bytes) -> None:
    path = write(tmp_path, page(1), page(2))
    whole = path.read_bytes()
    tear(path, whole + tail)
    report = check_file(path)
    assert report.is_whole
    assert path.read_bytes() == whole
    assert path.with_name(path.name.replace(".warc.gz", ".torn")).read_bytes() == tail


def test_a_kill_while_the_end_is_set_aside_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, page(1), page(2))
    whole = path.read_bytes()
    tear(path, whole[:-30])
    start = members(whole)[-2]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("aggregator.crawl.archive.check.sync_folder", killed)  # copied, and not yet cut off
        with pytest.raises(KeyboardInterrupt):
            check_file(path)
    assert path.read_bytes() == whole[:-30]
    assert check_file(path).is_whole
    assert path.read_bytes() == whole[:start]
    assert path.with_name(path.name.replace(".warc.gz", ".torn")).read_bytes() == whole[start:-30]


def test_damage_in_the_middle_is_told_and_left(tmp_path: Path) -> None:
    path = write(tmp_path, page(1), page(2), page(3))
    whole = bytearray(path.read_bytes())
    start, end = members(bytes(whole))[3:5]
    whole[(start + end) // 2] ^= 0xFF
    path.write_bytes(whole)
    report = check_file(path)
    assert not report.is_whole
    assert [(one.offset, one.length) for one in report.damages] == [(start, end - start)]
    assert path.read_bytes() == whole
    assert find(tmp_path, page(2).url) == []
    assert len(find(tmp_path, page(3).url)) == 1


def test_a_wrong_digest_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, page(1, b"what was fetched"))
    plain = gzip.decompress(path.read_bytes()).replace(b"what was fetched", b"something else..")
    ends = [plain.index(b"WARC/1.1", 5), plain.rindex(b"WARC/1.1"), len(plain)]
    path.write_bytes(b"".join(gzip.compress(plain[a:b]) for a, b in zip([0, *ends], ends, strict=False)))
    report = check_file(path)
    assert [one.reason for one in report.damages] == ["its digest is another"]


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    archive.write(page(1))
    (path,) = archive_files(tmp_path)
    with path.open("ab") as file:
        file.write(MEMBER)  # a record under way
    report = check_file(path)
    assert report.in_use
    assert path.read_bytes().endswith(MEMBER)
    assert recover(tmp_path) == []
    archive.close()


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, page(1), page(2))
    tear(path, path.read_bytes()[:-9])
    before = path.read_bytes()
    real = Path.open

    def refuse(self: Path, mode: str = "r", *more: object, **named: object) -> object:
        if mode != "rb":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, mode)

    monkeypatch.setattr(Path, "open", refuse)
    report = check_file(path)
    assert not report.is_whole
    assert report.trouble is not None
    assert "Permission denied" in report.trouble
    assert report.pages == 2
    monkeypatch.undo()
    assert path.read_bytes() == before


def test_other_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(FixFileError, match=r"nowhere\.warc\.gz"):
        check_file(tmp_path / "nowhere.warc.gz")


# --- by itself ----------------------------------------------------------------------------------------------


def test_the_next_crawl_mends_what_a_dead_one_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    torn = write(tmp_path, page(1), page(2))
    content = torn.read_bytes()[:-15]
    tear(torn, content)
    with caplog.at_level(logging.WARNING):
        write(tmp_path, page(3))
    assert "torn the end" in caplog.text
    assert [found.url for path in archive_files(tmp_path) for found in read_pages(path)] == [
        page(number).url for number in (1, 2, 3)
    ]
    assert torn.read_bytes() + next(tmp_path.glob("*.torn")).read_bytes() == content
    assert all(is_indexed(path) for path in archive_files(tmp_path))


def test_the_newest_are_looked_at_first_and_it_ends_when_the_crawl_does(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path, page(number))
    for lost in tmp_path.glob("*.cdxj"):
        lost.unlink()
    reports = recover(tmp_path, is_over=lambda: True)
    assert [report.path for report in reports] == [archive_files(tmp_path)[-1]]
    assert len(recover(tmp_path)) == 4
    assert recover(tmp_path) == []


def start(folder: Path, first: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, PROGRAM, str(folder), str(first)], stdout=subprocess.PIPE, text=True
    )


def told(process: "subprocess.Popen[str]") -> list[int]:
    """The numbers of the pages that it had written, when it was killed."""
    output, _ = process.communicate(timeout=60)
    return [int(line) for line in output.splitlines(keepends=True) if line.endswith("\n")]


def test_kill_at_any_moment_and_two_at_once(tmp_path: Path) -> None:
    chance = random.Random(5)
    written: set[int] = set()
    for round_number in range(3):
        both = [start(tmp_path, first + round_number * 1000) for first in (0, 100_000)]
        for process in both:
            assert process.stdout is not None
            process.stdout.readline()  # it has begun
        time.sleep(chance.uniform(0.02, 0.2))
        for process in both:
            os.kill(process.pid, signal.SIGKILL)
        written |= {number for process in both for number in told(process)}
    for path in archive_files(tmp_path):
        with unowned(path) as is_free:
            assert is_free  # the system has taken the marks off
    recover(tmp_path)
    pages = [found for path in archive_files(tmp_path) for found in read_pages(path)]
    numbers = [int(found.url.partition("?")[0].rpartition("/")[2]) for found in pages]
    assert written <= set(numbers)
    assert len(numbers) == len(set(numbers))
    assert all(found == noisy(number) for found, number in zip(pages, numbers, strict=True))
    assert all(check_file(path).is_whole for path in archive_files(tmp_path))
