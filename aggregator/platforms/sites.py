"""Sites whose CMS has no name yet, one small Platform each. They are known by their host, or by names nobody
else uses."""

import re

from aggregator.platforms.base import Layout, Platform

MSRT = Platform(
    name="msrt",
    title="msrt.ir",
    fingerprints=(),
    layouts=(
        Layout(
            headline=(".article-view h1", "h1"),
            lead=(".article-view .summary", ".summary"),
            body=("article .article-view .content", ".article-view .content"),
            date=(".article-view .date-info", ".date-info"),
            section=(".breadcrumb li", ".breadcrumb a"),
            keywords=(".article-view .tags a", ".tags a"),
            image=(".article-view .image img", ".article-view figure img"),
        ),
    ),
    article_url=re.compile(r"^/(?P<lang>[a-z]{2})/news/(?P<id>\d+)(?:/|\?|$)"),
    canonical="/{lang}/news/{id}",
    hosts=("msrt.ir",),
)

RCS = Platform(
    name="rcs",
    title="rcs.ir",
    fingerprints=("bc-news",),
    layouts=(
        Layout(
            headline=(".news-view h4", ".news-view h1"),
            kicker=(".news-view h6",),
            lead=(".news-view .lead-t", ".lead-t"),
            body=(".bc-news > .col-md-12", ".bc-news"),
            date=(".news-view .NewsDate", ".NewsDate"),
            section=(".breadcrumb li", ".breadcrumb a"),
            image=(".news-view img",),
        ),
    ),
    article_url=re.compile(r"^/portal/newsview/(?P<id>\d+)", re.IGNORECASE),
    canonical="/portal/newsview/{id}",
    hosts=("rcs.ir",),
)

EPE = Platform(
    name="epe",
    title="epe.ir",
    fingerprints=("blog-detail-meta",),
    layouts=(
        Layout(
            headline=("#blog-detail h1",),
            lead=("#blog-detail h2",),
            body=("#blog-detail article",),
            date=(".blog-detail-meta .date",),
            section=(".breadcrumb li", ".breadcrumb a"),
            image=("#blog-detail img",),
            noise=("h1", "h2", ".blog-detail-meta"),
        ),
    ),
    article_url=re.compile(r"^/News/(?P<id>\d+)(?:/|\?|$)", re.IGNORECASE),
    canonical="/News/{id}",
    hosts=("epe.ir",),
)

RC_MAJLIS = Platform(
    name="rc-majlis",
    title="rc.majlis.ir",
    fingerprints=('id="newsSingle"', 'id="reportSingle"'),
    layouts=(
        Layout(
            headline=("#newsSingle h1", "#reportSingle h1", "h1"),
            lead=("#newsSingle .filter.p-2", "#reportSingle .filter.p-2", ".filter.p-2"),
            body=(
                "#newsSingle .content.persian-num",
                "#reportSingle .content.persian-num",
                ".content.persian-num",
            ),
            date=("#newsSingle .date", "#reportSingle .date", "#newsSingle time"),
            section=(".breadcrumb li", ".breadcrumb a"),
            keywords=("#newsSingle .tags a", "#reportSingle .tags a"),
            image=("#newsSingle figure img", "#newsSingle img"),
        ),
    ),
    article_url=re.compile(
        r"^/(?P<lang>[a-z]{2})/(?P<kind>news|report|law)/(?:show|print_version)/(?P<id>\d+)"
    ),
    canonical="/{lang}/{kind}/show/{id}",
    hosts=("rc.majlis.ir",),
)

INTAMEDIA = Platform(
    name="intamedia",
    title="intamedia.ir",
    fingerprints=("datepane",),
    layouts=(
        Layout(
            headline=(".ArticleView h1", "h1"),
            body=(".ArticleView .description",),
            date=(".ArticleView .datepane", ".datepane"),
            section=(".breadcrumb li", ".breadcrumb a"),
            image=(".ArticleView img",),
        ),
    ),
    article_url=re.compile(r"/(?P<id>\d{3,})(?:/|$)"),
    hosts=("intamedia.ir",),
)

TPPH = Platform(
    name="tpph",
    title="news.tpph.ir",
    fingerprints=("news-detail-page",),
    layouts=(
        Layout(
            headline=(".news-detail-page h1", "h1"),
            kicker=(".news-detail-page .news-rutitr",),
            lead=(".news-detail-page .news-lead",),
            body=(".news-detail-page .news-text",),
            date=(".news-detail-page .news-date",),
            code=(".news-detail-page .news-code",),
            section=(".Services-title",),
            image=(".news-detail-page .news-image img", ".news-detail-page img"),
        ),
    ),
    article_url=re.compile(r"^/fa/News/(?P<id>\d+)(?:/|\?|$)", re.IGNORECASE),
    canonical="/fa/News/{id}",
    hosts=("news.tpph.ir",),
)

TAVANIR = Platform(
    name="tavanir",
    title="news.tavanir.org.ir",
    fingerprints=(),
    layouts=(
        Layout(
            headline=("article.item h1",),
            kicker=("article.item h4",),
            lead=("article.item .introtext",),
            body=("article.item .item-body .item-text", "article.item .item-body"),
            date=("article.item .item-date", "article.item time"),
            date_meta=("meta[property='article:published_time']", "meta[itemprop=datePublished]"),
            section=("[itemprop=articleSection]",),
            image=("meta[property='og:image']", "article.item figure img"),
        ),
    ),
    article_url=re.compile(r"^/news/(?P<id>\d+)(?:/|\?|$)"),
    canonical="/news/{id}",
    hosts=("news.tavanir.org.ir",),
)

#: All of this file, in the order they are asked.
SITES = (MSRT, RCS, EPE, RC_MAJLIS, INTAMEDIA, TPPH, TAVANIR)
