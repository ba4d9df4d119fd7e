"""The answers of the API, for its documentation: every field, with an example."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ARTICLE_ID = "5f0c3bd3a9a3f0c6e1d2"
MONTH = "1399-03"
DAY = "1399-03-20"


class Answer(BaseModel):
    """Exactly these fields, and no others."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(description="A sentence for people", examples=["since: «xyz» is no date"])
    parameter: str | None = Field(None, description="What is to be corrected", examples=["since"])
    position: int | None = Field(None, description="Where in `q`, in characters from 0")
    errors: list[dict[str, str]] | None = Field(None, description="Each wrong parameter with its sentence")


class Highlight(Answer):
    """An excerpt exactly as published."""

    field: Literal["headline", "kicker", "lead", "body"]
    text: str = Field(examples=["کارگاه شبکه های اجتماعی برگزار شد."])
    marks: list[tuple[int, int]] = Field(
        description="Start and end of what was found, in characters of `text`", examples=[[[7, 23]]]
    )


class Hit(Answer):
    """An article that was found, texts as published."""

    id: str = Field(examples=[ARTICLE_ID])
    url: str = Field(examples=["https://alborz.mcls.gov.ir/news/123"])
    headline: str
    kicker: str | None
    organisation: str | None = Field(description="Id", examples=["mcls-alborz"])
    province: str | None = Field(description="Id", examples=["alborz"])
    source: str = Field(description="Id", examples=["mcls-alborz"])
    date_published: str | None = Field(
        description="Instant in UTC, or a day, in ISO 8601", examples=["2020-06-09T04:31:00Z", "2020-06-09"]
    )
    date_published_jalali: str | None = Field(description="Day in Tehran", examples=[DAY])
    score: float | None = Field(description="null where the order is not by relevance")
    highlights: list[Highlight]
    deleted_at: str | None = Field(description="When its site was found to have taken it down")
    story: str | None = Field(
        description="Id of the story, where others have the same text", examples=[ARTICLE_ID]
    )
    reposts: int = Field(description="How many other articles have the same text", examples=[5])


class FacetValue(Answer):
    """How many of all articles found have this value."""

    value: str = Field(examples=["alborz"])
    label: str = Field(examples=["البرز"])
    count: int = Field(examples=[12])


class MonthCount(Answer):
    """How many of all articles found were published in this Jalali month."""

    month: str = Field(examples=[MONTH])
    count: int = Field(examples=[12])


class SearchAnswer(Answer):
    """One page of hits; total, facets and timeline are of everything found."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[FacetValue]] = Field(
        description="organisation, province, source, section, mentions: most frequent value first"
    )
    timeline: list[MonthCount] = Field(description="Oldest month first, months without articles left out")
    next_cursor: str | None = Field(description="`cursor` of the next page; null: this is the last")
    notes: list[str] = Field(description="What of the query was read leniently")


class Texts(Answer):
    """The readable form of an article's texts."""

    headline: str
    kicker: str | None
    lead: str | None
    body: str


class ArticleAnswer(Answer):
    """The export record, and where each field came from."""

    id: str = Field(examples=[ARTICLE_ID])
    url: str
    canonical_url: str
    source: str
    organisation: str | None
    province: str | None
    headline: str
    kicker: str | None
    lead: str | None
    body: str = Field(description="Paragraphs joined by one line break")
    section: str | None
    keywords: list[str]
    authors: list[str]
    main_image: str | None
    images: list[str]
    attachments: list[str]
    code: str | None
    date_published: str | None
    date_published_raw: str | None = Field(description="As published")
    date_precision: Literal["minute", "day"] | None
    date_published_jalali: str | None = Field(examples=[DAY])
    date_modified: str | None
    first_seen: str
    last_seen: str
    revision: int
    language: str
    normalised: Texts | None
    event_dates: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    deleted_at: str | None
    provenance: dict[str, str] = Field(
        description="Field → where it came from", examples=[{"headline": "platform", "lead": "json-ld"}]
    )


class ChangeAnswer(Answer):
    """Sentences that gave way to others."""

    field: str = Field(examples=["body"])
    kind: Literal["added", "removed", "replaced"]
    before: list[str]
    after: list[str]


class RevisionAnswer(Answer):
    """An edit."""

    revision: int = Field(description="2 for the first edit", examples=[2])
    first_seen: str = Field(examples=["2020-06-09T04:31:00Z"])
    changes: list[ChangeAnswer]


class RevisionsAnswer(Answer):
    """What became of an article on its site."""

    id: str = Field(examples=[ARTICLE_ID])
    url: str
    revision: int = Field(description="How many there are", examples=[2])
    first_seen: str
    last_seen: str
    deleted_at: str | None
    revisions: list[RevisionAnswer] = Field(description="Those after the first, oldest first")


class MemberAnswer(Answer):
    """An article of a story."""

    id: str = Field(examples=[ARTICLE_ID])
    url: str
    headline: str
    organisation: str | None = Field(examples=["mcls-alborz"])
    province: str | None = Field(examples=["alborz"])
    source: str = Field(examples=["mcls-alborz"])
    date_published: str | None = Field(examples=["2020-06-13T04:45:00Z", "2020-06-14"])
    date_published_jalali: str | None = Field(examples=["1399-03-24"])
    first_seen: str
    deleted_at: str | None
    similarity: float = Field(description="To the first, 0 to 1", examples=[0.872])
    changes: list[ChangeAnswer] = Field(
        description="Sentences that it added to the first, or dropped. `field`: headline, kicker, or text, "
        "which is lead and body. Spelling does not count"
    )


class StoryAnswer(Answer):
    """The same text in several places."""

    id: str = Field(description="Of one of the members; it stays", examples=[ARTICLE_ID])
    total: int = Field(description="Members; 1: nobody else has this text", examples=[6])
    first: str = Field(description="Id of the member that was published first", examples=[ARTICLE_ID])
    first_is_certain: bool = Field(
        description="false: somebody who tells no time, or no date, may have been earlier"
    )
    members: list[MemberAnswer] = Field(description="In the order of publication; 200 at most")


class OrganisationAnswer(Answer):
    """A body that publishes."""

    id: str = Field(examples=["mcls-alborz"])
    name: str
    name_en: str
    kind: str = Field(examples=["provincial_office"])
    parent: str | None = Field(examples=["mcls"])
    province: str | None = Field(examples=["alborz"])
    aliases: list[str]
    articles: int = Field(description="Its own, without those of its offices")


class OrganisationsAnswer(Answer):
    organisations: list[OrganisationAnswer] = Field(description="In the order of the Persian alphabet")


class FindingAnswer(Answer):
    """Something about a source that a person should look at."""

    kind: Literal["blocked", "failing", "silent", "drifted"]
    why: str


class SourceAnswer(Answer):
    """A source, and how it fares."""

    id: str = Field(examples=["mcls-alborz"])
    label: str
    organisation: str | None
    province: str | None
    url: str | None
    crawled: bool = Field(description="false: nobody has tried it yet")
    articles: int
    newest: str | None = Field(description="Publication of its newest article")
    last_success: str | None
    failures: int = Field(description="Runs in a row")
    last_error: str | None
    findings: list[FindingAnswer] = Field(description="Empty: all is well")
    per_day: float = Field(description="Articles a day, of the last 30 days", examples=[4.2])
    promised: int = Field(description="Pages that its feeds, sitemaps and listings promised")
    collected: int = Field(description="How many of them gave an article")


class SourcesAnswer(Answer):
    sources: list[SourceAnswer]


class DayCount(Answer):
    day: str = Field(examples=["2020-06-09"])
    jalali: str = Field(examples=[DAY])
    count: int = Field(examples=[3])


class StatsAnswer(Answer):
    """Counts of everything that a search finds."""

    total: int
    days: list[DayCount] | None = Field(
        description="Days with articles; null where they lie in more than two Jalali months"
    )
    months: list[MonthCount]
    organisations: list[FacetValue]
    provinces: list[FacetValue]
    notes: list[str]


class TargetAnswer(Answer):
    """Whom a saved search tells."""

    kind: Literal["email", "webhook"]
    address: str = Field(description="An e-mail address, or the host of a webhook")
    delivered: int = Field(description="Articles")
    waiting: int = Field(description="Articles that were found and are not delivered yet")
    given_up: int = Field(description="Articles whose message was given up after its last try")
    last_delivery: str | None
    error: str | None = Field(description="Why the last message did not arrive; null: it did")


class SavedSearchAnswer(Answer):
    """A search under a name."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["کارگاه‌های البرز"])
    parameters: dict[str, str] = Field(
        description="Of `/api/search`, as they were given", examples=[{"q": "کارگاه", "province": "البرز"}]
    )
    created: str
    articles: int | None = Field(description="That it finds now; null: it cannot be asked any more")
    feeds: dict[str, str] = Field(examples=[{"rss": "/saved/1/feed.rss"}])
    targets: list[TargetAnswer]


class SavedAnswer(Answer):
    saved: list[SavedSearchAnswer] = Field(description="In the order in which they were saved")
