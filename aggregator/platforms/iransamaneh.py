"""IranSamaneh («سامانه ایران», feeds by SepehrFeed): yjc, tabnak, iribnews, mizanonline and about a hundred
more.

Every toolbar is printed twice, for desktops and for telephones; the fields below take the first copy.
"""

import re

from aggregator.platforms.base import Layout, Listing, Platform

STANDARD = Layout(
    headline=(
        "div.title h1",
        "h1.title",
        "h1 a.title",
        "h1",
        "h2.title",
        ".news-title",
        ".title-news",
        "div.title",
        "a.title",
    ),
    kicker=(
        ".rutitr_body",
        ".rutitr_title .rutitr_news",
        "div.rutitr",
        ".news-rutitr",
        ".news_rutitr",
        ".newspage-rutitr",
        ".newspage_rutitr",
        ".rutitr",
    ),
    lead=(
        "div.subtitle",
        ".news-subtitle",
        ".subtitle-news",
        ".newspage-subtitle",
        ".newspage_subtitle",
        ".subtitle",
        ".sub_ax",
        ".subtitle_photo",
        ".lead1",
    ),
    body=(
        "div.body",
        ".body_news",
        ".news_content",
        ".main_news_body",
        "#nt-body-ck",
        ".gutter_news",
        ".news_body_con",
        "div[style^='direction: r']",
        "div[style^='direction:r']",
        "div#news",
    ),
    date=(
        ".news_pdate_c",
        ".news_pdate",
        ".news-publishdate",
        ".news-date",
        ".fa_date",
        "time.news_path_time",
        ".photo_pub_date",
        ".autor_ax",
        ".news_pdate_c_mobile",
    ),
    date_meta=("meta[property='article:published_time']",),
    code=(".news_id_c", ".news_id_c_mobile", ".news_id", ".news-id"),
    section=(
        ".news_path a",
        ".news_path2 a",
        ".news_path_mobile a",
        ".news-service a",
        ".service-name",
        ".crumbs a",
    ),
    keywords=(".tags_container .tags_item", ".tags_title a", ".tags_container a", ".tags li a", ".tags li"),
    image=("div.body img.image_btn", "meta[property='og:image']", ".lead_image img", "img.lead_image"),
    gallery=(
        ".album_listi img",
        ".album_content img",
        ".image_set img",
        ".news_album_main_part img",
    ),
    noise=(
        ".rutitr_body",
        ".rutitr",
        "div.title",
        "div.subtitle",
        ".news_tools",
        ".news_toolbar",
        ".toolbar_mobile",
        ".icon_font_resize_mobile",
        ".font-resize",
        ".img-adv",
        ".adv_padd",
        ".tags_container",
        "#comments-mob",
    ),
)

PLATFORM = Platform(
    name="iransamaneh",
    title="IranSamaneh",
    fingerprints=(
        "/client/themes/",
        "info@iransamaneh.com",
        "SepehrFeed",
        "news_pdate_c",
        "rutitr_body",
        re.compile(r"\A\s*<!-- \d+ -->\s*<!DOCTYPE"),
    ),
    layouts=(STANDARD,),
    article_url=re.compile(
        r"^/(?P<lang>[a-z]{2})/(?:amp/)?(?:news|photo|film|video|interview|report|note"
        r"|article)/(?P<id>\d+)(?:/|\?|$)"
    ),
    listing_url=re.compile(
        r"^/[a-z]{2}(?:/?$|/(?:list|archive|rss|tags|photo|video|film)(?:/?$|[/?])|/(?!(?:news|amp"
        r"|interview|report|note|article)/)[\w-]+(?:/\d+)?/?$)"
    ),
    canonical="/{lang}/news/{id}",
    numbered="/{lang}/news/{id}",
    listing=Listing(next_page=(".pagination a", ".paging a", ".next_page a")),
    feeds=("/fa/rss/allnews",),
    listings=("/fa/archive",),
)
