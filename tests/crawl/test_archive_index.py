"""One page out of the archive, by its address and time."""

import json
import os
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from archiving import NOW, page, write

from aggregator.crawl.archive import PageArchive, archive_files, index
from aggregator.crawl.archive.index import find, find_last, is_indexed, url_key
from aggregator.crawl.archive.reading import page_at, records_at
from aggregator.errors import FixFileError
from aggregator.model import Page


def lines_of(path: Path) -> list[bytes]:
    return path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_bytes().splitlines(keepends=True)


def forget(path: Path) -> None:
    path.with_name(path.name.replace(".warc.gz", ".cdxj")).unlink()


def test_every_page_is_found_again(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path, max_bytes=20_000)
    pages = [page(number, os.urandom(number * 7), NOW + timedelta(minutes=number)) for number in range(100)]
    for each in pages:
        archive.write(each)
    archive.close()
    assert len(archive_files(tmp_path)) > 3
    for each in pages:
        (entry,) = find(tmp_path, each.url)
        assert page_at(entry) == each
    assert find(tmp_path, "https://example.ir/news/100?lang=fa") == []
    assert find(tmp_path, "https://example.ir/news/") == []


def test_those_who_cannot_wait_get_the_newest_file_that_has_it(tmp_path: Path) -> None:
    paths = [write(tmp_path, page(1, b"%d" % number), page(number + 5)) for number in range(3)]
    (found,) = find_last(tmp_path, page(1).url, files=10)
    assert (found.path, page_at(found).body) == (paths[2], b"2")
    assert [one.path for one in find_last(tmp_path, page(5).url, files=3)] == [paths[0]]
    assert find_last(tmp_path, page(5).url, files=2) == []
    forget(paths[2])
    assert [one.path for one in find_last(tmp_path, page(1).url, files=10)] == [paths[1]]
    assert not is_indexed(paths[2])


def test_an_index_is_sorted_cdxj(tmp_path: Path) -> None:
    path = write(tmp_path, *(page(number) for number in (3, 1, 20, 2)))
    lines = lines_of(path)
    assert lines == sorted(lines)
    key, when, fields = lines[0].decode().split(" ", 2)
    assert (key, when) == ("ir,example)/news/1?lang=fa", "20260301123015")
    known = json.loads(fields)
    assert known["url"] == page(1).url
    assert (known["mime"], known["status"], known["filename"]) == ("text/html", "200", path.name)
    assert set(known) == {"url", "mime", "status", "digest", "length", "offset", "filename", "source"}


def test_the_index_of_a_lost_one_is_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, *(page(number, os.urandom(number)) for number in range(30)))
    before = lines_of(path)
    forget(path)
    assert find(tmp_path, page(7).url)
    assert lines_of(path) == before


def test_an_index_older_than_its_file_is_made_again(tmp_path: Path) -> None:
    path = write(tmp_path, page(1))
    other = write(tmp_path / "other", page(2))
    path.write_bytes(other.read_bytes())
    later = time.time() + 5
    os.utime(path, (later, later))
    assert not is_indexed(path)
    assert [entry.url for entry in find(tmp_path, page(2).url)] == [page(2).url]
    assert find(tmp_path, page(1).url) == []


def test_all_times_of_a_page(tmp_path: Path) -> None:
    def version(hours: int) -> Page:
        return page(1, f"hour {hours}".encode(), NOW + timedelta(hours=hours))

    write(tmp_path, version(5), page(2), version(30))
    write(tmp_path, version(1))
    found = find(tmp_path, page(1).url)
    assert [page_at(entry).body for entry in found] == [b"hour 1", b"hour 5", b"hour 30"]


def test_another_spelling_of_the_address_finds_it_too(tmp_path: Path) -> None:
    write(tmp_path, page(url="https://www.example.ir/News/%D8%A7?b=2&a=1"))
    for spelling in (
        "http://example.ir/News/%d8%a7?a=1&b=2",
        "https://example.ir:443/news/ا/?b=2&a=1",
        "https://www.example.ir/News/%D8%A7?b=2&a=1#top",
    ):
        assert len(find(tmp_path, spelling)) == 1, spelling


def test_just_this_spelling_comes_before_others(tmp_path: Path) -> None:
    write(tmp_path, page(url="https://example.ir/a"), page(url="https://example.ir/A"))
    assert [entry.url for entry in find(tmp_path, "https://example.ir/A")] == ["https://example.ir/A"]
    assert len(find(tmp_path, "http://example.ir/A")) == 2


def test_the_address_before_a_redirect_finds_it_too(tmp_path: Path) -> None:
    write(tmp_path, Page("https://example.ir/news/1/slug", b"x", NOW, "s", requested_url="http://e.ir/s1"))
    (entry,) = find(tmp_path, "http://e.ir/s1")
    assert entry.url == "https://example.ir/news/1/slug"
    assert find(tmp_path, "https://example.ir/news/1/slug") == [entry]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60, unique=True), st.randoms())
def test_halving_finds_what_reading_all_finds(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], chance: random.Random
) -> None:
    path = tmp_path_factory.mktemp("index") / "x.cdxj"
    lines = [
        f"ir,e)/{number} {at} {'x' * chance.randint(0, 90)}\n".encode() for number in numbers for at in "12"
    ]
    path.write_bytes(b"".join(sorted(lines)))
    with path.open("rb") as file:
        for number in (*numbers, 401, 50):
            begin = f"ir,e)/{number} ".encode()
            assert list(index._lines(file, begin)) == sorted(line for line in lines if line.startswith(begin))


def test_a_file_that_is_being_written_is_read_and_gets_no_index(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    archive.write(page(1))
    (entry,) = find(tmp_path, page(1).url)
    assert page_at(entry) == page(1)
    assert list(tmp_path.glob("*.cdxj")) == []
    archive.write(page(2))
    archive.close()
    assert len(find(tmp_path, page(2).url)) == 1


def test_a_folder_that_cannot_be_written_is_searched_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(write(tmp_path, page(1)))

    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert [page_at(entry) for entry in find(tmp_path, page(1).url)] == [page(1)]
    assert list(tmp_path.glob("*.cdxj*")) == []


def test_the_records_of_a_page(tmp_path: Path) -> None:
    write(tmp_path, page(1), page(2))
    (entry,) = find(tmp_path, page(1).url)
    records = records_at(entry)
    assert records.count(b"WARC/1.1\r\n") == 2
    assert b"WARC-Type: request" in records
    assert page(1).body in records
    assert b"news/2" not in records


def test_an_index_that_lies_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, page(1))
    (entry,) = find(tmp_path, page(1).url)
    path.write_bytes(b"x" * 50 + path.read_bytes())
    with pytest.raises(FixFileError, match="archive check"):
        page_at(entry)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www2.Example.ir", "ir,example)/"),
        ("https://example.ir:8443/a/", "ir,example:8443)/a"),
        ("http://127.0.0.1:8765/news/1", "127.0.0.1:8765)/news/1"),
        ("http://[::1]/x", "::1)/x"),
        ("https://example.ir/a%7Eb?x=%E2%80%8C&X", "ir,example)/a~b?x&x=%e2%80%8c"),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert url_key(url) == key
