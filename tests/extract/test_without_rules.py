"""The generic reading: our pages with all that names a family, a field or a part of the page taken away."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.extract import extract
from aggregator.model import Article, Page

PAGES = Path(__file__).parent.parent / "pages"
#: Pages whose text the markup alone cannot give: pictures only, metadata only, another encoding.
BEYOND = {"photo", "metadata-only", "windows-1256"}
CASES = [case for case in sorted(PAGES.glob("*/*.json")) if case.stem not in BEYOND]
_NAMES = re.compile(r"""\s(?:class|id|itemprop)=("[^"]*"|'[^']*')""")
_FAMILY = re.compile(
    r"/client/themes/|nastooh|Saman Information|sis-eg|Aryanic|highportal|siteid-pageid|EndContent"
    r"|MediaServer|Dorsapax|blockseprator"
    r"|dorsaetools\w*|GetResource|tasnimnews|wp-content|Drupal|saba-backlink|/fa/tiny/news-|<!-- \d+ -->"
    r"|<meta [^>]*>|<script.*?</script>",
    re.DOTALL,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_headline_and_body(page: Callable[..., Page], case: Path) -> None:
    expected = json.loads(case.read_text(encoding="utf-8"))
    markup = _FAMILY.sub("", _NAMES.sub("", case.with_suffix(".html").read_text(encoding="utf-8")))
    article = extract(page(markup, re.sub("://[^/]+", "://www.other.example", expected["url"])))
    assert isinstance(article, Article), article
    assert article.headline == expected["headline"]
    found = [text for text in (article.kicker, article.lead, *article.body) if text]
    missing = [text for text in expected["body"] if text not in found]
    # A link to a document at the end is taken for a part of the page; the document itself is not lost.
    assert len(missing) <= len(expected.get("attachments", ()))
    known = {expected.get("kicker"), expected.get("lead"), expected.get("section"), *expected["body"]}
    assert len([text for text in found if text not in known]) <= 1
