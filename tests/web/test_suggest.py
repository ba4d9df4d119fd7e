"""Organisations and provinces while a query is being typed."""

import pytest

from aggregator.registry import Registry, load_registry
from aggregator.search.query import parse_query
from aggregator.search.syntax import And, FieldFilter
from aggregator.web.answers import Answer
from aggregator.web.suggest import SUGGESTIONS, Completer, SuggestionsAnswer
from tests.web.conftest import Client


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(())


@pytest.fixture(scope="module")
def completer(registry: Registry) -> Completer:
    return Completer(registry)


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("البر", "استان:البرز "),
        ("alb", "استان:البرز "),
        ("کارگاه البر", "کارگاه استان:البرز "),
        ("وزارت کا", 'سازمان:"وزارت تعاون، کار و رفاه اجتماعی" '),
        ("كارورفاه", 'سازمان:"وزارت تعاون، کار و رفاه اجتماعی" '),
        ("تعاون کار البرز", 'سازمان:"اداره کل تعاون، کار و رفاه اجتماعی استان البرز" '),
        ("بهزیستی", 'سازمان:"سازمان بهزیستی کشور" '),
        ('آب سازمان:"وزارت تعا', 'آب سازمان:"وزارت تعاون، کار و رفاه اجتماعی" '),
        ("استان:آذربايجان ش", 'استان:"آذربایجان شرقی" '),
        ("استان:البرز وزارت تعا", 'استان:البرز سازمان:"وزارت تعاون، کار و رفاه اجتماعی" '),
    ],
)
def test_a_name_is_known_by_its_beginning(completer: Completer, typed: str, best: str) -> None:
    assert completer.complete(typed)[0].query == best


@pytest.mark.parametrize(
    "typed", ["", " ", "ا", "سازمان", "منبع:مهر", "از:۱۳۹۹", "سیمرغ", "استان:البرز ", '"', "(", "x:" * 900]
)
def test_nothing_is_suggested_for_what_names_nobody(completer: Completer, typed: str) -> None:
    assert completer.complete(typed) == []


def test_provinces_and_organisations_are_kept_apart_where_one_is_asked_for(completer: Completer) -> None:
    assert {one.kind for one in completer.complete("استان:تهر")} == {"province"}
    assert {one.kind for one in completer.complete("org:تهر")} == {"organisation"}
    assert {one.kind for one in completer.complete("تهر")} == {"province", "organisation"}


def test_every_name_leads_to_a_query_that_means_it(completer: Completer, registry: Registry) -> None:
    for one in (*registry.organisations.values(), *registry.provinces.values()):
        typed = one.name[: max(2, len(one.name) - 1)]
        found = next(found for found in completer.complete(typed) if found.id == one.id)
        root = parse_query(found.query).root
        condition = root.items[0] if isinstance(root, And) else root
        assert isinstance(condition, FieldFilter)
        resolve = registry.resolve_organisation if found.kind == "organisation" else registry.resolve_province
        assert resolve(condition.values[0]) == (one.id,)


def test_the_answer_is_as_documented(client: Client) -> None:
    answer = client.get("/api/suggest", q="کارگاه ا")
    assert answer.json == {"suggestions": []}
    answer = client.get("/api/suggest", q="کارگاه استا")
    assert isinstance(SuggestionsAnswer.model_validate(answer.json), Answer)
    assert 1 < len(answer.json["suggestions"]) <= SUGGESTIONS
    assert client.get("/api/suggest", q="ا" * 2_001).json["parameter"] == "q"
    assert client.get("/api/suggest", query="آب").status == 422
