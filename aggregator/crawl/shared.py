"""What Scrapy's components share: every crawl of this process has one store, one archive and one registry.

Scrapy makes its components from a crawler and its settings; what they are to share is found through these.
"""

import atexit
from functools import cache
from typing import Any, cast

from scrapy.crawler import Crawler

from aggregator.config import Settings
from aggregator.crawl.archive import PageArchive
from aggregator.crawl.workers import Workers
from aggregator.model import Source
from aggregator.workspace import Workspace

SETTING = "AGGREGATOR"  #: Scrapy setting that holds our own Settings object


def config_of(crawler: Crawler) -> Settings:
    """Our settings, as this crawl was started with."""
    return cast(Settings, crawler.settings[SETTING])


def source_of(crawler: Crawler) -> Source:
    """The source that this crawl is of."""
    return cast(Source, cast(Any, crawler.spider).source)


def workspace_of(crawler: Crawler) -> Workspace:
    """Store, index and registry of this crawl."""
    return shared_workspace(config_of(crawler))


@cache
def shared_workspace(config: Settings) -> Workspace:
    """The one workspace of this process with these settings."""
    return Workspace(config)


def workers_of(crawler: Crawler) -> Workers:
    """What reads the pages of this crawl."""
    return shared_workers(config_of(crawler))


@cache
def shared_workers(config: Settings) -> Workers:
    """The workers of this process with these settings."""
    return Workers(shared_workspace(config).registry)


@cache
def shared_archive(config: Settings) -> PageArchive:
    """The one archive of this process with these settings."""
    archive = PageArchive(config.archive_dir, config.archive_file_size, config.user_agent)
    atexit.register(archive.close)  # ``scrapy crawl`` has nobody else to do it
    return archive
