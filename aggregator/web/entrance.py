"""The log-in page, the switch of languages, and the files: what is seen before one is let in."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from aggregator.web.forms import read_form
from aggregator.web.gate import COOKIE, LOGIN, Access
from aggregator.web.language import COOKIE as LANGUAGE_COOKIE
from aggregator.web.language import LANGUAGES, REMEMBERED
from aggregator.web.problems import ProblemError
from aggregator.web.rendering import MEDIA_TYPES, render, static_files

MAX_BODY = 4_096  # bytes of a form
LOGGED_IN = 30 * 24 * 3600  # seconds

router = APIRouter(include_in_schema=False)


@router.get(LOGIN)
async def login_page(request: Request, next: str = "/") -> Response:
    """Asks for the token."""
    return render(request, "login.html.j2", next=_inside(next), wrong=False)


@router.post(LOGIN)
async def log_in(request: Request) -> Response:
    """Changes the token for a cookie."""
    given = await read_form(request, MAX_BODY)
    access: Access = request.app.state.access
    target = _inside(given.get("next", "/"))
    if not access.token or not access.knows_token(given.get("token", "").strip()):
        return render(request, "login.html.j2", 401, next=target, wrong=True)
    answer = RedirectResponse(target, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, access.session, LOGGED_IN, httponly=True, samesite="lax", secure=secure)
    return answer


def _inside(address: str) -> str:
    """A path of this site; the start page for what would lead elsewhere."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside and address.isascii() else "/"


@router.get("/language")
async def change_language(request: Request, to: str = "fa", next: str = "/") -> Response:
    """Remembers the language of the reader in a cookie, and leads back."""
    if to not in LANGUAGES:
        raise ProblemError(422, f"to: one of {', '.join(LANGUAGES)}", parameter="to")
    answer = RedirectResponse(_inside(next), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(LANGUAGE_COOKIE, to, REMEMBERED, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/static/{name}")
async def static_file(name: str) -> Response:
    """The stylesheet or the icon."""
    content = static_files().get(name)
    if content is None:
        raise ProblemError(404, "there is no such file")
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    return Response(content, 200, {"Cache-Control": "public, max-age=86400"}, media_type)
