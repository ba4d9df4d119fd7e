"""``aggregator alerts``: finds what is new, and tells whoever wants to know. One process at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aggregator.alerts import mail, webhook
from aggregator.alerts.failures import NotDeliveredError
from aggregator.alerts.matching import match_arrivals
from aggregator.alerts.message import MOST_ARTICLES, Message, shown_article
from aggregator.errors import AggregatorError
from aggregator.store.leases import new_owner
from aggregator.store.saved import Delivery, SavedSearch, Target
from aggregator.workspace import Workspace

#: The lease of who delivers; no source has such a name.
DELIVERING = "alerts:delivering"
LEASE = 300.0  # seconds without a sign of life, after which another may begin
_MINUTE, _HOUR = 60, 3600
#: Seconds to wait after each try that failed; after the last of them the message is given up.
WAITS = (5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, *(24 * _HOUR,) * 2)
MAX_WAIT = 24 * _HOUR  # seconds; a target that asks for more is tried then

Clock = Callable[[], datetime]


@dataclass
class Report:
    """What one run came to."""

    matches: int = 0  #: articles that a search found
    messages: int = 0  #: delivered
    articles: int = 0  #: in them
    failures: list[str] = field(default_factory=list)  #: a sentence each
    busy: bool = False  #: another process delivers: nothing was done


class _LostError(Exception):
    """Another process has taken over: what is left is its business."""


def now_utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


def deliver(workspace: Workspace, clock: Clock = now_utc) -> Report:
    """Finds and delivers everything that is due; what fails is noted for a later run."""
    report = Report()
    with _alone(workspace) as still_here:
        if still_here is None:
            report.busy = True
            return report

        def failed(search: SavedSearch, error: AggregatorError) -> None:
            report.failures.append(f"{search.name}: {error}")

        try:
            report.matches = match_arrivals(workspace, still_here, failed)
            for search in workspace.store.saved.all():
                for target in search.targets:
                    _tell(workspace, search, target, report, still_here, clock)
        except _LostError:
            report.failures.append("another process has begun to deliver: the rest was left to it")
    return report


@contextmanager
def _alone(workspace: Workspace) -> Iterator[Callable[[], None] | None]:
    """While nobody else delivers: what is to be called now and then; None where somebody does."""
    store, owner = workspace.store, new_owner()
    if not store.lease(DELIVERING, owner, LEASE):
        yield None
        return

    def still_here() -> None:
        if not store.renew_lease(DELIVERING, owner, LEASE):
            raise _LostError

    try:
        yield still_here
    finally:
        store.release_lease(DELIVERING, owner)


def _tell(
    workspace: Workspace,
    search: SavedSearch,
    target: Target,
    report: Report,
    still_here: Callable[[], None],
    clock: Clock,
) -> None:
    """All that waits for one target, in order, up to the first message that it does not take."""
    saved = workspace.store.saved
    most = None if target.kind == "email" else MOST_ARTICLES
    while not target.gone_at and (delivery := saved.next_delivery(target.id, most, clock())):
        if delivery.next_attempt is None or delivery.next_attempt > clock():
            return
        still_here()
        try:
            send(workspace, target, _message(workspace, search, delivery))
        except NotDeliveredError as error:
            _note_failure(workspace, target, delivery, error, clock())
            report.failures.append(f"{search.name}: {error}")
            return
        except AggregatorError as error:  # the settings are wrong: that costs no message a try
            report.failures.append(f"{search.name}: {error}")
            return
        saved.note_delivered(delivery, clock())
        report.messages += 1
        report.articles += delivery.articles


def _note_failure(
    workspace: Workspace, target: Target, delivery: Delivery, error: NotDeliveredError, now: datetime
) -> None:
    saved = workspace.store.saved
    if error.gone:
        saved.note_gone(target.id, now)
    again = None if error.for_good else wait_after(delivery.attempts + 1, error.retry_after)
    saved.note_failed(delivery, str(error), None if again is None else now + again)


def wait_after(failures: int, retry_after: float | None) -> timedelta | None:
    """How long to wait after so many failures, and at least as long as asked; None: it is given up."""
    if failures > len(WAITS):
        return None
    return timedelta(seconds=min(max(WAITS[failures - 1], retry_after or 0), MAX_WAIT))


def _message(workspace: Workspace, search: SavedSearch, delivery: Delivery) -> Message:
    store = workspace.store
    ids = store.saved.articles_of(delivery, MOST_ARTICLES)
    stored = filter(None, map(store.get_article, ids))
    return Message(
        key=delivery.key,
        search=search,
        created=delivery.created,
        articles=[shown_article(one, workspace.registry) for one in stored],
        total=delivery.articles,
        web_address=workspace.settings.web_address,
    )


def send(workspace: Workspace, target: Target, message: Message) -> None:
    """Once; NotDeliveredError where it does not arrive."""
    if target.kind == "email":
        mail.send(message, target.address, workspace.settings)
    else:
        webhook.post(target, message.key, message.payload(), user_agent=workspace.settings.user_agent)
