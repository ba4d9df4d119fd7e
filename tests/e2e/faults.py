"""Sites of the sample portal that misbehave, each family in its own way, the same in every run.

Some pages never come, some come at the second try, some come in odd clothes; lists go in circles, link to
the same article under other addresses and lead into calendars without an end; feeds and sitemaps are torn.
"""

import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from aggregator.demo import views
from aggregator.demo.families import Family
from aggregator.demo.pictures import pdf
from aggregator.demo.site import Answer, Item, Site
from aggregator.demo.stories import Story
from tests.crawl.hostile import raw, reply, reset

#: Pages that never come: kind → the outcome that a crawl has to name.
REJECTED = {
    "gone": "http-410",
    "soft-404": "soft-404",
    "login": "login",
    "elsewhere": "offsite",
    "circle": "redirect-loop",
    "pdf": "not-html",
    "empty": "empty",
    "to-home": "listing",
    "never-modified": "http-304",
}
FAILED = {
    "error": "http-500",
    "forbidden": "http-403",
    "challenge": "challenge",
    "apology": "error-page",
    "torn": "data-loss",
    "silent": "connection-lost",
}
#: Pages that come at the second try.
PASSING = ("busy", "reset", "cut", "unfinished", "told", "told-503", "closed")
#: Pages in odd clothes.
ODD = ("slow", "trickle", "arabic", "latin", "unlabelled", "bytes", "plain", "canonical-home",
       "canonical-other", "new-tag", "future")  # fmt: skip
#: Second addresses of an article, which lists link to.
DOUBLES = ("tracking", "session", "print", "mobile", "slug")

_SECOND = re.compile(r"[?&](?:utm_source=list&utm_medium=site|PHPSESSID=\w+|print=1|mobile=1)$")
_CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing</h1>"
    "<script src=/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1></script></body></html>"
)
_APOLOGY = "<html><head><title>خطا</title></head><body><h1>خطای سرور: بروز خطا در پردازش</h1></body></html>"
_LABELS = {
    "arabic": "text/html; charset=windows-1256",
    "latin": "text/html; charset=iso-8859-1",
    "unlabelled": "text/html",
    "bytes": "application/octet-stream",
    "plain": "text/plain",
}


class FaultySite(Site):
    """A site with faults. ``elsewhere``: the start page of another site, to which it leads its readers."""

    def __init__(self, family: str, stories: Sequence[Story], *, elsewhere: str = "", **options: Any):
        super().__init__(family, stories, **options)
        chance = random.Random(family)
        self._elsewhere = elsewhere
        self._tries: Counter[str] = Counter()
        self._lock = threading.Lock()
        chosen = iter(chance.sample(self.items, k=len(self.items)))
        self.broken = {next(chosen).story.number: kind for kind in (*REJECTED, *FAILED)}
        self._passing = {next(chosen).story.number: kind for kind in PASSING * 2}
        self._odd = {next(chosen).story.number: kind for kind in ODD * 2}
        doubles = [kind for kind in DOUBLES if kind != "slug" or _has_free_slug(self.family)]
        self._doubles = {next(chosen).story.number: kind for kind in doubles * 5}
        self._forbids_print = chance.random() < 0.5
        self._feed_fault = chance.choice(("torn", "html", "error"))
        self._goes_back = chance.random() < 0.5  #: what stands behind its last page: the first, or the last
        self._busy_pages = set(chance.sample(range(1, 15), k=3))

    # --- what a crawl should make of it ---------------------------------------------------------------------

    def truth(self) -> list[dict[str, Any]]:
        """The healthy articles."""
        return [
            record
            for item, record in zip(self.items, super().truth(), strict=True)
            if item.story.number not in self.broken
        ]

    def outcomes(self, kinds: Mapping[str, str]) -> Counter[str]:
        """How often each outcome of these kinds has to be counted: once for each address that was asked for,
        and each article had to be asked for under one at least."""
        asked = {number: 0 for number, kind in self.broken.items() if kind in kinds}
        for target in self._tries:
            item = self._item(_SECOND.sub("", target))
            if item is not None and item.story.number in asked:
                asked[item.story.number] += 1
        counts: Counter[str] = Counter()
        for number, times in asked.items():
            counts[kinds[self.broken[number]]] += max(times, 1)
        if self.family.feed and self._feed_fault == "error" and "error" in kinds:
            counts["http-500"] += 1
        return counts

    def is_future(self, headline: str) -> bool:
        """Whether the page of this article tells a date that has not come yet."""
        numbers = {number for number, kind in self._odd.items() if kind == "future"}
        return any(item.story.headline == headline for item in self.items if item.story.number in numbers)

    def is_forbidden(self, target: str) -> bool:
        """Whether robots.txt forbids an address."""
        return target.startswith(self.forbidden) or (self._forbids_print and "print=1" in target)

    # --- answers --------------------------------------------------------------------------------------------

    def respond(self, target: str) -> Answer:
        with self._lock:
            self._tries[target] += 1
            is_first = self._tries[target] == 1
        plain = _SECOND.sub("", target)
        item = self._item(plain)
        if item is None:
            return self._other(plain, is_first)
        kind = self.broken.get(item.story.number)
        if kind is not None:
            return self._never(kind, item)
        answer = super().respond(plain)
        passing = self._passing.get(item.story.number)
        if passing and is_first:
            return _at_first(passing, answer)
        odd = self._odd.get(item.story.number)
        return self._dressed(odd, item, answer) if odd else answer

    def _item(self, target: str) -> Item | None:
        return self._by_key.get(self._key(unquote(target)) or "")

    def _never(self, kind: str, item: Item) -> Answer:
        answers: dict[str, Callable[[], Answer]] = {
            "gone": lambda: self._html(410, views.message(self, "missing")),
            "soft-404": lambda: self._html(200, views.message(self, "missing")),
            "login": lambda: Answer(302, location="/login?returnUrl=" + item.href),
            "elsewhere": lambda: Answer(302, location=f"{self._elsewhere}/news/{item.story.number}"),
            "circle": lambda: Answer(302, location=item.href),
            "pdf": lambda: Answer(200, pdf()),
            "empty": lambda: Answer(200),
            "to-home": lambda: Answer(301, location="/"),
            "never-modified": lambda: Answer(304),
            "error": lambda: self._html(500, "<h1>Server Error in '/' Application.</h1>"),
            "forbidden": lambda: self._html(403, _CHALLENGE),
            "challenge": lambda: self._html(200, _CHALLENGE),
            "apology": lambda: self._html(200, _APOLOGY),
            "torn": lambda: _torn(super(FaultySite, self).respond(item.href)),
            "silent": lambda: Answer(200, raw=raw(b"")),
        }
        return answers[kind]()

    def _dressed(self, kind: str, item: Item, answer: Answer) -> Answer:
        if kind in _LABELS and self.charset == "utf-8":
            return replace(answer, content_type=_LABELS[kind])
        if kind == "slow":
            return replace(answer, wait=0.5)
        if kind == "trickle":
            return replace(answer, raw=_trickle(answer))
        if kind == "new-tag":
            return replace(answer, headers={"ETag": f'"{time.monotonic()}"'})
        if kind == "future":
            later = replace(item, story=_in_future(item.story))
            return self._html(200, views.article(self, later))
        if kind.startswith("canonical-"):
            other = self.absolute("/" if kind == "canonical-home" else self.items[0].address)
            link = f'<link rel="canonical" href="{other}">'.encode()
            bare = re.sub(rb'<link rel="canonical"[^>]*>', b"", answer.body)
            return replace(answer, body=re.sub(rb"(?i)<head>", b"<head>" + link, bare, count=1))
        return answer

    # --- lists, feeds, robots.txt ---------------------------------------------------------------------------

    def _other(self, target: str, is_first: bool) -> Answer:
        address = unquote(target)
        if address == self.family.feed and self._feed_fault == "error":
            return Answer(500)
        if is_first and (address in ("/", "/robots.txt") or self._page(address) in self._busy_pages):
            return Answer(503)
        return super().respond(target)

    def _service(self, address: str) -> Answer | None:
        answer = super()._service(address)
        if answer is None:
            return None
        if address == "/robots.txt":
            more = b"\nUser-agent: *\nDisallow: /*print=1\n" if self._forbids_print else b""
            return replace(answer, body=answer.body + more)
        if address == self.family.feed and self._feed_fault == "html":
            return self._html(200, views.message(self, "missing"))
        return replace(answer, body=answer.body[: len(answer.body) // 2])

    def _page(self, address: str) -> int | None:
        """Which page of a list an address means, from 0; None where it names none."""
        match = self.family.page_number.search(address)
        return int(match[1]) - self.family.first_page if match else None

    def _list(self, address: str) -> Answer | None:
        if "tarikh=" in address:
            return self._day(address)
        answer = super()._list(address)
        known = next((known for known in self._lists if known != "/" and address.startswith(known)), None)
        if answer is None or address == "/" or known is None:
            return answer
        page = self._page(address) or 0
        count = -(-len(self.listed(self._lists[known])) // self.family.per_page)
        if page >= count:
            last = self._list_page(known, 0 if self._goes_back else count - 1)
            answer = super()._list(last) or answer
        return self._with_links(
            answer,
            (self._list_page(known, page + 1), "صفحه بعد"),
            (_join(known, "tarikh=1403/01/31"), "روز قبل"),
        )

    def _list_page(self, known: str, page: int) -> str:
        if page == 0:
            return known
        return self.family.page.format(archive=known, page=page + self.family.first_page)

    def _day(self, address: str) -> Answer:
        """A day without news, which leads to the day before."""
        list_of, _, day = address.partition("tarikh=")
        year, month, number = map(int, re.findall(r"\d+", day)[:3])
        place = (year * 12 + month - 1) * 30 + number - 2
        before = f"{place // 360}/{place // 30 % 12 + 1:02}/{place % 30 + 1:02}"
        answer = self._html(200, views.listing(self, self.family.archive, (), [], 1))
        return self._with_links(answer, (f"{list_of}tarikh={before}", "روز قبل"))

    def _with_links(self, answer: Answer, *links: tuple[str, str]) -> Answer:
        markup = "".join(
            f'<div class="pages"><a href="{self.absolute(address)}">{text}</a></div>'
            for address, text in links
        )
        more = markup.encode(self.charset, "xmlcharrefreplace")
        return replace(answer, body=re.sub(rb"(?i)</body>", lambda end: more + end[0], answer.body))

    def listed(self, section: tuple[str, ...]) -> list[Item]:
        """Lists link to some articles under another address, and to some under two."""
        found = []
        for item in super().listed(section):
            kind = self._doubles.get(item.story.number)
            if kind:
                found.append(replace(item, address=_second_address(kind, item, self.family)))
            if kind is None or kind == "print" or item.story.number % 2:
                found.append(item)
        return found


def _has_free_slug(family: Family) -> bool:
    return "/{id}/{slug}" in family.article


def _second_address(kind: str, item: Item, family: Family) -> str:
    if kind == "slug":
        number = str(item.story.number)
        return item.address[: item.address.index(number)] + number + "/نامی-دیگر"
    parameters = {
        "tracking": "utm_source=list&utm_medium=site",
        "session": f"PHPSESSID={item.story.number:032x}",
        "print": "print=1",
        "mobile": "mobile=1",
    }
    return _join(item.address, parameters[kind])


def _join(address: str, parameters: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameters}"


def _in_future(story: Story) -> Story:
    later = story.published + timedelta(days=3_653)
    return replace(story, published=later, modified=later if story.modified else None, picture=False)


def _torn(answer: Answer) -> Answer:
    return replace(answer, raw=reply(answer.body[:-200], length=len(answer.body)))


def _at_first(kind: str, answer: Answer) -> Answer:
    """What comes in place of an answer at the first try."""
    half = answer.body[: len(answer.body) // 2]
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    answers = {
        "busy": Answer(503),
        "reset": Answer(200, raw=reset(head)),
        "cut": _torn(answer),
        "unfinished": Answer(200, raw=raw(head + b"%x\r\n%s\r\n" % (len(half), half))),
        "told": Answer(429, headers={"Retry-After": "1"}),
        "told-503": Answer(503, headers={"Retry-After": "1"}),
        "closed": Answer(200, raw=raw(b"")),
    }
    return answers[kind]


def _trickle(answer: Answer) -> Callable[[socket.socket], None]:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {answer.content_type}\r\nContent-Length: {len(answer.body)}"

    def send(connection: socket.socket) -> None:
        connection.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode())
        step = len(answer.body) // 10 + 1
        for start in range(0, len(answer.body), step):
            connection.sendall(answer.body[start : start + step])
            time.sleep(0.05)

    return send


class StrictSite(Site):
    """A small site that asks robots to be slow, or answers slowly, and once asks for a rest."""

    REST = 2  #: seconds

    def __init__(
        self,
        family: str,
        stories: Sequence[Story],
        *,
        crawl_delay: float = 0,
        wait: float = 0,
        **options: Any,
    ):
        super().__init__(family, stories, **options)
        self._crawl_delay, self._wait = crawl_delay, wait
        self._has_rested = False

    def respond(self, target: str) -> Answer:
        answer = super().respond(target)
        if target == "/robots.txt" and self._crawl_delay:
            return replace(answer, body=answer.body + f"\nCrawl-delay: {self._crawl_delay}\n".encode())
        if target == self.items[0].href and not self._has_rested:
            self._has_rested = True
            return Answer(429, headers={"Retry-After": str(self.REST)})
        return replace(answer, wait=self._wait)
