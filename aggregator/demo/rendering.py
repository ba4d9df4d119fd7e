"""Jinja2 for the sample portal: one folder of templates a family, and the filters they share."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote

import jdatetime
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from aggregator.demo.spelling import SOFT_HYPHEN, ZWNJ
from aggregator.demo.stories import INLINE_MARK
from aggregator.model import iso_utc
from aggregator.persian.calendar import TEHRAN

TO_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@lru_cache(maxsize=10_000)
def jalali(moment: datetime, pattern: str) -> str:
    """A moment on Tehran's clock by a strftime pattern, months and weekdays in Persian, digits Latin."""
    local = moment.astimezone(TEHRAN).replace(tzinfo=None)
    return str(jdatetime.datetime.fromgregorian(datetime=local, locale="fa_IR").strftime(pattern))


def persian_digits(value: object) -> str:
    return str(value).translate(TO_PERSIAN_DIGITS)


def quoted(address: str) -> str:
    """A path and query percent-encoded, the separators kept."""
    return quote(address, safe="/?&=:+%~")


def iso_tehran(moment: datetime, seconds: int = 0) -> str:
    return moment.astimezone(TEHRAN).replace(second=seconds).isoformat()


def rfc822(moment: datetime, *, weekday: bool = True) -> str:
    text = format_datetime(moment.astimezone(TEHRAN))
    return text if weekday else text.partition(", ")[2]


def json_text(value: Any, *, ascii_only: bool = False) -> Markup:
    """JSON for a script element; ``ascii_only`` as PHP writes it, with ``\\u`` and ``\\/``."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=4 if ascii_only else None)
    return Markup(text.replace("/", "\\/") if ascii_only else text.replace("</", "<\\/"))


def with_entities(text: object) -> Markup:
    """Half-spaces written as character references."""
    return Markup(str(escape(text)).replace(ZWNJ, "&zwnj;").replace(SOFT_HYPHEN, "&shy;"))


def inline(text: str, documents: str, *, entities: bool = False) -> Markup:
    """A text of a body with its inline marks as elements; bare names are ``documents`` of the site."""
    encode: Callable[[object], Markup] = with_entities if entities else escape
    pieces, end = [], 0
    for mark in INLINE_MARK.finditer(text):
        pieces.append(encode(text[end : mark.start()]))
        pieces.append(_element(mark.groupdict(), documents, encode))
        end = mark.end()
    return Markup("").join([*pieces, encode(text[end:])])


def _element(mark: dict[str, str | None], documents: str, encode: Callable[[object], Markup]) -> Markup:
    if mark["strong"]:
        return Markup("<strong>{}</strong>").format(encode(mark["strong"]))
    address = mark["address"] or ""
    href = address if "/" in address else documents.format(name=address)
    return Markup('<a href="{}">{}</a>').format(quoted(href), encode(mark["text"]))


def environment() -> Environment:
    """The templates of all families; an undefined name in one is an error."""
    templates = Environment(
        loader=PackageLoader("aggregator.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=200,
    )
    templates.filters |= {
        "jalali": jalali,
        "fa": persian_digits,
        "quoted": quoted,
        "iso": iso_utc,
        "iso_tehran": iso_tehran,
        "utc": lambda moment, pattern: moment.astimezone(UTC).strftime(pattern),
        "tehran": lambda moment, pattern: moment.astimezone(TEHRAN).strftime(pattern),
        "rfc822": rfc822,
        "rfc822_short": partial(rfc822, weekday=False),
        "json": json_text,
        "php_json": partial(json_text, ascii_only=True),
        "entities": with_entities,
        "inline": inline,
    }
    return templates
