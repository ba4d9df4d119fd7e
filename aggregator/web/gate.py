"""What every request passes before the application, and every answer after it."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from aggregator.web.problems import ProblemError, is_for_programs

COOKIE = "aggregator_session"
LOGIN = "/login"
CLIENTS = 10_000  #: that are counted at once
_OPEN_PATHS = (LOGIN, "/language", "/static/")  # to be seen before one is let in
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Access:
    """Who is let in."""

    token: str = field(default="", repr=False)  #: what a client has to know; empty: it is not asked
    proxies: tuple[str, ...] = ()  #: the only addresses that are answered, and believed whom they speak for
    rate: int = 0  #: requests a minute of one client; 0: any number

    @property
    def session(self) -> str:
        """What the cookie of one who has logged in says: nobody can make the token of it."""
        return hmac.digest(self.token.encode(), b"session", hashlib.sha256).hex()

    def knows_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    def lets_in(self, request: Request) -> bool:
        """Whether the request brings the token, or the cookie that it was changed for."""
        if not self.token:
            return True
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.knows_token(given.strip()):
            return True
        return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), self.session.encode())


class Counter:
    """How many requests each client may still make: ``rate`` at once, and as many again every minute."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left: dict[str, tuple[float, float]] = {}  # client → what was left, and when

    def wait(self, client: str) -> float:
        """Counts a request; the seconds after which it would be answered, 0 for now."""
        now = self._clock()
        left, then = self._left.pop(client, (float(self._rate), now))
        left = min(self._rate, left + (now - then) * self._rate / 60)
        allowed = left >= 1
        self._left[client] = (left - 1 if allowed else left, now)
        if len(self._left) > CLIENTS:
            del self._left[next(iter(self._left))]  # the one that asked the longest ago
        return 0 if allowed else (1 - left) * 60 / self._rate


Refuse = Callable[[Request, ProblemError], Response]


class Gate:
    """Refuses what may not come in, answers HEAD without bodies, and puts the headers of safety on answers.

    ``refuse`` makes an answer of a refusal, for people or for programs.
    """

    def __init__(self, app: ASGIApp, access: Access, refuse: Refuse) -> None:
        self._app, self._access, self._refuse = app, access, refuse
        self._counter = Counter(access.rate) if access.rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        head = scope["method"] == "HEAD"

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif head:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                raise _EnoughError
            await send(message)

        inner = {**scope, "method": "GET"} if head else scope
        try:
            app = self._before(request) or self._app
            await app(inner, receive, answer)
        except _EnoughError:
            return

    def _before(self, request: Request) -> ASGIApp | None:
        """The answer for what does not come in; None for what does."""
        access = self._access
        if not access.token and not access.proxies and not _names_loopback(request.headers):
            # A site whose name was pointed to this machine would otherwise be let in by a browser here.
            return self._refuse(request, ProblemError(421, "this server is only reached as localhost"))
        wait = self._counter.wait(request.client.host if request.client else "") if self._counter else 0
        if wait:
            headers = {"Retry-After": str(int(wait) + 1)}
            return self._refuse(
                request, ProblemError(429, "too many requests: wait a moment", headers=headers)
            )
        if access.lets_in(request) or request.url.path.startswith(_OPEN_PATHS):
            return None
        return self._log_in(request)

    def _log_in(self, request: Request) -> Response:
        if is_for_programs(request.url.path):
            headers = {"WWW-Authenticate": "Bearer"}
            return self._refuse(
                request, ProblemError(401, "send the token: Authorization: Bearer …", headers=headers)
            )
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{LOGIN}?next={quote(wanted, safe='')}", 303)


class FromProxies:
    """Answers only trusted proxies, and takes from them who asks and by which scheme."""

    def __init__(self, app: ASGIApp, proxies: tuple[str, ...], refuse: Refuse) -> None:
        self._proxies, self._refuse = proxies, refuse
        self._app = ProxyHeadersMiddleware(app, trusted_hosts=list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.client and request.client.host in self._proxies:
            await self._app(scope, receive, send)  # type: ignore[arg-type]
            return
        refusal = self._refuse(request, ProblemError(403, "only the proxy before this server may ask it"))
        await refusal(scope, receive, send)


class _EnoughError(Exception):
    """The head of an answer is all that was asked for."""


def _names_loopback(headers: Headers) -> bool:
    host = headers.get("host", "")
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower() in _LOOPBACK
