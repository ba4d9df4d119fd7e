"""hazm is loaded without what its Normalizer has no use for, and stays whole for everybody else."""

import subprocess
import sys

from aggregator.persian.hazm import hazm_normalizer, known_words

HEAVY = ("gensim", "numpy", "scipy", "sklearn")


def test_the_words_have_counts() -> None:
    words = known_words()
    assert len(words) > 150_000
    assert words["آب"][0] > 1_000_000


def test_words_are_joined() -> None:
    assert hazm_normalizer().token_spacing(["زمین", "لرزه"]) == ["زمین‌لرزه"]


def test_it_is_light_and_leaves_nothing_behind() -> None:
    program = (
        "import sys\n"
        "from aggregator.persian.normalise import normalise\n"
        "print(normalise('کتاب ها'))\n"
        f"print(*(name for name in {HEAVY} if sys.modules.get(name)), sep=',')\n"
        "from hazm import POSTagger, Normalizer\n"
        "print(Normalizer is not None)\n"
    )
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["کتاب‌ها", "", "True"]
