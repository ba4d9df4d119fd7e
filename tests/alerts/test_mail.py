"""E-mails, taken by real SMTP servers on loopback."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from aggregator.alerts.deliver import deliver
from aggregator.alerts.mail import compose
from aggregator.alerts.message import Message
from aggregator.alerts.searches import save, selection
from aggregator.errors import FixCommandError
from aggregator.registry import Registry
from aggregator.store.saved import SavedSearch
from aggregator.workspace import Workspace
from tests.alerts.conftest import Receiver, found, make_workspace, messages, put, water
from tests.certificates import self_signed

SENDER = "گردآور خبر <news@example.org>"
SCRIPT = "<script>alert(1)</script>"


class Inbox:
    """Keeps what it takes; ``answer`` says something else instead of 250."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answer = ""

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


Start = Callable[..., Workspace]


@pytest.fixture
def start(inbox: Inbox, tmp_path: Path, registry: Registry) -> Iterator[Start]:
    """A workspace whose mails go to a server that is made with these options; then the settings."""
    opened: list[Any] = []

    def begin(settings: dict[str, Any] | None = None, **options: Any) -> Workspace:
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(
            loop.create_server(lambda: SMTP(inbox, loop=loop, **options), "127.0.0.1", 0)
        )
        port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        plain = {"smtp_host": "localhost", "smtp_port": port, "smtp_security": "none", "smtp_sender": SENDER}
        workspace = make_workspace(tmp_path, registry, **{**plain, **(settings or {})})
        opened.extend((thread.join, lambda: loop.call_soon_threadsafe(loop.stop), workspace.close))
        return workspace

    yield begin
    for close in reversed(opened):
        close()


def watch(workspace: Workspace, *emails: str, name: str = "آب در استان") -> SavedSearch:
    return save(workspace, name, selection({"q": "آب"}), emails=emails)[0]


def parts(mail: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_an_email_is_readable_and_harmless(start: Start, inbox: Inbox) -> None:
    workspace = start({"web_address": "https://news.example.org/"})
    search = watch(workspace, "one@example.org", "two@example.org")
    evil = water(2, lead=SCRIPT, url="javascript:alert(1)")
    put(workspace, water(1, lead="لید خبر"), replace(evil, organisation=SCRIPT))
    assert deliver(workspace).messages == 2
    assert inbox.recipients == [["one@example.org"], ["two@example.org"]]
    mail = inbox.mails[0]
    assert mail["Subject"] == "۲ خبر تازه: آب در استان"
    assert (mail["To"], mail["Auto-Submitted"]) == ("one@example.org", "auto-generated")
    assert mail["From"].addresses[0].display_name == "گردآور خبر"
    plain, html = parts(mail)
    assert "کمبود آب، خبر 1" in plain
    assert "https://news.example.ir/news/1" in plain
    assert '<html lang="fa" dir="rtl">' in html
    assert '<a href="https://news.example.ir/news/1"><bdi>کمبود آب، خبر 1</bdi></a>' in html
    assert SCRIPT not in html
    assert "&lt;script&gt;" in html
    assert 'href="javascript' not in html
    assert f"https://news.example.org/saved/{search.id}/feed.atom" in html
    assert "https://news.example.org/?q=%D8%A2%D8%A8" in plain


def test_thousands_of_matches_are_one_digest_that_says_so(start: Start, inbox: Inbox) -> None:
    workspace = start()
    search = watch(workspace, "one@example.org")
    put(workspace, *(water(number) for number in range(230)))
    assert deliver(workspace).messages == 1
    plain, html = parts(inbox.mails[0])
    assert inbox.mails[0]["Subject"].startswith("۲۳۰ خبر تازه")
    assert plain.count("https://news.example.ir/news/") == html.count("<li") == 100
    assert "۱۳۰ خبر دیگر در این نامه جا نشد؛ aggregator alerts matches" in plain
    assert "۱۳۰ خبر دیگر" in html
    assert len(found(workspace, search)) == 230
    assert deliver(workspace).messages == 0


def test_each_try_is_the_same_email(start: Start, inbox: Inbox) -> None:
    workspace = start()
    search = watch(workspace, "one@example.org")
    put(workspace, water(1))
    inbox.answer = "451 4.3.0 come back later"
    assert "451 4.3.0 come back later" in deliver(workspace).failures[0]
    (message,) = messages(workspace, search)
    assert message.next_attempt is not None
    inbox.answer = ""
    assert deliver(workspace, lambda: message.next_attempt or datetime.now(UTC)).messages == 1
    assert inbox.mails[0]["Message-ID"] == f"<{message.key}@example.org>"


def test_what_is_refused_for_good_is_not_sent_again(start: Start, inbox: Inbox) -> None:
    workspace = start()
    search = watch(workspace, "nobody@example.org")
    put(workspace, water(1))
    assert "no such user" in deliver(workspace).failures[0]
    assert messages(workspace, search)[0].given_up
    inbox.answer = "554 5.7.1 looks like spam"
    other = watch(workspace, "one@example.org", name="دیگر")
    put(workspace, water(2))
    assert any("looks like spam" in failure for failure in deliver(workspace).failures)
    assert messages(workspace, other)[0].given_up


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server with a certificate of our own needs, and the certificate."""
    path = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


def knows(_server: object, _session: object, _envelope: object, _mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"news", b"s3cret")
    return AuthResult(success=right, handled=False)


def test_starttls_and_a_log_in(
    start: Start, inbox: Inbox, tls: tuple[ssl.SSLContext, Path], tmp_path: Path
) -> None:
    context, certificate = tls
    (tmp_path / "password").write_text("s3cret\n")
    secured = {"smtp_security": "starttls", "smtp_ca": certificate, "smtp_username": "news"}
    workspace = start(
        {**secured, "smtp_password_file": tmp_path / "password"},
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=knows,
    )
    search = watch(workspace, "one@example.org")
    put(workspace, water(1))
    assert deliver(workspace).messages == 1
    assert len(inbox.mails) == 1
    put(workspace, water(2))
    (tmp_path / "password").write_text("wrong")
    (failure,) = deliver(workspace).failures
    assert "535" in failure
    assert "wrong" not in failure
    assert not messages(workspace, search)[1].given_up
    (tmp_path / "password").unlink()
    assert workspace.store.saved.retry(search.id, datetime.now(UTC)) == 1
    assert "SMTP_PASSWORD_FILE cannot be read" in deliver(workspace).failures[0]
    assert messages(workspace, search)[1].attempts == 0  # that is no fault of the target


def test_a_mail_server_that_nobody_vouches_for_gets_nothing(
    start: Start, inbox: Inbox, tls: tuple[ssl.SSLContext, Path]
) -> None:
    workspace = start({"smtp_security": "starttls"}, tls_context=tls[0])
    watch(workspace, "one@example.org")
    put(workspace, water(1))
    assert "certificate verify failed" in deliver(workspace).failures[0]
    assert inbox.mails == []


def test_a_password_is_never_sent_in_the_clear(start: Start, inbox: Inbox) -> None:
    workspace = start({"smtp_username": "news", "smtp_password": "s3cret"})
    watch(workspace, "one@example.org")
    put(workspace, water(1))
    assert "in the clear" in deliver(workspace).failures[0]
    assert inbox.mails == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "a@",
        "@b",
        "a b@c.d",
        "a@b.c\r\nBcc: d@e.f",
        "a@b.c, d@e.f",
        "<a@b.c>",
        "a@b..c",
        "a@b c",
        "ا@b.c",
    ],
)
def test_what_is_no_address_is_refused(start: Start, address: str) -> None:
    with pytest.raises(FixCommandError, match="no e-mail address"):
        watch(start(), address)


def test_nothing_adds_a_header(start: Start) -> None:
    workspace = start()
    search = SavedSearch(1, "آب\r\nBcc: d@e.f", {}, datetime.now(UTC), 0, ())
    message = Message("msg_1", search, datetime.now(UTC), (), 1)
    with pytest.raises(ValueError, match="linefeed"):
        compose(message, "a@b.c", workspace.settings)
    for sender in ("a@b.c\r\nBcc: d@e.f", "nobody", ""):
        wrong = workspace.settings.model_copy(update={"smtp_sender": sender})
        with pytest.raises(FixCommandError, match="smtp_sender"):
            compose(replace(message, search=replace(search, name="آب")), "a@b.c", wrong)


def test_without_a_mail_server_no_address_is_taken(workspace: Workspace, receiver: Receiver) -> None:
    with pytest.raises(FixCommandError, match="smtp_host"):
        watch(workspace, "one@example.org")
