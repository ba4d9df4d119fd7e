"""The truth: articles, revisions, page states and runs in a database. Only this room speaks SQL."""
