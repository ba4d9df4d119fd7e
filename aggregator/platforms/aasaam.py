"""Aasaam: mojnews.com, ilna.ir, iana.ir, honaronline.ir and about seventy more; tasnimnews.com has own
templates.

``time[datetime]`` may hold a Jalali date in Persian digits.
"""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=("h1.title", "h1[itemprop=headline]", "h1", "[itemprop=headline]", "article .title"),
    kicker=(".uptitle", ".up-title", "h2.up_title", "h2.news-uptitle", ".up_title", ".news-uptitle"),
    lead=("p.news_lead", "p.news-lead", "p.lead", ".news_lead", ".lead", "p[itemprop=description]"),
    body=("#echo_detail", ".echo_detail", "#main_ck_editor", "#CK_editor", ".article-body", ".article_body"),
    date=(".news_time", ".news-time", "article time", "time"),
    date_meta=("time[datetime]", "meta[property='article:published_time']"),
    code=(".news_id", ".news-code", ".news_code"),
    section=("ul.bread_crump li a", ".bread_crump a", ".bread_crumbs a", ".breadcrumb_list li a"),
    keywords=(".article_tag a", ".article-tag a", ".news_tags a"),
    image=(".primary_files img", "img.image_top_primary", ".image_top_primary img", ".contain_img img"),
    noise=(".news_lead", ".article_tag", ".article-tag", ".primary_files"),
)

_TASNIM = Layout(
    headline=("article h1.title", "h1.title", "h1"),
    kicker=(".kicker",),
    lead=("h3.lead", ".lead"),
    body=(".story",),
    date=("article .time", "li.time", "time"),
    date_meta=("meta[property='article:published_time']", "time[datetime]"),
    section=(".service a", ".breadcrumb a"),
    keywords=(".smart-keyword a", ".tags a"),
    image=("article figure img", "img[itemprop=image]"),
    noise=(".lead",),
)

PLATFORM = Platform(
    name="aasaam",
    title="Aasaam",
    fingerprints=("echo_detail", "main_ck_editor", "CK_editor", "bread_crump", "/fa/tiny/news-", "aasaam"),
    layouts=(STANDARD, _TASNIM),
    article_url=re.compile(
        r"^/(?:fa/tiny/news-|(?:بخش|%D8%A8%D8%AE%D8%B4)-[^/]*/)(?P<id>\d+)", re.IGNORECASE
    ),
    listing_url=re.compile(r"^/(?:$|(?:بخش|%D8%A8%D8%AE%D8%B4)-[^/]*/?$)", re.IGNORECASE),
    canonical="/fa/tiny/news-{id}",
    numbered="/fa/tiny/news-{id}",
    listing=Listing(),
    feeds=("/feeds/",),
)

#: tasnimnews.com: the day in its addresses is Jalali
TASNIM = Platform(
    name="tasnim",
    title="Aasaam with Tasnim's templates",
    fingerprints=(re.compile(r'<link[^>]*href="[^"]*//[\w.]*tasnimnews\.[^"]*\.css'),),
    layouts=(_TASNIM, STANDARD),
    article_url=re.compile(r"^(?P<path>/[a-z]{2}/news/\d{4}/\d{1,2}/\d{1,2})/(?P<id>\d+)"),
    canonical="{path}/{id}",
    listing=Listing(),
    feeds=("/fa/rss/feed/0/8/0/",),
    hosts=("tasnimnews.com", "tasnimnews.ir"),
)
