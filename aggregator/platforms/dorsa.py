"""Dorsa portal (ASP.NET): maj.ir in 2018; rai.ir is its daughter with other addresses.

Case varies in paths and parameters, and «summery» is how they spell it.
"""

import re

from aggregator.platforms.base import Layout, Listing, Platform

_SHOWNEWS = Layout(
    headline=(".shownews5titr", ".shownews6titr", ".titr"),
    kicker=(".shownews5rotitr", ".shownews5uptitr", ".rotitr"),
    lead=(".shownews5summery", ".summery"),
    body=(".content5 .shownews5comment", ".shownews5comment", ".content5"),
    date=(".shownews5date1", ".date1"),
    section=(".breadcrumb a", ".shownews5group a"),
    image=(".shownews5image img", ".shownews5pic img", ".content5 img"),
    noise=(".shownews5titr", ".shownews5summery", ".shownews5date1"),
)

#: other numbers of the same template set
_NUMBERED = Layout(
    headline=("[class^='shownews'][class$='titr']", "h1"),
    lead=("[class^='shownews'][class$='summery']",),
    body=("[class^='shownews'][class$='comment']",),
    date=("[class^='shownews'][class$='date1']",),
)

_LISTING = Listing(
    headline=(".titr a", "[class$='titr'] a"),
    lead=("[class$='summery']",),
    date=("[class$='date1']",),
)

PLATFORM = Platform(
    name="dorsa",
    title="Dorsa portal",
    fingerprints=(
        "/Dorsapax/",
        "/dorsapax/",
        "tool_dorsaetoolsenews",
        "<blockseprator",
        "shownews5titr",
    ),
    layouts=(_SHOWNEWS, _NUMBERED),
    article_url=re.compile(
        r"^/index\.aspx\?(?!.*order=list)(?=.*page_=dorsaetools)(?:.*&)?PageID=(?P<id>\d+)", re.IGNORECASE
    ),
    listing_url=re.compile(r"^/(?:$|(?:index\.aspx)?(?:\?.*order=list.*)?$)", re.IGNORECASE),
    canonical="/index.aspx?page_=dorsaetoolsenews&PageID={id}",
    listing=_LISTING,
)

#: rai.ir
PATHS = Platform(
    name="dorsa-paths",
    title="Dorsa portal with addresses made of paths",
    fingerprints=("dorsaetoolsnewsrai",),
    layouts=(_SHOWNEWS, _NUMBERED),
    article_url=re.compile(
        r"^(?P<path>/page-[\w-]+/[a-z]{2}/\d+/dorsaetoolsnews\w*)/(?P<id>\d+)-G\d+", re.IGNORECASE
    ),
    canonical="{path}/{id}-G0/",
    listing=_LISTING,
    hosts=("rai.ir",),
)
