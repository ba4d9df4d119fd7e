"""Templates and the few files beside them; all of it is read once and lies in the package."""

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from aggregator.web import views
from aggregator.web.language import PERSIAN, Language, language_of
from aggregator.web.sentences import said

MEDIA_TYPES: Mapping[str, str] = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@cache
def templates(language: Language = PERSIAN) -> Environment:
    """All of them, in one language; an undefined name in one is an error."""
    environment = Environment(
        loader=PackageLoader("aggregator.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
        finalize=_balanced,
    )
    environment.tests["visible"] = views.can_be_seen
    environment.globals |= {
        "gettext": language.markup,
        "language": language,
        "static": static_address,
    }
    environment.filters |= {
        "digits": language.digits,
        "percent": language.percent,
        "month_name": language.month_name,
        "when": language.when,
        "ago": language.ago,
        "stamp": language.stamp,
        "clipped": views.clipped,
        "titled": partial(views.titled, language=language),
        "marked": partial(views.marked, language=language),
        "web_address": views.web_address,
        "readable": views.readable,
        "said": partial(said, language=language),
    }
    return environment


def _balanced(shown: Any) -> Any:
    """What an expression of a template gives, so that it turns nothing around that stands beside it."""
    return type(shown)(views.balanced(shown)) if isinstance(shown, str) else shown


def render(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    """A page in the language of the reader; it is the reader's own, and is asked for again each time."""
    template = templates(language_of(request)).get_template(name)
    text = template.render(path=request.url.path, here=_here(request), **shown)
    headers = {"Cache-Control": "private, no-cache"}
    return Response(text.encode("utf-8", "replace"), status, headers, "text/html; charset=utf-8")


def _here(request: Request) -> str:
    """The address of this page, to come back to it."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    return quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")


@cache
def static_files() -> dict[str, bytes]:
    """The stylesheet, the scripts and the icon by name: nothing else of the file system is ever sent."""
    folder = files("aggregator.web") / "static"
    return {item.name: item.read_bytes() for item in folder.iterdir()}


@cache
def static_address(name: str) -> str:
    """Where a file is had; another version of it has another address."""
    return f"/static/{name}?{hashlib.blake2b(static_files()[name], digest_size=4).hexdigest()}"
