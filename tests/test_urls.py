"""Addresses: cleaning, identity, and what may never be merged."""

import re
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.platforms import by_name
from aggregator.platforms.base import Layout, Platform
from aggregator.urls import (
    article_id,
    article_match,
    canonical_url,
    clean_url,
    host_of,
    path_and_query,
    same_site,
    site_root,
)

BASE = "http://news.example.ir/fa/list?page=2"


def platform(article_url: str, canonical: str | None) -> Platform:
    return Platform(
        name="sample",
        title="Sample",
        fingerprints=(),
        layouts=(Layout(headline=("h1",), body=("article",)),),
        article_url=re.compile(article_url),
        canonical=canonical,
    )


NUMBERED = platform(r"(?i)/(?:amp/)?(?:news|photo|amp)/(?P<id>\d+)", "/news/{id}")
BY_QUERY = platform(r"(?i)/index\.jsp\?(?:.*&)?newsview=(?P<id>\d+)", "/index.jsp?newsview={id}")
BY_PAGE_ID = platform(
    r"(?i)/index\.aspx\?(?=.*page_=(?P<tool>\w+))(?:.*&)?pageid=(?P<id>\d+)",
    "/index.aspx?page_={tool}&PageID={id}",
)
PERSIAN_PATH = platform(r"/بخش-[^/]+/(?P<id>\d+)", "/fa/tiny/news-{id}")


# --- cleaning -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("HTTP://WWW.Example.IR:80/News/12", "http://www.example.ir/News/12"),
        ("https://example.ir:443", "https://example.ir/"),
        ("http://example.ir:8080/a", "http://example.ir:8080/a"),
        ("http://example.ir./a", "http://example.ir/a"),
        ("http://user:secret@example.ir/a", "http://example.ir/a"),
        ("//cdn.example.ir/a", "http://cdn.example.ir/a"),
        ("?page=3", "http://news.example.ir/fa/list?page=3"),
        ("../news/./12", "http://news.example.ir/news/12"),
        ("/a/../../news/12", "http://news.example.ir/news/12"),
        ("NewsPrint.aspx?NewsID=12 ", "http://news.example.ir/fa/NewsPrint.aspx?NewsID=12"),
        ("\n\t /news/12\u200f\ufeff \u00a0", "http://news.example.ir/news/12"),
        ("http://example.ir/ne\nws/12", "http://example.ir/news/12"),
        ("\\news\\12?a=\\", "http://news.example.ir/news/12?a=%5C"),
        ("http:\\\\example.ir\\news", "http://example.ir/news"),
        ("http:///example.ir/news", "http://example.ir/news"),
        ("www.example.ir/news/12", "http://www.example.ir/news/12"),
        ("/news/12#", "http://news.example.ir/news/12"),
        ("/news/12#comments", "http://news.example.ir/news/12"),
        ("/news/12?", "http://news.example.ir/news/12"),
        ("/news/a b", "http://news.example.ir/news/a%20b"),
        ("/news/%7eab%c3%28", "http://news.example.ir/news/~ab%C3%28"),
        ("/news/100%/x", "http://news.example.ir/news/100%25/x"),
        ("/news/خانه‌ها", "http://news.example.ir/news/%D8%AE%D8%A7%D9%86%D9%87%E2%80%8C%D9%87%D8%A7"),
        ("/news/خبر\u00a0روز", "http://news.example.ir/news/%D8%AE%D8%A8%D8%B1%C2%A0%D8%B1%D9%88%D8%B2"),
        ("/x?t=اخبار", "http://news.example.ir/x?t=%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1"),
        ("http://وزارت.ir/", "http://xn--mgbguc3i.ir/"),
        ("http://[::1]:80/a", "http://[::1]/a"),
    ],
)
def test_cleans(url: str, cleaned: str) -> None:
    assert clean_url(url, BASE) == cleaned


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("utm_source=x&id=5&UTM_Medium=y&gclid=1&fbclid=2&_ga=3", "id=5"),
        ("siteid=1&fkeyid=&siteid=1&pageid=7&newsview=9", "siteid=1&fkeyid=&siteid=1&pageid=7&newsview=9"),
        ("sid=5&cid=6&PageID=7&newsid=8&session=12", "sid=5&cid=6&PageID=7&newsid=8&session=12"),
        ("b=2&a=1&b=2", "b=2&a=1&b=2"),
        ("jsessionid=A1&id=5", "id=5"),
        ("PHPSESSID=abc&id=5", "id=5"),
        ("ASPSESSIONIDQADRBTCA=KLM&id=5", "id=5"),
        ("sessionid=0a1b2c3d4e5f60718293&id=5", "id=5"),
        ("sessionid=14&id=5", "sessionid=14&id=5"),
        ("id=5&sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9", "id=5"),
        ("a=1&amp;b=2&&c=3&", "a=1&b=2&c=3"),
        ("a", "a"),
        ("copy=1&reg=2&lang=3", "copy=1&reg=2&lang=3"),
    ],
)
def test_drops_only_what_is_known_not_to_identify(query: str, kept: str) -> None:
    assert clean_url(f"/index.jsp?{query}", BASE) == f"http://news.example.ir/index.jsp?{kept}"


@pytest.mark.parametrize(
    "path",
    [
        "/news/12;jsessionid=0A1B",
        "/news;jsessionid=0A1B.node1/12",
        "/news/12%3BJSESSIONID=0A1B",
        "/(S(lit3py55t21z5v55vlm25s55))/news/12",
    ],
)
def test_drops_session_ids_in_the_path(path: str) -> None:
    assert clean_url(path, BASE) == "http://news.example.ir/news/12"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:void(0)",
        "JavaScript:__doPostBack('a','')",
        "mailto:a@example.ir",
        "tel:+9821",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.ir/a",
        "about:blank",
        "http://",
        "http://example.ir:99999/",
        "http://[::1/",
        "http://exa mple.ir/",
        "http://a..b/",
        "http://example.ir/" + "a" * 9000,
    ],
)
def test_what_is_no_page_has_no_address(url: str) -> None:
    assert clean_url(url, BASE) is None


def test_a_relative_address_without_base_is_none() -> None:
    assert clean_url("/news/12") is None
    assert clean_url("#top") is None


_ADDRESSES = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="/.%;?&=#\\:()S@ ampjsessionid12ب\u200c\u00a0", max_size=60),
    st.text(alphabet="/.%;?&=#\\:()S@ ampjsessionid12ب\u200c\u00a0", max_size=40).map("http://h.ir/".__add__),
)


@settings(deadline=None)
@given(_ADDRESSES)
@example("http://h.ir/%%41")
@example("http://h.ir/?&amp;amp;a&%61mp;b")
@example("http://h.ir/;jses;jsessionid=1sionid=2")
@example("http://h.ir/.;jsessionid=1/..")
@example("http://h.ir//")
@example("//[")
def test_never_raises_and_is_idempotent(url: str) -> None:
    cleaned = clean_url(url, BASE)
    assert cleaned is None or (cleaned.isascii() and clean_url(cleaned) == cleaned)


_NAMES = st.text(alphabet=string.ascii_letters, min_size=1, max_size=12).filter(
    lambda name: (
        not re.match(
            r"(?i)gcl|fb|dclid|[gw]braid|gad|msclkid|ys?clid|t[wt]clid|igsh|zenid|cft|osc|php|asps|jses|amp",
            name,
        )
    )
)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(_NAMES, st.text(alphabet=string.ascii_letters + string.digits, max_size=8)), max_size=6
    )
)
def test_unknown_parameters_stay_in_order(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs)
    cleaned = clean_url(f"http://h.ir/a?utm_source=x&{query}&gclid=1#f")
    assert cleaned == "http://h.ir/a" + (f"?{query}" if query else "")


@settings(deadline=None)
@given(st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)).filter(lambda ids: ids[0] != ids[1]))
def test_different_numbers_are_different_articles(ids: tuple[int, int]) -> None:
    for shape, known in [
        ("http://h.ir/news/{}/slug", NUMBERED),
        ("http://h.ir/index.jsp?siteid=1&siteid=1&pageid=5&newsview={}", BY_QUERY),
        ("http://h.ir/Index.aspx?page_=enews&PageID={}&PageIDF=0", BY_PAGE_ID),
        ("http://h.ir/view.php?cid={}", None),
        ("http://h.ir/view.php?sid={}", None),
        ("http://h.ir/{}/", None),
    ]:
        one, other = (article_id(canonical_url(shape.format(number), known)) for number in ids)
        assert one != other, shape


# --- identity -----------------------------------------------------------------------------------------------


def ids(known: Platform | None, *urls: str) -> set[str]:
    return {article_id(canonical_url(url, known)) for url in urls}


def test_one_article_under_many_addresses() -> None:
    same = ids(
        NUMBERED,
        "http://example.ir/news/12",
        "https://www.example.ir/news/12/",
        "https://www.example.ir/news/12/سلام‌خوب",
        "https://example.ir/news/12/other-slug?utm_source=rss#top",
        "https://example.ir/amp/12/",
        "https://example.ir/photo/12/slug;jsessionid=7",
    )
    assert len(same) == 1
    assert same.isdisjoint(ids(NUMBERED, "http://example.ir/news/13", "http://other.ir/news/12"))
    assert same.isdisjoint(ids(NUMBERED, "http://example.ir:8080/news/12"))


def test_parameters_that_name_only_the_column_do_not_count() -> None:
    assert (
        len(
            ids(
                BY_QUERY,
                "/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=55373&newsview=174487".join(["http://e.ir", ""]),
                "http://e.ir/index.jsp?siteid=1&pageid=54782&newsview=174487",
            )
        )
        == 1
    )


def test_case_of_path_and_parameters() -> None:
    assert (
        len(
            ids(
                BY_PAGE_ID,
                "http://e.ir/index.aspx?page_=enews&lang=1&PageID=77&PageIDF=0&BlockName=a ",
                "http://e.ir/Index.aspx?page_=enews&pageid=77&BlockName=b",
            )
        )
        == 1
    )
    # PageIDF is another parameter
    assert article_match("http://e.ir/Index.aspx?page_=enews&PageIdF=77", BY_PAGE_ID) is None


def test_patterns_may_hold_persian() -> None:
    url = clean_url("http://e.ir/بخش-اقتصاد-3/512-خبر‌ها")
    assert url is not None
    assert path_and_query(url) == "/بخش-اقتصاد-3/512-خبر‌ها"
    assert canonical_url(url, PERSIAN_PATH) == "http://e.ir/fa/tiny/news-512"


def test_bytes_that_are_no_utf8_stay_encoded() -> None:
    assert path_and_query("http://e.ir/%C7%E4") == "/%C7%E4"


def test_id_is_twenty_hexadecimal_characters() -> None:
    assert re.fullmatch(r"[0-9a-f]{20}", article_id("http://example.ir/news/12"))
    assert article_id("http://example.ir/12/") == article_id("https://www.example.ir/12")


def test_a_foreign_address_gets_no_platform_identity() -> None:
    assert canonical_url("http://e.ir/about?utm_source=1", NUMBERED) == "http://e.ir/about"


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("http://e.ir/?p=812", "https://www.e.ir/812/slug-of-it/"),
        ("http://e.ir/?p=812", "/slug-of-the-story/"),
        ("http://e.ir/x349jN", "http://e.ir/report/6017630/slug"),
        ("http://e.ir/report/6017630/slug", "http://e.ir/report/6017630"),
        ("http://e.ir/report/6017630/slug?from=home", "http://e.ir/report/6017630/slug"),
        ("http://e.ir/economy/بودجه-سال-آینده/amp", "http://e.ir/economy/بودجه-سال-آینده"),
        ("http://e.ir/economy/بودجه-سال-آینده?amp=1", "http://e.ir/economy/بودجه-سال-آینده"),
        ("http://e.ir/view?newsid=812&tabid=57", "http://e.ir/view?newsid=812&tabid=56"),
    ],
)
def test_rel_canonical_of_the_same_article_is_believed(url: str, declared: str) -> None:
    assert canonical_url(url, None, declared) == clean_url(declared, url)


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("http://e.ir/report/6017630", "http://e.ir/"),
        ("http://e.ir/report/6017630", "http://e.ir"),
        ("http://e.ir/report/6017630", "http://e.ir/fa/"),
        ("http://e.ir/report/6017630", "http://e.ir/index.php"),
        ("http://e.ir/report/6017630", "http://other.ir/report/6017630"),
        ("http://e.ir/report/6017630", "http://e.ir/report"),
        ("http://e.ir/report/6017630", "http://e.ir/report/6017631"),
        ("http://e.ir/report/6017630", "http://e.ir/latest-news"),
        ("http://e.ir/report/6017630", "javascript:void(0)"),
        ("http://e.ir/service/123/45678-slug", "http://e.ir/service/123"),
        ("http://e.ir/1399/03/20/slug-a", "http://e.ir/1399/03/20"),
        ("http://e.ir/news/the-slug-of-it", "http://e.ir/news"),
        ("http://e.ir/view.php?newsid=55", "http://e.ir/view.php"),
        ("http://e.ir/view.php?newsid=55", "http://e.ir/view.php?newsid=56"),
        ("http://e.ir/view?cid=1&sid=22", "http://e.ir/view?cid=1"),
        ("http://e.ir/view?newsid=812&tabid=57", "http://e.ir/view?newsid=813&tabid=57"),
    ],
)
def test_rel_canonical_that_would_merge_articles_is_not(url: str, declared: str) -> None:
    assert canonical_url(url, None, declared) == url


def test_where_a_link_stood_is_not_which_article_it_is() -> None:
    assert canonical_url("http://e.ir/n/4pqc8?ref=home", None) == "http://e.ir/n/4pqc8"
    assert canonical_url("http://e.ir/view?ref=812", None) == "http://e.ir/view?ref=812"


def test_the_platform_outranks_rel_canonical_and_reads_it_for_short_links() -> None:
    assert canonical_url("http://e.ir/news/12/slug", NUMBERED, "http://e.ir/news/99") == "http://e.ir/news/12"
    assert canonical_url("http://e.ir/x3jN", NUMBERED, "http://e.ir/news/99/slug") == "http://e.ir/news/99"


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_canonical_never_raises(url: str, declared: str) -> None:
    canonical = canonical_url("http://e.ir/" + url, NUMBERED, declared)
    assert article_id(canonical) == article_id(canonical_url(canonical, NUMBERED))


# --- the platforms' identities ------------------------------------------------------------------------------

ONE_ARTICLE = {
    "nastooh": (
        "/news/123456",
        "/news/123456/",
        "/news/123456/خبر‌ها",
        "/photo/123456/x?ts=1",
        "/amp/123456/",
    ),
    "iransamaneh": (
        "/fa/news/818316",
        "/fa/news/818316/خبر-تازه",
        "/fa/amp/news/818316",
        "/fa/photo/818316/x",
    ),
    "saman": ("/news/766453-quot.html?t=اخبار", "/news/766453-عنوان-دیگر.html"),
    "highportal": (
        "/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=55373&newsview=174487",
        "/index.jsp?siteid=1&pageid=54782&newsview=174487",
    ),
    "dorsa": (
        "/index.aspx?page_=dorsaetoolsenews&lang=1&sub=0&PageID=1234&PageIDF=0&BlockName=a ",
        "/Index.aspx?page_=dorsaetoolsenews&lang=1&sub=0&PageId=1234&PageIdF=7&BlockName=b",
    ),
    "sampa": ("/fa/newsagency/281234", "/fa/newsagency/281234/%D8%AE%D8%A8%D8%B1"),
    "sarir": ("/detail/3012", "/detail/3012/"),
    "aasaam": ("/بخش-اقتصاد-3/512-خبر", "/fa/tiny/news-512", "/بخش-کار-9/512-عنوان-دیگر"),
    "studiokhabar": ("/report/855320", "/report/855320/slug"),
    "wordpress": ("/8123/slug/", "/8123", "/8123/other-slug"),
}


@pytest.mark.parametrize(("name", "paths"), ONE_ARTICLE.items())
def test_one_article_of_a_family(name: str, paths: tuple[str, ...]) -> None:
    known = by_name(name)
    assert known
    roots = ("http://e.ir", "https://www.e.ir")
    same = ids(known, *(f"{root}{path}{end}" for root in roots for path in paths for end in ("", "#top")))
    assert len(same) == 1
    other = [re.sub(r"\d{3,}", lambda number: str(int(number[0]) + 1), path) for path in paths]
    assert same.isdisjoint(ids(known, *(f"http://e.ir{path}" for path in other)))


def test_a_year_in_a_wordpress_address_is_no_id() -> None:
    assert (
        len(ids(by_name("wordpress"), "http://e.ir/1399/03/20/slug-a/", "http://e.ir/1399/03/20/slug-b/"))
        == 2
    )


# --- sites --------------------------------------------------------------------------------------------------


def test_same_site() -> None:
    assert same_site("http://www.e.ir/a", "https://e.ir/b?c")
    assert not same_site("http://e.ir/", "http://news.e.ir/")
    assert not same_site("http://e.ir:8001/", "http://e.ir:8002/")
    assert not same_site("", "")


def test_host_of_is_what_one_site_is_called() -> None:
    assert host_of("https://WWW.e.ir:443/a") == "e.ir"
    assert host_of("http://127.0.0.1:8001/") == "127.0.0.1:8001"


def test_site_root() -> None:
    assert site_root("https://www.e.ir:8443/a/b?c#d") == "https://www.e.ir:8443/"
    with pytest.raises(ValueError, match="host"):
        site_root("mailto:a@b")
