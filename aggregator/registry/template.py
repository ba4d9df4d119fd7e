"""Writes the file of a new source, with comments that say what else may stand there."""

import re
from collections.abc import Sequence
from itertools import chain, count
from urllib.parse import urlsplit

import yaml

from aggregator.registry.lookup import Registry

# Endings that say nothing of whose site it is.
_SUFFIX = re.compile(r"\.(?:(?:gov|co|ac|org|net|sch|id)\.)?[a-z]{2,}\.?$")

_TEMPLATE = """\
# One organisation and its sites. Every field: docs/adding-a-source.md
id: {id}  # small letters, digits and hyphens; articles are filed under it, so keep it
name: {name}  # the full official name, in Persian
# name_en: its English name
kind: organisation
# kind may also be: presidency, ministry, provincial_office, governorate, news_agency, other
# parent: mcls  # id of the organisation it belongs to
# province: alborz  # id of the province, where it works for one only
# aliases:  # other names in use; spacing, Arabic letters and «وزارت» or «سازمان» in front do not matter
#   - a short name
sources:
  - url: {url}  # start page
    {platform}
    {feeds}
    # sitemaps: [/sitemap.xml]
    # listings: [/news]  # pages that list the news
    # delay: 5  # seconds between two requests, where the default is too fast for the site
    # verified: 1403-03-10  # day on which you looked, and it was this organisation's site
    # evidence: where the address comes from
"""


def render_source_yaml(
    url: str,
    *,
    id: str | None = None,
    name: str | None = None,
    platform: str | None = None,
    feeds: Sequence[str] = (),
) -> str:
    """The text of a YAML file for a site that the registry does not know.

    It can be crawled as it is; where no ``name`` is given, the host stands for it. ``id``: see
    ``new_source_id``, which is the default.
    """
    host = urlsplit(url).netloc or url
    return _TEMPLATE.format(
        id=_value(id or new_source_id(url)),
        name=_value(" ".join((name or host).split())),
        url=_value(url),
        platform=f"platform: {platform}" if platform else "# platform: its CMS, where it is not recognised",
        feeds=f"feeds: {_value(list(feeds))}" if feeds else "# feeds: [/rss]",
    )


def new_source_id(url: str, registry: Registry | None = None) -> str:
    """An id made from an address's host, for example ``news-mrud`` from ``http://news.mrud.ir/``; a number is
    added where the registry uses it already."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if not re.search(r"\d$|:", host):  # an IP address has no suffix
        host = _SUFFIX.sub("", host)
    port = f"-{parts.port}" if parts.port else ""
    slug = re.sub(r"[^a-z0-9]+", "-", host + port).strip("-")[:60].rstrip("-") or "site"
    taken = _taken(registry) if registry else set()
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(found for found in chain([slug], numbered) if found not in taken)


def _taken(registry: Registry) -> set[str]:
    return {*registry.organisations, *registry.sources, *registry.provinces, *registry.counties}


def _value(content: str | Sequence[str]) -> str:
    """A text or a list of texts as YAML on one line, which is read back as the same."""
    dumped = yaml.safe_dump([content], default_flow_style=True, allow_unicode=True, width=float("inf"))
    return dumped.strip()[1:-1]
