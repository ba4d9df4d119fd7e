"""HighPortal, HighCMS (Aryanic): behdasht.gov.ir in 2018. Its article page has not been seen: the names of
its lists and the usual ones of its time are tried, then the generic reading does the rest."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=("h1.titr-news", ".titr-news-h", ".news-title", "h1"),
    kicker=("p[style*='color: red']", "p[style*='color:red']", ".rotitr-news", ".news-rotitr", ".rotitr"),
    lead=(".lid-news", ".news-lid", ".news-lead", ".lead"),
    body=(".news-body", ".news-content", ".matn-news", ".body-news"),
    date=(".news-date", "i.fa-calendar + span"),
    section=(".breadcrumb li", ".breadcrumb a"),
)

PLATFORM = Platform(
    name="highportal",
    title="Aryanic HighPortal",
    fingerprints=("Aryanic.com", "highportal.com", "HighCMS/HighPortal", "siteid-pageid"),
    layouts=(STANDARD,),
    article_url=re.compile(r"^[^?]*\?(?:.*&)?newsview=(?P<id>\d+)"),
    listing_url=re.compile(r"^/(?:$|index\.jsp(?!.*newsview=))"),
    canonical="/index.jsp?newsview={id}",
    listing=Listing(
        item=("li:has(a.titr-news)", "li:has(a.news-latest)"),
        headline=("a.titr-news", "a.news-latest"),
        kicker=("p",),
        date=("i.fa-calendar + span",),
    ),
)
