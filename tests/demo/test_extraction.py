"""Every page of the portal, read by the extractor, gives the story that was published."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.demo.families import FAMILIES
from aggregator.demo.server import Portal
from aggregator.demo.site import Item, Site
from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page, Rejection

MakeSite = Callable[..., Site]

LATER = datetime(2024, 6, 1, tzinfo=UTC)  #: after the newest story
ALWAYS = ("headline", "kicker", "lead", "body", "date_published")
SHOWN = ("section", "code", "date_modified")  #: compared where the family's page shows them
#: families of which it is known where their article pages keep pictures and keywords
KNOWN_DETAILS = (
    *("nastooh", "iransamaneh", "dorsa", "studiokhabar"),
    *("aasaam", "drupal", "wordpress", "websamaneh"),
)

each_family = pytest.mark.parametrize("family", FAMILIES)


def fetched(site: Site, address: str) -> Page:
    answer = site.respond(address)
    headers = {"content-type": answer.content_type}
    return Page(site.absolute(address), answer.body, LATER, site.source_id, answer.status, headers)


def read(site: Site, item: Item) -> dict[str, Any]:
    article = extract(fetched(site, item.address))
    assert isinstance(article, Article), (item.address, article)
    return {
        "headline": article.headline,
        "kicker": article.kicker,
        "lead": article.lead,
        "body": list(article.body),
        "date_published": article.published and article.published.iso(),
        "section": article.section,
        "code": article.code,
        "keywords": list(article.keywords),
        "main_image": article.main_image,
        "date_modified": article.modified and f"{article.modified.iso()[:17]}00Z",
    }


def assert_truth(site: Site, always: Sequence[str] = ALWAYS, shown: Sequence[str] = SHOWN) -> None:
    for item, truth in zip(site.items, site.truth(), strict=True):
        record = read(site, item)
        for name in [*always, *(name for name in shown if truth[name])]:
            assert record[name] == truth[name], (name, truth["url"])


@each_family
def test_synthetic_pages(family: str, synthetic_site: MakeSite) -> None:
    assert_truth(synthetic_site(family, 48))


@pytest.mark.parametrize("family", KNOWN_DETAILS)
def test_pictures_and_keywords(family: str, synthetic_site: MakeSite) -> None:
    assert_truth(synthetic_site(family, 12), always=("main_image",), shown=("keywords",))


@pytest.mark.parametrize("source", [site.source_id for site in Portal.demo().sites])
def test_bundled_pages(source: str) -> None:
    assert_truth(Portal.demo().site(source))


def test_the_second_version() -> None:
    site = Portal.demo().site("min-roads")
    site.publish_edit()
    assert_truth(site)


@pytest.mark.parametrize(
    ("source", "address", "kind"),
    [
        ("mcls", "/fa/news/9800001", Rejection.SOFT_404),
        ("mcls-alborz", "/login?returnUrl=/", Rejection.LOGIN),
        ("min-roads", "/archive", Rejection.LISTING),
    ],
)
def test_pages_that_are_no_article(bundled: Portal, source: str, address: str, kind: Rejection) -> None:
    outcome = extract(fetched(bundled.site(source), address))
    assert isinstance(outcome, NotArticle)
    assert outcome.kind is kind


@each_family
def test_lists_are_no_articles(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    for address in ("/", site.family.archive):
        assert isinstance(extract(fetched(site, address)), NotArticle), address
