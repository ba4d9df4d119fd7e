"""Scrapy's settings: fixed ones here, the others from ``aggregator.config``.

Read by ``scrapy list`` and ``scrapy crawl`` through scrapy.cfg, and by ``aggregator crawl``.
"""

from typing import Any

from scrapy.settings import Settings as ScrapySettings

from aggregator.config import Settings, load_settings

BOT_NAME = "persian-news-aggregator"
SPIDER_MODULES = ["spiders"]
SPIDER_LOADER_CLASS = "spiders.loader.SourceSpiderLoader"

# The way of a page; see aggregator/crawl/pipelines.py.
ITEM_PIPELINES = {
    "aggregator.crawl.pipelines.ArchivePipeline": 100,
    "aggregator.crawl.pipelines.ExtractPipeline": 200,
    "aggregator.crawl.pipelines.NormalisePipeline": 300,
    "aggregator.crawl.pipelines.StorePipeline": 400,
}
EXTENSIONS = {
    "aggregator.crawl.extensions.RunRecord": 100,
    "aggregator.crawl.extensions.IndexSync": 200,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "aggregator.crawl.guards.SiteGuard": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "aggregator.crawl.robots.RobotsMiddleware": 100,
    "aggregator.crawl.guards.AddressGuard": 860,  # next to the network: after redirects, cookies and proxies
}

# Politeness.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0
AUTOTHROTTLE_MAX_DELAY = 30.0
COOKIES_ENABLED = True  # a few portals send everybody without their cookie round in circles
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fa,en;q=0.5",
}

# Limits on what a site may do to us.
DOWNLOAD_MAXSIZE = 20 * 2**20  # bytes, packed and unpacked
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # a torn page is tried again, never stored
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 10  # seconds; a longer one is a page that reloads itself
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
URLLENGTH_LIMIT = 8000  # a Persian slug takes six characters a letter
HTTPCACHE_ENABLED = False

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
        "DOWNLOAD_DELAY": config.delay,
        "AUTOTHROTTLE_START_DELAY": config.delay,
        "CONCURRENT_REQUESTS": config.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": min(config.concurrency, config.concurrency_per_site),
        "DOWNLOAD_TIMEOUT": config.timeout,
    }


def scrapy_settings(config: Settings, changes: dict[str, Any]) -> ScrapySettings:
    """All of it for a program that starts Scrapy itself and does its own logging; ``changes`` win."""
    values = ScrapySettings()
    values.setmodule(__name__, priority="project")
    values.setdict(derived(config) | {"LOG_INSTALL_ROOT_HANDLER": False}, priority="project")
    values.setdict(changes, priority="cmdline")
    return values


globals().update(derived(load_settings()))
