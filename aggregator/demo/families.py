"""Where each CMS family keeps its articles, lists and feeds, and what its article page shows.

One row a family. The addresses are those seen on real sites; where none was seen (the lists of sampa,
kentico, es-news, studiokhabar and others) they are what such a site would plausibly have.
"""

import re
from dataclasses import dataclass
from typing import Literal

Field = Literal["kicker", "lead", "section", "code", "minute", "keywords", "author", "modified"]

ALL_FIELDS: frozenset[Field] = frozenset(
    {"kicker", "lead", "section", "code", "minute", "keywords", "author", "modified"}
)


@dataclass(frozen=True, slots=True)
class Family:
    """A CMS as a server sees it. Addresses are path and query, not percent-encoded."""

    name: str
    article: str  #: with ``{id}``, ``{slug}`` and ``{section}``
    identity: re.Pattern[str]
    #: on a decoded address; group 1 is the story's number or, where there is none, its slug
    archive: str  #: the list of all news
    page: str = "{archive}?page={page}"  #: a further page of a list
    page_number: re.Pattern[str] = re.compile(r"[?&]page=(\d+)")  #: finds its number in an address
    first_page: int = 1
    section_list: str | None = None  #: with ``{section}``; None: sections have no list of their own
    feed: str | None = None
    sitemap: str | None = None
    image: str = "/uploads/{id}.png"
    #: also with ``{size}``, ``{jalali}`` (1399/3/20) and ``{gregorian}`` (2020/06/09)
    documents: str = "/files/{name}"
    shows: frozenset[Field] = ALL_FIELDS  #: what the article page tells
    per_page: int = 20
    slug_length: int | None = None  #: where the CMS cuts its slugs, in the middle of a word
    slug_slash: str = " "  #: what «/» of a headline becomes in a slug
    slug_space: str = "-"  #: what joins its first two words


def _all_but(*lacks: Field) -> frozenset[Field]:
    return ALL_FIELDS.difference(lacks)


_ROWS = (
    Family(
        "nastooh",
        identity=re.compile(r"^/(?:news|photo|amp)/(?P<id>\d+)(?:/|$)"),
        article="/news/{id}/{slug}",
        archive="/archive",
        page="{archive}?pi={page}",
        page_number=re.compile(r"[?&]pi=(\d+)"),
        section_list="/service/{section}",
        feed="/rss",
        sitemap="/sitemap/news/sitemap.xml",
        image="/d/{gregorian}/{size}/{id}.png",
        shows=_all_but("author"),
    ),
    Family(
        "iransamaneh",
        identity=re.compile(r"^/fa/(?:amp/)?(?:news|photo)/(?P<id>\d+)(?:/|$)"),
        article="/fa/news/{id}/{slug}",
        archive="/fa/archive",
        page="{archive}?rpp=20&p={page}",
        page_number=re.compile(r"[?&]p=(\d+)"),
        section_list="/fa/{section}",
        feed="/fa/rss/allnews",
        image="/files/fa/news/{jalali}/{id}_743.png",
        shows=_all_but("author"),
    ),
    Family(
        "saman",
        identity=re.compile(r"^/news/(?P<id>\d+)(?:-[^/]*)?\.html"),
        article="/news/{id}-{slug}.html?t=اخبار",
        archive="/web_directory/218-اخبار.html",
        feed="/backend.php",
        shows=_all_but("section", "code", "minute", "keywords", "author", "modified"),
        slug_length=90,
    ),
    Family(
        "highportal",
        identity=re.compile(r"^/index\.jsp\?.*\bnewsview=(?P<id>\d+)"),
        article="/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=54782&newsview={id}",
        archive="/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=54782",
        page="{archive}&page={page}",
        image="/uploads/photo{id}.png",
        shows=_all_but("section", "code", "minute", "keywords", "author", "modified"),
    ),
    Family(
        "sarir",
        identity=re.compile(r"^/detail/(?P<id>\d+)(?:/|$)"),
        article="/detail/{id}",
        archive="/cat/1",
        feed="/rss",
        shows=_all_but("section", "author", "modified"),
    ),
    Family(
        "sampa",
        identity=re.compile(r"^/fa/newsagency/(?P<id>\d+)(?:/|$)"),
        article="/fa/newsagency/{id}/{slug}",
        archive="/fa/newsagency",
        image="/MediaServer/file/image/{id}.png",
        shows=_all_but("section", "code", "minute", "keywords", "author", "modified"),
    ),
    Family(
        "dorsa",
        identity=re.compile(
            r"(?i)^/index\.aspx\?(?!.*\border=list\b).*\bpage_=dorsaetoolsenews\b.*\bpageid=(?P<id>\d+)"
        ),
        article="/index.aspx?page_=dorsaetoolsenews&lang=1&tempname=main&sub=0&PageID={id}&PageIDF=0&BlockName=tool_dorsaetoolsenews_sample_block",
        archive="/Index.aspx?page_=dorsaetoolsenews&order=list&lang=1&sub=0&tempname=Main&PageIdF=0&PageId=5&methodName=findparent",
        page="{archive}&pagenumber={page}",
        page_number=re.compile(r"&pagenumber=(\d+)"),
        feed="/RSSCreatorShow.aspx?page_=rsscreator&lang=1&tempname=print&sub=0&PageID=5&PageIDF=0",
        image="/Dorsapax/Data/Sub_0/File/enews_EToolsFile_{id}-5f0c7c1e-7d2b-4d0e-9a55-3c1c9b1f{id}.png",
        shows=_all_but("kicker", "section", "code", "minute", "keywords", "author", "modified"),
    ),
    Family(
        "kentico",
        identity=re.compile(r"(?i)^/Detail\.aspx\?.*\bANWID=(?P<id>\d+)"),
        article="/Detail.aspx?ANWID={id}",
        archive="/اخبار/اخبار-وزارت",
        image="/getattachment/5f0c7c1e-7d2b-4d0e-9a55-3c1c9b{id}/{id}.png",
        shows=_all_but("kicker", "code", "keywords", "author", "modified"),
    ),
    Family(
        "es-news",
        identity=re.compile(r"^/(?!archive)[^/?]+/(?P<slug>[^/?]+)$"),
        article="/{section}/{slug}",
        archive="/archive",
        shows=_all_but("author", "modified"),
        slug_slash="\u2044",
    ),
    Family(
        "studiokhabar",
        identity=re.compile(r"^/(?:news|report|video|gallery)/(?P<id>\d+)(?:/|$)"),
        article="/news/{id}/{slug}",
        archive="/archive",
        feed="/rssb5.-8.xml",
        image="/images/docs/000{id}/n000{id}-b.png",
        shows=_all_but("keywords", "author", "modified"),
    ),
    Family(
        "aasaam",
        identity=re.compile(r"^/(?:fa/tiny/news-|بخش-[^/]+/)(?P<id>\d+)(?:-[^/]*)?$"),
        article="/بخش-{section}-3/{id}-{slug}",
        archive="/archive",
        section_list="/بخش-{section}-3",
        feed="/feeds/",
        sitemap="/sitemap.xml",
        image="/thumbnail/{id}/primary.png",
        shows=_all_but("modified"),
    ),
    Family(
        "drupal",
        identity=re.compile(r"^/fa/news/(?P<slug>[^/?]+)$"),
        article="/fa/news/{slug}",
        archive="/fa/news",
        first_page=0,
        slug_space="\u00a0",
        feed="/rss.xml",
        image="/sites/default/files/styles/large/public/news/{id}.png",
        shows=_all_but("code", "author", "modified"),
    ),
    Family(
        "wordpress",
        identity=re.compile(r"^/(?P<id>\d+)(?:/|$)"),
        article="/{id}/{slug}/",
        archive="/news/",
        page="{archive}page/{page}/",
        page_number=re.compile(r"page/(\d+)/"),
        section_list="/category/{section}/",
        feed="/feed/",
        sitemap="/wp-sitemap.xml",
        image="/wp-content/uploads/{gregorian}/{id}.png",
        shows=_all_but("kicker", "lead", "code"),
    ),
    Family(
        "websamaneh",
        identity=re.compile(r"^/[^/?]+/[^/?]+/(?P<id>\d+)/?$"),
        article="/{section}/{slug}/{id}/",
        archive="/archive/",
        sitemap="/sitemap.xml",
        shows=_all_but("code", "author", "modified"),
    ),
    Family(
        "handmade",
        identity=re.compile(r"^/show\.asp\?(?:.*&)?id=(?P<id>\d+)"),
        article="/show.asp?id={id}",
        archive="/news.asp",
        image="/pic/{id}.png",
        shows=_all_but("kicker", "lead", "section", "code", "keywords", "author", "modified"),
    ),
)

FAMILIES: dict[str, Family] = {family.name: family for family in _ROWS}
