"""Extraction beside trafilatura: pages a second, and accuracy against the truth of the same pages.

The pages are the sample portal's, of every CMS family; real ones with hand-read truth join them where
``../shared/pages`` is present. Both sides run in turn in the same run, each in a process of its own.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aggregator.demo.families import FAMILIES
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from benchmarks.peers import peer_python

ROUNDS = 3
PAGES_PER_FAMILY = 12
SHARED_PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages"

OURS = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from aggregator.extract import extract
from aggregator.model import Article, Page
now = datetime.now(UTC)
pages = [Page(p["url"], Path(p["file"]).read_bytes(), now, "bench") for p in json.load(sys.stdin)]
extract(pages[0])
start = time.perf_counter()
results = [extract(page) for page in pages]
seconds = time.perf_counter() - start
kept = [
    {"headline": r.headline, "date": r.published.iso() if r.published else None, "body": "\\n".join(r.body)}
    if isinstance(r, Article) else {"headline": None, "date": None, "body": ""} for r in results
]
json.dump({"seconds": seconds, "results": kept}, sys.stdout)
"""


def main() -> None:
    """Print one table for each set of pages."""
    peer = peer_python("trafilatura", "trafilatura>=2")
    with tempfile.TemporaryDirectory() as folder:
        sets = {"sample portal, every family": portal_pages(Path(folder))}
        if SHARED_PAGES.is_dir():
            sets["real pages"] = real_pages()
        for title, pages in sets.items():
            compare(title, pages, peer)


def portal_pages(folder: Path) -> list[dict[str, Any]]:
    """Pages of every family with their truth."""
    pages = []
    for family in FAMILIES:
        site = Site(family, synthetic_articles(PAGES_PER_FAMILY, seed=1))
        for number, truth in enumerate(site.truth()):
            file = folder / f"{family}-{number}.html"
            file.write_bytes(site.respond(truth["url"].removeprefix(site.base_url)).body)
            pages.append({"file": str(file), "truth": truth, "url": truth["url"]})
    return pages


def real_pages() -> list[dict[str, Any]]:
    """The whole article pages with hand-read truth, several times over so that the time can be measured."""
    found = []
    for truth_file in sorted(SHARED_PAGES.glob("*.gt.json")):
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        page = truth_file.with_name(truth_file.name.replace(".gt.json", ".html"))
        if "headline" in truth and page.exists():
            truth["body"] = [
                truth["body_first_sentence"],
                *truth["body_must_include"],
                truth["body_last_sentence"],
            ]
            found.append({"file": str(page), "truth": truth, "url": truth["url"]})
    return found * 20


def compare(title: str, pages: list[dict[str, Any]], peer: Path) -> None:
    """Run both sides in turn and print speeds, their ratio, and accuracy."""
    size = statistics.mean(Path(page["file"]).stat().st_size for page in pages) / 1024
    print(f"\n{title}: {len(pages)} pages, mean {size:.0f} KB, median of {ROUNDS} rounds")
    rounds = [
        (run([sys.executable, "-c", OURS], pages), run([peer, "benchmarks/peer_trafilatura.py"], pages))
        for _ in range(ROUNDS)
    ]
    for name, side in (("aggregator", 0), (f"trafilatura {rounds[0][1]['version']}", 1)):
        seconds = statistics.median(both[side]["seconds"] for both in rounds)
        scores = ", ".join(
            f"{what} {share:.3f}" for what, share in accuracy(pages, rounds[0][side]["results"]).items()
        )
        print(f"  {name:20} {len(pages) / seconds:8.1f} pages/s   right: {scores}")
    ratio = statistics.median(theirs["seconds"] / ours["seconds"] for ours, theirs in rounds)
    print(f"  ratio of speeds      {ratio:8.2f}")


def run(command: list[Any], pages: list[dict[str, Any]]) -> dict[str, Any]:
    """One round of one side."""
    given = json.dumps([{"file": page["file"], "url": page["url"]} for page in pages])
    done = subprocess.run(
        [str(part) for part in command], input=given, capture_output=True, text=True, check=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def accuracy(pages: list[dict[str, Any]], results: list[dict[str, Any]]) -> dict[str, float]:
    """Shares of pages whose headline is exact, whose day and whose whole date are right, and of the truth's
    sentences found in the body: with their ZWNJ, and with every ZWNJ taken away on both sides."""
    checks: dict[str, Callable[[dict[str, Any], dict[str, Any]], float]] = {
        "headline": lambda truth, found: squeeze(found["headline"]) == squeeze(truth["headline"]),
        "day": lambda truth, found: (found["date"] or "")[:10] == truth["date_published"][:10],
        "date": lambda truth, found: found["date"] == truth["date_published"],
        "body": lambda truth, found: share(truth["body"], found["body"], keep=True),
        "body without ZWNJ": lambda truth, found: share(truth["body"], found["body"], keep=False),
    }
    pairs = [(page["truth"], result) for page, result in zip(pages, results, strict=True)]
    return {name: statistics.mean(float(check(*pair)) for pair in pairs) for name, check in checks.items()}


def share(paragraphs: list[str], body: str, *, keep: bool) -> float:
    """How many of the paragraphs stand in the body."""
    zwnj = "\u200c" if keep else ""
    text = squeeze(body).replace("\u200c", zwnj)
    return statistics.mean(squeeze(paragraph).replace("\u200c", zwnj) in text for paragraph in paragraphs)


def squeeze(text: str | None) -> str:
    """White space collapsed."""
    return " ".join((text or "").split())
