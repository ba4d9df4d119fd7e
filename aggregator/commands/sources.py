"""``aggregator sources list``, ``show`` and ``new``."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aggregator.commands.output import note, print_json, print_table
from aggregator.config import Settings
from aggregator.errors import FixCommandError, TryLaterError
from aggregator.model import NotArticle, Page, Source
from aggregator.registry import Registry, new_source_id, render_source_yaml
from aggregator.workspace import Workspace


def print_sources(registry: Registry, text: str, *, as_json: bool) -> int:
    """The sources with ``text`` in their id, name or address, all for the empty text."""
    found = [source for source in registry.sources.values() if text.casefold() in haystack(source, registry)]
    if as_json:
        print_json([source_record(source, registry) for source in found])
        return 0
    print_table(
        ("source", "organisation", "address", "platform", "verified"),
        (
            (
                source.id,
                registry.label(source.organisation or ""),
                source.url,
                source.platform,
                source.verified or "never",
            )
            for source in found
        ),
    )
    if not found:
        note(f"aggregator: no source has {text!r} in its id, name or address")
    return 0


def haystack(source: Source, registry: Registry) -> str:
    """What a person may search a source by."""
    organisation = registry.organisations.get(source.organisation or "")
    names = f"{organisation.name} {organisation.name_en}" if organisation else ""
    return f"{source.id} {source.url} {names}".casefold()


def source_record(source: Source, registry: Registry) -> dict[str, Any]:
    """A source with its organisation, as JSON."""
    organisation = registry.organisations.get(source.organisation or "")
    record = asdict(source) | {"verified": source.verified.isoformat() if source.verified else None}
    return record | {"organisation": asdict(organisation) if organisation else None}


def print_source(source: Source, registry: Registry, *, as_json: bool) -> int:
    """All that is known of one source."""
    record = source_record(source, registry)
    if as_json:
        print_json(record)
        return 0
    organisation = record.pop("organisation") or {}
    record["verified"] = record["verified"] or "never"
    rows = [*record.items(), *((f"organisation {key}", value) for key, value in organisation.items())]
    print_table(
        ("field", "value"), ((key, show(value)) for key, value in rows if value not in (None, (), ""))
    )
    return 0


def show(value: object) -> object:
    """A tuple as its members."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def new_source(workspace: Workspace, url: str, directory: Path | None, pages: Path | None) -> int:
    """Look at a site, recognise its CMS, and write or print the YAML of a new source.

    Where it is written, a page of the site is kept beside it with the article expected of it (in ``pages``,
    default: ``pages`` in the same folder), for a person to review.
    """
    from aggregator.commands.check import probe, probe_settings, why
    from aggregator.crawl.targets import source_of_url

    source = source_of_url(url, workspace.registry)
    if source.id in workspace.registry.sources:
        raise FixCommandError(
            f"{url} is the source {source.id!r} already: see 'aggregator sources show {source.id}'"
        )
    name = new_source_id(source.url, workspace.registry)
    with tempfile.TemporaryDirectory(prefix="aggregator-new-") as folder:
        settings = probe_settings(workspace.settings, Path(folder), archive=True)
        site = Source(name, organisation=None, url=source.url)
        (progress,) = probe([site], settings, workspace.registry, limit=1).sources
        page = archived_article(settings, progress.platform)
    if not progress.pages:
        raise TryLaterError(f"{url} cannot be had: {progress.reason}")
    text = render_source_yaml(source.url, id=name, platform=progress.platform)
    if directory is None:
        print(text, end="")
    else:
        write_source(directory, name, text)
        if page is not None:
            write_page((pages or directory / "pages") / name, page, progress.platform)
    if page is None:
        note(f"aggregator: no article was found on {source.url}: {why(progress)}")
    return 0 if page is not None else 1


def archived_article(settings: Settings, platform: str | None) -> Page | None:
    """The first page in an archive that is an article, also as a file without its headers."""
    from aggregator.commands.stored_pages import read
    from aggregator.crawl.archive import archive_files, read_pages

    pages = (page for path in archive_files(settings.archive_dir) for page in read_pages(path))
    return next((page for page in pages if not isinstance(read(page, platform), NotArticle)), None)


def write_source(directory: Path, name: str, text: str) -> None:
    """Write the file of a source; say what to do next."""
    path = directory / f"{name}.yaml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise FixCommandError(f"{path} exists already: edit it, or choose another folder") from None
    except OSError as error:
        raise FixCommandError(f"{path} cannot be written: {error.strerror}") from None
    note(f"aggregator: {path} written; fill in the names, then try")
    note(f"    aggregator crawl {name} --sources {directory} --limit 5")


def write_page(folder: Path, page: Page, platform: str | None) -> None:
    """Keep a page with the article expected of it; ask for a review."""
    from aggregator.commands.stored_pages import EXPECTED, PAGE, store_page

    empty = store_page(folder, page, platform)
    note(f"aggregator: {folder / PAGE} is {page.url}; please review {EXPECTED} beside it:")
    note(f"    is each field what the page says? Empty: {', '.join(empty) or 'none'}")
    note(f'    then write "reviewed": true, and: aggregator sources check --pages {folder.parent}')
