"""The things this software speaks of. All are frozen; every field is documented where it stands.

Names follow schema.org's NewsArticle where it has one, in snake case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

# --- who publishes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 31 provinces (استان)."""

    id: str  #: key used everywhere, for example ``alborz``
    name: str  #: Persian name without «استان»
    name_en: str
    iso_code: str  #: ISO 3166-2, for example ``IR-30``
    capital: str  #: Persian name of the capital
    aliases: tuple[str, ...] = ()  #: other spellings, Persian and English


@dataclass(frozen=True, slots=True)
class County:
    """One of the counties (شهرستان) of a province; its name is mostly that of its chief town too."""

    id: str  #: key used everywhere, its province's id first, for example ``alborz-karaj``
    name: str  #: Persian name without «شهرستان»
    name_en: str
    province: str  #: id of its province
    aliases: tuple[str, ...] = ()  #: other spellings
    ordinary: bool = (
        False  #: the name is an ordinary word, a person's or another thing's too («نور», «میانه»)
    )


OrganisationKind = Literal[
    "presidency", "ministry", "organisation", "provincial_office", "governorate", "news_agency", "other"
]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that publishes."""

    id: str  #: key used everywhere, for example ``mcls-alborz``
    name: str  #: full official Persian name
    name_en: str
    kind: OrganisationKind
    parent: str | None = None  #: id of the organisation it belongs to
    province: str | None = None  #: id of the province it works for; None: the whole country
    aliases: tuple[str, ...] = ()  #: other names and spellings in use


@dataclass(frozen=True, slots=True)
class Source:
    """A site of an organisation: what a spider crawls. Its id is the spider's name."""

    id: str
    organisation: str | None  #: organisation id; None only for a bare URL given on the command line
    url: str  #: start page
    platform: str | None = None  #: name of the CMS family, where known; else recognised from the page
    feeds: tuple[
        str, ...
    ] = ()  #: addresses known beside those found on the site; absolute or relative to url
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    delay: float | None = None  #: seconds between two requests; None: the default of the settings
    verify_tls: bool = True  #: False: its certificate is broken and not looked at; each run warns of it
    verified: date | None = (
        None  #: day on which the site was last seen to be this organisation's; None: never
    )
    evidence: str = ""  #: where the address comes from


# --- what is fetched --------------------------------------------------------------------------------------

LinkOrigin = Literal["feed", "sitemap", "listing", "id"]
#: ``id``: promised by nobody; its number stands between those of known articles


@dataclass(frozen=True, slots=True)
class Link:
    """A promise of an article: what a feed, a sitemap or a listing says of one page."""

    url: str  #: absolute, cleaned
    origin: LinkOrigin
    headline: str | None = None  #: as published
    kicker: str | None = None
    lead: str | None = None
    published: "DateReading | None" = None
    modified: datetime | None = None  #: last change as the feed or sitemap claims it, aware, UTC


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What was sent to a site for a page. Its address is the page's."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  #: names in lower case
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document, as it came. The same Page gives the same article, today and in ten years."""

    url: str  #: final URL, after redirects
    body: bytes  #: after removal of the content encoding
    fetched_at: datetime  #: aware, UTC
    source: str  #: source id
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  #: names in lower case
    requested_url: str | None = None  #: where a redirect began; None: no redirect
    link: Link | None = None  #: what led here
    sent: SentRequest | None = field(
        default=None, compare=False
    )  #: for the archive; None: not known any more


# --- what is extracted ------------------------------------------------------------------------------------

Calendar = Literal["jalali", "gregorian", "hijri"]
Precision = Literal["minute", "day"]
Doubt = Literal["weekday", "year", "two-digit-year", "relative", "order", "lunar", "build"]
#: ``weekday``: the one written is not that of the date; ``year``: none was written; ``two-digit-year``: its
#: century was not; ``relative``: counted from another instant; ``order``: day and month could be swapped;
#: ``lunar``: Hijri months are sighted, a day more or less; ``build``: rather when the page was made


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date as read from one place of a page."""

    raw: str  #: as published
    instant: datetime  #: aware, UTC; for a day, its first instant in Tehran
    precision: Precision
    calendar: Calendar  #: the calendar that the raw string was read in
    origin: str  #: where it stood: ``visible``, ``meta``, ``json-ld``, ``microdata``, ``time``, ``feed``, …
    confidence: float = 1.0  #: 0 to 1
    doubts: tuple[Doubt, ...] = ()  #: what lowered the confidence

    def iso(self) -> str:
        """ISO 8601: the instant in UTC (``2020-06-09T04:31:00Z``), or the day in Tehran (``2018-03-17``)."""
        from aggregator.persian.calendar import tehran_day

        if self.precision == "day":
            return tehran_day(self.instant).isoformat()
        return iso_utc(self.instant)


def iso_utc(instant: datetime) -> str:
    """An aware instant as ISO 8601 in UTC with seconds, for example ``2020-06-09T04:31:00Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(instant: datetime | None) -> str | None:
    """The same of an instant that may not have come."""
    return None if instant is None else iso_utc(instant)


TextField = Literal["headline", "kicker", "lead", "body"]
MentionKind = Literal["organisation", "province", "county", "speaker"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text and what it names. Offsets are in characters of the text as published; the paragraphs
    of a body are joined by one line break, as the export record has them."""

    kind: MentionKind
    text: str  #: as published
    start: int
    end: int
    id: str | None = None  #: of the registry; None: a speaker
    role: str | None = None  #: of a speaker, as published: «دبیر شورای هماهنگی روابط عمومی»
    field: TextField | None = None  #: of the article; None: a text that is none's


@dataclass(frozen=True, slots=True)
class EventDate:
    """A day that the text of an article speaks of. Offsets as those of a ``Mention``."""

    text: str  #: as published
    start: int
    end: int
    day: date  #: in Tehran
    calendar: Calendar  #: that it was read in
    confidence: float = 1.0  #: 0 to 1
    doubts: tuple[Doubt, ...] = ()  #: what lowered the confidence
    field: TextField | None = None  #: of the article; None: a text that is none's


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """The readable form of an article's texts; see ``aggregator.persian.normalise``."""

    headline: str
    kicker: str | None
    lead: str | None
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as one page gives it. Texts are as published, white space tidied, ZWNJ kept."""

    id: str  #: derived from canonical_url, see ``aggregator.urls.article_id``
    url: str  #: where it was fetched
    canonical_url: str
    source: str  #: source id
    headline: str
    body: tuple[str, ...]  #: paragraphs; may be empty when there is a lead
    kicker: str | None = None  #: روتیتر
    lead: str | None = None  #: لید
    section: str | None = None  #: path of the breadcrumb, joined by `` > ``
    keywords: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    main_image: str | None = None  #: absolute URL
    images: tuple[str, ...] = ()  #: absolute URLs, main image first when it is known, each once
    attachments: tuple[str, ...] = ()  #: absolute URLs of documents
    code: str | None = None  #: کد خبر, in Latin digits
    published: DateReading | None = None
    date_published_raw: str | None = None  #: kept also where it could not be read
    modified: DateReading | None = None
    date_conflicts: tuple[DateReading, ...] = ()  #: publish-date readings that disagree with ``published``
    language: str = "fa"  #: ISO 639-1
    platform: str | None = None  #: CMS family that the page was recognised as
    provenance: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: field name → where it came from: ``platform``, ``json-ld``, ``opengraph``, ``microdata``, ``meta``,
    #: ``generic``, ``feed`` …
    normalised: NormalisedText | None = None
    mentions: tuple[Mention, ...] = ()  #: in the order of ``TextField``, then of the text
    event_dates: tuple[EventDate, ...] = ()  #: likewise


class Rejection(StrEnum):
    """What a page is when it is no article."""

    LISTING = "listing"
    SOFT_404 = "soft-404"
    LOGIN = "login"
    CHALLENGE = "challenge"
    REDIRECT_STUB = "redirect-stub"
    ERROR_PAGE = "error-page"
    EMPTY = "empty"
    NOT_HTML = "not-html"
    TOO_LARGE = "too-large"
    NO_ARTICLE = "no-article"  #: a real page with text, but none of the above and no news article either


@dataclass(frozen=True, slots=True)
class NotArticle:
    """The outcome of extraction for a page that is no article."""

    url: str
    kind: Rejection
    reason: str  #: one sentence: what was seen


# --- what is stored ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with what the store knows of it."""

    article: Article
    organisation: str | None
    province: str | None
    first_seen: datetime  #: aware, UTC
    last_seen: datetime
    revision: int  #: 1 for the first
    deleted_at: datetime | None = None  #: its site took it down then; all of it is kept


PageStatus = Literal["pending", "done", "rejected", "failed"]


@dataclass(frozen=True, slots=True)
class PageState:
    """What the store knows of one address of a source: the crawl's ledger."""

    url: str  #: cleaned; unique within a source
    source: str
    status: PageStatus
    outcome: str | None = None  #: new, changed, unchanged; a Rejection; or the name of an error
    article_id: str | None = None
    fetched_at: datetime | None = None
    http_status: int | None = None
    attempts: int = 0
    settled: bool = False  #: seen by a crawl of the source that ended by itself
    etag: str | None = None  #: as sent with the page
    last_modified: str | None = None  #: as sent with the page
    body_hash: str | None = None  #: of the page as it came, see ``aggregator.crawl.pages``
    checked_at: datetime | None = None  #: last answer of the site, also one that said "not modified"
    changed_at: datetime | None = None  #: when a change was last seen; before the first: when published
    changes: int = 0  #: revisions that this page has made
    missing_since: datetime | None = None  #: the first of the answers in a row that said it was gone
    missing_count: int = 0  #: how many they are
    due_at: datetime | None = None  #: when it is to be looked at again; None: never, unless a list says so


@dataclass(frozen=True, slots=True)
class ListState:
    """What the store knows of a feed, sitemap or listing page that was read."""

    url: str
    source: str
    etag: str | None  #: as sent
    last_modified: str | None  #: as sent
    links: int  #: how many it had
    read_at: datetime  #: when it was last had in full
    settled: bool = False  #: read by a crawl of the source that ended by itself


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source has fared, and when it is to be crawled next."""

    source: str
    last_run: datetime
    last_success: datetime | None
    last_change: datetime | None  #: the last run that brought a new, changed or deleted article
    failures: int  #: runs in a row
    next_due: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one source."""

    id: int
    source: str
    started: datetime
    finished: datetime | None  #: None: under way, or killed
    status: str  #: running, finished, interrupted, failed, killed
    counts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    #: pages, bytes, new, changed, unchanged, rejected {kind: n}, failed {error: n}
