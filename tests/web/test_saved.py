"""Saving searches through the web: the form, the page, the feeds, the API, and who may write."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import feedparser
import pytest
from lxml import html

from aggregator.alerts.deliver import deliver
from aggregator.web import saved as web_saved
from aggregator.web.gate import Access
from aggregator.web.service import Service
from tests.alerts.conftest import put, water
from tests.web.conftest import SCRIPT, Answer, Client, serving

NAME = "کارگاه‌های البرز"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OURS = {**FORM, "Sec-Fetch-Site": "same-origin"}
TOKEN = "a-token-of-many-letters"


@pytest.fixture(autouse=True)
def nothing_saved(service: Service) -> Iterator[None]:
    """The workspace is shared: each test finds it without saved searches, and leaves it so."""
    yield
    for one in service.workspace.store.saved.all():
        service.workspace.store.saved.remove(one.id)


def send(client: Client, path: str = "/saved", headers: dict[str, str] = OURS, **given: str) -> Answer:
    return client.ask("POST", path, headers, urlencode(given).encode())


def fields_of(page: Answer, action: str) -> dict[str, str]:
    """What the form with this action sends as it stands."""
    (form,) = html.fromstring(page.text).xpath(f"//form[@action='{action}']")
    assert form.method == "POST"
    return {name: value or "" for name, value in form.form_values()}


def all_saved(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/saved").json["saved"]
    return found


def test_the_form_on_the_search_page_saves_what_is_seen(client: Client) -> None:
    asked = {"q": "کارگاه", "province": "البرز", "since": "۱۳۹۹/۰۳", "match": "any", "sort": "date"}
    page = client.get("/", **asked)
    given = fields_of(page, "/saved")
    answer = send(client, **{**given, "name": NAME})
    assert (answer.status, answer.headers["Location"]) == (303, "/saved")
    (found,) = all_saved(client)
    assert found["name"] == NAME
    assert found["parameters"] == {name: value for name, value in asked.items() if name != "sort"}
    assert found["articles"] == client.get("/api/search", **asked).json["total"] > 0
    assert found["targets"] == []
    shown = html.fromstring(client.get("/saved").text)
    (link,) = shown.xpath("//main//h2/a")
    assert link.text_content() == NAME
    again = client.get(link.get("href"))
    assert f"{found['articles']}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) in again.text
    assert fields_of(again, "/saved") == given


def test_each_saved_search_has_feeds(client: Client) -> None:
    send(client, name=NAME, q="کارگاه", since="1399-03")
    (found,) = all_saved(client)
    same = [item["id"] for item in client.get("/api/feed.json", q="کارگاه", since="1399-03").json["items"]]
    assert [item["id"] for item in client.get(found["feeds"]["json"]).json["items"]] == same != []
    for form in ("rss", "atom"):
        answer = client.get(found["feeds"][form])
        read = feedparser.parse(answer.body)
        assert not read.bozo
        assert (read.feed.title, len(read.entries)) == (NAME, len(same))
        tag = answer.headers["ETag"]
        assert client.get(found["feeds"][form], {"If-None-Match": tag}).status == 304
    for path in (f"/saved/{found['id'] + 1}/feed.rss", "/saved/0/feed.rss", "/saved/x/feed.rss"):
        assert client.get(path).status in (404, 422)
    assert client.get(f"/saved/{found['id']}/feed.rss", q="دیگر").status == 422


def test_a_search_is_deleted(client: Client) -> None:
    send(client, name=NAME, q="کارگاه")
    (found,) = all_saved(client)
    path = f"/saved/{found['id']}/delete"
    assert fields_of(client.get("/saved"), path) == {}
    assert client.get(path).status == 405
    assert send(client, path).status == 303
    assert all_saved(client) == []
    assert send(client, path).status == 303
    assert client.get(found["feeds"]["rss"]).status == 404
    assert send(client, "/saved/99999999999999999999/delete").status == 422


def test_a_webhook_shows_its_secret_once(client: Client, service: Service) -> None:
    answer = send(client, name=NAME, q="کارگاه", webhook="https://hook.example.org/services/T0/SECRET?x=1")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    (saved,) = service.workspace.store.saved.all()
    (target,) = saved.targets
    assert target.public_only
    assert str(target.secret) in html.fromstring(answer.text).get_element_by_id("secret").text_content()
    for page in (client.get("/saved").text, json.dumps(all_saved(client))):
        assert "hook.example.org" in page
        assert "SECRET" not in page
        assert str(target.secret) not in page


def test_how_deliveries_fare_is_shown(empty_service: Service) -> None:
    with serving(empty_service) as client:
        send(client, name=NAME, q="آب", webhook="http://hook.example.invalid/")
        put(empty_service.workspace, water(1))
        report = deliver(empty_service.workspace)
        assert (report.matches, len(report.failures)) == (1, 1)
        (target,) = all_saved(client)[0]["targets"]
        assert (target["delivered"], target["waiting"], target["given_up"]) == (0, 1, 0)
        assert "hook.example.invalid cannot be reached" in target["error"]
        page = client.get("/saved").text
        assert "ناموفق:" in page
        assert "۱ خبر در انتظار" in page
        assert "1 article waits" in client.get("/saved", {"Cookie": "aggregator_language=en"}).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "باید ۱ تا ۲۰۰ نویسه"),
        ({"name": "x" * 201}, "باید ۱ تا ۲۰۰ نویسه"),
        ({"name": NAME, "since": "1399-13"}, "since: «1399-13» تاریخ نیست"),
        ({"name": NAME, "q": "از:دیروز"}, "تاریخ نیست"),
        ({"name": NAME, "q": "x" * 2001}, "q: نباید بیش از ۲۰۰۰ نویسه"),
        ({"name": NAME, "email": "x"}, "نشانی رایانامه"),
        ({"name": NAME, "email": "a@example.org"}, "smtp_host"),
        ({"name": NAME, "webhook": "javascript:alert(1)"}, "وب‌هوکی مانند"),
        ({"name": NAME, "webhook": "http://127.0.0.1:9200/"}, "شبکهٔ خصوصی"),
        ({"name": NAME, "webhook": "http://[::ffff:10.0.0.1]/"}, "شبکهٔ خصوصی"),
        ({"name": NAME, "webhook": "http://localhost/"}, "شبکهٔ خصوصی"),
    ],
)
def test_what_cannot_be_saved_is_told(client: Client, given: dict[str, str], said: str) -> None:
    answer = send(client, **given)
    assert answer.status == 422
    (problem,) = html.fromstring(answer.text).xpath("//*[@role='alert']")
    assert said in problem.text_content()
    assert problem.xpath(".//a")[0].get("href").startswith("/")
    assert all_saved(client) == []


def test_a_name_is_taken_once_and_there_is_an_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(client, name="شبکه‌های كارگری").status == 303
    assert send(client, name="شبکه های کارگری").status == 422
    monkeypatch.setattr(web_saved, "MOST_SAVED", 1)
    assert "جستجو ذخیره شده است و بیش از این نمی‌شود" in send(client, name="دیگر").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:{port}.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:{port}"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://localhost:{port}"}, 303),
    ],
)
def test_only_our_own_forms_may_write(client: Client, headers: dict[str, str], status: int) -> None:
    sent = {name: value.format(port=client.port) for name, value in headers.items()}
    sent |= {**FORM, "Host": f"localhost:{client.port}"}
    assert send(client, headers=sent, name=NAME).status == status
    assert len(all_saved(client)) == (status == 303)
    for one in all_saved(client):
        assert send(client, f"/saved/{one['id']}/delete", sent).status == 303
    if status == 403:
        assert send(client, "/saved/1/delete", sent).status == 403


def test_the_gate_is_before_it(service: Service) -> None:
    with serving(service, Access(TOKEN)) as client:
        assert send(client, name=NAME).headers["Location"].startswith("/login")
        assert client.get("/api/saved").status == 401
        assert client.get("/saved").status == 303
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert send(client, headers={**FORM, **bearer}, name=NAME).status == 303
        assert len(client.get("/api/saved", bearer).json["saved"]) == 1
    with serving(service, Access(rate=2)) as client:
        assert [send(client, name=f"{NAME} {n}").status for n in range(3)] == [303, 303, 429]


def test_a_form_has_an_end(client: Client) -> None:
    assert send(client, name="x" * 70_000).status == 413
    assert client.ask("POST", "/saved", OURS, b"\xff\xfe=%ff&name=%00").status == 422
    assert client.ask("POST", "/saved", OURS, b"").status == 422


def test_what_is_typed_is_text(client: Client) -> None:
    assert send(client, name=SCRIPT, q=SCRIPT, section=SCRIPT).status == 303
    page = client.get("/saved")
    assert "<script>alert" not in page.text
    assert not re.search(r"<img src=x", page.text)
    assert "&lt;script&gt;" in page.text
    (found,) = all_saved(client)
    assert feedparser.parse(client.get(found["feeds"]["rss"]).body).feed.title
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_search_that_can_no_longer_be_asked_is_shown_as_such(client: Client, service: Service) -> None:
    service.workspace.store.saved.add("کهنه", {"since": "nonsense"})
    (found,) = all_saved(client)
    assert found["articles"] is None
    assert "این جستجو دیگر خوانده نمی‌شود." in client.get("/saved").text
    assert client.get(found["feeds"]["rss"]).status == 404
