"""The rooms keep to themselves: who may import what."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# package → the only folders or files of the project that may import it
MAY_IMPORT = {
    "sqlalchemy": ("aggregator/store/",),
    "alembic": ("aggregator/store/",),
    "tantivy": ("aggregator/index/",),
    "elasticsearch": ("aggregator/index/elastic/",),
    "elastic_transport": ("aggregator/index/elastic/",),
    "rensa": ("aggregator/stories/",),
    "scrapy": ("aggregator/crawl/", "aggregator/settings.py", "spiders/"),
    "twisted": ("aggregator/crawl/", "spiders/"),
    "warcio": ("aggregator/crawl/",),
    "hazm": ("aggregator/persian/",),
    "ahocorasick_rs": ("aggregator/persian/names/",),
    "jdatetime": ("aggregator/persian/", "aggregator/demo/"),  # the demo is an oracle of its own
    "bs4": ("aggregator/extract/",),
    "fastapi": ("aggregator/web/",),
    "starlette": ("aggregator/web/",),
    "uvicorn": ("aggregator/web/",),
    "httpcore": ("aggregator/alerts/",),
    "httpx": ("aggregator/alerts/",),
    "xlsxwriter": ("aggregator/spreadsheet.py",),
    "typer": ("aggregator/cli.py", "aggregator/commands/"),
    "rich": ("aggregator/commands/",),
    "spiders": ("spiders/",),
}
# a pure room → what of the project it may import
PURE = {
    "aggregator/persian/": ("aggregator.persian", "aggregator.model"),
    "aggregator/platforms/": ("aggregator.platforms", "aggregator.model"),
    "aggregator/extract/": (
        "aggregator.extract",
        "aggregator.limits",
        "aggregator.model",
        "aggregator.persian",
        "aggregator.platforms",
        "aggregator.urls",
    ),
}


def modules() -> Iterator[tuple[str, set[str]]]:
    """Each file of the project with the modules it imports."""
    for folder in ("aggregator", "spiders"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found: set[str] = set()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    found.add(node.module or "")
            yield path.relative_to(ROOT).as_posix(), found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_library_has_one_room(package: str) -> None:
    users = [file for file, found in modules() if package in {name.partition(".")[0] for name in found}]
    assert [file for file in users if not file.startswith(MAY_IMPORT[package])] == []
    assert users, f"nothing imports {package}: take it out of this test"


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_knows_no_other(room: str) -> None:
    allowed = PURE[room]
    wrong = [
        (file, name)
        for file, found in modules()
        if file.startswith(room)
        for name in found
        if name.startswith("aggregator.") and not name.startswith(allowed)
    ]
    assert wrong == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, aggregator.cli\n"
        "print(*({name.partition('.')[0] for name in sys.modules}"
        " & {'alembic', 'bs4', 'fastapi', 'hazm', 'lxml', 'pydantic', 'scrapy', 'sqlalchemy', 'tantivy',"
        " 'twisted'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
