"""Saving a search: what is looked at before it is kept."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address

import httpx
from pydantic import ValidationError

from aggregator.alerts.signing import new_secret
from aggregator.config import Settings
from aggregator.crawl.public import is_public
from aggregator.errors import FixCommandError
from aggregator.search.plan import SearchPlan, plan_search
from aggregator.search.results import SearchRequest
from aggregator.store.saved import SavedSearch, Target
from aggregator.web.parameters import Selection
from aggregator.workspace import Workspace

MAX_TARGETS = 20  # of one search
MAX_ADDRESS = 2000  # characters of a webhook
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


def save(
    workspace: Workspace,
    name: str,
    asked: Selection,
    *,
    emails: Sequence[str] = (),
    webhooks: Sequence[str] = (),
    public_only: bool = False,
    most: int | None = None,
) -> tuple[SavedSearch, tuple[str, ...]]:
    """Keeps a search, and what is to be noted of it.

    FixQueryError or FixCommandError for what cannot be searched, called so, or told. ``public_only``: its
    webhooks must never lead into a private network; ``most``: searches there may be.
    """
    plan = plan_search(asked.request(), workspace.registry)
    targets = [Target("email", checked_email(one, workspace.settings)) for one in emails]
    for one in webhooks:
        address = checked_webhook(one, public_only=public_only)
        targets.append(Target("webhook", address, new_secret(), public_only))
    targets = list({(one.kind, one.address): one for one in targets}.values())
    if len(targets) > MAX_TARGETS:
        raise FixCommandError(f"a saved search has at most {MAX_TARGETS} targets")
    saved = workspace.store.saved.add(" ".join(name.split()), asked.given(), targets, most=most)
    return saved, plan.notes


def selection(parameters: Mapping[str, str | None]) -> Selection:
    """The search that these parameters of the API mean; FixCommandError for wrong ones."""
    try:
        return Selection.model_validate({name: value for name, value in parameters.items() if value})
    except ValidationError as error:
        told = (f"{one['loc'][-1]}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors())
        raise FixCommandError("; ".join(told)) from None


def request_of(saved: SavedSearch) -> SearchRequest:
    """The search as it is asked today."""
    return selection(saved.search).request()


def plan_of(saved: SavedSearch, workspace: Workspace) -> SearchPlan:
    """Likewise, with its names resolved by today's registry."""
    return plan_search(request_of(saved), workspace.registry)


def checked_email(address: str, settings: Settings) -> str:
    """The address if e-mails can be sent there."""
    address = address.strip()
    if not _MAIL.fullmatch(address) or len(address) > 254 or ".." in address:
        raise FixCommandError(f"{address[:100]!r} is no e-mail address such as name@example.org")
    if not settings.smtp_host or not settings.smtp_sender:
        raise FixCommandError(
            "no e-mail can be sent yet: set smtp_host and smtp_sender, in the environment "
            "(AGGREGATOR_SMTP_HOST) or in aggregator.toml"
        )
    return address


def checked_webhook(address: str, *, public_only: bool) -> str:
    """The address if it may be told: http or https, without a password in it, which others would see."""
    try:
        url = httpx.URL(address.strip())
        private = public_only and not is_public(ip_address(url.host))
    except ValueError:  # the host is a name: it is looked at when it is connected to
        private = public_only and url.host == "localhost"
    except httpx.InvalidURL:
        raise FixCommandError(f"{address[:100]!r} is no web address") from None
    if url.scheme not in ("http", "https") or not url.host or len(str(url)) > MAX_ADDRESS:
        raise FixCommandError(f"{address[:100]!r} is no webhook such as https://example.org/hook")
    if url.userinfo or url.fragment:
        raise FixCommandError("a webhook's address has neither a password nor a fragment (#) in it")
    if private:
        raise FixCommandError(f"{url.host} is a private address: only the command line may save it")
    return str(url)
