from collections.abc import Callable, Iterator

import pytest

from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles


@pytest.fixture(scope="session")
def bundled() -> Portal:
    """The bundled portal without its servers; not to be edited."""
    return Portal.demo()


@pytest.fixture
def portal() -> Iterator[Portal]:
    """The bundled portal, serving."""
    with Portal.demo() as portal:
        yield portal


@pytest.fixture(scope="session")
def synthetic_site() -> Callable[..., Site]:
    """Makes a site of a family with so many synthetic stories, in the character set that such a site has."""

    def make(family: str, count: int = 45) -> Site:
        charset = "windows-1256" if family == "handmade" else "utf-8"
        return Site(family, synthetic_articles(count), source=family, charset=charset)

    return make
