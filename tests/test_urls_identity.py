"""One article under many addresses is one article; different articles never are. Properties."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.platforms import PLATFORMS, by_name
from aggregator.platforms.base import Platform
from aggregator.urls import article_id, canonical_url, clean_url

#: An article's path and query in each family that tells its articles by a number.
SHAPES = {
    "nastooh": "/news/{id}/{slug}",
    "iransamaneh": "/fa/news/{id}/{slug}",
    "saman": "/news/{id}-{slug}.html?t=اخبار",
    "highportal": "/index.jsp?siteid=1&fkeyid=&siteid=1&pageid={other}&newsview={id}",
    "sarir": "/detail/{id}",
    "sampa": "/fa/newsagency/{id}/{slug}",
    "dorsa": "/index.aspx?page_=dorsaetoolsenews&lang=1&sub=0&PageID={id}&PageIDF={other}&BlockName={slug}",
    "kentico": "/Detail.aspx?x={other}&ANWID={id}",
    "studiokhabar": "/news/{id}/{slug}",
    "aasaam": "/بخش-{slug}-3/{id}-{slug}",
    "wordpress": "/{id}/{slug}/",
    "mehr-aspx-2011": "/fa/NewsPrint.aspx?NewsID={id}",
}
#: Further addresses of the same article, which nothing but the platform can know to be one.
COPIES = {
    "nastooh": ("/news/{id}", "/photo/{id}/{slug}", "/amp/{id}/", "/news/{id}/{slug}?ts=1"),
    "iransamaneh": ("/fa/news/{id}", "/fa/amp/news/{id}", "/fa/photo/{id}/{slug}"),
    "aasaam": ("/fa/tiny/news-{id}",),
}

numbers = st.integers(1000, 10**8)
slugs = st.text(alphabet=string.ascii_lowercase + "آبپتثجچحخدذرزس\u200c", min_size=1, max_size=12)
sites = st.sampled_from(("http://a.ir", "https://a.ir", "http://www.a.ir", "https://www.a.ir", "https://m.a.ir",
                         "https://mobile.a.ir", "http://a.ir:80", "HTTPS://WWW.A.IR"))  # fmt: skip
sessions = st.sampled_from(("", ";jsessionid=0A1B.node1", "%3Bjsessionid=7"))
noise = st.lists(
    st.sampled_from(("utm_source=rss", "utm_medium=x", "fbclid=1", "gclid=2", "PHPSESSID=ab12", "_ga=3",
                     "sessionid=0a1b2c3d4e5f60718293", "jsessionid=A9")), max_size=3)  # fmt: skip
shows = st.sampled_from(("", "mobile=1", "amp=1", "amp", "print=1", "outputType=amp", "view=mobile"))
fragments = st.sampled_from(("", "#top", "#comments"))


def address(site: str, place: str, parameters: list[str], fragment: str = "", session: str = "") -> str:
    path, _, query = place.partition("?")
    wanted = "&".join(part for part in [query, *parameters] if part)
    return f"{site}{path}{session}{'?' if wanted else ''}{wanted}{fragment}"


def identity(url: str, platform: Platform | None, declared: str | None = None) -> str:
    return article_id(canonical_url(url, platform, declared))


@pytest.mark.parametrize("family", SHAPES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_one_article_of_a_family_is_one(family: str, data: st.DataObject) -> None:
    """Whatever the slug, the other numbers, the session, the tracking, the scheme, the host's edition."""
    known, number = by_name(family), data.draw(numbers)
    plain = SHAPES[family].format(id=number, slug="x", other=1)
    place = data.draw(st.sampled_from((SHAPES[family], *COPIES.get(family, ()))))
    place = place.format(id=number, slug=data.draw(slugs), other=data.draw(numbers))
    parameters = [*data.draw(noise), data.draw(shows)]
    url = address(data.draw(sites), place, parameters, data.draw(fragments), data.draw(sessions))
    assert identity(url, known) == identity("https://a.ir" + plain, known), url


@pytest.mark.parametrize("family", SHAPES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_different_numbers_never_merge(family: str, data: st.DataObject) -> None:
    known = by_name(family)
    one, other = data.draw(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]))
    slug, page = data.draw(slugs), data.draw(numbers)
    urls = [
        address(data.draw(sites), SHAPES[family].format(id=number, slug=slug, other=page), data.draw(noise))
        for number in (one, other)
    ]
    assert identity(urls[0], known) != identity(urls[1], known), urls


@settings(deadline=None)
@given(
    sites,
    st.sampled_from(
        ("/news/{id}", "/show.asp?id={id}", "/a/{slug}-{slug}-x", "/{id}/{slug}/", "/v?cid={id}")
    ),
    numbers,
    slugs,
    noise,
    shows,
    fragments,
)
def test_one_article_of_an_unknown_system(
    site: str, shape: str, number: int, slug: str, tracking: list[str], show: str, fragment: str
) -> None:
    place = shape.format(id=number, slug=slug)
    url = address(site, place, [*tracking, show], fragment)
    assert identity(url, None) == identity("http://a.ir" + place, None), url


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(("amp", "fa", "news", "12", "x", "m", "mobile", "AMP")), max_size=6),
    st.lists(
        st.sampled_from(("amp=1", "mobile=1", "id=5", "print=1", "utm_source=1", "amp", "a")), max_size=4
    ),
    st.sampled_from([None, *PLATFORMS.values()]),
    st.booleans(),
)
def test_canonical_is_its_own_canonical(
    parts: list[str], query: list[str], platform: Platform | None, slash: bool
) -> None:
    url = clean_url(f"http://m.a.ir/{'/'.join(parts)}{'/' if slash else ''}?{'&'.join(query)}")
    assert url is not None
    canonical = canonical_url(url, platform)
    assert canonical_url(canonical, platform) == canonical
    assert clean_url(canonical) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.ir/news/12", "http://a.ir/news/13"),
        ("http://a.ir/view?id=1&mobile=12", "http://a.ir/view?id=1&mobile=13"),  # a number, not a switch
        ("http://a.ir/view?print=12", "http://a.ir/view?print=13"),
        ("http://a.ir/view?view=article&id=1", "http://a.ir/view?view=article&id=2"),
        ("http://a.ir/view?layout=list&id=1", "http://a.ir/view?layout=grid&id=1"),
        ("http://m.gov.ir/news/12", "http://gov.ir/news/12"),
        ("http://m.co.ir:81/news/12", "http://co.ir:81/news/12"),
        ("http://news.a.ir/12345", "http://a.ir/12345"),
        ("http://mcls.a.ir/12345", "http://cls.a.ir/12345"),
        ("http://a.ir/m/12345", "http://a.ir/12345"),  # may be a section
        ("http://a.ir/mobile/a-slug-of-it", "http://a.ir/a-slug-of-it"),  # telephones are a subject
        ("http://a.ir/example/12345", "http://a.ir/12345"),
        ("http://a.ir/news/lamp", "http://a.ir/news/l"),
        ("http://a.ir/amp", "http://a.ir/"),
        ("http://a.ir:8080/news/12", "http://a.ir:8081/news/12"),
        ("http://a.ir/s/1x", "http://a.ir/s/2x"),
        ("http://a.ir/s/aB", "http://a.ir/s/Ab"),  # short links tell capitals apart
    ],
)
def test_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    assert identity(one, None) != identity(other, None)


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("https://m.a.ir/news/6017630", "https://www.a.ir/news/6017630/slug"),
        ("https://amp.a.ir/economy/بودجه-سال-آینده", "https://a.ir/economy/بودجه-سال-آینده"),
        ("https://www.a.ir/s/aB3", "https://www.a.ir/report/6017630/slug"),
    ],
)
def test_a_copy_that_names_the_article_is_that_article(url: str, declared: str) -> None:
    assert identity(url, None, declared) == identity(declared, None)


def test_the_mobile_copy_of_another_site_names_nothing() -> None:
    assert identity("https://m.a.ir/news/12", None, "https://b.ir/news/12") == identity(
        "https://a.ir/news/12", None
    )
