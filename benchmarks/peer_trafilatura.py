"""Runs in the peer's environment: extracts the pages named on standard input, and says how long it took."""

import json
import sys
import time
from pathlib import Path

import trafilatura

pages = [(Path(page["file"]).read_bytes(), page["url"]) for page in json.load(sys.stdin)]


def extract(body: bytes, url: str) -> dict[str, object]:
    found = trafilatura.bare_extraction(body, url=url, with_metadata=True, include_tables=True)
    return found.as_dict() if found else {}


extract(*pages[0])  # compiles its expressions
start = time.perf_counter()
results = [extract(*page) for page in pages]
seconds = time.perf_counter() - start
kept = [{"headline": r.get("title"), "date": r.get("date"), "body": r.get("text") or ""} for r in results]
json.dump({"version": trafilatura.__version__, "seconds": seconds, "results": kept}, sys.stdout)
