"""The portal whose classes begin with «es-» (vendor unknown): icana.ir, bmn.ir, ivo.ir, icro.ir.

Its addresses hold no number: section and slug are the key.
"""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=(".single-post-wrap h2", ".single-post-wrap h1", "h2", "h1"),
    kicker=(".single-post-wrap h6", "h6"),
    lead=(".single-post-wrap .news-lead", ".news-lead"),
    body=(".single-post-wrap .news-content", ".news-content"),
    date=(".news-info > ul > li:nth-child(1) > span", ".news-info > ul > li:nth-child(1)", ".news-info li"),
    date_meta=("meta[property='article:published_time']",),
    code=(".news-info > ul > li:nth-child(2) > span",),
    section=("ul.breadcrumb li a", ".breadcrumb a"),
    keywords=(".es-news-tags ul li a", ".es-news-tags a"),
    image=(".single-post-wrap .news-image img", ".single-post-wrap > img", ".single-post-wrap figure img"),
    noise=(".es-news-tags", ".news-info", ".news-lead"),
)

PLATFORM = Platform(
    name="es-news",
    title="Portal with «es-» classes",
    fingerprints=("es-news-tags", "single-post-wrap"),
    layouts=(STANDARD,),
    article_url=re.compile(
        r"^/(?!(?:tag|tags|search|archive|page|category|rss|assets|uploads|files"
        r"|login)/)(?P<id>[^/?]+/[^/?]{8,})/?$"
    ),
    listing=Listing(),
    hosts=("icana.ir", "bmn.ir", "ivo.ir", "icro.ir"),
)
