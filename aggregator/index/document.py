"""What the index holds of an article: folded text to match, values to filter, texts to show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from importlib import resources
from itertools import chain

from aggregator.model import Article, StoredArticle, iso_or_none
from aggregator.persian.calendar import jalali_date, jalali_month, tehran_day
from aggregator.persian.fold import fold, fold_key
from aggregator.persian.letters import FOLDING, TATWEEL, ZWNJ
from aggregator.registry import Registry
from aggregator.search.names import speaker_key

SECTION_SEPARATOR = " > "
#: Where the rules of folding are, in ``aggregator.persian``.
FOLDING_FILES = ("fold", "letters", "affixes", "endings", "glued", "compounds", "inflected", "verbs")
TEXT_FIELDS = ("headline", "kicker", "lead", "body")
#: Filter of the query language → the field that has what it asks for.
FILTER_FIELDS = {
    "organisation": "organisation_path",
    "province": "province",
    "source": "source",
    "section": "section_key",
    "mentions": "mention_path",
}
#: ``order`` of an article: seconds of its publication, then bits of its id, so that nearly no two are equal
#: and pages of results never overlap. Undated ones come last.
_TIE_BITS = 28
_LAST_SECOND = 2**33 - 1  # beyond the year 2200


@dataclass(frozen=True, slots=True)
class FoldedText:
    """The terms of a text, and where in it they stand: what is matched, and what is marked in results."""

    terms: list[str]
    places: list[int]  #: start and end of each term, in turn, in characters of the text

    def joined(self) -> str:
        """The terms with blanks between, for engines that cut a text at its blanks."""
        return " ".join(self.terms)


def fold_text(text: str | None) -> FoldedText:
    """The folded form of a text; of none, no terms."""
    terms = fold(text) if text else []
    return FoldedText([term.text for term in terms], [place for term in terms for place in term[1:]])


def spelt_terms(text: str | None, folded: FoldedText | None = None) -> list[str]:
    """The terms of a text with their endings, in one spelling: «شبکه های», «شبکه‌های» → «شبکههای»."""
    if not text:
        return []
    folded = folded or fold_text(text)
    plain, places = text.translate(FOLDING), folded.places
    if len(plain) != len(text):  # it has ligatures
        return [_spelt(text[start:end].translate(FOLDING)) for start, end in _pairs(places)]
    return [_spelt(plain[start:end]) for start, end in _pairs(places)]


def _spelt(word: str) -> str:
    return "".join(word.replace(ZWNJ, "").replace(TATWEEL, "").split())


def _pairs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Start and end of each term."""
    pairs = iter(places)
    return zip(pairs, pairs, strict=True)


@cache
def folding_version() -> str:
    """Changes when the rules of folding do: terms of an older index are then no longer those of queries.

    The rules are what stands in these files, word lists and all; to fill the index again after a change of a
    comment is cheaper than to miss one of a word.
    """
    package = resources.files("aggregator.persian")
    rules = b"".join((package / f"{name}.py").read_bytes() for name in FOLDING_FILES)
    return blake2b(rules, digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """What results show of an article: exact texts as published."""

    id: str
    url: str
    headline: str
    kicker: str | None
    lead: str | None
    body: str  #: paragraphs joined by one line break
    organisation: str | None
    province: str | None
    source: str
    date_published: str | None
    date_published_jalali: str | None
    deleted_at: str | None = None  #: instant at which its site was found to have taken it down


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """An article as every backend indexes it."""

    id: str
    revision: int
    texts: dict[str, FoldedText]  #: by ``TEXT_FIELDS``, all of them
    spelt: str  #: ``spelt_terms`` of all texts, with blanks between
    organisation: str | None
    organisation_path: tuple[str, ...]  #: the organisation and those it belongs to
    province: str | None
    source: str
    section: str | None  #: as published
    section_keys: tuple[str, ...]  #: ``section_key`` of the whole path and of each part
    mentions: tuple[str, ...]  #: ids of organisations, provinces and counties that the text names, each once
    mention_path: tuple[str, ...]  #: these and what they belong to; and ``speaker_keys`` of each who speaks
    day: date | None  #: of publication, in Tehran
    month: str | None  #: Jalali, ``1399-03``
    seconds: int | None  #: of publication, since 1970
    shown: Shown
    stored: StoredArticle  #: what all of this was made from


def to_document(stored: StoredArticle, registry: Registry) -> IndexDocument:
    """What to index of a stored article."""
    article = stored.article
    instant = article.published.instant if article.published else None
    organisation = stored.organisation
    mentions = tuple(dict.fromkeys(found.id for found in article.mentions if found.id))
    above = chain.from_iterable(map(registry.mention_path, mentions))
    speakers = (speaker_keys(found.text) for found in article.mentions if found.kind == "speaker")
    shown = _shown(article, stored)
    texts = {field: fold_text(getattr(shown, field)) for field in TEXT_FIELDS}
    return IndexDocument(
        id=article.id,
        revision=stored.revision,
        texts=texts,
        spelt=" ".join(
            term for field in TEXT_FIELDS for term in spelt_terms(getattr(shown, field), texts[field])
        ),
        organisation=organisation,
        organisation_path=registry.ancestors(organisation) if organisation else (),
        province=stored.province,
        source=article.source,
        section=article.section,
        section_keys=section_keys(article.section),
        mentions=mentions,
        mention_path=tuple(dict.fromkeys(chain(above, *speakers))),
        day=tehran_day(instant) if instant else None,
        month=jalali_month(instant) if instant else None,
        seconds=int(instant.timestamp()) if instant else None,
        shown=shown,
        stored=stored,
    )


def order_key(seconds: int | None, article_id: str) -> int:
    """What articles are sorted by, highest first; fits into 63 bits."""
    tie = int.from_bytes(blake2b(article_id.encode(), digest_size=4).digest()) >> (32 - _TIE_BITS)
    first = -_LAST_SECOND - 1 if seconds is None else max(-_LAST_SECOND, min(seconds, _LAST_SECOND))
    return (first << _TIE_BITS) | tie


def section_key(section: str) -> str:
    """What two spellings of one section have in common; never empty for a section that is not."""
    return fold_key(section) or section


def section_keys(section: str | None) -> tuple[str, ...]:
    """The keys that find a section: of its whole path and of each part («اخبار > استان‌ها»)."""
    if not section:
        return ()
    parts = (section, *section.split(SECTION_SEPARATOR))
    return tuple(dict.fromkeys(section_key(part) for part in parts if part.strip()))


def speaker_keys(name: str) -> tuple[str, ...]:
    """The keys that find one who speaks: of the whole name, and of its end («نیک‌سرشت» of «علی نیک‌سرشت»)."""
    words = name.split()
    return tuple(dict.fromkeys(speaker_key(" ".join(words[first:])) for first in range(len(words))))


def _shown(article: Article, stored: StoredArticle) -> Shown:
    published = article.published
    return Shown(
        id=article.id,
        url=article.url,
        headline=article.headline,
        kicker=article.kicker,
        lead=article.lead,
        body="\n".join(article.body),
        organisation=stored.organisation,
        province=stored.province,
        source=article.source,
        date_published=published.iso() if published else None,
        date_published_jalali=jalali_date(tehran_day(published.instant)) if published else None,
        deleted_at=iso_or_none(stored.deleted_at),
    )
