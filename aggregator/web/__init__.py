"""The HTTP API and the pages for readers: nothing is written but the index and saved searches."""
