"""Excel workbooks, opened again by another library."""

import io
import os
import pty
import socket
import subprocess
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from aggregator import spreadsheet
from aggregator.cli import app
from aggregator.record import Record, to_record
from aggregator.spreadsheet import CELL, COLUMNS, CUT_MARK, MEDIA_TYPE, cut, xlsx_chunks
from aggregator.web import downloads
from aggregator.web.service import Service
from tests.e2e.conftest import command, environment
from tests.making import make_article, make_stored
from tests.web.conftest import SCRIPT, Client, hostile_articles

PLACES = {column.heading: place for place, column in enumerate(COLUMNS)}


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def written(*records: Record) -> Workbook:
    return opened(b"".join(xlsx_chunks(records, str)))


def value(book: Workbook, heading: str, row: int = 2, sheet: int = 0) -> Any:
    return book.worksheets[sheet].cell(row, PLACES[heading] + 1).value


def test_an_export_of_a_search_opens_again(client: Client, service: Service) -> None:
    asked = {"q": "کارگاه", "since": "1399-03"}
    answer = client.get("/api/export.xlsx", **asked)
    assert (answer.status, answer.headers["Content-Type"]) == (200, MEDIA_TYPE)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="news.xlsx"'
    records = [line for line in client.get("/api/export.jsonl", **asked).text.splitlines() if line]
    book = opened(answer.body)
    sheet = book.worksheets[0]
    assert sheet.max_row - 1 == len(records) > 5
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:V{sheet.max_row}"
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS]
    article = service.article(str(value(book, "شناسه")))
    assert value(book, "عنوان") == article.article.headline
    assert value(book, "سازمان") == service.workspace.registry.label(str(article.organisation))
    assert value(book, "متن") == "\n".join(article.article.body)


def test_dates_are_dates_in_tehran_with_the_jalali_day_beside(service: Service) -> None:
    stored = make_stored(1, seen=datetime(2020, 6, 8, 21, 0, tzinfo=UTC))
    reading = stored.article.published
    assert reading is not None
    minute = replace(reading, instant=datetime(2020, 6, 9, 4, 31, tzinfo=UTC), precision="minute")
    day = replace(reading, instant=datetime(2020, 6, 8, 19, 30, tzinfo=UTC), precision="day")
    old = replace(reading, instant=datetime(1890, 6, 8, 19, 30, tzinfo=UTC), precision="minute")
    made = [
        to_record(replace(stored, article=replace(stored.article, published=one)))
        for one in (minute, day, old, None)
    ]
    book = written(*made)
    assert [value(book, "تاریخ انتشار", row) for row in range(2, 6)] == [
        datetime(2020, 6, 9, 9, 1),
        datetime(2020, 6, 9),
        "1890-06-08T19:30:00Z",
        None,
    ]
    assert [value(book, "روز انتشار", row) for row in (2, 3, 5)] == ["1399-03-20", "1399-03-20", None]
    assert value(book, "نخست دیده شد") == datetime(2020, 6, 9, 1, 30)
    assert value(book, "روز نخست دیده شدن") == "1399-03-20"
    cell = book.worksheets[0].cell(3, PLACES["تاریخ انتشار"] + 1)
    assert (cell.is_date, cell.number_format) == (True, "yyyy-mm-dd")
    assert date(2020, 6, 9) == cell.value.date()


def test_texts_are_never_formulas_links_or_broken_xml() -> None:
    texts = [
        "=1+1",
        "{=1}",
        "+1",
        "@SUM(A1)",
        "https://example.org/",
        SCRIPT,
        "a\0b\x1fc\ufffed",
        "۰۱۲",
        "012",
    ]
    book = written(*(to_record(make_stored(n, headline=text)) for n, text in enumerate(texts)))
    cells = [book.worksheets[0].cell(row, 1) for row in range(2, len(texts) + 2)]
    assert [cell.value for cell in cells] == [*texts[:6], "abcd", *texts[7:]]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)


def test_the_hostile_articles_export_too(client: Client) -> None:
    answer = client.get("/api/export.xlsx", q="خصمانه")
    book = opened(answer.body)
    assert book.worksheets[0].max_row == len(hostile_articles()) + 1
    with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
        assert not any(
            "hyperlink" in packed.read(name).decode() for name in packed.namelist() if "sheet" in name
        )
    assert [sheet.title for sheet in book.worksheets] == ["خبرها", "بریده‌ها"]


def test_what_a_cell_cannot_hold_is_cut_and_told() -> None:
    long = make_stored(1, headline="😀" * 20_000, body=("ب" * CELL,))
    book = written(to_record(make_stored(2)), to_record(long))
    headline = str(value(book, "عنوان", 3))
    assert headline.endswith("😀" + CUT_MARK)
    assert CELL - 1 <= len(headline.encode("utf-16-le")) // 2 <= CELL
    assert value(book, "متن", 3) == "ب" * CELL
    notes = book["بریده‌ها"]
    assert str(notes.cell(1, 1).value).startswith("1 خانه")
    assert [cell.value for cell in notes[3]] == [long.article.id, "عنوان", 20_000]
    assert cut("ب" * CELL) == "ب" * CELL
    assert cut("ب" * (CELL + 1)) == "ب" * (CELL - len(CUT_MARK)) + CUT_MARK


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "ROWS", 3)
    book = written(*(to_record(make_stored(number)) for number in range(7)))
    assert [sheet.max_row - 1 for sheet in book.worksheets] == [3, 3, 1]
    assert [value(book, "عنوان", 2, sheet) for sheet in range(3)] == [f"خبر شمارهٔ {n}" for n in (0, 3, 6)]


def test_nothing_found_is_a_workbook_with_headings(client: Client) -> None:
    book = opened(client.get("/api/export.xlsx", q="ناموجودبودن").body)
    assert book.worksheets[0].max_row == 1


def ours() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("aggregator-xlsx-*"))


@pytest.fixture
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files of this process go here."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_temporary_files_go_however_it_ends(own_temp: Path) -> None:
    record = to_record(make_stored(1))
    whole = xlsx_chunks([record] * 150, str)
    assert next(whole) == b""
    assert len(ours()) == 1
    assert zipfile.is_zipfile(io.BytesIO(b"".join(whole)))
    assert ours() == []
    left = xlsx_chunks(repeat(record), str)
    next(left)
    left.close()
    assert ours() == []

    def failing() -> Iterator[Record]:
        yield record
        raise ValueError("the database went away")

    with pytest.raises(ValueError, match="went away"):
        list(xlsx_chunks(failing(), str))
    assert ours() == []


def test_a_client_that_goes_away_leaves_nothing(
    client: Client, service: Service, own_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = to_record(make_stored(1))

    def endless(_: object) -> Iterator[Record]:
        while True:
            time.sleep(0.001)
            yield record

    monkeypatch.setattr(service, "records", endless)
    with socket.create_connection(("127.0.0.1", client.port)) as connection:
        connection.sendall(b"GET /api/export.xlsx HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert len(ours()) == 1
    deadline = time.monotonic() + 10
    while ours() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ours() == []
    slots = [downloads._slots.acquire(blocking=False) for _ in range(downloads.EXPORTS_AT_ONCE)]
    for _taken in filter(None, slots):
        downloads._slots.release()
    assert all(slots)


def test_memory_does_not_grow_with_the_articles() -> None:
    def most(number: int) -> int:
        records = (to_record(make_stored(one, body=(f"{one} " * 500,))) for one in range(number))
        tracemalloc.start()
        try:
            for _ in xlsx_chunks(records, str):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(10)
    assert most(600) < most(150) + 500_000


def test_the_command_writes_a_file_and_a_pipe_but_no_terminal(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    done = subprocess.run(command("export", "--format", "xlsx"), env=environ, capture_output=True, check=True)
    assert opened(done.stdout).worksheets[0].max_row == 1
    assert done.stderr == b"aggregator: 0 articles written\n"
    made = tmp_path / "news.xlsx"
    CliRunner().invoke(app, ["export", "--format", "xlsx", "-o", str(made)], env=environ)
    assert opened(made.read_bytes()).worksheets[0].max_row == 1
    ours, theirs = pty.openpty()
    refused = subprocess.run(
        command("export", "--format", "xlsx"), env=environ, stdout=theirs, stderr=subprocess.PIPE, text=True
    )
    os.close(theirs)
    os.close(ours)
    assert refused.returncode == 2
    assert "--output" in refused.stderr


def test_an_article_without_anything_is_a_row() -> None:
    article = make_article(1, headline="", body=(), published=None)
    book = written(to_record(replace(make_stored(1), article=article, organisation=None, province=None)))
    assert value(book, "شناسه") == article.id
    assert value(book, "ویرایش") == 1
