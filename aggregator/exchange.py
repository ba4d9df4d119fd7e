"""Export formats and the import of JSON lines: streams of any length in constant memory."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from email.utils import format_datetime
from typing import IO, Any, cast
from xml.sax.saxutils import escape

from aggregator.errors import FixFileError
from aggregator.model import StoredArticle
from aggregator.persian.calendar import instant_of_day
from aggregator.record import KEYS, Record, from_record
from aggregator.store.codec import to_json

# --- JSON lines ---------------------------------------------------------------------------------------------


def jsonl_lines(records: Iterable[Record]) -> Iterator[str]:
    """One record a line."""
    return (to_json(record) + "\n" for record in records)


def write_jsonl(records: Iterable[Record], out: IO[str]) -> int:
    """One record a line; returns how many."""
    return _write(jsonl_lines(records), out)


def _write(lines: Iterable[str], out: IO[str]) -> int:
    count = 0
    for line in lines:
        out.write(line)
        count += 1
    return count


def read_jsonl(
    lines: Iterable[bytes], *, name: str, source: str = "import", now: datetime
) -> Iterator[StoredArticle | FixFileError]:
    """The article of each line, or the error that says what is wrong with it; blank lines are skipped.

    ``name`` is the file's for messages, ``source`` that of articles which name none, ``now`` when they are
    seen (aware).
    """
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            yield from_record(_object(line, name, number), now=now, source=source, path=name, line=number)
        except FixFileError as error:
            yield error


def _object(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line.decode())
    except UnicodeDecodeError:
        raise FixFileError("is not UTF-8", path=name, line=number) from None
    except (ValueError, RecursionError) as error:
        raise FixFileError(f"is not JSON: {error}", path=name, line=number) from None
    if not isinstance(value, dict):
        raise FixFileError("must be a JSON object", path=name, line=number)
    return value


# --- CSV ----------------------------------------------------------------------------------------------------

_NORMALISED = ("headline", "kicker", "lead", "body")
_COLUMNS = (*(key for key in KEYS if key != "normalised"), *(f"normalised_{name}" for name in _NORMALISED))
# A spreadsheet takes such a cell for a formula, which may run programs and send data away.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


class _Echo:
    """A file for ``csv.writer`` that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """A table for spreadsheets: with BOM, lists joined by ``; ``, formulas behind an apostrophe.

    ``event_dates`` are days (ISO), ``mentions`` ids and, for speakers, names: each once, in the order of the
    text. The first line is that of the columns.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + cast(str, writer.writerow(_COLUMNS))
    for record in records:
        yield cast(str, writer.writerow([_cell(value) for value in _row(record)]))


def write_csv(records: Iterable[Record], out: IO[str]) -> int:
    """The table of ``csv_lines``; ``out`` must not translate line ends. Returns how many records."""
    return _write(csv_lines(records), out) - 1


def _row(record: Record) -> list[Any]:
    normalised = record["normalised"] or {}
    cells = {
        **record,
        "event_dates": _distinct(found["day"] for found in record["event_dates"]),
        "mentions": _distinct(found["id"] or found["text"] for found in record["mentions"]),
    }
    plain = [cells[key] for key in KEYS if key != "normalised"]
    return plain + [normalised.get(name) for name in _NORMALISED]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _cell(value: Any) -> str:
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    text = _encodable(text).replace("\0", "")
    return "'" + text if _FORMULA.match(text) else text


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


# --- RSS ----------------------------------------------------------------------------------------------------

FEED_TITLE = "خبرهای گردآوری‌شده"
FEED_DESCRIPTION = "خبرهای وزارتخانه‌ها، نهادهای دولتی و اداره‌های استانی"
_HEAD = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
"""
_TAIL = "</channel>\n</rss>\n"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rss_lines(
    records: Iterable[Record], *, title: str = FEED_TITLE, link: str = "http://localhost/"
) -> Iterator[str]:
    """RSS 2.0 with the whole text of each article; ``link`` is where the same can be read."""
    named = (("title", title), ("link", link), ("description", FEED_DESCRIPTION), ("language", "fa"))
    yield _HEAD + "".join(xml_element(name, text) + "\n" for name, text in named)
    for record in records:
        yield f"<item>{''.join(_elements(record))}</item>\n"
    yield _TAIL


def write_rss(records: Iterable[Record], out: IO[str]) -> int:
    """The feed of ``rss_lines``; returns how many articles it has."""
    return _write(rss_lines(records), out) - 2


def _elements(record: Record) -> Iterator[str]:
    paragraphs = record["body"].split("\n")
    yield xml_element("title", record["headline"])
    yield xml_element("link", record["url"])
    yield xml_element("guid", record["id"], ' isPermaLink="false"')
    yield xml_element("pubDate", _rfc822(record["date_published"]))
    # Readers take these two for HTML: texts are escaped once for it, and once for XML.
    yield xml_element("description", escape(record["lead"] or paragraphs[0]))
    yield xml_element("content:encoded", "".join(f"<p>{escape(text)}</p>" for text in paragraphs if text))
    for author in record["authors"]:
        yield xml_element("dc:creator", author)
    yield xml_element("dc:publisher", record["organisation"])
    for category in (record["section"], *record["keywords"]):
        yield xml_element("category", category)


def xml_element(name: str, text: str | None, attributes: str = "") -> str:
    """An element with text, what XML cannot hold left out; none where there is nothing to say."""
    return f"<{name}{attributes}>{escape(without_controls(text))}</{name}>" if text else ""


def without_controls(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _rfc822(published: str | None) -> str | None:
    """The date of a record, an instant or a day in Tehran, as RSS wants it."""
    if published is None:
        return None
    if len(published) == len("2020-06-09"):
        return format_datetime(instant_of_day(date.fromisoformat(published)), usegmt=True)
    return format_datetime(datetime.fromisoformat(published), usegmt=True)


WRITERS: dict[str, Callable[[Iterable[Record], IO[str]], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "rss": write_rss,
}
