"""Articles find their stories, whatever the order in which they come and change; on both databases."""

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from aggregator.model import DateReading, StoredArticle
from aggregator.persian.letters import words
from aggregator.store import Store, grouping
from aggregator.store.engine import open_engine, writing
from aggregator.stories import catch_up
from aggregator.stories.catch_up import group_stories
from aggregator.stories.sketch import sketch
from aggregator.stories.story import read_story
from aggregator.stories.text import story_text
from tests.making import NOW, make_article

WORDS = words(
    "کارگاه آموزش ایمنی کارگران ساختمانی شهر بازرسان باسابقه کارفرمایان آیین‌نامه حادثه نرده تور مدیرکل اداره "
    "سازمان تعاونی مسکن کشاورزی صنعت خدمات دانشگاه مدرسه بیمارستان جاده راه‌آهن فرودگاه بندر نمایشگاه جشنواره "
    "کتابخانه موزه پارک جنگل رودخانه دریاچه کوهستان روستا شهرک کارخانه معدن نیروگاه سد پل تونل ایستگاه"
)


def text(topic: int, length: int = 90) -> str:
    """A text of so many words that is like that of no other topic."""
    return " ".join(WORDS[(topic * 7919 + place * (place + topic)) % len(WORDS)] for place in range(length))


def news(
    number: int, *body: str, source: str | None = None, hour: int = 0, **changes: object
) -> StoredArticle:
    """An article of a source of its own, published ``hour`` hours after the others."""
    published = DateReading("", NOW + timedelta(hours=hour), "minute", "jalali", "visible")
    seen = NOW + timedelta(days=2)
    article = make_article(number, source=source or f"source-{number}", body=body, published=published)
    return StoredArticle(replace(article, **changes), None, None, seen, seen, revision=1)  # type: ignore[arg-type]


def again(item: StoredArticle, *body: str) -> StoredArticle:
    """The same article, seen later with another text."""
    later = item.last_seen + timedelta(days=1)
    return replace(item, article=replace(item.article, body=body), first_seen=later, last_seen=later)


def put(store: Store, *items: StoredArticle) -> None:
    store.put_articles(items)
    group_stories(store)
    assert store.stories.pending_count() == 0


def stories(store: Store, *items: StoredArticle) -> list[set[int]]:
    """The places of the items that are in one story, by stories."""
    found = store.stories.of([item.article.id for item in items])
    together: dict[str, set[int]] = {}
    for place, item in enumerate(items):
        if item.article.id in found:
            together.setdefault(found[item.article.id].story, set()).add(place)
    assert all(membership.size >= 2 for membership in found.values())
    names = {item.article.id: place for place, item in enumerate(items)}
    assert all(names[story] in places for story, places in together.items())  # named after a member
    return sorted(together.values(), key=min)


def story_of(store: Store, item: StoredArticle) -> str | None:
    found = store.stories.of([item.article.id])
    return found[item.article.id].story if found else None


# --- finding ------------------------------------------------------------------------------------------------


def test_equal_texts_of_several_sources_are_one_story(store: Store) -> None:
    items = [news(n, text(n % 3), hour=n) for n in range(7)] + [news(9, text(5))]
    put(store, *items)
    assert stories(store, *items) == [{0, 3, 6}, {1, 4}, {2, 5}]
    assert story_of(store, items[6]) == items[0].article.id
    assert group_stories(store) == 0


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_in_which_they_come_does_not_matter(store: Store, order: tuple[int, ...]) -> None:
    short, whole, long = text(1), f"{text(1)}. {text(2, 40)}", f"{text(3, 40)}. {text(1)}. {text(2, 40)}"
    items = [news(n, body, hour=n) for n, body in enumerate((short, whole, long))]
    for place in order:
        put(store, items[place])
    assert stories(store, *items) == [{0, 1, 2}]


def test_batches_of_any_size_give_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "BATCH", 2)
    monkeypatch.setattr(grouping, "AT_ONCE", 1)
    told: list[int] = []
    items = [news(n, text(n % 2), hour=n) for n in range(5)]
    store.put_articles(items)
    assert group_stories(store, told.append, limit=3) == 3
    assert group_stories(store, told.append) == 2
    assert told == [2, 3, 2]
    assert stories(store, *items) == [{0, 2, 4}, {1, 3}]


def test_a_source_that_posts_a_text_twice_makes_a_story(store: Store) -> None:
    items = [news(1, text(1, 120), source="one"), news(2, text(1, 120), source="one", hour=1)]
    put(store, *items)
    assert stories(store, *items) == [{0, 1}]


def test_articles_without_text_are_alone(store: Store) -> None:
    items = [news(n, headline="عنوان") for n in range(3)]
    put(store, *items)
    assert stories(store, *items) == []
    found = read_story(store, items[0].article.id)
    assert found is not None
    assert (found.id, found.size, found.reposts, found.is_certain) == (items[0].article.id, 1, 0, True)
    assert read_story(store, "unknown") is None


def test_a_crowd_under_one_key_does_not_hide_equals(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "CROWD", 3)
    # One form, filled in with a number each: they have most of their keys in common.
    forms = [news(n, f"{text(1, 60)} {n + 100} نفر {text(2, 30)}", hour=n) for n in range(20)]
    put(store, *forms)
    assert stories(store, *forms) == []
    copy = news(50, *forms[17].article.body, hour=50)
    put(store, copy)
    assert stories(store, *forms, copy) == [{17, 20}]


# --- names --------------------------------------------------------------------------------------------------


def test_a_story_keeps_its_name_when_an_earlier_one_is_found(store: Store) -> None:
    first, second, earlier = news(1, text(1), hour=5), news(2, text(1), hour=6), news(3, text(1), hour=1)
    put(store, second, first)
    assert story_of(store, second) == first.article.id
    put(store, earlier)
    assert story_of(store, earlier) == first.article.id
    found = read_story(store, second.article.id)
    assert found is not None
    order = [member.stored.article.id for member in found.members]
    assert order == [earlier.article.id, first.article.id, second.article.id]
    assert found.is_certain


def test_stories_that_become_one_have_the_name_of_the_older(store: Store) -> None:
    one, two = text(1), text(2)
    younger = [news(1, one, hour=5), news(2, one, hour=6)]
    older = [news(3, two, hour=1), news(4, two, hour=2)]
    put(store, *younger)
    put(store, *older)
    assert stories(store, *younger, *older) == [{0, 1}, {2, 3}]
    put(store, again(younger[0], f"{one} {two}"), again(older[1], f"{one} {two}"))
    bridge = news(5, f"{one} {text(3, 20)} {two}", hour=9)
    put(store, bridge, again(younger[1], f"{one} {two} {text(3, 20)}"))
    assert {story_of(store, item) for item in (*younger, older[1], bridge)} == {story_of(store, bridge)}
    former = read_story(store, younger[0].article.id)  # the name that the younger story had
    assert former is not None
    assert former.id == story_of(store, bridge)


# --- changes ------------------------------------------------------------------------------------------------


def test_a_changed_article_leaves_its_story_and_joins_another(store: Store) -> None:
    items = [news(n, text(1 if n < 3 else 2), hour=n) for n in range(5)]
    put(store, *items)
    put(store, again(items[0], text(2)))  # the one that the story is named after
    assert stories(store, *items) == [{0, 3, 4}, {1, 2}]
    assert story_of(store, items[2]) == items[1].article.id
    put(store, again(again(items[0], text(2)), text(7)))
    assert stories(store, *items) == [{1, 2}, {3, 4}]


def test_an_edit_that_keeps_the_text_keeps_the_story(store: Store) -> None:
    items = [news(n, text(1), hour=n) for n in range(3)]
    put(store, *items)
    name = story_of(store, items[0])
    put(store, again(items[0], f"{text(1)} و اصلاح شد"))
    assert {story_of(store, item) for item in items} == {name} == {items[0].article.id}


def test_a_story_falls_apart_when_what_joined_it_goes(store: Store) -> None:
    left, right = text(1, 60), text(2, 60)
    items = [
        news(1, f"{left} {text(3, 50)}", hour=1),
        news(2, f"{left} {text(3, 50)} {right}", hour=2),
        news(3, f"{text(3, 50)} {right}", hour=3),
    ]
    put(store, *items)
    assert stories(store, *items) == [{0, 1, 2}]
    put(store, again(items[1], text(8)))
    assert stories(store, *items) == []


def test_a_tombstone_stays_a_member(store: Store) -> None:
    items = [news(n, text(1), hour=n) for n in range(2)]
    put(store, *items)
    store.put_articles([replace(items[0], deleted_at=NOW + timedelta(days=9))])
    group_stories(store)
    assert stories(store, *items) == [{0, 1}]


# --- what may go wrong --------------------------------------------------------------------------------------


def test_an_article_that_changed_since_it_was_read_stays_pending(store: Store) -> None:
    item, other = news(1, text(1)), news(2, text(1))
    store.put_articles([item, other])
    read = store.stories.pending(10)
    texts = [story_text(one.headline, one.lead, one.body) for one in read]
    store.put_articles([again(item, text(2))])
    store.stories.group(list(zip(read, texts, sketch(texts), strict=True)))
    assert [one.id for one in store.stories.pending(10)] == [item.article.id]
    group_stories(store)
    assert stories(store, item, other) == []


def test_a_batch_is_grouped_as_a_whole_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [news(n, text(1), hour=n) for n in range(4)]
    store.put_articles(items)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(grouping, "_name", fail)
        with pytest.raises(KeyboardInterrupt):
            group_stories(store)
    assert store.stories.pending_count() == 4
    assert store.stories.of([item.article.id for item in items]) == {}
    put(store)
    assert stories(store, *items) == [{0, 1, 2, 3}]


def test_several_at_once_are_harmless(store: Store, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "BATCH", 7)
    items = [news(n, text(n % 10), hour=n) for n in range(60)]
    store.put_articles(items)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with Store.open(address) as other:
                group_stories(other)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.stories.pending_count() == 0
    assert stories(store, *items) == [set(range(n, 60, 10)) for n in range(10)]


def test_an_older_database_is_grouped_as_a_whole(address: str) -> None:
    items = [news(n, text(n % 2), hour=n) for n in range(5)]
    with Store.open(address) as store:
        store.put_articles(items)
        group_stories(store)
    opened = open_engine(address)
    with writing(opened).begin() as connection:  # as the version before left it
        for statement in (
            "DROP TABLE story_texts",
            "DROP TABLE story_keys",
            "DROP INDEX ix_articles_unsketched",
            "ALTER TABLE articles DROP COLUMN sketched_revision",
            "UPDATE alembic_version SET version_num = '0004'",
        ):
            connection.exec_driver_sql(statement)
    opened.dispose()
    with Store.open(address) as store:
        assert store.stories.pending_count() == 5
        assert group_stories(store) == 5
        assert stories(store, *items) == [{0, 2, 4}, {1, 3}]
