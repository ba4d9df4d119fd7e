"""The pages, feeds and sitemaps of a site, rendered from its family's templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from aggregator.demo.rendering import environment, quoted

if TYPE_CHECKING:
    from aggregator.demo.site import Item, Site

FEED_SIZE = 20  #: a feed holds only the newest
HOME_SIZE = 10
RELATED_SIZE = 3


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list."""

    title: str
    items: Sequence["Item"]
    number: int  #: from 1
    pages: Sequence[tuple[int, str]]  #: number and percent-encoded address of every page
    home: bool  #: the front page: an extract with a link to the whole list

    @property
    def previous(self) -> str | None:
        return dict(self.pages).get(self.number - 1)

    @property
    def next(self) -> str | None:
        return dict(self.pages).get(self.number + 1)


@cache
def _templates() -> Environment:
    return environment()


def _render(site: "Site", template: str, **context: Any) -> str:
    family = site.family.name
    return _templates().get_template(template).render(site=site, family=family, **context)


def article(site: "Site", item: "Item") -> str:
    """The page of a story."""
    crumbs = [(path[-1], quoted(site.section_address(path))) for path in item.story.section_paths]
    context = {"item": item, "story": item.story, "crumbs": crumbs, "related": _related(site, item)}
    return _render(site, f"{site.family.name}/article.html.j2", **context)


def _related(site: "Site", item: "Item") -> list["Item"]:
    """The stories that follow in the list of all, from its start again after the last."""
    place = next((n for n, other in enumerate(site.items) if other is item), 0)
    following = [*site.items[place + 1 :], *site.items[:place]]
    return following[:RELATED_SIZE]


def listing(site: "Site", address: str, section: tuple[str, ...], items: Sequence["Item"], page: int) -> str:
    """A page, from 0, of the list at ``address``; a page beyond the last is an empty list."""
    home = address == "/"
    size = HOME_SIZE if home else site.family.per_page
    shown = items[page * size : (page + 1) * size]
    count = 1 if home else -(-len(items) // size)
    listed = ListPage(
        title=section[-1] if section else "آرشیو اخبار",
        items=site.list_links(shown) if page == 0 and not section else shown,
        number=page + 1,
        pages=[(n + 1, quoted(_page_address(site, address, n))) for n in range(count)],
        home=home,
    )
    return _render(site, f"{site.family.name}/listing.html.j2", page=listed)


def _page_address(site: "Site", address: str, page: int) -> str:
    if page == 0:
        return address
    return site.family.page.format(archive=address, page=page + site.family.first_page)


def feed(site: "Site") -> str:
    """RSS 2.0 of the newest stories in the family's flavour."""
    return _render(site, f"{site.family.name}/feed.xml.j2", items=site.items[:FEED_SIZE])


def robots(site: "Site") -> str:
    return _render(site, "shared/robots.txt.j2")


def message(site: "Site", kind: str) -> str:
    """A page that is no article, in the frame of the family's pages: ``missing`` or ``login``."""
    return _render(site, f"shared/{kind}.html.j2")


def sitemap(site: "Site", address: str) -> str | None:
    """The sitemap at an address, None where there is none; WordPress has an index of sitemaps."""
    if address == site.family.sitemap:
        template = "index" if site.family.name == "wordpress" else "sitemap"
    elif site.family.name == "wordpress" and address == "/wp-sitemap-posts-post-1.xml":
        template = "sitemap"
    else:
        return None
    return _render(site, f"shared/{template}.xml.j2")
