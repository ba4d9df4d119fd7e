"""``aggregator alerts`` as a person calls it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.workspace import Workspace
from tests.alerts.conftest import Receiver, ids_of, put, status, water


class Shell:
    """Calls commands over one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str, expect: int = 0) -> Result:
        result = CliRunner().invoke(app, arguments, env={"AGGREGATOR_DATA": str(self.data)})
        assert result.exit_code == expect, result.output
        return result


@pytest.fixture
def shell(workspace: Workspace) -> Shell:
    return Shell(workspace.settings.data)


def test_from_saving_to_delivery(shell: Shell, workspace: Workspace, receiver: Receiver) -> None:
    put(workspace, water(1))
    filters = ("--province", "البرز", "--since", "۱۳۹۹/۰۳", "--any")
    added = shell("alerts", "add", "آب‌های البرز", "آب", "سد", *filters, "--webhook", receiver.url)
    secret = next(line.strip() for line in added.stdout.splitlines() if "whsec_" in line)
    assert "nobody" not in added.stderr
    (listed,) = json.loads(shell("alerts", "list", "--json").stdout)
    assert listed["parameters"] == {"q": "آب سد", "match": "any", "province": "البرز", "since": "2020-05-21"}
    assert secret not in json.dumps(listed)
    put(workspace, water(2), water(3))
    receiver.answers += [status(200), status(500)]
    assert "2 new matches; 2 articles delivered in 1 messages; 0 failures" in shell("alerts").stdout
    put(workspace, water(4))
    failed = shell("alerts", "deliver", "--json", expect=1)
    assert json.loads(failed.stdout)["failures"] == [
        "آب‌های البرز: 127.0.0.1 answered 500 Internal Server Error"
    ]
    assert "aggregator: آب‌های البرز: 127.0.0.1 answered 500" in failed.stderr
    log = json.loads(shell("alerts", "log", "اب های البرز", "--json").stdout)
    assert [(one["articles"], one["failed_tries"], one["given_up"]) for one in log] == [
        (1, 1, False),
        (2, 0, False),
    ]
    assert log[0]["next_attempt"] > log[0]["created"]
    matches = [
        json.loads(line) for line in shell("alerts", "matches", "آب‌های البرز", "--json").stdout.splitlines()
    ]
    assert [one["id"] for one in matches] == ids_of(water(4), water(3), water(2))
    assert len(shell("alerts", "matches", "آب‌های البرز", "--limit", "2").stdout.splitlines()) == 2
    told = shell("status")
    assert "آب‌های البرز does not reach http://127.0.0.1" in told.stderr
    assert json.loads(shell("status", "--json").stdout)["alerts_failing"] == 1
    assert "1 messages of آب‌های البرز are due now" in shell("alerts", "retry", "آب‌های البرز").stdout
    assert receiver.posted[-1].ids == ids_of(water(4))
    row = shell("alerts", "list").stdout.rstrip("\n").split("\t")
    assert (row[0], row[3], row[5:]) == ("آب‌های البرز", "3", ["0", "0", "well"])
    assert "is removed" in shell("alerts", "remove", "آب‌های البرز").stdout
    assert shell("alerts", "list", "--json").stdout == "[]\n"


def test_a_test_message_says_that_it_is_one(shell: Shell, workspace: Workspace, receiver: Receiver) -> None:
    put(workspace, *(water(number) for number in range(5)))
    shell("alerts", "add", "آب", "آب", "--webhook", receiver.url)
    shell("alerts", "test", "آب")
    (posted,) = receiver.posted
    assert posted.json["type"] == "search.test"
    assert posted.ids == ids_of(water(0), water(1), water(2))
    receiver.answers += [status(500)]
    assert "answered 500" in shell("alerts", "test", "آب", expect=1).stderr
    assert shell("alerts", "log", "آب").stdout == ""
    assert "0 new matches" in shell("alerts").stdout


def test_wrong_usage(shell: Shell) -> None:
    shell("alerts", "add", "آب", "آب")
    for arguments, said in (
        (("add", "آب", "باد"), "already"),
        (("add", "باد", "از:دیروز"), "no date"),
        (("add", "باد", "باد", "--since", "1399-13"), "no date"),
        (("add", "باد", "باد", "--email", "x@example.org"), "smtp_host"),
        (("add", "باد", "باد", "--webhook", "x"), "no webhook"),
        (("remove", "باد"), "there are: آب"),
        (("log", "باد"), "no saved search"),
        (("test", "آب"), "nobody to tell"),
    ):
        assert said in shell("alerts", *arguments, expect=2).stderr
    assert len(json.loads(shell("alerts", "list", "--json").stdout)) == 1
    shell("alerts", "nonsense", expect=2)
    shell("alerts", "--nonsense", expect=2)


def test_help_teaches(shell: Shell) -> None:
    for flag in ("--help", "-h"):
        helped = shell("alerts", flag).stdout
        assert "aggregator alerts add" in helped
        assert "deliver" in helped
    assert "--webhook" in shell("alerts", "add", "--help").stdout
