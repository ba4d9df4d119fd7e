"""Names in texts: organisations, places and the people who are quoted."""
