"""Persian and English: every text has both, nothing Persian slips through, and the switch leads back."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import nodes
from lxml import html

import aggregator.web
from aggregator.persian.calendar import JALALI_MONTHS, WEEKDAYS
from aggregator.web.english import ENGLISH
from aggregator.web.gate import Access
from aggregator.web.language import COOKIE, LANGUAGES, PERSIAN
from aggregator.web.rendering import templates
from aggregator.web.service import Service
from tests.web.conftest import Client, serving

AT = datetime(2020, 6, 9, 4, 31, tzinfo=UTC)
ENGLISH_COOKIE = {"Cookie": f"{COOKIE}=en"}
FOLDER = Path(aggregator.web.__file__).parent
#: The catalogues themselves, the order of the alphabet, and the words of queries.
WORDLESS = ("english.py", "sentences.py", "service.py", "suggest.py")
_PERSIAN = re.compile("(?![\u066a-\u066c])[\u0600-\u06ff«]")  # but the marks of numbers


# --- the catalogue ------------------------------------------------------------------------------------------


def template_sources() -> Iterator[tuple[str, str]]:
    environment = templates()
    for name in environment.list_templates():
        if name.endswith(".html.j2"):
            assert environment.loader
            yield name, environment.loader.get_source(environment, name)[0]


def keys_of_templates() -> set[str]:
    extract = templates().extract_translations  # type: ignore[attr-defined]
    found = [given for _, source in template_sources() for _, _, given in extract(source)]
    keys = {given[0] if isinstance(given, tuple) else given for given in found}
    return keys - {None}  # of a variable: its values stand in the code


def keys_of_code() -> set[str]:
    """All Persian texts of the package but docstrings and what documents the API."""
    found = set()
    for path in FOLDER.glob("*.py"):
        if path.name not in WORDLESS:
            found |= set(_constants(ast.parse(path.read_text(encoding="utf-8"))))
    return {text for text in found if _PERSIAN.search(text)}


def _constants(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        documents = isinstance(child, ast.keyword) and child.arg in ("examples", "description", "example")
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif not docstring and not documents:
            yield from _constants(child)


def test_every_text_has_an_english_one_and_none_is_left_over() -> None:
    # Keys that are not Persian are names, such as those of formats: they are the same in both.
    used = keys_of_templates() | keys_of_code() | {*JALALI_MONTHS, *WEEKDAYS}
    assert sorted(used - set(ENGLISH)) == []
    assert sorted(set(ENGLISH) - used) == []


def test_both_texts_have_the_same_values() -> None:
    names = re.compile(r"%\((\w+)\)s")
    for key, said in ENGLISH.items():
        for one in (said,) if isinstance(said, str) else said:
            assert sorted(names.findall(one)) == sorted(names.findall(key)), key


def test_no_template_says_anything_past_the_catalogue() -> None:
    for name, source in template_sources():
        for text in templates().parse(source).find_all(nodes.TemplateData):
            assert not _PERSIAN.search(text.data.replace("«", "")), (name, text.data)


# --- what is said -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "persian", "english"),
    [
        (timedelta(seconds=-5), "تازه", "new"),
        (timedelta(seconds=30), "هم‌اکنون", "just now"),
        (timedelta(minutes=59), "۵۹ دقیقه پیش", "59 minutes ago"),
        (timedelta(hours=1), "۱ ساعت پیش", "1 hour ago"),
        (timedelta(hours=3), "۳ ساعت پیش", "3 hours ago"),
        (timedelta(hours=24), "۱ روز پیش", "1 day ago"),
        (timedelta(days=29), "۲۹ روز پیش", "29 days ago"),
        (timedelta(days=64), "۲ ماه پیش", "2 months ago"),
        (timedelta(days=800), "۲ سال پیش", "2 years ago"),
    ],
)
def test_ago(later: timedelta, persian: str, english: str) -> None:
    said = [LANGUAGES[code].ago("2020-06-09T04:31:00Z", AT + later) for code in ("fa", "en")]
    assert said == [persian, english]


def test_a_day_without_a_time_is_told_in_days() -> None:
    told = [PERSIAN.ago("2020-06-09", AT + timedelta(days=n)) for n in range(-1, 3)]
    assert told == ["تازه", "امروز", "دیروز", "۲ روز پیش"]


def test_numbers_and_dates_in_both() -> None:
    persian, english = LANGUAGES["fa"], LANGUAGES["en"]
    assert (persian.digits(12345), english.digits(12345)) == ("۱۲٬۳۴۵", "12,345")
    assert (persian.digits("1399-03"), english.digits("۱۳۹۹-۰۳")) == ("۱۳۹۹-۰۳", "1399-03")
    assert (persian.month_name("1399-03"), english.month_name("1399")) == ("خرداد ۱۳۹۹", "1399")
    assert persian.when("2020-06-09T04:31:00Z") == "۲۰ خرداد ۱۳۹۹، ۰۹:۰۱"
    assert english.when("2020-06-09T04:31:00Z") == "20 Khordad 1399, 09:01"
    assert english.when("2020-06-09") == "20 Khordad 1399"
    assert [english.text("%(count)s خبر", count=n) for n in (0, 1, 2)] == [
        "0 articles",
        "1 article",
        "2 articles",
    ]


def test_values_in_a_template_are_only_text() -> None:
    assert "<" not in PERSIAN.markup("«%(text)s»", text="<b>")


# --- the switch ---------------------------------------------------------------------------------------------


def test_the_switch_leads_back_to_the_same_search_in_english(client: Client) -> None:
    address = "/?q=%DA%A9%D8%A7%D8%B1%DA%AF%D8%A7%D9%87&sort=date"
    found = html.document_fromstring(client.get(address).text)
    (switch,) = found.xpath("//a[@class='switch']")
    assert (switch.get("lang"), switch.text_content()) == ("en", "English")
    answer = client.get(switch.get("href"))
    assert (answer.status, answer.headers["Location"]) == (303, address)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    english = html.document_fromstring(client.get(address, {"Cookie": cookie.partition(";")[0]}).text)
    assert (english.get("lang"), english.get("dir")) == ("en", "ltr")
    assert english.xpath("string(//h2[@id='count'])").endswith("articles")
    assert english.xpath("//a[@class='switch']/@lang") == ["fa"]


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", ""])
def test_the_switch_leads_nowhere_else(client: Client, next: str) -> None:
    assert client.get("/language", to="en", next=next).headers["Location"] == "/"


def test_the_language_is_changed_before_one_is_let_in(service: Service) -> None:
    with serving(service, Access(token="a token of some length")) as client:
        answer = client.get("/language", to="en", next="/login?next=%2Fsources")
        assert (answer.status, answer.headers["Location"]) == (303, "/login?next=%2Fsources")
        found = html.document_fromstring(client.get("/login", ENGLISH_COOKIE).text)
        assert found.xpath("string(//h1)") == "Log in"


def test_an_unknown_language_is_refused_and_an_unknown_cookie_ignored(client: Client) -> None:
    assert client.get("/language", to="xx").status == 422
    found = html.document_fromstring(client.get("/", {"Cookie": f"{COOKIE}=<b>"}).text)
    assert found.get("lang") == "fa"
