"""Which date is the date of publication."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from aggregator.extract.dates import is_meta_line, is_stamp, read_stamp
from aggregator.model import Article, DateReading, Link

Read = Callable[..., Article]
NOW = datetime(2024, 6, 1, tzinfo=UTC)
TEXT = (
    "<p>دهیار گفت که راه روستا پس از چهار ماه کار شبانه روزی سرانجام باز شده است.</p><p>آسفالت راه در "
    "بهار انجام می شود.</p>"
)


def nastooh(visible: str, head: str = "", body: str = TEXT) -> str:
    return (
        f'<head><meta name="generator" content="www.nastooh.ir">{head}</head><body><div class="date">'
        f"امروز</div><article>"
        f'<h1 class="title">راه روستا باز شد</h1><div class="item-date"><span>{visible}</span></div>'
        f'<div class="item-text">{body}</div></article></body>'
    )


def iso(article: Article) -> str | None:
    return article.published.iso() if article.published else None


def test_visible_wins_over_metadata_and_the_rest_is_kept(read: Read) -> None:
    head = (
        '<meta property="article:published_time" content="2020-02-18T05:00:00Z">'
        '<meta name="date" content="2020-02-18 T 07:20:50 +0330">'
    )
    article = read(nastooh("۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵", head))
    assert iso(article) == "2020-02-18T03:25:00Z"
    assert article.date_published_raw == "۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵"
    assert [one.iso() for one in article.date_conflicts] == ["2020-02-18T05:00:00Z", "2020-02-18T03:50:50Z"]
    assert article.provenance["published"] == "platform"


def test_a_second_more_is_no_conflict(read: Read) -> None:
    head = (
        '<script type="application/ld+json">'
        '{"@type":"NewsArticle","datePublished":"2020-05-10T18:59:01+04:30"}</script>'
    )
    article = read(nastooh("۲۱ ارديبهشت ۱۳۹۹ - ۱۸:۵۹", head))
    assert iso(article) == "2020-05-10T14:29:00Z"
    assert article.date_conflicts == ()


def test_a_bare_day_takes_the_time_of_the_same_day(read: Read) -> None:
    head = '<meta property="article:published_time" content="2020-05-10T14:29:00Z">'
    article = read(nastooh("۲۱ اردیبهشت ۱۳۹۹", head))
    assert iso(article) == "2020-05-10T14:29:00Z"
    assert article.date_published_raw == "۲۱ اردیبهشت ۱۳۹۹"


@pytest.mark.parametrize("midnight", ["2020-05-10T00:00:00+04:30", "2020-05-10T00:00:00Z", "2020-05-10"])
def test_midnight_is_no_time(read: Read, midnight: str) -> None:
    head = f'<meta property="article:published_time" content="{midnight}">'
    article = read(
        f"<head>{head}</head><h1>راه روستا باز شد</h1><p>تاریخ انتشار: ۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹</p><div>"
        f"{TEXT}</div>"
    )
    assert iso(article) == "2020-05-10T14:29:00Z"
    assert article.date_conflicts == ()


def test_a_weekday_that_contradicts_the_stamp_makes_it_yield_to_metadata(read: Read) -> None:
    head = '<meta property="article:published_time" content="2020-02-17T03:25:00Z">'
    article = read(nastooh("دوشنبه ۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵", head))
    assert iso(article) == "2020-02-17T03:25:00Z"
    assert [one.doubts for one in article.date_conflicts] == [("weekday",)]


def test_without_another_the_doubtful_stamp_stands_with_its_doubts(read: Read) -> None:
    published = read(nastooh("دوشنبه ۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵")).published
    assert published is not None
    assert (published.iso(), published.confidence, published.doubts) == (
        "2020-02-18T03:25:00Z",
        0.5,
        ("weekday",),
    )


@pytest.mark.parametrize(("minute", "conflicts"), [("21:40", 0), ("18:20", 1)])
def test_hours_ago_is_no_conflict_with_an_instant_within_the_hour(
    read: Read, minute: str, conflicts: int
) -> None:
    head = f'<meta property="article:published_time" content="2024-05-31T{minute}:00Z">'
    article = read(nastooh("۲ ساعت پیش", head))  # the page was fetched at midnight, UTC
    assert iso(article) == f"2024-05-31T{minute}:00Z"
    assert len(article.date_conflicts) == conflicts


def test_a_lunar_day_agrees_with_its_neighbours(read: Read) -> None:
    head = '<meta property="article:published_time" content="2020-06-08T04:31:00Z">'
    article = read(nastooh("۱۷ شوال ۱۴۴۱", head))
    assert iso(article) == "2020-06-08T04:31:00Z"
    assert article.date_conflicts == ()


def test_the_build_time_is_a_last_resort_and_says_so(read: Read) -> None:
    build = '<meta name="date" content="2020-02-18T07:20:50+03:30">'
    article = read(f"<head>{build}</head><h1>راه روستا باز شد</h1><div>{TEXT}</div>")
    assert article.published is not None
    assert (article.published.confidence, article.published.doubts) == (0.4, ("build",))


def test_the_label_of_a_change_yields_to_that_of_publication(read: Read) -> None:
    shown = "آخرین به‌روزرسانی: ۲ خرداد ۱۳۹۹ - ۱۰:۰۰ | تاریخ انتشار: ۲۱ اردیبهشت ۱۳۹۹ - ۱۸:۵۹"
    assert iso(read(nastooh(shown))) == "2020-05-10T14:29:00Z"


def test_jalali_in_metadata(read: Read) -> None:
    head = '<meta property="article:published_time" content="۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹">'
    article = read(f"<head>{head}</head><h1>راه روستا باز شد</h1><div>{TEXT}</div>")
    assert iso(article) == "2020-05-10T14:29:00Z"
    assert article.published is not None
    assert article.published.calendar == "jalali"


def test_a_change_before_the_publication_is_none(read: Read) -> None:
    head = (
        '<meta property="article:modified_time" content="2020-02-18T03:00:30Z">'
        '<meta property="article:modified" content="2020-02-18T03:25:00Z">'
    )
    article = read(nastooh("۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵", head))
    assert article.modified is not None
    assert article.modified.iso() == "2020-02-18T03:25:00Z"


def test_the_build_time_of_the_page_is_no_date_of_publication(read: Read) -> None:
    build = '<meta name="date" content="2020-02-18 T 07:20:50 +0330">'
    article = read(nastooh("", build))
    assert article.published is None


def test_an_unreadable_date_is_kept_as_shown(read: Read) -> None:
    article = read(nastooh("۳۱ مهر ۱۳۹۹ - ۱۰:۰۰"))
    assert article.published is None
    assert article.date_published_raw == "۳۱ مهر ۱۳۹۹ - ۱۰:۰۰"


def test_a_date_of_the_future_is_none(read: Read) -> None:
    assert read(nastooh("۱ مهر ۱۴۰۹ - ۱۰:۰۰")).published is None


def test_the_date_of_another_story_does_not_take_the_place_of_one_of_the_future(read: Read) -> None:
    related = '<ul><li>خبری دیگر <time datetime="2020-02-18T05:00:00Z">۱۳۹۸/۱۱/۲۹</time></li></ul>'
    article = read(nastooh("۲۹ بهمن ۱۴۱۲ - ۰۶:۵۵", body=TEXT + related))
    assert (iso(article), article.date_published_raw) == (None, "۲۹ بهمن ۱۴۱۲ - ۰۶:۵۵")


def test_the_feed_is_the_last_resort(read: Read) -> None:
    reading = DateReading("x", datetime(2020, 1, 2, 3, 4, tzinfo=UTC), "minute", "gregorian", "feed")
    link = Link("https://www.example.ir/fa/page/7", "feed", published=reading)
    assert iso(read(nastooh(""), link=link)) == "2020-01-02T03:04:00Z"
    shown = read(nastooh("۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵"), link=link)
    assert iso(shown) == "2020-02-18T03:25:00Z"
    assert shown.date_conflicts == (reading,)


def test_neither_clock_nor_running_text(read: Read) -> None:
    article = read(
        "<body><div class=clock>شنبه 26 اسفند 1396 - 07:32</div><div>امروز ۲۶ اسفند ۱۳۹۶</div><h1>راه "
        "روستا باز شد</h1>"
        f"<div class=text>{TEXT}<p>کار در ۱۲ آبان ۱۳۹۵ آغاز شده بود.</p></div></body>"
    )
    assert article.published is None


def test_teasers_dates_are_not_the_articles(read: Read) -> None:
    teasers = "".join(
        f"<li><a href='/n/{i}'>خبر دیگری از روستاهای دامنه کوه</a> <span>{i} تیر ۱۳۹۸</span></li>"
        for i in range(10, 14)
    )
    article = read(
        f"<body><div class=main><h1>راه روستا باز شد</h1><div class=text>{TEXT}</div><p>۱۱ مرداد ۱۳۹۸ "
        f"۰۸:۱۵</p></div>"
        f"<div class=side><ul>{teasers}</ul></div></body>"
    )
    assert iso(article) == "2019-08-02T03:45:00Z"


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("تاریخ انتشار: ۲۱ ارديبهشت ۱۳۹۹ - ۱۸:۵۹", "۲۱ ارديبهشت ۱۳۹۹ - ۱۸:۵۹"),
        ("کد خبر: ۷۳۴۹۹۲۶ | تاریخ: ۱۳۹۹/۰۲/۲۱ ساعت ۱۸:۵۹ | بازدید ۱۲", "۱۳۹۹/۰۲/۲۱ ساعت ۱۸:۵۹"),
        ("انتشار: سه‌شنبه ۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵", "سه‌شنبه ۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵"),
        ("26 اسفند\u00a01396", "26 اسفند 1396"),
    ],
)
def test_raw_is_the_date_without_its_label(text: str, raw: str) -> None:
    reading = read_stamp(text, now=NOW)
    assert reading is not None
    assert reading.raw == raw


@pytest.mark.parametrize(
    "text", ["۲۰ خرداد ۱۳۹۹ ۰۹:۰۱", "تاریخ: 1399/03/20", "سه شنبه ۲۰ خرداد ۱۳۹۹ ساعت ۹:۰۱"]
)
def test_stamp(text: str) -> None:
    assert is_stamp(text)


@pytest.mark.parametrize(
    "text",
    ["دوشنبه 19 خرداد", "برگزاری همایش در ۲۰ خرداد ۱۳۹۹", "۱۳۹۹", "۲۰ خرداد ۱۳۹۹ تا ۲۲ خرداد ۱۳۹۹", ""],
)
def test_no_stamp(text: str) -> None:
    assert not is_stamp(text)


def test_meta_line() -> None:
    assert is_meta_line("نویسنده: مدیر | ۸ بهمن ۱۴۰۲ | بازدید: ۱۲۰")
    assert not is_meta_line("نشست گروه ما برگزار شد")
