"""Overviews, comparisons, sources and bulletins, as a browser without scripts has them."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from aggregator.model import Organisation
from aggregator.persian.digits import to_latin_digits
from aggregator.web.language import PERSIAN
from aggregator.web.overview import tree
from aggregator.web.service import Service
from tests.web.conftest import SCRIPT, Client
from tests.web.reading import count, hits, page

COUNT = "%(count)s خبر"


def to_number(text: str) -> float:
    return float(to_latin_digits(text).replace("٫", "."))


# --- organisations and provinces ----------------------------------------------------------------------------


def test_organisations_stand_in_a_tree_in_persian_order() -> None:
    def one(key: str, name: str, parent: str | None = None) -> Organisation:
        return Organisation(key, name, key, "organisation", parent)

    known = [
        one("m", "وزارت"),
        one("p", "پست"),
        one("b", "بانک"),
        one("o2", "گ", "m"),
        one("o1", "ک", "m"),
        one("lost", "ی", "nobody"),
    ]
    found = tree(known, {"m": 1, "o1": 2, "o2": 4, "unknown": 9})
    assert [branch.organisation.id for branch in found] == ["b", "p", "m", "lost"]
    assert [office.organisation.id for office in found[2].offices] == ["o1", "o2"]
    assert (found[2].count, found[2].total) == (1, 7)


def test_everybody_is_listed_with_the_number_of_articles(client: Client, service: Service) -> None:
    found = page(client, "/organisations")
    registry = service.workspace.registry
    links = {str(link) for link in found.xpath("//main//a/@href")}
    assert {f"/organisations/{key}" for key in registry.organisations} <= links
    assert {f"/provinces/{key}" for key in registry.provinces} <= links
    (alborz,) = found.xpath("//li[a/@href='/provinces/alborz']//*[@class='number']/text()")
    total = client.get("/api/search", province="alborz", size=0).json["total"]
    assert alborz == PERSIAN.digits(total)


@pytest.mark.parametrize(
    ("path", "parameters"),
    [("/organisations/mcls", {"organisation": "mcls"}), ("/provinces/alborz", {"province": "alborz"})],
)
def test_an_overview_counts_what_its_search_finds(
    client: Client, path: str, parameters: dict[str, str]
) -> None:
    found = page(client, path)
    search = client.get("/api/search", **parameters, sort="date", size=10).json
    assert PERSIAN.text(COUNT, count=search["total"]) in found.text_content()
    latest = [str(link).rpartition("/")[2] for link in found.xpath("//ol[@class='latest']//h3/a/@href")]
    assert latest == [hit["id"] for hit in search["hits"]]
    (link,) = found.xpath("//p[@class='forms']/a[1]/@href")
    assert count(page(client, link)) == PERSIAN.text(COUNT, count=search["total"])


def test_the_months_of_an_overview_are_in_its_drawing_and_its_table(client: Client) -> None:
    found = page(client, "/organisations/mcls")
    rows = found.xpath("//section[@class='activity']//tbody/tr")
    bars = found.xpath("//section[@class='activity']//*[local-name()='rect'][@class='this']")
    assert len(rows) == len(bars) == 24
    search = client.get("/api/search", organisation="mcls", size=0).json["timeline"]
    counts = {PERSIAN.month_name(one["month"]): PERSIAN.digits(one["count"]) for one in search}
    shown = {row.xpath("string(th)"): row.xpath("string(td[1])") for row in rows}
    assert {month: shown[month] for month in counts if month in shown} == {
        month: number for month, number in counts.items() if month in shown
    }
    assert {number for month, number in shown.items() if month not in counts} == {"۰"}
    heights = [float(bar.get("height")) for bar in reversed(bars)]
    assert [height > 0 for height in heights] == [row.xpath("string(td[1])") != "۰" for row in rows]
    busy = next(row for row in rows if row.xpath("string(td[1])") != "۰")
    assert count(page(client, busy.xpath("th/a/@href")[0])).startswith(busy.xpath("string(td[1])"))


def test_the_names_of_an_overview_lead_to_the_articles_that_have_them(client: Client) -> None:
    found = page(client, "/organisations/mcls")
    for section in ("named-organisations", "named-provinces"):
        (first, *_) = found.xpath(f"//section[@aria-labelledby='{section}']//li")
        number = first.xpath("string(*[@class='number'])")
        found_there = count(page(client, first.xpath("a/@href")[0])).partition(" ")[0]
        assert to_number(found_there) >= to_number(number) > 0  # a county is found under its province, too


def test_an_organisation_without_articles_has_a_page(client: Client, service: Service) -> None:
    found = page(client, "/organisations/ana")
    assert not found.xpath("//section[@class='activity']")
    assert "هنوز خبری از آن گردآوری نشده است." in found.text_content()
    for path in ("/organisations/nobody", "/provinces/mcls", "/sources/nobody", "/organisations/%00"):
        page(client, path, 404)


# --- comparing ----------------------------------------------------------------------------------------------


def test_two_searches_are_counted_month_by_month(client: Client) -> None:
    given = {"a": "سازمان:mcls", "b": "کارگاه", "since": "1399-01", "until": "1399-12"}
    found = page(client, "/compare", **given)
    assert [found.xpath(f"//input[@name='{name}']/@value") for name in given] == [
        [one] for one in given.values()
    ]
    for column, name in ((1, "a"), (3, "b")):
        search = client.get("/api/search", q=given[name], since="1399-01", until="1399-12", size=0).json
        numbers = found.xpath(f"//tbody/tr/td[{column}]/text()")
        counts = {one["month"]: one["count"] for one in search["timeline"]}
        assert sorted(number for number in numbers if number != "۰") == sorted(
            PERSIAN.digits(number) for number in counts.values()
        )
        (legend,) = found.xpath(f"//ul[@class='legend']/li[span[contains(@class, 'key-{name}')]]")
        assert PERSIAN.text(COUNT, count=search["total"]) in legend.text_content()
        assert count(page(client, legend.xpath("a/@href")[0])) == PERSIAN.text(COUNT, count=search["total"])
    assert len(found.xpath("//*[local-name()='path'][@class='dot-a']")) == len(found.xpath("//tbody/tr"))


def test_shares_are_of_all_articles_of_the_month(client: Client) -> None:
    found = page(client, "/compare", a="سازمان:mcls", since="1399-03", until="1399-03")
    (row,) = found.xpath("//tbody/tr")
    number, share, everything, whole, total = row.xpath("td/text()")
    assert (everything, whole) == (total, "۱۰۰٪")
    assert abs(to_number(share.removesuffix("٪")) - 100 * to_number(number) / to_number(total)) <= 0.05


def test_a_long_time_is_compared_by_the_year(client: Client) -> None:
    found = page(client, "/compare", a="سازمان:mcls OR کارگاه", b="")
    assert 0 < len(found.xpath("//tbody/tr")) <= 60


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"a": "آب", "b": "until:abc"}, 400, "جستجوی دوم خوانده نشد. جای خطا: نویسهٔ ۷"),
        ({"a": 'از:"x', "b": "آب"}, 400, "جستجوی نخست خوانده نشد."),
        ({"a": "آب", "since": "abc"}, 422, "تاریخ آغاز خوانا نیست"),
        ({"a": "آب", "c": "x"}, 422, "پارامتر c"),
    ],
)
def test_a_comparison_that_cannot_be_read_keeps_its_form(
    client: Client, given: dict[str, str], status: int, told: str
) -> None:
    found = page(client, "/compare", status, **given)
    assert told in found.xpath("string(//*[@role='alert'])")
    assert found.xpath("//input[@name='a']/@value") == [given["a"]]


def test_an_overview_leads_to_its_comparison(client: Client) -> None:
    (link,) = page(client, "/organisations/mcls").xpath("//a[starts-with(@href, '/compare?')]/@href")
    found = page(client, link + "&b=" + quote(parse_qs(urlsplit(link).query)["a"][0]))
    total = client.get("/api/search", organisation="mcls", size=0).json["total"]
    assert found.xpath("//ul[@class='legend']").pop().text_content().count(PERSIAN.digits(total)) == 2


# --- sources ------------------------------------------------------------------------------------------------


def test_a_source_tells_what_was_wrong_and_what_its_articles_have(client: Client, service: Service) -> None:
    (link,) = page(client, "/sources").xpath("//tbody//th/a/@href")
    found = page(client, link)
    assert SCRIPT in found.xpath("string(//p[@class='problem'])")
    (run,) = found.xpath("//section[@aria-labelledby='runs']//tbody/tr")
    assert "ناموفق" in run.text_content()
    rows = found.xpath("//table[@class='coverage']/tbody/tr")
    assert len(rows) == 24
    gaps = [row for row in rows if row.get("class") == "gap"]
    assert all(set(row.xpath("td[position()>1]/text()")) == {"–"} for row in gaps)
    numbers = client.get("/api/search", source="mcls-alborz", size=0).json["timeline"]
    assert len(rows) - len(gaps) == len(numbers)
    newest = next(row for row in rows if row not in gaps)
    assert newest.xpath("string(th)") == PERSIAN.month_name(numbers[-1]["month"])
    assert newest.xpath("string(td[1])") == PERSIAN.digits(numbers[-1]["count"])


def test_a_source_that_nobody_has_crawled_has_a_page(client: Client) -> None:
    found = page(client, "/sources/ana")
    assert "هنوز چیزی گردآوری نشده است." in found.text_content()


# --- bulletins ----------------------------------------------------------------------------------------------


def test_chosen_articles_make_a_bulletin_in_their_order(client: Client, service: Service) -> None:
    found = page(client, "/", q="کارگاه")
    boxes = found.xpath("//form[@action='/bulletin']//input[@name='id']/@value")
    assert boxes == hits(found)
    chosen = [boxes[2], boxes[0]]
    bulletin = page(client, f"/bulletin?id={chosen[0]}&id={chosen[1]}&id={chosen[0]}")
    links = bulletin.xpath("//main/article/h2/a/@href")
    assert links == [f"/articles/{key}" for key in chosen]
    for key, shown in zip(chosen, bulletin.xpath("//main/article"), strict=True):
        article = service.article(key).article
        texts = shown.xpath("p[@dir and not(@class='kicker')]/text()")
        assert texts == [*filter(None, [article.lead]), *article.body]
        assert shown.xpath("string(.//p[contains(@class, 'source')])")
    whole = page(client, found.xpath("//p[@class='bulletin']/a/@href")[0])
    assert len(whole.xpath("//main/article")) == len(boxes)


def test_a_bulletin_can_be_of_leads_and_of_sheets(client: Client) -> None:
    ids = hits(page(client, "/", q="کارگاه"))[:2]
    address = "/bulletin?" + "&".join(f"id={key}" for key in ids)
    short, sheets = page(client, address).xpath("//p[@class='forms']/a[contains(@href, 'bulletin')]/@href")
    assert len(page(client, short).xpath("//main/article/p[@dir]")) < len(
        page(client, address).xpath("//main/article/p[@dir]")
    )
    assert len(page(client, sheets).xpath("//main/article[contains(@class, 'sheet')]")) == 2


def test_a_bulletin_tells_what_it_has_not(client: Client) -> None:
    assert "هیچ خبری برگزیده نشده است" in page(client, "/bulletin").text_content()
    assert "۲ خبر یافت نشد." in page(client, "/bulletin?id=abc&id=%00").text_content()
    page(client, "/bulletin?" + "&".join(f"id={number}" for number in range(101)), 422)


# --- in English ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/?q=کارگاه&since=1399-03", "/organisations", "/organisations/mcls", "/provinces/alborz",
     "/sources", "/sources/mcls-alborz", "/compare?a=کارگاه&b=استان:البرز", "/bulletin", "/nothing"],
)  # fmt: skip
def test_every_page_speaks_english(client: Client, path: str) -> None:
    """All that stands outside of what was published, or is named by its Persian name."""
    found = page(client, quote(path, safe="/?&=:"), 404 if path == "/nothing" else 200, english=True)
    persian = found.xpath(
        "//text()[not(ancestor::*[@lang='fa']) and re:test(., '[\u0600-\u06ff]')]"
        "[not(ancestor::bdi or ancestor::title or ancestor::dl or ancestor::mark)]",
        namespaces={"re": "http://exslt.org/regular-expressions"},
    )
    assert persian == []
