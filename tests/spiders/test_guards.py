"""Where a crawl does not go."""

import asyncio
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from aggregator.crawl.guards import AddressGuard, SiteGuard, is_public
from aggregator.crawl.outcomes import RefusedError
from aggregator.model import Source
from tests.certificates import untrusted_server

Crawl = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_private_addresses(address: str) -> None:
    assert not is_public(ip_address(address))


def crawler_of(url: str) -> Any:
    spider, signals = SimpleNamespace(source=Source("x", None, url)), SimpleNamespace(connect=lambda *_: None)
    return SimpleNamespace(spider=spider, signals=signals)


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest"])
def test_private_address_is_refused_unless_it_was_named(address: str) -> None:
    with pytest.raises(RefusedError) as refused:
        asyncio.run(AddressGuard(crawler_of("https://example.ir/")).process_request(Request(address)))
    assert refused.value.outcome == "private-address"
    asyncio.run(AddressGuard(crawler_of(address)).process_request(Request(address)))


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.ir/x", "scheme"),
        ("data:text/html,x", "scheme"),
        ("https://other.ir/", "offsite"),
        ("https://example.ir:8443/", "offsite"),
        ("https://sub.example.ir/", "offsite"),
        ("https://example.ir.evil.example/", "offsite"),
    ],
)
def test_other_sites_and_schemes_are_refused(url: str, outcome: str) -> None:
    with pytest.raises(RefusedError) as refused:
        SiteGuard(crawler_of("http://www.example.ir/")).process_request(Request(url))
    assert refused.value.outcome == outcome


def test_the_site_itself_is_not_refused() -> None:
    guard = SiteGuard(crawler_of("http://www.example.ir/"))
    for url in ("https://example.ir/a", "http://www.example.ir/b", "http://EXAMPLE.ir:80/c"):
        guard.process_request(Request(url))


@pytest.fixture
def https_url(tmp_path: Path) -> Iterator[str]:
    """A server whose certificate nobody vouches for."""
    with untrusted_server(tmp_path) as url:
        yield url


def test_certificates_are_verified(https_url: str, crawl: Crawl) -> None:
    run = crawl(https_url, scrapy={"RETRY_TIMES": 0})["run"]
    assert run["state"] == "failed"
    assert "tls" in run["reason"]
