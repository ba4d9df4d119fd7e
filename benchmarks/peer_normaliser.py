"""Runs in the environment of a normaliser: its results for the texts on standard input, once and twice over.

usage: peer_normaliser.py LIBRARY    (aggregator, hazm, parsivar, shekar)
Reads {"texts": […], "documents": […]}; writes the version, the results, and seconds for the documents.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

PACKAGES = {"aggregator": "persian-news-aggregator"}


def normaliser(library: str) -> Callable[[str], str]:
    """The call that its manual shows for a text."""
    made: Any
    if library == "aggregator":
        from aggregator.persian.normalise import normalise

        return normalise
    if library == "hazm":
        from hazm import Normalizer as Hazm

        made = Hazm().normalize
    elif library == "parsivar":
        from parsivar import Normalizer as Parsivar

        made = Parsivar().normalize
    else:
        from shekar import Normalizer as Shekar

        made = Shekar()
    return lambda text: str(made(text))


def main() -> None:
    """Work through what is on standard input."""
    library = sys.argv[1]
    given = json.load(sys.stdin)
    work = normaliser(library)
    once = [attempt(work, text) for text in given["texts"]]
    twice = [attempt(work, text) for text in once]
    start = time.process_time()
    for document in given["documents"]:
        attempt(work, document)
    seconds = time.process_time() - start
    number = version(PACKAGES.get(library, library))
    json.dump({"version": number, "once": once, "twice": twice, "seconds": seconds}, sys.stdout)


def attempt(work: Callable[[str], str], text: str) -> str:
    """The result, or what went wrong in its place: a peer that fails on one text is not out of the race."""
    try:
        return work(text)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    main()
