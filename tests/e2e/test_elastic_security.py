"""Elasticsearch with TLS and accounts: every way in, who may do what, and secrets that stay secrets."""

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import AuthorizationException, Elasticsearch
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.synthetic import synthetic_articles
from aggregator.index.document import IndexDocument, to_document
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.protocol import ForbiddenError
from aggregator.index.sync import sync
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.store import Store
from tests import servers
from tests.e2e.conftest import Done, environment
from tests.e2e.processes import PATIENCE, group
from tests.index.conftest import make_article, make_quickly, sample_registry
from tools.elasticsearch import Cluster
from tools.processes import MissingError

DOCS = Path(__file__).parents[2] / "docs" / "elasticsearch.md"
#: The command with all that it and its libraries can log.
LOGGING = (
    "import logging, elastic_transport; logging.basicConfig(level=logging.DEBUG); "
    "elastic_transport.debug_logging(); from aggregator.cli import main; main()"
)
ARTICLES = 4
REGISTRY = sample_registry()


def documents(numbers: Iterable[int]) -> list[IndexDocument]:
    return [to_document(make_article(number, "خبر تازه"), REGISTRY) for number in numbers]


@dataclass(frozen=True)
class Account:
    """A way in, as settings, and what nobody may see of it."""

    settings: dict[str, str]
    secrets: tuple[str, ...] = ()


def by_password(name: str, password: str) -> Account:
    sent = base64.b64encode(f"{name}:{password}".encode()).decode()
    settings = {"ELASTICSEARCH_USERNAME": name, "ELASTICSEARCH_PASSWORD": password}
    return Account(settings, (password, sent))


def by_key(key: dict[str, Any]) -> Account:
    return Account({"ELASTICSEARCH_API_KEY": key["encoded"]}, (key["encoded"], key["api_key"]))


@dataclass
class Secure:
    """The node, and its index ``name`` with some articles."""

    cluster: Cluster
    root: Elasticsearch
    name: str = field(default_factory=lambda: f"test-{uuid4().hex}")

    @property
    def where(self) -> dict[str, str]:
        return {"INDEX": f"{self.cluster.url}/{self.name}", "ELASTICSEARCH_CA": str(self.cluster.ca_file)}

    @property
    def owner(self) -> Account:
        return by_password(str(self.cluster.user), str(self.cluster.password))

    def key(self, privileges: Iterable[str], name: str | None = None) -> dict[str, Any]:
        """A key with these privileges on the index, or another one, and on nothing else."""
        name = name or self.name
        role = {"indices": [{"names": [name, f"{name}-*"], "privileges": list(privileges)}]}
        made = self.root.security.create_api_key(
            name=uuid4().hex, role_descriptors={"only": role}, refresh=True
        )
        return dict(made)

    def index(self, key: dict[str, Any], name: str | None = None) -> ElasticIndex:
        access = Access(
            (self.cluster.url,), name or self.name, api_key=key["encoded"], ca=self.cluster.ca_file
        )
        return ElasticIndex(access)

    def count(self) -> int:
        self.root.indices.refresh(index=self.name)
        return int(self.root.count(index=self.name)["count"])


@pytest.fixture(scope="module")
def secure() -> Iterator[Secure]:
    try:
        cluster = Cluster(secure=True)
    except MissingError as error:
        servers.missing(str(error))
    with cluster:
        root = Elasticsearch(
            cluster.url,
            basic_auth=(str(cluster.user), str(cluster.password)),
            ca_certs=str(cluster.ca_file),
            request_timeout=60,
        )
        made = Secure(cluster, root)
        with pytest.MonkeyPatch.context() as patched:
            make_quickly(patched)
            with made.index(made.key(["all"])).writing() as writer:
                writer.add(documents(range(1, ARTICLES + 1)))
            yield made
        root.close()


def roles() -> dict[str, list[str]]:
    """The roles that docs/elasticsearch.md tells → their privileges on the index."""
    text = DOCS.read_text("utf-8").partition("\n### Roles\n")[2].partition("\n### ")[0]
    found = re.findall(r"`(aggregator-\w+)`.*?```json\n(.+?)```", text, re.DOTALL)
    told = {name: json.loads(body) for name, body in found}
    assert all(role.keys() == {"indices"} and len(role["indices"]) == 1 for role in told.values())
    assert all(role["indices"][0]["names"] == ["NAME", "NAME-*"] for role in told.values())
    return {name: role["indices"][0]["privileges"] for name, role in told.items()}


ROLES = roles()
READ, WRITE, ADMIN = (ROLES[f"aggregator-{name}"] for name in ("read", "write", "admin"))


# --- commands -----------------------------------------------------------------------------------------------


@dataclass
class Shell:
    """Runs commands with the settings of an account; its secrets may not be told, shown or left anywhere."""

    folder: Path
    secure: Secure

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def call(self, *arguments: str, account: Account, **settings: str) -> Done:
        """In this process, where nothing has to be loaded."""
        ours = {name: None for name in os.environ if name.startswith("AGGREGATOR_")}
        variables = {**ours, **self._variables(account, settings), "AGGREGATOR_DATA": str(self.data)}
        result = CliRunner().invoke(app, arguments, env=variables)
        return self._checked(account, Done(result.exit_code, result.stdout, result.stderr), [])

    def run(self, *arguments: str, account: Account) -> Done:
        """As a user does, with all that the command and its libraries can log."""
        out, err = self.folder / "out", self.folder / "err"
        with out.open("wb") as to_out, err.open("wb") as to_err:
            process = subprocess.Popen(
                [sys.executable, "-c", LOGGING, *arguments],
                cwd=self.folder,
                env=environment(self.data) | self._variables(account, {}),
                stdout=to_out,
                stderr=to_err,
                start_new_session=True,
            )
            shown = set(_command_lines(process))
        assert any(arguments[0] in line for line in shown)
        done = Done(process.returncode, out.read_text("utf-8"), err.read_text("utf-8"))
        assert not account.secrets or "uthorization: " in done.err
        return self._checked(account, done, shown)

    def _variables(self, account: Account, settings: dict[str, str]) -> dict[str, str]:
        given = {**self.secure.where, **account.settings, **settings}
        return {f"AGGREGATOR_{name}": value for name, value in given.items() if value}

    def _checked(self, account: Account, done: Done, shown: Iterable[str]) -> Done:
        left = (path.read_bytes().decode("latin-1") for path in self.data.rglob("*") if path.is_file())
        told = [done.out, done.err, *shown, *left]
        assert [secret for secret in account.secrets for text in told if secret in text] == []
        return done


def _command_lines(process: "subprocess.Popen[bytes]") -> Iterator[str]:
    """What any user of the machine sees of a command and of the processes that it begins, while it runs."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None:
        assert time.monotonic() < deadline
        for number in [process.pid, *group(process.pid)]:
            with suppress(OSError):
                yield Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace")
        time.sleep(0.1)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, secure: Secure) -> Shell:
    """With an empty database."""
    return Shell(tmp_path_factory.mktemp("shell"), secure)


# --- ways in ------------------------------------------------------------------------------------------------

SEARCH = ("search", "--json", "--size", "0")


def found(done: Done) -> int:
    """How many articles a search has found."""
    assert done.status == 0, done.err
    return int(done.json["total"])


def test_the_environment(shell: Shell, secure: Secure) -> None:
    assert found(shell.call(*SEARCH, account=secure.owner)) == ARTICLES
    assert found(shell.call(*SEARCH, account=by_key(secure.key(READ)))) == ARTICLES


def test_a_file_with_the_secret(shell: Shell, secure: Secure, tmp_path: Path) -> None:
    path, key = tmp_path / "secret", secure.key(READ)
    path.touch(mode=0o600)
    path.write_text(key["encoded"] + "\n")
    secret = Account({"ELASTICSEARCH_SECRET_FILE": str(path)}, by_key(key).secrets)
    assert found(shell.call(*SEARCH, account=secret)) == ARTICLES
    path.write_text(f"  {secure.cluster.password}\n")
    name = {"ELASTICSEARCH_USERNAME": str(secure.cluster.user)}
    secret = Account({"ELASTICSEARCH_SECRET_FILE": str(path), **name}, secure.owner.secrets)
    assert found(shell.call(*SEARCH, account=secret)) == ARTICLES


def test_the_configuration_file(shell: Shell, secure: Secure, tmp_path: Path) -> None:
    """With a user who has a role of this documentation, and a password that is not of ASCII."""
    indices = [{"names": [secure.name, f"{secure.name}-*"], "privileges": READ}]
    secure.root.security.put_role(name="aggregator-read", indices=indices)
    password = f"رمز-{secrets.token_urlsafe(9)}"
    secure.root.security.put_user(username="reader", password=password, roles=["aggregator-read"])
    path = tmp_path / "aggregator.toml"
    given = {**secure.where, "ELASTICSEARCH_USERNAME": "reader", "ELASTICSEARCH_PASSWORD": password}
    lines = [f"{name.lower()} = {json.dumps(value)}\n" for name, value in given.items()]
    path.write_text("".join(lines))
    hidden = Account({"CONFIG": str(path)}, by_password("reader", password).secrets)
    assert found(shell.call(*SEARCH, account=hidden, INDEX="", ELASTICSEARCH_CA="")) == ARTICLES
    path.write_text(f"elasticsearch_pasword = {json.dumps(password)}\n")
    assert "there is no such setting" in refused(shell.call("search", account=hidden))


# --- refusals -----------------------------------------------------------------------------------------------

SET = "set AGGREGATOR_ELASTICSEARCH_API_KEY, or AGGREGATOR_ELASTICSEARCH_USERNAME and …_PASSWORD"


def refused(done: Done) -> str:
    """The one line of an error that a person has to act on."""
    assert done.status == 2, done.err
    (line,) = done.err.splitlines()
    assert line.startswith("aggregator: ")
    return line


def test_without_the_authority(shell: Shell, secure: Secure) -> None:
    line = refused(shell.call("search", account=secure.owner, ELASTICSEARCH_CA=""))
    assert "certificate" in line
    assert line.endswith("name the one that signed it in AGGREGATOR_ELASTICSEARCH_CA")


def test_without_a_secret_and_with_one_that_is_revoked(shell: Shell, secure: Secure) -> None:
    key = secure.key(READ)
    secure.root.security.invalidate_api_key(ids=[key["id"]])
    for account in (Account({}), by_key(key), Account({"ELASTICSEARCH_USERNAME": "elastic"})):
        assert refused(shell.call("search", account=account)).endswith(SET)


def test_a_wrong_password(shell: Shell) -> None:
    wrong = by_password("elastic", "not-the-S3cret")
    for arguments in (["search"], ["status"], ["reindex"], ["reindex", "--dry-run"]):
        assert refused(shell.call(*arguments, account=wrong)).endswith(SET), arguments
    told = shell.run("search", account=wrong)
    assert (told.status, SET in told.err.splitlines()[-1]) == (2, True)


@pytest.mark.parametrize(
    "hosts",
    [
        "https://elastic:S3cret@127.0.0.1:9200",
        "https://elastic%3AS3cret%40127.0.0.1:9200/news",
        "https://127.0.0.1:9200,https://elastic:S3cret@127.0.0.2:9200/news",
        "https://127.0.0.1:9200,https://elastic%3AS3cret%40127.0.0.2:9200/news",
    ],
)
def test_a_password_in_the_address(shell: Shell, hosts: str) -> None:
    account = Account({"INDEX": hosts}, ("S3cret",))
    assert "give it in AGGREGATOR_ELASTICSEARCH_USERNAME" in refused(shell.call("search", account=account))
    with_flag = shell.call("search", "--index", hosts, account=Account({}, ("S3cret",)))
    assert "give it in AGGREGATOR_ELASTICSEARCH_USERNAME" in refused(with_flag)


# --- roles --------------------------------------------------------------------------------------------------


def test_the_roles_in_the_life_of_an_index(tmp_path: Path, secure: Secure) -> None:
    """Articles come before any account is right; one makes the index, one writes it and a third reads it."""
    here = Secure(secure.cluster, secure.root)
    shell = Shell(tmp_path, here)
    reader, writer, admin = (by_key(here.key(role)) for role in (READ, WRITE, ADMIN))
    site = Site("nastooh", synthetic_articles(5, seed=3))
    with Portal([site]):
        crawl = ("crawl", f"{site.base_url}/", "--delay", "0", "-v")
        first = shell.run(*crawl, account=by_password("elastic", "not-the-S3cret"))
        assert first.status == 2
        assert f"the articles are stored, but not yet in the index: Elasticsearch {here.name}" in first.err
        assert SET in first.err
        assert shell.run("reindex", "--json", account=admin).json["indexed"] == 5
        with Store.open(f"sqlite:///{shell.data / 'aggregator.sqlite3'}") as store:
            add_article(store)
        late = shell.call("search", "--json", "--size", "3", account=reader)
        assert found(late) == 5
        assert "the newest articles (1) are missing: the account only reads" in late.err
        assert shell.run(*crawl, account=writer).status == 0
    assert here.count() == 6
    rest = shell.call("search", "--json", "--cursor", late.json["next_cursor"], account=reader)
    assert (len(rest.json["hits"]), rest.err) == (3, "")
    status = shell.run("status", "--json", account=reader).json
    assert (status["articles"], status["indexed"], status["pending_index"]) == (6, 6, 0)
    output = shell.folder / "all.jsonl"
    assert shell.call("export", "-o", str(output), account=reader).status == 0
    assert len(output.read_text("utf-8").splitlines()) == 6
    rebuild(here.index(here.key(ADMIN)))
    assert shell.call("reindex", "--delete-old", account=admin).out == f"{here.name}-000001\n"


def add_article(store: Store) -> None:
    """One that waits for the index."""
    article = make_article(9, "خبر").article
    store.put_article(article, organisation=None, province=None, seen_at=datetime.now(UTC))


def read(index: ElasticIndex) -> None:
    """What searching needs: a page, the one after it, all ids and the count."""
    first = search(SearchRequest("خبر", size=1), index, REGISTRY)
    following = search(SearchRequest("خبر", size=1, cursor=first.next_cursor), index, REGISTRY)
    assert first.hits[0].id != following.hits[0].id
    assert index.count() >= ARTICLES


def write(index: ElasticIndex) -> None:
    with index.writing() as writer:
        writer.add(documents([1]))


def rebuild(index: ElasticIndex) -> None:
    assert index.rebuild(documents([1])).count == 1


@pytest.mark.parametrize(
    ("role", "work"), [("read", read), ("write", write), ("admin", rebuild)], ids=["read", "write", "admin"]
)
def test_a_role_has_no_privilege_too_many(
    secure: Secure, role: str, work: Callable[[ElasticIndex], None]
) -> None:
    needed = ROLES[f"aggregator-{role}"]
    name = secure.name if role != "admin" else f"test-{uuid4().hex}"
    work(secure.index(secure.key(needed, name), name))
    for privilege in needed:
        fewer = [other for other in needed if other != privilege]
        index = secure.index(secure.key(fewer, name), name)
        with pytest.raises(ForbiddenError, match=r"docs/elasticsearch\.md"):
            work(index)


def test_reading_cannot_write_and_writing_cannot_delete(secure: Secure) -> None:
    reader, writer = (secure.index(secure.key(role)) for role in (READ, WRITE))
    with pytest.raises(ForbiddenError, match="forbids indices:admin/create to the account in use"):
        write(secure.index(secure.key(WRITE, "not-yet"), "not-yet"))
    for forbidden in (write, rebuild, lambda index: index._drop(f"{secure.name}-000001")):
        with pytest.raises(ForbiddenError):
            forbidden(reader)
    with pytest.raises(ForbiddenError), writer.writing() as changes:
        changes.delete([documents([1])[0].id])
    for forbidden in (read, rebuild, lambda index: index._drop(f"{secure.name}-000001")):
        with pytest.raises(ForbiddenError):
            forbidden(writer)
    assert secure.count() == ARTICLES


def test_other_indices_are_out_of_reach(secure: Secure, tmp_path: Path) -> None:
    """Nor are they taken for lost, after which everything would be indexed again."""
    secure.root.index(index="others", id="1", document={"secret": "of others"}, refresh=True)
    with Store.open(f"sqlite:///{tmp_path / 'news.sqlite3'}") as store:
        add_article(store)
        store.mark_indexed([item.mark for item in store.pending_index(10)], [])
        for role in ROLES.values():
            client = secure.root.options(api_key=secure.key(role)["encoded"])
            with pytest.raises(AuthorizationException):
                client.search(index="others")
            with pytest.raises(AuthorizationException):
                client.index(index="others", document={})
            with pytest.raises(AuthorizationException):
                client.cluster.health()
            with pytest.raises(ForbiddenError):
                sync(store, secure.index(secure.key(role, "others")), REGISTRY)
            assert store.pending_count() == 0
