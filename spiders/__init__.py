"""The spiders: they find and fetch pages, and never parse an article."""
