"""How things are shown to people: marked excerpts, safe links, the timeline, citations."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup, escape

from aggregator.model import Mention, StoredArticle
from aggregator.persian.calendar import jalali_date, jalali_parts, tehran_day
from aggregator.urls import readable_address
from aggregator.web.language import PERSIAN, Language
from aggregator.web.months import by_year, months_between

CLIPPED = 300  # characters of a headline in lists: a real one has a third of it
UNTITLED = "(بدون عنوان)"
_NO_CHANGES: Mapping[str, str | None] = MappingProxyType({})

# --- texts --------------------------------------------------------------------------------------------------


def clipped(text: str, length: int = CLIPPED) -> str:
    """The beginning of a text."""
    return text if len(text) <= length else text[:length].rstrip() + "…"


_CLOSERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}  # by PDF
_CLOSERS |= {"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}  # by PDI
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def balanced(text: str) -> str:
    """A text whose marks of direction end with it. Those left open, or a closing one too many, would turn
    around what stands beside it on the page, out of any ``bdi``."""
    if not _STEERING.search(text):
        return text
    kept: list[str] = []
    open_marks: list[str] = []
    for sign in text:
        if sign in "\u202c\u2069":
            if not open_marks or open_marks[-1] != sign:
                continue
            open_marks.pop()
        elif sign in _CLOSERS:
            open_marks.append(_CLOSERS[sign])
        kept.append(sign)
    return "".join([*kept, *reversed(open_marks)])


def can_be_seen(text: str) -> bool:
    """False for a headline of marks of direction only."""
    return any(unicodedata.category(c)[0] in "LNPS" for c in text[:1000])


def titled(text: str, language: Language = PERSIAN) -> str:
    """A headline, or that there is none to be seen."""
    return text if can_be_seen(text) else language.text(UNTITLED)


def marked(
    text: str,
    marks: Sequence[Sequence[int]] = (),
    length: int = CLIPPED * 2,
    *,
    language: Language = PERSIAN,
) -> Markup:
    """An excerpt with what was found set off; line breaks become blanks."""
    if not can_be_seen(text):
        return escape(language.text(UNTITLED))
    shown = clipped(text, length).replace("\n", " ")
    inside = [(start, end) for start, end in marks if end <= length]
    pieces, at = [], 0
    for start, end in inside:
        pieces += [escape(shown[at:start]), Markup("<mark>{}</mark>").format(shown[start:end])]
        at = end
    return Markup("").join([*pieces, escape(shown[at:])])


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web; None for ``javascript:`` and the like, which are never links."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def readable(url: str) -> str:
    """An address with its letters as letters, for reading."""
    return clipped(readable_address(url), 200)


def state_url(
    state: Mapping[str, str], changes: Mapping[str, str | None] = _NO_CHANGES, path: str = "/"
) -> str:
    """The address of a search with some things changed (None: left out). It begins at its first page."""
    given: dict[str, str | None] = {**state, "cursor": None, **changes}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{path}?{query}" if query else path


# --- the text of an article ---------------------------------------------------------------------------------

Piece = tuple[str, str | None]  # a text, and the search for what it names


def paragraphs(text: str, mentions: Iterable[Mention]) -> list[list[Piece]]:
    """The paragraphs of a field as published, cut where names are. Mentions that overlap are left out."""
    lines: list[list[Piece]] = [[]]
    for piece, link in _pieces(text, sorted(mentions, key=lambda one: one.start)):
        first, *others = piece.split("\n")
        lines[-1].append((first, link))
        lines += [[(other, link)] for other in others]
    shown = ([piece for piece in line if piece[0]] for line in lines)
    return [line for line in shown if line]


def _pieces(text: str, mentions: Iterable[Mention]) -> Iterator[Piece]:
    at = 0
    for mention in mentions:
        if at <= mention.start < mention.end <= len(text):
            yield text[at : mention.start], None
            yield text[mention.start : mention.end], mention_search(mention)
            at = mention.end
    yield text[at:], None


def mention_search(mention: Mention) -> str:
    """The address of the search for all that names the same."""
    return state_url({"mentions": mention.id or mention.text})


# --- the timeline -------------------------------------------------------------------------------------------

MOST_MONTHS = 120  # bars; longer times are shown by the year
_WIDTH, _HEIGHT = 960.0, 60.0  # of the drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """A month or a year: where it stands in the drawing, and the search that it leads to."""

    period: str  #: ``1399-03`` or ``1399``
    count: int
    x: float
    y: float
    width: float
    height: float
    url: str
    chosen: bool


def timeline_bars(
    counts: Sequence[tuple[str, int]], state: dict[str, str], direction: str = "rtl"
) -> list[Bar]:
    """Bars for all months from the first to the last, the oldest where reading begins."""
    periods = dict(counts)
    names = months_between(*_ends(periods)) if periods else []
    if len(names) > MOST_MONTHS:
        periods = by_year(periods)
        first, last = _ends(periods)
        names = [f"{year:04d}" for year in range(int(first), int(last) + 1)][-MOST_MONTHS:]
    highest = max(periods.values(), default=0)
    step = _WIDTH / max(len(names), 12)
    bars = []
    for place, name in enumerate(names):
        count = periods.get(name, 0)
        height = max(2.0, count / highest * _HEIGHT) if count else 0.0
        bars.append(
            Bar(
                period=name,
                count=count,
                x=round(_WIDTH - (place + 1) * step if direction == "rtl" else place * step, 2),
                y=round(_HEIGHT - height, 2),
                width=round(step * 0.86, 2),
                height=round(height, 2),
                url=state_url(state, {"since": name, "until": name}),
                chosen=state.get("since") == state.get("until") == name,
            )
        )
    return bars


def _ends(periods: dict[str, int]) -> tuple[str, str]:
    return min(periods), max(periods)


# --- citing -------------------------------------------------------------------------------------------------

_MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def citation(stored: StoredArticle, publisher: str, language: Language) -> str:
    """For a footnote."""
    article = stored.article
    published, say = article.published, language.text
    parts = [
        say("، ").join(article.authors) or None,
        say("«%(text)s»", text=_line(article.headline)),
        publisher,
        language.stamp(published.instant, "day") if published else say("بی‌تاریخ"),
        say("کد خبر %(code)s", code=language.digits(article.code)) if article.code else None,
        readable_address(article.url),
        say("(بازدید %(day)s)", day=language.stamp(stored.last_seen, "day")),
    ]
    return say("، ").join(_line(part) for part in parts if part)


def bibtex(stored: StoredArticle, publisher: str) -> str:
    """A BibTeX entry; the year is the Gregorian one, as programs sort by it, the Jalali day is a note."""
    article = stored.article
    day = tehran_day(article.published.instant) if article.published else None
    fields = {
        "title": f"{{{_bib(article.headline)}}}",
        "author": " and ".join(_bib(name) for name in article.authors) or f"{{{_bib(publisher)}}}",
        "publisher": _bib(publisher),
        "year": str(day.year) if day else "",
        "month": _MONTHS_EN[day.month - 1] if day else "",
        "note": jalali_date(day) if day else "",
        "url": _bib(article.url),
        "urldate": tehran_day(stored.last_seen).isoformat(),
        "language": "persian" if article.language == "fa" else _bib(article.language),
    }
    shown = (
        f"  {name} = {value if name == 'month' else '{' + value + '}'}"
        for name, value in fields.items()
        if value
    )
    year = jalali_parts(day)[0] if day else "nd"
    return f"@online{{news{year}-{article.id[:8]},\n" + ",\n".join(shown) + "\n}\n"


def _bib(text: str) -> str:
    """A text for BibTeX: without the braces and backslashes that steer it."""
    return _line(text.translate({ord(c): " " for c in "{}\\"}))


def _line(text: str) -> str:
    return " ".join(text.split())
