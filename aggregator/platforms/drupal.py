"""Drupal: medu.ir (names of Drupal 8 and later), rajanews.com (Drupal 7)."""

import re

from aggregator.platforms.base import Layout, Listing, Platform

#: Drupal 8 and later
MODERN = Layout(
    headline=("h1.page-header", "article h1", "h1"),
    kicker=(".field--name-field-rutitr", ".title-top", ".rutitr"),
    lead=(".field--name-field-lead", ".field--name-field-lid", ".lead"),
    body=(".field--name-body", "article .body", "div.body"),
    date=("article .created", ".created", ".field--name-created", ".date-display-single"),
    date_meta=("meta[property='article:published_time']", "time[datetime]"),
    section=(".breadcrumb ol li a", ".breadcrumb li a", ".category-breadcrumb a"),
    keywords=(".field--name-field-tags a", ".tags a"),
    image=(".field--name-field-image img",),
    attachments=(".field--type-file a", ".file a"),
)

#: Drupal 7
SEVEN = Layout(
    headline=("h1.title", "h1#page-title", "h1", ".title"),
    kicker=(".rutitr", ".field-name-field-rutitr"),
    lead=(".lead", ".field-name-field-lead"),
    body=(".field-name-body",),
    date=(".date-display-single", ".submitted"),
    date_meta=("meta[property='article:published_time']", "span[property='dc:date dc:created']"),
    section=(".category-breadcrumb a", ".breadcrumb a"),
    keywords=(".field-name-field-tags a",),
    image=(".field-name-field-image img",),
    attachments=(".field-type-file a", ".file a"),
)

PLATFORM = Platform(
    name="drupal",
    title="Drupal",
    fingerprints=(
        "page-node-type-article",
        "field-name-body",
        "field--name-body",
        "date-display-single",
        'content="Drupal ',
        "data-drupal-selector",
    ),
    layouts=(SEVEN, MODERN),
    article_url=re.compile(r"^/(?:[a-z]{2}/)?(?:news|node|article|content)/(?P<id>[^/?]+)/?$"),
    listing_url=re.compile(r"^/(?:[a-z]{2}/?)?(?:news/?)?$"),
    listing=Listing(
        item=(".views-row",), headline=("h2 a", "h3 a", ".views-field-title a"), next_page=(".pager a",)
    ),
    feeds=("/rss.xml",),
    hosts=("medu.ir", "rajanews.com"),
)
