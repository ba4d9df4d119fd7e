"""Says which servers and browser the tests will have, and fetches what can be: ``python -m tools.prepare``.

With CI=true everything has to be there.
"""

import os
import sys
from collections.abc import Callable

from tools import chromium, distribution, postgresql
from tools.processes import MissingError


def main() -> int:
    """Prints a line for each; 1 where one is missing that has to be there."""
    # All are looked for, also behind one that is missing.
    there = [
        _report("Elasticsearch", "ELASTICSEARCH_URL", _elasticsearch),
        _report("PostgreSQL", "AGGREGATOR_TEST_POSTGRESQL", lambda: f"from {postgresql.programs()}"),
        _report("Chromium", "CHROMIUM", lambda: f"from {chromium.program()}"),
    ]
    return int(os.environ.get("CI") == "true" and not all(there))


def _elasticsearch() -> str:
    home = distribution.find()
    return f"from {home} with the Java of {distribution.java(home)}"


def _report(name: str, variable: str, find: Callable[[], str]) -> bool:
    if os.environ.get(variable):
        print(f"{name}: the one of {variable}", flush=True)
        return True
    try:
        print(f"{name}: {find()}", flush=True)
    except MissingError as error:
        print(f"{name}: its tests are left out: {error}", flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
