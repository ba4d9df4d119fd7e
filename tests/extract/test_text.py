"""Paragraphs out of markup, and what is left out of them."""

from collections.abc import Callable

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.extract.cleaning import drop_boilerplate, is_code, is_furniture, remove_noise
from aggregator.extract.text import Block, read_blocks
from aggregator.extract.tidy import tidy
from aggregator.model import Article


def lines(markup: str) -> list[str]:
    return [block.text for block in read_blocks(lxml.html.fromstring(f"<div>{markup}</div>"))]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>یک</p><p>دو</p>", ["یک", "دو"]),
        ("یک<br>دو<br/><br>سه", ["یک", "دو", "سه"]),
        ("<div>یک</div><div>دو <b>و</b> نیم</div>", ["یک", "دو و نیم"]),
        ("<p>می<span>‌شود</span>، <a href=x>این</a> هم</p>", ["می‌شود، این هم"]),
        ("متن آزاد<p>بند</p>متن پس از آن", ["متن آزاد", "بند", "متن پس از آن"]),
        ("<h2>عنوان<br>دو سطری</h2><p>بند</p>", ["عنوان دو سطری", "بند"]),
        ("<ul><li>الف</li><li>ب<br>ج</li><li><p>د</p><p>ه</p></li></ul>", ["الف", "ب ج", "د", "ه"]),
        ("<ol><li>یک<ul><li>یک و یک</li></ul></li></ol>", ["یک", "یک و یک"]),
        ("<blockquote>نقل</blockquote><dl><dt>واژه</dt><dd>معنا</dd></dl>", ["نقل", "واژه", "معنا"]),
        ("<pre>سطر یک\nسطر دو</pre>", ["سطر یک", "سطر دو"]),
        ("<table><tr><th>الف<th>ب<tr><td>۱<td><p>۲</p></td></tr></table>", ["الف ب", "۱ ۲"]),
        ("<table><tr><td rowspan=2>الف</td><td>۱</td></tr><tr><td>۲</td></tr></table>", ["الف ۱", "۲"]),
        ("<table><tr><td><p>بند یک</p><p>بند دو</p></td></tr></table>", ["بند یک", "بند دو"]),
        ("<table><tr><td><table><tr><td>الف<td>ب</td></tr></table></td><td>ج</table>", ["الف ب", "ج"]),
        ("<p>الف</p><script>x</script><style>y</style><!-- z --><p>ب</p>", ["الف", "ب"]),
        ("<p>الف</p><noscript>n</noscript><iframe src=x></iframe><p>ب</p>", ["الف", "ب"]),
        ("<figure><img src=x><figcaption>شرح عکس</figcaption></figure><p>متن</p>", ["متن"]),
        ("<p>  یک \n\t دو&nbsp;سه\u2003چهار  </p><p>&nbsp;</p><p>***</p>", ["یک دو سه چهار"]),
        ("<o:p>واژه</o:p><p>بند<o:p></o:p></p>", ["واژه", "بند"]),
        ("<p>می&shy;شود</p>", ["می\u00adشود"]),
    ],
)  # fmt: skip
def test_paragraphs(markup: str, expected: list[str]) -> None:
    assert lines(markup) == expected


def test_a_table_that_lays_out_the_page_is_not_read_by_rows() -> None:
    long = "این بند بلند است و در خانه ای از جدول نشسته است. " * 10
    assert lines(f"<table><tr><td><p>{long}</p><p>{long}</p></td><td>کنار</td></tr></table>") == [
        long.strip()
    ] * 2 + ["کنار"]


def test_deep_markup_is_read() -> None:
    assert lines("<div>" * 240 + "متن" + "</div>" * 240) == ["متن"]


@given(st.text())
def test_tidy_is_idempotent_and_loses_no_letter(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert "\u00a0" not in once
    assert [sign for sign in once if sign.isalnum()] == [sign for sign in text if sign.isalnum()]


def test_half_spaces_stay() -> None:
    assert tidy("\u200cکتاب\u200cها \u00a0 می\u200cروند\u200c ") == "کتاب\u200cها می\u200cروند"


@pytest.mark.parametrize(
    "line",
    [
        "انتهای پیام", "انتهای پیام/", "انتهای پیام/ی", "/انتهای پیام/", "پایان پیام/ت ۳۰", "انتهاي "
        "پيام/۱۱۲/ک", "پایان خبر",
        "کد خبر: ۱۲۳۴", "تعداد بازدید: ۱۲", "لینک کوتاه: https://x.ir/1", "نسخه چاپی", "اندازه فونت",
        "برچسب‌ها", "ارسال به دوستان", "خبرنگار: 7131",
    ],
)  # fmt: skip
def test_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "پایان خبر خوش برای کشاورزان این بود", "انتهای خیابان بهار بسته شد.", "چاپ کتاب ارزان شد",
        "کد خبرنگاران جوان در آیین‌نامه",
        "تاریخ انتشار کتاب هنوز روشن نیست", "نظر شما چیست؟",
    ],
)  # fmt: skip
def test_no_furniture(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize("line", ["17302", "۷۳۵۲/۱۵۶۹", "2033**1535", "ک/3", "م.ح/۱۲", " ۲۴۱۱۸ "])
def test_code(line: str) -> None:
    assert is_code(line.strip())


@pytest.mark.parametrize("line", ["سال ۱۳۹۹", "۱۴ کشته", "۱۲ ۴۰ ۸", "۱. نخست", "۲۰ درصد", "۵"])
def test_no_code(line: str) -> None:
    assert not is_code(line)


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ("این آیین برگزار شد. انتهای پیام/۱۲", "این آیین برگزار شد."),
        ("این آیین برگزار شد.پایان پیام", "این آیین برگزار شد."),
        ("این آیین برگزار شد انتهای پیام", "این آیین برگزار شد"),
        ("او این را در پایان گزارش خود گفت", "او این را در پایان گزارش خود گفت"),
        ("شمار شرکت‌کنندگان ۱۷۳۰۲ بود", "شمار شرکت‌کنندگان ۱۷۳۰۲ بود"),
    ],
)
def test_end_of_the_last_paragraph(end: str, kept: str) -> None:
    assert drop_boilerplate([Block("نخست"), Block(end), Block("۱۷۳۰۲")])[-1].text == kept


def test_referrals() -> None:
    blocks = [
        Block("بند یک."),
        Block("بیشتر بخوانید:"),
        Block("خبر دیگری از جای دیگر", linked=1.0),
        Block("بند دو."),
        Block("بیشتر بخوانید: خبر دیگری از جای دیگر", linked=0.7),
        Block("بیشتر مردم آمدند.", linked=0.2),
        Block("در همین زمینه وزیر گفت راه باز است."),
    ]
    assert [block.text for block in drop_boilerplate(blocks)] == [
        "بند یک.",
        "بند دو.",
        "بیشتر مردم آمدند.",
        "در همین زمینه وزیر گفت راه باز است.",
    ]


def test_noise_among_the_paragraphs() -> None:
    body = lxml.html.fromstring(
        "<div class='comment-of-the-day'><p>متن</p><div class='share-box'>هم‌رسانی</div><div "
        "style='display: none'>پنهان</div>"
        "<div id=comments>نظر</div><aside>کنار</aside><ul class='related_news'><li>دیگر</li></ul><p "
        "class=shareholder>سهامدار</p></div>"
    )
    remove_noise(body)
    assert body.text_content() == "متنسهامدار"


def test_images_and_attachments(read: Callable[..., Article]) -> None:
    article = read(
        "<head><base href='https://files.example.ir/n/'></head><body><h1>گزارش سالانه چشمه ها</h1><div "
        "class=text>"
        "<img src='data:image/gif;base64,R0' data-src='a.jpg'><img src='/icons/pdf.png'><img src='b.jpg' "
        "width=20>"
        "<img src='a.jpg'><img src='c d.png'>"
        "<p>گزارش سالانه چشمه ها با سه پیوست و جدول های کامل از امروز در دسترس همگان است.</p>"
        "<p>فایل ها: <a href='1.PDF'>یک</a> <a href='/get?f=2.docx&x=1'>دو</a> <a href='1.PDF'>باز</a> <a "
        "href='x.html'>سه</a></p></div></body>"
    )
    assert article.images == ("https://files.example.ir/n/a.jpg", "https://files.example.ir/n/c%20d.png")
    assert article.main_image == "https://files.example.ir/n/a.jpg"
    assert article.attachments == (
        "https://files.example.ir/n/1.PDF",
        "https://files.example.ir/get?f=2.docx&x=1",
    )
