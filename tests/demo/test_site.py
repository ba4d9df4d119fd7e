"""What a site answers: every family with synthetic stories, and the bundled sites."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree
import lxml.html
import pytest

from aggregator.demo.families import FAMILIES
from aggregator.demo.server import Portal
from aggregator.demo.site import DeadEnd, Site
from aggregator.demo.synthetic import synthetic_articles

MakeSite = Callable[..., Site]

each_family = pytest.mark.parametrize("family", FAMILIES)
RSS_FIELDS = {"title", "link", "pubDate"}


def page(site: Site, address: str) -> lxml.html.HtmlElement:
    answer = site.respond(address)
    assert answer.status == 200, address
    return lxml.html.fromstring(answer.body.decode(site.charset))


def links(site: Site, address: str) -> set[str]:
    """The links of a page as path and query, decoded."""
    found = page(site, address).xpath("//a/@href")
    absolute = [urlsplit(urljoin(site.base_url + address, href.strip())) for href in found]
    own = [url for url in absolute if url.netloc == urlsplit(site.base_url).netloc]
    return {unquote(url.path + (f"?{url.query}" if url.query else "")) for url in own}


@each_family
def test_article_pages_hold_the_story(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    for item in site.items:
        text = re.sub(r"\s+", " ", page(site, item.href).text_content())
        for part in (item.story.headline, item.story.lead or "", *item.story.paragraphs[:1]):
            assert part in text
        assert "None" not in text


@each_family
def test_walking_the_pages_of_the_archive_finds_every_story(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    expected = {item.address for item in site.items}
    found: set[str] = set()
    waiting, seen = {site.family.archive}, set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        here = links(site, address)
        found |= here & expected
        pages = {link for link in here if site.family.page_number.search(link) and link not in expected}
        waiting |= pages - seen
    assert found == expected


@each_family
def test_the_front_page_leads_to_the_archive_and_to_the_newest(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    here = links(site, "/")
    assert any(site.family.archive.casefold() == link.casefold() for link in here)
    assert {item.address for item in site.items[:5]} <= here


@each_family
def test_a_page_beyond_the_last_lists_nothing(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    address = site.family.page.format(archive=site.family.archive, page=40)
    in_widgets = 3
    assert len({item.address for item in site.items} & links(site, address)) <= in_widgets


@each_family
def test_unknown_addresses_are_not_found(family: str, synthetic_site: MakeSite) -> None:
    assert synthetic_site(family).respond("/no/such/page/at/all.html").status == 404


@each_family
def test_list_links_to_a_page_that_robots_txt_forbids(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    robots = site.respond("/robots.txt").body.decode()
    assert f"Disallow: {site.forbidden}\n" in robots
    number = re.compile(r"99\d{5}|پیش.نویس")
    for address in ("/", site.family.archive):
        drafts = [link for link in links(site, address) if number.search(link)]
        assert drafts
        assert all(link.startswith(unquote(site.forbidden)) for link in drafts)


@pytest.mark.parametrize("family", [name for name, family in FAMILIES.items() if family.feed])
def test_feeds_hold_the_newest_twenty(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    feed = lxml.etree.fromstring(site.respond(site.family.feed or "").body)
    items = feed.findall("channel/item")
    assert [item.findtext("title") for item in items] == [item.story.headline for item in site.items[:20]]
    assert all({field.tag for field in item} >= RSS_FIELDS for item in items)


def test_feeds_of_iransamaneh_have_no_guid_and_no_weekday(synthetic_site: MakeSite) -> None:
    feed = synthetic_site("iransamaneh").respond("/fa/rss/allnews").body.decode()
    assert "<guid" not in feed
    assert re.search(r"<pubDate>\d\d? [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d \+0[34]30</pubDate>", feed)


@pytest.mark.parametrize("family", ["nastooh", "aasaam", "websamaneh"])
def test_sitemaps_hold_every_story_with_its_last_change(family: str, synthetic_site: MakeSite) -> None:
    site = synthetic_site(family)
    tree = lxml.etree.fromstring(site.respond(site.family.sitemap or "").body)
    assert tree.xpath("//*[local-name()='loc']/text()") == [
        site.absolute(item.address) for item in site.items
    ]
    assert len(tree.xpath("//*[local-name()='lastmod']")) == len(site.items)


def test_wordpress_has_a_sitemap_of_sitemaps(synthetic_site: MakeSite) -> None:
    site = synthetic_site("wordpress")
    tree = lxml.etree.fromstring(site.respond("/wp-sitemap.xml").body)
    (child,) = tree.xpath("//*[local-name()='loc']/text()")
    assert site.respond(urlsplit(child).path).body.count(b"<loc>") == len(site.items)


@pytest.mark.parametrize(
    ("family", "addresses"),
    [
        ("nastooh", ["/news/40005", "/news/40005/", "/news/40005/another-slug", "/amp/40005/"]),
        ("iransamaneh", ["/fa/news/40005", "/fa/amp/news/40005", "/fa/news/40005/x"]),
        ("saman", ["/news/40005-quot.html", "/news/40005.html?t=x"]),
        ("highportal", ["/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=1&newsview=40005"]),
        ("dorsa", ["/Index.aspx?page_=dorsaetoolsenews&PageID=40005&BlockName=other%20"]),
        ("aasaam", ["/fa/tiny/news-40005"]),
        ("wordpress", ["/40005", "/40005/"]),
    ],
)
def test_other_addresses_of_a_story_answer_too(
    family: str, addresses: list[str], synthetic_site: MakeSite
) -> None:
    site = synthetic_site(family)
    (item,) = (item for item in site.items if item.story.number == 40005)
    for address in addresses:
        assert site.respond(address).body == site.respond(item.href).body


def test_windows_1256_pages_name_their_encoding_only_inside(bundled: Portal) -> None:
    site = bundled.site("mcls-east-azerbaijan")
    for item in site.items:
        answer = site.respond(item.href)
        assert answer.content_type == "text/html"
        markup = answer.body.decode("windows-1256")
        assert "charset=windows-1256" in markup
        assert item.story.headline in markup
        assert "&#" not in markup.replace("&#39;", "")


def test_kentico_writes_half_spaces_as_soft_hyphens(synthetic_site: MakeSite) -> None:
    site = synthetic_site("kentico")
    assert any("\u00ad" in paragraph for record in site.truth() for paragraph in record["body"])
    assert b"&shy;" in site.respond(site.items[0].href).body


def test_the_page_clock_is_not_the_day_of_any_story(bundled: Portal) -> None:
    for site in bundled.sites:
        assert site.clock not in {item.story.published for item in site.items}


def test_dead_ends_are_listed_but_hold_no_article() -> None:
    ends = [DeadEnd("soft-404", "یک"), DeadEnd("login", "دو"), DeadEnd("gone", "سه")]
    site = Site("nastooh", synthetic_articles(3), dead_ends=ends)
    listed = links(site, "/archive")
    answers = {}
    for address in listed:
        if match := re.match(r"/news/98\d+/(.+)", address):
            answers[match[1]] = site.respond(address)
    assert {name: answer.status for name, answer in answers.items()} == {"یک": 200, "دو": 302, "سه": 404}
    assert "یافت نشد" in answers["یک"].body.decode()
    login = answers["دو"].location or ""
    assert 'type="password"' in site.respond(login).body.decode()
    assert len(site.truth()) == 3


def test_the_edited_story_changes_everywhere() -> None:
    site = Portal.demo().site("min-roads")
    before = {address: site.respond(address) for address in ("/rss", "/archive", site.family.sitemap or "")}
    (old,) = (item for item in site.items if item.story.edition)
    old_answer, old_record = site.respond(old.href), _record(site, old.story.number)
    assert site.publish_edit() == 1
    for address, answer in before.items():
        assert site.respond(address).etag != answer.etag
    record = _record(site, old.story.number)
    changed = {key for key in record if record[key] != old_record[key]}
    assert changed == {"url", "headline", "lead", "body", "date_modified"}
    answer = site.respond(old.href)
    assert record["headline"] in answer.body.decode()
    assert answer.modified is not None
    assert old_answer.modified is not None
    assert answer.modified > old_answer.modified
    assert site.publish_edit() == 0


def _record(site: Site, number: int) -> dict[str, object]:
    return next(record for record in site.truth() if record["code"] == str(number))


def test_slugs_without_a_number_outlive_an_edit() -> None:
    from dataclasses import replace

    first, *others = synthetic_articles(3)
    edited = replace(first, edition=replace(first, headline="تیتری دیگر"))
    for family in ("drupal", "es-news"):
        site = Site(family, [edited, *others])
        before = {item.address for item in site.items}
        site.publish_edit()
        assert {item.address for item in site.items} == before


def test_pictures_and_documents_are_served(bundled: Portal) -> None:
    site = bundled.site("mcls")
    for record in site.truth():
        for url in (record["main_image"], *record["attachments"]):
            answer = site.respond(url.removeprefix(site.base_url))
            assert answer.status == 200
            assert answer.body.startswith((b"\x89PNG", b"%PDF"))
    assert any(record["attachments"] for record in site.truth())


def test_pages_are_the_same_in_every_run() -> None:
    one, two = (Portal.demo().site("mcls-alborz") for _ in range(2))
    assert one.respond("/archive").body == two.respond("/archive").body
