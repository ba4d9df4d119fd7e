"""What a text names, and the days it speaks of: read by some commands, found and exported by others."""

from typing import Any

import pytest

from tests.e2e.conftest import Done, Run
from tests.e2e.test_commands import lines

TEXTS = (
    "سخنگوی وزارت تعاون، کار و رفاه اجتماعی از آغاز ثبت نام در ۱۹ خرداد ۱۳۹۹ خبر داد.",
    "اداره کل تعاون،کارورفاه اجتماعی استان البرز نمایشگاه را برپا می کند.\nبازدید برای همه آزاد است.",
    "بیمارستان تازه شهرستان کرج گشایش یافت.",
    "امروز هوا آفتابی است.",
)


def articles(**more: object) -> list[dict[str, object]]:
    """Articles from 1 on, with these texts."""
    return [
        {"url": f"https://portal.example.ir/news/{number}", "headline": f"خبر {number}", "body": text, **more}
        for number, text in enumerate(TEXTS, start=1)
    ]


@pytest.fixture
def imported(run: Run) -> Done:
    done = run("import", "-", stdin=lines(*articles()))
    assert done.status == 0, done.err
    return done


@pytest.mark.usefixtures("imported")
def test_what_is_named_is_found_by_filter_option_and_facet(run: Run) -> None:
    def numbers(*arguments: str) -> list[int]:
        hits = run("search", "--json", *arguments).json["hits"]
        return sorted(int(hit["headline"].split()[1]) for hit in hits)

    assert numbers("mentions:mcls") == numbers("--mentions", "وزارت تعاون،کارورفاه اجتماعی") == [1, 2]
    assert numbers("اشاره:«استان البرز»") == [2, 3]
    assert numbers("--mentions", "کرج", "بیمارستان") == [3]
    assert numbers("NOT mentions:mcls") == [3, 4]
    assert [record["headline"] for record in run("export", "mentions:کرج").records] == ["خبر 3"]

    shown = run("search")
    assert "mentions: " in shown.out
    assert "وزارت تعاون، کار و رفاه اجتماعی (1)" in shown.out
    facet = run("search", "--json").json["facets"]["mentions"]
    assert {of["value"]: of["count"] for of in facet} == {"mcls": 1, "mcls-alborz": 1, "alborz-karaj": 1}

    nobody = run("search", "mentions:رستگارپور")
    assert nobody.status == 0
    assert "speaker" in nobody.err


def found_in(record: dict[str, Any], key: str) -> list[str]:
    """The pieces of the record's texts that these were found in."""
    return [record[found["field"]][found["start"] : found["end"]] for found in record[key]]


@pytest.mark.usefixtures("imported")
def test_what_is_found_stands_in_the_record_with_its_place(run: Run) -> None:
    first, second, third, fourth = sorted(run("export").records, key=lambda record: record["headline"])
    assert [mention["id"] for mention in first["mentions"]] == ["mcls"]
    assert found_in(first, "mentions") == ["وزارت تعاون، کار و رفاه اجتماعی"]
    (day,) = first["event_dates"]
    assert (day["day"], day["day_jalali"], day["calendar"]) == ("2020-06-08", "1399-03-19", "jalali")
    assert found_in(first, "event_dates") == [day["text"]]
    assert found_in(second, "mentions") == ["اداره کل تعاون،کارورفاه اجتماعی استان البرز"]
    assert [mention["kind"] for mention in third["mentions"]] == ["county"]
    assert fourth["mentions"] == fourth["event_dates"] == []


def test_an_import_finds_names_and_days_again(run: Run) -> None:
    made_up = {"mentions": [{"id": "min-energy"}], "event_dates": [{"day": "1970-01-01"}]}
    assert run("import", "-", stdin=lines(*articles(**made_up))).status == 0
    exported = run("export").out
    assert run("search", "--json", "mentions:min-energy").json["total"] == 0
    again = run("import", "-", "--json", "--data", "other", stdin=exported)
    assert again.json["new"] == len(TEXTS)
    assert sorted(run("export", "--data", "other").out.splitlines()) == sorted(exported.splitlines())


def test_a_province_that_a_record_names_settles_what_its_text_means(run: Run) -> None:
    bare = {"body": "مردم البرز در این پویش شرکت کردند."}
    records = [
        {"url": f"https://portal.example.ir/{province}", "headline": "پویش", "province": province, **bare}
        for province in ("alborz", "tehran")
    ]
    assert run("import", "-", stdin=lines(*records)).status == 0
    found = run("search", "--json", "mentions:alborz").json["hits"]
    assert [hit["province"] for hit in found] == ["alborz"]
