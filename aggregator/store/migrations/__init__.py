"""Alembic's migrations, shipped with the package and run by ``aggregator.store.migrate``."""
