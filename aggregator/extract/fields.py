"""The fields of an article beside its body: from the family's layout, else metadata, else the usual names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from aggregator.extract.metadata import Metadata, person_names
from aggregator.extract.select import Finder, is_visible, text_of
from aggregator.extract.tidy import has_words, tidy
from aggregator.persian.digits import to_latin_digits

_BARE_TAG = re.compile(r"(?:^|[\s>])(?:h[1-6]|p|a|time|li)$")
_CRUMB_EDGES = " »«›‹>\\/|:-–—•·←→"
_HOME = re.compile(
    r"^\W*(?:صفحه\s*(?:نخست|اصل[یي]|اول)|خانه|home(?: page)?|سرو[یي]س|گروه)\W*$", re.IGNORECASE
)
_SPLIT = re.compile(r"\s*[،,;؛|]\s*")
_DIGITS = re.compile(r"\d{3,}")
_CODE = re.compile(r"(?:کد|شناسه|شماره)\s*(?:خبر|مطلب)\s*[:：#]?\s*(\d[\d-]{2,})")
_ORGANISATION = re.compile(
    r"خبرگزار[یي]|روابط\s*عموم[یي]|پا[یي]گاه|سا[یي]ت|وزارت|سازمان|اداره|شرکت|تحر[یي]ر[یي]ه|مد[یي]ر"
    r"|ادم[یي]ن|استاندار[یي]|دانشگاه|باشگاه|گروه"
    r"|دفتر|مرکز|www\.|https?:|[|@]|\badmin|\beditor|\bnews\b|agency|\bir$",
    re.IGNORECASE,
)
_MAX_AUTHOR = 60
_LOOKED_AT = 4  #: elements of one name that are looked at
_MANY = 2  #: elements of one name far from the article, above which they are a list of other stories


@dataclass(slots=True)
class Text:
    """A text with where it came from and, where it stands on the page, its element."""

    value: str
    origin: str
    element: HtmlElement | None = None


def first_text(
    finder: Finder, selectors: Sequence[str], bodies: Sequence[HtmlElement], origin: str
) -> Text | None:
    """The text of the first element that one of the selectors finds, the narrowest scope first.

    An element that is there and empty says that there is none: the search ends. What comes after the body
    belongs to other stories, and so does what is there many times. Bare headings inside the body are its
    sub-headings, unless nothing stands before them.
    """
    for scope in finder.scopes:
        for selector in selectors:
            found = [one for one in finder.all(selector, scope) if is_visible(one) and one not in bodies]
            if len(found) > _MANY and scope is not finder.scopes[0]:
                continue
            found = [one for one in found[:_LOOKED_AT] if _is_own(selector, one, scope, bodies)]
            for element in found:
                if has_words(text := text_of(element)):
                    return Text(text, origin, element)
            if found and scope is not finder.scopes[-1]:
                return None
    return None


def _is_own(selector: str, element: HtmlElement, scope: HtmlElement, bodies: Sequence[HtmlElement]) -> bool:
    body = next((one for one in bodies if one in element.iterancestors()), None)
    if body is not None:
        return not _BARE_TAG.search(selector) or _opens(body, element)
    return not bodies or next(one for one in scope.iter() if one is element or one in bodies) is element


def _opens(body: HtmlElement, element: HtmlElement) -> bool:
    """Whether nothing but short lines stands in the body before the element."""
    for inner in body.iterdescendants():
        if inner is element:
            return True
        if inner.tag == "p" and len(text_of(inner)) > 40:
            return False
    return False


def elements(finder: Finder, selectors: Sequence[str]) -> Iterator[tuple[str, list[HtmlElement]]]:
    """For each selector that finds something visible in the narrowest scope, what it finds; scope by
    scope."""
    for scope in finder.scopes:
        for selector in selectors:
            found = [element for element in finder.all(selector, scope) if is_visible(element)]
            if found:
                yield selector, found


# --- section, keywords, authors, code -----------------------------------------------------------------------


def read_section(finder: Finder, selectors: Sequence[str], headline: str) -> str | None:
    """The breadcrumb: its items joined by `` > ``, without «صفحه نخست», the headline and repetitions."""
    for _, found in elements(finder, selectors):
        path = section_path([text_of(one) for one in _first_group(found)], headline)
        if path:
            return path
    return None


def _first_group(found: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Of several copies of the breadcrumb, the first: the items of one list."""
    home = _list_of(found[0])
    return [one for one in found if _list_of(one) is home]


def _list_of(element: HtmlElement) -> HtmlElement | None:
    lists = (one for one in element.iterancestors() if one.tag in ("ol", "ul", "nav"))
    return next(lists, element.getparent())


def section_path(items: Iterable[str], headline: str) -> str | None:
    """Items of a breadcrumb as one string."""
    path: list[str] = []
    for item in items:
        name = tidy(item.strip(_CRUMB_EDGES))
        if (
            not has_words(name)
            or _HOME.match(name)
            or name == headline
            or len(name) > 60
            or name in path[-1:]
        ):
            continue
        path.append(name)
    return " > ".join(path) or None


def read_keywords(finder: Finder, selectors: Sequence[str]) -> list[str]:
    """Keywords of the list of tags: of the first selector that finds any."""
    for _, found in elements(finder, selectors):
        words = clean_keywords(text_of(element) for element in found)
        if words:
            return words
    return []


def clean_keywords(words: Iterable[str]) -> list[str]:
    """Keywords without marks at their ends, each once."""
    cleaned = (tidy(word.strip(" #،,؛;.:-\u200c")) for word in words)
    return list(dict.fromkeys(word for word in cleaned if has_words(word) and len(word) <= 80))


def metadata_keywords(metadata: Metadata) -> tuple[list[str], str]:
    """Keywords of the metadata, and which kind of metadata it was."""
    for words, origin in (
        (metadata.every("article:tag"), "opengraph"),
        (metadata.texts("keywords"), "json-ld"),
        (metadata.every("news_keywords", "keywords"), "meta"),
    ):
        parts = clean_keywords(part for word in words for part in _SPLIT.split(word))
        # With the home page among them, they say where the page stands in the site, not what it is about.
        if parts and not any(_HOME.match(part) for part in parts):
            return parts, origin
    return [], ""


def near_texts(finder: Finder, selectors: Sequence[str]) -> list[str]:
    """Texts of all elements near the article that a selector finds; of the first selector that finds any."""
    for scope in finder.scopes[:-1]:
        for selector in selectors:
            if found := [one for one in finder.all(selector, scope) if is_visible(one)]:
                return [text_of(one) for one in found]
    return []


def read_authors(texts: Iterable[str], site_names: Iterable[str]) -> list[str]:
    """Names of persons among the texts of bylines: no offices, no sites, no numbers."""
    sites = [name for name in site_names if name]
    names = []
    for text in texts:
        name = tidy(re.sub(r"^[^:：]{0,20}[:：]\s*", "", text))
        of_site = any(name in site or site in name for site in sites)
        if _is_person(name) and not of_site:
            names.append(name)
    return list(dict.fromkeys(names))


def _is_person(name: str) -> bool:
    return 4 <= len(name) <= _MAX_AUTHOR and not re.search(r"\d", name) and not _ORGANISATION.search(name)


def metadata_authors(metadata: Metadata) -> tuple[list[str], str]:
    """Authors of the metadata, and which kind of metadata it was. A name in the page's title is the
    site's."""
    sites = [*metadata.every("og:site_name", "publisher", "dc.publisher", "application-name"), metadata.title]
    persons = read_authors(person_names(metadata.article.get("author")), sites)
    if persons:
        return persons, "json-ld"
    return read_authors(metadata.every("article:author", "author", "dc.creator"), sites), "meta"


def read_code(finder: Finder, selectors: Sequence[str]) -> str | None:
    """The number in the first element of the layout that holds one, in Latin digits."""
    for _, found in elements(finder, selectors):
        for element in found:
            digits = _DIGITS.search(to_latin_digits(text_of(element)))
            if digits:
                return digits[0]
    return None


def labelled_code(scope: HtmlElement) -> str | None:
    """The number behind «کد خبر» in the text of an element, in Latin digits."""
    match = _CODE.search(to_latin_digits(text_of(scope)))
    return match[1].strip("-") if match else None
