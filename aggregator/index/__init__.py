"""The derived search index. Only this room speaks to a search engine."""
