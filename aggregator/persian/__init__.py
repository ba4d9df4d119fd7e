"""Persian text and dates: pure functions, used by extraction, index and search."""
