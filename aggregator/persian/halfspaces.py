"""Half-spaces and blanks that official prose forgets, put right by rules of its own, before hazm sees a line.

A rule joins an ending only to a word that can bear it, and takes a solid word apart only by closed lists.
Letters are never added, lost or changed; a published half-space stays, after any letter.
"""

import re
from functools import lru_cache

from aggregator.persian.endings import takes_plural
from aggregator.persian.letters import NON_JOINING, PERSIAN_LETTERS, ZWNJ, fold_letters, words
from aggregator.persian.lexicon import count
from aggregator.persian.parting import part
from aggregator.persian.verbs import participles, verb_forms

_L = f"[{PERSIAN_LETTERS}]"
_W = f"[{PERSIAN_LETTERS}\u064b-\u065f\u0670]"  # with marks
_BEGIN = f"(?<![{PERSIAN_LETTERS}\u064b-\u065f\u0670{ZWNJ}])"
_END = f"(?![{PERSIAN_LETTERS}\u064b-\u065f\u0670{ZWNJ}])"

_VERBS = frozenset(map(fold_letters, verb_forms()))
_PARTICIPLES = frozenset(map(fold_letters, participles()))
_PREVERBS = "بر|در|باز|فرا|فرو|وا"
_PREVERB = re.compile(f"^(?:{_PREVERBS})")
_NEGATED = re.compile("^نی")
_NOT_VERBS = frozenset(["میدانی", "میره"])
_PARTICLES = frozenset(words("از که و به را در است بر با تا هم یا نه چه هر آن این آنکه هیچ او من تو ما شما"))
#: Words that an ending does not belong to, however it stands behind them.
_NO_HOSTS = _PARTICLES - {"آن", "این", "شما", "او"} | {"همه", "بی", "می", "نمی", "چند"}

_VERB_APART = re.compile(f"{_BEGIN}(ن?می) +({_W}+)")
_VERB_SOLID = re.compile(f"{_BEGIN}({_PREVERBS})?(ن?می)({_L}{{2,}})(?!{_W})")
_WITHOUT = re.compile(f"{_BEGIN}بی +({_W}{{2,}})")
#: Two letters after بی are mostly letters of a Latin name («بی بی سی»): only these are words.
_SHORT_NOUNS = frozenset(words("شک حد جا پا سر آب غم رگ مو حق مخ رو پر نم"))
_PLURALS = "ها(?:ی(?:ی|م|ت|ش|مان|تان|شان)?|ست)?"
_COMPARATIVES = "تر(?:ین)?(?:ها(?:ی)?)?|تری"
_ENDING_APART = re.compile(
    f"(?<!{_W})({_W}+) +({_PLURALS}|{_COMPARATIVES}|گر|گری|گران|مند|مندی|مندان|ناک){_END}"
    f"(?! و (?:خشک|تازه){_END})"
)
#: Endings of a word in ه; most of them also of one in ی. «ام», «ای» may be letters of a Latin name («ام آر»).
_AFTER_VOWEL = re.compile(
    f"(?<!{_W})({_W}+[هی]) +"
    "(ی|ات|اش|مان|تان|شان(?! (?:نزول|و منزلت))|"
    f"(?:ای|ام)(?! (?:ال|(?:اس|آر|پی|دی|بی|تی|سی|جی|وی|اف|ان|یو){_END}))){_END}"
)
_PERSONAL_APART = re.compile(f"(?<!{_W})({_W}{{2,}}) +(اند|ایم|اید){_END}")
_ANY_ENDING = re.compile(
    f" (?:{_PLURALS}|{_COMPARATIVES}|گر|گری|گران|مند|مندی|مندان|ناک|"
    f"ی|ای|ام|ات|اش|مان|تان|شان|اند|ایم|اید){_END}"
)
_POSSESSIVE = re.compile(f"((?:^|[ {ZWNJ}])های?) +(مان|تان|شان){_END}")
_PLURAL_SOLID = re.compile(f"(?<!{_W})({_L}{{2,}}?)({_PLURALS}){_END}")
_PERFECT_SOLID = re.compile(f"(?<!{_W})({_L}{{2,}}ه)(ام|ایم|اید|اند){_END}")
_SOLID = re.compile(f"{_BEGIN}{_L}{{3,}}{_END}")

#: Words in ه whose «…های» is an adjective or a single one («رسانهای»): there is no word without the ه, or its
#: plural is rare.
_IN_HEH = frozenset(
    words(
        """رسانه منطقه یارانه توسعه هسته بیمه مشاوره سرمایه رایانه برنامه کارخانه جلسه بودجه نمونه حاشیه
        کتابخانه گلخانه وزارتخانه لحظه مرحله مداخله مسئله نکته وسیله اندیشه سلیقه شبکه صفحه هفته قبیله پایه
        ریشه گونه مایه علاقه نتیجه فاصله فاجعه تعرفه عرصه شیوه هزینه بهانه مصاحبه مطالعه مقاله مجله نقطه
        نسخه رشته کمیته اتحادیه اطلاعیه بیانیه ابلاغیه شناسه سامانه پایانه گزینه تغذیه روحیه رویه سهمیه
        لایحه لایه محموله معامله مکالمه نظریه وظیفه بخشنامه زمینه"""
    )
)
#: Compounds that are right when solid.
_RIGHT_SOLID = frozenset(words("توانبخشی توانیاب خوشبین کارتخوان سیاستگذار سیاستگذاری دانشپژوه باستانشناسی"))

#: Compounds of two words, of official prose; the second may have an ending.
_COMPOUNDS = """
اطلاع رسان, اطلاع رسانی, خبر رسانی, خدمات رسانی, امداد رسانی, دانش آموز, دانش آموخته, دانش بنیان, دانش
پژوه, برنامه ریز, برنامه ریزی, پایه گذاری, سرمایه گذار, سرمایه گذاری, سیاست گذار, سیاست گذاری, قانون
گذاری, قیمت گذاری, نام گذاری, تاثیر گذار, تأثیر گذار, بهره برداری, بهره بردار, بهره وری, بهره گیری, پیش
بینی, پیش نویس, پیش گیری, هم اندیشی, هم افزایی, هم زمان, شفاف سازی, فرهنگ سازی, ظرفیت سازی, پیاده سازی,
توانمند سازی, زمینه سازی, بستر سازی, مناسب سازی, مقاوم سازی, ساده سازی, خصوصی سازی, بومی سازی, ایمن سازی,
آماده سازی, خانه سازی, تصمیم گیری, تصمیم گیر, شکل گیری, جهت گیری, اندازه گیری, ماهی گیری, اشتغال زایی,
درآمد زایی, آسیب شناسی, آسیب دیده, آسیب پذیر, کارت خوان, تأمین کننده, شرکت کننده, تولید کننده, مصرف کننده,
برگزار کننده, اجرا کننده, توسعه یافته, سازمان یافته, بین المللی, بین الملل, رئیس جمهور, رییس جمهور, نخست
وزیر, قائم مقام, عدالت محور, مردم نهاد, وقت شناسی, روان شناسی, زبان شناسی, باستان شناسی, زمین لرزه, زیر
ساخت, جمع آوری, جمع بندی, دسته بندی, طبقه بندی, رتبه بندی, سطح بندی, زمان بندی, بسته بندی, بودجه ریزی, راه
اندازی, راه گشا, چشم انداز, دست اندرکار, دست یابی, دست آورد, خود کفایی, خود اشتغالی, علاقه مند, بهره مند,
توان بخشی, توان یاب, کم درآمد, کم توان, پر مخاطب, خوش بین, هم وطن, هم استانی, آیین نامه, بخش نامه, تفاهم
نامه, شیوه نامه, توافق نامه, موافقت نامه, گواهی نامه, اساس نامه, ویژه نامه, پایان نامه, فصل نامه, صرفه
جویی, مدد جو, کار آفرین, کار آفرینی, مهارت آموز, مهارت آموزی, سه شنبه, چهار شنبه, پنج شنبه, یک شنبه, دو شنبه,
قرض الحسنه, کمک هزینه, ثبت نام, نیمه تمام, بیمه شده, نام نویسی, کم بهره, حق بیمه
"""
_COMPOUND_PAIRS = {tuple(pair.split()) for pair in _COMPOUNDS.split(",")}
_COMPOUND_ENDINGS = ("", "ی", "ای", "ان", "گان", "ها", "های", "هایی")
#: Those whose two words may not be joined: «سرمایهگذاری».
_COMPOUNDS_SOLID = {
    first + second: f"{first}{ZWNJ}{second}"
    for first, second in _COMPOUND_PAIRS
    if first[-1] not in NON_JOINING and first + second not in _RIGHT_SOLID
}
_FIRSTS = "|".join(sorted({first for first, _ in _COMPOUND_PAIRS}, key=len, reverse=True))
_HAS_FIRST = re.compile(f"{_BEGIN}(?:{_FIRSTS}){_END}")
_COMPOUND = re.compile(f"{_BEGIN}({_FIRSTS}) +({_L}+)")


def repair_spaces(line: str) -> str:
    """A line of Persian letters with its half-spaces put right; blanks only parted or joined."""
    chunks = [_repair_chunk(chunk) for chunk in line.split(" ")]
    line = " ".join([chunk for chunk, _ in chunks])
    if "می " in line:
        line = _VERB_APART.sub(_verb_apart, line)
    if _ANY_ENDING.search(line):
        line = _AFTER_VOWEL.sub(_after_vowel, line)
        line = _PERSONAL_APART.sub(_personal_apart, line)
        line = _ENDING_APART.sub(_ending_apart, line)
        line = _POSSESSIVE.sub(rf"\1{ZWNJ}\2", line)
    if any(begins for _, begins in chunks):
        line = _COMPOUND.sub(_compound, line)
    return _WITHOUT.sub(_without, line) if "بی " in line else line


@lru_cache(maxsize=50_000)
def _repair_chunk(chunk: str) -> tuple[str, bool]:
    """What stands between two blanks, put right; and whether a word in it may begin a compound."""
    chunk = _SOLID.sub(_solid, chunk)
    chunk = _VERB_SOLID.sub(_verb_solid, chunk)
    chunk = _PERFECT_SOLID.sub(_perfect_solid, chunk)
    chunk = _PLURAL_SOLID.sub(_plural_solid, chunk)
    return chunk, bool(_HAS_FIRST.search(chunk))


def _solid(found: re.Match[str]) -> str:
    word = found[0]
    parted = part(word)
    return parted if parted != word else _compound_solid(word)


@lru_cache(maxsize=20_000)
def _compound_solid(word: str) -> str:
    for ending in _COMPOUND_ENDINGS:
        apart = _COMPOUNDS_SOLID.get(word.removesuffix(ending))
        if apart and word.endswith(ending) and count(word.removesuffix(ending)) < 0:
            return apart + ending
    return word


def _verb_apart(found: re.Match[str]) -> str:
    prefix, word = found[1], found[2]
    verb = fold_letters(word) in _VERBS or (prefix == "نمی" and len(word) > 1 and word not in _PARTICLES)
    return f"{prefix}{ZWNJ}{word}" if verb else found[0]


def _verb_solid(found: re.Match[str]) -> str:
    before, prefix, word = found[1] or "", found[2], found[3]
    if fold_letters(word) not in _VERBS or prefix + word in _NOT_VERBS or count(found[0]) > 0:
        return found[0]
    return f"{before}{prefix}{ZWNJ}{word}"


def _after_vowel(found: re.Match[str]) -> str:
    host, ending = found[1], found[2]
    if host == "همه":
        bears = ending != "ای"
    elif host[-1] == "ه":
        bears = len(host) > 2 and host not in _NO_HOSTS
    else:
        bears = (len(host) > 3 and ending != "ی" and host not in _NO_HOSTS) or (host, ending) == ("سی", "ام")
    return f"{host}{ZWNJ}{ending}" if bears else found[0]


def _personal_apart(found: re.Match[str]) -> str:
    return found[0] if found[1] in _NO_HOSTS else f"{found[1]}{ZWNJ}{found[2]}"


def _ending_apart(found: re.Match[str]) -> str:
    host, ending = found[1], found[2]
    least = 3 if ending.startswith("گر") else 2
    return f"{host}{ZWNJ}{ending}" if len(host) >= least and host not in _NO_HOSTS else found[0]


def _plural_solid(found: re.Match[str]) -> str:
    host, ending = found[1], found[2]
    if host[-1] in NON_JOINING + "آأؤ" or not takes_plural(fold_letters(host)) or count(found[0]) > 0:
        return found[0]
    if ending == "های" and host + "ه" in _IN_HEH:
        return f"{host}ه{ZWNJ}ای"
    return f"{host}{ZWNJ}{ending}"


def _perfect_solid(found: re.Match[str]) -> str:
    return f"{found[1]}{ZWNJ}{found[2]}" if _is_participle(fold_letters(found[1])) else found[0]


def _is_participle(word: str) -> bool:
    """In the letters of matching; also with ن («نشده», «نیامده», «نیفتاده») and behind بر, باز …"""
    bare = _PREVERB.sub("", word)
    return any(
        {form, form.removeprefix("ن"), form.removeprefix("نی"), _NEGATED.sub("ا", form)} & _PARTICIPLES
        for form in (word, bare)
    )


def _compound(found: re.Match[str]) -> str:
    first, second = found[1], found[2]
    seconds = {second.removesuffix(ending) for ending in _COMPOUND_ENDINGS}
    if second.endswith("گان"):
        seconds.add(second.removesuffix("گان") + "ه")
    if any((first, bare) in _COMPOUND_PAIRS for bare in seconds):
        return f"{first}{ZWNJ}{second}"
    return found[0]


def _without(found: re.Match[str]) -> str:
    joins = found[1] not in _PARTICLES and (len(found[1]) > 2 or found[1] in _SHORT_NOUNS)
    return f"بی{ZWNJ}{found[1]}" if joins else found[0]
