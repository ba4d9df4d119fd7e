"""The database: articles with all their revisions, the ledger of pages, and runs. Nobody else speaks SQL.

``Store.open("sqlite:///path/to/news.db")`` creates or migrates the database and gives everything there is.
"""

from aggregator.store.articles import Order, Outcome
from aggregator.store.store import Store

__all__ = ["Order", "Outcome", "Store"]
