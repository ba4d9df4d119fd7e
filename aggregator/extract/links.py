"""Pictures and documents of an article."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "src")
_DOCUMENT = re.compile(
    r"\.(?:pdf|docx?|xlsx?|xlsm|pptx?|ppsx?|odt|ods|odp|rtf|csv|zip|rar|7z|epub|txt)$", re.IGNORECASE
)
_DECORATION = re.compile(
    r"/(?:icons?|logos?|smil\w+|emojis?|avatars?|barcode|captcha|qr-?code)(?:/|$)"
    r"|(?:^|[/_.-])(?:logo|icon|favicon|spacer|blank|pixel|loading|loader|avatar|smil\w+|emoji"
    r"|placeholder|default"
    r"|no-?(?:image|pic|photo)|sprite|barcode|qr-?code|captcha|banner|share|print)(?:[_.\d-][^/]*)?$",
    re.IGNORECASE,
)
#: nastooh keeps one picture in several sizes: /d/2020/02/17/4/5346581.jpg
_SIZE = re.compile(r"(/d/\d{4}/\d\d/\d\d)/\d/")
_TIME_STAMP = re.compile(r"[?&]ts=\d+$")
_MIN_SIDE = 60  #: pixels; smaller pictures are icons


def absolute(address: str | None, base: str) -> str | None:
    """The http(s) address that a link or a picture means; None for anything else."""
    if not address or not (address := re.sub(r"[\t\r\n]", "", address).strip()):
        return None
    try:
        resolved = urljoin(base, address)
        parts = urlsplit(resolved)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    return resolved.replace(" ", "%20")


def image_source(element: HtmlElement, base: str) -> str | None:
    """The address of a picture: of an img, or of the first img, link or meta content in it."""
    if element.tag == "meta":
        return absolute(element.get("content"), base)
    if element.tag != "img":
        element = next(iter(element.iter("img")), element)
    for attribute in _SOURCES:
        value = element.get(attribute)
        if value and not value.lstrip().lower().startswith("data:"):
            return absolute(value, base)
    return None


def content_images(element: HtmlElement, base: str) -> Iterator[str]:
    """Addresses of the pictures in an element that belong to the article: no icons, logos, pixels."""
    for image in element.iter("img"):
        address = image_source(image, base)
        if address and not is_decoration(address) and not _is_tiny(image):
            yield address


def is_decoration(address: str) -> bool:
    """Whether the address is that of a logo, an icon or a place-holder."""
    return _DECORATION.search(urlsplit(address).path) is not None


def _is_tiny(image: HtmlElement) -> bool:
    return any(0 <= _number(image.get(side)) < _MIN_SIDE for side in ("width", "height"))


def _number(value: str | None) -> int:
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else -1


def each_once(addresses: Iterable[str]) -> tuple[str, ...]:
    """Addresses without repetition; the same picture in another size or with another time stamp is a
    repetition."""
    kept: dict[str, str] = {}
    for address in addresses:
        kept.setdefault(_SIZE.sub(r"\1/", _TIME_STAMP.sub("", address)), address)
    return tuple(kept.values())


def documents(elements: Iterable[HtmlElement], base: str) -> tuple[str, ...]:
    """Addresses of the documents that these elements link to, each once."""
    found: dict[str, None] = {}
    for element in elements:
        for link in element.iter("a"):
            href = (link.get("href") or "").strip()
            if _is_document(href) and (address := absolute(href, base)):
                found[address] = None
    return tuple(found)


def _is_document(href: str) -> bool:
    """Whether the path, or the value of a parameter, ends like the name of a document."""
    return any(_DOCUMENT.search(part) for part in re.split("[?&#]", href))
