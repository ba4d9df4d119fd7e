"""Which browser the tests take."""

from pathlib import Path

import pytest

from tools import chromium
from tools.processes import MissingError


def test_the_one_of_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("chromium", "own"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium.program() == tmp_path / "chromium"
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "own"))
    assert chromium.program() == tmp_path / "own"


def test_without_one_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(MissingError, match="apt install chromium"):
        chromium.program()
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(MissingError, match="/no/such/browser"):
        chromium.program()
