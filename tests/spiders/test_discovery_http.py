"""What a crawl finds and what it does not fall for, over real HTTP."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from small_site import HEAD, MENU, Answer, Site, headline, path_of, redirect

from aggregator.crawl.completeness import completeness
from aggregator.limits import MAX_EMPTY_DAYS
from aggregator.persian.calendar import jalali_parts, tehran_day
from aggregator.store import Store

Crawl = Callable[..., dict[str, Any]]
XML = {"Content-Type": "application/xml"}
JSON = {"Content-Type": "application/json"}


def headlines(store: Store) -> list[str]:
    return sorted(stored.article.headline for stored in store.articles())


def items(site: Site, numbers: list[int], path: Callable[[int], str] = path_of) -> str:
    return "".join(f'<li><h3><a href="{path(n)}">{site.articles[n]}</a></h3></li>' for n in numbers)


def html(body: str, head: str = "") -> Answer:
    return Answer(f"{HEAD}<title>پایگاه خبری</title>{head}</head><body>{body}</body></html>")


# --- forms --------------------------------------------------------------------------------------------------


def post_back_page(site: Site, page: int) -> Answer:
    """A page of an ASP.NET list: only with its own state and the pager's argument does the next one come."""
    numbers = sorted(site.articles, reverse=True)[(page - 1) * 10 : page * 10]
    cells = "".join(
        f"<td><span>{n}</span></td>"
        if n == page
        else f"""<td><a href="javascript:__doPostBack('ctl00$grid','Page${n}')">{n}</a></td>"""
        for n in range(1, -(-len(site.articles) // 10) + 1)
    )
    return html(
        f'<form method=post action="/List.aspx"><input type=hidden name=__VIEWSTATE value="state-{page}">'
        f"<input name=q><ul>{items(site, numbers)}</ul><table><tr>{cells}</tr></table></form>"
    )


def post_back(site: Site) -> Callable[[str, dict[str, str]], Answer]:
    def post(path: str, fields: dict[str, str]) -> Answer:
        page = int(fields["__EVENTARGUMENT"].removeprefix("Page$"))
        state = int(fields["__VIEWSTATE"].removeprefix("state-"))
        right = path == "/List.aspx" and fields["__EVENTTARGET"] == "ctl00$grid" and page == state + 1
        return post_back_page(site, page) if right and "q" in fields else Answer(status=500)

    return post


def test_a_list_that_posts_back_is_read_to_its_end(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(50)
    site.post = post_back(site)
    site.paths["/"] = html("<nav><a href=/List.aspx>آرشیو اخبار</a></nav>")
    site.paths["/List.aspx"] = post_back_page(site, 1)
    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["new"], run["failed"]) == ("finished", 55, {})
    assert site.asked.count("POST /List.aspx") == 5
    site.asked.clear()
    assert crawl(site.url + "/")["run"]["new"] == 0
    assert site.asked.count("POST /List.aspx") == 2  # thirty known links


def test_a_post_back_asks_robots_too(site: Site, crawl: Crawl) -> None:
    site.add(20)
    site.post = post_back(site)
    site.paths["/robots.txt"] = Answer("User-agent: *\nDisallow: /List.aspx\n")
    page = str(post_back_page(site, 1).body)
    site.paths["/"] = Answer(page)
    assert crawl(site.url + "/")["run"]["new"] == 10
    assert not [path for path in site.asked if "List.aspx" in path]


def test_more_by_a_plain_form(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(25)

    def page(start: int) -> Answer:
        numbers = sorted(site.articles, reverse=True)[start : start + 10]
        more = (
            f'<form method=post action="/more"><input type=hidden name=from value={start + 10}>'
            "<button>نمایش بیشتر</button></form>"
        )
        return html(f"<ul>{items(site, numbers)}</ul>{more if numbers else ''}")

    site.paths["/"] = html(f"{MENU}")
    site.paths["/archive"] = page(0)
    site.post = lambda path, fields: page(int(fields["from"]))
    assert crawl(site.url + "/")["run"]["new"] == 30


# --- back-fill ----------------------------------------------------------------------------------------------


def lists_asked(site: Site) -> list[int]:
    pages = [path for path in site.asked if path.startswith("/archive")]
    return [int(path.removeprefix("/archive?page=")) if "?" in path else 1 for path in pages]


def test_a_back_fill_goes_on_where_it_stood(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(195)
    site.paths["/archive?page=12"] = Answer(status=500)
    crawl(site.url + "/", since="1398-01-01", scrapy={"RETRY_TIMES": 0})
    assert max(lists_asked(site)) == 12
    assert len(headlines(store)) == 110
    site.asked.clear()
    site.add(15)
    crawl(site.url + "/", since="1398-01-01", scrapy={"RETRY_TIMES": 0})
    # What is new and thirty known ones, then on from the page before the one that failed.
    assert lists_asked(site) == [1, 2, 3, 4, 5, 11, 12]
    assert len(headlines(store)) == 125
    site.asked.clear()
    del site.paths["/archive?page=12"]
    crawl(site.url + "/", since="1398-01-01")
    assert lists_asked(site) == [1, 2, 3, *range(11, 23)]
    assert headlines(store) == sorted(site.articles.values())
    site.asked.clear()
    crawl(site.url + "/", since="1398-01-01")
    assert lists_asked(site) == [1, 2, 3]
    record = completeness(store, "small")
    assert (sum(record.promised.values()), record.share, record.missing) == (215, 1.0, {})


class Newsroom(Site):
    """A site of the family «nastooh» whose archive shows but its first page, unless one asks for a day."""

    def __init__(self, articles: int = 0):
        super().__init__(0)
        self.newest = tehran_day(datetime.now(UTC)) - timedelta(days=3)
        self.gone: set[int] = set()
        self.add(articles)

    def day(self, number: int) -> date:
        """Ten a day."""
        return self.newest - timedelta(days=(len(self.articles) - number) // 10)

    def answer(self, target: str) -> Answer:
        path, _, query = target.partition("?")
        found = re.fullmatch(r"/news/(\d+)(?:/.*)?", path)
        if target in self.paths:
            return self.paths[target]
        if found:
            number = int(found[1]) - 600_000
            known = number in self.articles and number not in self.gone
            return Answer(self.article(number)) if known else Answer("<p>یافت نشد</p>", 404)
        if path in ("/", "/archive"):
            return self.list_of(parse_qs(query))
        return Answer(status=404)

    def list_of(self, wanted: dict[str, list[str]]) -> Answer:
        numbers = sorted(self.articles, reverse=True)
        if "yr" in wanted:
            day = tuple(int(wanted[name][0]) for name in ("yr", "mn", "dy"))
            numbers = [n for n in numbers if jalali_parts(self.day(n)) == day]
        elif "pi" in wanted:
            numbers = []
        page = int(wanted.get("pi", ["1"])[0])
        shown = [n for n in numbers if n % 7 and n not in self.gone][(page - 1) * 5 : page * 5]
        mark = '<meta name="generator" content="www.nastooh.ir">'
        return html(f"{MENU}<ul>{items(self, shown, lambda n: f'/news/{600_000 + n}/slug')}</ul>", mark)

    def days_asked(self) -> set[str]:
        return {match[0] for path in self.asked if (match := re.search(r"dy=\d+&mn=\d+", path))}


@pytest.fixture
def newsroom() -> Any:
    with Newsroom(60).running() as running:
        yield running


def test_days_and_missing_numbers(newsroom: Newsroom, crawl: Crawl, store: Store) -> None:
    """Every seventh article is in no list at all, and one of these has been taken down."""
    newsroom.gone = {21}
    since = (newsroom.newest - timedelta(days=60)).isoformat()
    assert crawl(newsroom.url + "/")["run"]["new"] == 5  # without a back-fill, only what is shown
    assert crawl(newsroom.url + "/", since=since)["run"]["state"] == "finished"
    assert headlines(store) == sorted(title for number, title in newsroom.articles.items() if number != 21)
    (gone,) = store.known_pages("small", [f"{newsroom.url}/news/600021"]).values()
    assert (gone.status, gone.outcome) == ("rejected", "http-404")
    record = completeness(store, "small")
    assert (record.asked, record.found) == (8, 7)
    assert ("days", "empty") in {(one.kind, one.end) for one in record.entrances}
    # Three days until today, six with news, and no more than a month of silence.
    assert len(newsroom.days_asked()) == 3 + 6 + MAX_EMPTY_DAYS - 1

    newsroom.asked.clear()
    crawl(newsroom.url + "/", since=since)
    assert not [path for path in newsroom.asked if path.startswith("/news/")]
    assert newsroom.days_asked() == set()


# --- sitemaps -----------------------------------------------------------------------------------------------


def test_sitemaps_of_old_months_are_not_read_again(site: Site, crawl: Crawl, store: Store) -> None:
    site.add(15)
    site.paths["/"] = html("<p>به زودی</p>")
    site.paths["/robots.txt"] = Answer(f"Sitemap: {site.url}/map.xml\n")
    told = {1: "2020-06-10", 2: "2020-06-20", 3: datetime.now(UTC).date().isoformat()}
    months = {1: range(1, 8), 2: range(8, 15), 3: range(15, 21)}

    def publish() -> None:
        children = "".join(
            f"<sitemap><loc>{site.url}/{month}.xml</loc><lastmod>{told[month]}</lastmod></sitemap>"
            for month in told
        )
        site.paths["/map.xml"] = Answer(f"<sitemapindex>{children}</sitemapindex>", headers=XML)
        for month, numbers in months.items():
            urls = "".join(f"<url><loc>{site.url}{path_of(n)}</loc></url>" for n in numbers)
            site.paths[f"/{month}.xml"] = Answer(f"<urlset>{urls}</urlset>", headers=XML)

    def months_asked() -> list[str]:
        # Sorted, as two are asked for at once and may come in either order.
        return sorted(path for path in site.asked if re.fullmatch(r"/\d\.xml", path))

    publish()
    assert crawl(site.url + "/", since="2020-06-15")["run"]["new"] == 13
    assert months_asked() == ["/2.xml", "/3.xml"]  # what is older is not wanted
    assert crawl(site.url + "/")["run"]["new"] == 7
    site.asked.clear()
    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["new"], months_asked()) == ("finished", 0, ["/3.xml"])
    told[1], months[1] = "2021-01-01", range(8)
    site.articles[0] = headline(0)
    publish()
    site.asked.clear()
    assert crawl(site.url + "/")["run"]["new"] == 1
    assert months_asked() == ["/1.xml", "/3.xml"]


# --- sites of unknown systems -------------------------------------------------------------------------------


def test_an_archive_of_days_as_the_only_way_back(site: Site, crawl: Crawl, store: Store) -> None:
    """Each day names the days of its month and the month before; half of them are empty, some are to come."""
    site.add(55)
    site.paths["/"] = html("<a href=/archive/1403/05/20>بایگانی روزانه</a>")
    for month in (3, 4, 5):
        cells = "".join(
            f"<td><a href=/archive/1403/{month:02}/{day:02}>{day}</a></td>" for day in range(1, 31)
        )
        cells += f"<td><a href=/archive/1403/{month - 1:02}/30>«</a></td>"
        for day in range(1, 31):
            place = (5 - month) * 30 + 20 - day
            shown = items(site, [60 - place, 59 - place]) if place in range(0, 60, 2) else ""
            calendar = f"<table><tr>{cells}</tr></table><ul>{shown}</ul>"
            site.paths[f"/archive/1403/{month:02}/{day:02}"] = html(calendar)
    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["new"]) == ("finished", 60)
    assert not any(path.startswith("/archive/1403/05/2") and path[-2:] > "20" for path in site.asked)


def test_years_and_months_without_stories_of_their_own(site: Site, crawl: Crawl) -> None:
    site.add(25)
    site.paths["/"] = html("<div><a href=/akhbar/index.htm>اخبار</a></div>")
    site.paths["/akhbar/index.htm"] = html("<ul><li><a href=1403/index.htm>اخبار سال ۱۴۰۳</a></li></ul>")
    months = "".join(f"<li><a href={month:02}/index.htm>ماه {month}</a></li>" for month in (1, 2, 3))
    site.paths["/akhbar/1403/index.htm"] = html(f"<ul>{months}</ul>")
    for month in (1, 2, 3):
        numbers = list(range(month * 10 - 9, month * 10 + 1))
        site.paths[f"/akhbar/1403/{month:02}/index.htm"] = html(f"<ul>{items(site, numbers)}</ul>")
    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["new"], run["rejected"]) == ("finished", 30, {})


def test_a_page_that_its_script_fills_from_json(site: Site, crawl: Crawl) -> None:
    site.add(25)
    site.paths["/"] = html('<div id=app></div><button data-url="/api/news?page=1">بیشتر</button>')
    for page in (1, 2, 3, 4):
        stories = [
            {"title": headline(n), "link": path_of(n)}
            for n in range(40 - page * 10, 30 - page * 10, -1)
            if n > 0
        ]
        site.paths[f"/api/news?page={page}"] = Answer(json.dumps({"items": stories}), headers=JSON)
    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["new"]) == ("finished", 30)


# --- traps --------------------------------------------------------------------------------------------------


def test_traps_cost_little_and_have_a_name(site: Site, crawl: Crawl, store: Store) -> None:
    """Broken relative links, a deep path, an endless calendar, a list under two addresses and one that goes
    back to its first page."""
    site.add(95)
    deep = "/".join(f"part{n}" for n in range(25))
    addresses = ("/news/news/news/9/x", f"/{deep}/news/9")
    loops = "".join(f'<li><a href="{address}">{headline(9)}</a></li>' for address in addresses)
    site.paths["/"] = html(
        "<nav><a href=/archive>آرشیو اخبار</a><a href=/list/all>فهرست اخبار</a>"
        f"<a href=/calendar/1399/1>اخبار</a><a href=/news/round>اخبار استان</a></nav><ul>{loops}</ul>"
    )
    for page in range(1, 12):  # the same list, the same pages, under other addresses
        answer = str(site.answer("/archive" if page == 1 else f"/archive?page={page}").body)
        site.paths[f"/list/all{'' if page == 1 else f'?page={page}'}"] = Answer(
            answer.replace("/archive?", "/list/all?")
        )
    for day in range(1, 200):
        older = f'<a href="/calendar/1399/{day + 1}">روز قبل</a>'
        site.paths[f"/calendar/1399/{day}"] = html(f"<ul>{items(site, [1, 2, 3])}</ul>{older}")
    for page in range(1, 4):
        following = f'<a href="/news/round?cursor={page % 3 + 1}" rel=next>صفحه بعد</a>'
        answer = html(f"<ul>{items(site, list(range(page * 10, page * 10 + 10)))}</ul>{following}")
        site.paths |= {f"/news/round?cursor={page}": answer}
    site.paths["/news/round"] = site.paths["/news/round?cursor=1"]

    run = crawl(site.url + "/")["run"]
    assert (run["state"], run["new"]) == ("finished", 100)
    assert run["rejected"]["repeating-path"] == 1
    assert run["rejected"]["deep-path"] == 1
    assert run["rejected"]["endless-calendar"] == 1
    assert not [path for path in site.asked if "news/news" in path or "part20" in path]
    assert len([path for path in site.asked if path.startswith("/list/all")]) <= 5
    assert len([path for path in site.asked if path.startswith("/calendar")]) == 1 + MAX_EMPTY_DAYS
    assert len([path for path in site.asked if path.startswith("/news/round")]) == 4
    ends = {one.url.removeprefix(site.url): one.end for one in completeness(store, "small").entrances}
    assert (ends["/list/all"], ends["/calendar/1399/1"], ends["/news/round"]) == ("twin", "empty", "circle")


# --- identity -----------------------------------------------------------------------------------------------


def test_an_article_under_many_addresses_is_one(site: Site, crawl: Crawl, store: Store) -> None:
    """Slugs, tracking, sessions, AMP, mobile and print views, short links: of a known family."""
    mark = '<meta name="generator" content="www.nastooh.ir">'
    for number in site.articles:
        page, full = site.article(number).replace("<title>", mark + "<title>"), f"/news/60000{number}/slug"
        for path in (full, f"/news/60000{number}", f"/amp/60000{number}/", f"/photo/60000{number}/other"):
            site.paths[path] = Answer(page)
        site.paths[f"/s/aB{number}"] = redirect(full)
        site.paths[f"/x1c{number}"] = redirect(full)
    copies = ("/news/60000{}/slug", "/news/60000{}", "/amp/60000{}/", "/photo/60000{}/other", "/s/aB{}",
              "/x1c{}", "/news/60000{}/slug?utm_id=1", "/news/60000{}/slug;jsessionid=AB12")  # fmt: skip
    links = [f"{site.url}{copy.format(n)}" for copy in copies for n in site.articles]
    entries = "".join(
        f"<item><title>{headline(i)}</title><link>{url}</link></item>" for i, url in enumerate(links)
    )
    site.paths["/rss"] = Answer(f"<rss version='2.0'><channel>{entries}</channel></rss>", headers=XML)
    shown = "".join(f'<li><a href="{url}">{headline(i)}</a></li>' for i, url in enumerate(links))
    site.paths["/"] = html(f"<ul>{shown}</ul>", mark)
    site.paths["/archive"] = Answer(status=404)
    run = crawl(site.url + "/")["run"]
    assert headlines(store) == sorted(site.articles.values())
    assert (run["new"], run["changed"]) == (5, 0)
    assert {stored.revision for stored in store.articles()} == {1}


def test_an_article_of_no_known_family_under_many_addresses(site: Site, crawl: Crawl, store: Store) -> None:
    """What nothing but the addresses and redirects tell."""
    for number in site.articles:
        for view in ("?mobile=1", "?print=1", "/amp", "?amp=1"):
            site.paths[path_of(number) + view] = Answer(site.article(number))
        site.paths[f"/s/aB{number}"] = redirect(path_of(number))
    views = ("", "?mobile=1", "/amp", "?amp=1", "?utm_id=1")
    copies = [path_of(n) + view for n in site.articles for view in views]
    copies += [f"/s/aB{n}" for n in site.articles]
    entries = "".join(
        f"<item><title>{headline(i)}</title><link>{site.url}{path}</link></item>"
        for i, path in enumerate(copies)
    )
    site.paths["/rss"] = Answer(f"<rss version='2.0'><channel>{entries}</channel></rss>", headers=XML)
    run = crawl(site.url + "/")["run"]
    assert headlines(store) == sorted(site.articles.values())
    assert (run["new"], run["changed"]) == (5, 0)
