"""What a search may be asked by a URL, for the API and the pages alike."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aggregator.errors import FixQueryError
from aggregator.persian.digits import to_latin_digits
from aggregator.search.days import first_day, last_day
from aggregator.search.results import MAX_SIZE, Match, SearchRequest, Sort
from aggregator.web.problems import ProblemError

MAX_QUERY = 2_000  # characters of ``q``
MAX_VALUE = 300  # characters of a filter
MAX_CURSOR = 30_000  # characters; one of Elasticsearch may be long
PAGE_SIZE = 20  # hits on a page for people
MAX_PAGE_SIZE = 100  # likewise, at most
FEED_SIZE = 50  # entries of a feed
MAX_FEED_SIZE = 200


def _since(text: str) -> str:
    return _checked(text, first_day)


def _until(text: str) -> str:
    return _checked(text, last_day)


def _checked(text: str, read: Any) -> str:
    try:
        read(text)
    except FixQueryError as error:
        raise ValueError(str(error)) from None
    return text


def _latin(value: Any) -> Any:
    return to_latin_digits(value) if isinstance(value, str) else value


_DAY = "a day, month or year, ISO or Jalali, in any digits"
Value = Annotated[str | None, Field(max_length=MAX_VALUE)]
Since = Annotated[
    Annotated[str, AfterValidator(_since), Field(max_length=40)] | None,
    Field(description=f"First day: {_DAY}", examples=["1399-03-01", "۱۳۹۹/۰۳", "2020-06-09"]),
]
Until = Annotated[
    Annotated[str, AfterValidator(_until), Field(max_length=40)] | None,
    Field(description=f"Last day, included: {_DAY}", examples=["1399-03-31"]),
]
Number = BeforeValidator(_latin)


class Nothing(BaseModel):
    """No parameters: one that is given all the same is named in the answer."""

    model_config = ConfigDict(extra="forbid")


class Form(BaseModel):
    """What a form sends. An empty value is the same as none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        """A form sends the fields that nobody filled in, too."""
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value != "" or name not in cls.model_fields}

    def given(self) -> dict[str, str]:
        """What differs from the defaults, in the order of the fields: the state, as a URL has it."""
        defaults = {name: field.default for name, field in type(self).model_fields.items()}
        values = {name: getattr(self, name) for name in defaults}
        return {name: str(value) for name, value in values.items() if value != defaults[name]}


class Selection(Form):
    """Which articles. An empty value is the same as none."""

    q: Annotated[
        str,
        Field(
            max_length=MAX_QUERY,
            description="The query, see docs/search.md; empty: everything",
            examples=["شبکه های اجتماعی"],
        ),
    ] = ""
    match: Annotated[
        Match, Field(description="any: one of the words is enough, more of them rank higher")
    ] = "all"
    organisation: Annotated[
        Value, Field(description="Id or name in any spelling; its offices are included", examples=["mcls"])
    ] = None
    province: Annotated[Value, Field(description="Id or name in any spelling", examples=["البرز"])] = None
    source: Annotated[Value, Field(description="Id, or address of the site")] = None
    section: Annotated[Value, Field(description="The whole path, or one part of it")] = None
    mentions: Annotated[
        Value,
        Field(description="An organisation, province, county or speaker that the text names"),
    ] = None
    since: Since = None
    until: Until = None

    def request(self, **more: Any) -> SearchRequest:
        """The search that is meant."""
        fields = ("match", "organisation", "province", "source", "section", "mentions")
        return SearchRequest(
            query=self.q,
            since=first_day(self.since) if self.since else None,
            until=last_day(self.until) if self.until else None,
            **{name: getattr(self, name) for name in fields},
            **more,
        )


class SearchParameters(Selection):
    """Which articles, and which page of them."""

    sort: Annotated[
        Sort,
        Field(description="date: newest first; fresh: by relevance, with newer ones earlier"),
    ] = "relevance"
    size: Annotated[int, Number, Field(ge=0, le=MAX_SIZE, description="Results on a page")] = 10
    cursor: Annotated[
        str | None, Field(max_length=MAX_CURSOR, description="`next_cursor` of the page before")
    ] = None

    def request(self, **more: Any) -> SearchRequest:
        return super().request(**{"sort": self.sort, "size": self.size, "cursor": self.cursor} | more)


class PageParameters(SearchParameters):
    """The same for people."""

    size: Annotated[int, Number, Field(ge=1, le=MAX_PAGE_SIZE)] = PAGE_SIZE


class FeedParameters(Selection):
    """Which articles, and how many of the newest."""

    size: Annotated[int, Number, Field(ge=1, le=MAX_FEED_SIZE, description="Entries")] = FEED_SIZE


def each_once(request: Request) -> None:
    """Refuses a parameter that is given twice: only one of them could count."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if names.count(name) > 1:
            raise ProblemError(422, f"{name[:100]} is given more than once", parameter=name[:100])
