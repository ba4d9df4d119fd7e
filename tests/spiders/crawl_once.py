"""Run as a program: one ``crawl()``, described by the JSON object in the first argument, told as JSON.

A reactor cannot be started twice in a process, so that each crawl of the tests has a process of its own.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any


def main(task: dict[str, Any]) -> None:
    # Here, since the crawl's own processes load this file too.
    from aggregator.config import load_settings
    from aggregator.crawl.run import crawl
    from aggregator.model import Source
    from aggregator.persian.calendar import parse_day

    logging.basicConfig(level="WARNING")
    told: list[str] = []
    result = crawl(
        [Source(**source) for source in task["sources"]],
        load_settings(**{"data": Path(task["data"]), "delay": 0.0} | task["settings"]),
        since=parse_day(task["since"]) if task["since"] else None,
        limit=task["limit"],
        on_progress=lambda progress: told.append(progress.state),
        changes={"BACKOFF_START": 0.05} | task["scrapy"],
    )
    runs = [
        {"source": run.source, "state": run.state, "reason": run.reason, **run.counts}
        for run in result.sources
    ]
    print(
        json.dumps(
            {
                "runs": runs,
                "failed": [run.source for run in result.failed],
                "interrupted": result.interrupted,
                "index_trouble": result.index_trouble and str(result.index_trouble),
                "told": told,
            }
        )
    )


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
