"""Collects the news of Iranian ministries and their provincial offices and makes it searchable."""

__version__ = "0.1.0"
