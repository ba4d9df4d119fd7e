"""Makes every source of the registry a spider: ``scrapy list``, ``scrapy crawl mcls-alborz``."""

from typing import Any, cast

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from aggregator.crawl.shared import SETTING, shared_workspace
from aggregator.crawl.targets import resolve_target
from aggregator.errors import AggregatorError
from aggregator.model import Source
from aggregator.settings import source_settings
from spiders.news import NewsSpider


class SourceSpiderLoader(SpiderLoader):
    """Finds spiders by source id or by address. A class in this package with a source's id goes first."""

    def __init__(self, settings: BaseSettings):
        super().__init__(settings)
        self._registry = shared_workspace(settings[SETTING]).registry

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a source, or of any site by its address; KeyError, as Scrapy wants it."""
        try:
            return self.spider_for(resolve_target(spider_name, self._registry))
        except AggregatorError as error:
            raise KeyError(f"Spider not found: {error}") from None

    def spider_for(self, source: Source) -> type[NewsSpider]:
        """The spider class of a source, whether the registry has it or not."""
        base = self._own_class(source.id) or NewsSpider
        attributes: dict[str, Any] = {
            "name": source.id,
            "source": source,
            "custom_settings": {**(base.custom_settings or {}), **source_settings(source)},
        }
        return cast(type[NewsSpider], type(base.__name__, (base,), attributes))

    def find_by_request(self, request: Request) -> list[str]:
        """The id of the source that the address belongs to."""
        source = self._registry.source_for_url(request.url)
        return [source.id] if source else []

    def list(self) -> list[str]:
        """The ids of all sources."""
        return sorted(self._registry.sources)

    def _own_class(self, name: str) -> type[NewsSpider] | None:
        try:
            return cast(type[NewsSpider], super().load(name))
        except KeyError:
            return None
