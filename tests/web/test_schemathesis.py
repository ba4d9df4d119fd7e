"""The OpenAPI document says what is answered: Schemathesis asks a running server with real data.

No answer is a 5xx, and none has a status, a type or a shape that is not in the document.
"""

import re
import subprocess
import sys
from pathlib import Path

from aggregator.web.service import Service
from tests.web.conftest import Client
from tests.web.places import found_in

OPTIONS = (
    "--phases=examples,coverage,fuzzing",
    # A query or a day may make no sense, which a schema cannot say: such are answered by 400 and 422. And an
    # empty value is the same as none, as forms send it, whatever a parameter's schema is.
    "--exclude-checks=positive_data_acceptance,negative_data_rejection",
    "--max-examples=15",
    "--generation-deterministic",
    "--continue-on-failure",
    "--no-shrink",
    "--no-color",
    "--warnings=off",
)


def test_every_answer_is_documented(client: Client, service: Service, tmp_path: Path) -> None:
    edited = found_in(service.workspace.store)["edited"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.id" = "{edited}"\n')
    address = f"http://127.0.0.1:{client.port}/api/openapi.json"
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run", address, *OPTIONS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-30_000:] + done.stderr
    assert re.search(r"\d{3,} generated", done.stdout), done.stdout
