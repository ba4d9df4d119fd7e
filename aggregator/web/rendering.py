"""Templates and the few files beside them; all of it is read once and lies in the package."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from aggregator.web import views

MEDIA_TYPES: Mapping[str, str] = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


@cache
def templates() -> Environment:
    """All of them; an undefined name in one is an error."""
    environment = Environment(
        loader=PackageLoader("aggregator.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "fa": views.fa,
        "month_name": views.month_name,
        "when": views.when,
        "ago": views.ago,
        "clipped": views.clipped,
        "titled": views.titled,
        "marked": views.marked,
        "web_address": views.web_address,
        "readable": views.readable,
    }
    environment.globals |= {"stylesheet": f"/static/style.css?{_version(static_files()['style.css'])}"}
    return environment


def render(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    """A page; it is the reader's own, and is asked for again each time."""
    text = templates().get_template(name).render(path=request.url.path, **shown)
    headers = {"Cache-Control": "private, no-cache"}
    return Response(text.encode("utf-8", "replace"), status, headers, "text/html; charset=utf-8")


@cache
def static_files() -> dict[str, bytes]:
    """The stylesheet and the icon by name: nothing else of the file system is ever sent."""
    folder = files("aggregator.web") / "static"
    return {item.name: item.read_bytes() for item in folder.iterdir()}


def _version(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=4).hexdigest()
