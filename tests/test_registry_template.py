"""The file that is written for a new site, and the files shown in the documentation."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aggregator.registry import load_registry, new_source_id, render_source_yaml


def load(tmp_path, content):
    """The registry with a file of this text."""
    path = tmp_path / "new.yaml"
    path.write_text(content, encoding="utf-8")
    return load_registry([path])


def test_a_new_file_can_be_loaded_as_it_is(tmp_path):
    text = render_source_yaml("https://news.example.ir/fa/", platform="nastooh", feeds=["/rss", "/a,b:[c]"])
    registry = load(tmp_path, text)
    source = registry.sources["news-example"]
    assert (source.url, source.platform) == ("https://news.example.ir/fa/", "nastooh")
    assert source.feeds == ("/rss", "/a,b:[c]")
    assert source.verified is None
    assert registry.organisations["news-example"].name == "news.example.ir"


def test_the_comments_of_a_new_file_are_true(tmp_path):
    """Every field that is only shown, with its «# » taken away, is accepted."""
    text = render_source_yaml("https://news.example.ir/", name="نام", platform="nastooh")
    shown = re.sub(r"(?m)^( *)# (?=(?:  - a |[a-z_]+:))", r"\1", text)
    registry = load(tmp_path, shown)
    organisation, source = registry.organisations["news-example"], registry.sources["news-example"]
    assert (organisation.parent, organisation.province, organisation.aliases) == (
        "mcls",
        "alborz",
        ("a short name",),
    )
    assert (source.feeds, source.sitemaps, source.listings) == (("/rss",), ("/sitemap.xml",), ("/news",))
    assert (source.delay, source.verified) == (5, date(2024, 5, 30))
    assert organisation.name_en
    assert source.evidence


@settings(max_examples=40, deadline=None)  # each loads the whole registry
@given(
    name=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=60)
)
def test_any_name_survives_the_writing(name, tmp_path_factory):
    assume(name.strip())
    path = tmp_path_factory.getbasetemp() / "new.yaml"
    path.write_text(render_source_yaml("http://example.ir/", name=name), encoding="utf-8")
    assert load_registry([path]).label("example") == " ".join(name.split())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.shahr.ir/", "shahr"),
        ("http://news.mrud.ir", "news-mrud"),
        ("https://alborz.mcls.gov.ir/fa", "alborz-mcls"),
        ("http://127.0.0.1:8000/", "127-0-0-1-8000"),
        ("http://localhost:8000", "localhost-8000"),
        ("http://xn--mgba3a4f16a.xn--mgba3a4f16a/", "xn-mgba3a4f16a-xn-mgba3a4f16a"),
        ("http://no.ir/", "no"),
        ("http://[::1]/", "1"),
        ("https://" + "a" * 63 + ".ir/", "a" * 60),
    ],
)
def test_ids_come_from_the_host(url, expected, tmp_path):
    assert new_source_id(url) == expected
    assert load(tmp_path, render_source_yaml(url)).sources[expected].url == url


def test_ids_in_use_get_a_number():
    registry = load_registry()
    assert new_source_id("https://irna.ir/", registry) == "irna-2"
    assert new_source_id("https://tehran.ir/", registry) == "tehran-2", "a province's id"
    assert new_source_id("https://alborz-karaj.ir/", registry) == "alborz-karaj-2", "a county's id"
    assert new_source_id("https://shahr.ir/", registry) == "shahr"


def test_the_files_shown_in_the_documentation_are_right(tmp_path):
    text = (Path(__file__).parents[1] / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    short, full = (load(tmp_path, shown) for shown in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL))
    assert short.sources["shahr"].url == full.sources["shahr"].url.removesuffix("fa/")
    assert full.sources["shahr-photo"].organisation == "shahr"
