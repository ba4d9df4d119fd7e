"""The analyzers of the index in a real cluster: it makes of raw text the terms that Python makes.

They are the same for every text tried here: all words of the fold's tables, spellings of all families, all
lines of the rules and whole articles. Beyond these, only rows of endings that no sentence has («نمی بی گر تر
گری مند ناک») come out otherwise: the cluster joins neighbours a few times, Python as long as there are any.
"""

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

import aggregator.demo
from aggregator.index.elastic.analysis import analysis
from aggregator.persian import affixes, compounds, endings, fold, glued, inflected, letters, lexicon, verbs
from aggregator.persian.fold import fold_terms
from aggregator.persian.rules import RULES
from tests.persian.families import families

_SEED = Path(__file__).parents[3] / "shared" / "seed-article.txt"
_DEMO = Path(aggregator.demo.__file__).parent / "articles"
_TABLES = (affixes, compounds, endings, fold, glued, inflected, letters, lexicon, verbs)
#: Parts texts in a request, as a number that joins nothing.
_PARTING = "987"

#: Text as published, what is looked for in it as a phrase, and which words are marked.
_PUBLISHED = {
    "marks": ("در مُحَمَّدٌ و", "محمد", ["مُحَمَّدٌ"]),
    "tatweel": ("محـــمد آمد", "محمد", ["محـــمد"]),
    "half-space": ("همه شبکه\u200cهای ما", "شبکه", ["شبکه\u200cهای"]),
    "not sign": ("همه شبکه¬هاي ما", "شبکه\u200cهای", ["شبکه¬هاي"]),
    "soft hyphen": ("همه شبکه\u00adهای ما", "شبکههای", ["شبکه\u00adهای"]),
    "blank": ("همه شبکه های ما", "شبکه\u200cهای", ["شبکه"]),
    "two half-spaces": ("دولت\u200c\u200cها، آن", "دولت", ["دولت\u200c\u200cها"]),
    "no-break space": ("خانهٔ\u00a0ما", "ما", ["ما"]),
    "ezafe mark": ("در خانهٔ\u00a0ما", "خانه", ["خانهٔ"]),
    "ezafe mark, one letter": ("در خانۀ ما", "خانهٔ", ["خانۀ"]),
    "ligature": ("آن ﻻﻟﻪ\u200f و", "لاله", ["ﻻﻟﻪ\u200f"]),
    "Arabic letters": ("«كتابي» بود", "کتابی", ["كتابي"]),
    "digits": ("سال ۱۳۹۹ و ۱۲٫۵", "1399", ["۱۳۹۹"]),
    "decimal": ("سال ۱۳۹۹ و ۱۲٫۵", "12.5", ["۱۲٫۵"]),
    "phrase": ("او می\u200cخواند؛ كتابِ خوبي را", "کتاب خوبی", ["كتابِ", "خوبي"]),
    "several places": ("آب، و اب و ﺁﺏ", "آب", ["آب", "اب", "ﺁﺏ"]),
    "alef and madda": ("این ا\u0653ب است", "آب", ["ا\u0653ب"]),
    "hamza": ("مؤسّسه و موسسه", "مؤسسه", ["مؤسّسه", "موسسه"]),
    "comparative": ("راه بزرگ\u200cتری، دفتر", "بزرگترین", ["بزرگ\u200cتری"]),
    "people": ("همهٔ مدیران", "مدیر", ["مدیران"]),
    "no plural": ("تنها ماند", "تنها", ["تنها"]),
    "no comparative": ("دفتر ما", "دفتر", ["دفتر"]),
    "Latin": ("ویروس COVID-19 و Café", "cafe", ["Café"]),
}


@pytest.fixture(scope="module")
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    """An index with the analyzers, a document of each text of ``_PUBLISHED`` and one of folded terms."""
    name = f"analysis-{uuid4().hex}"
    folded = {"type": "text", "analyzer": "terms", "search_analyzer": "persian_query"}
    published = {"type": "text", "index": False, "analyzer": "published"}
    client.indices.create(
        index=name,
        settings={"number_of_replicas": 0, "analyze.max_token_count": 50_000, "analysis": analysis()},
        mappings={"properties": {"folded": folded, "body": published}},
    )
    for key, (text, _, _) in _PUBLISHED.items():
        client.index(index=name, id=key, document={"body": text, "folded": " ".join(fold_terms(text))})
    text = " ".join(fold_terms("شبکه‌های اجتماعی وزارت تعاون،کارورفاه اجتماعی؛ مؤسسهٔ دانش‌آموزان برمی‌گردد"))
    client.index(index=name, id="folded", document={"folded": text}, refresh=True)
    yield name
    client.indices.delete(index=name)


def _terms(client: Elasticsearch, index: str, texts: list[str]) -> Iterator[list[str]]:
    """The terms that the cluster makes of each text."""
    for start in range(0, len(texts), 400):
        part = texts[start : start + 400]
        lines = [
            " ".join(f"{_PARTING} {text}" for text in part[at : at + 40]) for at in range(0, len(part), 40)
        ]
        answer = client.indices.analyze(index=index, analyzer="persian_query", text=lines)
        made: list[list[str]] = []
        for token in answer["tokens"]:
            if token["token"] == _PARTING:
                made.append([])
            else:
                made[-1].append(token["token"])
        assert len(made) == len(part)
        yield from made


def _differ(
    client: Elasticsearch, index: str, texts: Iterable[str]
) -> dict[str, tuple[list[str], list[str]]]:
    """The texts of which the cluster makes other terms than Python."""
    all_texts = sorted(set(texts))
    assert all_texts
    pairs = zip(all_texts, _terms(client, index, all_texts), strict=True)
    return {text: (ours, made) for text, made in pairs if (ours := fold_terms(text)) != made}


def test_every_word_of_the_tables(client: Elasticsearch, index: str) -> None:
    words = set(inflected.INFLECTED) | verbs.verb_forms() | set(compounds.WHOLE)
    for table in _TABLES:
        words |= set(re.findall("[\u0621-\u06ff\u200c]+", inspect.getsource(table)))
    assert len(words) > 6000
    assert _differ(client, index, words) == {}


def test_spellings_of_the_families(client: Elasticsearch, index: str) -> None:
    """Every second, and none with Arabic letters, which are single characters to the fold: all take long."""
    spellings = [word for section in families().values() for made in section.values() for word in made]
    persian = [word for word in spellings if not set("يك") & set(word)]
    assert len(persian) > 8000
    assert _differ(client, index, persian[::2]) == {}


def test_every_line_of_the_rules(client: Elasticsearch, index: str) -> None:
    assert _differ(client, index, (spelling for rule in RULES for spelling in rule.spellings)) == {}


def test_rows_of_endings_and_of_prefixes(client: Elasticsearch, index: str) -> None:
    """What takes several rounds in the cluster."""
    rows = [
        "کتابهایشانها کتابهایترها",
        "کهگیلویه وبویراحمدخانوار ها",
        "نامه ها نامه های نامه هایی راه ها راه های خانه ای",
        "بی\u200cهایی¬طوریهایمان\nپارچه¬جوان¬راهکار هایی\u200c",
        "قهرمان\u200cهایی نمی¬گروه\u200cهایشان مليت\u200cهايش¬شان\u200cبيمارهاي\u200cنیازمند ها",
        "می بی کار ها می شود نمی بی گر تر",
        "بی کارشناس بر می گردد باز می گردد",
    ]
    assert _differ(client, index, rows) == {}


def test_every_character(client: Elasticsearch, index: str) -> None:
    """Between letters and between digits."""
    signs = map(chr, sorted({*letters.FOLDING, *map(ord, "«»‹›٪…–﴾ـ\u2009")}))
    assert _differ(client, index, (f"خط{sign}ها 1{sign}234" for sign in signs)) == {}


def test_articles(client: Elasticsearch, index: str) -> None:
    """Sentence by sentence, and the seed article as a whole too."""
    texts = [path.read_text("utf-8") for path in sorted(_DEMO.glob("*.yaml"))]
    if _SEED.exists():
        texts.append(_SEED.read_text("utf-8"))
    sentences = [line for text in texts for line in re.split(r"[\n.؛؟!]", text)]
    assert len(sentences) > 800
    assert _differ(client, index, [*sentences, texts[-1]]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "آ" * 30_000,
        "a\u200c" * 30_000,
        "a." * 30_000,
        "123" + ",456" * 15_000,
        "می " * 2_000,
        "<«/%&#'~‹ " * 500,
    ],
)
def test_a_hostile_text_is_no_danger_to_the_server(client: Elasticsearch, index: str, text: str) -> None:
    """A regular expression that goes down the stack for each character ends a server, not only a request."""
    tokens = client.indices.analyze(index=index, analyzer="persian_query", text=text)["tokens"]
    assert "".join(token["token"] for token in tokens).strip(".") == "".join(fold_terms(text)).strip(".")
    assert [token["position"] for token in tokens] == list(range(len(tokens)))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"match_phrase": {"folded": "تعاون کار و رفاه"}}, True),
        ({"match_phrase": {"folded": "تعاون، کارورفاه اجتماعي"}}, True),
        ({"match_phrase": {"folded": "تعاون و رفاه"}}, False),
        ({"match": {"folded": {"query": "شبكه هاي مؤسسه‌ها", "operator": "and"}}}, True),
        ({"query_string": {"query": '(شبکه های) AND "دانش آموز"', "default_field": "folded"}}, True),
        ({"query_string": {"query": "شبکه AND سد", "default_field": "folded"}}, False),
        ({"query_string": {"query": "مؤسس*", "default_field": "folded"}}, True),
        ({"match_phrase": {"folded": "بر می گردد"}}, True),
    ],
)
def test_what_is_typed_finds_what_python_has_folded(
    client: Elasticsearch, index: str, query: dict[str, object], found: bool
) -> None:
    hits = client.search(index=index, query=query)["hits"]["hits"]
    assert ("folded" in [hit["_id"] for hit in hits]) == found


@pytest.mark.parametrize("key", _PUBLISHED)
@pytest.mark.parametrize("kind", ["unified", "plain"])
def test_marks_stand_at_the_characters_as_published(
    client: Elasticsearch, index: str, key: str, kind: str
) -> None:
    text, words, marked = _PUBLISHED[key]
    here = {"bool": {"must": {"match_phrase": {"folded": words}}, "filter": {"ids": {"values": [key]}}}}
    marks = {
        "require_field_match": False,
        "fields": {"body": {"type": kind, "number_of_fragments": 0}},
        "pre_tags": "[",
        "post_tags": "]",
    }
    (hit,) = client.search(index=index, query=here, highlight=marks)["hits"]["hits"]
    shown = "".join(hit["highlight"]["body"])
    assert shown.replace("[", "").replace("]", "") == text
    assert re.findall(r"\[(.*?)\]", shown) == marked


def test_the_settings_are_small_and_the_same_every_time() -> None:
    """They live in the cluster's state; an index that was made with others is made anew."""
    made = json.dumps(analysis(), ensure_ascii=False, sort_keys=True)
    assert len(made.encode()) < 300_000
    program = (
        "import json, sys; from aggregator.index.elastic.analysis import analysis;"
        "sys.stdout.buffer.write(json.dumps(analysis(), ensure_ascii=False, sort_keys=True).encode())"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        assert run.stdout.decode() == made
