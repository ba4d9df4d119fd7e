"""What stands among the paragraphs of a body and is not the article: as elements, and as lines of text."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from aggregator.extract.select import is_hidden
from aggregator.extract.text import Block

# --- elements -----------------------------------------------------------------------------------------------

#: Words of class names and ids that mark what surrounds an article on any site.
_NOISE_WORDS = frozenset((
    "share", "shares", "sharing", "social", "socials", "addtoany", "sharethis", "shareit", "related",
    "relateds", "relatednews", "related-news", "comment", "comments", "commentform", "disqus", "tags",
    "taglist", "newstags", "tag-list", "rating", "ratings", "rate", "stars", "star-rating", "vote",
    "poll", "ads", "adv", "advert", "adverts", "advertisement", "advertise", "adsense", "banner",
    "shortlink", "short-link", "newsletter", "subscribe", "breadcrumb", "breadcrumbs", "toolbar",
    "font-resize", "fontsize", "font-size", "print-header", "pagination", "pager", "prevnext",
    "sidebar", "popular", "mostviewed", "most-viewed", "recommended", "recommendations",
    "readmore", "read-more", "also-read", "print-version", "sr-only", "visually-hidden",
    "screen-reader-text", "copyright", "footer", "navbar", "menu", "sitemap-box", "qrcode", "barcode",
))  # fmt: skip
_NOISE_TAGS = frozenset(
    ["nav", "aside", "footer", "form", "button", "script", "style", "noscript", "template", "iframe"]
)
#: A noisy name on an element with more text than this (characters, without links) is a coincidence.
_MAX_NOISE = 700


def remove_noise(container: HtmlElement) -> None:
    """Takes out of the tree what has a noisy name or is hidden."""
    for element in list(container.iterdescendants()):
        if isinstance(element.tag, str) and element.getparent() is not None and _is_noise(element):
            element.drop_tree()


def _is_noise(element: HtmlElement) -> bool:
    if is_hidden(element):
        return True
    if element.tag == "form" or _has_noisy_name(element):
        return _plain_length(element) <= _MAX_NOISE
    return element.tag in _NOISE_TAGS


def _has_noisy_name(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    if names == " ":
        return False
    words = {word for name in names.replace("_", "-").split() for word in (name, *name.split("-"))}
    return not _NOISE_WORDS.isdisjoint(words)


def _plain_length(element: HtmlElement) -> int:
    length = 0
    for piece in element.itertext():
        length += len(piece.strip())
        if length > 20 * _MAX_NOISE:
            break
    links = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return length - links


# --- lines --------------------------------------------------------------------------------------------------

_END_WORDS = (
    r"(?:انتها[یي]|پا[یي]ان|پا[یي]انِ)\s*(?:پ[یي]ام|خبر|گزارش|مطلب|مصاحبه|گفت\s*و\s*گو|گفتگو|[یي]ادداشت)"
)
#: An end mark alone on its line, with signatures and codes after it: «انتهای پیام/ی», «پایان پیام /۱۰۲۴».
_END_LINE = re.compile(rf"^[\W_]*{_END_WORDS}[\W_]*(?:[\w*]{{1,8}}(?:[\W_]+|$)){{0,4}}$")
#: The same after the last sentence.
_END_TAIL = re.compile(
    rf"(?:(?<=[.!؟?»)\]…:/*])\s*[/*.\-ـ_|]*\s*{_END_WORDS}|(?<=\s)(?:انتها|پا[یي]ان)[یي]?\s*پ[یي]ام)"
    r"(?:[\s/*.\-ـ_|]+[\w*]{0,8}){0,4}[\s/*.\-ـ_|]*$"
)
_END_SHORT = re.compile(r"^[/*\-\s]*(?:پا[یي]ان|انتها)\s*[/*\-.]*$")
#: Nothing but numbers, and letters of a signature: «17302», «۷۳۵۲/۱۵۶۹», «ک/3».
_CODE_LINE = re.compile(
    r"^[\W_]*(?:(?:[آ-ی]\.?){1,3}\s*[/*-]+\s*)?\d{2,8}(?:\s*[/*._|-]+\s*(?:\d{1,8}|[آ-ی]{1,2}))*[\W_]*$"
    r"|^[\W_]*(?:[آ-ی]\.?){1,3}\s*/\s*\d{1,3}[\W_]*$"
)
_MAX_CODE = 24
_REFERRAL = re.compile(
    r"^[\W_]*(?:ب[یي]شتر\s+بخوان[یي]د|همچن[یي]ن\s+بخوان[یي]د|بخوان[یي]د|ب[یي]شتر"
    r"|ا[یي]ن(?:\s+مطلب)?\s+را\s+هم\s+بخوان[یي]د"
    r"|(?:مطالب|اخبار|خبرها[یي]|خبر|مطلب|[یي]ادداشت[\u200c ]?ها[یي])\s+(?:مرتبط|پ[یي]شنهاد[یي]|مشابه)"
    r"|مرتبط\s+بخوان[یي]د"
    r"|در\s+هم[یي]ن\s+(?:رابطه|زم[یي]نه|باره)(?:\s+بخوان[یي]د)?|پ[یي]شنهاد\s+و[یي]ژه|ب[یي]شتر\s+بدان[یي]د"
    r"|از\s+دست\s+نده[یي]د)"
    r"\s*(?P<colon>[:：؛»>←/]?)\s*(?P<rest>.*)$"
)
_LABEL_LINE = re.compile(
    r"^[\W_]*(?:کد\s*(?:خبر|مطلب)|شناسه(?:\s*خبر)?|تعداد\s*باز?د[یي]د|باز?د[یي]دها?|ل[یي]نک\s*کوتاه"
    r"|پ[یي]وند\s*کوتاه|آدرس\s*کوتاه"
    r"|نشان[یي]\s*کوتاه|برچسب\s*(?:ها)?|کل[یي]د\s*واژه\s*(?:ها)?|کل[یي]دواژه[\u200c ]?(?:ها)?|تگ\s*ها"
    r"|ام?ت[یي]از\s*(?:ده[یي]|شما)?"
    r"|اندازه\s*(?:فونت|متن|قلم)|اشتراک\s*گذار[یي]|به\s*اشتراک\s*بگذار[یي]د|تار[یي]خ\s*(?:انتشار|درج|خبر)"
    r"|زمان\s*انتشار|گروه\s*خبر[یي]|دسته[\u200c ]?بند[یي]|کد\s*خبرنگار)"
    r"\s*[:：]\s*.{0,120}$"
)
_TOOL_LINE = re.compile(
    r"^[\W_]*(?:خبرنگار\s*[:：]?\s*\d+|چاپ(?:\s*(?:خبر|مطلب|صفحه))?|نسخه\s*چاپ[یي]|ارسال\s*(?:به"
    r"|برا[یي])\s*دوستان|اشتراک[\u200c ]*گذار[یي]"
    r"|(?:ا[یي]ن\s.{0,10}?را\s*)?به\s*اشتراک\s*بگذار[یي]د|اندازه\s*(?:فونت|متن|قلم)|برچسب[\u200c ]*ها"
    r"|ارسال\s*نظر|نظر\s*(?:شما|ده[یي]د)|نظرات(?:\s*کاربران)?"
    r"|ذخ[یي]ره|بازگشت|ادامه\s*مطلب|کپ[یي]\s*(?:ل[یي]نک|شد)|ل[یي]نک\s*کوتاه|مطالب\s*مرتبط|اخبار\s*مرتبط"
    r"|A\s*[+-])[\W_]*$"
)
#: A block with more of it in links than this is a list of links.
_MOSTLY_LINKS = 0.85


def drop_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """The paragraphs without end marks, codes of reporters, labels, tools and referrals to other news."""
    kept: list[Block] = []
    referring = False
    for block in blocks:
        referral = _REFERRAL.match(block.text)
        if referral and _is_referral(block, referral):
            referring = True
            continue
        if referring and block.linked > _MOSTLY_LINKS:
            continue
        referring = False
        if not is_furniture(block.text):
            kept.append(block)
    return _without_tail(kept)


def _is_referral(block: Block, found: re.Match[str]) -> bool:
    """«بیشتر بخوانید:» alone, or followed by nothing but a link; not a sentence that begins like one."""
    rest = found["rest"].strip(" .…:«»()[]")
    if not rest:
        return True
    return bool(block.linked > 0.5 and len(rest) < 250) and (
        bool(found["colon"]) or block.linked > _MOSTLY_LINKS
    )


def is_furniture(text: str) -> bool:
    """Whether a line belongs to the page, not to the article, wherever it stands."""
    return len(text) < 160 and any(
        pattern.match(text) for pattern in (_END_LINE, _END_SHORT, _LABEL_LINE, _TOOL_LINE)
    )


def _without_tail(blocks: list[Block]) -> list[Block]:
    """Without codes after the last sentence, and without an end mark on its line."""
    while blocks and is_code(blocks[-1].text):
        blocks = blocks[:-1]
    if blocks:
        last = blocks[-1]
        text = _END_TAIL.sub("", last.text).rstrip() if len(last.text) > 20 else last.text
        if text and text != last.text:
            blocks = [*blocks[:-1], Block(text, last.linked, last.strong, last.group)]
    return blocks


def is_code(text: str) -> bool:
    """Whether a line is the code of a reporter or an editor: «17302», «۷۳۵۲/۱۵۶۹»."""
    return len(text) <= _MAX_CODE and _CODE_LINE.match(text) is not None
