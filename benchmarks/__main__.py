"""Run all benchmarks, or those named: ``python -m benchmarks extraction search``.

Options go to the one that is named: ``python -m benchmarks persian --gold FOLDER``.
"""

import importlib
import sys
from itertools import takewhile

NAMES = (
    "extraction",
    "crawl",
    "search",
    "persian_gold",
    "persian_names",
    "persian",
    "elastic",
    "database",
    "dashboard",
    "stories",
)

named = list(takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
options = sys.argv[1 + len(named) :]
if options and len(named) != 1:
    sys.exit("options are for one benchmark: name it before them")
for name in named or NAMES:
    if name not in NAMES:
        sys.exit(f"there is no benchmark {name!r}: there are {', '.join(NAMES)}")
    print(f"\n== {name}", flush=True)
    importlib.import_module(f"benchmarks.{name}").main(*([options] if options else []))
