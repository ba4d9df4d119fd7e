"""How things are said to people: Persian digits, Jalali dates, marked excerpts, safe links."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from urllib.parse import unquote, urlencode, urlsplit

from markupsafe import Markup, escape

from aggregator.model import Mention, StoredArticle
from aggregator.persian.calendar import (
    JALALI_MONTHS,
    format_jalali,
    instant_of_day,
    jalali_date,
    jalali_parts,
    tehran_day,
)
from aggregator.persian.digits import to_persian_digits

CLIPPED = 300  # characters of a headline in lists: a real one has a third of it
_UNTITLED = "(بدون عنوان)"
_NO_CHANGES: Mapping[str, str | None] = MappingProxyType({})

# --- numbers and dates --------------------------------------------------------------------------------------


def fa(number: object) -> str:
    """A number in Persian digits, its thousands apart; other texts with Persian digits."""
    if isinstance(number, int):
        return to_persian_digits(f"{number:,}".replace(",", "٬"))
    return to_persian_digits(str(number))


def month_name(month: str) -> str:
    """``1399-03`` as «خرداد ۱۳۹۹», ``1399`` as «۱۳۹۹»."""
    year, _, number = month.partition("-")
    return fa(f"{JALALI_MONTHS[int(number) - 1]} {int(year)}" if number else year)


def when(published: str) -> str:
    """An instant or a day in ISO 8601 as «۲۰ خرداد ۱۳۹۹، ۰۹:۰۱»."""
    instant, is_day = _read(published)
    return format_jalali(instant, "day" if is_day else "minute")


def ago(published: str, now: datetime | None = None) -> str:
    """The same as «۳ ساعت پیش»; of a day without a time, whole days only."""
    instant, is_day = _read(published)
    now = now or datetime.now(UTC)
    days = (tehran_day(now) - tehran_day(instant)).days
    if days < 0 or instant > now:
        return "تازه"
    if is_day and days < 2:
        return ("امروز", "دیروز")[days]
    minutes = int((now - instant).total_seconds() // 60)
    if not is_day and minutes < 1:
        return "هم‌اکنون"
    if not is_day and minutes < 60:
        return f"{fa(minutes)} دقیقه پیش"
    if not is_day and minutes < 24 * 60:
        return f"{fa(minutes // 60)} ساعت پیش"
    days = max(days, 1)
    for length, name in ((365, "سال"), (30, "ماه"), (1, "روز")):
        if days >= length:
            return f"{fa(days // length)} {name} پیش"
    raise AssertionError(days)


def _read(published: str) -> tuple[datetime, bool]:
    if len(published) == len("2020-06-09"):
        return instant_of_day(date.fromisoformat(published)), True
    return datetime.fromisoformat(published), False


# --- texts --------------------------------------------------------------------------------------------------


def clipped(text: str, length: int = CLIPPED) -> str:
    """The beginning of a text."""
    return text if len(text) <= length else text[:length].rstrip() + "…"


def titled(text: str) -> str:
    """A headline that can be seen: some consist of marks of direction only."""
    return text if any(unicodedata.category(c)[0] in "LNPS" for c in text[:1000]) else _UNTITLED


def marked(text: str, marks: Sequence[Sequence[int]] = (), length: int = CLIPPED * 2) -> Markup:
    """An excerpt with what was found set off; line breaks become blanks."""
    shown = titled(clipped(text, length)).replace("\n", " ")
    inside = [(start, end) for start, end in marks if end <= length] if shown != _UNTITLED else []
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
    return clipped(unquote(url, errors="replace"), 200)


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


def timeline_bars(counts: Sequence[tuple[str, int]], state: dict[str, str]) -> list[Bar]:
    """Bars for all months from the first to the last, the oldest at the right, as Persian is read."""
    periods = dict(counts)
    names = _months(*_ends(periods)) if periods else []
    if len(names) > MOST_MONTHS:
        periods = _by_year(periods)
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
                x=round(_WIDTH - (place + 1) * step, 2),
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


def _months(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(start, end + 1)]


def _by_year(periods: dict[str, int]) -> dict[str, int]:
    years: dict[str, int] = {}
    for month, count in periods.items():
        years[month[:4]] = years.get(month[:4], 0) + count
    return years


# --- citing -------------------------------------------------------------------------------------------------

_MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def citation(stored: StoredArticle, publisher: str) -> str:
    """For a footnote."""
    article = stored.article
    published = article.published
    parts = [
        "، ".join(article.authors) or None,
        f"«{_line(article.headline)}»",
        publisher,
        format_jalali(published.instant, "day") if published else "بی‌تاریخ",
        f"کد خبر {fa(article.code)}" if article.code else None,
        article.url,
        f"(بازدید {format_jalali(stored.last_seen, 'day')})",
    ]
    return "، ".join(_line(part) for part in parts if part)


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
