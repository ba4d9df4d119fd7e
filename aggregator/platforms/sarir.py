"""Sarir portal: dolat.ir, president.ir in 2018; dotic.ir looks like the same family."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=(
        ".details_right .title",
        ".details_right h1",
        ".news-detail h1",
        "h1.title",
        ".detail h1",
        "h1",
    ),
    kicker=(".details_right .rotitr", ".rotitr", ".uptitle"),
    lead=(".details_right .lead", ".detail .lead", ".lead"),
    body=(".details_right .matn", ".matn", ".news-body", ".detail-body"),
    date=(
        ".details_right_info li:nth-child(2)",
        ".details_right_info",
        ".news-date",
        ".detail-date",
    ),
    code=(".details_right_info li:nth-child(1)",),
    section=(".breadcrumb li", ".breadcrumb a"),
    keywords=(".tags a",),
    image=(".details_right img",),
)

PLATFORM = Platform(
    name="sarir",
    title="Sarir portal",
    fingerprints=("portal-column", "<!--EndContent-->", "details_right_info"),
    layouts=(STANDARD,),
    article_url=re.compile(r"^(?P<path>(?:/[a-z]{2})?/(?:detail|news))/(?P<id>\d+)(?:/|\?|$)"),
    listing_url=re.compile(r"^(?:/[a-z]{2})?/(?:$|cat/|search)"),
    canonical="{path}/{id}",
    numbered="{path}/{id}",
    listing=Listing(),
    feeds=("/rss",),
    listings=("/search?archive=1",),
    hosts=("dotic.ir",),
)
