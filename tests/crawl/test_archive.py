"""The page archive: what goes in comes out, also after a crash."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from aggregator.crawl.archive import PageArchive, archive_files, read_pages
from aggregator.errors import FixFileError
from aggregator.model import DateReading, Link, Page

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
LINK = Link(
    url="https://example.ir/news/1",
    origin="feed",
    headline="آغاز ثبت‌نام «دوره»",
    published=DateReading("۱۰ اسفند ۱۴۰۴", NOW, "day", "jalali", "feed"),
    modified=NOW,
)


def page(number: int = 1, body: bytes = b"<p>\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85</p>") -> Page:
    headers = {"content-type": "text/html; charset=utf-8", "x-note": "سلام"}
    return Page(f"https://example.ir/news/{number}", body, NOW, "sample", headers=headers)


def write(folder: Path, *pages: Page) -> Path:
    archive = PageArchive(folder)
    for each in pages:
        archive.write(each)
    archive.close()
    return archive_files(folder)[-1]


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
)
def test_a_page_comes_back_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    status: int,
    headers: dict[str, str],
    redirected: bool,
    link: Link | None,
    shift: timedelta,
) -> None:
    requested = "http://example.ir/x1" if redirected else None
    original = Page("https://example.ir/?a=1", body, NOW + shift, "sample", status, headers, requested, link)
    path = write(tmp_path_factory.mktemp("archive"), original)
    assert list(read_pages(path)) == [original]


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    path = write(tmp_path, page(1), page(2))
    with path.open("rb") as file:
        records = [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "response"]
    assert records[2][1:] == (page(2).url, page(2).body)


def test_every_record_is_a_gzip_member(tmp_path: Path) -> None:
    path = write(tmp_path, page(1), page(2))
    assert path.read_bytes().count(b"\x1f\x8b\x08") == 3


def test_a_torn_end_costs_only_the_last_page(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pages = [page(number, bytes(range(256)) * number) for number in range(1, 5)]
    path = write(tmp_path, *pages)
    whole = path.read_bytes()
    seen = set()
    for end in range(2, len(whole)):
        path.write_bytes(whole[:end])
        caplog.clear()
        try:
            found = list(read_pages(path))
        except FixFileError:  # torn within the very first record
            assert end < 400
            continue
        assert found == pages[: len(found)]
        seen.add(len(found))
        is_between_records = whole[end : end + 3] == b"\x1f\x8b\x08"
        assert bool(caplog.records) or is_between_records or len(found) == 4
    assert seen == {0, 1, 2, 3, 4}


def test_damage_in_the_middle_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path, page(1), page(2, b"x" * 5000), page(3))
    data = bytearray(path.read_bytes())
    data[len(data) * 3 // 4] ^= 0xFF
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert page(1) in list(read_pages(path))
    assert "damaged" in caplog.text


def test_another_process_never_appends_to_a_torn_file(tmp_path: Path) -> None:
    torn = write(tmp_path, page(1), page(2))
    torn.write_bytes(torn.read_bytes()[:-20])
    before = torn.read_bytes()
    again = write(tmp_path, page(3))
    assert again != torn
    assert torn.read_bytes() == before
    assert [found.url for path in archive_files(tmp_path) for found in read_pages(path)] == [
        page(1).url,
        page(3).url,
    ]


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path, max_bytes=2000)
    for number in range(6):
        archive.write(page(number, str(number).encode() * 10))
    archive.close()
    files = archive_files(tmp_path)
    assert len(files) > 1
    assert [found.url for path in files for found in read_pages(path)] == [page(n).url for n in range(6)]


def test_nothing_is_made_before_the_first_page(tmp_path: Path) -> None:
    PageArchive(tmp_path / "archive").close()
    assert not (tmp_path / "archive").exists()


def test_an_empty_file_holds_no_pages(tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz").touch()
    assert list(read_pages(tmp_path / "x.warc.gz")) == []


@pytest.mark.parametrize("content", [b"<html>no archive</html>", b"\x1f\x8b\x08 not really gzip"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(FixFileError, match=r"x\.warc\.gz"):
        list(read_pages(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FixFileError, match=r"nowhere\.warc"):
        list(read_pages(tmp_path / "nowhere.warc"))
