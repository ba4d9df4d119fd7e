"""What a CMS family is made of. One file per family holds one ``PLATFORM`` of this type.

All selectors are CSS, tried in order; the first that matches something non-empty wins. A redesigned CMS
gets a further ``Layout`` in front; the older ones stay, so archived pages still parse.
"""

import re
from dataclasses import dataclass

Selectors = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of an article page stand."""

    headline: Selectors
    body: Selectors  #: the container(s) of the paragraphs
    kicker: Selectors = ()
    lead: Selectors = ()
    date: Selectors = ()  #: visible publish date; labels and clocks beside it are dealt with by the reader
    date_meta: Selectors = ()  #: meta or time elements whose content/datetime is the publish date
    modified: Selectors = ()
    code: Selectors = ()
    section: Selectors = ()  #: the breadcrumb's items, in order
    keywords: Selectors = ()
    authors: Selectors = ()
    image: Selectors = ()  #: main image
    gallery: Selectors = ()  #: further images outside the body
    attachments: Selectors = ()  #: containers or links of documents outside the body
    noise: Selectors = ()  #: inside the body, never part of the text


@dataclass(frozen=True, slots=True)
class Listing:
    """Where the items of a listing page stand (also of a home page)."""

    item: Selectors = ()  #: one element per story; () means: every link that is an article's address
    headline: Selectors = ()  #: inside the item; default: the link's text or, where that is cut, its title
    kicker: Selectors = ()
    lead: Selectors = ()
    date: Selectors = ()
    next_page: Selectors = ()  #: links to further pages of the same listing
    page_parameter: str | None = None  #: query parameter that counts pages from 1, for example ``pi``


@dataclass(frozen=True, slots=True)
class Platform:
    """A CMS family."""

    name: str  #: key, for example ``nastooh``
    title: str  #: for people
    fingerprints: tuple[str | re.Pattern[str], ...]
    #: looked for in the markup, any one is enough; a string stands for itself (and is found ten times faster)
    layouts: tuple[Layout, ...]
    article_url: re.Pattern[str]
    #: searched in path and query of an address; group ``id`` is what identifies the article
    listing_url: re.Pattern[str] | None = None  #: addresses that are listings, in path and query
    canonical: str | None = None
    #: template of the canonical path and query, filled with the groups of article_url, for example
    #: ``/news/{id}``; None: the cleaned address
    listing: Listing = Listing()
    numbered: str | None = None
    #: template of the path of the article with a number, without slug, filled like ``canonical``; None: its
    #: numbers are not given one after another, or an address without slug does not answer
    archive_day: str | None = None
    #: template of the archive of one Jalali day, with ``{year}``, ``{month}`` and ``{day}``
    feeds: tuple[str, ...] = ()  #: paths to try, relative to the site's root
    listings: tuple[str, ...] = ()  #: paths of the lists of all news, relative to the site's root
    hosts: tuple[str, ...] = ()
    #: hosts (without ``www.``) known to run it; asked only where no family's fingerprint is in the markup
