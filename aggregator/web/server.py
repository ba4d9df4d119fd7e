"""A server on a port: what stands between the application and the network."""

import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp

from aggregator.errors import FixCommandError
from aggregator.web.service import Service

CATCH_UP_EVERY = 60.0  # seconds
CONNECTIONS = 500  # more are told to come back
GRACE = 2  # seconds that answers under way get when the server is told to end


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; FixCommandError where that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # With the protocol: asyncio turns off Nagle's algorithm only then, which would hold back each answer
        # on a connection that is kept for 40 ms.
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise FixCommandError(f"{host} is no address to listen on: {error.strerror}") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as error:
        listening.close()
        reason = error.strerror if error.strerror != "Address already in use" else "the port is in use"
        raise FixCommandError(
            f"cannot listen on {host} port {port}: {reason}; choose another with --port"
        ) from None
    return listening


def is_loopback(listening: socket.socket) -> bool:
    """Whether only this machine reaches it."""
    return ip_address(listening.getsockname()[0].partition("%")[0]).is_loopback


def address_of(listening: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def server_for(app: ASGIApp) -> uvicorn.Server:
    """A server whose ``run(sockets=[…])`` answers until SIGINT or SIGTERM, which are then raised again."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,  # ours are in ``gate``
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)


class CatchingUp:
    """Indexes what is pending, at once and then again and again, in a thread of its own.

    ``tell`` is called with what keeps it from that, once until something else does.
    """

    def __init__(self, service: Service, tell: Callable[[str], None], every: float = CATCH_UP_EVERY) -> None:
        self._service, self._tell, self._every = service, tell, every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="catching-up", daemon=True)

    def __enter__(self) -> "CatchingUp":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(GRACE)  # a long one is left: what it has not marked is done again next time

    def _run(self) -> None:
        told = None
        while True:
            trouble = self._service.catch_up()
            if trouble and trouble != told:
                self._tell(f"the newest articles may be missing: {trouble}")
            told = trouble
            if self._stopped.wait(self._every):
                return
