"""Pages to archive, and archives of them."""

import random
from datetime import UTC, datetime
from pathlib import Path

from aggregator.crawl.archive import PageArchive, archive_files
from aggregator.model import Page, SentRequest

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
BODY = "<p>سلام</p>".encode()


def page(number: int = 1, body: bytes = BODY, when: datetime = NOW, url: str | None = None) -> Page:
    headers = {"content-type": "text/html; charset=utf-8", "x-note": "سلام"}
    sent = SentRequest(headers={"user-agent": "test", "accept": "*/*"})
    address = url or f"https://example.ir/news/{number}?lang=fa"
    return Page(address, body, when, "sample", headers=headers, sent=sent)


def write(folder: Path, *pages: Page) -> Path:
    """The file of a process that archived these pages and ended well."""
    archive = PageArchive(folder)
    for each in pages:
        archive.write(each)
    archive.close()
    return archive_files(folder)[-1]


def noisy(number: int) -> Page:
    """A page that takes a while to be written."""
    return page(number, random.Random(number).randbytes(200_000))
