"""Half-spaces and blanks that official prose forgets, put right by rules of its own, before hazm sees a line.

A rule joins an ending only to a word that can bear it, and takes a solid word apart only by closed lists.
Letters are never added, lost or changed; a published half-space stays, after any letter.
"""

import re

from aggregator.persian.endings import takes_plural
from aggregator.persian.glued import separate_glued
from aggregator.persian.letters import NON_JOINING, PERSIAN_LETTERS, ZWNJ, fold_letters, words
from aggregator.persian.verbs import participles, verb_forms

_L = f"[{PERSIAN_LETTERS}]"
_W = f"[{PERSIAN_LETTERS}\u064b-\u065f\u0670]"  # with marks
_BEGIN = f"(?<![{PERSIAN_LETTERS}\u064b-\u065f\u0670{ZWNJ}])"
_END = f"(?![{PERSIAN_LETTERS}\u064b-\u065f\u0670{ZWNJ}])"

_VERBS = frozenset(map(fold_letters, verb_forms()))
_PARTICIPLES = frozenset(map(fold_letters, participles()))
_NOT_VERBS = frozenset(["میدانی", "میره"])
_PARTICLES = frozenset(words("از که و به را در است بر با تا هم یا نه چه هر آن این آنکه هیچ او من تو ما شما"))
#: Words that an ending does not belong to, however it stands behind them.
_NO_HOSTS = _PARTICLES - {"آن", "این", "شما", "او"} | {"همه", "بی", "می", "نمی"}

_VERB_APART = re.compile(f"{_BEGIN}(ن?می) +({_W}+)")
_VERB_SOLID = re.compile(f"{_BEGIN}(بر|در|باز|فرا|فرو|وا)?(ن?می)({_L}{{2,}})(?!{_W})")
_WITHOUT = re.compile(f"{_BEGIN}بی +({_W}{{3,}})")
_PLURALS = "ها(?:ی(?:ی|م|ت|ش|مان|تان|شان)?|ست)?"
_COMPARATIVES = "تر(?:ین)?(?:ها(?:ی)?)?|تری"
_ENDING_APART = re.compile(
    f"(?<!{_W})({_W}+) +({_PLURALS}|{_COMPARATIVES}|گر|گری|گران|مند|مندی|مندان|ناک){_END}"
    f"(?! و (?:خشک|تازه){_END})"
)
_AFTER_HEH = re.compile(f"(?<!{_W})({_W}+ه) +(ی|ای|ام|ات|اش|اند|ایم|اید){_END}")
_POSSESSIVE = re.compile(f"((?:^|[ {ZWNJ}])های?) +(مان|تان|شان){_END}")
_PLURAL_SOLID = re.compile(f"(?<!{_W})({_L}{{2,}}?)({_PLURALS}){_END}")
_PERFECT_SOLID = re.compile(f"(?<!{_W})({_L}{{2,}}ه)(ام|ایم|اید|اند){_END}")
_SOLID = re.compile(f"{_BEGIN}{_L}{{4,}}{_END}")
_STRAY = re.compile(f"{ZWNJ}+(?![\\w\u064b-\u065f\ue000])|(?<![\\w\u064b-\u065f\ue000]){ZWNJ}+")

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
جویی, مدد جو, کار آفرین, کار آفرینی
"""
_COMPOUND_PAIRS = {tuple(pair.split()) for pair in _COMPOUNDS.split(",")}
_COMPOUND_ENDINGS = ("", "ی", "ای", "ان", "گان", "ها", "های", "هایی")
_FIRSTS = "|".join(sorted({first for first, _ in _COMPOUND_PAIRS}, key=len, reverse=True))
_COMPOUND = re.compile(f"{_BEGIN}({_FIRSTS}) +({_L}+)")


def repair_spaces(line: str) -> str:
    """A line of Persian letters with its half-spaces put right; blanks only parted or joined."""
    line = _STRAY.sub("", re.sub(f"{ZWNJ}{{2,}}", ZWNJ, line))
    line = _SOLID.sub(lambda found: separate_glued(found[0]), line)
    line = _VERB_APART.sub(_verb_apart, line)
    line = _VERB_SOLID.sub(_verb_solid, line)
    line = _AFTER_HEH.sub(_after_heh, line)
    line = _ENDING_APART.sub(_ending_apart, line)
    line = _POSSESSIVE.sub(rf"\1{ZWNJ}\2", line)
    line = _PLURAL_SOLID.sub(_plural_solid, line)
    line = _PERFECT_SOLID.sub(_perfect_solid, line)
    line = _COMPOUND.sub(_compound, line)
    return _WITHOUT.sub(_without, line)


def _verb_apart(found: re.Match[str]) -> str:
    prefix, word = found[1], found[2]
    verb = fold_letters(word) in _VERBS or (prefix == "نمی" and len(word) > 1 and word not in _PARTICLES)
    return f"{prefix}{ZWNJ}{word}" if verb else found[0]


def _verb_solid(found: re.Match[str]) -> str:
    before, prefix, word = found[1] or "", found[2], found[3]
    if fold_letters(word) not in _VERBS or prefix + word in _NOT_VERBS:
        return found[0]
    return f"{before}{prefix}{ZWNJ}{word}"


def _after_heh(found: re.Match[str]) -> str:
    host, ending = found[1], found[2]
    bears = len(host) > 2 and not (host in _NO_HOSTS and ending != "اش")
    return f"{host}{ZWNJ}{ending}" if bears else found[0]


def _ending_apart(found: re.Match[str]) -> str:
    host, ending = found[1], found[2]
    least = 3 if ending.startswith("گر") else 2
    return f"{host}{ZWNJ}{ending}" if len(host) >= least and host not in _NO_HOSTS else found[0]


def _plural_solid(found: re.Match[str]) -> str:
    host, ending = found[1], found[2]
    if host[-1] in NON_JOINING + "آأؤ" or not takes_plural(fold_letters(host)):
        return found[0]
    return f"{host}{ZWNJ}{ending}"


def _perfect_solid(found: re.Match[str]) -> str:
    return f"{found[1]}{ZWNJ}{found[2]}" if fold_letters(found[1]) in _PARTICIPLES else found[0]


def _compound(found: re.Match[str]) -> str:
    first, second = found[1], found[2]
    if any((first, second.removesuffix(ending)) in _COMPOUND_PAIRS for ending in _COMPOUND_ENDINGS):
        return f"{first}{ZWNJ}{second}"
    return found[0]


def _without(found: re.Match[str]) -> str:
    return found[0] if found[1] in _PARTICLES else f"بی{ZWNJ}{found[1]}"
