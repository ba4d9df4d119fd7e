"""The export record: its shape, and what import takes."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from aggregator.errors import FixFileError
from aggregator.model import Article, DateReading, EventDate, Mention, NormalisedText, StoredArticle
from aggregator.record import KEYS, article_record, from_record, to_record
from aggregator.store import Store
from aggregator.store.codec import content_hash
from tests.making import NOW, articles, make_article, make_stored, stored_articles

SMALL = {"url": "https://news.example.ir/news/1", "headline": "خبر", "body": "یک\nدو"}


def read(**changes: Any) -> StoredArticle:
    return from_record({**SMALL, **changes}, now=NOW)


# --- writing ------------------------------------------------------------------------------------------------


def test_the_record_of_an_article_key_by_key() -> None:
    published = DateReading(
        "تاریخ: ۲۰ خرداد ۱۳۹۹", datetime(2020, 6, 9, 4, 31, tzinfo=UTC), "minute", "jalali", "visible"
    )
    article = Article(
        id="0123456789abcdef0123",
        url="https://news.example.ir/news/12/slug",
        canonical_url="https://news.example.ir/news/12",
        source="example",
        headline="كار",
        body=("یک", "دو"),
        keywords=("کار", "تعاون"),
        published=published,
        date_published_raw=published.raw,
        modified=replace(published, precision="day"),
        normalised=NormalisedText("کار", None, None, ("یک", "دو")),
        mentions=(
            Mention("organisation", "كار", 0, 3, id="mcls", field="headline"),
            Mention("speaker", "دو", 3, 5, role="یک", field="body"),
        ),
        event_dates=(EventDate("یک", 0, 2, date(2020, 6, 8), "jalali", 0.7, ("year", "weekday"), "body"),),
    )
    stored = StoredArticle(
        article, "office", None, NOW, NOW + timedelta(hours=1), 2, NOW + timedelta(hours=2)
    )
    assert list(to_record(stored).items()) == [
        ("id", "0123456789abcdef0123"),
        ("url", "https://news.example.ir/news/12/slug"),
        ("canonical_url", "https://news.example.ir/news/12"),
        ("source", "example"),
        ("organisation", "office"),
        ("province", None),
        ("headline", "كار"),
        ("kicker", None),
        ("lead", None),
        ("body", "یک\nدو"),
        ("section", None),
        ("keywords", ["کار", "تعاون"]),
        ("authors", []),
        ("main_image", None),
        ("images", []),
        ("attachments", []),
        ("code", None),
        ("date_published", "2020-06-09T04:31:00Z"),
        ("date_published_raw", "تاریخ: ۲۰ خرداد ۱۳۹۹"),
        ("date_precision", "minute"),
        ("date_published_jalali", "1399-03-20"),
        ("date_modified", "2020-06-09"),
        ("first_seen", "2026-11-01T08:30:00Z"),
        ("last_seen", "2026-11-01T09:30:00Z"),
        ("revision", 2),
        ("language", "fa"),
        ("normalised", {"headline": "کار", "kicker": None, "lead": None, "body": "یک\nدو"}),
        (
            "event_dates",
            [
                {
                    "text": "یک",
                    "field": "body",
                    "start": 0,
                    "end": 2,
                    "day": "2020-06-08",
                    "day_jalali": "1399-03-19",
                    "calendar": "jalali",
                    "confidence": 0.7,
                    "doubts": ["year", "weekday"],
                }
            ],
        ),
        (
            "mentions",
            [
                {
                    "id": "mcls",
                    "kind": "organisation",
                    "text": "كار",
                    "field": "headline",
                    "start": 0,
                    "end": 3,
                    "role": None,
                },
                {
                    "id": None,
                    "kind": "speaker",
                    "text": "دو",
                    "field": "body",
                    "start": 3,
                    "end": 5,
                    "role": "یک",
                },
            ],
        ),
        ("deleted_at", "2026-11-01T10:30:00Z"),
    ]


def test_the_keys_are_those_of_the_design() -> None:
    design = Path(__file__).parents[2] / "shared" / "DESIGN.md"
    if not design.exists():
        pytest.skip("the design is not here")
    section = design.read_text().split("### Export record")[1].split("—")[0].split("\n", 1)[1]
    promised = section.replace("`", " ").replace("[]", "").split("{")[0].split()
    assert list(KEYS)[: len(promised)] == promised  # what is new stands behind


def test_a_date_that_nobody_could_read_keeps_its_text() -> None:
    record = to_record(make_stored(published=None, date_published_raw="۳۱ مهر"))
    assert (record["date_published"], record["date_published_raw"]) == (None, "۳۱ مهر")
    assert record["date_precision"] is record["date_published_jalali"] is None


def test_a_day_in_tehran_begins_before_the_day_in_utc() -> None:
    midnight = DateReading(
        "۲۶ اسفند ۱۳۹۶", datetime(2018, 3, 16, 20, 30, tzinfo=UTC), "day", "jalali", "visible"
    )
    record = to_record(make_stored(published=midnight))
    assert (record["date_published"], record["date_published_jalali"]) == ("2018-03-17", "1396-12-26")


@given(articles())
@settings(deadline=None)
def test_one_page_gives_the_same_keys(article: Article) -> None:
    record = article_record(article, organisation="office", province="alborz", seen=NOW)
    assert tuple(record) == KEYS
    assert (record["first_seen"], record["last_seen"], record["revision"]) == (
        "2026-11-01T08:30:00Z", "2026-11-01T08:30:00Z", 1,
    )  # fmt: skip
    json.dumps(record)


@given(articles())
@settings(deadline=None)
def test_what_is_found_stands_where_the_record_says(article: Article) -> None:
    record = article_record(article, seen=NOW)
    assert len(record["mentions"]) == len(article.mentions)
    assert len(record["event_dates"]) == len(article.event_dates)
    for found in (*record["mentions"], *record["event_dates"]):
        assert record[found["field"]][found["start"] : found["end"]] == found["text"]


# --- round trip ---------------------------------------------------------------------------------------------


@given(stored_articles())
@settings(deadline=None)
def test_a_record_read_and_written_again_is_the_same(stored: StoredArticle) -> None:
    record = json.loads(json.dumps(to_record(stored)))
    read_back = from_record(record, now=NOW)
    assert to_record(read_back) == {**record, "event_dates": [], "mentions": []}  # these are found again
    assert content_hash(read_back.article) == content_hash(stored.article)


def test_export_and_import_into_an_empty_store_and_export(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}") as store:
        store.put_articles([make_stored(number) for number in range(20)])
        store.put_articles(
            [make_stored(number, lead="لید", seen=NOW + timedelta(hours=1)) for number in range(5)]
        )
        exported = [to_record(item) for item in store.articles()]
    with Store.open(f"sqlite:///{tmp_path / 'b.db'}") as store:
        store.put_articles([from_record(record, now=NOW) for record in exported])
        assert [to_record(item) for item in store.articles()] == exported
        assert store.put_articles([from_record(record, now=NOW) for record in exported]) == ["unchanged"] * 20


# --- reading ------------------------------------------------------------------------------------------------


def test_address_headline_and_body_are_enough() -> None:
    article = make_article(
        1, headline="خبر", body=("یک", "دو"), source="import", published=None, provenance={}
    )
    assert read() == StoredArticle(article, None, None, NOW, NOW, revision=1)


@pytest.mark.parametrize("body", ["یک\r\n\n دو ", ["یک", "", " دو "], ["یک\n دو "]])
def test_a_body_is_paragraphs(body: object) -> None:
    assert read(body=body).article.body == ("یک", " دو ")


@pytest.mark.parametrize("body", ["", []])
def test_a_body_may_be_empty_but_not_missing(body: object) -> None:
    assert read(body=body).article.body == ()


def test_what_a_record_says_was_found_is_not_read() -> None:
    assert read(mentions=[{"id": "mcls"}, 7], event_dates="دیروز") == read()


def test_other_keys_are_ignored_and_null_is_no_value() -> None:
    assert read(colour="blue", id="mine", kicker=None, lead=" ", keywords=None, normalised=None) == read()


def test_the_source_of_the_record_wins() -> None:
    assert from_record(SMALL, now=NOW, source="archive").article.source == "archive"
    assert from_record({**SMALL, "source": "mcls"}, now=NOW, source="archive").article.source == "mcls"


def test_the_canonical_address_makes_the_id() -> None:
    moved = read(url="https://www.example.ir/fa/news/1/slug", canonical_url=SMALL["url"])
    assert moved.article.id == read().article.id
    assert moved.article.url == "https://www.example.ir/fa/news/1/slug"


def test_tracking_is_no_part_of_the_canonical_address() -> None:
    tracked = read(url=SMALL["url"] + "?utm_source=feed")
    assert (tracked.article.canonical_url, tracked.article.id) == (SMALL["url"], read().article.id)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-06-09T04:31:00Z", "2020-06-09T04:31:00Z"),
        ("2018-03-17", "2018-03-17"),
        ("1399-03-20", "2020-06-09"),
        ("سه‌شنبه ۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱", "2020-06-09T04:31:00Z"),
    ],
)
def test_dates_may_be_written_in_any_way(text: str, iso: str) -> None:
    article = read(date_published=text).article
    assert article.published is not None
    assert (article.published.iso(), article.published.raw, article.date_published_raw) == (iso, text, text)


@pytest.mark.parametrize("text", ["۳۱ مهر ۱۳۹۹", "2030-01-01", "دیر یا زود"])
def test_what_is_no_date_stays_as_text(text: str) -> None:
    article = read(date_published=text).article
    assert (article.published, article.date_published_raw) == (None, text)


def test_a_midnight_may_stand_for_the_day() -> None:
    article = read(date_published="2020-06-09T00:00:00+04:30", date_precision="day").article
    assert article.published is not None
    assert article.published.iso() == "2020-06-09"


def test_times_and_revision_are_kept() -> None:
    stored = read(first_seen="2026-10-01T12:00:00+03:30", last_seen="2026-10-02T08:30:00Z", revision=3)
    assert stored.first_seen == datetime(2026, 10, 1, 8, 30, tzinfo=UTC)
    assert stored.last_seen == datetime(2026, 10, 2, 8, 30, tzinfo=UTC)
    assert stored.revision == 3
    assert read(first_seen="2026-10-01T12:00:00Z").last_seen == datetime(2026, 10, 1, 12, tzinfo=UTC)


def test_a_code_may_be_a_number() -> None:
    assert read(code=12345).article.code == "12345"


def test_normalised_texts_come_with_the_record() -> None:
    normalised = {"headline": "خبر", "kicker": None, "body": "یک\nدو"}
    assert read(normalised=normalised).article.normalised == NormalisedText("خبر", None, None, ("یک", "دو"))


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"url": None}, "url", "missing"),
        ({"headline": " "}, "headline", "missing or empty"),
        ({"body": None}, "body", "missing"),
        ({"headline": 7}, "headline", "must be a text, not a number"),
        ({"body": {"a": 1}}, "body", "must be a text, not an object"),
        ({"body": ["a", None]}, "body", "holds null"),
        ({"url": "mailto:a@example.ir"}, "url", "absolute http"),
        ({"url": "/news/1"}, "url", "absolute http"),
        ({"canonical_url": "javascript:alert(1)"}, "canonical_url", "absolute http"),
        ({"main_image": "data:image/png;base64,AA=="}, "main_image", "absolute http"),
        ({"images": ["https://news.example.ir/a.jpg", "javascript:alert(1)"]}, "images", "absolute http"),
        (
            {"attachments": "https://news.example.ir/a.pdf"},
            "attachments",
            "must be a list of texts, not a text",
        ),
        ({"keywords": ["کار", 1]}, "keywords", "holds a number"),
        ({"lead": True}, "lead", "not true or false"),
        ({"lead": "نیم \ud83d"}, "lead", "a character that is none"),
        ({"source": "a\0b"}, "source", "a character that is none"),
        ({"date_published": 1591677060}, "date_published", "must be a text"),
        ({"date_precision": "hour"}, "date_precision", "one of minute, day"),
        ({"first_seen": "yesterday"}, "first_seen", "must be an instant"),
        ({"first_seen": "2020-06-09T04:31:00"}, "first_seen", "time zone"),
        ({"first_seen": "0001-01-01T00:00:00+14:00"}, "first_seen", "must be an instant"),
        ({"last_seen": "2999-01-01T00:00:00Z"}, "last_seen", "future"),
        ({"first_seen": "2020-06-09T04:31:00Z", "last_seen": "2020-06-08T04:31:00Z"}, "first_seen", "later"),
        ({"revision": 0}, "revision", "whole number"),
        ({"revision": 1.5}, "revision", "whole number"),
        ({"revision": True}, "revision", "whole number"),
        ({"revision": 10**30}, "revision", "whole number"),
        ({"normalised": "خبر"}, "normalised", "must be an object"),
        ({"normalised": {"body": "x"}}, "normalised.headline", "missing"),
        ({"normalised": {"headline": "x", "body": 1}}, "normalised.body", "must be a text"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(FixFileError, match=message) as caught:
        from_record({**SMALL, **change}, now=NOW, path="news.jsonl", line=3)
    assert (caught.value.path, caught.value.line, caught.value.field) == ("news.jsonl", 3, field)
    assert str(caught.value).startswith(f"news.jsonl:3: {field}: ")
