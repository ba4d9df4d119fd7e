"""Streams out and in: JSON lines, CSV, RSS."""

import csv
import io
import itertools
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import IO, Any
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import FixFileError
from aggregator.exchange import WRITERS, read_jsonl, write_csv, write_jsonl, write_rss
from aggregator.model import DateReading, EventDate, Mention, NormalisedText, StoredArticle
from aggregator.record import KEYS, Record, to_record
from tests.making import NOW, make_article, make_stored, stored_articles

Writer = Callable[[Iterable[Record], IO[str]], int]


def written(writer: Writer, *stored: StoredArticle) -> str:
    """As a file would hold it."""
    file = io.BytesIO()
    out = io.TextIOWrapper(file, encoding="utf-8", newline="")
    assert writer(map(to_record, stored), out) == len(stored)
    out.flush()
    return file.getvalue().decode()


def read(text: str | bytes) -> list[StoredArticle | FixFileError]:
    content = text.encode() if isinstance(text, str) else text
    return list(read_jsonl(io.BytesIO(content), name="news.jsonl", now=NOW))


# --- all ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_takes_a_stream_in_constant_memory(name: str) -> None:
    class Nowhere(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    record = to_record(make_stored(body=("متن خبر " * 100,) * 4))
    tracemalloc.start()
    assert WRITERS[name](itertools.repeat(record, 5000), Nowhere()) == 5000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("name", WRITERS)
def test_half_a_surrogate_pair_does_not_stop_an_export(name: str) -> None:
    broken = make_stored(headline="خبر \ud83d\0")
    assert broken.article.id in written(WRITERS[name], broken)


# --- JSON lines ---------------------------------------------------------------------------------------------


@given(st.lists(stored_articles(), max_size=3))
@settings(deadline=None)
def test_json_lines_come_back(stored: list[StoredArticle]) -> None:
    text = written(write_jsonl, *stored)
    assert text.count("\n") == len(stored)
    back = [to_record(item) for item in read(text) if isinstance(item, StoredArticle)]
    assert back == [{**to_record(item), "event_dates": [], "mentions": []} for item in stored]


def test_persian_is_written_readably() -> None:
    assert '"headline":"خبر"' in written(write_jsonl, make_stored(headline="خبر"))


def test_one_bad_line_costs_only_itself() -> None:
    good = b'{"url": "https://a.ir/%d", "headline": "h", "body": "b"}\n'
    lines = [good % 1, b"{\n", b"\n", b"\xff\xfe\n", b"[1]\n", b"[" * 100_000 + b"\n"]
    lines += [b'{"url": "https://a.ir/2"}\n', b"9" * 5000 + b"\n", (good % 3).rstrip()]
    found = read(b"".join(lines))
    assert [item.article.url for item in found if isinstance(item, StoredArticle)] == [
        "https://a.ir/1", "https://a.ir/3",
    ]  # fmt: skip
    errors = [item for item in found if isinstance(item, FixFileError)]
    assert [error.line for error in errors] == [2, 4, 5, 6, 7, 8]
    wanted = [
        "is not JSON",
        "is not UTF-8",
        "must be a JSON object",
        "is not JSON",
        "headline: is missing",
        "is not JSON",
    ]
    for error, words in zip(errors, wanted, strict=True):
        assert str(error).startswith(f"news.jsonl:{error.line}: ")
        assert words in str(error)


def test_a_bom_and_blank_lines_are_skipped() -> None:
    (only,) = read(b'\xef\xbb\xbf{"url": "https://a.ir/1", "headline": "h", "body": "b"}\r\n \n\n')
    assert isinstance(only, StoredArticle)


def test_lines_are_read_one_at_a_time() -> None:
    line = b'{"url": "https://a.ir/1", "headline": "h", "body": "b"}\n'
    stream = read_jsonl(itertools.repeat(line), name="-", source="pipe", now=NOW)
    first = next(stream)
    assert isinstance(first, StoredArticle)
    assert first.article.source == "pipe"


# --- CSV ----------------------------------------------------------------------------------------------------


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_begins_with_a_bom_and_names_its_columns() -> None:
    text = written(write_csv)
    assert text.startswith("\ufeffid,url,canonical_url,")
    assert text.endswith(",normalised_headline,normalised_kicker,normalised_lead,normalised_body\r\n")


def test_csv_cells() -> None:
    article = make_article(
        headline='خبر "مهم"، با ; و ,',
        keywords=("کار", "تعاون"),
        normalised=NormalisedText("خبر", None, None, ("یک", "دو")),
    )
    (row,) = table(written(write_csv, replace(make_stored(), article=article, revision=3)))
    assert row["headline"] == 'خبر "مهم"، با ; و ,'
    assert row["body"] == "\n".join(article.body)
    assert (row["keywords"], row["kicker"], row["revision"]) == ("کار; تعاون", "", "3")
    assert row["normalised_body"] == "یک\nدو"
    assert set(KEYS) - {"normalised"} < set(row)


def test_csv_cells_of_what_was_found_have_each_value_once() -> None:
    article = make_article(
        mentions=(
            Mention("organisation", "وزارت کار", 0, 9, id="mcls", field="body"),
            Mention("county", "کرج", 10, 13, id="alborz-karaj", field="body"),
            Mention("organisation", "وزارت کار", 20, 29, id="mcls", field="body"),
            Mention("speaker", "مهرداد کوهستانی", 30, 45, role="دبیر شورا", field="body"),
        ),
        event_dates=tuple(
            EventDate("۱۹ خرداد", start, start + 8, date(2020, 6, day), "jalali", field="body")
            for start, day in ((50, 8), (60, 7), (70, 8))
        ),
    )
    (row,) = table(written(write_csv, replace(make_stored(), article=article)))
    assert row["mentions"] == "mcls; alborz-karaj; مهرداد کوهستانی"
    assert row["event_dates"] == "2020-06-08; 2020-06-07"


@pytest.mark.parametrize("headline", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_cell_is_never_a_formula(headline: str) -> None:
    (row,) = table(written(write_csv, make_stored(headline=headline)))
    assert row["headline"] == "'" + headline


def test_a_formula_does_not_hide_in_a_list() -> None:
    (row,) = table(written(write_csv, make_stored(keywords=("=1", "b"))))
    assert row["keywords"] == "'=1; b"


@given(stored_articles())
@settings(deadline=None)
def test_every_record_is_one_row(stored: StoredArticle) -> None:
    (row,) = table(written(write_csv, stored))
    assert row["headline"].removeprefix("'") == stored.article.headline.removeprefix("'")
    assert not row["headline"].lstrip().startswith(("=", "+", "-", "@"))


# --- RSS ----------------------------------------------------------------------------------------------------


def entries(*stored: StoredArticle) -> list[Any]:
    feed = feedparser.parse(written(write_rss, *stored))
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.title
    assert feed.feed.description
    assert feed.feed.language == "fa"
    return list(feed.entries)


def test_an_empty_feed_is_a_feed() -> None:
    assert entries() == []


def test_a_feed_reader_reads_it() -> None:
    at = datetime(2020, 6, 9, 4, 31, tzinfo=UTC)
    article = make_article(
        lead="لید خبر",
        authors=("نویسندهٔ یک", "نویسندهٔ دو"),
        section="استان‌ها > البرز",
        keywords=("کار",),
        published=DateReading("raw", at, "minute", "jalali", "visible"),
    )
    (entry,) = entries(replace(make_stored(), article=article))
    assert (entry.title, entry.link, entry.id) == (article.headline, article.url, article.id)
    assert entry.published == "Tue, 09 Jun 2020 04:31:00 GMT"
    assert tuple(entry.published_parsed[:5]) == (2020, 6, 9, 4, 31)
    assert entry.summary == "لید خبر"
    assert entry.content[0].value == "".join(f"<p>{text}</p>" for text in article.body)
    assert [author.name for author in entry.authors] == ["نویسندهٔ یک", "نویسندهٔ دو"]
    assert [tag.term for tag in entry.tags] == ["استان‌ها > البرز", "کار"]
    assert entry.publisher == "office"


def test_a_day_is_its_first_instant_in_tehran_and_no_date_is_none() -> None:
    day = DateReading("raw", datetime(2018, 3, 16, 20, 30, tzinfo=UTC), "day", "jalali", "visible")
    dated, undated = entries(make_stored(1, published=day), make_stored(2, published=None))
    assert dated.published == "Fri, 16 Mar 2018 20:30:00 GMT"
    assert "published" not in undated


def test_without_a_lead_the_first_paragraph_describes() -> None:
    first, empty = entries(make_stored(1), make_stored(2, body=()))
    assert first.summary == make_article().body[0]
    assert "summary" not in empty


def test_a_text_is_never_markup() -> None:
    evil = "<script>alert(1)</script> & <b>متن</b> ]]>"
    text = written(write_rss, make_stored(headline=evil, lead=evil, body=(evil,)))
    (item,) = ElementTree.fromstring(text).iter("item")
    assert item.findtext("title") == evil
    description = item.findtext("description")
    assert description == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;متن&lt;/b&gt; ]]&gt;"
    assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") == f"<p>{description}</p>"


@given(st.text(st.characters(exclude_categories=[]), min_size=1))
@settings(deadline=None)
def test_any_text_makes_well_formed_xml(text: str) -> None:
    xml = written(write_rss, make_stored(headline=text, keywords=(text,), authors=(text,), lead=text))
    ElementTree.fromstring(xml)
