"""The bundled portal: sites.yaml says which sites there are, articles/*.yaml what they publish."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from aggregator.demo.site import DeadEnd, Site
from aggregator.demo.stories import Story, read_story


def bundled_sites() -> list[Site]:
    """New sites with the bundled stories, in the order of sites.yaml."""
    stories = _stories()
    return [_site(entry, stories[entry["source"]]) for entry in _read("sites.yaml")]


def _site(entry: dict[str, Any], stories: list[Story]) -> Site:
    dead_ends = [DeadEnd(kind, headline) for kind, headline in entry.pop("dead_ends", {}).items()]
    return Site(stories=stories, dead_ends=dead_ends, **entry)


@cache
def _stories() -> dict[str, list[Story]]:
    """Source id → its stories."""
    found: dict[str, list[Story]] = {}
    folder = files("aggregator.demo") / "articles"
    for name in sorted(path.name for path in folder.iterdir() if path.name.endswith(".yaml")):
        for entry in _read(f"articles/{name}"):
            found.setdefault(entry["site"], []).append(read_story(entry))
    return found


def _read(name: str) -> list[dict[str, Any]]:
    text = (files("aggregator.demo") / name).read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return entries
