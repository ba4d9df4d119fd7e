"""What is new to a saved search, and that nothing is missed or told twice."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from aggregator.alerts.deliver import Report, deliver
from aggregator.alerts.searches import save, selection
from aggregator.errors import FixCommandError, FixQueryError
from aggregator.index.sync import sync
from aggregator.model import StoredArticle
from aggregator.registry import Registry
from aggregator.search.plan import plan_search
from aggregator.store.saved import SavedSearch
from aggregator.workspace import Workspace
from tests.alerts.conftest import Receiver, found, ids_of, make_workspace, put, water
from tests.index.conftest import make_quickly
from tests.making import make_stored
from tests.web.conftest import demo_articles

HOOK = "http://127.0.0.1:9/"  # nobody listens there


def saved(workspace: Workspace, q: str = "آب", webhook: str = HOOK, **more: str) -> SavedSearch:
    return save(workspace, f"{q} {more}"[:200], selection({"q": q, **more}), webhooks=[webhook])[0]


def edit(stored: StoredArticle, at: datetime, **changes: object) -> StoredArticle:
    """A later look at an article that has changed."""
    return replace(stored, article=replace(stored.article, **changes), first_seen=at, last_seen=at)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def test_what_is_collected_after_a_search_was_saved_is_new(either: Workspace, now: datetime) -> None:
    put(either, water(1), make_stored(2))
    search = saved(either)
    late = make_stored(3, headline="آب، از ده سال پیش", published=None)
    late = replace(late, first_seen=now - timedelta(days=3650), last_seen=now - timedelta(days=3000))
    put(either, water(4), make_stored(5), late)
    assert deliver(either).matches == 2
    assert found(either, search) == ids_of(water(4), late)
    put(either, water(1), water(4), late)  # looked at again
    assert deliver(either).matches == 0
    put(either, water(6))
    assert deliver(either).matches == 1
    assert found(either, search) == ids_of(water(4), late, water(6))


def test_an_edit_counts_where_it_begins_to_match_and_only_once(either: Workspace, now: datetime) -> None:
    matching, other, twice = water(1), make_stored(2), make_stored(3)
    put(either, matching, other, twice)
    search = saved(either)
    put(either, edit(matching, now, body=("آب و باز هم آب",)), edit(other, now, headline="آب آمد"))
    assert deliver(either).matches == 1
    assert found(either, search) == ids_of(other)
    put(either, edit(other, now + timedelta(hours=1), headline="آب رفت"))
    put(either, edit(twice, now, headline="آب"))
    put(either, edit(twice, now + timedelta(hours=1), headline="آب و نان"))
    put(either, water(4), edit(water(4), now + timedelta(hours=1), headline="آب، اصلاحیه"))
    assert deliver(either).matches == 2
    assert found(either, search) == ids_of(other, twice, water(4))


def test_many_arrivals_are_gone_through_and_then_forgotten(either: Workspace) -> None:
    search = saved(either)
    many = [water(number) if number % 3 == 0 else make_stored(number) for number in range(600)]
    put(either, *many[:300])
    put(either, *many[300:])
    assert len(either.store.saved.arrivals(0)) == 500
    assert deliver(either).matches == 200
    assert found(either, search) == ids_of(*many[::3])
    assert len(either.store.saved.arrivals(0)) == 1  # the last one, for its number
    later = saved(either, "باران")
    put(either, make_stored(2000, headline="باران"))
    assert deliver(either).matches == 1
    assert found(either, later) == ids_of(make_stored(2000))


def test_nothing_is_noted_while_nobody_is_to_be_told(either: Workspace) -> None:
    put(either, water(1))
    save(either, "خوراک", selection({"q": "آب"}))
    put(either, water(2))
    assert either.store.saved.arrivals(0) == []
    assert deliver(either) == Report()


def test_each_search_goes_on_from_where_it_was_saved(workspace: Workspace) -> None:
    first = saved(workspace)
    put(workspace, water(1))
    second = saved(workspace, "کمبود")
    put(workspace, water(2))
    deliver(workspace)
    assert found(workspace, first) == ids_of(water(1), water(2))
    assert found(workspace, second) == ids_of(water(2))
    assert workspace.store.saved.remove(first.id)
    assert not workspace.store.saved.remove(first.id)
    assert [one.name for one in workspace.store.saved.all()] == [second.name]
    put(workspace, water(3))
    assert deliver(workspace).matches == 1


@pytest.fixture(scope="module")
def demo(registry: Registry) -> list[StoredArticle]:
    return list(demo_articles(registry))


@pytest.fixture(params=["local", "elasticsearch"])
def indexed(
    request: pytest.FixtureRequest, tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """An empty workspace with each index."""
    if request.param == "local":
        yield request.getfixturevalue("workspace")
        return
    make_quickly(monkeypatch)
    address, name = request.getfixturevalue("elasticsearch_url"), f"test-{uuid4().hex}"
    opened = make_workspace(tmp_path, registry, index=f"{address}/{name}")
    yield opened
    opened.close()
    with Elasticsearch(address) as server:
        for index in server.indices.get_alias(index=f"{name}-*"):
            server.indices.delete(index=index)


def test_it_finds_exactly_what_a_search_finds(indexed: Workspace, demo: list[StoredArticle]) -> None:
    """Without an index: it need not be there, or be up to date."""
    asked: list[dict[str, str]] = [
        {"q": "کارگاه"},
        {"q": "شبکه های اجتماعی"},
        {"q": "«روابط عمومی» OR کارگاه -البرز"},
        {"q": "استان:البرز از:۱۳۹۹/۰۳ تا:۱۳۹۹/۰۳"},
        {"q": "کارگاه آموزش", "match": "any", "organisation": "mcls", "since": "۱۳۹۹"},
        {"q": "", "mentions": "کرج"},
        {"q": "", "province": "البرز", "until": "1400"},
    ]
    searches = [saved(indexed, **parameters) for parameters in asked]
    put(indexed, *demo)
    assert indexed.index.count() == 0
    deliver(indexed)
    sync(indexed.store, indexed.index, indexed.registry)
    for search, parameters in zip(searches, asked, strict=True):
        plan = plan_search(selection(parameters).request(), indexed.registry)
        expected = set(indexed.index.ids(plan))
        assert set(found(indexed, search)) == expected, parameters
        assert expected, parameters


def test_writers_at_work_meanwhile_lose_nothing(either: Workspace, receiver: Receiver) -> None:
    search = saved(either, webhook=receiver.url)
    articles = [[water(base + number) for number in range(40)] for base in (0, 1000, 2000)]

    def write(batch: list[StoredArticle]) -> None:
        for one in batch:
            put(either, one)

    writers = [threading.Thread(target=write, args=(batch,)) for batch in articles]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        deliver(either)
    deliver(either)
    expected = sorted(ids_of(*(one for batch in articles for one in batch)))
    assert sorted(found(either, search)) == sorted(receiver.delivered()) == expected


def test_a_search_that_makes_no_sense_is_not_saved(workspace: Workspace) -> None:
    for parameters in ({"since": "1399-13"}, {"q": "x" * 3000}, {"colour": "red"}):
        with pytest.raises(FixCommandError):
            selection(parameters)  # type: ignore[arg-type]
    with pytest.raises(FixQueryError):
        save(workspace, "آب", selection({"q": "از:دیروز"}))
    for name in ("", "  ", "x" * 201, "آب\0", "\u202eآب"):
        with pytest.raises(FixCommandError, match="name"):
            save(workspace, name, selection({"q": "آب"}))
    assert workspace.store.saved.all() == []


def test_a_name_is_one_in_all_its_spellings(either: Workspace) -> None:
    save(either, "شبکه‌های  كارگری", selection({"q": "آب"}))
    with pytest.raises(FixCommandError, match="already"):
        save(either, "شبکه های کارگری", selection({"q": "باد"}))
    assert either.store.saved.named("شبكه هاي كارگري") == either.store.saved.all()[0]
    assert either.store.saved.all()[0].name == "شبکه‌های كارگری"
    assert either.store.saved.named("دیگر") is None
    with pytest.raises(FixCommandError, match="no more"):
        save(either, "دیگر", selection({}), most=1)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://example.org/",
        "http://",
        "http:///x",
        "http://a:b@example.org/",
        "x",
        "http://[::1",
        "http://e.org/#x",
    ],
)
def test_what_is_no_webhook_is_refused(workspace: Workspace, address: str) -> None:
    with pytest.raises(FixCommandError):
        save(workspace, "آب", selection({}), webhooks=[address])


def test_a_search_that_can_no_longer_be_asked_is_named(workspace: Workspace, tmp_path: Path) -> None:
    good = saved(workspace)
    workspace.store.saved.add("کهنه", {"since": "nonsense"}, good.targets)
    put(workspace, water(1))
    report = deliver(workspace)
    assert report.matches == 1
    assert any("کهنه" in failure for failure in report.failures)
