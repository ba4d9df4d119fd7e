"""A site that is in no registry, of every CMS family: all its articles are collected, none is invented."""

import pytest

from aggregator.demo.families import FAMILIES
from aggregator.demo.server import Portal
from aggregator.demo.site import DeadEnd, Site
from aggregator.demo.synthetic import synthetic_articles
from tests.e2e.conftest import Run

ARTICLES = 65  # more than three pages of a list, and than three feeds hold
EXACT = ("headline", "kicker", "lead", "section", "keywords", "authors", "code", "attachments", "main_image",
         "date_published", "date_precision")  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_every_article_is_collected_and_nothing_else(family: str, run: Run) -> None:
    dead_ends = [DeadEnd("soft-404", "خبری که دیگر نیست"), DeadEnd("login", "ویژه همکاران")]
    site = Site(family, synthetic_articles(ARTICLES, seed=7), dead_ends=dead_ends)
    with Portal([site]) as portal:
        crawl = run("crawl", site.base_url + "/", "--delay", "0", "--json")
        truth = {record["headline"]: record for record in site.truth()}
        asked = portal.requests(site.source_id)
    assert crawl.status == 0, crawl.err
    records = run("export").records
    found = {record["headline"]: record for record in records}

    assert sorted(found) == sorted(truth)
    assert len(records) == len(truth)
    # A hand-made page has no breadcrumb, but the word «اخبار» above its headline may be taken for one.
    compared = [name for name in EXACT if name != "section" or name in site.family.shows]
    for headline, record in truth.items():
        article = found[headline]
        wrong = {name: (article[name], record[name]) for name in compared if article[name] != record[name]}
        assert not wrong, article["url"]
        assert article["body"].split("\n") == record["body"], article["url"]
    assert not [request.target for request in asked if request.target.startswith(site.forbidden)]
    targets = [request.target for request in asked]
    assert len(targets) == len(set(targets)), "asked for a page twice"
