"""Finding pages, fetching them politely, and keeping them."""
