"""The query language: what is read how, and what is said about it."""

import shlex
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FixQueryError
from aggregator.search.query import MAX_DEPTH, MAX_LENGTH, parse_query
from aggregator.search.syntax import And, DateRange, FieldFilter, Not, Or, Words
from aggregator.search.tokens import COLONS, FIELDS, QUOTES


def word(text: str, *terms: str) -> Words:
    return Words(text, terms or (text,))


a, b, c, d = (word(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", And()),
        ("  \n\u200f ", And()),
        ("a", a),
        ("a b", And((a, b))),
        ("a AND b", And((a, b), explicit=True)),
        ("a OR b", Or((a, b))),
        ("a|b", Or((a, b))),
        ("a || b", Or((a, b))),
        ("a OR b c", And((Or((a, b)), c))),
        ("a AND b OR c d", And((Or((And((a, b), explicit=True), c)), d))),
        ("a OR (b c)", Or((a, And((b, c))))),
        ("-a", Not(a)),
        ("−a b", And((Not(a), b))),
        ("NOT a b", And((Not(a), b))),
        ("NOT NOT a", a),
        ("--a", Not(a)),
        ("-(a b)", Not(And((a, b)))),
        ("a-b", word("a-b", "a", "b")),
        ("((a))", a),
        ("or and not", And((word("or"), word("and"), word("not")))),
    ],
)
def test_operators(text, root):
    query = parse_query(text)
    assert query.root == root
    assert query.notes == ()


@pytest.mark.parametrize("marks", ['""', "“”", "„“", "«»", "‹›", "＂＂", '"”'])
def test_quotation_marks_of_any_kind_make_a_phrase(marks):
    opening, closing = marks
    query = parse_query(f"a {opening}روابط عمومی{closing} -{opening}b c{closing}")
    assert query.root == And((a, word("روابط عمومی", "روابط", "عمومی"), Not(word("b c", "b", "c"))))
    assert query.notes == ()


@pytest.mark.parametrize(
    "text", ["شبکه های اجتماعی", "شبکه‌های اجتماعی", "شبكه هاي اجتماعي", "شبکههای اجتماعی"]
)
def test_words_that_fold_to_one_term_are_one_word(text):
    root = parse_query(text).root
    assert isinstance(root, And)
    assert [item.terms for item in root.items] == [("شبکه",), ("اجتماعی",)]


def test_operators_take_the_whole_word_with_its_ending():
    assert parse_query("-شبکه های a").root == And((Not(word("شبکه های", "شبکه")), a))
    assert parse_query("شبکه های OR می شود").root == Or((word("شبکه های", "شبکه"), word("می شود", "میشود")))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("۰۹:۰۱", ("09", "01")),
        ("info@mcls.gov.ir", ("info", "mcls.gov.ir")),
        ("https://a.ir/news/1?b=(2)|3", ("https", "a.ir", "news", "1", "b", "2", "3")),
        ("تعاون،کارورفاه", ("تعاون", "کار", "و", "رفاه")),
        ("https:", ("https",)),
    ],
)
def test_times_addresses_and_glued_words_are_words(text, terms):
    assert parse_query(text).root == Words(text, terms)
    assert parse_query(text).notes == ()


# --- filters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "colon"), list(product(FIELDS, COLONS)))
def test_every_field_by_every_name_and_colon(name, colon):
    field = FIELDS[name]
    value = "1399" if field in ("since", "until") else "x"
    expected = {
        "since": DateRange(since=date(2020, 3, 20)),
        "until": DateRange(until=date(2021, 3, 20)),
    }.get(field, FieldFilter(field, ("x",)))
    for text in (name + colon + value, name.upper() + colon + f'"{value}"', "\u200f" + name + colon + value):
        assert parse_query(text).root == expected
        assert parse_query(f"-{text}").root == Not(expected)


@pytest.mark.parametrize(("opening", "closers"), QUOTES.items())
def test_a_value_of_several_words_stands_in_quotation_marks(opening, closers):
    for closing in closers:
        query = parse_query(f"سازمان:{opening}وزارت تعاون کار{closing} a")
        assert query.root == And((FieldFilter("organisation", ("وزارت تعاون کار",)), a))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since:1399-03-01 until:1399-03-31", date(2020, 5, 21), date(2020, 6, 20)),
        ("از:۱۳۹۹/۰۳/۰۱ تا:١٣٩٩/٠٣/٣١", date(2020, 5, 21), date(2020, 6, 20)),
        ("since:1399-3 until:1399/03", date(2020, 5, 21), date(2020, 6, 20)),
        ("since:1399 until:1399", date(2020, 3, 20), date(2021, 3, 20)),
        ("since:1399-12 until:1399-12", date(2021, 2, 19), date(2021, 3, 20)),
        ("since:2020 until:2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("since:2020-02 until:2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("since:2020-06-09 until:۲۰۲۰-۰۶-۰۹", date(2020, 6, 9), date(2020, 6, 9)),
    ],
)
def test_days_months_and_years(text, since, until):
    assert parse_query(text).root == And((DateRange(since=since), DateRange(until=until)))


@pytest.mark.parametrize(
    "value", ["foo", "1399-07-31", "1399-13", "99", "1399-03-20T10:00", "0", "2020-00", "9999999"]
)
def test_a_date_that_is_none_is_refused_with_its_place(value):
    with pytest.raises(FixQueryError, match="1399-03-20") as refused:
        parse_query(f"آب \u200fsince:{value}")
    assert refused.value.position == len("آب \u200fsince:")
    assert value in str(refused.value)


def test_a_blank_after_the_colon_is_read_over_and_told():
    query = parse_query("استان: البرز از: ۱۳۹۹")
    assert query.root == And((FieldFilter("province", ("البرز",)), DateRange(since=date(2020, 3, 20))))
    assert len(query.notes) == 2


def test_from_before_a_colon_is_a_word_unless_a_date_follows():
    assert parse_query("نقل از: a").root == And((word("نقل"), word("از:", "از"), a))


def test_a_misspelt_field_is_told():
    assert "province:" in parse_query("provice:alborz").notes[0]


# --- lenient readings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "root", "note"),
    [
        ('a "b c', And((a, word("b c", "b", "c"))), "not closed"),
        ("a «b", And((a, b)), "not closed"),
        ("a» b", And((a, b)), "closes nothing"),
        ("(a b", And((a, b)), "not closed"),
        ("(a OR (b c", Or((a, And((b, c)))), "not closed"),
        ("a) b", And((a, b)), "closes nothing"),
        (")(", And(), "closes nothing"),
        ("a ()", a, None),
        ("OR a", a, "OR with nothing"),
        ("a OR", a, "OR with nothing"),
        ("a OR OR b", Or((a, b)), "OR with nothing"),
        ("AND", And(), "AND with nothing"),
        ("a (AND) b", And((a, b)), "AND with nothing"),
        ("a NOT", a, "NOT with nothing"),
        ("a -", a, "minus"),
        ("a - b", And((a, b)), "minus"),
        ("(a -)", a, "minus"),
        ("a ...", a, "no letters"),
        ('a ""', a, "no letters"),
        ("a استان:", a, "no value"),
        ('a since:""', a, "no value"),
        ("a یا b", And((a, word("یا"), b)), "OR or |"),
    ],
)
def test_malformed_queries_are_read_and_told(text, root, note):
    query = parse_query(text)
    assert query.root == root
    assert note is None or any(note in said for said in query.notes)


def test_an_operator_beside_a_sign_is_not_called_lonely():
    assert parse_query("a OR !").notes == ("«!» has no letters or digits and was ignored",)


def test_length_and_depth_are_bounded():
    assert parse_query("a " * (MAX_LENGTH // 2)).root.items[0] == a
    with pytest.raises(FixQueryError):
        parse_query("a" * (MAX_LENGTH + 1))
    assert parse_query("(" * MAX_DEPTH + "a").root == a
    with pytest.raises(FixQueryError) as refused:
        parse_query("(" * (MAX_DEPTH + 1))
    assert refused.value.position == MAX_DEPTH


def test_messages_repeat_only_the_beginning_of_long_queries():
    assert len(parse_query("!" * 5000).notes[0]) < 150
    with pytest.raises(FixQueryError) as refused:
        parse_query("since:" + "x" * 5000)
    assert len(str(refused.value)) < 250


PIECES = [
    *FIELDS,
    *COLONS,
    *QUOTES,
    *"()|-−»”",
    " ",
    "OR",
    "AND",
    "NOT",
    "شبکه",
    "های",
    "می",
    "1399",
    "-03",
    "https://",
    "\u200f",
    "؟",
]


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_read_or_refused(text):
    try:
        query = parse_query(text)
    except FixQueryError as refused:
        assert refused.position is None or 0 <= refused.position <= len(text)  # noqa: PT017
        return
    assert all(isinstance(note, str) and note for note in query.notes)
    assert parse_query(text) == query


def test_the_examples_of_the_manual_are_read_as_they_stand():
    manual = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    examples = [shlex.split(line)[2] for line in manual.splitlines() if line.startswith("aggregator search ")]
    assert len(examples) >= 3
    assert [parse_query(example).notes for example in examples] == [()] * len(examples)


def test_the_manual_names_every_field():
    manual = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}:" not in manual] == ["organization"]
