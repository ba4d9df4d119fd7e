"""Reading the archive again with today's rules. Nothing is fetched."""

from collections.abc import Iterable
from pathlib import Path

from aggregator.crawl.archive import read_pages
from aggregator.crawl.pages import page_state
from aggregator.extract import extract
from aggregator.model import Article, NotArticle, Page, PageState, Source
from aggregator.persian.article import annotate_article
from aggregator.registry import Registry
from aggregator.store import Store
from aggregator.store.articles import SAME_LOOK, Outcome
from aggregator.store.codec import content_hash


def replay(
    paths: Iterable[Path], store: Store, registry: Registry, *, dry_run: bool = False
) -> dict[str, int]:
    """Extract every archived page again; an article gets a revision only where its content changes.

    Counts: ``pages``, ``new``, ``changed``, ``unchanged``, ``rejected``. With ``dry_run`` they are what would
    be, and nothing is written. FixFileError: a file is missing or no archive.
    """
    counts = dict.fromkeys(("pages", "new", "changed", "unchanged", "rejected"), 0)
    for path in paths:
        for page in read_pages(path):
            source = registry.sources.get(page.source) or registry.source_for_url(page.url)
            result = extract(page, source.platform if source else None)
            counts["pages"] += 1
            if isinstance(result, NotArticle):
                counts["rejected"] += 1
            elif dry_run:
                counts[_would_be(page, result, store)] += 1
            else:
                counts[_put(page, result, source, store, registry)] += 1
    return counts


def _put(page: Page, article: Article, source: Source | None, store: Store, registry: Registry) -> Outcome:
    organisation, province = registry.owner(source)
    return store.put_article(
        annotate_article(article, registry.gazetteer, organisation=organisation, province=province),
        organisation=organisation,
        province=province,
        seen_at=page.fetched_at,
        page=_newest_state(page, store),
    )


def _newest_state(page: Page, store: Store) -> PageState | None:
    """The page's state, unless the ledger has that of a later fetch."""
    state = page_state(page)
    known = store.known_pages(state.source, [state.url]).get(state.url)
    if known and known.fetched_at and known.fetched_at > page.fetched_at + SAME_LOOK:
        return None
    return state


def _would_be(page: Page, article: Article, store: Store) -> Outcome:
    known = store.get_article(article.id)
    if known is None:
        return "new"
    is_older = page.fetched_at < known.last_seen - SAME_LOOK
    return "unchanged" if is_older or content_hash(article) == content_hash(known.article) else "changed"
