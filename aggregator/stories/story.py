"""A story to show: its members in order, and what each made of the first one's text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.changes import Change
from aggregator.model import StoredArticle, iso_or_none, iso_utc
from aggregator.persian.calendar import jalali_date, tehran_day
from aggregator.store import Store
from aggregator.stories.differences import against
from aggregator.stories.first import in_order, is_certain
from aggregator.stories.same import Candidate, likeness
from aggregator.stories.text import story_text

SHOWN = 200  #: members, the oldest


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story."""

    stored: StoredArticle
    similarity: float  #: to the first, 0 to 1; 1 where all that is compared is equal
    changes: tuple[Change, ...]  #: against the first; () for itself


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that have one text; an article that has no equal is a story of its own."""

    id: str  #: of one of the members
    size: int  #: members, also those that are not shown
    members: tuple[Member, ...]  #: the first one first, see ``first``
    is_certain: bool  #: whether it surely was the first

    @property
    def first(self) -> Member:
        return self.members[0]

    @property
    def reposts(self) -> int:
        """How many others have the text."""
        return self.size - 1


def read_story(store: Store, article_id: str) -> Story | None:
    """The story of an article, or of the one that it is named after; None: there is no such article."""
    membership = store.stories.of([article_id]).get(article_id)
    if membership is None:
        alone = store.get_article(article_id)
        return None if alone is None else Story(article_id, 1, _members([alone]), is_certain=True)
    found = store.stories.members(membership.story, SHOWN)
    return Story(membership.story, membership.size, _members(found), is_certain(found))


def _members(found: Sequence[StoredArticle]) -> tuple[Member, ...]:
    first, *others = in_order(found)
    text = _compared(first)
    return (
        Member(first, 1.0, ()),
        *(
            Member(
                other,
                round(likeness(text, _compared(other)).similarity, 3),
                against(first.article, other.article),
            )
            for other in others
        ),
    )


def _compared(stored: StoredArticle) -> Candidate:
    article = stored.article
    text = story_text(article.headline, article.lead, article.body)
    return Candidate(text, article.source, stored.first_seen)


def story_record(story: Story) -> dict[str, Any]:
    """A story as ``stories --json`` and the HTTP API tell it."""
    return {
        "id": story.id,
        "total": story.size,
        "first": story.first.stored.article.id,
        "first_is_certain": story.is_certain,
        "members": [_member_record(one) for one in story.members],
    }


def _member_record(member: Member) -> dict[str, Any]:
    stored, article = member.stored, member.stored.article
    published = article.published
    return {
        "id": article.id,
        "url": article.url,
        "headline": article.headline,
        "organisation": stored.organisation,
        "province": stored.province,
        "source": article.source,
        "date_published": published.iso() if published else None,
        "date_published_jalali": jalali_date(tehran_day(published.instant)) if published else None,
        "first_seen": iso_utc(stored.first_seen),
        "deleted_at": iso_or_none(stored.deleted_at),
        "similarity": member.similarity,
        "changes": [
            {"field": one.field, "kind": one.kind, "before": one.before, "after": one.after}
            for one in member.changes
        ],
    }
