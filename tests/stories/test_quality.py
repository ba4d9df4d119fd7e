"""Re-posts are found and nothing else is: on the demo's portal, and on generated articles."""

from itertools import combinations
from pathlib import Path

from aggregator.demo.bundle import bundled_sites
from aggregator.registry import load_registry
from aggregator.store import Store
from aggregator.stories.catch_up import group_stories
from aggregator.stories.sketch import BANDS, sketch
from aggregator.stories.text import story_text
from benchmarks.reposts import KINDS, corpus
from benchmarks.stories import grouped, quality
from tests.web.conftest import demo_articles


def shared_text() -> dict[tuple[str, str], str]:
    """(source, headline) → name of the text, for articles of the demo whose text several sites publish."""
    return {
        (site.source_id, item.story.headline): item.story.shared
        for site in bundled_sites()
        for item in site.items
        if item.story.shared
    }


def test_all_reposts_of_the_demo_are_grouped_and_nothing_else(tmp_path: Path) -> None:
    articles = list(demo_articles(load_registry()))
    with Store.open(f"sqlite:///{tmp_path / 'news.db'}") as store:
        store.put_articles(articles)
        assert group_stories(store) == len(articles)
        found = store.stories.of([one.article.id for one in articles])
    shared = shared_text()
    told = {one.article.id: shared.get((one.article.source, one.article.headline)) for one in articles}
    expected = {pair for pair in combinations(told, 2) if told[pair[0]] == told[pair[1]] is not None}
    grouped = {pair for pair in combinations(found, 2) if found[pair[0]].story == found[pair[1]].story}
    assert len(expected) == 15  # of six offices
    assert {frozenset(pair) for pair in grouped} == {frozenset(pair) for pair in expected}


def test_precision_and_recall_on_generated_articles() -> None:
    posts = corpus(seed=7, others=240)
    assert sum(post.kind in KINDS for post in posts) >= 200
    found, _ = grouped(posts)
    precision, recall = quality(posts, found)
    assert precision >= 0.98
    assert recall >= 0.98


def test_keys_stay_what_they_are() -> None:
    """The database is full of them: others mean a migration that makes all articles pending again."""
    words = [f"واژه{number}" for number in range(60)]
    long, short, none = sketch(
        [
            story_text("عنوان", None, [" ".join(words)]),
            story_text("عنوان", None, [" ".join(words[:20])]),
            story_text("عنوان", None, ["چند واژه"]),
        ]
    )
    assert len(set(long)) == BANDS + 1
    assert all(0 < key < 2**63 for key in long)
    assert long[:3] == (1547422477272821738, 8076200369069131715, 5148700407682015965)
    assert short == (
        6880884592329128899,
        6097618478597628461,
        4875292314473326137,
        8316616709220506648,
        8509887139347219613,
        6286301372951568357,
        8642746432628034221,
        8035511956599024675,
        1535017808503007408,
        5489877126480922244,
        3835284913029173410,
        4009666892583663436,
        5219378001594029091,
        4775831342083304086,
        4165513889072586709,
        1436040576023165705,
        1448254098909555196,
        7523801163015407386,
        4298998700224126667,
        3826520257760636587,
        1041240290893578325,
        1807893701647567282,
        7531226755067548104,
        1632231181288686545,
        6581257329966145552,
        6706719790533578091,
        1106961150333791154,
        1067943050446917067,
        3129340262540354306,
        1762728204389924215,
        4195391549014010321,
        7830165119574603205,
        4848435715422564623,
    )
    assert none == ()
