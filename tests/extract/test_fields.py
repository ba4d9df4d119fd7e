"""Fields: order of trust, repairs, provenance."""

from collections.abc import Callable

import pytest

from aggregator.extract.fields import read_authors, section_path
from aggregator.model import Article, Link

Read = Callable[..., Article]
BODY = (
    "<p>دهیار گفت که راه روستا پس از چهار ماه کار شبانه روزی سرانجام باز شده است.</p><p>آسفالت راه در "
    "بهار انجام می شود.</p>"
)


def nastooh(title: str = "راه روستا باز شد", extra: str = "", head: str = "", body: str = BODY) -> str:
    return (
        f'<head><meta name="generator" content="www.nastooh.ir">{head}</head><body><article id="item">{extra}'
        f'<h1 class="title">{title}</h1><div class="item-body"><div class="item-text">{body}</div></div>'
        f"</article>"
        '<aside><h4 class="kicker">از همین سایت</h4><p class="introtext">لید خبر دیگر</p></aside></body>'
    )


def test_fields_of_other_stories_on_the_page_are_not_taken(read: Read) -> None:
    article = read(nastooh(extra='<h4 class="kicker"></h4><p class="introtext"></p>'))
    assert article.kicker is None
    assert article.lead is None


def test_a_cut_headline_is_completed(read: Read) -> None:
    head = '<meta property="og:title" content="راه روستای سرچشمه پس از چهار ماه باز شد">'
    assert (
        read(nastooh("راه روستای سرچشمه پس از ...", head=head)).headline
        == "راه روستای سرچشمه پس از چهار ماه باز شد"
    )


def test_kicker_and_lead_that_only_repeat_the_headline_are_none(read: Read) -> None:
    article = read(
        nastooh(extra='<h4 class="kicker">راه روستا باز شد</h4><p class="introtext">راه روستا باز شد</p>')
    )
    assert (article.kicker, article.lead) == (None, None)


def test_the_lead_inside_the_body_is_not_repeated(read: Read) -> None:
    article = read(nastooh(body=f'<p class="introtext">راه پس از چهار ماه باز شد.</p>{BODY}'))
    assert article.lead == "راه پس از چهار ماه باز شد."
    assert len(article.body) == 2


def test_a_text_pasted_as_a_whole_gives_short_title_and_lead(read: Read) -> None:
    body = (
        f"<p>باز شدن راه روستا<br>راه روستای سرچشمه پس از چهار ماه کار شبانه روزی با حضور مردم باز شد.</p>"
        f"{BODY}"
    )
    article = read(nastooh(body=body))
    assert article.kicker == "باز شدن راه روستا"
    assert article.lead == "راه روستای سرچشمه پس از چهار ماه کار شبانه روزی با حضور مردم باز شد."
    assert len(article.body) == 2


def test_provenance(read: Read) -> None:
    head = (
        '<meta property="og:image" content="/a.jpg"><meta property="article:tag" content="راه"><meta '
        'property="article:section" content="عمران">'
        '<script type="application/ld+json">'
        '{"@type":"NewsArticle","datePublished":"2020-05-10T14:29:00Z",'
        '"author":{"@type":"Person","name":"گلنار کوهی"}}</script>'
    )
    article = read(
        f"<head>{head}</head><body><h1>راه روستا باز شد</h1><div class='lead'>لید کوتاه خبر راه.</div>"
        f"<div class=text>{BODY}</div></body>"
    )
    assert article.provenance == {
        "headline": "generic", "lead": "generic", "section": "metadata", "keywords": "opengraph",
        "authors": "json-ld", "main_image": "opengraph", "published": "json-ld",
    }  # fmt: skip
    assert article.platform is None


def test_the_family_named_by_the_source_is_tried_first(read: Read) -> None:
    from datetime import UTC, datetime

    from aggregator.extract import extract
    from aggregator.model import Page

    markup = (
        f"<body><h1>نام سایت</h1><div class=shownews5titr>راه روستا باز شد</div><div "
        f"class=shownews5comment>{BODY}</div></body>"
    )
    page = Page(
        "https://www.example.ir/x",
        markup.replace("shownews5titr", "shownews6titr").encode(),
        datetime(2024, 6, 1, tzinfo=UTC),
        "s",
    )
    article = extract(page, "dorsa")
    assert isinstance(article, Article)
    assert (article.platform, article.headline) == ("dorsa", "راه روستا باز شد")


def test_an_unknown_name_of_a_family_does_no_harm(page: Callable[..., object]) -> None:
    from aggregator.extract import extract

    assert isinstance(extract(page(nastooh()), "no-such-family"), Article)  # type: ignore[arg-type]


def test_the_headline_of_the_link_is_the_last_resort(read: Read) -> None:
    markup = f"<body><div class=text>{BODY}</div></body>"
    link = Link("https://www.example.ir/fa/page/7", "feed", headline="راه روستا باز شد")
    article = read(markup, link=link)
    assert article.headline == "راه روستا باز شد"
    assert article.provenance["headline"] == "feed"


@pytest.mark.parametrize(
    ("items", "path"),
    [
        (["صفحه نخست", "سیاست", "انتخابات"], "سیاست > انتخابات"),
        (["یزد", "یزد"], "یزد"),
        (["خانه »", "» استان‌ها", "»"], "استان‌ها"),
        (["اخبار", "راه روستا باز شد"], "اخبار"),
        (["صفحه اصلی"], None),
        ([], None),
    ],
)
def test_section_path(items: list[str], path: str | None) -> None:
    assert section_path(items, "راه روستا باز شد") == path


def test_authors_are_persons() -> None:
    names = [
        "نویسنده: گلنار کوهی",
        "خبرگزاری نمونه",
        "روابط عمومی اداره کل",
        "71459",
        "admin",
        "سایت ما | خبر",
        "کوهی",
    ]
    assert read_authors(names, ["کوهی نیوز"]) == ["گلنار کوهی"]


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ('<html lang="en"><h1>راه روستا باز شد</h1>' + BODY, "fa"),
        ('<html lang="ar"><h1>فتح طريق القرية</h1>' + "<p>تم فتح طريق القرية بعد اربعة اشهر من العمل "
            "المتواصل ليلا و نهارا في الجبل و الوادي.</p>" * 2, "ar"),
        ('<html lang="fa"><h1>The village road is open</h1>' + "<p>The road to the village was opened "
            "after four months of work by day and by night, he said.</p>" * 2, "en"),
    ],
)  # fmt: skip
def test_language(read: Read, markup: str, language: str) -> None:
    assert read(markup).language == language


def test_a_page_from_a_file_is_named_by_itself(read: Read) -> None:
    head = '<link rel="canonical" href="https://www.example.ir/news/770145/x">'
    assert (
        read(nastooh(head=head), "file:///tmp/x.html").canonical_url == "https://www.example.ir/news/770145"
    )
    assert read(nastooh(), "").canonical_url == "unknown:"
