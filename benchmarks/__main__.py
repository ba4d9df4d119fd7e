"""Run all benchmarks, or those named: ``python -m benchmarks extraction search``."""

import importlib
import sys

NAMES = ("extraction", "search", "persian_gold")

for name in sys.argv[1:] or NAMES:
    if name not in NAMES:
        sys.exit(f"there is no benchmark {name!r}: there are {', '.join(NAMES)}")
    print(f"\n== {name}", flush=True)
    importlib.import_module(f"benchmarks.{name}").main()
