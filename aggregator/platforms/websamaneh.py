"""WebSamaneh: ictnews.ir."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=("section.single h1", "h1"),
    kicker=("section.single .uptitle", "section.single .up-title", ".uptitle", ".up-title"),
    lead=("section.single .lead", ".lead"),
    body=("section.single .con",),
    date=(".top-meta li:nth-child(2)", ".top-meta li", ".top-meta"),
    date_meta=("meta[property='article:published_time']",),
    code=(".top-meta li:nth-child(1)",),
    section=(".meta-cat a", ".breadcrumb a"),
    keywords=(".tags a", ".meta-tags a"),
    image=("section.single .thumb img", "section.single figure img"),
    noise=(".lead", ".uptitle", ".up-title", ".top-meta", ".meta-cat"),
)

PLATFORM = Platform(
    name="websamaneh",
    title="WebSamaneh",
    fingerprints=(re.compile(r'<section[^>]*class="[^"]*\bsingle\b'), "websamaneh", "WebSamaneh"),
    layouts=(STANDARD,),
    article_url=re.compile(r"^/(?P<section>[^/?]+)/[^/?]+/(?P<id>\d+)/?(?:\?|$)"),
    canonical="/{section}/{id}/",
    listing=Listing(),
    hosts=("ictnews.ir",),
)
