"""Walking through listings: what every spider that reads lists of news does."""

from collections.abc import AsyncIterator, Sequence
from functools import cached_property
from typing import Any

from scrapy import FormRequest, Request
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.crawl.backfill import Reach, after_page, familiar, walk_back
from aggregator.crawl.calendars import day_of
from aggregator.crawl.discovery import read_listing_page
from aggregator.crawl.ledger import Offer, Verdict
from aggregator.crawl.listings import ListingPage
from aggregator.crawl.pagination import page_after
from aggregator.crawl.postback import PostForm
from aggregator.crawl.shared import config_of, workers_of, workspace_of
from aggregator.crawl.traps import ENDLESS_CALENDAR, ENDLESS_LISTING, trap_of
from aggregator.crawl.twins import Twins
from aggregator.crawl.walk import Place, Walk
from aggregator.limits import MAX_LISTINGS
from aggregator.model import Link
from aggregator.urls import host_of, path_and_query, same_site
from spiders.base import LATER, SourceSpider, arguments_of, trouble_in

_TRAPS_NAMED = 1000  # addresses of traps that are counted, each once


class WalkingSpider(SourceSpider):
    """Reads listings page by page, and keeps how far it came."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._listed: set[Any] = set()  # places that were asked for, whatever the spelling of their address
        self._trapped: set[str] = set()
        self._entered: set[str] = set()  # links that this back-fill was the first to meet
        self._twins = Twins()
        self._below: set[str] = set()  # lists that other lists lead to

    # --- one page -------------------------------------------------------------------------------------------

    def _ask_listing(self, place: Place, walk: Walk) -> list[Request]:
        """A request for a page of a listing, once in a crawl."""
        url = place.url if isinstance(place, PostForm) else place
        if self._is_trap(url) or not same_site(url, self.source.url):
            return []
        key = place if isinstance(place, PostForm) else (host_of(url), path_and_query(url))
        if key in self._listed:
            return []
        self._listed.add(key)
        arguments = {"place": place, "walk": walk}
        if not isinstance(place, PostForm):
            return self._ask(place, self.parse_listing, self.listing_failed, LATER, **arguments)
        self._ledger.exclude(url)
        return [
            FormRequest(
                url,
                self.parse_listing,
                method="POST",
                formdata=list(place.fields),
                errback=self.listing_failed,
                cb_kwargs=arguments,
                priority=LATER,
            )
        ]

    async def parse_listing(self, response: Response, place: Place, walk: Walk) -> AsyncIterator[Request]:
        page = self._fetched(response)
        listing = await workers_of(self.crawler).call(read_listing_page, page, self.platform)
        if listing is not None:
            below = [] if walk.has_begun or not isinstance(place, str) or day_of(place) else listing.listings
            for request in [*self._follow(listing, place, walk), *self._ask_below(below)]:
                yield request

    def _ask_below(self, listings: Sequence[str]) -> list[Request]:
        """Lists that a list without stories of its own leads to: years, months, provinces."""
        wanted = [url for url in listings if url not in self._below][: MAX_LISTINGS - len(self._below)]
        self._below.update(wanted)
        return [request for url in wanted for request in self._ask_listing(url, self._new_walk(url))]

    def listing_failed(self, failure: Failure) -> list[Request]:
        """What stands on further pages must not count as seen because of a page in between."""
        trouble, arguments = trouble_in(failure), arguments_of(failure)
        walk: Walk = arguments["walk"]
        self._keep(walk.name, kind="listing", outcome=trouble.outcome)
        self._count(trouble)
        place: Place = arguments["place"]
        is_broken = walk.has_begun and trouble.status == "failed"
        if is_broken:
            self.is_complete = False
        # A back-fill goes on from here the next time, and must not have passed over what only failed today.
        guess = is_broken and self.since is None and isinstance(place, str)
        beyond = page_after(str(place)) if guess else None
        return self._next_listing(walk, walk.skip(place, beyond))

    def _follow(self, listing: ListingPage, place: Place, walk: Walk) -> list[Request]:
        offer = self._offer(listing.links)
        was_above = walk.stop_after is not None
        verdicts = offer.verdicts if self.since is None else familiar(offer.verdicts, self._entered)
        if self._twins.meets(walk, [url for url, _ in verdicts]):
            walk.end = "twin"
            following: Place | None = None
        else:
            following = walk.step(place, verdicts, listing.following)
        self._keep_walk(walk, place, listing, offer, was_above)
        return self._next_listing(walk, following)

    def _next_listing(self, walk: Walk, place: Place | None) -> list[Request]:
        """The next page of a walk; one that another walk has been to is passed over."""
        while place is not None:
            requests = self._ask_listing(place, walk)
            if requests:
                return requests
            place = walk.skip(place)
        walk.forget()
        if walk.end == "limit":
            self._tally.reject(ENDLESS_LISTING)
        elif walk.end == "empty" and walk.days is None:
            self._tally.reject(ENDLESS_CALENDAR)
        return []

    # --- walks ----------------------------------------------------------------------------------------------

    def _new_walk(self, url: str) -> Walk:
        """A walk through the listing at an address; in a back-fill it goes on where the last one stood."""
        stop_after = config_of(self.crawler).stop_after_known
        if self.since is None:
            return Walk(stop_after, name=url)
        return walk_back(Reach.read(self._kept.get(url, {})), self.since, stop_after, url)

    def _keep_walk(
        self, walk: Walk, place: Place, listing: ListingPage, offer: Offer, was_above: bool
    ) -> None:
        """Notes where the walk stands. Its links are in the ledger by now: a kill repeats one page."""
        state: dict[str, Any] = {"kind": "listing", "outcome": None, "end": walk.end, "pages": walk.pages}
        if self.since is not None:
            reach = Reach.read(self._kept.get(walk.name, {}))
            reach = after_page(reach, walk, was_above, place, listing.links, offer.new, self.since)
            state["backfill"] = reach.state()
        if self.since is not None or walk.end is not None:
            self._keep(walk.name, **state)

    @cached_property
    def _kept(self) -> dict[str, dict[str, Any]]:
        """What earlier crawls noted of the feeds, sitemaps and listings."""
        return workspace_of(self.crawler).store.entrances(self.source.id)

    def _keep(self, name: str, **state: Any) -> None:
        """Notes what is to be remembered of a feed, a sitemap or a listing; what is not given stays."""
        before = self._kept.get(name, {})
        after = before | state
        if after != before:
            self._kept[name] = after
            workspace_of(self.crawler).store.note_entrance(self.source.id, name, after)

    # --- links ----------------------------------------------------------------------------------------------

    def _offer(self, links: Sequence[Link]) -> Offer:
        offer = super()._offer([link for link in links if not self._is_trap(link.url)])
        if self.since is not None:
            self._entered.update(url for url, verdict in offer.verdicts if verdict is Verdict.NEW)
        return offer

    def _is_trap(self, url: str) -> bool:
        name = trap_of(url)
        if name is not None and url not in self._trapped and len(self._trapped) < _TRAPS_NAMED:
            self._trapped.add(url)
            self._tally.reject(name)
        return name is not None
