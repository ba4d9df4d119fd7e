"""PostgreSQL on loopback for tests and development: ``Server``.

It runs as an ordinary user, with data and a port of its own, and ends with the process that started it.
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy.engine import make_url

from tools.processes import (
    MissingError,
    Process,
    ServerError,
    free_port,
    give,
    last_lines,
    new_folder,
    ordinary_user,
    remove,
)

USER = "news"
_HOW = "install it (Debian: apt install postgresql), or set AGGREGATOR_TEST_POSTGRESQL to the URL of one"
_SETTINGS = {
    # Tests keep nothing, so nothing need reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def programs() -> Path:
    """The folder of the newest PostgreSQL's programs. Raises MissingError."""
    for folder in _folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise MissingError(f"there is no PostgreSQL server: {_HOW}")


def _folders() -> Iterator[Path]:
    versions = Path("/usr/lib/postgresql")  # Debian's, not on the path
    if versions.is_dir():
        numbered = (folder for folder in versions.iterdir() if folder.name.isdigit())
        yield from (folder / "bin" for folder in sorted(numbered, key=lambda it: int(it.name), reverse=True))
    if command := shutil.which("postgres"):
        yield Path(command).resolve().parent


class Server:
    """One server with a password. Entering starts it and waits until it answers; leaving removes all of it.

    ``settings`` are PostgreSQL's own, in place of those for tests, which are fast and not durable. It ends
    with the process ``owner`` (this one). Raises MissingError where there is no PostgreSQL, ServerError where
    it does not start.
    """

    def __init__(self, settings: Mapping[str, str] | None = None, *, owner: int | None = None):
        self.settings = {**_SETTINGS, **(settings or {})}
        self.owner = owner or os.getpid()
        self.port = free_port()
        self.password = secrets.token_urlsafe(12)
        self.programs = programs()
        self.folder = new_folder("postgresql")
        self.log = self.folder / "output.log"
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def database(self) -> str:
        """The address of a new, empty database."""
        return create_database(self.url)

    def __enter__(self) -> Self:
        try:
            self._create()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Starts it and waits until it answers; its port and its data stay when it is started again."""
        settings = {**self.settings, "port": str(self.port)}
        self._process = Process(
            [
                self.programs / "postgres",
                "-D",
                self.folder / "data",
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            folder=self.folder,
            output=self.log,
            environment=_environment(),
            owner=self.owner,
            ending=signal.SIGQUIT,
        )
        self.wait_ready()

    def stop(self) -> None:
        """Ends it as a system does that is shut down: whoever is connected is cut off."""
        self._started().signal(signal.SIGINT, group=False)
        self._started().wait(30)

    def kill(self) -> None:
        """Ends it at once; it recovers when it is started again."""
        self._started().signal(signal.SIGQUIT, group=False)
        self._started().wait(30)

    def close(self) -> None:
        """Ends it at once and removes what it had."""
        if self._process is not None and self._process.running:
            self.kill()
        remove(self.folder)

    @property
    def supervisor(self) -> int:
        """The process that ends the server and removes its folder when it gets SIGTERM."""
        return self._started().supervisor

    def wait_ready(self, seconds: float = 30) -> None:
        """Until it answers. Raises ServerError where it ends or does not."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(_plain(self.url), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if not self._started().running or time.monotonic() > deadline:
                    raise ServerError(
                        f"PostgreSQL does not answer ({error}); its log ends\n{last_lines(self.log)}"
                    ) from None
            time.sleep(0.02)

    def _create(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o600)
        give(self.folder)
        user = ordinary_user() or (None, None)
        done = subprocess.run(
            [
                self.programs / "initdb",
                f"--pgdata={self.folder / 'data'}",
                f"--username={USER}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
            user=user[0],
            group=user[1],
            extra_groups=None if user[0] is None else [],
            cwd=self.folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerError(f"initdb failed: {done.stderr.strip()}")

    def _started(self) -> Process:
        if self._process is None:
            raise ServerError("PostgreSQL was not started")
        return self._process


def create_database(url: str) -> str:
    """Makes a new, empty database on the server of this address; returns its address."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str, address: str) -> None:
    """Removes a database that ``create_database`` made there, whoever is still connected."""
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{make_url(address).database}" WITH (FORCE)')


def empty_database(address: str) -> None:
    """Removes all that is in a database, and cuts off whoever is connected; quicker than a new one."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(_plain(address)) as connection:
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
