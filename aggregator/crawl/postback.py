"""Following pages of a listing that only a form leads to: ASP.NET's post-back, and plain forms. Pure.

A page names one following page at most this way, since each answer holds the state for the next.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, cast
from urllib.parse import urlencode

from lxml.html import HtmlElement

from aggregator.crawl.anchors import text_of
from aggregator.crawl.pagination import says
from aggregator.extract.document import Document
from aggregator.limits import MAX_FORM
from aggregator.urls import clean_url, same_site

_CALL = re.compile(
    r"(?:__doPostBack|WebForm_PostBackOptions)\(\s*(['\"])(?P<target>[^'\"]*)\1\s*,\s*(['\"])(?P<argument>[^'\"]*)\3"
)
_PAGE_ARGUMENT = re.compile(r"Page\$(\d{1,6})")
_PAGER_NAME = re.compile(r"pag(?:e|ing|er)", re.IGNORECASE)
_TYPED = frozenset({"text", "search", "email", "tel", "password", "file", "url"})

Meaning = Literal["next", "day", "more", "other"] | int


@dataclass(frozen=True, slots=True)
class PostForm:
    """A request that a browser would make by sending a form."""

    url: str  #: cleaned
    fields: tuple[tuple[str, str], ...]
    by_day: bool = False  #: the next page is another day, which may have had no news


def next_form(document: Document, url: str) -> PostForm | str | None:
    """What leads from the listing at ``url`` to its next page, where that is a form: the form as sent, or for
    one that is sent by GET its address; None where there is no such thing."""
    ways = [*_post_backs(document), *_choosers(document), *_buttons(document)]
    for meaning in ("next", "day", "more"):
        for way in ways:
            if way.meaning == meaning and (made := _made(way, document, url)):
                return made
    return None


@dataclass(frozen=True, slots=True)
class _Way:
    """A link or button that sends a form."""

    form: HtmlElement
    meaning: Meaning
    extra: tuple[tuple[str, str], ...]  #: fields that it adds or replaces


# --- __doPostBack -------------------------------------------------------------------------------------------


def _post_backs(document: Document) -> Iterator[_Way]:
    """The links that post back; the number after the current one is what comes next."""
    found: list[tuple[HtmlElement, re.Match[str], HtmlElement]] = []
    for element in document.root.iter("a", "input", "button", "span", "li"):
        call = _CALL.search(f"{element.get('href') or ''} {element.get('onclick') or ''}")
        form = _form_of(element, document) if call else None
        if call and form is not None:
            found.append((element, call, form))
    numbers = [(place, number) for place in found if (number := _number(*place[:2])) is not None]
    following = _following([place[0] for place, _ in numbers], [number for _, number in numbers])
    for element, call, form in found:
        extra = (("__EVENTTARGET", call["target"]), ("__EVENTARGUMENT", call["argument"]))
        meaning = _meaning(element, call)
        if isinstance(meaning, int):
            meaning = "next" if meaning == following else "other"
        yield _Way(form, meaning, extra)


def _meaning(element: HtmlElement, call: re.Match[str]) -> Meaning:
    number = _number(element, call)
    if number is not None:
        return number
    said = says(_label(element))
    if said in ("next", "day", "more"):
        return cast(Meaning, said)
    names = f"{call['target'].rpartition('$')[2]} {call['argument']}".lower()
    return "next" if said == "arrow" and "next" in names else "other"


def _number(element: HtmlElement, call: re.Match[str]) -> int | None:
    argument = _PAGE_ARGUMENT.fullmatch(call["argument"])
    said = says(_label(element))
    return int(argument[1]) if argument else said if isinstance(said, int) else None


def _following(elements: list[HtmlElement], numbers: list[int]) -> int | None:
    """The number of the next page: the current one is shown beside the others without a link, else it is the
    one that is missing among them."""
    if not numbers:
        return None
    shown = _shown_alone(elements, numbers)
    first = 1 if min(numbers) <= 2 else min(numbers)
    missing = (number for number in range(first, max(numbers)) if number not in numbers)
    current = shown if shown is not None else next(missing, None)
    if current is None:
        return None
    return min((number for number in numbers if number > current), default=None)


def _shown_alone(elements: list[HtmlElement], numbers: list[int]) -> int | None:
    """A number near the links, in the same row or box, that is none of them."""
    linked = set(elements)
    for box in islice(elements[0].iterancestors(), 3):
        for part in box.iter("span", "b", "strong", "em", "a", "li", "td"):
            said = says(text_of(part)) if not any(inner in linked for inner in part.iter()) else None
            near = isinstance(said, int) and min(numbers) - 1 <= said <= max(numbers) + 1
            if isinstance(said, int) and near and said not in numbers:
                return said
    return None


def _choosers(document: Document) -> Iterator[_Way]:
    """Drop-down lists of the pages' numbers that post back when one is chosen: the one after the current."""
    for chooser in document.root.iter("select"):
        name, form = chooser.get("name") or "", _form_of(chooser, document)
        call = _CALL.search((chooser.get("onchange") or "").replace("\\'", "'"))
        options = list(chooser.iter("option"))
        if call is None or form is None or not all(isinstance(says(text_of(one)), int) for one in options):
            continue
        if not _PAGER_NAME.search(name):
            continue
        chosen = next((place for place, one in enumerate(options) if one.get("selected") is not None), 0)
        for option in options[chosen + 1 : chosen + 2]:
            value = option.get("value") or text_of(option)
            extra = (
                ("__EVENTTARGET", call["target"]),
                ("__EVENTARGUMENT", call["argument"]),
                (name, value),
            )
            yield _Way(form, "next", extra)


# --- buttons ------------------------------------------------------------------------------------------------


def _buttons(document: Document) -> Iterator[_Way]:
    """Buttons that send a form as they are. One that asks for a text is a search or a log-in, not a pager;
    an ASP.NET page is all one form."""
    for element in document.root.iter("input", "button"):
        kind = (element.get("type") or ("submit" if element.tag == "button" else "text")).lower()
        form = _form_of(element, document) if kind in ("submit", "image") else None
        if form is None or _CALL.search(element.get("onclick") or ""):
            continue
        said = says(_label(element))
        if said not in ("next", "day", "more") or (not _is_asp_net(form) and _asks_for_text(form)):
            continue
        name = element.get("name")
        pressed = ((name, element.get("value") or ""),) if name else ()
        extra = ((f"{name}.x", "1"), (f"{name}.y", "1")) if name and kind == "image" else pressed
        yield _Way(form, cast(Meaning, said), extra)


def _label(element: HtmlElement) -> str:
    own = text_of(element) or (element.get("value") or "").strip() or (element.get("alt") or "").strip()
    pictures = (picture.get("alt") or "" for picture in element.iter("img"))
    return own or (element.get("title") or "").strip() or next((text for text in pictures if text), "")


def _form_of(element: HtmlElement, document: Document) -> HtmlElement | None:
    """The form around an element; in a page of one form that form, wherever broken tables have put it."""
    for above in element.iterancestors("form"):
        return above
    forms = list(document.root.iter("form"))
    return forms[0] if len(forms) == 1 and _is_asp_net(forms[0]) else None


def _is_asp_net(form: HtmlElement) -> bool:
    return any(part.get("name") == "__VIEWSTATE" for part in form.iter("input"))


def _asks_for_text(form: HtmlElement) -> bool:
    inputs = (part for part in form.iter("input") if (part.get("type") or "text").lower() in _TYPED)
    return any(True for _ in inputs) or any(True for _ in form.iter("textarea"))


# --- the request --------------------------------------------------------------------------------------------


def _made(way: _Way, document: Document, url: str) -> PostForm | str | None:
    action = clean_url(way.form.get("action") or url, document.base_url)
    if action is None or not same_site(action, url):
        return None
    replaced = {name for name, _ in way.extra}
    kept = [(str(name), str(value)) for name, value in _values(way.form) if name not in replaced]
    fields = (*kept, *way.extra)
    if sum(len(name) + len(value) for name, value in fields) > MAX_FORM:
        return None
    if (way.form.get("method") or "get").lower() == "post":
        return PostForm(action, fields, by_day=way.meaning == "day")
    link = clean_url(f"{action.partition('?')[0]}?{urlencode(fields)}")
    return link if link != url else None


def _values(form: HtmlElement) -> list[tuple[str, str]]:
    """What a browser would send of the form beside the button: an empty field too."""
    filled = cast(list[tuple[str, str]], cast(Any, form).form_values())
    named = {name for name, _ in filled}
    empty = (part for part in form.iter("input", "textarea") if part.get("value") is None)
    return filled + [
        (name, "")
        for part in empty
        if (name := part.get("name")) and name not in named and part.get("disabled") is None
        if part.tag == "textarea" or (part.get("type") or "text").lower() in {*_TYPED, "hidden"} - {"file"}
    ]
