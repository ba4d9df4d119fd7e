"""``aggregator stories``: the same text in several places."""

from collections.abc import Iterator

from aggregator.commands.output import note, print_json, stderr, stdout
from aggregator.errors import FixCommandError
from aggregator.model import iso_utc
from aggregator.store import Store
from aggregator.stories.catch_up import group_stories
from aggregator.stories.story import Story, read_story, story_record
from aggregator.urls import article_id, clean_url
from aggregator.workspace import Workspace


def catch_up_with_stories(workspace: Workspace, *, as_json: bool) -> int:
    """Puts all articles that are new or changed into their stories, with progress."""
    store = workspace.store
    total = store.stories.pending_count()
    with stderr().status("comparing …") as status:
        done = group_stories(store, lambda done: status.update(f"{done:,} of {total:,} articles compared"))
    counts = {"compared": done, **store.stories.counts()}
    if as_json:
        print_json(counts)
    else:
        print("{compared:,} articles compared; {articles:,} are in {stories:,} stories".format(**counts))
    return 0


def print_story(store: Store, name: str, *, as_json: bool) -> int:
    """Who posted the text of an article, in order, and what each added or dropped."""
    group_stories(store)
    story = read_story(store, name) or _by_address(store, name)
    if story is None:
        raise FixCommandError(
            f"no article or story has the id or address {name!r}; 'aggregator search --json' has ids"
        )
    if as_json:
        print_json(story_record(story))
        return 0
    for line in _lines(story):
        stdout().print(line, markup=False, highlight=False, soft_wrap=True)
    others = f"{story.reposts} others have this text" if story.reposts else "nobody else has this text"
    note(f"aggregator: {others}" + ("" if story.is_certain else "; who was first is not certain"))
    return 0


def _lines(story: Story) -> Iterator[str]:
    for member in story.members:
        article = member.stored.article
        when = article.published.iso() if article.published else f"seen {iso_utc(member.stored.first_seen)}"
        yield f"{when}  {article.source}  {article.headline}"
        yield f"  {article.url}"
        for change in member.changes:
            yield from (f"  {change.field:<12} - {text}" for text in change.before)
            yield from (f"  {change.field:<12} + {text}" for text in change.after)


def _by_address(store: Store, name: str) -> Story | None:
    url = clean_url(name)
    if url is None:
        return None
    found = store.article_at(url)
    return read_story(store, found.article.id if found else article_id(url))
