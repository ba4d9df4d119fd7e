"""Paragraphs of a part of a page, in reading order."""

import re
from dataclasses import dataclass

import lxml.html
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag
from lxml import etree

from aggregator.extract.tidy import has_words, tidy

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_SKIPPED = frozenset((
    "script", "style", "noscript", "template", "iframe", "input", "button", "select", "textarea",
    "option", "svg", "canvas", "object", "embed", "video", "audio", "map", "figure", "figcaption",
    "head", "title", "link", "meta",
))  # fmt: skip
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
#: Elements nested deeper than this are read as one piece of text.
_MAX_DEPTH = 150
#: A cell with more characters than this holds running text: its table only serves to lay out the page.
_LONG_CELL = 600


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph."""

    text: str
    linked: float = 0.0  #: share of its characters that are links
    strong: bool = False  #: a heading, or all in bold
    group: int = 0  #: paragraphs parted by nothing but a line break have the same number


def read_blocks(container: lxml.html.HtmlElement) -> list[Block]:
    """The paragraphs of a subtree. A list item, a table row (its cells joined by a space) and each line that
    a ``<br>`` ends is a paragraph."""
    markup = etree.tostring(container, encoding="unicode", method="html", with_tail=False)
    reader = _Reader()
    reader.read(BeautifulSoup(markup, "lxml"))
    return reader.blocks


class _Reader:
    """Walks through a soup and collects paragraphs."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._strong = 0
        self._group = 0

    def read(self, soup: Tag) -> None:
        self._children(soup, 0, link=False, strong=False)
        self._flush()

    def _children(self, tag: Tag, depth: int, *, link: bool, strong: bool, lines: bool = True) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                self._tag(child, depth, link=link, strong=strong, lines=lines)
            else:
                self._text(child, link=link, strong=strong)

    def _text(self, node: PageElement, *, link: bool, strong: bool) -> None:
        if not isinstance(node, NavigableString) or isinstance(node, PreformattedString):
            return
        text = str(node)
        self._pieces.append(text)
        length = len(text.strip())
        self._linked += length * link
        self._strong += length * strong

    def _tag(self, tag: Tag, depth: int, *, link: bool, strong: bool, lines: bool) -> None:
        name = tag.name
        if name in _SKIPPED:
            return
        link = link or name == "a"
        strong = strong or name in ("b", "strong") or name in _HEADINGS
        if name == "br" and lines:
            self._flush()
        elif name == "br":
            self._pieces.append(" ")
        elif depth > _MAX_DEPTH:
            self._pieces.append(f" {tag.get_text(' ')} ")
        elif name == "table":
            self._end()
            self._table(tag, depth)
        elif name == "pre":
            self._preformatted(tag)
        elif name in _BLOCKS:
            self._end()
            lines = lines and name not in _HEADINGS and not (name == "li" and _is_short_item(tag))
            self._children(tag, depth + 1, link=link, strong=strong, lines=lines)
            self._end()
        else:
            self._children(tag, depth + 1, link=link, strong=strong, lines=lines)

    def _preformatted(self, tag: Tag) -> None:
        self._end()
        for line in tag.get_text().splitlines():
            self._pieces.append(line)
            self._flush()
        self._end()

    def _table(self, table: Tag, depth: int) -> None:
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        cells = [list(row.find_all(("td", "th"), recursive=False)) for row in rows]
        if not rows or _is_layout(table, cells):
            self._children(table, depth + 1, link=False, strong=False)
            self._end()
            return
        for caption in table.find_all("caption"):
            self._whole(caption)
        for row in cells:
            self._row(row)

    def _row(self, row: list[Tag]) -> None:
        """All cells of a row as one paragraph, read by the same rules as other text."""
        texts: list[str] = []
        for cell in row:
            reader = _Reader()
            reader.read(cell)
            texts.extend(block.text for block in reader.blocks)
            self._linked += sum(round(len(block.text) * block.linked) for block in reader.blocks)
        self._pieces.append(" ".join(texts))
        self._end()

    def _whole(self, tag: Tag) -> None:
        self._children(tag, 0, link=False, strong=False, lines=False)
        self._end()

    def _end(self) -> None:
        """The end of a block: what follows is no more than neighbouring."""
        self._flush()
        self._group += 1

    def _flush(self) -> None:
        if not self._pieces:
            return
        text = tidy("".join(self._pieces))
        if has_words(text):
            size = max(1, len(text))
            self.blocks.append(
                Block(text, min(1.0, self._linked / size), self._strong > 0.9 * size - 2, self._group)
            )
        self._pieces = []
        self._linked = self._strong = 0


def _is_short_item(item: Tag) -> bool:
    """An item that is one paragraph, though a line break stands in it."""
    return item.find(("p", "div", "ul", "ol", "table")) is None


def _is_layout(table: Tag, rows: list[list[Tag]]) -> bool:
    if table.find("table") is not None or all(len(row) <= 1 for row in rows):
        return True
    return any(_is_running_text(cell) for row in rows for cell in row)


def _is_running_text(cell: Tag) -> bool:
    parts = len(cell.find_all(("p", "div", "br")))
    return parts >= 2 and len(re.sub(r"\s+", " ", cell.get_text())) > _LONG_CELL
