"""The HTTP API and the pages for readers: everything is read, nothing is written but the index."""
