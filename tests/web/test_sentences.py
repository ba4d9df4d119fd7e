"""What the program says in English is said in Persian on the pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

import aggregator
from aggregator.index.elastic.search import EXPIRED
from aggregator.index.protocol import EMPTY
from aggregator.search.query import parse_query
from aggregator.web.language import COOKIE, LANGUAGES, PERSIAN
from aggregator.web.sentences import SENTENCES, said
from tests.web.conftest import Client

ROOM = Path(aggregator.__file__).parent
FILES = (
    *(ROOM / "search").glob("*.py"),
    *(ROOM / "web").glob("*.py"),
    ROOM / "alerts" / "searches.py",
    ROOM / "store" / "saved.py",
    ROOM / "crawl" / "health.py",
)
#: What says a sentence, and which of its arguments that is.
SAYING = {
    "append": 0,
    "FixQueryError": 0,
    "FixCommandError": 0,
    "ProblemError": 1,
    "try_later": 0,
    "Finding": 1,
}
#: Put together of pieces, each with its own sentences, or said by libraries.
JOINED = {"{}{}", "{}: {}", "nothing new for {} days, since {}; usually there is news every {}"}
OTHERS = {
    EMPTY,
    EXPIRED,
    "the cursor belongs to another search: start again without it",
    "Not Found",
    "Method Not Allowed",
}
#: Never on a page: asked for by programs, or with a size that the pages do not let through.
UNSHOWN = {"a page has 0 to {} results, not {}", "{} is no address to listen on: {}"}


def _blank(sentence: str) -> str:
    return re.sub(r"\{\w+\}", "{}", sentence)


def _template(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _sentences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = SAYING.get(name)
            is_note = name != "append" or (
                isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).endswith("notes")
            )
            if place is not None and is_note and len(node.args) > place:
                template = _template(node.args[place])
                if template:
                    yield template


def test_each_sentence_that_a_page_may_show_has_a_persian_one() -> None:
    in_code = {sentence for path in FILES if path.name != "server.py" for sentence in _sentences(path)}
    known = {_blank(english) for english in SENTENCES}
    assert len(in_code) > 40
    assert sorted(in_code - known - JOINED - UNSHOWN) == []


def test_both_have_the_same_values() -> None:
    for english, persian in SENTENCES.items():
        names = {name for name in re.findall(r"\{(\w+)\}", english) if name != "examples"}
        assert names == set(re.findall(r"\{(\w+)\}", persian)), english


def test_those_of_constants_are_there() -> None:
    assert set(SENTENCES) >= OTHERS


@pytest.mark.parametrize(
    ("english", "persian"),
    [
        ("NOT with nothing behind it was ignored", "پس از NOT چیزی نیست؛ نادیده گرفته شد"),
        (
            "no province is called «تهرانن», so it was taken as an id; near: تهران",
            "استان به نام «تهرانن» شناخته نیست؛ شناسه شمرده شد. نام‌های نزدیک: تهران",
        ),
        ("a query has at most 2,000 characters", "عبارت جستجو نباید بیش از ۲٬۰۰۰ نویسه داشته باشد"),
        (
            "nothing new for 41 days, since 1399-03-20; usually there is news every day",
            "۴۱ روز است که خبر تازه‌ای نیست، از ۱۳۹۹-۰۳-۲۰؛ همیشه هر روز خبری هست",
        ),
        ("the last 3 runs failed: dns", "۳ گردش واپسین ناموفق بودند: dns"),
        ("size: input should be greater than or equal to 1", "size: باید ۱ یا بیشتر باشد"),
        (
            "size: input should be less than or equal to 100; x: there is no such parameter",
            "size: باید ۱۰۰ یا کمتر باشد؛ x: چنین پارامتری نیست",
        ),
        (
            "since: «x» is no date; accepted are 2020, or so",
            "since: «x» تاریخ نیست؛ مانند ۱۳۹۹/۰۳/۲۰ بنویسید، یا تنها ماه یا سال (۱۳۹۹/۰۳، ۱۳۹۹)",
        ),
        (EMPTY, SENTENCES[EMPTY]),
    ],
)
def test_said(english: str, persian: str) -> None:
    assert html.fromstring(f"<p>{said(english, PERSIAN)}</p>").text_content() == persian
    assert said(english, LANGUAGES["en"]).striptags() == english


def test_what_is_not_known_stays_and_is_marked_as_english() -> None:
    shown = said("Elasticsearch at <x> does not answer; wait", PERSIAN)
    assert shown == '<bdi lang="en" dir="ltr">Elasticsearch at &lt;x&gt; does not answer; wait</bdi>'


@pytest.mark.parametrize("part", ["a: " * 33 + "b", "x was searched as words; the field is called"])
def test_an_address_of_many_parameters_costs_nothing(part: str) -> None:
    assert said("; ".join([part] * 600), PERSIAN).startswith('<bdi lang="en"')


def test_values_are_escaped_and_kept_apart() -> None:
    shown = said("«<script>» has no letters or digits and was ignored", PERSIAN)
    assert shown.startswith("<bdi>«&lt;script&gt;»</bdi>")
    assert said("{typed} has no letters or digits and was ignored", PERSIAN).startswith("<bdi>{typed}</bdi>")


@pytest.mark.parametrize(
    "query",
    [
        *("آب یا برق", "آب »", "آب -", "«آب", "سازمان:", "استان: البرز", "آب )", "(آب", "آب OR", "آب NOT"),
        *("!!! آب", "سازمن:کار"),
    ],
)
def test_every_note_of_a_query_is_said_in_persian(query: str) -> None:
    notes = parse_query(query).notes
    assert notes
    for note in notes:
        assert 'lang="en"' not in said(note, PERSIAN), note


def test_the_pages_say_it(client: Client) -> None:
    english = {"Cookie": f"{COOKIE}=en"}
    for path, persian, told in (
        ("/?q=water+NOT", "پس از NOT چیزی نیست", "NOT with nothing behind it"),
        ("/?q=since:x1", "تاریخ نیست", "is no date"),
        ("/articles/0000000000000000", "خبری با این شناسه نیست", "there is no article with this id"),
        ("/?size=1000", "باید ۱۰۰ یا کمتر باشد", "less than or equal to 100"),
    ):
        assert persian in html.fromstring(client.get(path).text).text_content(), path
        assert told in html.fromstring(client.get(path, headers=english).text).text_content(), path
