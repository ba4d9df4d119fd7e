"""What forms send, and whether it was one of our own pages that sent it."""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from aggregator.web.problems import ProblemError


async def read_form(request: Request, most: int) -> dict[str, str]:
    """The first value of each field of a form; ProblemError for more than ``most`` bytes."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise ProblemError(413, f"a form of more than {most:,} bytes is not read")
    found: dict[str, str] = {}
    for name, value in parse_qsl(body.decode("utf-8", "replace")):
        found.setdefault(name, value)
    return found


def require_same_origin(request: Request) -> None:
    """Refuses a change that another site asks for in the name of its visitor.

    Browsers say where a request comes from, in ``Sec-Fetch-Site`` or at least in ``Origin``; a site cannot
    make them say otherwise. A program that sends the token itself is nobody's visitor.
    """
    if request.headers.get("authorization"):
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site == "same-origin"
    else:
        origin = urlsplit(request.headers.get("origin", ""))
        ours = bool(origin.netloc) and origin.netloc.lower() == request.headers.get("host", "").lower()
    if not ours:
        raise ProblemError(403, "only a form of this site may do that")
