"""Scrapy's settings: fixed ones here, the others from ``aggregator.config`` and ``aggregator.limits``.

Read by ``scrapy list`` and ``scrapy crawl`` through scrapy.cfg, and by ``aggregator crawl``.
"""

from typing import Any

from scrapy.settings import Settings as ScrapySettings

from aggregator import limits, urls
from aggregator.config import Settings, load_settings
from aggregator.crawl.unpacking import ACCEPTED
from aggregator.model import Source

BOT_NAME = "persian-news-aggregator"
SPIDER_MODULES = ["spiders"]
SPIDER_LOADER_CLASS = "spiders.loader.SourceSpiderLoader"

# The way of a page; see aggregator/crawl/pipelines.py.
ITEM_PIPELINES = {
    "aggregator.crawl.pipelines.ArchivePipeline": 100,
    "aggregator.crawl.pipelines.ReadPipeline": 200,
    "aggregator.crawl.pipelines.StorePipeline": 300,
}
EXTENSIONS = {
    "aggregator.crawl.extensions.RunRecord": 100,
    "aggregator.crawl.sitewatch.SiteWatch": 150,
    "aggregator.crawl.extensions.IndexSync": 200,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "aggregator.crawl.guards.SiteGuard": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "aggregator.crawl.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "aggregator.crawl.backoff.BackOff": 550,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "aggregator.crawl.guards.MetaRefresh": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "aggregator.crawl.guards.Cookies": 700,
    "aggregator.crawl.guards.AddressGuard": 860,  # next to the network: after redirects, cookies and proxies
}
DOWNLOADER = "aggregator.crawl.backoff.PatientDownloader"
DOWNLOAD_HANDLERS = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
    "http": "aggregator.crawl.connection.GuardedHandler",
    "https": "aggregator.crawl.connection.GuardedHandler",
}

# Politeness.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
DOWNLOAD_DELAY_JITTER = 0  # the delay is the least; Scrapy would go below it
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0
COOKIES_ENABLED = True  # a few portals send everybody without their cookie round in circles
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": ACCEPTED,
    "Accept-Language": "fa,en;q=0.5",
}
RETRY_TIMES = limits.RETRIES
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
BACKOFF_START = limits.BACKOFF_START  # our own: see aggregator.crawl.backoff

# Limits on what a site may do to us.
DOWNLOAD_MAXSIZE = limits.MAX_BODY
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # a torn page is tried again, never stored
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = limits.MAX_REDIRECTS
METAREFRESH_MAXDELAY = 10  # seconds; a longer one is a page that reloads itself
URLLENGTH_LIMIT = urls.MAX_LENGTH  # hundreds of Persian letters, of six characters each
HTTPCACHE_ENABLED = False
CONCURRENT_ITEMS = 1  # of one page, which gives one; Scrapy begins so many tasks for each page

# Nobody gets into a running crawl.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Links are fetched in the order in which they were met; what was fetched before is the ledger's business.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

LOG_LEVEL = "INFO"
LOG_FORMATTER = "aggregator.crawl.logs.BriefFormatter"


def derived(config: Settings) -> dict[str, Any]:
    """The settings that follow from ours."""
    return {
        "AGGREGATOR": config,  # see aggregator.crawl.shared
        "USER_AGENT": config.user_agent,
        "CONCURRENT_REQUESTS": config.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": min(config.concurrency, config.concurrency_per_site),
        "DOWNLOAD_TIMEOUT": config.timeout,
    } | delay_settings(config.delay)


def delay_settings(seconds: float) -> dict[str, Any]:
    """The settings for so many seconds between two requests; AutoThrottle makes them more on a slow site.

    Whoever wants no delay has a server of his own, and wants none.
    """
    return {
        "DOWNLOAD_DELAY": seconds,
        "AUTOTHROTTLE_ENABLED": seconds > 0,
        "AUTOTHROTTLE_START_DELAY": seconds,
        "AUTOTHROTTLE_MAX_DELAY": max(30.0, seconds),
    }


def source_settings(source: Source) -> dict[str, Any]:
    """The settings in which a source is an exception."""
    settings = {} if source.delay is None else delay_settings(source.delay)
    return settings if source.verify_tls else settings | {"DOWNLOAD_VERIFY_CERTIFICATES": False}


def scrapy_settings(config: Settings, changes: dict[str, Any]) -> ScrapySettings:
    """All of it for a program that starts Scrapy itself and does its own logging; ``changes`` win."""
    values = ScrapySettings()
    values.setmodule(__name__, priority="project")
    values.setdict(derived(config) | {"LOG_INSTALL_ROOT_HANDLER": False}, priority="project")
    values.setdict(changes, priority="cmdline")
    return values


globals().update(derived(load_settings()))
