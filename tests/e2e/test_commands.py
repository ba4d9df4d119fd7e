"""The commands as a person uses them: what they print, and how they end."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import feedparser
import pytest

from aggregator.commands.demo import write_sources
from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.registry import load_registry
from tests.e2e.conftest import Run, environment

PAGE = """<!DOCTYPE html><html lang="fa"><head><title>آزمون مهارت</title>
<link rel="canonical" href="https://portal.example.ir/news/7/skill"></head><body><article>
<h1>آزمون مهارت کارآموزان در ساری</h1><p>۲۰ خرداد ۱۳۹۹ - ۰۹:۰۱</p>
<p>آزمون مهارت کارآموزان فنی و حرفه‌ای با حضور ۶۲ نفر در ساری برگزار شد و تا پایان هفته ادامه دارد.</p>
<p>به گفته مدیر مرکز، نتیجه این آزمون ده روز دیگر از راه سامانه به آگاهی کارآموزان می‌رسد.</p>
</article></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> str:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    return str(file)


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def article(number: int, **more: object) -> dict[str, object]:
    return {
        "url": f"https://portal.example.ir/news/{number}",
        "headline": f"خبر شماره {number}",
        "body": "متن خبر درباره شبکه های اجتماعی است.",
    } | more


def test_help_teaches(run: Run) -> None:
    done = run("--help")
    assert done.status == 0
    for name in ("demo", "crawl", "extract", "normalise", "search", "export", "import", "status", "sources"):
        assert name in done.out
    assert "--since" in run("crawl", "--help").out
    assert run().status == 2


def test_wrong_usage_ends_with_2_and_says_what_to_do(run: Run) -> None:
    for arguments, hint in (
        (["crawl"], "aggregator sources list"),
        (["crawl", "mcls-albors"], "did you mean mcls-alborz"),
        (["crawl", "--all", "mcls"], "not both"),
        (["crawl", "ftp://example.ir/"], "http"),
        (["search", "--since", "1399-13-01"], "1399-03-20"),
        (["search", "since:foo"], "foo"),
        (["extract", "nowhere.html"], "nowhere.html cannot be read"),
        (["import", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["replay"], "nothing to replay"),
        (["sources", "show", "nobody"], "no source is called"),
        (["status", "--index", "127.0.0.1:9200"], "http"),
        (["status", "--index", "http://me:s3cret@127.0.0.1:9200"], "AGGREGATOR_ELASTICSEARCH_USERNAME"),
    ):
        done = run(*arguments)
        assert (done.status, hint in done.err) == (2, True), (arguments, done.err)
        assert "Traceback" not in done.err


def test_extract_prints_a_record(run: Run, page: str) -> None:
    record = run("extract", page).json
    assert record["headline"] == "آزمون مهارت کارآموزان در ساری"
    assert record["canonical_url"] == "https://portal.example.ir/news/7/skill"
    assert record["date_published"] == "2020-06-09T04:31:00Z"
    assert record["body"].count("\n") == 1
    assert record["normalised"]["headline"]
    assert [found["id"] for found in record["mentions"] if found["field"] == "headline"] == [
        "mazandaran-sari"
    ]
    named = run("extract", "-", "--url", "https://other.example.ir/news/8", stdin=PAGE).json
    assert named["source"] == "other.example.ir"


def test_extract_says_what_a_page_is_instead(run: Run) -> None:
    done = run("extract", "-", stdin="<html><title>Document Moved</title><h1>Object Moved</h1>")
    assert (done.status, done.out) == (1, "")
    assert "redirect-stub" in done.err


def test_extract_fetches_an_address(run: Run) -> None:
    site = Site("nastooh", synthetic_articles(3, seed=5))
    with Portal([site]):
        (truth, *_) = site.truth()
        assert run("extract", truth["url"]).json["headline"] == truth["headline"]
        links = run("extract", "--links", site.base_url + "/rss").records
        missing = run("extract", site.base_url + "/nothing")
    assert {link["headline"] for link in links} == {truth["headline"] for truth in site.truth()}
    assert missing.status == 1
    assert run("extract", site.base_url + "/").status == 1  # nobody there any more


def test_normalise(run: Run) -> None:
    assert run("normalise", "وزارت تعاون،کارورفاه اجتماعي").out == "وزارت تعاون، کار و رفاه اجتماعی\n"
    assert run("normalise", "--fold", "شبكه هاي", "--at", "2020-06-09").out == "شبکه\n"
    two = run(
        "normalise", "-", "--json", "--at", "2020-06-10T00:00:00Z", stdin="روز دوشنبه 19 خرداد\nسلام\n"
    ).records
    (date,) = two[0]["dates"]
    assert (date["instant"], date["precision"], date["calendar"]) == ("2020-06-08", "day", "jalali")
    assert "روز دوشنبه 19 خرداد"[date["start"] : date["end"]] == date["text"]
    assert two[1]["dates"] == []
    assert run("normalise", "x", "--at", "yesterday").status == 2


def test_normalise_tells_the_names(run: Run) -> None:
    text = "علی نوری دبیر شورا در وزارت تعاون،كارورفاه اجتماعي گفت: استان البرز"
    (known,) = run("normalise", text, "--json").records
    assert [(found["kind"], found["id"], found["text"]) for found in known["mentions"]] == [
        ("speaker", None, "علی نوری"),
        ("organisation", "mcls", "وزارت تعاون،كارورفاه اجتماعي"),
        ("province", "alborz", "استان البرز"),
    ]
    assert all(text[found["start"] : found["end"]] == found["text"] for found in known["mentions"])
    assert known["mentions"][0]["role"] == "دبیر شورا در وزارت تعاون،كارورفاه اجتماعي"


def test_normalise_marks_what_it_changes(run: Run) -> None:
    out = run("normalise", "--explain", "--at", "2020-06-09", "كتاب ها در استان البرز، سه شنبه 19 خرداد").out
    assert out.splitlines() == [
        "normalised   [-ك-]{+ک+}تاب[-␣-]{+⁀+}ها در استان البرز، سه[-␣-]{+⁀+}شنبه [-19␣-]{+۱۹␣+}خرداد",
        "folded       کتاب در استان البرز سهشنبه 19 خرداد",
        "date         سه شنبه 19 خرداد → 2020-06-08 (jalali, confidence 0.42, in doubt: year, weekday)",
        "province     استان البرز → alborz (البرز)",
        "",
    ]


def test_import_names_wrong_lines_and_keeps_the_others(run: Run) -> None:
    good = [article(1), article(2, date_published="1399-03-20")]
    given = lines(*good) + "{broken\n" + lines({"url": "https://portal.example.ir/3"}, article(1))
    done = run("import", "-", "--json", stdin=given)
    assert done.status == 1
    assert done.json == {"new": 2, "changed": 0, "unchanged": 1, "wrong": 2, "indexed": 2}
    assert ":3:" in done.err
    assert "headline" in done.err
    found = run("search", "--json", "شبکه‌های اجتماعی").json
    assert found["total"] == 2
    assert found["timeline"] == [{"month": "1399-03", "count": 1}]


def test_export_in_three_formats(run: Run, tmp_path: Path) -> None:
    run(
        "import",
        "-",
        stdin=lines(article(1, kicker="=روتیتر", date_published="2020-06-09T04:31:00Z"), article(2)),
    )
    (first, second) = run("export").records
    assert {first["headline"], second["headline"]} == {"خبر شماره 1", "خبر شماره 2"}
    assert [record["headline"] for record in run("export", "until:1399-12").records] == ["خبر شماره 1"]

    assert run("export", "--format", "csv", "--output", "news.csv").status == 0
    raw = (tmp_path / "news.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert {row["headline"] for row in rows} == {"خبر شماره 1", "خبر شماره 2"}
    assert {row["kicker"] for row in rows} == {"'=روتیتر", ""}

    feed = feedparser.parse(run("export", "--format", "rss").out.encode())
    assert {entry.title for entry in feed.entries} == {"خبر شماره 1", "خبر شماره 2"}
    assert not feed.bozo
    assert not list(tmp_path.glob("*.partial"))


def test_what_was_exported_can_be_imported(run: Run, tmp_path: Path) -> None:
    run(
        "import",
        "-",
        stdin=lines(article(1, section="اخبار > کار", code="12"), article(2, authors=["نویسنده"])),
    )
    exported = run("export").out
    again = run("import", "-", "--data", str(tmp_path / "other"), stdin=exported)
    assert again.status == 0, again.err
    assert run("export", "--data", str(tmp_path / "other")).records == [
        json.loads(line) for line in exported.splitlines()
    ]


def test_sources(run: Run, tmp_path: Path) -> None:
    assert len(run("sources", "list", "--json").json) > 180
    assert "mcls-alborz" in run("sources", "list", "البرز").out
    shown = run("sources", "show", "mcls-alborz", "--json").json
    assert (shown["verified"], shown["organisation"]["province"]) == (None, "alborz")
    assert "pattern" in shown["evidence"]

    site = Site("iransamaneh", synthetic_articles(8, seed=6))
    with Portal([site]):
        written = run("sources", "new", site.base_url + "/", "--write", "mine")
        assert written.status == 0, written.err
        (file,) = (tmp_path / "mine").glob("*.yaml")
        assert "platform: iransamaneh" in file.read_text(encoding="utf-8")
        assert run("sources", "new", site.base_url + "/", "--write", "mine").status == 2
        (verdict,) = run("sources", "check", file.stem, "--sources", "mine", "--delay", "0", "--json").json
        assert verdict["verdict"] == "ok"
        assert 1 <= verdict["articles"] <= 3
    assert run("status", "--json").json["articles"] == 0  # a check stores nothing
    gone = run("sources", "check", file.stem, "--sources", "mine", "--delay", "0", "--json")
    assert (gone.status, gone.json[0]["verdict"]) == (1, "failed")
    assert gone.json[0]["why"]


def test_a_wrong_source_file_is_named_with_line_and_field(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "one.yaml").write_text(
        "id: one\nname: یک\nsources:\n  - url: ftp://x\n", encoding="utf-8"
    )
    done = run("sources", "list", "--sources", "mine")
    assert done.status == 2
    assert "one.yaml:4" in done.err
    assert "url" in done.err


def test_replay_status_runs_reindex(run: Run, data: Path) -> None:
    site = Site("saman", synthetic_articles(6, seed=8))
    with Portal([site]):
        assert run("crawl", site.base_url + "/", "--delay", "0").status == 0
    assert run("replay", "--dry-run", "--json").json["unchanged"] == 6
    counts = run("replay", "--json").json
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 6)

    elsewhere = str(data.parent / "again")
    archives = [str(path) for path in (data / "archive").glob("*.warc.gz")]
    assert run("replay", *archives, "--data", elsewhere, "--json").json["new"] == 6
    assert run("search", "--data", elsewhere, "--json").json["total"] == 6

    status = run("status", "--json").json
    assert (status["articles"], status["indexed"], status["pending_index"]) == (6, 6, 0)
    (one,) = run("runs", "--json").json
    assert (one["status"], one["counts"]["new"]) == ("finished", 6)
    assert run("reindex", "--json").json == {"indexed": 6, "refused": [], "kept": []}
    assert run("reindex", "--dry-run", "--json").json == {"current": True, "changes": []}
    assert run("reindex", "--delete-old", "--json").json == {"deleted": []}


def test_a_site_that_is_away_is_a_failure_with_a_reason(run: Run) -> None:
    site = Site("saman", synthetic_articles(1, seed=8))
    with Portal([site]):
        url = site.base_url + "/"
    done = run("crawl", url, "--delay", "0", "--json")
    assert done.status == 1
    (one,) = done.json
    assert one["status"] == "failed"
    assert one["reason"]
    assert one["reason"] in done.err


def test_scrapy_does_the_same(data: Path, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    site = Site("nastooh", synthetic_articles(5, seed=9), source="mcls-alborz", organisation="mcls-alborz")
    with Portal([site]) as portal:
        write_sources(portal.sources(), load_registry(), tmp_path / "mine")
        settings = environment(data) | {"AGGREGATOR_SOURCES": str(tmp_path / "mine"), "AGGREGATOR_DELAY": "0"}

        def scrapy(*arguments: str) -> str:
            command = [sys.executable, "-m", "scrapy", *arguments]
            return subprocess.run(
                command, cwd=root, env=settings, capture_output=True, text=True, check=True
            ).stdout

        assert "mcls-alborz" in scrapy("list").split()
        scrapy("crawl", "mcls-alborz")
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", "search", "--json", "province:alborz"],
        env=settings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["total"] == 5
