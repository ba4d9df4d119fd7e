"""What may stand in a file of the registry, field by field; anything else is named with its line.

Checks that need other files (does the parent exist?) are in ``load``.
"""

import difflib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from aggregator.errors import FixFileError
from aggregator.model import OrganisationKind
from aggregator.registry.yamlfile import Location, YamlFile
from aggregator.urls import clean_url

ID_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_DELAY = 3600  # seconds


def _check_id(text: str) -> str:
    if not ID_PATTERN.fullmatch(text):
        raise ValueError(
            f"{text!r} is not an id; use small Latin letters and digits, single hyphens between them"
        )
    return text


def _check_url(text: str) -> str:
    if (
        not re.match(r"https?://[^/]", text, re.IGNORECASE)
        or re.search(r"\s", text)
        or clean_url(text) is None
    ):
        raise ValueError(f"{text!r} is not an address; it has to start with http:// or https://, then a host")
    return text


def _check_reference(text: str) -> str:
    """An address relative to the site's, or absolute."""
    if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
        return _check_url(text)
    if re.search(r"\s", text):
        raise ValueError(f"{text!r} is not an address; there is a blank in it")
    return text


def _check_platform(text: str) -> str:
    from aggregator.platforms import PLATFORMS

    if text not in PLATFORMS:
        raise ValueError(f"{text!r} is not a platform; {suggest(text, PLATFORMS)}")
    return text


def _read_day(value: Any) -> date:
    """A day as written, ISO or Jalali. YAML's own dates are not used, see ``yamlfile``."""
    from aggregator.persian.calendar import parse_day, tehran_day

    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a day; write it as 2024-05-30 or 1403-03-10")
    day = parse_day(value)
    if day > tehran_day(datetime.now(UTC)):
        raise ValueError(f"{value!r} is in the future; give the day on which somebody looked")
    return day


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Id = Annotated[Text, StringConstraints(max_length=64), AfterValidator(_check_id)]
Url = Annotated[Text, AfterValidator(_check_url)]
Reference = Annotated[Text, AfterValidator(_check_reference)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ProvinceEntry(_Entry):
    """One item of provinces.yaml; the fields are those of ``model.Province``."""

    id: Id
    name: Text
    name_en: Text
    iso_code: Text
    capital: Text
    aliases: list[Text] = []


class CountyEntry(_Entry):
    """One item of counties.yaml; the fields are those of ``model.County``."""

    id: Id
    name: Text
    name_en: Text
    province: Id
    aliases: list[Text] = []
    ordinary: bool = False


class SourceEntry(_Entry):
    """One site in an organisation's file; the fields are those of ``model.Source``."""

    id: Id | None = None  #: default: the organisation's
    url: Url
    platform: Annotated[Text, AfterValidator(_check_platform)] | None = None
    feeds: list[Reference] = []
    sitemaps: list[Reference] = []
    listings: list[Reference] = []
    delay: Annotated[float, Field(ge=0, le=MAX_DELAY, allow_inf_nan=False)] | None = None
    verify_tls: StrictBool = True
    verified: Annotated[date, BeforeValidator(_read_day)] | None = None
    evidence: Text | None = None


class OrganisationEntry(_Entry):
    """One file; the fields are those of ``model.Organisation``, with its sites."""

    id: Id
    name: Text
    name_en: Text | None = None  #: default: ``name``
    kind: OrganisationKind = "organisation"
    parent: Id | None = None
    province: Id | None = None
    aliases: list[Text] = []
    sources: list[SourceEntry] = []


EntryType = TypeVar("EntryType", bound=_Entry)


def read_entry(file: YamlFile, kind: type[EntryType], location: Location = ()) -> EntryType:
    """The entry at ``location`` of a file. Raises FixFileError with everything that is wrong, a line each."""
    value = file.data
    for part in location:
        value = value[part]
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise join_errors(_explain(file, detail, location, kind) for detail in details) from None


def join_errors(errors: Iterable[FixFileError]) -> FixFileError:
    """Several errors as one, a line each; ``path``, ``line`` and ``field`` are those of the first."""
    found = list(errors)
    joined = FixFileError("\n".join(map(str, found)))
    joined.path, joined.line, joined.field = found[0].path, found[0].line, found[0].field
    return joined


def suggest(word: str, accepted: Iterable[str]) -> str:
    """The end of an error's sentence: the accepted word that was probably meant, or all of few."""
    words = sorted(accepted)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"accepted: {', '.join(words)}" if len(words) < 40 else "see 'aggregator sources list'"


def _explain(file: YamlFile, detail: ErrorDetails, base: Location, kind: type[BaseModel]) -> FixFileError:
    location = (*base, *detail["loc"])
    return file.error(_sentence(detail, kind), location)


def _sentence(detail: ErrorDetails, kind: type[BaseModel]) -> str:
    """What is wrong, in words for the person who wrote the file."""
    value, name = detail["input"], str(detail["loc"][-1]) if detail["loc"] else ""
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return f"is not a field; {suggest(name, _fields_at(detail, kind))}"
        case _ if value is None:
            return "is empty; write something or leave the line out"
        case "literal_error":
            return f"{value!r} is not a kind; {suggest(str(value), get_args(OrganisationKind))}"
        case "string_type":
            return f"{value!r} is not text; put it in quotes if it is meant"
        case "string_too_short":
            return "is empty; write something or leave the line out"
        case "list_type":
            return "has to be a list, each item on its own line after «- »"
        case "model_type":
            return "has to be fields, each on its own line as «name: value»"
        case "bool_type":
            return f"{value!r} is neither true nor false"
        case "float_type":
            return f"{value!r} is not a number of seconds"
        case "value_error":
            return str(detail["ctx"]["error"])
    return detail["msg"][0].lower() + detail["msg"][1:]


def _fields_at(detail: ErrorDetails, kind: type[BaseModel]) -> Iterable[str]:
    """The fields of the entry in which an unknown one was found."""
    inside_source = kind is OrganisationEntry and len(detail["loc"]) > 1
    return (SourceEntry if inside_source else kind).model_fields
