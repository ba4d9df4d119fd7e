"""``sources check`` and ``sources new`` on sites that are as they should be, and on sites that are not."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from aggregator.demo.server import Portal
from aggregator.demo.site import Site as PortalSite
from aggregator.demo.synthetic import synthetic_articles
from tests.certificates import untrusted_server
from tests.e2e.conftest import Run
from tests.spiders.small_site import Answer, Site, redirect


def write(folder: Path, sources: list[dict[str, object]]) -> None:
    folder.mkdir()
    entry = {"id": "mine", "name": "سازمان آزمایش سایت‌ها", "sources": sources}
    (folder / "mine.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")


def test_check_names_the_trouble_of_each_site(run: Run, tmp_path: Path) -> None:
    portal_site = PortalSite("iransamaneh", synthetic_articles(5, seed=5))
    broken: dict[str, dict[str, Answer]] = {
        "blocked": {"/": Answer("no", status=403)},
        "robots": {"/robots.txt": Answer("User-agent: *\nDisallow: /\n")},
        "moved": {"/": redirect("http://127.0.0.1:9/"), "/robots.txt": Answer(status=404)},
        "gone": {path: Answer("x", status=404) for path in ("/", "/rss", "/archive")},
        "broken": {path: Answer("x", status=500) for path in ("/", "/rss", "/archive")},
    }
    with ExitStack() as stack:
        sites = {name: stack.enter_context(Site(5).running()) for name in ("ok", "away", *broken)}
        sites["nothing"] = stack.enter_context(Site(0).running())
        for name, paths in broken.items():
            sites[name].paths |= paths
        sources: list[dict[str, object]] = [
            {"id": f"site-{name}", "url": f"{site.url}/"} for name, site in sites.items() if name != "away"
        ]
        sources[0]["feeds"] = ["/rss", "/feed/old"]
        with Site(1).running() as away:
            sources.append({"id": "site-away", "url": f"{away.url}/"})
        sources.append({"id": "site-tls", "url": stack.enter_context(untrusted_server(tmp_path))})
        stack.enter_context(Portal([portal_site]))
        sources.append({"id": "site-other", "url": portal_site.base_url + "/", "platform": "nastooh"})
        write(tmp_path / "mine", sources)
        names = [str(source["id"]) for source in sources]
        done = run("sources", "check", *names, "--sources", "mine", "--delay", "0", "--json")
    rows = {row["source"]: row for row in done.json}
    assert list(rows) == names
    found = {name.removeprefix("site-"): row["trouble"] for name, row in rows.items()}
    wanted: dict[str, str | None] = {name: name for name in (*broken, "nothing", "away", "tls")}
    assert found == {"ok": None, "other": None, **wanted}
    assert done.status == 1
    assert all(row["why"] for row in rows.values() if row["trouble"])
    assert {row["verdict"] for row in rows.values()} == {"ok", "failed"}
    assert rows["site-ok"]["notes"] == [f"{sites['ok'].url}/feed/old: http-404"]
    assert rows["site-ok"]["fields"]["date"] == rows["site-ok"]["articles"] == 3
    assert rows["site-other"]["notes"] == ["the site runs on iransamaneh, the registry says nastooh"]
    assert run("status", "--json").json["sources"] == {}  # a check stores nothing


def test_check_says_how_many_are_well(run: Run, tmp_path: Path) -> None:
    with Site(2).running() as site:
        write(tmp_path / "mine", [{"id": "well", "url": site.url + "/"}])
        done = run("sources", "check", "well", "--sources", "mine", "--delay", "0")
    assert (done.status, done.out.split("\t")[:3]) == (0, ["well", "ok", "2"])
    assert "1 of 1 sources are ok" in done.err


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
def test_new_keeps_a_page_that_is_checked_once_it_is_reviewed(run: Run, tmp_path: Path, charset: str) -> None:
    site = PortalSite("nastooh", synthetic_articles(6, seed=6), charset=charset)
    with Portal([site]):
        done = run("sources", "new", site.base_url + "/", "--write", "mine", "--delay", "0")
    assert done.status == 0, done.err
    assert "review" in done.err
    (file,) = (tmp_path / "mine").glob("*.yaml")
    folder = tmp_path / "mine" / "pages" / file.stem
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    (truth,) = [record for record in site.truth() if record["url"] == expected["url"]]
    assert expected["body"].split("\n") == truth["body"]
    assert (expected["headline"], expected["date_published"]) == (truth["headline"], truth["date_published"])

    def check() -> tuple[int, str]:
        done = run("sources", "check", "--pages", "mine/pages", "--sources", "mine", "--json")
        (row,) = done.json
        return done.status, row["verdict"]

    def expect(**changes: object) -> None:
        text = json.dumps(expected | changes, ensure_ascii=False)
        (folder / "expected.json").write_text(text, encoding="utf-8")

    assert check() == (1, "unreviewed")
    expect(reviewed=True)
    assert check() == (0, "ok")
    expect(reviewed=True, headline="تیتر دیگری")
    assert check() == (1, "differs")
    shown = run("sources", "check", file.stem, "--pages", "mine/pages", "--sources", "mine")
    assert "headline" in shown.out
    (folder / "page.html").write_text("<p>x", encoding="utf-8")
    assert check() == (1, "no-article")


def test_stored_pages_that_cannot_be_read_are_named(run: Run, tmp_path: Path) -> None:
    assert run("sources", "check", "--pages", "nowhere").status == 2
    case = tmp_path / "pages" / "one" / "expected.json"
    case.parent.mkdir(parents=True)
    case.write_text('{"url": "https://example.ir/"}', encoding="utf-8")
    done = run("sources", "check", "--pages", "pages")
    assert (done.status, "expected.json" in done.err, "fetched" in done.err) == (2, True, True)
    case.write_text('{"url": "https://example.ir/", "fetched": "2026-03-01T00:00:00Z"}', encoding="utf-8")
    done = run("sources", "check", "--pages", "pages")
    assert (done.status, "page.html" in done.err) == (2, True)


def test_new_without_an_article(run: Run, tmp_path: Path) -> None:
    with Site(0).running() as site:
        done = run("sources", "new", site.url + "/", "--write", "mine", "--delay", "0")
        assert (done.status, "no article was found" in done.err) == (1, True)
        assert len(list((tmp_path / "mine").glob("*.yaml"))) == 1
        assert not (tmp_path / "mine" / "pages").exists()
    gone = run("sources", "new", site.url + "/", "--write", "other", "--delay", "0")
    assert (gone.status, "cannot be had" in gone.err) == (1, True)
    assert not (tmp_path / "other").exists()
