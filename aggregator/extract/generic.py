"""Reading a page whose maker is unknown: which element holds the text, and which words are its headline.

After the idea of Readability (text density and link density), tuned for the sites of Persian public
relations: hand-made pages without metadata, texts parted by ``<br>`` only or by ``<div>`` per paragraph,
tables as layout.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from aggregator.extract.document import Document
from aggregator.extract.lines import is_like_headline, is_section_word
from aggregator.extract.metadata import Metadata
from aggregator.extract.select import Finder, is_hidden, is_visible, text_of
from aggregator.extract.tidy import tidy
from aggregator.persian.fold import fold_key
from aggregator.platforms.base import Layout

#: Names that many sites use for the same thing; asked after the family's own.
COMMON = Layout(
    headline=(),
    body=(
        "[itemprop=articleBody]",
        "[property='schema:articleBody']",
    ),
    kicker=(
        ".rutitr", ".rotitr", ".ro-titr", ".roo-titr", ".rootitr", ".uptitle", ".up-title", ".kicker",
        ".surtitle", ".news-rutitr", ".news-rotitr", ".news_rutitr", "#rutitr", "#rotitr",
    ),
    lead=(
        ".lead", ".news-lead", ".news_lead", ".lid", ".news-lid", ".introtext", ".summary", ".news-summary",
        ".abstract", "#lead", "#lid", "[itemprop=description]:not(meta)",
    ),
    section=(
        ".breadcrumb li", ".breadcrumb a", ".breadcrumbs li", ".breadcrumbs a", "[aria-label=breadcrumb] a",
        "[class*=breadcrumb] a", "[class*=Breadcrumb] a", "[itemprop=articleSection]:not(meta)",
    ),
    keywords=(".tags a", "a[rel~=tag]", ".keywords a", ".tag-list a", "#tags a"),
    authors=(
        "[itemprop=author] [itemprop=name]", "[itemprop=author]:not(meta)", "a[rel=author]",
        ".byline .author",
    ),
    image=("[itemprop=image]",),
)  # fmt: skip

_BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol", "p",
    "pre", "section", "table", "tbody", "td", "th", "tr", "ul", "font", "html",
))  # fmt: skip
_DEAD_TAGS = frozenset((
    "script", "style", "noscript", "template", "head", "nav", "footer", "aside", "button", "select",
    "option", "svg", "iframe",
))  # fmt: skip
_POSITIVE = re.compile(
    r"(?:^|[-_ ])(?:article|body|content|detail|entry|khabar|main|matn|news|post|story|text)", re.I
)
_NEGATIVE = re.compile(
    r"(?:^|[-_ ])(?:ads?|adv\w*|aside|banner|bottom|breadcrumb\w*|comments?|copyright|footer|header|last"
    r"|latest|list"
    r"|login|masthead|menu|most|nav\w*|popular|related|search|share|side\w*|slider|social|tags?|top"
    r"|widget)(?:$|[-_ ])",
    re.I,
)
_SENTENCE_SIGNS = re.compile(r"[.؟!؛،]")
_MIN_TEXT = 25  #: characters of a block that count as text
_UP, _FURTHER = 0.95, 0.5  #: what of a block's weight its parent and its grandparent get
_TITLE_PARTS = re.compile(r"\s+[-|–—»«:•·]+\s+|\s*[|»«]\s*|\s*::\s*")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_TITLE_NAME = re.compile(r"titr|title|headline|onvan|subject", re.IGNORECASE)
_MAX_EXPANSIONS = 3
_MAX_TITLE = 500  #: characters; a longer one is no headline
_LONG_PARAGRAPH = 150  #: characters


@dataclass(slots=True)
class _Weight:
    """What a block holds itself, outside of the blocks in it."""

    text: int = 0
    linked: int = 0
    signs: int = 0

    @property
    def value(self) -> float:
        plain = self.text - self.linked
        if plain < _MIN_TEXT or self.linked > self.text * 0.6:
            return 0.0
        return plain / 80 + min(self.signs, plain / 40) * 0.4


def find_container(document: Document, finder: Finder) -> HtmlElement | None:
    """The element that holds the paragraphs of the page's text; None where there is no text."""
    for selector in COMMON.body:
        for element in finder.all(selector):
            if len(text_of(element)) >= 100:
                return element
    weights = _weigh(document.root)
    scores: dict[HtmlElement, float] = {}
    for element, weight in weights.items():
        _spread(scores, element, weight.value)
    if not scores:
        return None
    best = max(scores, key=lambda element: scores[element] * _name_factor(element))
    return _expand(best, weights)


def _spread(scores: dict[HtmlElement, float], element: HtmlElement, value: float) -> None:
    if not value:
        return
    if element.tag not in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6"):
        scores[element] = scores.get(element, 0.0) + value
    parent = element.getparent()
    if parent is None:
        return
    scores[parent] = scores.get(parent, 0.0) + value * _UP
    grandparent = parent.getparent()
    if grandparent is not None:
        scores[grandparent] = scores.get(grandparent, 0.0) + value * _FURTHER


def _weigh(root: HtmlElement) -> dict[HtmlElement, _Weight]:
    """Text of every block outside dead and hidden parts, in one walk."""
    weights: dict[HtmlElement, _Weight] = {}
    place: dict[HtmlElement, tuple[HtmlElement | None, bool]] = {}
    for element in root.iter():
        parent = element.getparent()
        block, linked = place.get(parent, (None, False)) if parent is not None else (None, False)
        if element.tail and block is not None:
            _add(weights, block, element.tail, linked)
        if not isinstance(element.tag, str) or element.tag in _DEAD_TAGS or is_hidden(element):
            continue
        if parent is not None and parent not in place:
            continue
        own = (element if element.tag in _BLOCK_TAGS else block, linked or element.tag == "a")
        place[element] = own
        if element.text and own[0] is not None:
            _add(weights, own[0], element.text, own[1])
    return weights


def _add(weights: dict[HtmlElement, _Weight], block: HtmlElement, text: str, linked: bool) -> None:
    length = len(text.strip())
    if not length:
        return
    weight = weights.setdefault(block, _Weight())
    weight.text += length
    weight.linked += length * linked
    weight.signs += len(_SENTENCE_SIGNS.findall(text))


def _name_factor(element: HtmlElement) -> float:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    factor = 1.2 if _POSITIVE.search(names) else 1.0
    if _NEGATIVE.search(names):
        factor *= 0.6
    return factor * (0.8 if element.tag in ("body", "html", "form") else 1.0)


def _expand(best: HtmlElement, weights: dict[HtmlElement, _Weight]) -> HtmlElement:
    """Further out, as long as that brings much plain text and few links."""
    for _ in range(_MAX_EXPANSIONS):
        parent = best.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        plain, linked = _sums(parent, weights)
        if plain < 1.25 * _sums(best, weights)[0] or linked > 0.3 * plain:
            break
        best = parent
    return best


def _sums(element: HtmlElement, weights: dict[HtmlElement, _Weight]) -> tuple[int, int]:
    parts = [weights[inner] for inner in element.iter() if inner in weights]
    return sum(part.text - part.linked for part in parts), sum(part.linked for part in parts)


# --- headline -----------------------------------------------------------------------------------------------


def find_headline(
    document: Document, metadata: Metadata, container: HtmlElement | None
) -> tuple[str | None, HtmlElement | None]:
    """The headline as people see it, and its element; without an element where only metadata has it."""
    claimed = metadata.text("headline") or metadata.first(
        "og:title", "twitter:title", "dc.title", "itemprop:headline"
    )
    claimed = claimed if claimed and len(claimed) <= _MAX_TITLE else None
    seen = [
        (text, element)
        for element in _visible_headings(document.root, container)
        if is_like_headline(text := text_of(element)) and not _links_home(element)
    ]
    for titles in ([claimed], [metadata.title, *_TITLE_PARTS.split(metadata.title)]):
        meant = [one for one in seen if any(title and _speaks_of(title, one[0]) for title in titles)]
        if meant:
            # The site's name is another part of the title, and shorter.
            return max(meant, key=lambda one: len(one[0]))
    if claimed and not is_section_word(claimed):
        return without_site_name(claimed, metadata.first("og:site_name")), None
    seen = [(text, element) for text, element in seen if not _links_elsewhere(element, document)]
    best = min((_rank(element) for _, element in seen), default=0)
    # Of several of one rank, the last is nearest to the text: those before it are the site's.
    return next(((text, one) for text, one in reversed(seen) if _rank(one) == best), (None, None))


def _visible_headings(root: HtmlElement, container: HtmlElement | None) -> Iterator[HtmlElement]:
    """Headings and elements named like one, outside dead parts, up to the first paragraph of the
    container."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if (
            element.tag == "p"
            and container in element.iterancestors()
            and len(text_of(element)) > _LONG_PARAGRAPH
        ):
            return
        if _is_heading(element) and is_visible(element) and not _in_dead(element):
            yield element


def _is_heading(element: HtmlElement) -> bool:
    if element.tag in _HEADINGS:
        return True
    if element.tag not in ("div", "span", "a", "p", "td", "strong", "b", "font"):
        return False
    return _TITLE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


def _in_dead(element: HtmlElement) -> bool:
    return any(ancestor.tag in _DEAD_TAGS for ancestor in element.iterancestors())


def _rank(element: HtmlElement) -> int:
    return _HEADINGS.index(element.tag) if element.tag in _HEADINGS else 2


def _links_elsewhere(element: HtmlElement, document: Document) -> bool:
    """Whether a heading is the link of a teaser: an article's own headline links to nothing else."""
    return any(
        href and not href.startswith(("#", "javascript:")) and href not in document.url
        for href in _hrefs(element)
    )


def _links_home(element: HtmlElement) -> bool:
    return any(re.fullmatch(r"(?:https?://[^/]+)?/(?:[a-z]{2}/?)?", href) for href in _hrefs(element))


def _hrefs(element: HtmlElement) -> list[str]:
    links = [*element.iter("a"), *element.iterancestors("a")]
    return [(link.get("href") or "").strip() for link in links]


def _speaks_of(title: str, heading: str) -> bool:
    """Whether a title is a heading, perhaps with the site's name before or after it, or cut short."""
    whole, part = fold_key(title), fold_key(heading)
    if len(part) < 6 or whole == part:
        return whole == part
    if len(part) > len(whole):
        whole, part = part, whole
    return len(part) >= 12 and len(part) > 0.4 * len(whole) and part in whole


def without_site_name(title: str, site: str | None = None) -> str:
    """A title without the site's name at its end or its beginning."""
    if site and fold_key(title) != fold_key(site):
        for cut in (rf"\s*[-|–—:»«•]+\s*{re.escape(site)}$", rf"^{re.escape(site)}\s*[-|–—:»«•]+\s*"):
            title = re.sub(cut, "", title)
    return tidy(title)


def title_headline(title: str) -> str | None:
    """The headline in a title element: its longest part, unless that is a section word or too short."""
    parts = [part for part in (tidy(part) for part in _TITLE_PARTS.split(title)) if is_like_headline(part)]
    longest = max(parts, key=len, default=None)
    return longest if longest and len(longest.split()) >= 4 else None


# --- what stands around -------------------------------------------------------------------------------------


def between(scope: HtmlElement, headline: HtmlElement, container: HtmlElement) -> Iterator[HtmlElement]:
    """The innermost blocks of text after the headline and before the container, where these stand apart."""
    inside = set(headline.iterdescendants())
    after = False
    for element in scope.iter():
        if element is container:
            return
        if element is headline:
            after = True
        elif after and element not in inside and _holds_text(element) and is_visible(element):
            yield element


def _holds_text(element: HtmlElement) -> bool:
    if element.tag not in _BLOCK_TAGS or element.tag in ("ul", "ol", "table", "tr"):
        return False
    return not any(inner.tag in _BLOCK_TAGS for inner in element.iterdescendants())
