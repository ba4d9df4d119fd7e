"""An item whose lines nothing marks but their place: section word, headline, short title, lead, text, stamp.

The item of the Alborz office that this began with is read where it is at hand; one of ours stands in for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from aggregator.model import Article

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed-article.txt"
OURS = """اخبار

برگزاری دوره آموزشی ایمنی کارگاه های ساختمانی در اداره کل کاروتعاون استان نیلوفر

آموزش ایمنی در کارگاه های ساختمانی
دوره آموزشی ایمنی کارگاه های ساختمانی از سوی مرکزآموزش اداره کل کار،تعاون روز چهارشنبه 12 آبان برگزار شد.

در ایتدای این دوره بهمن سرو آزاد گفت : اگر کارگران شیوه کاربرد وسایل را ندانند، خطر از میان نمیرود.

وی افزود: بیشترین حادثه ها در کارگاه های کوچک رخ می دهد و باید بازرسی ازاین کارگاه ها بیشتر شود.

۱۵ آبان ۱۴۰۰ ۰۹:۱۲"""


@dataclass
class Item:
    section: str
    headline: str
    kicker: str
    lead: str
    body: list[str]
    stamp: str


def parts(text: str) -> Item:
    section, headline, opening, *body, stamp = text.split("\n\n")
    kicker, lead = opening.split("\n")
    return Item(section, headline, kicker, lead, body, stamp)


ITEMS = [pytest.param(parts(OURS), id="ours")]
if SEED.exists():
    ITEMS.append(pytest.param(parts(SEED.read_text(encoding="utf-8")), id="seed"))

MENU = (
    "<div id=menu><ul>"
    + "".join(f"<li><a href='/p{n}'>بخش {n} سایت اداره</a></li>" for n in range(9))
    + "</ul></div>"
)
SIDE = "<div class=side><h3>آخرین اخبار</h3>" + "".join(
    f"<p><a href='/n{n}'>خبر دیگری از همین اداره با شماره {n}</a> ۱۸ خرداد ۱۳۹۹</p>" for n in range(5)
) + "</div>"  # fmt: skip
FOOT = "<div class=footer>کلیه حقوق این سایت متعلق به اداره کل است.</div>"


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def headings(item: Item) -> str:
    return (
        f"<h2>{item.section}</h2><h1>{item.headline}</h1><p>{item.kicker}<br>{item.lead}</p>"
        f"{paragraphs([*item.body, item.stamp])}"
    )


def all_paragraphs(item: Item) -> str:
    return (
        f"{paragraphs([item.section, item.headline])}<p>{item.kicker}<br>{item.lead}</p>"
        f"{paragraphs([*item.body, item.stamp])}"
    )


def line_breaks(item: Item) -> str:
    blocks = [item.section, item.headline, f"{item.kicker}<br>{item.lead}", *item.body, item.stamp]
    return "<br><br>".join(blocks)


def divisions(item: Item) -> str:
    return "".join(
        f"<div>{t}</div>"
        for t in [item.section, item.headline, item.kicker, item.lead, *item.body, item.stamp]
    )


def nastooh(item: Item) -> str:
    return (
        f'<!-- www.nastooh.ir --><article id="item"><ol class="breadcrumb"><li>{item.section}</li></ol>'
        f'<h1 class="title">{item.headline}</h1><h4 class="kicker">{item.kicker}</h4><p class="introtext">'
        f"{item.lead}</p>"
        f'<div class="item-text">{paragraphs(item.body)}</div><div class="item-date"><span>'
        f"{item.stamp}</span></div></article>"
    )


def pasted(item: Item) -> str:
    return (
        f'<!-- www.nastooh.ir --><article id="item"><ol class="breadcrumb"><li>{item.section}</li></ol>'
        f'<h1 class="title">{item.headline}</h1>'
        f'<div class="item-text"><p>{item.kicker}<br>{item.lead}</p>'
        f"{paragraphs([*item.body, item.stamp])}</div></article>"
    )


def saman(item: Item) -> str:
    return (
        f'<!-- Saman Information Structure --><div class="breadcrumb"><a>{item.section}</a></div><div><h2 '
        f'class="contentTitle">{item.headline}</h2>'
        f'<div class="saman_header">{item.kicker}</div><div class="saman_text">{item.lead}</div>'
        f'<div class="contentBody">{paragraphs(item.body)}</div><div class="date_headNews">'
        f"{item.stamp}</div></div>"
    )


@pytest.mark.parametrize("layout", [headings, all_paragraphs, line_breaks, divisions, nastooh, pasted, saman])
@pytest.mark.parametrize("item", ITEMS)
def test_plain_order(read: Callable[..., Article], item: Item, layout: Callable[[Item], str]) -> None:
    markup = (
        f"<html><head><title>اداره کل استان</title></head><body>{MENU}<div class=page>{layout(item)}</div>"
        f"{SIDE}{FOOT}</body></html>"
    )
    article = read(markup, "http://alborz.example.ir/fa/news/225")
    assert article.section == item.section
    assert article.headline == item.headline
    assert article.kicker == item.kicker
    assert article.lead == item.lead
    assert list(article.body) == item.body
    assert article.date_published_raw == item.stamp
    assert article.published is not None
    assert article.published.iso() in ("2020-06-09T04:31:00Z", "2021-11-06T05:42:00Z")
    assert article.authors == ()
