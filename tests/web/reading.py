"""Reads pages as a browser without scripts has them."""

from itertools import pairwise
from urllib.parse import urlsplit

from lxml import html

from aggregator.web.language import COOKIE
from tests.web.conftest import Client

Page = html.HtmlElement
_RE = {"re": "http://exslt.org/regular-expressions"}
ENGLISH = {"Cookie": f"{COOKIE}=en"}


def page(
    client: Client, path: str, status: int = 200, *, english: bool = False, **parameters: object
) -> Page:
    """A page, after the checks that hold for each."""
    answer = client.get(path, ENGLISH if english else None, **parameters)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    found = html.document_fromstring(answer.text)
    assert (found.get("lang"), found.get("dir")) == (("en", "ltr") if english else ("fa", "rtl"))
    check(found)
    return found


def check(found: Page) -> None:
    """Nothing runs or is styled in place, links are of the web, fields have labels, headings their order."""
    assert not found.xpath("//style | //iframe | //img | //*[@style] | //*[@onerror or @onclick]")
    assert not found.xpath("//script[not(starts-with(@src, '/static/')) or node()]")
    assert len(found.xpath("//h1")) == 1
    assert found.xpath("//title/text()")
    assert found.xpath("//a[@class='skip']/@href") == ["#main"]
    check_links(found)
    labelled = set(found.xpath("//label/@for"))
    for box in found.xpath("//input[not(@type='hidden')] | //select"):
        assert box.get("id") in labelled or box.getparent().tag == "label"
    for button in found.xpath("//button"):
        assert (button.text_content() + (button.get("aria-label") or "")).strip(), html.tostring(button)
    ids = found.xpath("//*/@id")
    assert len(ids) == len(set(ids))
    check_order(found)


def check_links(found: Page) -> None:
    for address in found.xpath("//a/@href | //link/@href | //form/@action"):
        assert urlsplit(address).scheme in ("", "http", "https"), address
    for link in found.xpath("//a[starts-with(@href, 'http')]"):
        assert link.get("rel") == "noopener noreferrer nofollow"
    for link in found.xpath("//a"):
        assert (link.text_content() + (link.get("aria-label") or "")).strip(), html.tostring(link)


def check_order(found: Page) -> None:
    """No heading skips a level, and every table has a name and headings of its columns."""
    headings = found.xpath(
        "//main//*[re:test(local-name(), '^h[1-6]$')][not(ancestor::dialog)]", namespaces=_RE
    )
    levels = [int(one.tag[1]) for one in headings]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    for table in found.xpath("//table"):
        assert table.xpath("caption") or table.get("aria-labelledby") or table.get("aria-label")
        assert table.xpath("thead//th[@scope='col']")


def hits(found: Page) -> list[str]:
    """The ids of the articles found, in their order."""
    return [str(link).rpartition("/")[2] for link in found.xpath("//section[@class='results']//h3/a/@href")]


def count(found: Page) -> str:
    """How many were found, as it is told."""
    return str(found.xpath("string(//h2[@id='count'])"))
