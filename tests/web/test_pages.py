"""The pages as a browser without scripts has them: what stands on them, and where their links lead."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from aggregator.model import Mention
from aggregator.urls import readable_address
from aggregator.web import views
from aggregator.web.language import PERSIAN
from aggregator.web.service import Service
from tests.making import make_stored
from tests.web.conftest import BIDI, EVIL, Client, hostile_articles
from tests.web.reading import count, hits, page

# --- searching ----------------------------------------------------------------------------------------------


def test_the_start_page_shows_the_newest(client: Client, total: int) -> None:
    found = page(client, "/")
    newest = client.get("/api/search", size=20, sort="date").json["hits"]
    assert hits(found) == [hit["id"] for hit in newest]
    assert count(found) == PERSIAN.text("%(count)s خبر", count=total)


@pytest.mark.parametrize("spelling", ["شبکه های اجتماعی", "شبکه‌های اجتماعی", "شبكههاي اجتماعي"])
def test_what_was_found_is_marked_in_any_spelling(client: Client, spelling: str) -> None:
    found = page(client, "/", q=spelling)
    assert found.xpath("//mark")
    assert found.xpath("//input[@id='q']/@value") == [spelling]


def test_a_facet_leads_to_its_articles_and_back(client: Client) -> None:
    found = page(client, "/", q="کارگاه")
    (link,) = found.xpath("//aside//section[h2='استان']//li[.//bdi='البرز']/a")
    narrowed = page(client, link.get("href"))
    (number,) = link.xpath(".//span[@class='number']/text()")
    assert count(narrowed) == f"{number} خبر"
    (chosen,) = narrowed.xpath("//ul[@class='chips']//a")
    assert count(page(client, chosen.get("href"))) == count(found)


def test_the_timeline_leads_to_a_month(client: Client) -> None:
    found = page(client, "/", q="کارگاه")
    (bar,) = found.xpath("//*[local-name()='svg']/a[starts-with(@aria-label, 'خرداد ۱۳۹۹')]")
    month = page(client, bar.get("href"))
    assert count(month) in bar.get("aria-label")
    assert month.xpath("//input[@id='since']/@value") == ["1399-03"]
    assert len(month.xpath("//*[local-name()='svg']/a[@class='chosen']")) == 1


def test_the_next_page_goes_on(client: Client, service: Service) -> None:
    seen: list[str] = []
    address: str | None = "/?size=30"
    while address:
        found = page(client, address)
        seen += hits(found)
        address = next(iter(found.xpath("//a[@rel='next']/@href")), None)
    assert len(seen) == len(set(seen))
    stories = service.workspace.store.stories
    shown = {one.story for one in stories.of(seen).values()}
    folded = {one.article.id for one in service.workspace.store.articles()} - set(seen)
    assert {key for key, one in stories.of(folded).items() if one.story in shown} == folded


def test_the_whole_state_is_in_every_link(client: Client) -> None:
    state = {
        "q": "کارگاه",
        "match": "any",
        "organisation": "mcls",
        "since": "1399",
        "sort": "date",
        "size": "5",
    }
    found = page(client, "/", **state)
    hidden = {
        box.get("name"): box.get("value")
        for box in found.xpath("//form[@class='query']//input[@type='hidden']")
    }
    assert hidden == {name: state[name] for name in ("organisation", "sort", "size")}
    for address in found.xpath("//nav[@class='pages']/a/@href | //*[local-name()='svg']/a/@href"):
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert state.items() - given.items() <= {("since", "1399")}
    feed = parse_qs(urlsplit(found.xpath("//link[@type='application/atom+xml']/@href")[0]).query)
    assert feed == {name: [state[name]] for name in ("q", "match", "organisation", "since")}
    assert client.get(found.xpath("//ul[@class='take']//a/@href")[0]).status == 200


def test_dates_are_told_as_people_say_them(client: Client) -> None:
    found = page(client, "/", q="کارگاه", since="1399-03", until="1399-03")
    times = [str(one) for one in found.xpath("//section[@class='results']//time/text()")]
    assert times
    assert all(re.fullmatch(r"[۰-۹]{1,2} خرداد ۱۳۹۹(، [۰-۹]{2}:[۰-۹]{2})?", one) for one in times)
    assert all("سال پیش" in one.text for one in found.xpath("//span[contains(@class, 'ago')]"))


@pytest.mark.parametrize(
    ("parameters", "status", "told"),
    [
        ({"since": "abc", "q": "آب"}, 422, "تاریخ آغاز خوانا نیست"),
        ({"q": "آب until:abc"}, 400, "جای خطا: نویسهٔ ۱۰"),
        ({"cursor": "abc", "q": "آب"}, 400, "از صفحهٔ نخست"),
        ({"colour": "<b>", "q": "آب"}, 422, "colour"),
    ],
)
def test_a_search_that_cannot_be_read_keeps_its_form(
    client: Client, parameters: dict[str, str], status: int, told: str
) -> None:
    found = page(client, "/", status, **parameters)
    assert told in found.xpath("string(//*[@role='alert'])")
    assert found.xpath("//input[@id='q']/@value") == [parameters["q"]]


def test_what_is_not_there_is_told(client: Client) -> None:
    for path in ("/nothing", "/articles/1234", "/articles/%00", "/static/..%2Fapp.py", "/static/app.py"):
        found = page(client, path, 404)
        assert found.xpath("//main//a/@href") == ["/"]
    assert "چیزی یافت نشد" in page(client, "/", q="سیمرغناموجود").text_content()


# --- one article --------------------------------------------------------------------------------------------


def test_an_article_with_all_that_is_known_of_it(client: Client, service: Service, edited_id: str) -> None:
    found = page(client, f"/articles/{edited_id}")
    article = service.article(edited_id).article
    assert found.xpath("string(//h1)").strip() == article.headline
    assert [one.text_content().strip() for one in found.xpath("//article/p[@dir][not(@class)]")] == list(
        article.body
    )
    assert found.xpath("//article//a[@rel]/@href") == [article.url]
    assert found.xpath("//ins//text()")
    assert "(اصلاحیه)" in found.xpath("string(//ol[@class='revisions']//ins)")
    cited = found.xpath("string(//p[@class='cite'])")
    assert f"«{article.headline}»" in cited
    assert readable_address(article.url) in cited
    assert found.xpath("string(//pre)").startswith("@online{news")
    tidy = page(client, f"/articles/{edited_id}", form="normalised")
    assert article.normalised
    assert [one.text for one in tidy.xpath("//article/p[@dir][not(@class)]")] == list(article.normalised.body)


def test_names_in_the_text_lead_to_searches(client: Client) -> None:
    (hit, *_) = client.get("/api/search", mentions="کرج", size=1).json["hits"]
    found = page(client, f"/articles/{hit['id']}")
    links = found.xpath("//a[@class='name']")
    assert links
    assert hit["id"] in hits(page(client, links[0].get("href") + "&size=100"))
    listed = found.xpath("//section[h2='نام‌ها در متن']//a/@href")
    assert {link.get("href") for link in links} <= set(listed)


def test_mentions_that_overlap_or_lie_outside_cost_no_text() -> None:
    text = "وزارت کار البرز\nدر کرج"
    mentions = [
        Mention("organisation", "وزارت کار", 0, 9, id="mcls"),
        Mention("organisation", "کار البرز", 6, 15, id="x"),
        Mention("county", "کرج", 19, 22, id="alborz-karaj"),
        Mention("county", "کرج", 19, 99, id="outside"),
    ]
    found = views.paragraphs(text, mentions)
    assert ["".join(piece for piece, _ in line) for line in found] == text.split("\n")
    assert [url for line in found for _, url in line if url] == ["/?mentions=mcls", "/?mentions=alborz-karaj"]


def test_sources_that_fail_come_first(client: Client) -> None:
    found = page(client, "/sources")
    first = found.xpath("//tbody/tr")[0].text_content()
    assert "ناموفق" in first
    assert "mcls-alborz" in first


def test_the_documentation_has_every_path(client: Client) -> None:
    found = page(client, "/docs")
    for path in client.get("/api/openapi.json").json["paths"]:
        assert f"GET {path}" in found.text_content()
    anchors = set(found.xpath("//*/@id"))
    assert {
        str(link)[1:] for link in found.xpath("//div[@class='docs']//a/@href[starts-with(., '#')]")
    } <= anchors


# --- hostile articles ---------------------------------------------------------------------------------------


def test_hostile_articles_are_only_text(client: Client) -> None:
    found = page(client, "/", q="خصمانه", size=100)
    ids = hits(found)
    assert len(ids) == len(hostile_articles())
    assert "<script>alert(1)</script>" in found.text_content()
    assert "{{7*7}}" in found.text_content()
    assert len(client.get("/", q="خصمانه", size=100).body) < 100_000
    for key in ids:
        for form in ("published", "normalised"):
            shown = page(client, f"/articles/{key}", form=form)
            assert EVIL not in shown.xpath("//@href")
        assert client.get(f"/api/articles/{key}").json["id"] == key


def test_a_headline_that_cannot_be_seen_is_still_a_link(client: Client) -> None:
    found = page(client, "/", q="خصمانه", size=100)
    titles = [link.text_content() for link in found.xpath("//section[@class='results']//h3/a")]
    assert "(بدون عنوان)" in titles
    assert all(bidi not in "".join(titles) for bidi in BIDI)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("پاک", "پاک"),
        ("\u202eباز", "\u202eباز\u202c"),
        ("\u2066\u202bتو در تو", "\u2066\u202bتو در تو\u202c\u2069"),
        ("\u2069\u202cیکی بیش", "یکی بیش"),
        ("\u202bدرست\u202c \u2067درست\u2069", "\u202bدرست\u202c \u2067درست\u2069"),
    ],
)
def test_marks_of_direction_end_with_their_text(text: str, shown: str) -> None:
    assert views.balanced(text) == shown
    assert views.balanced(shown) == shown


def test_no_text_of_a_page_turns_around_what_stands_beside_it(client: Client) -> None:
    for path in ("/", "/bulletin?" + "&".join(f"id={key}" for key in hits(page(client, "/", q="خصمانه")))):
        found = page(client, path, q="خصمانه", size=100) if path == "/" else page(client, path)
        texts = [str(one) for one in found.xpath("//text()")]
        assert any(sign in text for text in texts for sign in BIDI[:3])
        assert all(views.balanced(text) == text for text in texts)


def test_hostile_parameters_are_only_text(client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    for name in ("q", "organisation", "province", "source", "section", "mentions"):
        assert evil in page(client, "/", **{name: evil}).xpath("//input/@value")
    assert "<script>" not in client.get("/", since=evil).text
    assert "<script>" not in client.get(f"/{evil.replace(' ', '')}").text


# --- how things are shown -----------------------------------------------------------------------------------


def test_the_timeline_has_each_month_once_the_oldest_at_the_right() -> None:
    bars = views.timeline_bars([("1398-11", 2), ("1399-02", 8)], {})
    assert [(bar.period, bar.count) for bar in bars] == [
        ("1398-11", 2),
        ("1398-12", 0),
        ("1399-01", 0),
        ("1399-02", 8),
    ]
    assert [bar.x for bar in bars] == sorted((bar.x for bar in bars), reverse=True)
    assert bars[-1].height == 4 * bars[0].height


def test_a_long_timeline_is_told_by_the_year_and_has_an_end() -> None:
    bars = views.timeline_bars([("0622-01", 1), ("1399-01", 1), ("1399-05", 2)], {})
    assert len(bars) == views.MOST_MONTHS
    assert (bars[-1].period, bars[-1].count) == ("1399", 3)
    assert views.timeline_bars([], {}) == []


def test_bibtex_cannot_be_broken_out_of() -> None:
    stored = make_stored(1, headline="a} , url = {evil}\\input{x}\n% {", authors=("{",))
    text = views.bibtex(stored, "ناشر}")
    assert text.count("{") == text.count("}")
    assert "\\" not in text
    assert len(text.splitlines()) == 11
