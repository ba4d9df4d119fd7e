"""The portal over real sockets."""

import gzip
import http.client
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from aggregator.demo.server import Portal
from aggregator.demo.site import Answer, Site

MakeSite = Callable[..., Site]


def ask(
    portal: Portal, source: str, target: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(portal.site(source).base_url).netloc, timeout=10)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers=names)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_every_site_answers_under_its_own_port(portal: Portal) -> None:
    ports = {urlsplit(source.url).port for source in portal.sources()}
    assert len(ports) == len(portal.sites)
    for source in portal.sources():
        response, body = ask(portal, source.id, "/")
        assert response.status == 200
        assert body


def test_pages_carry_the_real_address(portal: Portal) -> None:
    site = portal.site("min-roads")
    response, body = ask(portal, "min-roads", site.items[0].href)
    assert response.status == 200
    assert f'rel="canonical" href="{site.base_url}/news/' in body.decode()


def test_conditional_requests(portal: Portal) -> None:
    target = portal.site("mcls").items[0].href
    response, body = ask(portal, "mcls", target)
    tag, modified = response.headers["ETag"], response.headers["Last-Modified"]
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
        again, nothing = ask(portal, "mcls", target, **headers)
        assert (again.status, nothing) == (304, b"")
    stale, same = ask(portal, "mcls", target, If_None_Match='"other"', If_Modified_Since=modified)
    assert (stale.status, same) == (200, body)


def test_an_edit_is_seen_by_a_conditional_request(portal: Portal) -> None:
    site = portal.site("min-roads")
    (item,) = (item for item in site.items if item.story.edition)
    tag = ask(portal, "min-roads", item.href)[0].headers["ETag"]
    assert portal.publish_edit() == 1
    response, body = ask(portal, "min-roads", item.href, If_None_Match=tag)
    assert response.status == 200
    assert "موکول شد" in body.decode()


def test_head_says_what_get_would(portal: Portal) -> None:
    head, nothing = ask(portal, "tvto", "/", method="HEAD")
    get, body = ask(portal, "tvto", "/")
    assert nothing == b""
    assert int(head.headers["Content-Length"]) == len(body)
    assert head.headers["ETag"] == get.headers["ETag"]


def test_gzip_only_where_it_is_accepted(portal: Portal) -> None:
    plain, body = ask(portal, "cspf", "/news/")
    zipped, packed = ask(portal, "cspf", "/news/", Accept_Encoding="gzip, br")
    assert plain.headers["Content-Encoding"] is None
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == body


def test_requests_are_recorded(portal: Portal) -> None:
    ask(portal, "mcls", "/robots.txt", User_Agent="sample")
    ask(portal, "mcls", "/nowhere")
    first, second = portal.requests("mcls")
    assert (first.method, first.target, first.status, first.user_agent) == (
        "GET",
        "/robots.txt",
        200,
        "sample",
    )
    assert (second.target, second.status) == ("/nowhere", 404)
    assert second.at >= first.at
    assert portal.requests("tvto") == ()


def test_a_login_wall_is_a_redirect(portal: Portal) -> None:
    site = portal.site("mcls-alborz")
    _, listing = ask(portal, "mcls-alborz", "/archive")
    target = next(part for part in listing.decode().split('"') if "/9800001-" in part)
    response, _ = ask(portal, "mcls-alborz", target)
    assert response.status == 302
    assert response.headers["Location"].startswith("/login?")
    assert site.respond(response.headers["Location"]).status == 200


def test_many_requests_at_once(synthetic_site: MakeSite) -> None:
    with Portal([synthetic_site("nastooh", 60)]) as portal:
        targets = [item.href for item in portal.sites[0].items] * 3
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda target: ask(portal, "nastooh", target)[0].status, targets))
        assert answers == [200] * 180
        assert len(portal.requests("nastooh")) == 180


def test_ports_are_given_back(synthetic_site: MakeSite) -> None:
    portal = Portal([synthetic_site("saman", 3), synthetic_site("sarir", 3)])
    with portal:
        ports = [urlsplit(source.url).port for source in portal.sources()]
        idle = socket.create_connection(("127.0.0.1", ports[0] or 0))
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
    for port in ports:
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port or 0), timeout=2)
    idle.settimeout(5)
    while idle.recv(65536):
        pass  # a kept connection is ended, not left hanging
    idle.close()


def test_ports_follow_the_first(synthetic_site: MakeSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    with Portal([synthetic_site("saman", 3)], base_port=free) as portal:
        assert urlsplit(portal.sources()[0].url).port == free


def test_a_taken_port_is_an_error_and_leaves_nothing_open(synthetic_site: MakeSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            Portal([synthetic_site("saman", 3)], base_port=port).start()


def test_an_answer_may_be_late_have_further_headers_or_be_something_else(
    synthetic_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = synthetic_site("saman", 3)
    answers = {
        "/late": Answer(429, headers={"Retry-After": "1", "ETag": '"x"'}, wait=0.2),
        "/raw": Answer(200, raw=lambda connection: connection.sendall(b"HTTP/1.1 204 Nothing\r\n\r\n")),
    }
    monkeypatch.setattr(site, "respond", answers.__getitem__)
    with Portal([site]) as portal:
        response, _ = ask(portal, site.source_id, "/late")
        assert (response.status, response.headers["Retry-After"], response.headers["ETag"]) == (
            429,
            "1",
            '"x"',
        )
        assert ask(portal, site.source_id, "/raw")[0].status == 204
        late, _ = portal.requests(site.source_id)
    assert late.ended - late.at >= 0.2
