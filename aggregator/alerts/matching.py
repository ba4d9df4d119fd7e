"""Which of the articles that arrived do the saved searches find?

The index of all articles is not asked: it may lag behind, or be away. The arrivals of one step are put into a
small local index of their own, with the same terms and queries, and every search is asked of that. So nothing
is missed, whatever the index does, and the cost grows with what arrived and not with what there is.
"""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from aggregator.alerts.searches import plan_of
from aggregator.errors import AggregatorError
from aggregator.index.document import to_document
from aggregator.index.local import LocalIndex
from aggregator.model import StoredArticle
from aggregator.search.plan import SearchPlan
from aggregator.store.arrivals import Arrival
from aggregator.store.saved import SavedSearch
from aggregator.workspace import Workspace

Failed = Callable[[SavedSearch, AggregatorError], None]


def match_arrivals(workspace: Workspace, still_here: Callable[[], None], failed: Failed) -> int:
    """Compares all that arrived with the searches that have targets; how many matches there are.

    ``still_here`` is called before each step. A search that cannot be asked any more is told to ``failed``,
    and waits where it is.
    """
    saved = workspace.store.saved
    plans: list[tuple[SavedSearch, SearchPlan]] = []
    for search in saved.all():
        if search.targets:
            try:
                plans.append((search, plan_of(search, workspace)))
            except AggregatorError as error:
                failed(search, error)
    at = min((search.compared for search, _ in plans), default=0)
    number = 0
    while plans and (arrived := saved.arrivals(at)):
        still_here()
        number += _match(workspace, plans, arrived)
        at = arrived[-1].id
    saved.forget_arrivals()
    return number


def _match(
    workspace: Workspace, plans: Sequence[tuple[SavedSearch, SearchPlan]], arrived: Sequence[Arrival]
) -> int:
    store, number = workspace.store, 0
    ids = dict.fromkeys(one.article_id for one in arrived)
    stored = [one for one in map(store.get_article, ids) if one]
    changed = {one.article.id for one in stored if one.revision > 1}
    with _index_of(stored, workspace) as now, _before(changed, workspace) as before:
        for search, plan in plans:
            first = _first_revisions(arrived, search)
            found = _asked(now, plan).intersection(first)
            found -= store.saved.known_matches(search.id, found)
            found -= before(search, plan, {one: first[one] for one in found & changed})
            store.saved.note_matches(search.id, [one for one in first if one in found], arrived[-1].id)
            number += len(found)
    return number


def _first_revisions(arrived: Sequence[Arrival], search: SavedSearch) -> dict[str, int]:
    """Those of these articles that the search was not compared with yet, and since which revision."""
    first: dict[str, int] = {}
    for one in arrived:
        if one.id > search.compared:
            first.setdefault(one.article_id, one.revision)
    return first


def _asked(index: LocalIndex, plan: SearchPlan) -> set[str]:
    return set(index.ids(plan))


@contextmanager
def _index_of(stored: Iterable[StoredArticle], workspace: Workspace) -> Iterator[LocalIndex]:
    """A throw-away index of these."""
    with tempfile.TemporaryDirectory(prefix="aggregator-alerts-", ignore_cleanup_errors=True) as folder:
        index = LocalIndex(Path(folder))
        with index.writing() as writer:
            writer.add(to_document(one, workspace.registry) for one in stored)
        yield index


Before = Callable[[SavedSearch, SearchPlan, Mapping[str, int]], set[str]]


@contextmanager
def _before(changed: Collection[str], workspace: Workspace) -> Iterator[Before]:
    """Tells which articles a search found already in a form that was there when it was saved.

    What it is given are articles, each with its first revision that may be new to the search.
    """
    past: dict[str, StoredArticle] = {}
    for article_id in changed:
        for one in workspace.store.revisions(article_id)[:-1]:
            key = f"{article_id}.{one.revision}"
            past[key] = replace(one, article=replace(one.article, id=key))
    if not past:
        yield lambda search, plan, since: set()
        return
    with _index_of(past.values(), workspace) as index:

        def before(search: SavedSearch, plan: SearchPlan, since: Mapping[str, int]) -> set[str]:
            if not since:
                return set()
            found = [(key.partition(".")[0], past[key]) for key in _asked(index, plan)]
            return {
                article_id
                for article_id, one in found
                if one.revision < since.get(article_id, 0) and one.first_seen <= search.created
            }

        yield before
