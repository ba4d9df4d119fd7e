"""What an extractor should make of a page of the sample portal."""

from typing import TYPE_CHECKING, Any

from aggregator.model import iso_utc
from aggregator.persian.calendar import tehran_day

if TYPE_CHECKING:
    from aggregator.demo.site import Item, Site


def expected_record(site: "Site", item: "Item") -> dict[str, Any]:
    """The article of a page as the names of the export record have it; ``body`` is a list of paragraphs.

    A field that the site's CMS does not show is None or empty. A lead that has no place of its own is the
    first paragraph of the body. ``date_published`` is the day alone where the page shows no time.
    ``date_modified`` is told only of a story that was changed after it was published.
    """
    story, shows = item.story, site.family.shows
    opening = (story.lead,) if story.lead and "lead" not in shows else ()
    by_minute = "minute" in shows
    modified = story.modified if story.changed > story.published and "modified" in shows else None
    return {
        "url": site.absolute(item.address),
        "source": site.source_id,
        "organisation": site.organisation,
        "platform": site.family.name,
        "headline": story.headline,
        "kicker": story.kicker if "kicker" in shows else None,
        "lead": story.lead if "lead" in shows else None,
        "body": [*opening, *story.paragraphs],
        "section": " > ".join(story.section) if "section" in shows else None,
        "keywords": list(story.keywords) if "keywords" in shows else [],
        "authors": [story.author] if story.author and "author" in shows else [],
        "main_image": site.absolute(site.image_address(story, size=4)) if story.picture else None,
        "attachments": [site.absolute(site.family.documents.format(name=name)) for name in story.documents],
        "code": str(story.number) if "code" in shows else None,
        "date_published": iso_utc(story.published) if by_minute else tehran_day(story.published).isoformat(),
        "date_precision": "minute" if by_minute else "day",
        "date_modified": iso_utc(modified) if modified else None,
        "language": "fa",
    }
