"""Saman Information Structure (sis-eg.com): mimt.gov.ir in 2018. Its article page has not been seen: the
classes of its lists and the usual names of its time are tried, then the generic reading does the rest."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=("h1.contentTitle", "h2.contentTitle", ".contentTitle", ".saman_title", "h1"),
    kicker=(".saman_header", ".contentHeader"),
    lead=(".saman_text", ".contentLead", ".contentSummary"),
    body=(".contentBody", ".contentText", ".newsBody", ".content_body"),
    date=(".date_headNews", ".contentDate", ".newsDate"),
    section=(".breadcrumb a", ".contentPath a"),
)

PLATFORM = Platform(
    name="saman",
    title="Saman Information Structure",
    fingerprints=("Saman Information Structure", "www.sis-eg.com", "saman_title"),
    layouts=(STANDARD,),
    article_url=re.compile(r"^/news/(?P<id>\d+)(?:-|\.html|/|\?|$)"),
    listing_url=re.compile(r"^/(?:$|web_directory/)"),
    canonical="/news/{id}",
    listing=Listing(
        item=("li.contentSlider", ".contentList .contentTextContainer"),
        headline=(".saman_title a", ".contentTitle a"),
        kicker=(".saman_header",),
        lead=(".saman_text",),
        date=(".date_headNews",),
    ),
    feeds=("/backend.php",),
    listings=("/web_directory/218-اخبار.html",),
)
