"""``aggregator revisions``: what became of one article on its site."""

from collections.abc import Iterator

from aggregator.changes import Edit, edits_record
from aggregator.commands.output import note, print_json, stdout
from aggregator.errors import FixCommandError
from aggregator.model import StoredArticle, iso_utc
from aggregator.store import Store
from aggregator.urls import article_id, clean_url


def print_revisions(store: Store, name: str, *, as_json: bool) -> int:
    """When it was first seen, what each revision changed, and when it was taken down."""
    stored = store.get_article(name) or _by_address(store, name)
    if stored is None:
        raise FixCommandError(
            f"no article has the id or address {name!r}; 'aggregator search --json' has ids"
        )
    changes = store.changes(stored.article.id)
    if as_json:
        print_json(edits_record(stored, changes))
        return 0
    for line in _lines(stored, changes):
        stdout().print(line, markup=False, highlight=False, soft_wrap=True)
    note(f"aggregator: {stored.revision} revisions, last seen {iso_utc(stored.last_seen)}")
    return 0


def _lines(stored: StoredArticle, changes: list[Edit]) -> Iterator[str]:
    yield f"{iso_utc(stored.first_seen)}  {stored.article.headline}"
    for edit in changes:
        yield f"{iso_utc(edit.seen)}  revision {edit.revision}"
        for change in edit.changes:
            yield from (f"  {change.field:<12} - {text}" for text in change.before)
            yield from (f"  {change.field:<12} + {text}" for text in change.after)
    if stored.deleted_at is not None:
        yield f"{iso_utc(stored.deleted_at)}  gone from its site"


def _by_address(store: Store, name: str) -> StoredArticle | None:
    url = clean_url(name)
    return (store.get_article(article_id(url)) or store.article_at(url)) if url else None
