"""The article that it all began with, on sites of three kinds: crawled, stored, found however it is spelt.

Its text is not ours, so it is read from the shared material; without that, an article of ours with the same
traits stands in (glued words, spaced affixes, a ministry in four spellings, an event date beside the stamp).
"""

from datetime import datetime
from pathlib import Path

import pytest

from aggregator.commands.demo import write_sources
from aggregator.demo.server import Portal
from aggregator.demo.site import Site
from aggregator.demo.stories import Block, Story
from aggregator.persian.calendar import TEHRAN, from_jalali
from aggregator.registry import load_registry
from aggregator.search import search
from aggregator.search.results import SearchRequest
from aggregator.workspace import open_workspace
from tests.e2e.conftest import Run

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed-article.txt"
STAMP = datetime(2020, 6, 9, 9, 1, tzinfo=TEHRAN)  # ۲۰ خرداد ۱۳۹۹ ۰۹:۰۱

OURS = """اخبار

نشست هم اندیشی درباره شبکه های اجتماعی در اداره کل تعاون،کارورفاه استان البرز

آشنایی با شبکه های اجتماعی
نشست کاربرد شبکه های اجتماعی از سوی مرکزروابط عمومی وزارت تعاون،کار ورفاه اجتماعی روز دوشنبه 19 خرداد برپا شد.

در این نشست نماینده وزارت تعاون،کارورفاه اجتماعی گفت : هر خبر باید سنجیده شود وهیچ دستگاهی بی نیاز نیست.

به گفته وی وزارت تعاون کار در هر استان یک نفر را مامور پاسخگویی میکند.

۲۰ خرداد ۱۳۹۹ ۰۹:۰۱"""

SPELLINGS = ("تعاون،کارورفاه", "تعاون،کار ورفاه اجتماعی", "تعاون،کارورفاه اجتماعی", "تعاون کار")


def story(text: str) -> Story:
    section, headline, opening, *body = text.split("\n\n")
    kicker, lead = opening.split("\n")
    assert body.pop().strip() == "۲۰ خرداد ۱۳۹۹ ۰۹:۰۱"
    blocks = tuple(Block("paragraph", ((paragraph.strip(),),)) for paragraph in body)
    return Story(1399, headline, STAMP, blocks, kicker=kicker, lead=lead, section=(section.strip(),))


@pytest.mark.parametrize("family", ["nastooh", "iransamaneh", "handmade"])
def test_it_is_found_by_everything_that_it_is(family: str, run: Run, data: Path, tmp_path: Path) -> None:
    article = story(SEED.read_text(encoding="utf-8") if SEED.exists() else OURS)
    site = Site(family, [article], source="mcls-alborz", organisation="mcls-alborz")
    with Portal([site]) as portal:
        write_sources(portal.sources(), load_registry(), tmp_path / "sources")
        crawl = run("crawl", "mcls-alborz", "--sources", "sources", "--delay", "0")
        assert crawl.status == 0, crawl.err

    (record,) = run("export").records
    assert record["date_published"] == "2020-06-09T04:31:00Z"
    assert record["date_published_jalali"] == "1399-03-20"
    assert record["headline"] == article.headline
    assert (record["organisation"], record["province"]) == ("mcls-alborz", "alborz")
    body = [*([article.lead] if "lead" not in site.family.shows else []), *article.paragraphs]
    assert record["body"].split("\n") == body

    assert {"mcls", "mcls-alborz"} <= {mention["id"] for mention in record["mentions"]}
    days = {date["day_jalali"] for date in record["event_dates"]}
    assert "1399-03-19" in days  # of the event, a day before the stamp
    for found in (*record["mentions"], *record["event_dates"]):
        assert record[found["field"]][found["start"] : found["end"]] == found["text"]

    found_by = [
        SearchRequest(query="شبکه‌های اجتماعی"),
        SearchRequest(query="شبكه هاي اجتماعي"),
        SearchRequest(query="شبکههای اجتماعی"),
        SearchRequest(query='"شبکه‌های اجتماعی"'),
        SearchRequest(query="province:alborz"),
        SearchRequest(query="استان:البرز"),
        SearchRequest(province="استان البرز"),
        SearchRequest(query="since:1399-03-01 until:1399-03-31"),
        SearchRequest(since=from_jalali(1399, 3, 20), until=from_jalali(1399, 3, 20)),
        *(SearchRequest(query=f'سازمان:"{name}"') for name in SPELLINGS),
        *(SearchRequest(organisation=f"وزارت {name}") for name in SPELLINGS),
        SearchRequest(organisation="اداره کل تعاون،کارورفاه استان البرز"),
        *(SearchRequest(mentions=f"وزارت {name}") for name in SPELLINGS),
        SearchRequest(query="mentions:mcls-alborz اشاره:البرز"),
    ]
    missed_by = [
        SearchRequest(query="since:1399-03-21"),
        SearchRequest(query="until:1399-03-19"),
        SearchRequest(query="province:tehran"),
        SearchRequest(organisation="وزارت نیرو"),
        SearchRequest(mentions="وزارت نیرو"),
    ]
    with open_workspace(data=data) as workspace:
        for request in found_by:
            hits = search(request, workspace.index, workspace.registry).hits
            assert [hit.id for hit in hits] == [record["id"]], request
        for request in missed_by:
            assert search(request, workspace.index, workspace.registry).total == 0, request
    typed = run(
        "search", "--json", "شبكه", "هاي", "اجتماعي", "--since", "۱۳۹۹/۰۳/۰۱", "--until", "2020-06-20"
    )
    assert [hit["id"] for hit in typed.json["hits"]] == [record["id"]]
