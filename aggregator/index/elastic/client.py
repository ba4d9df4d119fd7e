"""The connection to an Elasticsearch cluster, and what it says in plain words.

Secrets come from the environment or a file, see ``aggregator.config``; they are never part of an address, so
that no message can repeat them.
"""

import logging
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    Elasticsearch,
    UnsupportedProductError,
)

from aggregator.errors import AggregatorError, FixCommandError, FixQueryError, TryLaterError
from aggregator.index.protocol import ForbiddenError, RebuildIndexError

TIMEOUT = 30.0  #: seconds for an answer
# It would tell each try of its own with a stack trace; what comes of them is told by whoever asked.
logging.getLogger("elastic_transport").setLevel(logging.ERROR)

SECRETS = "AGGREGATOR_ELASTICSEARCH_API_KEY, or AGGREGATOR_ELASTICSEARCH_USERNAME and …_PASSWORD"
ROLES = "docs/elasticsearch.md tells which privileges reading and writing need"


@dataclass(frozen=True)
class Access:
    """Where a cluster is and how it is entered."""

    hosts: tuple[str, ...]  #: ``http(s)://host:port``, of one cluster
    name: str  #: of the alias that is read; the indices behind it are ``NAME-000001`` and so on
    api_key: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None  #: certificate of the authority that signed the cluster's; None: the system's
    shards: int = 1  #: of an index that is made

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.name} at {', '.join(self.hosts)}"


def connect(access: Access) -> Elasticsearch:
    """A client, which speaks to the cluster when first used. FixCommandError for an unusable address."""
    options: dict[str, Any] = {
        "request_timeout": TIMEOUT,
        "max_retries": 2,  # at once, and at another node: nothing that a busy cluster (429) should get
        "retry_on_status": (502, 503, 504),
        "retry_on_timeout": False,
    }
    options |= _credentials(access)
    if access.ca:
        options["ca_certs"] = str(_authority(access.ca))
    try:
        return Elasticsearch(list(access.hosts), **options)
    except (ValueError, OSError) as error:
        raise FixCommandError(f"Elasticsearch at {', '.join(access.hosts)}: {error}") from None


def _credentials(access: Access) -> dict[str, Any]:
    """How the client is to say who asks; never anything that it would repeat in an error."""
    if access.api_key:
        if not re.fullmatch("[!-~]+", access.api_key):
            raise FixCommandError(
                "AGGREGATOR_ELASTICSEARCH_API_KEY, or its file, is to be one word of Latin letters and "
                "digits: the encoded API key"
            )
        return {"api_key": access.api_key}
    if access.username:
        word = f"{access.username}:{access.password or ''}"
        return {"basic_auth": b64encode(word.encode(errors="surrogateescape")).decode()}
    return {}


def _authority(path: Path) -> Path:
    """The file of certificates, looked into: the client would do so in the middle of a command."""
    try:
        ssl.create_default_context(cafile=path.expanduser())
    except ssl.SSLError:
        raise FixCommandError(f"AGGREGATOR_ELASTICSEARCH_CA names {path}, which has no certificate") from None
    except OSError as error:
        raise FixCommandError(
            f"AGGREGATOR_ELASTICSEARCH_CA names {path}, which cannot be read: {error.strerror}"
        ) from None
    return path.expanduser()


@contextmanager
def told(where: str) -> Iterator[None]:
    """What the client raises, as an error that a caller can act on. The cause is kept."""
    try:
        yield
    except (ApiError, TransportError, UnsupportedProductError) as error:
        raise explain(error, where) from error


def explain(error: Exception, where: str) -> AggregatorError:
    """The error for the person at the keyboard."""
    if isinstance(error, TlsError):
        return _of_tls(error, where)
    if isinstance(error, ConnectionTimeout):
        return TryLaterError(f"Elasticsearch {where} did not answer in time")
    if isinstance(error, UnsupportedProductError | SerializationError):
        return FixCommandError(f"{where} answers, but is no Elasticsearch")
    if isinstance(error, NoConnection | TransportError):
        return TryLaterError(f"Elasticsearch {where} cannot be reached: {_cause(error)}")
    if isinstance(error, AuthenticationException):
        return FixCommandError(f"Elasticsearch {where} does not let us in: set {SECRETS}")
    if isinstance(error, ApiError):
        return _of_answer(error, where)
    return TryLaterError(f"Elasticsearch {where}: {_cause(error)}")


def forbidden(where: str, reason: str) -> ForbiddenError:
    """The error where Elasticsearch names an action (``indices:…``) that it does not allow."""
    action = re.search(r"action \[([\w:/*\[\]-]+)\] is unauthorized", reason)
    what = action[1] if action else "this"
    return ForbiddenError(f"Elasticsearch {where} forbids {what} to the account in use: {ROLES}")


def is_passing(status: int) -> bool:
    """Whether a status is that of a cluster which is overloaded, or is losing a node just now."""
    return status in (408, 429) or status >= 500


def _of_tls(error: TlsError, where: str) -> FixCommandError:
    why = _cause(error)
    if "doesn't match" in why or "mismatch" in why:
        return FixCommandError(f"the certificate of Elasticsearch {where} is that of another host ({why})")
    if "CERTIFICATE_VERIFY_FAILED" not in why:
        return FixCommandError(f"Elasticsearch {where} does not speak TLS as we do ({why}): is it http://?")
    return FixCommandError(
        f"the certificate of Elasticsearch {where} cannot be verified ({why}): name the one that signed it "
        "in AGGREGATOR_ELASTICSEARCH_CA"
    )


def _of_answer(error: ApiError, where: str) -> AggregatorError:
    is_ours = isinstance(error.body, dict) or error.body is None  # it has none where only HEAD was asked
    if not is_ours and not is_passing(error.status_code):
        return FixCommandError(f"{where} answers, but is no Elasticsearch (status {error.status_code})")
    if isinstance(error, AuthorizationException) and _type(error) != "cluster_block_exception":
        return forbidden(where, _reason(error))
    text = str(error.body)
    if "too_many_nested_clauses" in text or "too_many_clauses" in text:
        return FixQueryError("the query has too many words for the search index: search for fewer")
    if is_passing(error.status_code) or _type(error) == "cluster_block_exception":
        return TryLaterError(f"Elasticsearch {where} cannot do this now: {_reason(error)}")
    return RebuildIndexError(where, f"cannot be used ({error.status_code}: {_reason(error)})")


def answered(error: ApiError) -> Any:
    """What the answer itself says of the error: mostly a dict of ``type`` and ``reason``; None: nothing."""
    return error.body.get("error") if isinstance(error.body, dict) else None


def _type(error: ApiError) -> str:
    found = answered(error)
    return str(found.get("type", "")) if isinstance(found, dict) else ""


def _reason(error: ApiError) -> str:
    found = answered(error)
    reason = found.get("reason") if isinstance(found, dict) else None
    return _line(reason or error.message)[:300]


def _cause(error: Exception) -> str:
    """What the client says, and beneath it the system."""
    errors = getattr(error, "errors", ())
    inner = errors[-1] if errors else error.__cause__
    return _line(inner or error)[:200]


def _line(text: object) -> str:
    return " ".join(str(text).split())
