"""The text-only edition of Mehr of 2011 (ASP.NET post-back). Its lists are known, its article pages are
not."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=(".NewsTitle", ".news_title", "#lblTitle", "h1"),
    kicker=(".NewsRoTitr", "#lblRoTitr"),
    lead=(".NewsLead", "#lblLead"),
    body=(".NewsBody", "#lblBody", "#lblNewsBody"),
    date=(".NewsDate", "#lblDate"),
)

PLATFORM = Platform(
    name="mehr-aspx-2011",
    title="Mehr, text-only edition of 2011",
    fingerprints=("txtNewsView_fa", "ContentLinkTow"),
    layouts=(STANDARD,),
    article_url=re.compile(
        r"^(?P<path>(?:.*/)?)News(?:Print|Detail)\.aspx\?(?:.*&)?NewsID=(?P<id>\d+)", re.IGNORECASE
    ),
    listing_url=re.compile(r"txtNewsView_fa\.aspx", re.IGNORECASE),
    canonical="{path}NewsPrint.aspx?NewsID={id}",
    listing=Listing(
        item=("a.ContentLinkOne", "a.ContentLinkTow"),
        date=(".ContentTimeOne", ".ContentTimeTwo"),
    ),
)
