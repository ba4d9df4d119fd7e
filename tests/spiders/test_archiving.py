"""What a crawl leaves in the archive: what was sent and what came; two crawls at once, a full disk."""

import random
import resource
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from small_site import PATIENCE, Answer, Site, path_of
from warcio.archiveiterator import ArchiveIterator

from aggregator.crawl.archive import archive_files, read_pages
from aggregator.crawl.archive.check import check_file
from aggregator.crawl.archive.index import find, is_indexed
from aggregator.crawl.archive.reading import page_at
from aggregator.store import Store

Crawl = Callable[..., dict[str, Any]]
Start = Callable[..., "subprocess.Popen[str]"]
PAGE = "/news/1/dore-amoozeshi"


def archived_urls(data: Path) -> list[str]:
    return [page.url for path in archive_files(data / "archive") for page in read_pages(path)]


@pytest.fixture
def heard() -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """The address of a site with one article, and by path the headers of the requests it gets."""
    headers: dict[str, dict[str, str]] = {}
    site = Site(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers[self.path] = {name.lower(): value for name, value in self.headers.items()}
            answer = site.answer(self.path)
            assert isinstance(answer.body, str)
            body = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Set-Cookie": "seen=1; Path=/"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    yield site.url, headers
    server.shutdown()
    server.server_close()


def test_the_request_is_archived_as_it_was_sent(
    heard: tuple[str, dict[str, dict[str, str]]], crawl: Crawl, data: Path
) -> None:
    url, headers = heard
    assert crawl(url + "/")["run"]["new"] == 1
    (path,) = archive_files(data / "archive")
    with path.open("rb") as file:
        requests = [record for record in ArchiveIterator(file) if record.rec_type == "request"]
    (request,) = requests
    assert request.http_headers.protocol == "GET"
    assert request.http_headers.statusline == f"{PAGE} HTTP/1.1"
    sent = dict(request.http_headers.headers)
    assert sent == {name: value for name, value in headers[PAGE].items() if name != "connection"}
    assert sent["cookie"] == "seen=1"
    assert "persian-news-aggregator" in sent["user-agent"]


def test_a_crawl_leaves_an_index(site: Site, crawl: Crawl, data: Path) -> None:
    crawl(site.url + "/")
    (path,) = archive_files(data / "archive")
    assert is_indexed(path)
    (entry,) = find(data / "archive", site.url + path_of(3))
    assert page_at(entry).body.decode() == site.article(3)


def test_two_crawls_at_once_write_files_of_their_own(site: Site, start: Start, data: Path) -> None:
    site.add(10)
    with Site(12).running() as second:
        sources = [
            {"id": name, "organisation": None, "url": one.url + "/"}
            for name, one in (("first", site), ("second", second))
        ]
        crawls = [start(source) for source in sources]
        results = [process.communicate(timeout=PATIENCE) for process in crawls]
        expected = {one.url + path_of(number) for one in (site, second) for number in one.articles}
    assert [process.returncode for process in crawls] == [0, 0], results
    files = archive_files(data / "archive")
    assert len(files) == 2
    assert all(check_file(path).is_whole for path in files)
    urls = archived_urls(data)
    assert (set(urls), len(urls)) == (expected, len(expected))


def test_a_full_disk_ends_the_crawl_with_a_reason_and_the_next_goes_on(
    site: Site, start: Start, crawl: Crawl, store: Store, data: Path
) -> None:
    site.add(10)
    chance = random.Random(1)
    for number in site.articles:  # so big that it is the archive which fills up
        noise = f"<!-- {chance.randbytes(300_000).hex()} --></html>"
        site.paths[path_of(number)] = Answer(site.article(number).replace("</html>", noise))
    process = start(site.url + "/")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (2_500_000, 2_500_000))  # no file may be longer
    out, log = process.communicate(timeout=PATIENCE)
    assert '"state": "failed"' in out, log
    assert "archive: [Errno 27] File too large: '" in out
    assert ".warc.gz'" in out
    kept = {stored.article.url for stored in store.articles()}
    assert 0 < len(kept) < 15
    assert kept <= set(archived_urls(data))
    assert all(check_file(path).is_whole for path in archive_files(data / "archive"))

    assert crawl(site.url + "/")["run"]["new"] == 15 - len(kept)
    assert {stored.article.url for stored in store.articles()} == {
        site.url + path_of(number) for number in site.articles
    }
    assert {stored.revision for stored in store.articles()} == {1}
    assert set(archived_urls(data)) == {site.url + path_of(number) for number in site.articles}
