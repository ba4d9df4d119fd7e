"""Who is let in, and how often; the command as a process."""

import os
import signal
import socket
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from aggregator.web.gate import CLIENTS, COOKIE, Access, Counter
from aggregator.web.server import listen
from aggregator.web.service import Service
from tests.e2e.processes import begun
from tests.web.conftest import Client, serving

TOKEN = "a-token-of-many-letters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def test_a_token_is_asked_for_everywhere(service: Service) -> None:
    with serving(service, Access(TOKEN)) as client:
        for path in (
            "/api/search",
            "/api/export.csv",
            "/api/articles/1",
            "/api/openapi.json",
            "/api/nothing",
        ):
            answer = client.get(path)
            assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        for path in ("/", "/sources", "/docs", "/articles/1", "/opensearch.xml", "/nothing"):
            answer = client.get(path)
            assert (answer.status, answer.headers["Location"]) == (
                303,
                f"/login?next=%2F{path[1:].replace('/', '%2F')}",
            )
        for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"):
            assert client.get("/api/search", {"Authorization": wrong}).status == 401
        assert client.get("/api/search", BEARER).status == 200
        assert client.get("/static/style.css").status == 200
        assert client.get("/api/search", {**BEARER, "Host": "news.example.ir"}).status == 200


def log_in(client: Client, body: str) -> tuple[int, str | None, str | None]:
    answer = client.ask(
        "POST", "/login", {"Content-Type": "application/x-www-form-urlencoded"}, body.encode()
    )
    return answer.status, answer.headers["Location"], answer.headers["Set-Cookie"]


def test_the_log_in_page_changes_the_token_for_a_cookie(service: Service) -> None:
    with serving(service, Access(TOKEN)) as client:
        assert client.get("/login", next="/sources").status == 200
        assert log_in(client, "token=wrong")[0] == 401
        assert log_in(client, "")[0] == 401
        assert log_in(client, "token=" + "x" * 5000)[0] == 413
        status, location, cookie = log_in(client, f"token={TOKEN}&next=/sources%3F")
        assert (status, location) == (303, "/sources?")
        assert cookie is not None
        assert TOKEN not in cookie
        assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
        assert client.get("/", {"Cookie": cookie.partition(";")[0]}).status == 200
        assert client.get("/", {"Cookie": f"{COOKIE}={TOKEN}"}).status == 303


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a%0d%0ab: c", ""]
)
def test_a_log_in_leads_nowhere_else(service: Service, target: str) -> None:
    with serving(service, Access(TOKEN)) as client:
        assert log_in(client, f"token={TOKEN}&next={target}")[1] == "/"


def test_without_a_token_only_this_machine_is_meant(client: Client) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "[::2]", ""):
        assert client.get("/api/search", {"Host": host}).status == 421
        assert client.get("/", {"Host": host}).status == 421
    for host in ("localhost", "LOCALHOST:1", "[::1]:8080", "127.0.0.1"):
        assert client.get("/api/search", {"Host": host}).status == 200


def test_a_proxy_is_believed_and_others_are_not_answered(service: Service) -> None:
    with serving(service, Access(proxies=("127.0.0.1",), rate=2)) as client:
        for address in ("192.0.2.1", "192.0.2.2"):
            headers = {"X-Forwarded-For": f"198.51.100.9, {address}", "Host": "news.example.ir"}
            assert [client.get("/api/search", headers).status for _ in range(3)] == [200, 200, 429]
        feed = client.get(
            "/api/feed.json",
            {"X-Forwarded-For": "192.0.2.3", "X-Forwarded-Proto": "https", "Host": "news.example.ir"},
        )
        assert feed.json["feed_url"].startswith("https://news.example.ir/")
    with serving(service, Access(proxies=("192.0.2.9",))) as client:
        assert client.get("/api/search", {"X-Forwarded-For": "192.0.2.9"}).status == 403
        assert client.get("/").status == 403


def test_too_many_requests_are_told_when_to_come_back(service: Service) -> None:
    with serving(service, Access(rate=5)) as client:
        statuses = [client.get("/api/sources").status for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        answer = client.get("/api/search")
        assert 0 < int(answer.headers["Retry-After"]) <= 13
        assert client.get("/").status == 429


def test_the_counter_forgives_and_forgets() -> None:
    now = [0.0]
    counter = Counter(60, lambda: now[0])
    assert [counter.wait("a") for _ in range(60)] == [0] * 60
    assert counter.wait("a") == pytest.approx(1)
    assert counter.wait("b") == 0
    now[0] = 2.0
    assert [bool(counter.wait("a")) for _ in range(3)] == [False, False, True]
    for number in range(CLIENTS):
        counter.wait(str(number))
    assert counter.wait("a") == 0


# --- the command --------------------------------------------------------------------------------------------


def test_serve_answers_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    with begun("serve", "--port", "0", data=tmp_path / "data") as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        with urlopen(f"{address}api/search") as answer:
            assert answer.status == 200
        # A connection that is kept open does not hold it up.
        port = int(address.rstrip("/").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as kept:
            kept.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert kept.recv(12) == b"HTTP/1.1 200"
            os.kill(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err


def test_answers_on_a_kept_connection_are_not_held_back() -> None:
    # asyncio turns Nagle's algorithm off for sockets that say that they are of TCP only.
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def refused(tmp_path: Path, *arguments: str, **settings: str) -> str:
    """What ``serve`` says in its one line when it does not begin."""
    with begun("serve", *arguments, data=tmp_path / "data", **settings) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    return err


def test_serve_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}: the port is in use" in refused(tmp_path, "--port", port)
    assert "AGGREGATOR_WEB_TOKEN" in refused(tmp_path, "--host", "0.0.0.0", "--port", "0")
    assert "could be guessed" in refused(tmp_path, web_token="short")


def test_serve_lets_other_machines_in_with_a_token(tmp_path: Path) -> None:
    with begun(
        "serve", "--host", "0.0.0.0", "--port", "0", data=tmp_path / "data", web_token=TOKEN
    ) as process:
        assert process.stdout
        port = int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2])
        assert Client(port).get("/api/search").status == 401
        assert Client(port, BEARER).get("/api/search").status == 200
        process.send_signal(signal.SIGTERM)
        try:
            _, err = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            pytest.fail("it did not end")
    assert TOKEN not in err
