"""Nastooh («Saba Enterprise Newsroom»): khabaronline, mehrnews, isna, irna, shana, behzisti and many
others."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

_NOISE = (
    ".print-header",
    ".related-items",
    ".item-code",
    ".item-footer",
    ".item-sharing",
    ".short-link-container",
    ".rating-stars",
    ".gallery",
)

STANDARD = Layout(
    headline=(
        "h1.title",
        "h1.first-title",
        ".item-title h1",
        "h1[itemprop=headline]",
        "h1",
        ".item-title .title",
    ),
    kicker=(
        ".item-title .kicker",
        "h4.kicker",
        "header.item-header h2",
        ".item-title h4",
        ".rutitr",
        ".kicker",
    ),
    lead=("p.introtext", ".introtext", "p.summary", "p.news-summary", ".item-summary p", ".item-summary"),
    body=("div.item-text", "div[itemprop=articleBody]", ".rich-content", "div.item-body"),
    date=(
        ".item-date span",
        ".item-date",
        ".item-time",
        "div.item-nav.row > div > span",
        ".meta-news .text-meta",
        "ul.list-inline li:nth-child(1)",
        "article time",
        ".gallery-desc",
        ".print-header li.date",
    ),
    date_meta=("meta[property='article:published_time']", "meta[itemprop=datePublished]"),
    code=(".item-code span", ".item-code", ".print-header li.id span", "meta[property='nastooh:code']"),
    section=("ol.breadcrumb li", ".item-service a", "[itemprop=articleSection]"),
    keywords=("section.tags ul li a", "footer.tags li a", ".news-tag section ul li a", ".tags li a"),
    image=(
        "meta[property='og:image']",
        "figure.item-img img",
        "img[itemprop=image]",
    ),
    gallery=(
        "section.photoGall li img",
        ".item-text .gallery figure img",
        "article section.box-content a img",
    ),
    noise=_NOISE,
)

#: news.mrud.ir, which has its own class names
MRUD = Layout(
    headline=("span.headline", "h1.title", "h1", ".title"),
    kicker=(".rutitr", ".kicker"),
    lead=(".lead",),
    body=("article .body", ".news-body", "div.body"),
    date=(".item-date", "article time", ".date"),
    date_meta=("meta[property='article:published_time']",),
    code=(".item-code span", ".news-code", "meta[property='nastooh:code']"),
    section=("ol.breadcrumb li", ".item-service a"),
    keywords=(".tags li a", ".tags a"),
    image=("meta[property='og:image']", "article figure img"),
    noise=_NOISE,
)

PLATFORM = Platform(
    name="nastooh",
    title="Nastooh (Saba newsroom)",
    fingerprints=(
        "www.nastooh.ir",
        '"nastooh:',
        "/resources/theme/",
        "saba-backlink",
        re.compile(r'class="(?:subtitle kicker|summary introtext|item-text|first-title)"'),
    ),
    layouts=(STANDARD, MRUD),
    article_url=re.compile(
        r"^/(?:[a-z]{2}/)?(?:amp/(?:news/|photo/|video/)?|(?:news|photo|video|live|media|film|sound"
        r"|gallery|report)/)"
        r"(?P<id>\d{3,})(?:/|\?|$)"
    ),
    listing_url=re.compile(r"^/(?:service/|archive|page/archive|tag/|search)"),
    canonical="/news/{id}",
    numbered="/news/{id}",
    archive_day="/archive?pi=1&ms=0&dy={day}&mn={month}&yr={year}",
    listing=Listing(
        item=("li.news", "div.items > ul > li", "section.box-content ul > li"),
        headline=("h3 a", "h2 a", "h4 a"),
        lead=("p",),
        date=("time",),
        next_page=(".pagination a", "ul.pagination li a"),
        page_parameter="pi",
    ),
    feeds=("/rss",),
    listings=("/archive",),
)
