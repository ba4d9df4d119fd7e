"""The API over real HTTP: what it finds, and what it refuses."""

import csv
import gzip
import io
import json
from collections import Counter
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import pytest

from aggregator.errors import FixCommandError
from aggregator.index.local import LocalIndex
from aggregator.record import KEYS
from aggregator.web import answers
from aggregator.web.problems import problem_of
from aggregator.web.server import CatchingUp
from aggregator.web.service import Service
from tests.e2e.processes import wait_until
from tests.making import make_stored
from tests.web.conftest import SCRIPT, Client, serving

WORKSHOPS = {"q": "کارگاه"}
KHORDAD = {"since": "۱۳۹۹/۰۳", "until": "1399-03-31"}


# --- searching ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["شبکه های اجتماعی", "شبکه‌های اجتماعی", "شبكههاي اجتماعي"])
def test_a_search_in_three_spellings_finds_the_same(client: Client, spelling: str) -> None:
    expected = client.get("/api/search", q="شبکه‌های اجتماعی", size=50).json
    answer = client.get("/api/search", q=spelling, size=50)
    assert answer.status == 200
    assert {hit["id"] for hit in answer.json["hits"]} == {hit["id"] for hit in expected["hits"]}
    assert answer.json["total"] > 1
    answers.SearchAnswer.model_validate(answer.json)


def test_days_are_taken_in_both_calendars_and_any_digits(client: Client) -> None:
    totals = {
        client.get("/api/search", since=since, until=until).json["total"]
        for since, until in (
            ("1399-03-01", "1399-03-31"),
            ("۱۳۹۹/۰۳", "۱۳۹۹/۳"),
            ("2020-05-21", "2020-06-20"),
            ("1399-03", "٢٠٢٠/٠٦/٢٠"),
        )
    }
    assert len(totals) == 1
    assert totals.pop() > 5
    assert len(client.get("/api/search", size="۳").json["hits"]) == 3


def test_filters_take_names_and_ids(client: Client) -> None:
    by_id = client.get("/api/search", organisation="mcls-alborz").json["total"]
    assert by_id == client.get("/api/search", organisation="تعاون،کارورفاه البرز").json["total"] > 0
    assert client.get("/api/search", province="البرز", source="mcls-alborz").json["total"] == by_id
    assert client.get("/api/search", mentions="کرج", sort="date").json["total"] > 0
    assert client.get("/api/search", q="کارگاه سیمرغ", match="any").json["total"] > 0


@pytest.mark.parametrize("sort", ["relevance", "date", "fresh"])
def test_cursors_lead_through_everything_once(client: Client, total: int, sort: str) -> None:
    path: str | None = f"/api/search?size=7&sort={sort}"
    seen: Counter[str] = Counter()
    while path:
        answer = client.get(path)
        seen.update(hit["id"] for hit in answer.json["hits"])
        path = next_link(answer.headers["Link"])
        assert (path is None) == (answer.json["next_cursor"] is None)
    assert len(seen) == total
    assert set(seen.values()) == {1}


def next_link(header: str) -> str | None:
    links = dict(reversed(one.strip().split("; rel=")) for one in header.split(","))
    return links['"next"'].strip("<>") if '"next"' in links else None


def test_an_empty_value_is_none_and_sizes_have_ends(client: Client, total: int) -> None:
    assert client.get("/api/search", q="", since="", organisation="", cursor="").json["total"] == total
    assert client.get("/api/search", size=0).json["hits"] == []
    assert len(client.get("/api/search", size=1000).json["hits"]) == total


# --- refusing -----------------------------------------------------------------------------------------------

WRONG = [
    ("/api/search?colour=blue", 422, "colour"),
    ("/api/search?size=1001", 422, "size"),
    ("/api/search?size=-1", 422, "size"),
    ("/api/search?size=many", 422, "size"),
    ("/api/search?sort=price", 422, "sort"),
    ("/api/search?match=some", 422, "match"),
    ("/api/search?since=1399-13-01", 422, "since"),
    ("/api/search?until=" + quote("۳۱ مهر"), 422, "until"),
    ("/api/search?q=a&q=b", 422, "q"),
    (f"/api/search?q={'a' * 2001}", 422, "q"),
    (f"/api/search?organisation={'a' * 301}", 422, "organisation"),
    (f"/api/search?q=%20%20since:{quote('فردا')}", 400, "q"),
    ("/api/search?q=" + "(" * 51, 400, "q"),
    ("/api/search?cursor=none", 400, "cursor"),
    ("/api/search?cursor=W10", 400, "cursor"),
    ("/api/articles/1234", 404, "id"),
    ("/api/articles/1234/revisions", 404, "id"),
    ("/api/articles/..%2F..%2Fetc%2Fpasswd", 404, None),
    ("/api/articles/%00", 404, "id"),
    ("/api/organisations?x=1", 422, "x"),
    ("/api/sources?x=1", 422, "x"),
    ("/api/stats?size=3", 422, "size"),
    ("/api/export.csv?cursor=x", 422, "cursor"),
    ("/api/export.exe", 422, "form"),
    ("/api/feed.rss?size=201", 422, "size"),
    ("/api/openapi.json?x=1", 422, "x"),
    ("/api/nothing", 404, None),
]


@pytest.mark.parametrize(("path", "status", "parameter"), WRONG)
def test_what_is_wrong_is_named(client: Client, path: str, status: int, parameter: str | None) -> None:
    answer = client.get(path)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answers.Problem.model_validate(answer.json)
    assert (problem.status, problem.parameter) == (status, parameter)
    assert problem.detail


def test_a_wrong_query_is_told_with_its_place(client: Client) -> None:
    query = "آب until:abc"
    assert query[client.get("/api/search", q=query).json["position"] :] == "abc"


def test_several_mistakes_are_told_at_once(client: Client) -> None:
    found = client.get("/api/search", size="x", colour="blue", since="never").json["errors"]
    assert {one["parameter"] for one in found} == {"size", "colour", "since"}


def test_only_reading_is_allowed(client: Client) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.ask(method, "/api/search")
        assert answer.status == 405
        assert answer.json["status"] == 405


# --- articles -----------------------------------------------------------------------------------------------


def test_an_article_is_its_export_record(client: Client, edited_id: str) -> None:
    answer = client.get(f"/api/articles/{edited_id}")
    found = answers.ArticleAnswer.model_validate(answer.json)
    assert set(answer.json) == {*KEYS, "provenance"}
    assert found.revision == 2
    assert found.headline.endswith("(اصلاحیه)")


def test_an_article_that_is_known_is_not_sent_again(client: Client, edited_id: str) -> None:
    path = f"/api/articles/{edited_id}"
    tag = client.get(path).headers["ETag"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        answer = client.get(path, {"If-None-Match": known})
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", tag)
    assert client.get(path, {"If-None-Match": '"other"'}).status == 200


def test_revisions_show_the_sentences(client: Client, edited_id: str) -> None:
    answer = client.get(f"/api/articles/{edited_id}/revisions").json
    answers.RevisionsAnswer.model_validate(answer)
    (edit,) = answer["revisions"]
    assert {(change["field"], change["kind"]) for change in edit["changes"]} == {
        ("headline", "replaced"),
        ("body", "added"),
    }
    assert ["افزوده شد."] in [change["after"] for change in edit["changes"]]


# --- who publishes, and how much ----------------------------------------------------------------------------


def test_organisations_and_sources(client: Client) -> None:
    organisations = answers.OrganisationsAnswer.model_validate(client.get("/api/organisations").json)
    assert {one.id: one.articles for one in organisations.organisations}["mcls-alborz"] > 0
    sources = answers.SourcesAnswer.model_validate(client.get("/api/sources").json).sources
    failing = {one.id: one for one in sources}["mcls-alborz"]
    assert failing.crawled
    assert [one.kind for one in failing.findings] == ["failing"]
    assert failing.last_error == SCRIPT
    assert not {one.id: one for one in sources}["mcls-qom"].crawled


def test_lists_are_in_persian_order(client: Client) -> None:
    names = [one["name"] for one in client.get("/api/organisations").json["organisations"]]
    first_letters = [name[0] for name in names if name[0] in "ابپتجچرزسشصفکگمنو"]
    alphabet = "اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
    assert first_letters == sorted(first_letters, key=alphabet.index)


def test_stats_add_up(client: Client) -> None:
    found = answers.StatsAnswer.model_validate(client.get("/api/stats", **WORKSHOPS, **KHORDAD).json)
    assert found.days is not None
    assert sum(one.count for one in found.days) == found.total > 0
    assert [(one.month, one.count) for one in found.months] == [("1399-03", found.total)]
    assert all(one.jalali.startswith("1399-03-") for one in found.days)
    assert client.get("/api/stats").json["days"] is None


# --- exports and feeds --------------------------------------------------------------------------------------


def test_exports_hold_what_the_search_finds(client: Client) -> None:
    wanted = {hit["id"] for hit in client.get("/api/search", **WORKSHOPS, size=1000).json["hits"]}
    lines = client.get("/api/export.jsonl", **WORKSHOPS).text.splitlines()
    assert {json.loads(line)["id"] for line in lines} == wanted
    assert len(lines) == len(wanted)
    table = client.get("/api/export.csv", **WORKSHOPS)
    assert table.body.startswith(b"\xef\xbb\xbf")
    assert table.headers["Content-Disposition"] == 'attachment; filename="news.csv"'
    rows = csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"), newline=""))
    assert {row["id"] for row in rows} == wanted


def test_an_export_that_is_too_large_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.service.EXPORT_LIMIT", 3)
    assert client.get("/api/export.csv").status == 422
    assert client.get("/api/export.csv", q="سیمرغناموجود").status == 200


def test_more_exports_than_slots_one_after_another(client: Client) -> None:
    for method in ("GET", "HEAD"):
        for _ in range(6):
            assert client.ask(method, "/api/export.jsonl?size=").status == 422
            assert client.ask(method, "/api/export.jsonl?q=%D8%A2%D8%A8").status == 200


def test_feeds_are_read_by_feed_readers(client: Client) -> None:
    newest = [hit["id"] for hit in client.get("/api/search", **WORKSHOPS, sort="date", size=5).json["hits"]]
    rss = feedparser.parse(client.get("/api/feed.rss", **WORKSHOPS, size=5).body)
    atom = feedparser.parse(client.get("/api/feed.atom", **WORKSHOPS, size=5).body)
    assert not rss.bozo
    assert not atom.bozo
    assert [entry.id for entry in rss.entries] == newest
    assert [entry.id.rpartition(":")[2] for entry in atom.entries] == newest
    assert [entry.published_parsed for entry in rss.entries] == [e.published_parsed for e in atom.entries]
    found = client.get("/api/feed.json", **WORKSHOPS, size=5).json
    assert [item["id"] for item in found["items"]] == newest
    assert found["feed_url"].startswith(f"http://127.0.0.1:{client.port}/api/feed.json?q=")


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_that_is_known_is_not_sent_again(client: Client, form: str) -> None:
    tag = client.get(f"/api/feed.{form}").headers["ETag"]
    assert client.get(f"/api/feed.{form}", {"If-None-Match": tag}).status == 304


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_hostile_articles_make_well_formed_feeds(client: Client, form: str) -> None:
    body = client.get(f"/api/feed.{form}", q=f"خصمانه {SCRIPT}", match="any", size=50).body
    ElementTree.fromstring(body)
    assert b"<script" not in body


# --- of HTTP ------------------------------------------------------------------------------------------------

PAGES = ("/", "/sources", "/docs", "/login", "/opensearch.xml", "/static/style.css", "/static/icon.svg")
EVERYWHERE = (
    *(*PAGES, "/nothing", "/api/nothing", "/api/openapi.json", "/api/feed.rss", "/api/export.csv"),
    *(f"/api/{name}" for name in ("search", "stats", "sources", "organisations")),
)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_head_is_get_without_a_body(client: Client, path: str) -> None:
    full, head = client.get(path), client.ask("HEAD", path)
    assert head.status == full.status
    assert head.body == b""
    for name in ("Content-Type", "ETag", "Link", "Content-Length"):
        assert head.headers[name] == full.headers[name]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_the_headers_of_safety(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Server"] is None


def test_answers_are_packed_where_that_is_accepted(client: Client) -> None:
    plain = client.get("/api/organisations")
    packed = client.get("/api/organisations", {"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2


def test_the_document_says_what_is_answered(client: Client) -> None:
    document = client.get("/api/openapi.json").json
    assert document["openapi"].startswith("3.1")
    operations = {path: operation["get"] for path, operation in document["paths"].items()}
    assert {"/api/search", "/api/articles/{id}", "/api/export.{form}", "/api/feed.{form}"} <= set(operations)
    for operation in operations.values():
        assert {"200", "422", "429", "503"} <= set(operation["responses"])
        assert list(operation["responses"]["422"]["content"]) == ["application/problem+json"]
    since = named(operations["/api/search"]["parameters"], "since")
    assert since["schema"]["examples"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def named(parameters: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [one for one in parameters if one["name"] == name]
    return found


def test_what_takes_too_long_is_ended(service: Service) -> None:
    with serving(service, time_limit=0.0) as client:
        answer = client.get("/api/search")
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "30"


def test_an_index_that_cannot_be_read_is_told(empty_service: Service) -> None:
    broken = empty_service.workspace.settings.index_dir / "v0-other"
    broken.mkdir(parents=True)
    (broken / "meta.json").write_text("{}")
    with serving(empty_service) as client:
        answer = client.get("/api/search")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
        assert "aggregator reindex" in answer.json["detail"]
        assert client.get("/").status == 503


def test_without_articles_everything_answers(empty_service: Service) -> None:
    with serving(empty_service) as client:
        assert client.get("/api/search").json["total"] == 0
        assert client.get("/api/export.jsonl").body == b""
        for path in ("/", "/sources", "/api/stats", "/api/feed.rss", "/api/feed.atom", "/api/feed.json"):
            assert client.get(path).status == 200


def test_what_is_wrong_with_the_settings_stays_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    problem = problem_of(FixCommandError("the file /etc/secret cannot be read"))
    assert problem.status == 500
    assert "/etc/secret" not in problem.detail
    assert "/etc/secret" in caplog.text


class Rounds(Service):
    """Counts how often it tried to catch up."""

    number = 0

    def catch_up(self) -> str | None:
        self.number += 1
        return super().catch_up()


def test_what_is_stored_meanwhile_is_found(empty_service: Service) -> None:
    workspace, told = empty_service.workspace, list[str]()
    vars(workspace)["index"] = LocalIndex(workspace.settings.index_dir, patience=0.01)
    workspace.store.put_articles([make_stored(1)])
    rounds = Rounds(workspace)
    with ExitStack() as stack:
        with LocalIndex(workspace.settings.index_dir).writing():
            stack.enter_context(CatchingUp(rounds, told.append, every=0.01))
            wait_until(lambda: rounds.number > 5)
        assert len(told) == 1, "it was told again and again"
        assert "another process is writing" in told[0]
        client = stack.enter_context(serving(empty_service))
        wait_until(lambda: client.get("/api/search").json["total"] == 1)
        workspace.store.put_articles([make_stored(2)])
        wait_until(lambda: client.get("/api/search").json["total"] == 2)
