"""The page of an article: its two forms side by side, and where its page stands in the archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.config import Settings
from aggregator.crawl.archive import PageArchive, archive_files
from aggregator.crawl.archive.index import find
from aggregator.model import Page
from aggregator.web.language import PERSIAN
from aggregator.web.service import Service
from aggregator.workspace import Workspace
from tests.making import NOW, make_stored
from tests.web.conftest import Client, serving
from tests.web.reading import page


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """With one article."""
    opened = Workspace(Settings(data=tmp_path))
    opened.store.put_articles([make_stored(1)])
    yield opened
    opened.close()


@pytest.fixture
def reader(workspace: Workspace) -> Iterator[Client]:
    service = Service(workspace)
    service.open()
    with serving(service) as client:
        yield client


def archived(workspace: Workspace, *urls: str, body: bytes = b"<p>a page</p>") -> None:
    archive = PageArchive(workspace.settings.archive_dir)
    for url in urls:
        archive.write(Page(url, body, NOW, "example", headers={"content-type": "text/html; charset=utf-8"}))
    archive.close()


def record_of(client: Client) -> list[str]:
    found = page(client, f"/articles/{make_stored(1).article.id}")
    return [dd.text_content().strip() for dd in found.xpath("//section[@aria-labelledby='archive']//dd")]


def test_the_record_of_the_archived_page_is_told(reader: Client, workspace: Workspace) -> None:
    url = make_stored(1).article.url
    archived(workspace, "https://news.example.ir/news/0", url, "https://news.example.ir/news/2")
    (entry,) = find(workspace.settings.archive_dir, url)
    assert entry.offset > 0
    assert record_of(reader) == [
        PERSIAN.stamp(entry.fetched_at),
        "200 text/html",
        entry.path.name,
        f"از بایت {PERSIAN.digits(entry.offset)}، {PERSIAN.digits(entry.length)} بایت",
        entry.digest,
    ]
    assert str(workspace.settings.data) not in reader.get(f"/articles/{make_stored(1).article.id}").text


def test_where_there_is_no_archive_that_is_told(reader: Client, workspace: Workspace) -> None:
    assert record_of(reader) == []
    archived(workspace, "https://news.example.ir/news/0")
    assert record_of(reader) == []
    found = page(reader, f"/articles/{make_stored(1).article.id}")
    assert "در بایگانی یافت نشد." in found.text_content()


def test_the_newest_of_several_archived_pages_is_told(reader: Client, workspace: Workspace) -> None:
    url = make_stored(1).article.url
    for number in range(3):
        archived(workspace, url, body=b"<p>%d</p>" % number)
    newest = find(workspace.settings.archive_dir, url)[-1]
    assert record_of(reader)[2:5:2] == [newest.path.name, newest.digest]


def test_no_archive_is_read_through_for_a_page(reader: Client, workspace: Workspace) -> None:
    archived(workspace, make_stored(1).article.url)
    (file,) = archive_files(workspace.settings.archive_dir)
    file.with_name(file.name.replace(".warc.gz", ".cdxj")).unlink()
    assert record_of(reader) == []
    assert [one.name for one in workspace.settings.archive_dir.iterdir()] == [file.name]


def test_both_forms_stand_side_by_side(client: Client, service: Service, edited_id: str) -> None:
    found = page(client, f"/articles/{edited_id}", form="both")
    article = service.article(edited_id).article
    assert article.normalised
    assert found.xpath("string(//h1)").strip() == article.headline
    columns = found.xpath("//div[@class='pair']/section")
    assert [one.get("aria-label") for one in columns] == ["چنان‌که منتشر شد", "ویراسته"]
    for column, texts in zip(columns, (article, article.normalised), strict=True):
        assert column.xpath("string(h3)").strip() == texts.headline
        assert [one.text_content().strip() for one in column.xpath("p[@dir and not(@class)]")] == list(
            texts.body
        )
    forms = found.xpath("//nav[@class='forms']/a")
    assert [one.get("aria-current") for one in forms] == [None, None, "true"]


def test_an_article_that_is_not_normalised_has_one_form(reader: Client) -> None:
    for form in ("published", "normalised", "both"):
        found = page(reader, f"/articles/{make_stored(1).article.id}", form=form)
        assert len(found.xpath("//nav[@class='forms']/a")) == 1
        assert not found.xpath("//div[@class='pair']")
    page(reader, f"/articles/{make_stored(1).article.id}", 422, form="other")


def test_headlines_tell_their_own_direction(client: Client, edited_id: str) -> None:
    """``dir=auto`` does not look into ``bdi``: a heading of nothing else would be left to right."""
    for path, headings in (("/", "//h3"), (f"/articles/{edited_id}", "//h1")):
        found = page(client, path).xpath(f"//main{headings}")
        assert found
        assert all(one.get("dir") == "auto" and not one.xpath(".//bdi") for one in found)
