"""Every page in every guise: as wide as the window, accessible by axe-core, and nothing runs in it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from aggregator.web.language import COOKIE
from tests.browser.conftest import Reader, Site, start_reading
from tests.web.places import PLACES, address_of

WIDTHS = (390, 768, 1440)
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Each page, in Persian on light and in English on dark: the words have no part in the colours.
GUISES = [
    *(("fa", place) for place in PLACES),
    *(("en", place) for place in PLACES if not place.startswith("hostile")),
]


@pytest.fixture(scope="module")
def reader(chrome: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Somebody who goes from page to page, in one of the languages of the interface."""
    reader = start_reading(chrome, site, color_scheme="light" if request.param == "fa" else "dark")
    reader.context.add_cookies([{"name": COOKIE, "value": request.param, "url": site.address}])
    yield reader
    reader.close()


@pytest.mark.parametrize(("reader", "place"), GUISES, indirect=["reader"])
def test_a_page_fits_and_is_accessible(reader: Reader, site: Site, place: str) -> None:
    page = reader.page
    assert reader.open(address_of(place, site.service)).status == PLACES[place][0]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == [], f"{width} px"
    assert violations(page) == []
    assert reader.troubles == []


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways: elements that leave the window, outermost first; else nothing."""
    found: list[str] = page.evaluate(
        """() => {
            const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return [];
            const out = [...document.body.querySelectorAll("*")].filter((one) => {
                const box = one.getBoundingClientRect();
                return box.left < -1 || box.right > root.clientWidth + 1;
            });
            return ["the page", ...out.slice(0, 5).map((one) => one.outerHTML.slice(0, 150))];
        }"""
    )
    return found


def violations(page: Page) -> list[str]:
    """What axe-core finds: rule, help, and where."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(
        """rules => axe.run({resultTypes: ["violations"], runOnly: rules}).then(({violations}) =>
            violations.flatMap(({id, help, nodes}) => nodes.slice(0, 3).map(({html, failureSummary}) =>
                `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary.slice(0, 200)}`)))""",
        RULES,
    )
    return found
