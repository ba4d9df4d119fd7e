"""``aggregator sources``: what is crawled, and whether it answers."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aggregator.commands.output import note, print_json, print_table
from aggregator.errors import FixCommandError
from aggregator.model import Source
from aggregator.registry import Registry, new_source_id, render_source_yaml
from aggregator.workspace import Workspace

CHECKED_ARTICLES = 3  # fetched of each site for a verdict


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


def check_sources(workspace: Workspace, sources: list[Source], *, as_json: bool) -> int:
    """Crawl a few articles of each source into a folder that is thrown away; say what came."""
    from aggregator.crawl.run import crawl

    with tempfile.TemporaryDirectory(prefix="aggregator-check-") as folder:
        settings = workspace.settings.model_copy(
            update={"data": Path(folder), "database": "", "archive": False}
        )
        result = crawl(sources, settings, limit=CHECKED_ARTICLES, registry=workspace.registry)
    verdicts = [verdict(progress.source, progress.counts, progress.reason) for progress in result.sources]
    if as_json:
        print_json(verdicts)
    else:
        print_table(("source", "verdict", "articles", "why"), ([*row.values()][:4] for row in verdicts))
    return 0 if all(row["verdict"] == "ok" for row in verdicts) else 1


def verdict(source: str, counts: dict[str, Any], reason: str | None) -> dict[str, Any]:
    """``ok`` where articles came, else ``failed`` with the reason."""
    articles = counts.get("new", 0)
    return {
        "source": source,
        "verdict": "ok" if articles else "failed",
        "articles": articles,
        "why": reason,
        "counts": counts,
    }


def new_source(workspace: Workspace, url: str, directory: Path | None) -> int:
    """Fetch a start page, recognise its CMS, and write or print the YAML of a new source."""
    from aggregator.crawl.fetch import fetch_page
    from aggregator.crawl.targets import source_of_url
    from aggregator.extract.document import Document, parse_document
    from aggregator.platforms import recognise

    source = source_of_url(url, workspace.registry)
    if source.id in workspace.registry.sources:
        raise FixCommandError(
            f"{url} is the source {source.id!r} already: see 'aggregator sources show {source.id}'"
        )
    document = parse_document(fetch_page(source.url, workspace.settings))
    found = recognise(document.markup, document.url) if isinstance(document, Document) else None
    name = new_source_id(source.url, workspace.registry)
    text = render_source_yaml(source.url, id=name, platform=found.name if found else None)
    if directory is None:
        print(text, end="")
        return 0
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
    return 0
