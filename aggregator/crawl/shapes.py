"""What an address alone tells: an article, a list, or neither. Pure.

For a known platform its ``article_url`` decides; the shapes here are for sites whose CMS is unknown, and for
families whose addresses every site chooses for itself.
"""

import re
from enum import IntEnum

from aggregator.platforms.base import Platform
from aggregator.urls import article_match, path_and_query

#: Families whose article addresses are a matter of each site's settings.
FREE_ADDRESSES = frozenset({"wordpress", "drupal", "kentico", "es-news"})

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|bmp|ico|css|js|json|xml|rss|atom|txt|csv|pdf|docx?|xlsx?|pptx?|odt|epub|zip|rar|7z"
    r"|t?gz|mp[34g]|m4a|ogg|wav|webm|avi|wmv|flv|mkv|mov|apk|exe|swf|ttf|woff2?)$"
)
# Names of parts of a path that belong to neither articles nor lists of them.
_NEVER = re.compile(
    r"tag|tags|tagged|label|labels|برچسب|برچسب-ها|برچسبها|کلیدواژه|author|authors|writer|search|جستجو"
    r"|جست-و-جو|login|logout|log-in|signin|sign-in|signup|register|registration|ورود|عضویت|ثبت-نام|user"
    r"|users|account|profile|member|members|cart|contact|contact-us|contactus|contacts|تماس|تماس-با-ما"
    r"|ارتباط-با-ما|about|about-us|aboutus|درباره|درباره-ما|rss|feed|feeds|atom|sitemap|site-map"
    r"|نقشه-سایت|print|printable|printversion|print_version|چاپ|share|email|mailto|comment|comments|poll"
    r"|polls|vote|survey|faq|help|terms|privacy|wp-admin|wp-content|wp-includes|wp-json|cdn-cgi|static"
    r"|assets|files|uploads|upload|download|downloads|دانلود|images|img|css|js|getattachment|cmspages"
    r"|captcha|redirect|goto|ads|ad|advertise|advertising|advertisement|تبلیغات|webmail|mail|links"
    r"|پیوندها|weather|prayer|api|oauth|xmlrpc\.php|wp-login\.php|robots\.txt|ajax"
)
# Names of parts of a path that belong to lists, not to articles.
_LISTS = re.compile(
    r"category|categories|cat|cats|دسته|دسته-بندی|archive|archives|آرشیو|بایگانی|page|pages|list|lists"
    r"|newslist|service|services|topic|topics|subject|section|sections|keyword|keywords|web_directory"
    r"|index|home|default|calendar|tiny-list"
)
_NEWS = re.compile(
    r"(?:show|view|read|full|print|page)?[-_]?"
    r"(?:news|khabar|akhbar|خبر|اخبار|خبرها|details?|articles?|story|stories|reports?|contents?|posts?|node|notes?"
    r"|interviews?|photos?|videos?|films?|gallery|press|press-releases?|events?|p|n|docs?|view|show"
    r"|گزارش|یادداشت|مصاحبه|مقاله|عکس|فیلم|رویداد|اطلاعیه)"
    r"[-_]?(?:view|details?|show|text|body|page|agency|item|print)?(?:\.\w{2,5})?"
)
_NEWS_ID = re.compile(
    r"newsview|(?:news|article|story|khabar|content|item|doc|report|post|anw|record|press|n|a)_?(?:id|code|no|num)"
    r"|news|khabar|article|story"
)
_ANY_ID = re.compile(r"id|[cspgmr]id|p|code|pageid|detail|view|show|q?uid")
_ID_VALUE = re.compile(r"\d+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_NEVER_PARAMETER = re.compile(
    r"(?:print|share|replytocom|tmpl|format|returnurl|return|redirect|login|download|attachment|attachment_id|captcha"
    r"|search|q|keyword|tag)="
)
_LIST_PARAMETER = re.compile(r"\w+=(?:list|archive|category|categories|blog|section|search|tag|login)$")
_DATED = re.compile(r"/(?:1[34]|19|20)\d\d/\d{1,2}(?:/\d{1,2})?/(?!\d{1,2}/?(?:\?|$))[^/?]")
# A year, month or day of a calendar; a year alone may be an article's number, unless it is a folder's index.
_CALENDAR = re.compile(
    r"/(?:1[34]|19|20)\d\d(?:/(?:0?[1-9]|1[0-2])(?:/(?:[0-2]?\d|3[01]))?(?:/index\.\w+|/)?|/index\.\w+)$"
)
_YEAR = re.compile(r"(?:1[34]|19|20)\d\d")
_CODE = re.compile(r"(?=.*\d)(?=.*[a-z])[0-9a-z]{4,40}")  # a number in letters: ``/n/4pqc8``
_NUMBER_FIRST = re.compile(r"\d+(?:[-_.].*)?")
_NUMBER_LAST = re.compile(r".*[-_](\d{3,})(?:\.\w{2,5})?")


class Shape(IntEnum):
    """How much an address looks like that of an article."""

    NO = 0
    MAYBE = 1  #: a long slug, or a number whose meaning is not clear
    YES = 2


def looks_like_article(url: str, platform: Platform | None, anchor_text: str = "") -> bool:
    """Whether a cleaned address is worth fetching as an article. ``anchor_text`` is the text of a link to it,
    where known: it decides about addresses that alone are not clear."""
    shape = article_shape(url, platform)
    if shape is Shape.MAYBE and anchor_text:
        return reads_like_headline(anchor_text)
    if shape is Shape.MAYBE:
        return any(len(_words(segment)) >= 4 for segment in _segments(url)[-1:])
    return shape is Shape.YES and not anchor_text.strip().isdigit()


def reads_like_headline(text: str) -> bool:
    """Whether a text has the length of a headline rather than of an entry of a menu."""
    return len(text) >= 20 and len(text.split()) >= 4


def article_shape(url: str, platform: Platform | None = None) -> Shape:
    """The shape of a cleaned address. A platform decides alone, unless its sites choose their addresses."""
    if platform and platform.name not in FREE_ADDRESSES:
        return Shape.YES if article_match(url, platform) else Shape.NO
    if is_never_news(url):
        return Shape.NO
    if article_match(url, platform):
        return Shape.YES
    if platform and platform.listing_url and platform.listing_url.search(path_and_query(url)):
        return Shape.NO
    segments, query = _segments(url), _pairs(url)
    if any(_LISTS.fullmatch(segment) for segment in segments) or any(map(_LIST_PARAMETER.match, query)):
        return Shape.NO
    return max(_path_shape(url, segments), _query_shape(segments, query))


def is_never_news(url: str) -> bool:
    """Whether the address is a file, or a page that is neither an article nor a list of articles."""
    segments = _segments(url)
    if segments[-1:] and _FILE.search(segments[-1]):
        return True
    if any(_NEVER.fullmatch(segment) for segment in segments) and "archive=1" not in url:
        return True
    return any(map(_NEVER_PARAMETER.match, _pairs(url)))


def _path_shape(url: str, segments: list[str]) -> Shape:
    if not segments or _CALENDAR.search(path_and_query(url).partition("?")[0]):
        return Shape.NO
    if _DATED.search(path_and_query(url)) or _has_news_id(segments) or _has_plain_id(segments):
        return Shape.YES
    words = _words(segments[-1])
    in_news = any(_NEWS.fullmatch(segment) for segment in segments[:-1])
    if in_news and (len(words) >= 3 or len(segments[-1]) >= 20):
        return Shape.YES
    is_slug = len(words) >= 4 and len(segments[-1]) >= 20
    return Shape.MAYBE if is_slug or _CODE.fullmatch(segments[-1]) else Shape.NO


def _has_news_id(segments: list[str]) -> bool:
    """``/news/12``, ``/fa/newsagency/12/slug``, ``/news/show/12``, ``/report/slug-1234.html``."""
    start = next((i for i, segment in enumerate(segments) if _NEWS.fullmatch(segment)), len(segments))
    return any(
        _NUMBER_FIRST.fullmatch(part) or _NUMBER_LAST.fullmatch(part) for part in segments[start + 1 :]
    )


def _has_plain_id(segments: list[str]) -> bool:
    """``/12345``, ``/512-slug``, ``/section/slug/12345``, ``/slug-12345.html``; no year, no section's."""
    for index, segment in enumerate(segments):
        number = re.match(r"\d+", segment)
        if number and not _YEAR.fullmatch(number[0]):
            slug = segment[number.end() :] + "".join(segments[index + 1 : index + 2])
            if len(number[0]) >= 4 or (len(number[0]) >= 2 and len(_words(slug)) >= 3):
                return True
        last = _NUMBER_LAST.fullmatch(segment)
        if last and len(last[1]) >= 4 and not _YEAR.fullmatch(last[1]):
            return True
    return False


def _query_shape(segments: list[str], query: list[str]) -> Shape:
    shape = Shape.NO
    in_news = any(_NEWS.fullmatch(segment) for segment in segments)
    for pair in query:
        name, _, value = pair.partition("=")
        if _ID_VALUE.fullmatch(value):
            if _NEWS_ID.fullmatch(name) or (in_news and _ANY_ID.fullmatch(name)):
                return Shape.YES
            if _ANY_ID.fullmatch(name):
                shape = Shape.MAYBE
    return shape


def _segments(url: str) -> list[str]:
    """The parts of the path, in lower case, with blanks and half-spaces as hyphens."""
    path = path_and_query(url).partition("?")[0].lower().replace("%20", "-")
    path = re.sub("[\u200c\u00a0_]", "-", path) if not path.isascii() else path
    return [segment for segment in path.split("/") if segment]


def _pairs(url: str) -> list[str]:
    return [pair for pair in path_and_query(url).partition("?")[2].lower().split("&") if pair]


def _words(slug: str) -> list[str]:
    return [word for word in re.split(r"[-_+.]", slug) if word]
