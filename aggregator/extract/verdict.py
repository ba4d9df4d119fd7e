"""Telling pages that are no article from articles. Every verdict says what was seen."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from aggregator.extract.document import Document
from aggregator.extract.metadata import read_metadata
from aggregator.extract.select import is_hidden
from aggregator.extract.tidy import has_words, tidy
from aggregator.model import NotArticle, Page, Rejection
from aggregator.platforms.base import Platform
from aggregator.urls import article_match, path_and_query

_SMALL = 1500  #: characters of visible text; errors, challenges and stubs have less
_SHORT, _APOLOGY = (
    300,
    700,
)  #: characters of a text that says just one thing; of one with some frame around it
_SMALL_MARKUP = 5000  #: characters; the challenges of ArvanCloud have less
_FRAME_LINKS = 60
_ARVAN = ("arvanRecaptcha", "__arcsrc", "__arcsjs", "AR_SiteKey", "arvancloud")
_CHALLENGE = (
    "cf-browser-verification", "cf_chl_", "/cdn-cgi/challenge-platform/", "/cdn-cgi/assets/",
    "_Incapsula_Resource", "ddos-guard", "derak.cloud", "g-recaptcha", "h-captcha", "cf-turnstile",
)  # fmt: skip
_CHALLENGE_TEXT = re.compile(
    r"در حال بررس[یي] مرورگر|Checking your browser|Just a moment\.\.\.|complete the security check"
    r"|Attention Required"
    r"|verify you are (?:a )?human|ربات ن[یي]ست|Access denied",
    re.IGNORECASE,
)
_STUB = re.compile(
    r"\b(?:Object|Document) Moved\b|\bMoved (?:Permanently|Temporarily)\b|^\W*30[12378] "
    r"|This document may be found",
    re.IGNORECASE,
)
_SENT_ON = re.compile(r"در حال (?:انتقال|هدا[یي]ت|تغ[یي][یي]ر مس[یي]ر)|\bRedirecting\b", re.IGNORECASE)
_SCRIPTED = re.compile(r"\blocation(?:\.href)?\s*=\s*[\"']|\blocation\.(?:replace|assign)\s*\(")
_REFRESH = re.compile(r"^\s*(\d+)\s*[;,]\s*(?:url\s*=)?\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_SOFT_404 = re.compile(
    r"^\W*(?:خطا[یي]?\s*|error\s*)?(?:404|۴۰۴)(?:\W|$)|(?:صفحه|خبر|مطلب|آدرس|نشان[یي]|محتوا|مورد|س[یي]"
    r"|سند|اطلاعات[یي]?)"
    r"[^.!؟]{0,60}?(?:[یي]افت\s*ن(?:شد|م[یي])|پ[یي]دا\s*نشد|وجود\s*ندارد|موجود\s*ن[یي]ست|حذف\s*شده"
    r"|در\s*دسترس\s*ن[یي]ست|معتبر\s*ن[یي]ست)"
    r"|(?:page|article|file|resource|news)[^.]{0,30}\b(?:not found|cannot be found|does(?: not"
    r"|n.t) exist)|\b404\b.{0,20}not found"
    r"|^\W*not found\W*$",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"An error has occurred|Server Error in|Runtime Error|Internal Server Error|Service Unavailable"
    r"|Bad Gateway|Gateway Time"
    r"|temporar(?:y|ily) (?:down|unavailable)|بروز خطا|خطا[یي] (?:سرور|داخل[یي]|س[یي]ستم)|خطا[یي]+ رخ داد"
    r"|خطا در (?:پردازش|بارگذار[یي]|اتصال)"
    r"|به روز ?رسان[یي] [^.]{0,60}در دسترس ن[یي]ست|سا[یي]ت در (?:دست|حال) (?:تعم[یي]ر|بروزرسان[یي]"
    r"|به روزرسان[یي]|ساخت)|Forbidden"
    r"|database error|Fatal error|stack trace|HTTP Error|دسترس[یي] (?:شما )?(?:غ[یي]ر ?مجاز|مسدود|محدود)"
    r"|مجاز به مشاهده",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"ورود (?:به|کاربر|اعضا)|نام کاربر[یي]|رمز عبور|کلمه عبور|وارد (?:شو[یي]د|حساب)|\blog ?in\b"
    r"|\bsign ?in\b|password",
    re.IGNORECASE,
)
_STATIC = re.compile(
    r"^\W*(?:درباره(?: ما)?|تماس با ما|ارتباط با ما|قوان[یي]ن(?: و مقررات)?|حر[یي]م خصوص[یي]|نقشه سا[یي]ت"
    r"|پرسش[\u200c ]ها[یي] متداول|سوالات متداول"
    r"|جستجو|جست[\u200c ]?و[\u200c ]?جو|آرش[یي]و(?: اخبار)?|about us|contact us)\W*$",
    re.IGNORECASE,
)
_HOME = re.compile(r"/?(?:[a-z]{2}/?)?(?:(?:index|default|home)\.\w+)?", re.IGNORECASE)
_LONG_LINK = 25  #: characters of a link that could be a headline
FEW_LINKS = 3  #: headline-like links from which a page without text is a list
_TEXT_PER_LINK = 400  #: characters of plain text for each headline-like link, below which a page is a list
_TEXT_OF_NEWS = 120  #: characters of plain text that an unknown page must have to be news


# --- before reading -----------------------------------------------------------------------------------------


def refuse(page: Page, document: Document) -> NotArticle | None:
    """The verdict on a page that is no content of its site at all: error, challenge, stub, log-in wall,
    nothing."""
    if page.status < 400 and _has_frame(document.root):
        return None
    text = visible_text(document.root, _SMALL * 2)
    small = len(text) <= _SMALL
    title = next((tidy(element.text or "") for element in document.root.iter("title")), "")
    if small and (found := _challenge(document.markup, f"{title} {text}")):
        return NotArticle(
            page.url, Rejection.CHALLENGE, f"A check of the browser instead of a page: {found}."
        )
    if page.status >= 400:
        return _by_status(page)
    if not small:
        return None
    return _small_page(page, document, title, text)


def _has_frame(root: HtmlElement) -> bool:
    """Whether there are so many links that the page has at least the frame of its site around it."""
    return next(islice(root.iter("a"), _FRAME_LINKS, None), None) is not None


def _by_status(page: Page) -> NotArticle:
    kind = {401: Rejection.LOGIN, 404: Rejection.SOFT_404, 410: Rejection.SOFT_404}.get(
        page.status, Rejection.ERROR_PAGE
    )
    return NotArticle(page.url, kind, f"The server answered with status {page.status}.")


def _small_page(page: Page, document: Document, title: str, text: str) -> NotArticle | None:
    whole = f"{title} {text}"
    if len(text) < 1000 and (found := _stub(page, document, whole)):
        return NotArticle(page.url, Rejection.REDIRECT_STUB, found)
    if not has_words(text) and next(document.root.iter("img"), None) is None:
        if read_metadata(document).claims_article:
            return None
        reason = (
            "The elements are nested too deep to be read."
            if document.truncated
            else "There is no text on the page."
        )
        return NotArticle(page.url, Rejection.EMPTY, reason)
    if len(text) < _APOLOGY and (found_kind := _apology(title, text)) is not None:
        return NotArticle(page.url, *found_kind)
    return login(page.url, whole) if len(text) < 250 and asks_password(document) else None


def _apology(title: str, text: str) -> tuple[Rejection, str] | None:
    """What a page says that has nothing to show. Longer texts may speak of things not found: they are
    news."""
    for pattern, kind, what in (
        (_SOFT_404, Rejection.SOFT_404, "The page says that there is nothing here"),
        (_ERROR, Rejection.ERROR_PAGE, "The page reports an error"),
    ):
        match = pattern.search(title) or (pattern.search(text) if len(text) < _SHORT else None)
        if match:
            return kind, f"{what}: «{tidy(match[0])}»."
    return None


def _challenge(markup: str, text: str) -> str | None:
    match = _CHALLENGE_TEXT.search(text)
    if match:
        return f"«{match[0]}»"
    marks = (*_ARVAN, *_CHALLENGE) if len(text) < _SHORT else _ARVAN if len(markup) < _SMALL_MARKUP else ()
    mark = next((mark for mark in marks if mark in markup), None)
    return f"«{mark}» in the markup" if mark else None


def _stub(page: Page, document: Document, text: str) -> str | None:
    match = _STUB.search(text) or (_SENT_ON.search(text) if len(text) < _SHORT else None)
    if match:
        return f"A redirect in place of a page: «{tidy(match[0])}»."
    if len(text) > _SHORT:
        return None
    for meta in document.root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            target = _REFRESH.match(meta.get("content") or "")
            if target and int(target[1][:4]) <= 30 and target[2].rstrip("/") != page.url.rstrip("/"):
                return f"The page sends its readers on to {target[2][:200]}."
    if any(_SCRIPTED.search(script.text or "") for script in document.root.iter("script")):
        return "A script sends the readers on, and there is hardly any text."
    return None


def asks_password(document: Document) -> bool:
    """Whether there is a field for a password."""
    return any((field.get("type") or "").lower() == "password" for field in document.root.iter("input"))


def login(url: str, text: str) -> NotArticle | None:
    """The verdict on a page that asks for a password, if this is what it is about."""
    if match := _LOGIN.search(text):
        return NotArticle(url, Rejection.LOGIN, f"The page asks for a password: «{match[0]}».")
    return None


def visible_text(root: HtmlElement, limit: int) -> str:
    """The text that a reader sees, tidied; no more than about ``limit`` characters of it."""
    pieces: list[str] = []
    length = 0
    for piece in _pieces(root):
        pieces.append(piece)
        length += len(piece.strip())
        if length > limit:
            break
    return tidy(" ".join(pieces))


def _pieces(root: HtmlElement) -> Iterator[str]:
    for element in root.iter():
        dead = not isinstance(element.tag, str) or element.tag in (
            "script",
            "style",
            "noscript",
            "title",
            "template",
        )
        if element.text and not dead and not is_hidden(element):
            yield element.text
        if element.tail:
            yield element.tail


# --- after reading ------------------------------------------------------------------------------------------


def is_listing_address(url: str, family: Platform | None) -> bool:
    """Whether the family's addresses, or the site's root, say that this is a list."""
    try:
        place = path_and_query(url)
        if article_match(url, family):
            return False
    except ValueError:
        return False
    return bool(_HOME.fullmatch(place)) or bool(
        family and family.listing_url and family.listing_url.search(place)
    )


def headline_links(root: HtmlElement, without: HtmlElement | None = None) -> int:
    """How many links of the page read like headlines, each text once, those in ``without`` left out."""
    inside = set(without.iter("a")) if without is not None else set()
    texts = set()
    for link in root.iter("a"):
        if link not in inside and link.get("href"):
            text = tidy("".join(link.itertext()))
            if len(text) >= _LONG_LINK:
                texts.add(text)
    return len(texts)


def is_list_of_links(plain: float, teasers: int) -> bool:
    """Whether a text is the teasers of a list: headline-like links with little plain text for each."""
    return teasers >= FEW_LINKS and plain < _TEXT_PER_LINK * teasers


def without_text(url: str, document: Document, headings: list[str], *, password: bool) -> NotArticle:
    """The verdict on a page that has no text of an article. ``password``: it has a field for one."""
    for text in headings:
        if match := _SOFT_404.search(text):
            return NotArticle(
                url, Rejection.SOFT_404, f"The page says that there is nothing here: «{tidy(match[0])}»."
            )
        if match := _ERROR.search(text):
            return NotArticle(url, Rejection.ERROR_PAGE, f"The page reports an error: «{tidy(match[0])}».")
    asked = login(url, " ".join(headings) + visible_text(document.root, 4000)) if password else None
    if asked is not None:
        return asked
    links = headline_links(document.root)
    if links >= FEW_LINKS:
        return listing(url, links)
    return NotArticle(
        url, Rejection.NO_ARTICLE, "There is text on the page, but no headline with paragraphs."
    )


def listing(url: str, links: int) -> NotArticle:
    """The verdict on a list."""
    return NotArticle(
        url,
        Rejection.LISTING,
        f"The page is a list: {links} links that read like headlines, no text of its own.",
    )


def is_static(headline: str) -> bool:
    """Whether a headline is that of a page about the site, such as «تماس با ما»."""
    return _STATIC.match(headline) is not None


def says_missing(text: str) -> str | None:
    """The words by which a short text says that the page does not exist."""
    match = _SOFT_404.search(text)
    return tidy(match[0]) if match else None


def has_enough_text(plain: float) -> bool:
    """Whether a page of an unknown maker has enough plain text (characters) to be news."""
    return plain >= _TEXT_OF_NEWS
