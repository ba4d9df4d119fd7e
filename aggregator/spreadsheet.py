"""Articles as an Excel workbook, from right to left, for reading, sorting and filtering; in constant memory.

Dates are real dates, in the clock of Tehran, each with its Jalali day as text beside it. Texts are never
formulas or links. Nothing is lost in ``aggregator.exchange`` (jsonl, csv); here a cell ends where Excel ends
it, with a mark, and a further sheet says which ones.
"""

import re
import tempfile
from collections.abc import Callable, Generator, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from aggregator.exchange import without_controls
from aggregator.persian.calendar import TEHRAN, jalali_date
from aggregator.record import Record

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL = 32_767  # UTF-16 units that a cell of Excel holds
ROWS = 1_000_000  # articles on a sheet, which has 1,048,576 rows; the next ones begin another
CUT_MARK = " […]"
MOST_NOTES = 10_000  # cells that were cut, and are named one by one
_STEP = 100  # articles after which somebody else may have a turn
_CHUNK = 65_536  # bytes
_FIRST_YEAR = 1900  # of Excel's calendar
_NOTES = ("شناسه", "ستون", "نویسه‌ها در اصل")

Label = Callable[[str], str]
Value = str | int | datetime | date | None


class Column(NamedTuple):
    """A column: its heading, its width in characters, and its value of a record."""

    heading: str
    width: int
    value: Callable[[Record, Label], Value]


def xlsx_chunks(records: Iterable[Record], label: Label) -> Generator[bytes]:
    """The bytes of a workbook. It gives empty ones while the records are read: nothing is ready before that.

    ``label`` gives the name of an organisation or a province. Its temporary files go however this ends.
    """
    with tempfile.TemporaryDirectory(prefix="aggregator-xlsx-") as folder:
        path = Path(folder) / "news.xlsx"
        book = _Book(path, label)
        for number, record in enumerate(records, 1):
            book.add(record)
            if number % _STEP == 0:
                yield b""
        book.close()
        with path.open("rb") as made:
            while chunk := made.read(_CHUNK):
                yield chunk


class _Book:
    """A workbook that is written row by row."""

    def __init__(self, path: Path, label: Label) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "use_zip64": True,
        }
        self._book = Workbook(str(path), options)
        self._label = label
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._bold = self._book.add_format({"bold": True})
        self._sheets = 0
        self._cut: list[tuple[str, str, int]] = []
        self._cut_in_all = 0
        self._begin()

    def add(self, record: Record) -> None:
        """The next row."""
        if self._row == ROWS:
            self._end()
            self._begin()
        self._row += 1
        for place, column in enumerate(COLUMNS):
            value = column.value(record, self._label)
            if isinstance(value, str):
                value = self._fitting(value, record["id"], column.heading)
            self._write(place, value)

    def close(self) -> None:
        """Writes the file."""
        self._end()
        if self._cut:
            self._note()
        self._book.close()

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet = _sheet(self._book, "خبرها" if self._sheets == 1 else f"خبرها {self._sheets}")
        for place, column in enumerate(COLUMNS):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(0, place, column.heading, self._bold)
        self._row = 0

    def _end(self) -> None:
        self._sheet.autofilter(0, 0, self._row, len(COLUMNS) - 1)

    def _write(self, place: int, value: Value) -> None:
        if isinstance(value, str):
            self._sheet.write_string(self._row, place, value)
        elif isinstance(value, datetime):
            self._sheet.write_datetime(self._row, place, value, self._instant)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, place, value, self._day)
        elif value is not None:
            self._sheet.write_number(self._row, place, value)

    def _fitting(self, text: str, article_id: str, heading: str) -> str:
        """The text as a cell can hold it."""
        text = without_controls(text)
        fitting = cut(text)
        if fitting is not text:
            self._cut_in_all += 1
            if len(self._cut) < MOST_NOTES:
                self._cut.append((article_id, heading, len(text)))
        return fitting

    def _note(self) -> None:
        sheet = _sheet(self._book, "بریده‌ها")
        sheet.set_column(0, len(_NOTES) - 1, 24)
        sheet.write_string(
            0, 0, f"{self._cut_in_all} خانه از اندازهٔ اکسل درازتر بود و با «{CUT_MARK.strip()}» بریده شد."
        )
        for place, heading in enumerate(_NOTES):
            sheet.write_string(1, place, heading, self._bold)
        for row, (article_id, heading, length) in enumerate(self._cut, 2):
            sheet.write_string(row, 0, article_id)
            sheet.write_string(row, 1, heading)
            sheet.write_number(row, 2, length)


def _sheet(book: Workbook, name: str) -> Worksheet:
    sheet: Worksheet = book.add_worksheet(name)
    sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    return sheet


def cut(text: str) -> str:
    """The text itself, or as much of it as a cell holds, with a mark at its end."""
    if len(text) <= CELL // 2 or len(encoded := text.encode("utf-16-le")) <= CELL * 2:
        return text
    return encoded[: (CELL - len(CUT_MARK)) * 2].decode("utf-16-le", "ignore") + CUT_MARK


# --- columns ------------------------------------------------------------------------------------------------


def _plain(name: str) -> Callable[[Record, Label], Value]:
    return lambda record, label: record[name]


def _listed(name: str) -> Callable[[Record, Label], Value]:
    return lambda record, label: "؛ ".join(record[name]) or None


def _named(name: str) -> Callable[[Record, Label], Value]:
    return lambda record, label: label(record[name]) if record[name] else None


def _when(name: str) -> Callable[[Record, Label], Value]:
    return lambda record, label: _date(record[name])


def _jalali(name: str) -> Callable[[Record, Label], Value]:
    return lambda record, label: _jalali_day(record[name])


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _date(given: str | None) -> Value:
    """The date of a record in Tehran: what Excel can count with; else text."""
    if given is None:
        return None
    when = date.fromisoformat(given) if _DAY.fullmatch(given) else _local(given)
    return when if when.year >= _FIRST_YEAR else given


def _local(given: str) -> datetime:
    return datetime.fromisoformat(given).astimezone(TEHRAN).replace(tzinfo=None)


def _jalali_day(given: str | None) -> str | None:
    if given is None:
        return None
    return jalali_date(date.fromisoformat(given) if _DAY.fullmatch(given) else _local(given).date())


COLUMNS: tuple[Column, ...] = (
    Column("عنوان", 60, _plain("headline")),
    Column("روتیتر", 30, _plain("kicker")),
    Column("سازمان", 30, _named("organisation")),
    Column("استان", 16, _named("province")),
    Column("تاریخ انتشار", 17, _when("date_published")),
    Column("روز انتشار", 12, _plain("date_published_jalali")),
    Column("بخش", 20, _plain("section")),
    Column("لید", 60, _plain("lead")),
    Column("متن", 80, _plain("body")),
    Column("نشانی", 40, _plain("url")),
    Column("منبع", 18, _plain("source")),
    Column("کد خبر", 12, _plain("code")),
    Column("کلیدواژه‌ها", 30, _listed("keywords")),
    Column("نویسندگان", 20, _listed("authors")),
    Column("تصویر اصلی", 20, _plain("main_image")),
    Column("پیوست‌ها", 20, _listed("attachments")),
    Column("نخست دیده شد", 17, _when("first_seen")),
    Column("روز نخست دیده شدن", 12, _jalali("first_seen")),
    Column("آخرین بار دیده شد", 17, _when("last_seen")),
    Column("ویرایش", 8, _plain("revision")),
    Column("برداشته شد", 17, _when("deleted_at")),
    Column("شناسه", 22, _plain("id")),
)
