"""The CMS families of Iranian news and government sites, and how to tell which one made a page."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.platforms import (
    aasaam,
    dorsa,
    drupal,
    es_news,
    highportal,
    iransamaneh,
    kentico,
    mehr_aspx_2011,
    nastooh,
    saman,
    sampa,
    sarir,
    sites,
    studiokhabar,
    websamaneh,
    wordpress,
)
from aggregator.platforms.base import Layout, Listing, Platform

__all__ = ["PLATFORMS", "Layout", "Listing", "Platform", "by_name", "candidates", "recognise"]

#: All families by name, in the order in which they are asked: the surest fingerprints first, so that a portal
#: with WordPress beside its own CMS, or one that quotes another's markup, is still told rightly.
PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        iransamaneh.PLATFORM,
        nastooh.PLATFORM,
        mehr_aspx_2011.PLATFORM,
        saman.PLATFORM,
        highportal.PLATFORM,
        dorsa.PATHS,
        dorsa.PLATFORM,
        studiokhabar.PLATFORM,
        aasaam.TASNIM,
        aasaam.PLATFORM,
        sampa.PLATFORM,
        es_news.PLATFORM,
        *sites.SITES,
        sarir.PLATFORM,
        kentico.PLATFORM,
        drupal.PLATFORM,
        websamaneh.PLATFORM,
        wordpress.PLATFORM,
    )
}


def by_name(name: str) -> Platform | None:
    """The family of this name, or None."""
    return PLATFORMS.get(name)


def recognise(markup: str, url: str) -> Platform | None:
    """The family that made a page, told by its markup, else by its host; None for one that is not known."""
    return next(candidates(markup, url), None)


def candidates(markup: str, url: str) -> Iterator[Platform]:
    """All families that may have made a page, the likeliest first: a page can quote the marks of another
    family."""
    for platform in PLATFORMS.values():
        if any(_bears(markup, mark) for mark in platform.fingerprints):
            yield platform
    if (known := _by_host(url)) is not None:
        yield known


def _bears(markup: str, mark: str | re.Pattern[str]) -> bool:
    return mark in markup if isinstance(mark, str) else mark.search(markup) is not None


def _by_host(url: str) -> Platform | None:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return next((platform for platform in PLATFORMS.values() if host in platform.hosts), None)
