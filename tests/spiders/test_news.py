"""What the spider fetches and what it leaves, over real HTTP."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from small_site import HEAD, Answer, Site, path_of, published, redirect

from aggregator.limits import MAX_BROKEN_PAGES
from aggregator.model import Link
from aggregator.store import Store

Crawl = Callable[..., dict[str, Any]]


def headlines(store: Store) -> list[str]:
    return sorted(stored.article.headline for stored in store.articles())


def test_fetches_every_article_once(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(30)
    run = crawl(site.url + "/")["run"]
    assert headlines(store) == sorted(site.articles.values())
    assert sorted(site.articles_asked()) == sorted(map(path_of, site.articles))
    assert (run["state"], run["new"], run["articles"]) == ("finished", 35, 35)


def test_second_crawl_fetches_no_article_and_few_lists(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(95)
    crawl(site.url + "/")
    site.asked.clear()
    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["new"], site.articles_asked()) == ("finished", 0, [])
    assert len([path for path in site.asked if path.startswith("/archive")]) == 3  # 30 known links in a row


def test_new_articles_are_found_above_known_ones(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(60)
    crawl(site.url + "/")
    site.asked.clear()
    site.add(25)
    assert crawl(site.url + "/")["run"]["new"] == 25
    assert len(site.articles_asked()) == 25


def test_modified_article_becomes_a_revision(site: Site, crawl: Crawl, store: Store) -> None:
    crawl(site.url + "/")
    site.asked.clear()
    site.articles[4] += "، اصلاحیه"
    site.modified[4] = datetime.now(UTC)
    run = crawl(site.url + "/")["run"]
    assert (site.articles_asked(), run["changed"]) == ([path_of(4)], 1)
    changed = [stored for stored in store.articles() if stored.revision == 2]
    assert [stored.article.headline for stored in changed] == [site.articles[4]]
    assert len(store.revisions(changed[0].article.id)) == 2


def test_robots_are_obeyed(site: Site, crawl: Crawl, store: Store) -> None:
    site.paths["/robots.txt"] = Answer("User-agent: *\nDisallow: /news/2/\nDisallow: /archive\n")
    run = crawl(site.url + "/")["run"]
    assert path_of(2) not in site.asked
    assert "/archive" not in site.asked
    assert run["new"] == 4
    assert run["rejected"] == {"robots-forbidden": 2}
    (state,) = store.known_pages("small", [site.url + path_of(2)]).values()
    assert (state.status, state.outcome) == ("rejected", "robots-forbidden")


def test_sitemaps_of_robots_are_read(site: Site, crawl: Crawl) -> None:
    site.paths["/"] = Answer(f"{HEAD}<title>خالی</title><body><p>به زودی</p></body></html>")
    site.paths["/robots.txt"] = Answer(f"Sitemap: {site.url}/maps/index.xml\n")
    xml = {"Content-Type": "application/xml"}
    index = f"<sitemapindex><sitemap><loc>{site.url}/maps/1.xml</loc></sitemap></sitemapindex>"
    site.paths["/maps/index.xml"] = Answer(index, headers=xml)
    locations = "".join(f"<url><loc>{site.url}{path_of(n)}</loc></url>" for n in site.articles)
    site.paths["/maps/1.xml"] = Answer(f"<urlset>{locations}</urlset>", headers=xml)
    assert crawl(site.url + "/")["run"]["new"] == 5
    assert "/sitemap.xml" not in site.asked


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=503), "robots.txt cannot be had: HTTP 503"),
        (Answer(status=500), "robots.txt cannot be had: HTTP 500"),
    ],
)
def test_without_robots_nothing_is_fetched(site: Site, crawl: Crawl, answer: Answer, reason: str) -> None:
    site.paths["/robots.txt"] = answer
    result = crawl(site.url + "/")
    assert set(site.asked) == {"/robots.txt"}
    assert result["failed"] == ["small"]
    assert result["run"]["reason"] == f"start page: {reason}"


def test_unreachable_site_fails_and_keeps_its_queue(site: Site, crawl: Crawl, store: Store) -> None:
    store.add_pending("small", [Link(url="http://127.0.0.1:1/news/1", origin="feed")])
    run = crawl("http://127.0.0.1:1/")["run"]
    assert run["state"] == "failed"
    assert "connection-refused" in run["reason"]
    assert [link.url for link in store.pending_links("small")] == ["http://127.0.0.1:1/news/1"]


def test_blocked_site_fails_with_a_reason(site: Site, crawl: Crawl) -> None:
    site.paths["/"] = Answer("<html><h1>Forbidden</h1></html>", 403)
    site.paths["/rss"] = Answer(status=403)
    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["reason"]) == ("failed", "start page: HTTP 403")


def test_site_without_articles_fails(site: Site, crawl: Crawl) -> None:
    site.paths["/"] = Answer(f"{HEAD}<title>در دست ساخت</title><body><p>به زودی</p></body></html>")
    run = crawl(site.url + "/")["run"]
    assert run["state"] == "failed"
    assert "no link to an article" in run["reason"]


def test_site_that_only_fails_is_left_alone(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(60)
    site.paths |= {path_of(number): Answer(status=403) for number in site.articles}
    run = crawl(site.url + "/")["run"]
    assert run["state"] == "failed"
    assert "10 failures in a row" in run["reason"]
    assert len(site.articles_asked()) < 30
    site.paths.clear()
    assert crawl(site.url + "/")["run"]["new"] == 65


def test_limit(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(60)
    run = crawl(site.url + "/", limit=7)["run"]
    assert (run["state"], run["new"], len(site.articles_asked())) == ("finished", 7, 7)
    # What the limit cut off is not taken for seen: the next crawl fetches all of it.
    crawl(site.url + "/")
    assert headlines(store) == sorted(site.articles.values())


def test_since(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(5)
    run = crawl(site.url + "/rss", since="2020-06-08")["run"]
    assert run["new"] == 3
    assert {stored.article.headline for stored in store.articles()} == {site.articles[n] for n in (8, 9, 10)}
    assert published(8).day == 8


@pytest.mark.parametrize("path", ["/archive", "/rss", path_of(3)])
def test_any_address_of_a_site_will_do(site: Site, crawl: Crawl, store: Store, path: str) -> None:
    crawl(site.url + path)
    wanted = [site.articles[3]] if path == path_of(3) else sorted(site.articles.values())
    assert headlines(store) == wanted


def test_an_article_s_address_fetches_that_article_alone(site: Site, crawl: Crawl) -> None:
    crawl(site.url + path_of(3))
    assert site.asked == ["/robots.txt", path_of(3)]


def test_what_is_no_article_is_rejected_by_its_kind(site: Site, crawl: Crawl, store: Store) -> None:
    site.paths[path_of(1)] = Answer("%PDF-1.4 ...", headers={"Content-Type": "application/pdf"})
    site.paths[path_of(2)] = Answer("gone", 404)
    run = crawl(site.url + "/")["run"]
    assert run["rejected"] == {"http-404": 1, "not-html": 1}
    states = store.known_pages("small", [site.url + path_of(1), site.url + path_of(2)])
    assert {state.outcome for state in states.values()} == {"http-404", "not-html"}
    assert {state.status for state in states.values()} == {"rejected"}


def test_failed_page_is_tried_again_by_the_next_crawl(site: Site, crawl: Crawl, store: Store) -> None:
    site.paths[path_of(1)] = Answer(status=500)
    assert crawl(site.url + "/")["run"]["failed"] == {"http-500": 1}
    del site.paths[path_of(1)]
    assert crawl(site.url + "/")["run"]["new"] == 1
    assert headlines(store) == sorted(site.articles.values())


def test_lists_behind_a_broken_page_are_read_and_it_is_not_taken_for_seen(
    site: Site, crawl: Crawl, store: Store
) -> None:
    site.add(95)
    site.paths["/archive?page=5"] = Answer(status=500)
    crawl(site.url + "/", scrapy={"RETRY_TIMES": 0})
    assert len(headlines(store)) == 90
    del site.paths["/archive?page=5"]
    crawl(site.url + "/")
    assert len(headlines(store)) == 100


def test_a_list_that_breaks_off_is_not_counted_on_for_ever(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(95)
    site.paths |= {f"/archive?page={number}": Answer(status=500) for number in range(5, 11)}
    crawl(site.url + "/", scrapy={"RETRY_TIMES": 0})
    assert len(headlines(store)) == 40
    assert f"/archive?page={5 + MAX_BROKEN_PAGES}" in site.asked
    assert f"/archive?page={6 + MAX_BROKEN_PAGES}" not in site.asked


def test_pager_in_circles_ends(site: Site, crawl: Crawl) -> None:
    page = site.list_page(1).replace("</body>", '<a rel=next href="/archive?page={}">صفحه بعد</a></body>')
    site.paths |= {f"/archive?page={n}": Answer(page.replace("{}", str(n + 1))) for n in range(2, 60)}
    site.paths["/archive"] = Answer(page.replace("{}", "2"))
    crawl(site.url + "/")
    assert len([path for path in site.asked if path.startswith("/archive")]) == 2


def test_redirects_stay_on_the_site(site: Site, crawl: Crawl, store: Store) -> None:
    with Site().running() as other:
        site.paths[path_of(1)] = redirect(other.url + path_of(1))
        site.paths[path_of(2)] = redirect("http://localhost:9/")
        site.paths[path_of(3)] = redirect("file:///etc/passwd")
        site.paths[path_of(4)] = redirect("/news/4/new-slug")
        site.paths[path_of(5)] = redirect(path_of(5))
        run = crawl(site.url + "/")["run"]
    assert other.asked == []
    assert run["rejected"] == {"scheme": 1, "offsite": 2, "redirect-loop": 1}
    (stored,) = store.articles()
    assert stored.article.url == site.url + "/news/4/new-slug"
    assert store.known_pages("small", [site.url + path_of(4)])[site.url + path_of(4)].status == "done"


def test_too_large_page_is_left(site: Site, crawl: Crawl) -> None:
    site.paths[path_of(1)] = Answer("x" * 100_000)
    run = crawl(site.url + "/", scrapy={"DOWNLOAD_MAXSIZE": 50_000})["run"]
    assert (run["rejected"], run["new"]) == ({"too-large": 1}, 4)


def test_slow_page_times_out(site: Site, crawl: Crawl) -> None:
    site.before = lambda path: time.sleep(4) if path == path_of(1) else None
    run = crawl(site.url + "/", settings={"timeout": 1.0}, scrapy={"RETRY_TIMES": 0})["run"]
    assert (run["failed"], run["new"]) == ({"timeout": 1}, 4)


def test_crawl_delay_of_robots_is_kept(site: Site, crawl: Crawl) -> None:
    times: list[float] = []
    site.before = lambda path: times.append(time.monotonic())
    site.paths["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.4\n")
    crawl(site.url + "/rss", limit=3)
    gaps = [after - before for before, after in pairwise(times[1:])]
    assert gaps
    assert min(gaps) > 0.19  # Scrapy varies the delay by half


def test_a_connection_that_was_dropped_is_tried_again_after_the_delay(site: Site, crawl: Crawl) -> None:
    times: list[float] = []
    dropped: set[str] = set()

    def before(path: str) -> None:
        times.append(time.monotonic())
        if path.startswith("/news/") and path not in dropped:
            dropped.add(path)
            raise ConnectionResetError

    site.before = before
    site.paths["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.4\n")
    run = crawl(site.url + "/rss", limit=2)["run"]
    gaps = [after - before for before, after in pairwise(times[1:])]
    assert (run["new"], run["failed"], len(dropped)) == (2, {}, 2)
    assert min(gaps) > 0.3
