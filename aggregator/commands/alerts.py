"""``aggregator alerts``: saved searches, and telling what they find."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from aggregator.alerts.deliver import Report, deliver, send
from aggregator.alerts.failures import NotDeliveredError
from aggregator.alerts.message import Message, shown_article
from aggregator.alerts.searches import request_of, save, selection
from aggregator.alerts.trouble import state
from aggregator.commands.output import note, print_json, print_json_line, print_table
from aggregator.commands.search import catch_up
from aggregator.errors import FixCommandError
from aggregator.model import iso_or_none, iso_utc
from aggregator.search import search
from aggregator.store.saved import Delivery, Progress, SavedSearch, Target
from aggregator.workspace import Workspace

SAMPLES = 3  # articles of a test


def run_alerts(workspace: Workspace, *, as_json: bool) -> int:
    """Delivers what is due."""
    report = deliver(workspace)
    for failure in report.failures:
        note(f"aggregator: {failure}")
    if as_json:
        print_json(_report_record(report))
    elif report.busy:
        note("aggregator: another process delivers just now: it is left to that one")
    else:
        print(
            f"{report.matches:,} new matches; {report.articles:,} articles delivered in "
            f"{report.messages:,} messages; {len(report.failures):,} failures"
        )
    return 1 if report.failures else 0


def _report_record(report: Report) -> dict[str, Any]:
    return {
        "matches": report.matches,
        "messages": report.messages,
        "articles": report.articles,
        "failures": report.failures,
        "busy": report.busy,
    }


def add_search(
    workspace: Workspace,
    name: str,
    parameters: Mapping[str, str | None],
    emails: Sequence[str],
    webhooks: Sequence[str],
) -> int:
    """Saves a search, and shows the secrets of its webhooks, this once."""
    saved, notes = save(workspace, name, selection(parameters), emails=emails, webhooks=webhooks)
    for message in notes:
        note(f"aggregator: {message}")
    print(
        f"{saved.name} is saved; what is collected from now on, and matches, is told by `aggregator alerts`"
    )
    if not saved.targets:
        note("aggregator: nobody is told of it, it only has a feed: --email and --webhook name whom to tell")
    for target in saved.targets:
        if target.secret:
            print(f"{target.address} verifies signatures with this secret, which is not shown again:")
            print(f"    {target.secret}")
    return 0


def print_searches(workspace: Workspace, *, as_json: bool) -> int:
    """The saved searches with their targets, and how those fare."""
    found = workspace.store.saved.all()
    progress = workspace.store.saved.progress()
    if as_json:
        print_json([search_record(one, progress) for one in found])
        return 0
    if not found:
        note("aggregator: no search is saved; `aggregator alerts add NAME QUERY --email ADDRESS` saves one")
        return 0
    rows = [
        (one.name, shown_search(one), target, progress[target.id] if target else Progress())
        for one in found
        for target in (one.targets or (None,))
    ]
    print_table(
        ("name", "search", "told", "delivered", "last", "waiting", "given up", "state"),
        (
            (
                name,
                query,
                target.address if target else None,
                how.delivered,
                how.last_delivery,
                how.waiting,
                how.given_up,
                state(target, how) if target else "feed only",
            )
            for name, query, target, how in rows
        ),
    )
    return 0


def shown_search(saved: SavedSearch) -> str:
    """The parameters on one line."""
    others = [f"{name}={value}" for name, value in saved.search.items() if name != "q"]
    return " ".join(filter(None, (saved.search.get("q"), *others))) or "everything"


def search_record(saved: SavedSearch, progress: Mapping[int, Progress]) -> dict[str, Any]:
    """A saved search as JSON, without secrets."""
    return {
        "id": saved.id,
        "name": saved.name,
        "parameters": dict(saved.search),
        "created": iso_utc(saved.created),
        "targets": [target_record(one, progress[one.id]) for one in saved.targets],
    }


def target_record(target: Target, how: Progress) -> dict[str, Any]:
    """Whom a search tells, and how that fares, as JSON."""
    return {
        "kind": target.kind,
        "address": target.address,
        "delivered": how.delivered,
        "last_delivery": iso_or_none(how.last_delivery),
        "waiting": how.waiting,
        "given_up": how.given_up,
        "error": how.error,
        "next_attempt": iso_or_none(how.next_attempt),
        "gone_at": iso_or_none(target.gone_at),
    }


def remove_search(workspace: Workspace, name: str) -> int:
    """Forgets a search."""
    saved = _named(workspace, name)
    workspace.store.saved.remove(saved.id)
    print(f"{saved.name} is removed")
    return 0


def send_test(workspace: Workspace, name: str) -> int:
    """Sends each target a message that says it is a test; nothing is noted of it."""
    saved = _named(workspace, name)
    if not saved.targets:
        raise FixCommandError(f"{saved.name} has nobody to tell")
    catch_up(workspace)
    samples = _samples(workspace, saved)
    message = Message(
        key=f"msg_{secrets.token_hex(16)}",
        search=saved,
        created=datetime.now(UTC),
        articles=samples,
        total=len(samples),
        web_address=workspace.settings.web_address,
        is_test=True,
    )
    failed = 0
    for target in saved.targets:
        try:
            send(workspace, target, message)
        except NotDeliveredError as error:
            failed += 1
            note(f"aggregator: {error}")
        else:
            print(f"{target.address} took a test message")
    return 1 if failed else 0


def _samples(workspace: Workspace, saved: SavedSearch) -> list[dict[str, Any]]:
    """The newest articles that the search finds."""
    wanted = replace(request_of(saved), sort="date", size=SAMPLES)
    hits = search(wanted, workspace.index, workspace.registry).hits
    stored = filter(None, (workspace.store.get_article(hit.id) for hit in hits))
    return [shown_article(one, workspace.registry) for one in stored]


def print_log(workspace: Workspace, name: str, limit: int, *, as_json: bool) -> int:
    """The last messages of a search, newest first."""
    found = workspace.store.saved.deliveries(_named(workspace, name).id, limit)
    if as_json:
        print_json([_delivery_record(target, one) for target, one in found])
        return 0
    print_table(
        ("message", "told", "articles", "made", "delivered", "failed tries", "next try", "why"),
        (
            (
                one.key,
                target.address,
                one.articles,
                one.created,
                "given up" if one.given_up else one.delivered_at,
                one.attempts,
                one.next_attempt,
                one.error,
            )
            for target, one in found
        ),
    )
    return 0


def _delivery_record(target: Target, one: Delivery) -> dict[str, Any]:
    return {
        "id": one.key,
        "address": target.address,
        "articles": one.articles,
        "created": iso_utc(one.created),
        "delivered_at": iso_or_none(one.delivered_at),
        "given_up": one.given_up,
        "failed_tries": one.attempts,
        "next_attempt": iso_or_none(one.next_attempt),
        "error": one.error,
    }


def print_matches(workspace: Workspace, name: str, limit: int | None, *, as_json: bool) -> int:
    """The articles that a search found after it was saved, newest match first, a line each."""
    store = workspace.store
    listed = islice(store.saved.matches(_named(workspace, name).id), limit)
    found = ((at, one) for key, at in listed if (one := store.get_article(key)))
    if as_json:
        for at, one in found:
            print_json_line({"found": iso_utc(at), **shown_article(one, workspace.registry)})
        return 0
    print_table(
        ("found", "headline", "address"),
        ((at, " ".join(one.article.headline.split()), one.article.url) for at, one in found),
    )
    return 0


def retry_search(workspace: Workspace, name: str) -> int:
    """Lets what waits or was given up be tried again at once."""
    saved = _named(workspace, name)
    number = workspace.store.saved.retry(saved.id, datetime.now(UTC))
    print(f"{number} messages of {saved.name} are due now")
    return run_alerts(workspace, as_json=False) if number else 0


def _named(workspace: Workspace, name: str) -> SavedSearch:
    saved = workspace.store.saved.named(name)
    if saved is None:
        names = ", ".join(one.name for one in workspace.store.saved.all()) or "none yet"
        raise FixCommandError(f"there is no saved search {name!r}; there are: {names}")
    return saved
