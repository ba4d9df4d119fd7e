"""A message by e-mail: plain text and HTML, both from right to left."""

import smtplib
import ssl
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator.alerts.failures import NotDeliveredError, first_line
from aggregator.alerts.message import Message
from aggregator.config import Settings
from aggregator.errors import FixCommandError
from aggregator.persian.digits import to_persian_digits
from aggregator.web.language import PERSIAN
from aggregator.web.views import clipped, titled, web_address
from aggregator.workspace import read_secret

TIMEOUT = 20.0  #: seconds for each step


def compose(message: Message, recipient: str, settings: Settings) -> EmailMessage:
    """The e-mail, the same at each try. Nothing of it can add a header: control characters are refused."""
    number = to_persian_digits(str(message.total))
    subject = f"{number} خبر تازه: {message.search.name}"
    if message.is_test:
        subject = f"آزمایش هشدار: {message.search.name}"
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = checked_sender(settings)
    mail["To"] = recipient
    mail["Date"] = format_datetime(message.created)
    mail["Message-ID"] = f"<{message.key}@{parseaddr(settings.smtp_sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "fa"
    mail.set_content(_rendered("mail.txt.j2", message), cte="base64")
    mail.add_alternative(_rendered("mail.html.j2", message), subtype="html", cte="base64")
    return mail


def send(message: Message, recipient: str, settings: Settings) -> None:
    """Delivers, or raises NotDeliveredError; FixCommandError where the settings cannot work."""
    mail = compose(message, recipient, settings)
    where = f"the mail server {settings.smtp_host}:{settings.smtp_port}"
    try:
        with _connected(settings) as server:
            server.send_message(mail, to_addrs=[recipient])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = error.recipients[recipient]
        raise NotDeliveredError(
            f"{where} refuses {recipient}: {_said(code, said)}", for_good=code >= 500
        ) from None
    except smtplib.SMTPDataError as error:
        told = _said(error.smtp_code, error.smtp_error)
        raise NotDeliveredError(
            f"{where} refuses the message: {told}", for_good=error.smtp_code >= 500
        ) from None
    except smtplib.SMTPResponseException as error:  # the log-in, the sender, the greeting
        raise NotDeliveredError(f"{where}: {_said(error.smtp_code, error.smtp_error)}") from None
    except (smtplib.SMTPException, OSError, MessageError) as error:
        raise NotDeliveredError(f"{where} cannot be used: {first_line(error)}") from None


def _connected(settings: Settings) -> smtplib.SMTP:
    """A connection, secured and logged in as the settings say."""
    context = ssl.create_default_context(cafile=str(settings.smtp_ca) if settings.smtp_ca else None)
    address = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*address, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(*address, timeout=TIMEOUT)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_username:
            server.login(settings.smtp_username, _password(settings))
    except BaseException:
        server.close()
        raise
    return server


def _password(settings: Settings) -> str:
    if settings.smtp_security == "none":
        raise FixCommandError(
            "smtp_security is none: the password of smtp_username would be sent in the clear"
        )
    given = settings.smtp_password.get_secret_value()
    return given or read_secret(settings.smtp_password_file, "smtp_password_file") or ""


def checked_sender(settings: Settings) -> str:
    """The sender; FixCommandError for one that is no address."""
    sender = settings.smtp_sender
    if "@" not in parseaddr(sender)[1] or not sender.isprintable():
        raise FixCommandError(
            f"smtp_sender is {sender!r}: write name@example.org, or Name <name@example.org>"
        )
    return sender


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("aggregator.alerts"),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "digits": PERSIAN.digits,
        "when": PERSIAN.when,
        "clipped": _clipped,
        "titled": titled,
        "web_address": web_address,
    }
    return environment


def _clipped(text: str, length: int = 300) -> str:
    """The beginning of a text, on one line."""
    return clipped(" ".join(text.split()), length)


def _rendered(name: str, message: Message) -> str:
    text = _templates().get_template(name).render(message=message)
    return text.encode("utf-8", "replace").decode()


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:300]
