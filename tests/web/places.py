"""Every page that the site has, by a name, with the status it answers with."""

from functools import cache
from urllib.parse import quote

from aggregator.store import Store
from aggregator.stories.story import read_story
from aggregator.web.service import Service
from tests.web.conftest import hostile_articles

#: What ``hostile_articles`` are, in their order.
HOSTILE = ("scripts", "long", "bidi", "empty", "many")

#: Words in braces are found in the data, see ``address_of``.
PLACES: dict[str, tuple[int, str]] = {
    "start": (200, "/"),
    "results": (200, "/?q=کارگاه&since=1399-03&until=1399-03"),
    "hostile: results": (200, "/?q=خصمانه&size=50"),
    "nothing found": (200, "/?q=سیمرغ"),
    "a query read leniently": (200, "/?q=(کارگاه"),
    "a day that is none": (422, "/?q=کارگاه&since=دیروز"),
    "an edited article": (200, "/articles/{edited}"),
    "an article, normalised": (200, "/articles/{edited}?form=normalised"),
    **{f"hostile: {name}": (200, f"/articles/{{{name}}}") for name in HOSTILE},
    "sources": (200, "/sources"),
    "documentation": (200, "/docs"),
    "log-in": (200, "/login"),
    "organisations": (200, "/organisations"),
    "an organisation": (200, "/organisations/mcls-alborz"),
    "one without articles": (200, "/organisations/ana"),
    "a province": (200, "/provinces/alborz"),
    "saved": (200, "/saved"),
    "compare": (200, "/compare"),
    "a comparison": (200, "/compare?a=کارگاه&b=نشست"),
    "a source": (200, "/sources/mcls-alborz"),
    "a story": (200, "/stories/{story}"),
    "bulletin": (200, "/bulletin?id={edited}&id={story}"),
    "hostile: bulletin": (200, "/bulletin?" + "&".join(f"id={{{name}}}" for name in HOSTILE)),
    "an empty bulletin": (200, "/bulletin"),
    "no such page": (404, "/nothing"),
}


def address_of(place: str, service: Service) -> str:
    """Where it is on a server of this service."""
    return quote(PLACES[place][1].format(**found_in(service.workspace.store)), safe="/?&=%")


@cache
def found_in(store: Store) -> dict[str, str]:
    """Ids for the words in braces."""
    there = list(store.articles())
    sizes = {one.article.id: read_story(store, one.article.id) for one in there}
    return {
        "edited": next(one.article.id for one in there if one.revision == 2),
        "story": max(sizes, key=lambda id: sizes[id].size),  # type: ignore[union-attr]
        **{name: one.article.id for name, one in zip(HOSTILE, hostile_articles(), strict=True)},
    }
