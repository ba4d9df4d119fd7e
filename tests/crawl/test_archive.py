"""The page archive: what goes in comes out, also after a crash."""

import errno
import gzip
import logging
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

sys.path.insert(0, str(Path(__file__).parent))  # for archiving: tests are no package

from archiving import NOW, page, write

from aggregator.crawl.archive import PageArchive, archive_files, pages_in_order, read_pages, writer
from aggregator.errors import FixFileError
from aggregator.model import DateReading, Link, Page, SentRequest

FORMER = Path(__file__).parent / "archives" / "pages-20260301T123000Z-4711-0.warc.gz"
MEMBER = b"\x1f\x8b\x08"
LINK = Link(
    url="https://example.ir/news/1",
    origin="feed",
    headline="آغاز ثبت‌نام «دوره»",
    published=DateReading("۱۰ اسفند ۱۴۰۴", NOW, "day", "jalali", "feed"),
    modified=NOW,
)

header_names = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
header_values = st.from_regex(r"[!-~ا-ی]([ -~ا-ی]{0,30}[!-~ا-ی])?", fullmatch=True)


@given(
    body=st.binary(max_size=2000),
    status=st.sampled_from([200, 203, 404, 599]),
    headers=st.dictionaries(header_names, header_values, max_size=5)
    | st.just({"content-encoding": "br", "content-length": "7", "transfer-encoding": "chunked"}),
    redirected=st.booleans(),
    link=st.sampled_from([None, LINK]),
    shift=st.timedeltas(timedelta(0), timedelta(days=4000)),
    sent=st.sampled_from([None, SentRequest("POST", {"cookie": "a=b"}, b"\x1f\x8b\x08 field=1")]),
)
def test_a_page_comes_back_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    status: int,
    headers: dict[str, str],
    redirected: bool,
    link: Link | None,
    shift: timedelta,
    sent: SentRequest | None,
) -> None:
    requested = "http://example.ir/x1" if redirected else None
    original = Page(
        "https://example.ir/?a=1", body, NOW + shift, "sample", status, headers, requested, link, sent
    )
    path = write(tmp_path_factory.mktemp("archive"), original)
    assert list(read_pages(path)) == [original]


def records(path: Path) -> list[tuple[Any, bytes]]:
    """As another program reads them, all digests compared."""
    with path.open("rb") as file:
        return [
            (record, record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    path = write(tmp_path, page(1), page(2))
    found = records(path)
    kinds = [record.rec_type for record, _ in found]
    assert kinds == ["warcinfo", "response", "request", "response", "request"]
    answer, body = found[3]
    assert (answer.rec_headers.get_header("WARC-Target-URI"), body) == (page(2).url, page(2).body)
    assert answer.rec_headers.protocol == "WARC/1.1"
    assert all(record.rec_headers.get_header("WARC-Block-Digest") for record, _ in found)
    assert answer.rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")


def test_a_file_says_who_made_it(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path, user_agent="news archive (+a@example.ir)")
    archive.write(page())
    archive.close()
    (path,) = archive_files(tmp_path)
    info, text = records(path)[0]
    assert info.rec_headers.get_header("WARC-Filename") == path.name
    assert b"software: persian-news-aggregator/" in text
    assert b"http-header-user-agent: news archive (+a@example.ir)" in text


def test_what_was_sent_stands_beside_the_answer(tmp_path: Path) -> None:
    sent = SentRequest("POST", {"user-agent": "x", "cookie": "a=b"}, b"page=2")
    original = Page("http://example.ir:8080/list?x=%D8%A7#top", b"<p>", NOW, "sample", sent=sent)
    _, (answer, _), (request, body) = records(write(tmp_path, original))
    assert request.http_headers.protocol == "POST"
    assert request.http_headers.statusline == "/list?x=%D8%A7 HTTP/1.1"
    expected = {"host": "example.ir:8080", "user-agent": "x", "cookie": "a=b"}
    assert dict(request.http_headers.headers) == expected
    assert body == b"page=2"
    of = request.rec_headers.get_header
    assert of("WARC-Concurrent-To") == answer.rec_headers.get_header("WARC-Record-ID")
    assert of("WARC-Date") == answer.rec_headers.get_header("WARC-Date") == "2026-03-01T12:30:15.123456Z"


def test_every_record_is_a_gzip_member(tmp_path: Path) -> None:
    path = write(tmp_path, page(1), page(2))
    assert path.read_bytes().count(MEMBER) == 5


def test_a_page_of_which_nobody_knows_what_was_sent(tmp_path: Path) -> None:
    path = write(tmp_path, Page("https://example.ir/", b"x", NOW, "sample"))
    assert [record.rec_type for record, _ in records(path)] == ["warcinfo", "response"]


def test_archives_of_the_former_format_are_read() -> None:
    first, second = read_pages(FORMER)
    assert (first.url, second.url) == ("https://example.ir/news/1", "https://example.ir/news/2")
    assert first.link == Link(first.url, "listing")
    assert first.fetched_at == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def interesting(whole: bytes) -> list[int]:
    """Where a file may be torn: around each record's ends, and here and there within."""
    starts = [at for at in range(len(whole)) if whole[at : at + 3] == MEMBER] + [len(whole)]
    around = {start + shift for start in starts for shift in (-9, -8, -4, -1, 0, 1, 2, 3, 10, 12)}
    return sorted(at for at in around | set(range(5, len(whole), 61)) if 2 <= at < len(whole))


def test_a_torn_end_costs_only_the_last_page(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pages = [page(number, bytes(range(256)) * number) for number in range(1, 5)]
    path = write(tmp_path, *pages)
    whole = path.read_bytes()
    first_record = whole.index(MEMBER, 1)
    seen = set()
    for end in interesting(whole):
        path.write_bytes(whole[:end])
        caplog.clear()
        try:
            found = list(read_pages(path))
        except FixFileError:
            assert end < first_record
            continue
        assert found == pages[: len(found)]
        seen.add(len(found))
        is_between_records = whole[end : end + 3] == MEMBER
        assert bool(caplog.records) is not is_between_records
    assert seen == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("junk", [b"\0" * 5000, b"<html>" * 900, MEMBER * 1700])
def test_bad_bytes_in_the_middle_cost_the_records_they_hit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, junk: bytes
) -> None:
    path = write(tmp_path, page(1), page(2, os.urandom(5000)), page(3))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3] + junk + data[len(data) // 3 + len(junk) // 2 :])
    with caplog.at_level(logging.WARNING):
        assert [found.url for found in read_pages(path)] == [page(1).url, page(3).url]
    assert "damaged" in caplog.text


def test_nobody_writes_to_another_process_file(tmp_path: Path) -> None:
    torn = write(tmp_path, page(1), page(2))
    again = write(tmp_path, page(3))
    assert again != torn
    assert [found.url for path in archive_files(tmp_path) for found in read_pages(path)] == [
        page(number).url for number in (1, 2, 3)
    ]


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path, max_bytes=3000)
    for number in range(6):
        archive.write(page(number, str(number).encode() * 10))
    archive.close()
    files = archive_files(tmp_path)
    assert len(files) > 1
    assert all(path.stat().st_size < 3000 + 2000 for path in files)  # one page more at most
    assert [found.url for path in files for found in read_pages(path)] == [page(n).url for n in range(6)]


def test_every_day_has_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instants = [datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return instants[0]

    monkeypatch.setattr(writer, "datetime", Clock)
    archive = PageArchive(tmp_path)
    archive.write(page(1))
    archive.write(page(2))
    instants.pop(0)
    archive.write(page(3))
    archive.close()
    first, second = archive_files(tmp_path)
    assert first.name.startswith("pages-20260301T235959Z-00000-")
    assert second.name.startswith("pages-20260302T000001Z-00001-")
    assert [found.url for found in read_pages(first)] == [page(1).url, page(2).url]


def test_threads_share_an_archive(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path, max_bytes=20_000)

    def work(first: int) -> None:
        for number in range(first, first + 25):
            archive.write(page(number, os.urandom(400)))

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 25, 50, 75)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    archive.close()
    found = [read.url for path in archive_files(tmp_path) for read in read_pages(path)]
    assert sorted(found) == sorted(page(number).url for number in range(100))


def test_nothing_is_made_before_the_first_page(tmp_path: Path) -> None:
    PageArchive(tmp_path / "archive").close()
    assert not (tmp_path / "archive").exists()


# --- a disk that cannot -------------------------------------------------------------------------------------


class FullDisk:
    """A disk with so many bytes left."""

    def __init__(self, room: int):
        self.room = room

    def file(self, path: Path, mode: str) -> Any:
        disk = self

        class File(FileIO):
            def write(self, data: Any) -> int:
                if not disk.room:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                taken = super().write(data[: disk.room])
                disk.room -= taken
                return taken

        return File(path, mode)


@pytest.mark.parametrize("room", [0, 1, 300, 900, 1500, 2500])
def test_a_full_disk_costs_only_the_page_that_had_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(writer, "FileIO", FullDisk(room).file)
    archive, stored = PageArchive(tmp_path), []

    def fill() -> None:
        for number in range(50):
            archive.write(page(number))
            stored.append(page(number))

    with pytest.raises(OSError, match=r"No space left on device.*warc\.gz") as raised:
        fill()
    assert raised.value.errno == errno.ENOSPC
    with pytest.raises(OSError, match="No space left"):
        archive.write(page(98))
    assert list(pages_in_order(archive_files(tmp_path))) == stored
    assert len(archive_files(tmp_path)) <= 1  # no litter
    monkeypatch.undo()
    archive.write(page(99))
    archive.close()
    assert [found.url for path in archive_files(tmp_path) for found in read_pages(path)] == [
        each.url for each in (*stored, page(99))
    ]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="archive"):
        PageArchive(tmp_path / "archive").write(page())


# --- reading ------------------------------------------------------------------------------------------------


def test_files_are_read_in_the_order_of_the_fetches(tmp_path: Path) -> None:
    def at(*minutes: int) -> Path:
        folder = tmp_path / str(minutes[0])
        return write(folder, *(page(minute, when=NOW + timedelta(minutes=minute)) for minute in minutes))

    paths = [at(30, 31), at(2, 5, 40), at(1, 3, 4, 6, 35)]
    assert [found.url for found in pages_in_order(paths)] == [
        page(minute).url for minute in (1, 2, 3, 4, 5, 6, 30, 31, 35, 40)
    ]


def test_no_more_files_are_open_than_are_due(tmp_path: Path) -> None:
    for number in range(40):
        write(tmp_path, page(number, when=NOW + timedelta(hours=number)))
    before = open_handles()
    most = 0
    for _ in pages_in_order(archive_files(tmp_path)):
        most = max(most, open_handles() - before)
    assert most <= 3


def open_handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_empty_file_holds_no_pages(tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz").touch()
    assert list(read_pages(tmp_path / "x.warc.gz")) == []


def test_files_that_other_programs_packed_otherwise_are_read(tmp_path: Path) -> None:
    whole = write(tmp_path, page(1), page(2))
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(whole.read_bytes()))
    one_stream = tmp_path / "one.warc.gz"
    one_stream.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read_pages(plain)) == list(read_pages(one_stream)) == [page(1), page(2)]


@pytest.mark.parametrize(
    "content", [b"<html>no archive</html>", b"\x1f\x8b\x08 not really gzip", b"\0" * 90000]
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(FixFileError, match=r"x\.warc\.gz"):
        list(read_pages(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FixFileError, match=r"nowhere\.warc"):
        list(read_pages(tmp_path / "nowhere.warc"))
