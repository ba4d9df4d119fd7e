"""Studio Khabar (News Studio): baharnews.ir, jahannews.com and about twenty more."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=("#docDiv3TitrMain", "h1"),
    kicker=("#docDiv3TitrRou",),
    lead=("#docDivLead1", "#docDivLead"),
    body=("#doctextarea", "#docContentdiv", "#doc_div33"),
    date=("#docDiv3Date > span", ".doc_date", "#docDiv3Date"),
    date_meta=("meta[property='article:published_time']",),
    code=(".doc_code", "#docDiv3Code"),
    section=(".doc-section-info a",),
    keywords=("#docTags a", ".doc_tags a", ".doc-tags a"),
    image=("#doc_div1Img img", "img#docBigImg", "#docBigImg img", "img.thumbnail", ".thumbnail img"),
    noise=("#docDivLead1", "#docDivLead", "#docDiv3TitrMain", "#docDiv3TitrRou", "#doc_div1Img"),
)

PLATFORM = Platform(
    name="studiokhabar",
    title="Studio Khabar",
    fingerprints=("docDiv3TitrMain", "doctextarea", "docContentdiv", "doc_div33"),
    layouts=(STANDARD,),
    article_url=re.compile(
        r"^/(?:fa/)?(?!(?:tag|tags|archive|rss|page|category|section|search|service|list|ads|files|images)/)"
        r"(?P<kind>[a-z]+)/(?P<id>\d{3,})(?:/|\?|$)"
    ),
    canonical="/{kind}/{id}",
    listing=Listing(),
    hosts=("baharnews.ir", "jahannews.com", "aftana.ir", "migna.ir", "razavi.news"),
)
