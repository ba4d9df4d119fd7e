"""Every source is a spider."""

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings as ScrapySettings

from aggregator.config import Settings
from aggregator.model import Source
from spiders.loader import SourceSpiderLoader
from spiders.news import NewsSpider

ODD = """
from spiders.news import NewsSpider

class OddSpider(NewsSpider):
    name = "odd"
    custom_settings = {"COOKIES_ENABLED": False}
"""
SOURCES = """
id: sample
name: سازمان نمونه
name_en: Sample
kind: other
sources:
- id: plain
  url: https://plain.example/
  delay: 7
  evidence: a test
- id: odd
  url: https://odd.example/
  delay: 3
  evidence: a test
"""


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SourceSpiderLoader:
    (tmp_path / "odd_spiders_of_a_test.py").write_text(ODD)
    (tmp_path / "yaml").mkdir()
    (tmp_path / "yaml" / "sample.yaml").write_text(SOURCES, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    config = Settings(data=tmp_path, sources=(tmp_path / "yaml",))
    settings = ScrapySettings({"AGGREGATOR": config, "SPIDER_MODULES": ["spiders", "odd_spiders_of_a_test"]})
    return SourceSpiderLoader.from_settings(settings)


def test_lists_every_source(loader: SourceSpiderLoader) -> None:
    assert {"plain", "odd"} <= set(loader.list())


def test_a_source_is_a_news_spider_with_its_delay(loader: SourceSpiderLoader) -> None:
    spider = loader.load("plain")
    assert issubclass(spider, NewsSpider)
    assert (spider.name, spider.source.url) == ("plain", "https://plain.example/")
    settings = ScrapySettings({"DOWNLOAD_DELAY": 1})
    spider.update_settings(settings)
    assert settings.getfloat("DOWNLOAD_DELAY") == 7


def test_a_class_with_the_source_s_id_goes_first(loader: SourceSpiderLoader) -> None:
    spider = loader.load("odd")
    assert [base.__name__ for base in spider.__mro__[1:3]] == ["OddSpider", "NewsSpider"]
    assert spider.custom_settings == {
        "COOKIES_ENABLED": False,
        "DOWNLOAD_DELAY": 3,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 3,
        "AUTOTHROTTLE_MAX_DELAY": 30.0,
    }


def test_an_address_is_a_spider_too(loader: SourceSpiderLoader) -> None:
    spider = loader.load("http://127.0.0.1:8000/")
    assert issubclass(spider, NewsSpider)
    assert spider.source == Source("127.0.0.1:8000", None, "http://127.0.0.1:8000/")


def test_unknown_names_are_key_errors(loader: SourceSpiderLoader) -> None:
    with pytest.raises(KeyError, match="plain"):
        loader.load("plan")


def test_finds_the_spider_of_an_address(loader: SourceSpiderLoader) -> None:
    assert loader.find_by_request(Request("https://www.odd.example/news/1")) == ["odd"]
    assert loader.find_by_request(Request("https://nobody.example/")) == []
