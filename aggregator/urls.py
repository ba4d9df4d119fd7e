"""Cleaning and identity of addresses. Pure; used by extraction and by the crawl alike."""
