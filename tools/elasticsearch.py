"""Elasticsearch on loopback for tests and development: ``Cluster``, and ``python -m tools.elasticsearch``.

Nodes run as an ordinary user, with data and ports of their own, and end with the process that started them.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools import certificates, distribution
from tools.processes import (
    MissingError,
    Process,
    ServerError,
    free_port,
    give,
    is_open,
    last_lines,
    new_folder,
    remove,
)

USER = "elastic"
_SMALL = "-XX:-AlwaysPreTouch"  # no memory is touched before it is used
_QUICK = "-XX:TieredStopAtLevel=1"  # half the work until it is up, but less speed in the long run


class Node:
    """One server of a cluster; its ports and its data stay when it is stopped or killed and started again."""

    def __init__(self, cluster: "Cluster", number: int):
        self.name = f"node-{number}"
        self.port = free_port()
        self.transport_port = free_port()
        self.url = f"{'https' if cluster.secure else 'http'}://127.0.0.1:{self.port}"
        self.folder = cluster.folder / self.name
        self.log = self.folder / "output.log"
        self._cluster = cluster
        self._process: Process | None = None

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended; a suspended one runs."""
        return self._process is not None and self._process.running

    @property
    def supervisor(self) -> int:
        """The process that ends the node and removes the cluster's folder when it gets SIGTERM."""
        return self._started().supervisor

    def configure(self, settings: Mapping[str, object], heap: str) -> None:
        """Writes its configuration; to be called once, before the first start."""
        config = self.folder / "config"
        shutil.copytree(self._cluster.home / "config", config)
        own = {
            **settings,
            "node.name": self.name,
            "http.port": self.port,
            "transport.port": self.transport_port,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
        }
        # JSON is YAML.
        (config / "elasticsearch.yml").write_text(json.dumps(own, indent=1))
        (config / "jvm.options.d").mkdir(exist_ok=True)
        (config / "jvm.options.d" / "heap.options").write_text(f"-Xms{heap}\n-Xmx{heap}\n")
        (self.folder / "tmp").mkdir()

    def start(self) -> None:
        """Starts it; ``wait_ready`` waits until it answers."""
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "ES_JAVA_HOME": str(distribution.java(self._cluster.home)),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "ES_JAVA_OPTS": f"{_SMALL} {_QUICK}" if self._cluster.quick_start else _SMALL,
        }
        self._process = Process(
            [self._cluster.home / "bin" / "elasticsearch"],
            folder=self._cluster.folder,
            output=self.log,
            environment=environment,
            owner=self._cluster.owner,
            ending=signal.SIGKILL,
        )

    def stop(self, seconds: float = 30) -> None:
        """Ends it as a system does that is shut down; one that takes longer is killed."""
        self._started().signal(signal.SIGTERM, group=False)
        self._started().wait(seconds)

    def kill(self) -> None:
        """Ends it at once, whatever it is doing."""
        self._started().signal(signal.SIGKILL)
        self._started().wait(30)

    def suspend(self) -> None:
        """It stays there and answers nobody, as one behind a cut cable, until ``resume``."""
        self._started().signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Goes on after ``suspend``."""
        self._started().signal(signal.SIGCONT)

    def wait_ready(self, seconds: float = 120) -> None:
        """Until it answers. Raises ServerError where it ends or does not."""
        deadline = time.monotonic() + seconds
        while not (is_open(self.port) and self._cluster.ask(self, "/")):
            if not self.running or time.monotonic() > deadline:
                state = f"does not answer within {seconds:.0f} s" if self.running else "has ended"
                raise ServerError(f"Elasticsearch {self.name} {state}; its log ends\n{last_lines(self.log)}")
            time.sleep(0.1)

    def _started(self) -> Process:
        if self._process is None:
            raise ServerError(f"{self.name} was not started")
        return self._process


class Cluster:
    """Nodes that know each other. Entering starts them and waits until they answer; leaving removes all.

    ``secure`` puts TLS and passwords on them: then ``ca_file``, ``user`` and ``password`` are there.
    ``settings`` goes into every node's elasticsearch.yml. ``quick_start`` is for tests; what is measured runs
    without. They end with the process ``owner`` (this one).
    Raises MissingError where there is no Elasticsearch to be had, ServerError where it does not start.
    """

    def __init__(
        self,
        nodes: int = 1,
        secure: bool = False,
        heap: str = "512m",
        settings: Mapping[str, object] | None = None,
        *,
        quick_start: bool = True,
        owner: int | None = None,
    ):
        self.secure = secure
        self.quick_start = quick_start
        self.owner = owner or os.getpid()
        self.home = distribution.find()
        self.folder = new_folder("elasticsearch")
        self.ca_file = self.folder / "ca.pem" if secure else None
        self.user = USER if secure else None
        self.password = secrets.token_urlsafe(12) if secure else None
        self.nodes = [Node(self, number) for number in range(1, nodes + 1)]
        shared = {
            **_DEFAULTS,
            **self._meeting(),
            **(_SECURITY if secure else _NO_SECURITY),
            **(settings or {}),
        }
        for node in self.nodes:
            node.configure(shared, heap)
            self._add_credentials(node.folder / "config")
        give(self.folder)

    @property
    def url(self) -> str:
        """The address of the first node."""
        return self.nodes[0].url

    @property
    def urls(self) -> list[str]:
        """The addresses of all nodes."""
        return [node.url for node in self.nodes]

    def __enter__(self) -> Self:
        try:
            for node in self.nodes:
                node.start()
            self.wait_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all nodes at once and removes what they had."""
        for node in self.nodes:
            if node.running:
                node.kill()
        remove(self.folder)

    def wait_ready(self, seconds: float = 120) -> None:
        """Until all running nodes answer and have found each other."""
        deadline = time.monotonic() + seconds
        running = [node for node in self.nodes if node.running]
        for node in running or self.nodes:
            node.wait_ready(deadline - time.monotonic())
        for node in running:
            while (self.ask(node, "/_cluster/health") or {}).get("number_of_nodes") != len(running):
                if time.monotonic() > deadline:
                    raise ServerError(
                        f"{len(running)} nodes have not found each other within {seconds:.0f} s; "
                        f"the log of {node.name} ends\n{last_lines(node.log)}"
                    )
                time.sleep(0.1)

    def ask(self, node: Node, path: str, seconds: float = 10) -> dict[str, Any] | None:
        """What a node answers to GET; None: nothing, or an error."""
        request = urllib.request.Request(node.url + path)
        if self.password is not None:
            token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if self.ca_file is not None:
            context = ssl.create_default_context(cafile=str(self.ca_file))
            handlers.append(urllib.request.HTTPSHandler(context=context))
        try:
            with urllib.request.build_opener(*handlers).open(request, timeout=seconds) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (OSError, ValueError):
            return None

    def _meeting(self) -> dict[str, object]:
        if len(self.nodes) == 1:
            return {"discovery.type": "single-node"}
        return {
            "discovery.seed_hosts": [f"127.0.0.1:{node.transport_port}" for node in self.nodes],
            "cluster.initial_master_nodes": [node.name for node in self.nodes],
        }

    def _add_credentials(self, config: Path) -> None:
        if self.password is None:
            return
        if not (self.folder / "ca.pem").exists():
            certificates.make(self.folder)
        for name in ("ca.pem", "server.pem", "server.key"):
            shutil.copy(self.folder / name, config)
        (config / "users").write_text(f"{USER}:{_hashed(self.password)}\n")
        (config / "users_roles").write_text(f"superuser:{USER}\n")


def _hashed(password: str) -> str:
    """As Elasticsearch's file of users has it, so that no tool of its own needs to run."""
    salt = secrets.token_bytes(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


_DEFAULTS: dict[str, object] = {
    "cluster.name": "tests",
    "network.host": "127.0.0.1",
    # The disk of a developer may be as full as it is; tests of that set it.
    "cluster.routing.allocation.disk.threshold_enabled": False,
}
_NO_SECURITY: dict[str, object] = {"xpack.security.enabled": False}
_TLS = {
    "enabled": True,
    "certificate": "server.pem",
    "key": "server.key",
    "certificate_authorities": ["ca.pem"],
}
_SECURITY: dict[str, object] = {
    "xpack.security.enabled": True,
    # The only users are those of the file.
    "xpack.security.authc.reserved_realm.enabled": False,
    **{f"xpack.security.http.ssl.{name}": value for name, value in _TLS.items()},
    **{f"xpack.security.transport.ssl.{name}": value for name, value in _TLS.items()},
    "xpack.security.transport.ssl.verification_mode": "certificate",
}


def main() -> int:
    """Runs a cluster in the foreground; its addresses go to standard output, all else to standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.elasticsearch", description="Elasticsearch on loopback"
    )
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--secure", action="store_true", help="with TLS and a password")
    parser.add_argument("--heap", default="512m", help="memory of each node's Java (512m)")
    given = parser.parse_args()
    if url := os.environ.get("ELASTICSEARCH_URL"):
        _say("ELASTICSEARCH_URL is set: nothing is started")
        print(url)
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _say("Starting; this takes some 15 seconds for each node …")
        with Cluster(given.nodes, given.secure, given.heap, quick_start=False) as cluster:
            _print(cluster)
            _say("Ctrl-C ends it and removes its data")
            while all(node.running for node in cluster.nodes):
                time.sleep(0.5)
            raise ServerError("a node has ended by itself")
    except KeyboardInterrupt:
        return 0
    except (MissingError, ServerError) as error:
        _say(str(error))
        return 1


def _print(cluster: Cluster) -> None:
    for url in cluster.urls:
        print(url)
    if cluster.secure:
        print(f"AGGREGATOR_ELASTICSEARCH_USERNAME={cluster.user}")
        print(f"AGGREGATOR_ELASTICSEARCH_PASSWORD={cluster.password}")
        print(f"AGGREGATOR_ELASTICSEARCH_CA={cluster.ca_file}")
    sys.stdout.flush()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
