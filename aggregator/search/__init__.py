"""The query language and the results."""
