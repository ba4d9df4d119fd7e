"""A message to a webhook: one signed POST. No redirect is followed, no proxy of the environment is asked."""

import ssl
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx
from httpcore import NetworkBackend, NetworkStream, SyncBackend

from aggregator.alerts.failures import NotDeliveredError, first_line
from aggregator.alerts.signing import signature
from aggregator.crawl.public import is_public
from aggregator.store.saved import Target

DEADLINE = 20.0  #: seconds from the first packet to the end of the answer
MAX_ANSWER = 16_384  #: bytes of an answer's body; nothing in it is used


class PrivateAddressError(Exception):
    """The name leads into a private network."""


def post(target: Target, key: str, body: bytes, *, user_agent: str) -> None:
    """Delivers, or raises NotDeliveredError. 2xx means that the target has it for good."""
    url = httpx.URL(target.address)
    timestamp = int(time.time())
    headers: dict[bytes | str, bytes | str] = {
        "Host": url.netloc,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "User-Agent": user_agent,
        "Connection": "close",
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(target.secret or "", key, timestamp, body),
    }
    network = _Network(time.monotonic() + DEADLINE, public_only=target.public_only)
    try:
        with httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=network
        ) as pool:
            status, retry_after = _exchange(pool, url, headers, body)
    except PrivateAddressError as error:
        raise NotDeliveredError(str(error)) from None
    except (httpcore.TimeoutException, TimeoutError):
        raise NotDeliveredError(f"{url.host} did not answer within {DEADLINE:g} seconds") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NotDeliveredError(f"{url.host} cannot be reached: {first_line(error)}") from None
    _judge(url.host, status, retry_after)


def _exchange(
    pool: httpcore.ConnectionPool, url: httpx.URL, headers: Mapping[bytes | str, bytes | str], body: bytes
) -> tuple[int, str | None]:
    """Status of the answer, and its Retry-After."""
    address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    with pool.stream("POST", address, headers=headers, content=body) as answer:
        read = 0
        for chunk in answer.iter_stream():
            read += len(chunk)
            if read > MAX_ANSWER:
                break
        found = {name.lower(): value for name, value in answer.headers}
    after = found.get(b"retry-after")
    return answer.status, after.decode("latin-1") if after else None


def _judge(host: str, status: int, retry_after: str | None) -> None:
    if 200 <= status < 300:
        return
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    if status == HTTPStatus.GONE:
        raise NotDeliveredError(f"{host} wants no more (410 Gone)", for_good=True, gone=True)
    told = " (redirects are not followed)" if 300 <= status < 400 else ""
    raise NotDeliveredError(
        f"{host} answered {status} {phrase}".rstrip() + told, retry_after=_seconds(retry_after)
    )


def _seconds(retry_after: str | None) -> float | None:
    """Seconds until then; None where it says nothing that can be read."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return (when - datetime.now(UTC)).total_seconds() if when.tzinfo else None


# --- the network --------------------------------------------------------------------------------------------


class _Network(NetworkBackend):
    """Connections that end in time, and that stand with a public address only, where that is wanted.

    Whatever a name resolved to, the address that counts is the one that was connected to: nothing has been
    sent to it by then.
    """

    def __init__(self, end: float, *, public_only: bool) -> None:
        self._inner = SyncBackend()
        self._end, self._public_only = end, public_only

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        stream = self._inner.connect_tcp(host, port, _left(self._end), local_address, socket_options)
        address = ip_address(str(stream.get_extra_info("server_addr")[0]).partition("%")[0])
        if self._public_only and not is_public(address):
            stream.close()
            raise PrivateAddressError(f"{host} is the private address {address}")
        return _Stream(stream, self._end)


class _Stream(NetworkStream):
    """A connection whose every step has only the time that is left of all."""

    def __init__(self, inner: NetworkStream, end: float) -> None:
        self._inner, self._end = inner, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._end))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(self._end)), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("out of time")
    return left
