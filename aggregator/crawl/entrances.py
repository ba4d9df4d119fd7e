"""Where a site's news is found: the feeds and listings that a page, mostly the home page, leads to. Pure."""

import re

from aggregator.crawl.anchors import Anchor, collect_anchors, is_called
from aggregator.crawl.shapes import Shape, article_shape, is_never_news
from aggregator.extract.document import Document
from aggregator.platforms.base import Platform
from aggregator.urls import clean_url, host_of, path_and_query, same_site, site_root

MAX_LISTINGS = 100  #: of one page
_MENU, _ANY = 4, 5  #: ranks of what may be a section, or anything else: in menus, and outside of them
_ENTRY = 40  #: characters of the longest entry of a menu

_FEED_TYPE = re.compile(
    r"application/(?:(?:rss|atom|rdf|feed)\+(?:xml|json)|json)|text/(?:rss|xml)", re.IGNORECASE
)
_FEED_PATH = re.compile(
    r"(?:^|/)(?:rss|feed|feeds|atom)(?:[/?.]|$)|\.(?:rss|atom)(?:\?|$)|(?:rss|feed|atom)[\w.-]*\.(?:xml|aspx|php|jsp|ashx)"
    r"|backend\.php|rsscreator|[?&](?:feed|format|type)=(?:rss|atom|feed)",
    re.IGNORECASE,
)
_NO_FEED = re.compile(
    r"/comments?/|oembed|wp-json|mostvisited|podcast|\.(?:png|gif|jpe?g|svg|css|js)(?:\?|$)", re.IGNORECASE
)
_FEED_WORD = re.compile(r"rss|feed|atom", re.IGNORECASE)

# How a listing is called in the text of a link, and in its address; the fullest lists first.
_ALL_NEWS = re.compile(
    r"(?:آرشیو|بایگانی|فهرست|لیست|مشروح|همه|تمام|تمامی|کلیه|کل|سایر|آخرین|تازه ترین|جدیدترین) ?(?:ی )?"
    r"(?:کامل |روزانه )?(?:ی )?(?:اخبار|خبرها|خبر|مطالب|عناوین)?\b.{0,25}"
    r"|(?:news )?archives?|all news|latest news"
)
_SOME_NEWS = re.compile(
    r"(?:اخبار|خبرها|رویدادها|گزارش ها|اطلاعیه ها|تازه ها)(?: \S+){0,4}|خبر|ادامه اخبار"
    r"|(?:موارد |اخبار |خبرهای )?بیشتر"
    r"|(?:مشاهده|نمایش) (?:همه|بیشتر)|news(?: list)?|more(?: news)?"
)
_ALL_PATH = re.compile(r"/(?:archives?|آرشیو|بایگانی|allnews|newslist|list-news)(?:[/?.-]|$)", re.IGNORECASE)
_SOME_PATH = re.compile(
    r"/(?:news|akhbar|khabar|اخبار|خبر|list|category|categories|cat|service|section|topics?|خبرها)(?:[/?.]|$)",
    re.IGNORECASE,
)
_OTHER_LANGUAGE = re.compile(r"^/(?:en|ar|fr|ru|tr|ur|es|de|zh)(?:[/?]|$)", re.IGNORECASE)
_LETTERS = str.maketrans("يىك\u200c\u00a0", "ییک  ")
_EDGES = " .…:«»<>›‹-"


def find_feeds(document: Document) -> list[str]:
    """Addresses of the site's feeds that the page names: those it declares, then those it links to. Feeds of
    comments are left out."""
    declared = [
        clean_url(link.get("href") or "", document.base_url)
        for link in document.root.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and _FEED_TYPE.match((link.get("type") or "").strip())
    ]
    linked = [anchor.url for anchor in collect_anchors(document) if _leads_to_feed(anchor)]
    found = dict.fromkeys(url for url in [*declared, *linked] if url and _is_ours(url, document.url))
    return [url for url in found if not _NO_FEED.search(path_and_query(url))]


def _leads_to_feed(anchor: Anchor) -> bool:
    if _FEED_PATH.search(path_and_query(anchor.url)):
        return True
    icons = [part for part in anchor.element.iter("i", "img", "span") if is_called(part, _FEED_WORD)]
    return bool(_FEED_WORD.fullmatch(anchor.label)) or bool(icons)


def _is_ours(url: str, page: str) -> bool:
    """Whether the address is on the page's site or on a host under it, such as ``feeds.example.ir``."""
    return same_site(url, page) or host_of(url).endswith("." + host_of(page))


def find_listings(document: Document, platform: Platform | None, *, named: bool = False) -> list[str]:
    """Addresses of lists of news that the page leads to, the fullest first: the platform's own, archives,
    lists of news, then sections; where there is none of these, whatever the menus lead to, and where nothing
    is called a menu, every short link. Tags, searches and other languages are left out. ``named``: only what
    is called a list."""
    own = clean_url(document.url) or document.url
    root = site_root(own)
    known = [clean_url(path, root) for path in platform.listings] if platform else []
    ranked: dict[str, int] = {url: 0 for url in known if url}
    for anchor in collect_anchors(document):
        rank = _rank(anchor, own, platform)
        if rank:
            ranked[anchor.url] = min(rank, ranked.get(anchor.url, rank))
    ranked.pop(own, None)
    best = min(ranked.values(), default=_ANY)
    worst = best if best >= _MENU and not named else _MENU - 1
    return sorted((url for url in ranked if ranked[url] <= worst), key=lambda url: ranked[url])[:MAX_LISTINGS]


def _rank(anchor: Anchor, own: str, platform: Platform | None) -> int | None:
    """1: a list of all news, 2: a list of news, 3: a section, _MENU: what else menus have, _ANY: any
    other short link; None: no list."""
    place = path_and_query(anchor.url)
    if not same_site(anchor.url, own) or is_never_news(anchor.url) or place == "/":
        return None
    if article_shape(anchor.url, platform) is Shape.YES or _FEED_PATH.search(place):
        return None
    if _OTHER_LANGUAGE.match(place) and not _OTHER_LANGUAGE.match(path_and_query(own)):
        return None
    text = " ".join(anchor.label.translate(_LETTERS).split()).strip(_EDGES).lower()
    if _ALL_NEWS.fullmatch(text) or _ALL_PATH.search(place):
        return 1
    if _SOME_NEWS.fullmatch(text) or _SOME_PATH.search(place):
        return 2
    if platform and platform.listing_url and platform.listing_url.search(place):
        return 3
    if anchor.chrome is not None and text and "?" not in place:
        return _MENU
    is_prose = next(anchor.element.iterancestors("p"), None) is not None
    return _ANY if text and len(text) <= _ENTRY and not is_prose else None
