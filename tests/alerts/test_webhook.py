"""Webhooks against a real server: signatures, failures, kills, two at once."""

import base64
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from aggregator.alerts import webhook
from aggregator.alerts.deliver import WAITS, deliver, wait_after
from aggregator.alerts.searches import save, selection
from aggregator.errors import FixCommandError
from aggregator.store.saved import SavedSearch
from aggregator.workspace import Workspace
from tests.alerts.conftest import Posted, Receiver, found, ids_of, messages, put, status, water
from tests.e2e.processes import begun, wait_until

DOCS = Path(__file__).resolve().parents[2] / "docs" / "alerts.md"


def watch(workspace: Workspace, *webhooks: str, name: str = "آب در استان", **more: object) -> SavedSearch:
    return save(workspace, name, selection({"q": "آب"}), webhooks=webhooks, **more)[0]  # type: ignore[arg-type]


class Clock:
    """A time that is set."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def documented_check(posted: Posted, secret: str) -> bool:
    """The code that docs/alerts.md tells receivers to use."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    verified: bool = names["is_genuine"](secret, posted.headers, posted.body)  # type: ignore[operator]
    return verified


def test_a_message_is_signed_and_says_what_was_found(either: Workspace, receiver: Receiver) -> None:
    search = watch(either, receiver.url)
    put(either, water(1, kicker="روتیتر", lead="لید"))
    report = deliver(either)
    assert (report.messages, report.articles, report.failures) == (1, 1, [])
    (posted,) = receiver.posted
    assert posted.path == "/hook?a=1"
    assert posted.headers["content-type"] == "application/json"
    assert posted.headers["user-agent"].startswith("persian-news-aggregator/")
    secret = str(search.targets[0].secret)
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert documented_check(posted, secret)
    assert not documented_check(posted, "whsec_" + base64.b64encode(b"another").decode())
    assert not documented_check(Posted("", posted.headers, posted.body + b" "), secret)
    old = {**posted.headers, "webhook-timestamp": str(int(time.time()) - 3600)}
    assert not documented_check(Posted("", old, posted.body), secret)
    told = posted.json
    assert (told["type"], told["data"]["search"]["name"]) == ("search.matched", "آب در استان")
    assert told["data"]["search"]["parameters"] == {"q": "آب"}
    (article,) = told["data"]["articles"]
    assert article["headline"] == "کمبود آب، خبر 1"
    assert article["date_published_jalali"] == "1405-08-10"
    assert (article["kicker"], article["lead"], article["organisation"]) == ("روتیتر", "لید", "office")
    assert deliver(either).messages == 0
    assert secret not in repr(search)


def test_many_matches_come_in_several_messages_in_order(either: Workspace, receiver: Receiver) -> None:
    search = watch(either, receiver.url)
    put(either, *(water(number) for number in range(250)))
    report = deliver(either)
    assert (report.messages, report.articles) == (3, 250)
    assert [len(posted.ids) for posted in receiver.posted] == [100, 100, 50]
    assert receiver.delivered() == found(either, search) == ids_of(*(water(number) for number in range(250)))
    assert len({posted.key for posted in receiver.posted}) == 3


def test_a_failure_is_tried_again_later_and_later(
    either: Workspace, receiver: Receiver, clock: Clock
) -> None:
    search = watch(either, receiver.url)
    put(either, water(1))
    receiver.answers += [status(500)] * 20
    report = deliver(either, clock)
    assert report.failures == ["آب در استان: 127.0.0.1 answered 500 Internal Server Error"]
    assert deliver(either, clock).failures == []  # not due
    put(either, water(2))
    waited = []
    while not messages(either, search)[0].given_up:
        (message,) = messages(either, search)
        assert message.next_attempt is not None
        waited.append((message.next_attempt - clock.now).total_seconds())
        clock.now = message.next_attempt
        assert len(deliver(either, clock).failures) == 1
    assert waited == [pytest.approx(wait, abs=10) for wait in WAITS]
    assert len(receiver.posted) == len(WAITS) + 1 == 10
    assert len({(posted.key, posted.body) for posted in receiver.posted}) == 1
    progress = either.store.saved.progress()[search.targets[0].id]
    assert (progress.delivered, progress.given_up, progress.waiting) == (0, 1, 1)
    receiver.answers.clear()
    deliver(either, clock)  # what was found later goes on without it
    assert receiver.posted[-1].ids == ids_of(water(2))
    assert either.store.saved.retry(search.id, clock.now) == 1
    deliver(either, clock)
    assert receiver.posted[-1].ids == ids_of(water(1))
    assert receiver.posted[-1].key == receiver.posted[0].key
    progress = either.store.saved.progress()[search.targets[0].id]
    assert (progress.delivered, progress.given_up, progress.waiting) == (2, 0, 0)


def test_a_target_is_asked_as_late_as_it_says(workspace: Workspace, receiver: Receiver, clock: Clock) -> None:
    search = watch(workspace, receiver.url)
    put(workspace, water(1))
    receiver.answers += [
        status(429, Retry_After="7200"),
        status(503, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"),
    ]
    waits = []
    for _ in range(2):
        deliver(workspace, clock)
        (message,) = messages(workspace, search)
        assert message.next_attempt is not None
        waits.append((message.next_attempt - clock.now).total_seconds())
        clock.now = message.next_attempt
    assert waits == [pytest.approx(7200, abs=10), pytest.approx(24 * 3600, abs=10)]
    assert deliver(workspace, clock).messages == 1
    assert wait_after(1, -5) == timedelta(seconds=WAITS[0])


def test_a_target_that_is_gone_is_left_in_peace(workspace: Workspace, receiver: Receiver) -> None:
    search = watch(workspace, receiver.url)
    put(workspace, water(1))
    receiver.answers += [status(410)]
    assert "wants no more" in deliver(workspace).failures[0]
    put(workspace, water(2))
    assert deliver(workspace).failures == []
    assert len(receiver.posted) == 1
    assert workspace.store.saved.named("آب در استان").targets[0].gone_at  # type: ignore[union-attr]
    workspace.store.saved.retry(search.id, datetime.now(UTC))
    deliver(workspace)
    assert receiver.delivered() == ids_of(water(1), water(1), water(2))


def test_one_target_in_trouble_does_not_hold_up_another(workspace: Workspace, receiver: Receiver) -> None:
    watch(workspace, "http://127.0.0.1:1/", receiver.url)
    put(workspace, water(1))
    report = deliver(workspace)
    assert (report.messages, len(report.failures)) == (1, 1)
    assert receiver.delivered() == ids_of(water(1))


def test_redirects_are_not_followed(workspace: Workspace, receiver: Receiver) -> None:
    search = watch(workspace, receiver.url)
    put(workspace, water(1))
    receiver.answers += [status(302, Location=receiver.url)]
    assert "redirects are not followed" in deliver(workspace).failures[0]
    assert len(receiver.posted) == 1
    assert messages(workspace, search)[0].delivered_at is None


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"x: y\r\n")
        time.sleep(0.1)


def test_an_answer_without_end_costs_little(
    workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(workspace, receiver.url)
    put(workspace, water(1))
    receiver.answers += [endless]
    assert deliver(workspace).messages == 1  # its status is all that counts
    put(workspace, water(2))
    receiver.answers += [dripping]
    monkeypatch.setattr(webhook, "DEADLINE", 0.7)
    began = time.monotonic()
    assert "did not answer within" in deliver(workspace).failures[0]
    assert time.monotonic() - began < 10


def test_nothing_is_sent_into_a_private_network_for_the_web(
    workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for private in (
        receiver.url,
        "http://[::1]/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://169.254.169.254/",
    ):
        with pytest.raises(FixCommandError, match="private"):
            watch(workspace, private, public_only=True)
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: resolve("127.0.0.1", *rest, **more)
    )  # a name that anybody can point here
    watch(workspace, f"http://hook.example.org:{receiver.port}/", public_only=True)
    put(workspace, water(1))
    assert "is the private address 127.0.0.1" in deliver(workspace).failures[0]
    assert receiver.posted == []


def test_a_certificate_that_nobody_knows_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    from tests.certificates import untrusted_server

    with untrusted_server(tmp_path) as address:
        watch(workspace, address)
        put(workspace, water(1))
        assert "certificate verify failed" in deliver(workspace).failures[0]


# --- processes ----------------------------------------------------------------------------------------------


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Answers that wait until a test has ended."""
    event = threading.Event()
    yield event
    event.set()


def running(workspace: Workspace) -> dict[str, str]:
    return {"database": workspace.settings.database_url}


def test_a_kill_loses_nothing_and_repeats_one_message_at_most(
    either: Workspace, receiver: Receiver, held: threading.Event
) -> None:
    search = watch(either, receiver.url)
    articles = [water(number) for number in range(250)]
    put(either, *articles)
    receiver.answers += [status(200), lambda handler: held.wait(60)]  # type: ignore[list-item, return-value]
    with begun("alerts", data=either.settings.data, **running(either)) as process:
        wait_until(lambda: len(receiver.posted) == 2, process)
        os.killpg(process.pid, signal.SIGKILL)
    assert messages(either, search)[0].delivered_at
    assert deliver(either).articles == 150  # the dead one's lease is nobody's
    first, second, again, third = receiver.posted
    assert (again.key, again.body) == (second.key, second.body)
    assert [*first.ids, *again.ids, *third.ids] == ids_of(*articles)
    assert len({first.key, second.key, third.key}) == 3
    assert deliver(either).messages == 0


def test_two_at_once_deliver_once(either: Workspace, receiver: Receiver) -> None:
    watch(either, receiver.url)
    articles = [water(number) for number in range(120)]
    put(either, *articles)

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)
        status(200)(handler)

    receiver.answers += [slowly] * 3
    data, settings = either.settings.data, running(either)
    with begun("alerts", data=data, **settings) as one, begun("alerts", data=data, **settings) as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)
    assert receiver.delivered() == ids_of(*articles)


def test_who_finds_another_at_work_leaves_it_alone(workspace: Workspace, receiver: Receiver) -> None:
    watch(workspace, receiver.url)
    put(workspace, water(1))
    reports = []
    receiver.answers += [lambda handler: (reports.append(deliver(workspace)), status(200)(handler))]  # type: ignore[list-item, func-returns-value]
    assert deliver(workspace).messages == 1
    assert [report.busy for report in reports] == [True]
    assert len(receiver.posted) == 1
