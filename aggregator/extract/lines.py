"""The order of lines of a news item that nothing but its place marks: section word, headline, short title,
lead, paragraphs, time stamp. So are the items of offices that paste a text into a page by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from aggregator.extract.cleaning import is_furniture
from aggregator.extract.dates import is_meta_line, is_stamp
from aggregator.extract.text import Block
from aggregator.extract.tidy import tidy
from aggregator.persian.fold import fold_key, fold_terms

_SECTION_WORD = re.compile(
    r"^[\W_]*(?:صفحه\s*(?:نخست|اصل[یي]|اول)|خانه|آخر[یي]ن\s*(?:اخبار|خبرها)|(?:آرش[یي]و\s*)?(?:اخبار"
    r"|خبرها|خبر)"
    r"(?:\s*(?:و|،|/)\s*رو[یي]دادها)?|جز[یي]+ات\s*خبر|متن\s*خبر|شرح\s*خبر|مشروح\s*خبر|نما[یي]ش\s*(?:خبر"
    r"|محتوا|مطلب)|مشاهده\s*خبر"
    r"|(?:اخبار|خبرها[یي])\s+(?:استان(?:[\u200c ]?ها[یي]?)?|روز|مهم|و[یي]ژه|داخل[یي]|سازمان|وزارتخانه"
    r"|وزارت|اداره\s*کل|کوتاه|برگز[یي]ده|اصل[یي])"
    r"|رو[یي]دادها|اطلاع[یي]ه(?:[\u200c ]?ها)?|اخبار\s*و\s*اطلاع[یي]ه(?:[\u200c ]?ها)?|تازه[\u200c ]?ها"
    r"|news)[\W_]*$",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"^(?:صفحه\s*(?:نخست|اصل[یي])|خانه)\s*[»>›/\\|←-]+\s*(?P<path>.{2,80})$")
_HEADLINE_WITHIN = 12  #: lines from the top in which the headline may stand again
_MAX_HEADLINE, _MIN_HEADLINE = 250, 8
_MAX_SHORT_TITLE, _MIN_LEAD = 90, 60
_LONG_TITLE = 500  #: characters of a page's title that are looked at
_TAIL = 3  #: lines at the end among which a time stamp may stand


@dataclass(slots=True)
class Lines:
    """What the lines of a container are."""

    paragraphs: list[Block]
    headline: str | None = None
    section: str | None = None
    kicker: str | None = None
    lead: str | None = None
    stamps: list[str] = field(default_factory=list)


def is_section_word(text: str) -> bool:
    """Whether a line names the place on the site, as «اخبار» does, and is never a headline."""
    return len(text) < 40 and _SECTION_WORD.match(text) is not None


def is_like_headline(text: str) -> bool:
    """Whether a line could be a headline by its length and its end."""
    return (
        _MIN_HEADLINE <= len(text) <= _MAX_HEADLINE
        and text[-1] not in ".:؛،,"
        and not is_section_word(text)
        and not is_furniture(text)
        and not is_stamp(text)
    )


def arrange(
    blocks: Sequence[Block], headline: str | None, description: str | None = None, title: str = ""
) -> Lines:
    """Tell the lines of a hand-made page apart. ``headline`` and ``description``: where they are known
    already; ``title``: the page's, in which the site's name may stand."""
    lines = Lines(list(blocks), headline)
    _take_top(lines, fold_key(title[:_LONG_TITLE]))
    _take_marked_kicker(lines)
    _take_short_title(lines, same_group=False)
    _take_lead(lines, description)
    _take_tail(lines)
    return lines


def _take_top(lines: Lines, title: str) -> None:
    key = fold_key(lines.headline) if lines.headline else ""
    longest = 2 * len(lines.headline or "")
    top = list(enumerate(lines.paragraphs[:_HEADLINE_WITHIN]))
    places = [i for i, block in top if len(block.text) <= longest and fold_key(block.text) == key]
    above = lines.paragraphs[: places[0]] if places else []
    for block in above:
        _take_line(lines, block.text)
    if above and _is_kicker(above[-1]) and fold_key(above[-1].text) not in title:
        lines.kicker = above[-1].text
    lines.paragraphs = lines.paragraphs[places[0] + 1 :] if places else lines.paragraphs
    _drop_leading(lines)
    if lines.headline is None and len(lines.paragraphs) > 1 and is_like_headline(lines.paragraphs[0].text):
        lines.headline = lines.paragraphs.pop(0).text
        _drop_leading(lines)


def _drop_leading(lines: Lines) -> None:
    while lines.paragraphs and (
        _take_line(lines, lines.paragraphs[0].text) or _is_crumb(lines.paragraphs[0])
    ):
        lines.paragraphs.pop(0)


def _take_line(lines: Lines, text: str) -> bool:
    """Note a section word or a stamp; whether the line was one of them or furniture."""
    if is_section_word(text):
        lines.section = lines.section or text
        return True
    if crumbs := _CRUMBS.match(text):
        lines.section = " > ".join(tidy(part) for part in re.split(r"[»>›/\\|←]+", crumbs["path"]))
        return True
    if is_stamp(text) or is_meta_line(text):
        lines.stamps.append(text)
        return True
    return is_furniture(text)


def _is_crumb(block: Block) -> bool:
    return block.linked > 0.85 and len(block.text) < 60


def _is_kicker(block: Block) -> bool:
    return _is_title_line(block) or _ends_like_kicker(block)


def _ends_like_kicker(block: Block) -> bool:
    return block.text.endswith("؛") and _MIN_HEADLINE <= len(block.text) <= _MAX_SHORT_TITLE


def _take_marked_kicker(lines: Lines) -> None:
    """A kicker below the headline that ends as only kickers do."""
    if lines.kicker is None and len(lines.paragraphs) > 1 and _ends_like_kicker(lines.paragraphs[0]):
        lines.kicker = lines.paragraphs.pop(0).text
        _drop_leading(lines)


def _is_title_line(block: Block) -> bool:
    return is_like_headline(block.text) and not _is_crumb(block)


def take_pasted_title(paragraphs: Sequence[Block], headline: str) -> Lines:
    """Of a text pasted as a whole into the body field of a CMS: a short title and the lead, parted from each
    other by a line break and from the paragraphs by more."""
    lines = Lines(list(paragraphs), headline)
    _take_short_title(lines, same_group=True)
    return lines


def _take_short_title(lines: Lines, *, same_group: bool) -> None:
    """A kicker that stands below the headline: short, no sentence, about the same, before a long line."""
    if lines.kicker or not lines.headline or len(lines.paragraphs) < 2:
        return
    first, second = lines.paragraphs[:2]
    if len(first.text) > _MAX_SHORT_TITLE or not _is_title_line(first) or len(second.text) < _MIN_LEAD:
        return
    shared = {t for t in fold_terms(first.text) if len(t) > 2} & set(fold_terms(lines.headline))
    together, alike = first.group == second.group, len(shared) >= 2
    if (together and alike) if same_group else (together or alike):
        lines.kicker = lines.paragraphs.pop(0).text
        if len(lines.paragraphs) > 1:
            lines.lead = lines.paragraphs.pop(0).text


def _take_lead(lines: Lines, description: str | None) -> None:
    if lines.lead or len(lines.paragraphs) < 2:
        return
    first = lines.paragraphs[0]
    described = bool(description) and _is_same(first.text, description or "")
    if len(first.text) >= _MIN_LEAD and (first.strong or (described and len(lines.paragraphs) > 2)):
        lines.lead = lines.paragraphs.pop(0).text


def _is_same(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) < _MIN_LEAD and fold_key(one) == fold_key(other)


def _take_tail(lines: Lines) -> None:
    while len(lines.paragraphs) > 1 and _is_crumb(lines.paragraphs[-1]):
        lines.paragraphs.pop()
    for place in range(len(lines.paragraphs) - 1, max(0, len(lines.paragraphs) - 1 - _TAIL), -1):
        text = lines.paragraphs[place].text
        if is_stamp(text):
            lines.stamps.append(text)
            del lines.paragraphs[place]
