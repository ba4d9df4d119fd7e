"""Articles of which it is known which are one text: stories of the demo, re-posts, and what only looks so.

Re-posts: with another lead, without a paragraph, with other names, in another spelling, and two of these at
once. What is no re-post: notices from one template (the same story with other numbers, days, places and
persons), follow-ups that quote a third of a story, other articles under the same headline, short notices that
differ in a name or return the next month, and the articles of a small grammar that share most sentences.
"""

import random
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from aggregator.changes import sentences
from aggregator.demo.bundle import bundled_sites
from aggregator.demo.spelling import ZWNJ, Spelling, respell
from aggregator.demo.synthetic import FAMILY_NAMES, GIVEN_NAMES, synthetic_articles
from aggregator.model import Article, DateReading, StoredArticle
from aggregator.persian.article import annotate_article
from aggregator.persian.calendar import JALALI_MONTHS
from aggregator.persian.letters import words
from aggregator.registry import Registry, load_registry
from aggregator.registry.counties import load_counties
from aggregator.urls import article_id

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OFFICES = tuple(f"mcls-{province}" for province in words("alborz gilan fars kerman yazd qom ilam semnan"))
KINDS = ("added lead", "dropped paragraph", "changed names", "changed spelling", "two of these")
MATES = 12  #: notices made from one story

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """An article before it is stored."""

    story: str  #: the same for articles that are one text
    kind: str  #: how it was made
    source: str
    headline: str
    lead: str | None
    body: Texts
    published: datetime

    def stored(self, number: int) -> StoredArticle:
        """As a crawl would have stored it."""
        url = f"https://{self.source}.example.ir/news/{number}"
        reading = DateReading("", self.published, "minute", "jalali", "visible")
        article = Article(
            article_id(url),
            url,
            url,
            self.source,
            self.headline,
            self.body,
            lead=self.lead,
            published=reading,
        )
        return StoredArticle(article, None, None, NOW, NOW, revision=1)


def corpus(seed: int, *, others: int) -> list[Post]:
    """All posts in a random order: some 60 stories with five re-posts each, and ``others`` articles beside
    the notices made from the stories."""
    chance = random.Random(seed)
    written = grammar(chance, others)
    posts = short_notices(chance, others // 6)
    for original in originals():
        posts += [original, *reposts(chance, original), *mates(chance, original)]
        posts += look_alikes(chance, original, [written.pop() for _ in range(3)])
    posts += written
    chance.shuffle(posts)
    return posts


@cache
def originals() -> tuple[Post, ...]:
    """The stories of the demo, without the one that several offices share."""
    posts = []
    for site in bundled_sites():
        for record in site.truth():
            if not re.search("[کك]ارآفر[یي]نان برتر", record["headline"]):
                day = datetime.fromisoformat(record["date_published"]).replace(tzinfo=UTC)
                text = record["headline"], record["lead"], tuple(record["body"])
                posts.append(Post(record["url"] + site.source_id, "original", site.source_id, *text, day))
    return tuple(posts)


# --- re-posts -----------------------------------------------------------------------------------------------


def reposts(chance: random.Random, original: Post) -> Iterator[Post]:
    """One of each kind; one in seven by the same source, under another id."""
    for kind in KINDS:
        at_home = kind in KINDS[:2] and chance.random() < 1 / 7
        source = original.source if at_home else chance.choice([o for o in OFFICES if o != original.source])
        later = original.published + timedelta(minutes=chance.randint(20, 4000))
        post = replace(original, kind=kind, source=source, published=later)
        if chance.random() < 0.5:
            post = replace(post, headline=f"{chance.choice(OPENINGS)} {post.headline}")
        for change in chance.sample(list(CHANGES), 2) if kind == KINDS[-1] else [kind]:
            post = CHANGES[change](chance, post)
        yield post


OPENINGS = ("گزارش ویژه؛", "در نشست خبری اعلام شد:", "با حضور مدیران استان؛", "به نقل از وزارتخانه:")
LEADS = (
    "به گزارش روابط عمومی {office}، به نقل از مرکز اطلاع‌رسانی وزارتخانه، {person} در حاشیه "
    "بازدید روز {day} خود از "
    "{place} با اشاره به اهمیت این موضوع برای مردم استان، آنچه در ادامه می‌آید را برای خبرنگاران بازگو کرد.",
    "{office}: آنچه در پی می‌آید متن خبری است که دیروز در تهران منتشر شد و برای آگاهی "
    "همکاران در {place} بازنشر می‌شود. "
    "{person} نیز در گفت‌وگو با خبرنگار ما از پیگیری آن در استان خبر داد و گفت گزارش آن تا "
    "{day} روز دیگر آماده می‌شود.",
    "همکاران ما در {place} گزارش داده‌اند که این خبر با استقبال مردم روبه‌رو شده است. "
    "{person} گفت: ما هم در استان {day} "
    "جلسه در این باره داشته‌ایم. متن کامل خبر را در ادامه بخوانید.",
)


def added_lead(chance: random.Random, post: Post) -> Post:
    """A paragraph of the office's own before the text; now and then one after it."""
    text = chance.choice(LEADS).format(
        office=chance.choice(names()["organisation"]),
        person=person(chance),
        place=chance.choice(names()["county"]),
        day=chance.randint(2, 29),
    )
    opening = (post.lead,) if post.lead else ()
    ending = ("پایان خبر؛ بازنشر با ذکر منبع آزاد است.",) if chance.random() < 0.3 else ()
    return replace(post, lead=text, body=(*opening, *post.body, *ending))


def dropped_paragraph(chance: random.Random, post: Post) -> Post:
    """Without one paragraph of three or more, the first one included; else without the last sentence."""
    paragraphs = [*([post.lead] if post.lead else []), *post.body]
    at = chance.randrange(len(paragraphs))
    if len(paragraphs) < 3 or len(paragraphs[at]) > sum(map(len, paragraphs)) * 0.45:
        *first, _ = sentences(paragraphs[-1])
        return replace(post, lead=None, body=(*paragraphs[:-1], *first))
    return replace(post, lead=None, body=(*paragraphs[:at], *paragraphs[at + 1 :]))


def changed_names(chance: random.Random, post: Post) -> Post:
    """Places, organisations and persons, as an office puts its own in."""
    return _in_all(post, renamed(chance, post))


SPELT = (
    ("هیئت", "هیات"),
    ("مسئول", "مسوول"),
    ("شورای", "شوراي"),
    ("‌ها", "ها"),
    ("می‌", "می "),
    ("ۀ", "ه‌ی"),
    ("ٔ", ""),
)


def changed_spelling(chance: random.Random, post: Post) -> Post:
    """Letters, digits, half-spaces of another keyboard, words written otherwise, a slip now and then."""
    spelling = Spelling(
        letters=chance.choice(["arabic", "windows-1256"]),
        half_space=chance.choice(["space", "glued", "mixed"]),
        digits=chance.choice(["as-written", "latin"]),
    )

    def spell(text: str) -> str:
        for one, other in chance.sample(SPELT, 3):
            text = text.replace(one, other)
        words = [slip(chance, word) if chance.random() < 0.015 else word for word in text.split(" ")]
        return respell(" ".join(words), spelling)

    return _in_all(post, spell)


def slip(chance: random.Random, word: str) -> str:
    """Two letters changed places, or one was left out; numbers stay."""
    if len(word) < 4 or re.search(r"\d", word):
        return word
    at = chance.randrange(1, len(word) - 2)
    swapped = word[at + 1] + word[at] if chance.random() < 0.5 else word[at]
    return word[:at] + swapped + word[at + 2 :]


CHANGES: dict[str, Callable[[random.Random, Post], Post]] = {
    "added lead": added_lead,
    "dropped paragraph": dropped_paragraph,
    "changed names": changed_names,
    "changed spelling": changed_spelling,
}


def _in_all(post: Post, change: Callable[[str], str]) -> Post:
    body = tuple(change(paragraph) for paragraph in post.body)
    return replace(post, headline=change(post.headline), lead=post.lead and change(post.lead), body=body)


# --- names --------------------------------------------------------------------------------------------------


@cache
def registry() -> Registry:
    return load_registry()


@cache
def names() -> Mapping[str, list[str]]:
    """Kind of mention → names to put in the place of another."""
    known = registry()
    return {
        "county": [county.name for county in load_counties().values()],
        "province": [province.name for province in known.provinces.values()],
        "organisation": [one.name for one in known.organisations.values()],
    }


def person(chance: random.Random) -> str:
    return f"{chance.choice(GIVEN_NAMES)} {chance.choice(FAMILY_NAMES)}"


@cache
def named(post: Post) -> tuple[tuple[str, str], ...]:
    """(kind, text) of the names in a post, the longest first."""
    article = annotate_article(post.stored(1).article, registry().gazetteer, organisation=post.source)
    found = {(one.kind, one.text) for one in article.mentions if one.field != "headline"}
    family = {("family", text.split()[-1]) for kind, text in found if kind == "speaker" and " " in text}
    return tuple(sorted(found | family, key=lambda one: (-len(one[1]), one)))


def renamed(chance: random.Random, post: Post) -> Callable[[str], str]:
    """Puts another name in the place of each of the post, always the same one."""
    others = {}
    for kind, text in named(post):
        if kind == "speaker":
            others[text] = person(chance)
        elif kind == "family":
            whole = next(other for name, other in others.items() if name.endswith(f" {text}"))
            others[text] = whole.split()[-1]
        else:
            others[text] = chance.choice(names()[kind])
    if not others:
        return lambda text: text
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in others))
    return lambda text: pattern.sub(lambda found: others[found[0]], text)


# --- what is no re-post -------------------------------------------------------------------------------------

COUNTS = words("دو سه چهار پنج شش هفت هشت نه ده دوازده بیست سی")
WEEKDAYS = words("شنبه یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه")
NUMBER = re.compile(r"\d+")
_WORDS = re.compile(rf"(?<![\w{ZWNJ}])(?:{'|'.join((*COUNTS, *WEEKDAYS, *JALALI_MONTHS))})(?![\w{ZWNJ}])")


def mates(chance: random.Random, original: Post) -> Iterator[Post]:
    """Notices from one template: numbers, days, places and persons are others, all else is the same.

    A story with fewer than two numbers makes notices of one source only: between sources, a text that
    states the same and differs in names is a re-post.
    """
    numbers = sum(len(NUMBER.findall(text)) for text in (original.lead or "", *original.body))
    if numbers + len(named(original)) < 2:
        return
    for place in range(MATES):
        rename = renamed(chance, original)

        def fill_in(text: str, rename: Callable[[str], str] = rename) -> str:
            return _WORDS.sub(
                lambda found: another_word(chance, found[0]),
                NUMBER.sub(lambda found: another_number(chance, found[0]), rename(text)),
            )

        source = original.source if numbers < 2 else chance.choice([original.source, *OFFICES])
        later = original.published + timedelta(days=chance.randint(0, 400))
        post = replace(original, story=f"{original.story} {place}", kind="template", source=source)
        yield replace(_in_all(post, fill_in), published=later)


def another_number(chance: random.Random, number: str) -> str:
    """Of as many digits."""
    digits = "۰۱۲۳۴۵۶۷۸۹" if number[0] in "۰۱۲۳۴۵۶۷۸۹" else "0123456789"
    while (other := str(chance.randrange(10 ** (len(number) - 1), 10 ** len(number)))) == str(int(number)):
        pass
    return "".join(digits[int(digit)] for digit in other)


def another_word(chance: random.Random, word: str) -> str:
    group = next(group for group in (COUNTS, WEEKDAYS, list(JALALI_MONTHS)) if word in group)
    return chance.choice([other for other in group if other != word])


def look_alikes(chance: random.Random, original: Post, others: Sequence[Post]) -> Iterator[Post]:
    """Follow-ups that quote a third of the story, and another article under its headline."""
    quoted = [sentence for text in original.body for sentence in sentences(text)]
    share = " ".join(["پیش از این نیز گفته شده بود:", *quoted[: max(len(quoted) // 3, 1)]])
    one, another, third = others
    yield replace(one, kind="follow-up", source=original.source, body=(*one.body, share))
    yield replace(another, kind="follow-up", body=(share, *another.body))
    later = original.published + timedelta(days=7)
    changes = {"source": original.source, "headline": original.headline, "published": later}
    yield replace(third, kind="same headline", **changes)


SHORT = (
    (
        "پیام تسلیت",
        "با نهایت تأسف و تأثر، درگذشت پدر گرامی همکار ارجمندمان {person} را تسلیت می‌گوییم و از "
        "درگاه خداوند برای آن "
        "مرحوم آمرزش و برای بازماندگان شکیبایی خواستاریم.",
    ),
    (
        "تغییر ساعت کار ادارات {county}",
        "ساعت کار همه ادارات شهرستان {county} از روز {day} تا اطلاع بعدی از ساعت {n} تا {m} "
        "خواهد بود و مراجعان محترم "
        "می‌توانند کارهای خود را از راه درگاه پیگیری کنند.",
    ),
    (
        "جلسه شورای اداری برگزار شد",
        "جلسه شورای اداری با حضور مدیران دستگاه‌های اجرایی در سالن اجتماعات برگزار شد و درباره "
        "مسائل جاری استان گفت‌وگو "
        "و تصمیم‌گیری شد.",
    ),
)


def short_notices(chance: random.Random, count: int) -> list[Post]:
    """Some differ in a name; the last one is always the same, and comes again a month later."""
    start = datetime(2020, 3, 25, 8, tzinfo=UTC)
    posts = []
    for place in range(count):
        headline, text = SHORT[place % len(SHORT)]
        values = {
            "person": f"{person(chance)} {place}",
            "county": names()["county"][place % len(names()["county"])],
            "day": chance.choice(WEEKDAYS),
            "n": chance.randint(6, 9),
            "m": 12 + place,
        }
        body = (text.format(**values),)
        day = start + timedelta(days=30 * place)
        posts.append(Post(f"short {place}", "short", OFFICES[0], headline.format(**values), None, body, day))
    return posts


def many(seed: int, count: int) -> Iterator[Post]:
    """Articles of ordinary length; one in eight is a re-post of one of the last thousand."""
    chance = random.Random(seed)
    vocabulary = " ".join(" ".join(post.body) for post in originals()).split()
    recent: deque[Post] = deque(maxlen=1_000)
    for place in range(count):
        day = datetime(2020, 3, 25, 8, tzinfo=UTC) + timedelta(minutes=place)
        if recent and chance.random() < 1 / 8:
            yield added_lead(chance, replace(chance.choice(recent), kind="added lead", published=day))
            continue
        opening = f"به گزارش روابط عمومی {chance.choice(names()['organisation'])}،"
        lengths = [chance.randint(25, 70) for _ in range(chance.randint(2, 6))]
        body = tuple(" ".join(chance.choices(vocabulary, k=length)) for length in lengths)
        source, headline = chance.choice(OFFICES), " ".join(chance.choices(vocabulary, k=8))
        post = Post(f"many {place}", "many", source, headline, None, (f"{opening} {body[0]}", *body[1:]), day)
        recent.append(post)
        yield post


def grammar(chance: random.Random, count: int) -> list[Post]:
    """Press releases that share most of their sentences, but for what is filled in."""
    seed = chance.randrange(10**9)
    return [
        Post(
            f"grammar {seed} {story.number}",
            "grammar",
            chance.choice(OFFICES),
            story.headline,
            story.lead,
            story.paragraphs,
            story.published.astimezone(UTC),
        )
        for story in synthetic_articles(count, seed=seed)
    ]
