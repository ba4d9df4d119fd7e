"""Articles written for these tests, and an empty index of every backend to put them in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from aggregator.index.document import to_document
from aggregator.index.elastic import mapping
from aggregator.index.elastic.analysis import analysis
from aggregator.index.elastic.client import Access
from aggregator.index.elastic.index import ElasticIndex
from aggregator.index.local import LocalIndex
from aggregator.index.protocol import SearchIndex
from aggregator.model import (
    Article,
    DateReading,
    Mention,
    Organisation,
    Province,
    Source,
    StoredArticle,
)
from aggregator.registry import Registry
from aggregator.search import search
from aggregator.search.results import SearchRequest, SearchResult
from tests.index.proxy import Proxy

BACKENDS = ("local", "elastic")  # what holds for one has to hold for all

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def make_article(
    number: int = 1,
    headline: str = "خبر",
    *,
    kicker: str | None = None,
    lead: str | None = None,
    body: str = "",
    at: datetime | None = None,
    precision: str = "minute",
    organisation: str | None = None,
    province: str | None = None,
    source: str = "site",
    section: str | None = None,
    mentions: Sequence[Mention] = (),
    revision: int = 1,
) -> StoredArticle:
    """A stored article; ``body`` has a paragraph a line."""
    url = f"https://example.ir/news/{number}"
    published = at and DateReading("raw", at, precision, "jalali", "visible")  # type: ignore[arg-type]
    made = Article(
        id=f"{number:020x}",
        url=url,
        canonical_url=url,
        source=source,
        headline=headline,
        kicker=kicker,
        lead=lead,
        body=tuple(body.split("\n")) if body else (),
        section=section,
        published=published,
        mentions=tuple(mentions),
    )
    return StoredArticle(made, organisation, province, NOW, NOW, revision)


def names(*ids: str) -> tuple[Mention, ...]:
    """Mentions of these."""
    return tuple(Mention("organisation", "نام", 0, 3, id=key, field="body") for key in ids)


def speaks(name: str) -> Mention:
    """The mention of one who speaks."""
    return Mention("speaker", name, 0, len(name), role="دبیر شورا", field="body")


def sample_registry() -> Registry:
    """A ministry with two provincial offices, another ministry, three provinces with their counties."""
    organisations = (
        Organisation(
            "mcls",
            "وزارت تعاون، کار و رفاه اجتماعی",
            "Ministry of Cooperatives, Labour and Social Welfare",
            "ministry",
            aliases=("وزارت تعاون کار",),
        ),
        Organisation("mcls-alborz", "اداره کل تعاون البرز", "", "provincial_office", "mcls", "alborz"),
        Organisation("mcls-qom", "اداره کل تعاون قم", "", "provincial_office", "mcls", "qom"),
        Organisation("energy", "وزارت نیرو", "Ministry of Energy", "ministry"),
    )
    provinces = (
        Province("alborz", "البرز", "Alborz", "IR-30", "کرج"),
        Province("qom", "قم", "Qom", "IR-25", "قم"),
        Province("tehran", "تهران", "Tehran", "IR-23", "تهران"),
    )
    sources = (
        Source("mcls-alborz", "mcls-alborz", "https://alborz.mcls.gov.ir/"),
        Source("energy", "energy", "https://moe.gov.ir/"),
    )
    return Registry(
        MappingProxyType({one.id: one for one in organisations}),
        MappingProxyType({one.id: one for one in provinces}),
        MappingProxyType({one.id: one for one in sources}),
    )


#: Like the item that this software began with: half-spaces as blanks, the ministry's name glued together.
WORKSHOP = make_article(
    1,
    "برگزاری کارگاه کاربرد شبکه های اجتماعی در اداره کل تعاون،کارورفاه استان البرز",
    kicker="آموزش شبکه های اجتماعی",
    lead="کارگاه شبکه های اجتماعی از سوی مرکزروابط عمومی وزارت تعاون،کار ورفاه اجتماعی برگزار شد.",
    body="دبیر شورا گفت : اگر روابط عمومیها ابزارهای نوین را بشناسند، عقب نمیشوند.\n"
    "وزارت تعاون کار از فضای مجازی برای اطلاع رسانی استفاده می کند.",
    at=datetime(2020, 6, 9, 4, 31, tzinfo=UTC),
    organisation="mcls-alborz",
    province="alborz",
    source="mcls-alborz",
    section="اخبار > استان‌ها",
)


@pytest.fixture(scope="session")
def article() -> Callable[..., StoredArticle]:
    """Makes a stored article: ``article(number, headline, body=…, …)``."""
    return make_article


@pytest.fixture(scope="session")
def workshop() -> StoredArticle:
    """An article with all that is tricky."""
    return WORKSHOP


@pytest.fixture(scope="session")
def registry() -> Registry:
    return sample_registry()


@pytest.fixture(params=BACKENDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    """An index that does not exist yet."""
    if request.param == "local":
        yield LocalIndex(tmp_path / "index")
    else:
        yield request.getfixturevalue("elastic")


def small_analysis() -> dict[str, object]:
    """Without the analyzers of other programs' queries, with which it takes a second to make an index."""
    ours = analysis()["analyzer"]["terms"]
    analyzers = {name: ours if name == "terms" else {"type": "standard"} for name in analysis()["analyzer"]}
    return {"tokenizer": analysis()["tokenizer"], "analyzer": analyzers}


def make_quickly(patched: pytest.MonkeyPatch) -> None:
    """Indices with that; what they say they are made by is what it would be, here and in other processes."""
    mapping.made_by()
    patched.setattr(mapping, "analysis", small_analysis)


@pytest.fixture
def elastic(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ElasticIndex]:
    """An index in Elasticsearch that does not exist yet."""
    make_quickly(monkeypatch)
    name = f"test-{uuid4().hex}"
    made = ElasticIndex(Access((elasticsearch_url,), name))
    yield made
    with Elasticsearch(elasticsearch_url) as client:
        for index in client.indices.get_alias(index=f"{name}-*"):
            client.indices.delete(index=index)
    made.close()


@pytest.fixture(scope="session")
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """To look at Elasticsearch without us."""
    with Elasticsearch(elasticsearch_url) as opened:
        yield opened


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    """Before Elasticsearch, to misbehave."""
    with Proxy(elasticsearch_url) as opened:
        yield opened


@pytest.fixture
def put(index: SearchIndex, registry: Registry) -> Callable[[Iterable[StoredArticle]], None]:
    """Puts articles into the index."""

    def put(articles: Iterable[StoredArticle]) -> None:
        with index.writing() as writer:
            writer.add([to_document(article, registry) for article in articles])

    return put


@pytest.fixture
def find(index: SearchIndex, registry: Registry) -> Callable[..., SearchResult]:
    """Searches the index: ``find(query, match="any", …)``."""

    def find(query: str = "", **asked: object) -> SearchResult:
        return search(SearchRequest(query=query, **asked), index, registry)  # type: ignore[arg-type]

    return find


@pytest.fixture
def numbers(find: Callable[..., SearchResult]) -> Callable[..., list[int]]:
    """The numbers of the articles found, in order."""

    def numbers(query: str = "", **asked: object) -> list[int]:
        return [int(hit.id, 16) for hit in find(query, **asked).hits]

    return numbers
