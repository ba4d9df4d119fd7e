"""Sampa: shana.ir to 2018, nipna.ir; foodna.com and asianews.ir have the same class names.

``DC.Date.Created`` is Gregorian, day first.
"""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=(".naNewsDetail h1", "h1"),
    kicker=(".naNewsDetail h5", "h5"),
    lead=(".naNewsDetail h4", "h4"),
    body=(".naNewsBody",),
    date=(".naNewsDetail .naNewsDate", ".naNewsDate", ".naNewsDetail .date"),
    date_meta=("meta[name='DC.Date.Created']",),
    section=(".naNewsDetail .breadcrumb a", ".breadcrumb a"),
    keywords=(".naNewsTags a", ".naTags a"),
    image=(".naNewsDetail .naNewsImage img", ".naNewsDetail img"),
)

PLATFORM = Platform(
    name="sampa",
    title="Sampa",
    fingerprints=("Sampa_Web_View_NewsAgencyUI", "naNewsDetail", "naNewsBody", "/MediaServer/"),
    layouts=(STANDARD,),
    article_url=re.compile(r"^/(?P<lang>[a-z]{2})/newsagency/(?P<id>\d+)(?:/|\?|$)"),
    canonical="/{lang}/newsagency/{id}",
    numbered="/{lang}/newsagency/{id}",
    listing=Listing(),
)
