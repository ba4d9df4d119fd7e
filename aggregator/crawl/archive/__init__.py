"""The archive: every page of an article as it came, in WARC/1.1 files that any web-archiving tool can read.

Each record is a gzip member of its own. A process killed at any moment leaves a torn last record at worst,
and nobody ever appends to another process' file, so that whatever stands before a torn end can be read.
"""

from aggregator.crawl.archive.files import archive_files
from aggregator.crawl.archive.reading import pages_in_order, read_pages
from aggregator.crawl.archive.writer import PageArchive

__all__ = ["PageArchive", "archive_files", "pages_in_order", "read_pages"]
