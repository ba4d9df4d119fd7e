"""What the person named on the command line: sources of the registry, or any site by its address."""

import difflib
from collections.abc import Sequence

from aggregator.errors import FixCommandError
from aggregator.model import Source
from aggregator.registry import Registry
from aggregator.urls import clean_url, host_of


def resolve_targets(names: Sequence[str], registry: Registry, *, every: bool = False) -> list[Source]:
    """The sources meant by ids and addresses, each once; all of the registry where ``every``.

    Raises FixCommandError where nothing or something unknown is named.
    """
    if every and names:
        raise FixCommandError("name sources or --all, not both")
    if every:
        return list(registry.sources.values())
    if not names:
        raise FixCommandError(
            "nothing to crawl: name a source (see 'aggregator sources list'), an address, or --all"
        )
    found = {source.id: source for source in (resolve_target(name, registry) for name in names)}
    return list(found.values())


def resolve_target(name: str, registry: Registry) -> Source:
    """The source with this id, or a source made of this address."""
    if "://" in name or name.startswith("//"):
        return source_of_url(name, registry)
    if name in registry.sources or "." not in name:
        return source_by_id(name, registry)
    return source_of_url(f"https://{name}", registry)  # www.example.ir, as one would type it in a browser


def source_by_id(name: str, registry: Registry) -> Source:
    """The source with this id; an unknown one is answered with the nearest."""
    if name in registry.sources:
        return registry.sources[name]
    near = difflib.get_close_matches(name, registry.sources, n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else "; see 'aggregator sources list'"
    raise FixCommandError(f"no source is called {name!r}{hint}")


def source_of_url(url: str, registry: Registry) -> Source:
    """A source for a bare address: the registry's where the address is its start page, else a new one."""
    cleaned = clean_url(url)
    if cleaned is None:
        raise FixCommandError(f"{url!r} is no web address: it has to start with http:// or https://")
    known = registry.source_for_url(cleaned)
    if known is None:
        return Source(id=host_of(cleaned), organisation=None, url=cleaned)
    if clean_url(known.url) == cleaned:
        return known
    return Source(id=known.id, organisation=known.organisation, url=cleaned, platform=known.platform)
