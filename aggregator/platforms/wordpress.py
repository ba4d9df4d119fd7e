"""WordPress: cspf.ir, ostan-es.ir, news.nano.ir."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=("h1.entry-title", "article h1", "h1.post-title", "h1"),
    kicker=(".entry-content-header", ".rutitr", ".entry-kicker"),
    lead=(".entry-summary", ".entry-excerpt", ".post-lead"),
    body=(".entry-content", ".the-content", ".im-entry-content", ".post-content"),
    date=("time.entry-date", ".entry-date", ".posted-on", ".post-date", ".entry-meta time", ".entry-meta"),
    date_meta=(
        "meta[property='article:published_time']",
        "time.entry-date[datetime]",
        "time.published[datetime]",
    ),
    code=(".post-id", ".news-code"),
    section=(".breadcrumb a", ".breadcrumbs a", ".cat-links a", "a[rel='category tag']"),
    keywords=(".tags-links a", "a[rel=tag]", ".post-tags a"),
    authors=(".entry-meta .author a", "a[rel=author]"),
    image=(".post-thumbnail img", "img.wp-post-image", ".entry-thumbnail img"),
    noise=(".sharedaddy", ".jp-relatedposts", ".post-tags", ".yarpp-related", ".wp-caption-text"),
)

PLATFORM = Platform(
    name="wordpress",
    title="WordPress",
    fingerprints=(
        "/wp-content/",
        "/wp-includes/",
        "wp-json",
        re.compile(r'<body[^>]*class="[^"]*\bsingle-post\b'),
    ),
    layouts=(STANDARD,),
    article_url=re.compile(r"^/(?!\d{4}/\d{1,2}/)(?P<id>\d+)(?:/|$)"),
    listing_url=re.compile(r"^/(?:$|news/?$|category/|tag/|author/|page/\d)"),
    canonical="/{id}/",
    listing=Listing(
        item=("article.post", "article[id^=post-]"),
        headline=(".entry-title a", "h2 a", "h3 a"),
        lead=(".entry-summary",),
        date=("time",),
        next_page=("a.next.page-numbers", ".nav-previous a"),
    ),
    feeds=("/feed/",),
    listings=("/news",),
    hosts=("cspf.ir", "ostan-es.ir", "news.nano.ir"),
)
