"""Run as a program: archives pages, and tells the number of each on a line, until it is killed.

Arguments: the folder, the number of the first page.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from archiving import noisy

from aggregator.crawl.archive import PageArchive

if __name__ == "__main__":
    archive = PageArchive(Path(sys.argv[1]), max_bytes=3_000_000)
    for number in range(int(sys.argv[2]), 10**6):
        archive.write(noisy(number))
        print(number, flush=True)
