"""Kentico CMS (ASP.NET): moe.gov.ir in 2018, whose news stood on another host (paven.ir). No article page was
seen.

Soft hyphens are used as half-spaces inside words there.
"""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=(".newsDetail h1", ".divTopLeftTitle", "h1"),
    lead=(".divTopLeftLead", ".newsLead", ".lead"),
    body=(".newsDetail .newsBody", ".newsBody", ".NewsText"),
    date=(".newsDate", ".NewsDate"),
    section=(".CMSBreadCrumbsLink", ".CMSBreadCrumbsCurrentItem"),
)

PLATFORM = Platform(
    name="kentico",
    title="Kentico",
    fingerprints=(
        "/CMSPages/GetResource.ashx",
        "CMSHeaderDiv",
        'id="p_lt_',
        re.compile(r"/getattachment/[0-9a-f]{8}-"),
    ),
    layouts=(STANDARD,),
    article_url=re.compile(r"^(?P<path>.*/Detail\.aspx)\?(?:.*&)?ANWID=(?P<id>\d+)", re.IGNORECASE),
    listing_url=re.compile(r"^/(?:اخبار|%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1)(?:/|$)", re.IGNORECASE),
    canonical="{path}?ANWID={id}",
    listing=Listing(
        item=(".NewsSliderContainer > *",),
        headline=("a .divTopLeftTitle",),
        lead=("a .divTopLeftLead",),
    ),
    hosts=("paven.ir",),
)
