"""Pages of a person's own sources, kept beside the article that is expected of each.

``DIR/<source>/[<any name>/]page.html`` is the page as it came. ``expected.json`` beside it holds what the
record of its article is to say: any keys of the export record, and two of its own, ``fetched`` (when;
relative dates are read against it) and ``reviewed`` (false until a person has looked).
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.commands.output import note, print_json, print_table
from aggregator.errors import FixCommandError, FixFileError
from aggregator.extract import extract
from aggregator.model import NotArticle, Page, iso_utc
from aggregator.record import article_record
from aggregator.registry import Registry

PAGE, EXPECTED = "page.html", "expected.json"

#: What the page alone decides; the rest of the record follows from the registry too, or from this software.
KEPT = (
    "url", "canonical_url", "headline", "kicker", "lead", "body", "section", "keywords", "authors",
    "main_image", "images", "attachments", "code", "date_published", "date_published_raw", "date_precision",
    "date_modified",
)  # fmt: skip


def store_page(folder: Path, page: Page, platform: str | None) -> list[str]:
    """Writes a page and what is read from it today; its empty fields, which a reviewer should look at first.

    FixCommandError where the folder cannot be written, or has a page already.
    """
    saved = Page(page.url, page.body, page.fetched_at, page.source)  # without the headers, as it will be read
    record = read(saved, platform)
    assert isinstance(record, dict)
    expected = {"reviewed": False, "fetched": iso_utc(page.fetched_at)} | {key: record[key] for key in KEPT}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / PAGE).open("xb") as out:
            out.write(page.body)
        text = json.dumps(expected, ensure_ascii=False, indent=1)
        (folder / EXPECTED).write_text(text + "\n", encoding="utf-8")
    except FileExistsError:
        raise FixCommandError(f"{folder / PAGE} exists already: choose another folder") from None
    except OSError as error:
        raise FixCommandError(f"{folder} cannot be written: {error.strerror}") from None
    return [key for key in KEPT if not record[key]]


def read(page: Page, platform: str | None) -> dict[str, Any] | NotArticle:
    """The record of a saved page, as today's rules have it."""
    result = extract(page, platform)
    return result if isinstance(result, NotArticle) else article_record(result, seen=page.fetched_at)


def check_pages(directory: Path, sources: list[str], registry: Registry, *, as_json: bool) -> int:
    """Extract all stored pages (of these sources) again, and report what is not as expected."""
    cases = list(stored(directory, sources))
    if not cases:
        raise FixCommandError(f"no {EXPECTED} was found under {directory}")
    found = [compare(case, source, registry) for source, case in cases]
    if as_json:
        print_json(found)
    else:
        print_table(("page", "verdict", "why"), ((row["page"], row["verdict"], why(row)) for row in found))
        well = sum(row["verdict"] == "ok" for row in found)
        note(f"aggregator: {well} of {len(found)} pages are as expected")
    return 0 if all(row["verdict"] == "ok" for row in found) else 1


def stored(directory: Path, sources: list[str]) -> Iterator[tuple[str, Path]]:
    """Source id and ``expected.json`` of each stored page."""
    for path in sorted(directory.rglob(EXPECTED)):
        source = path.relative_to(directory).parts[0]
        if not sources or source in sources:
            yield source, path


def compare(case: Path, source: str, registry: Registry) -> dict[str, Any]:
    """``ok``, ``unreviewed``, ``differs`` (in which fields) or ``no-article``, as JSON."""
    expected = load(case)
    page = saved_page(case, expected, source)
    entry = registry.sources.get(source)
    result = read(page, entry.platform if entry else None)
    row: dict[str, Any] = {"page": str(case.parent), "source": source, "why": None, "differences": []}
    if isinstance(result, NotArticle):
        return row | {"verdict": "no-article", "why": f"{result.kind}: {result.reason}"}
    row["differences"] = [
        {"field": key, "expected": value, "found": result[key]}
        for key, value in expected.items()
        if key in result and result[key] != value
    ]
    reviewed = "ok" if expected.get("reviewed") else "unreviewed"
    return row | {"verdict": "differs" if row["differences"] else reviewed}


def load(case: Path) -> dict[str, Any]:
    """What is expected; FixFileError where that is no JSON object with an address and a time."""
    try:
        expected = json.loads(case.read_text(encoding="utf-8"))
        datetime.fromisoformat(expected["fetched"])
        assert isinstance(expected["url"], str)
    except OSError as error:
        raise FixFileError(error.strerror or str(error), path=case) from None
    except (ValueError, KeyError, TypeError, AssertionError):
        raise FixFileError(
            "needs to be a JSON object with 'url' and 'fetched' (an instant)", path=case
        ) from None
    return dict(expected)


def saved_page(case: Path, expected: dict[str, Any], source: str) -> Page:
    """The page beside an expectation."""
    path = case.with_name(PAGE)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise FixFileError(error.strerror or str(error), path=path) from None
    return Page(expected["url"], body, datetime.fromisoformat(expected["fetched"]).astimezone(UTC), source)


def why(row: dict[str, Any]) -> str:
    """A row's reason on one line."""
    if row["verdict"] == "unreviewed":
        return 'compare it with the page, then write "reviewed": true'
    return row["why"] or ", ".join(difference["field"] for difference in row["differences"])
