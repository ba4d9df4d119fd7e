"""hazm's Normalizer, without the weight of what it brings along and is not asked for here.

Loaded whole, hazm 0.10 makes a process 180 MB heavier than this does, and takes a second more; 0.12 makes it
80 MB heavier where SciPy is installed as well.
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

#: What nltk imports where it is installed, for parts of its own that hazm's Normalizer has no use for.
_OPTIONAL = ("numpy", "scipy", "sklearn")
#: The modules of hazm 0.10 that its Normalizer needs, in the order in which they need each other.
_NEEDED = ("utils", "stemmer", "word_tokenizer", "lemmatizer", "normalizer")

_BUILDING = threading.Lock()


def hazm_normalizer() -> Any:
    """Built when first needed, in a second; threads that need it first wait for one of them."""
    with _BUILDING:
        return _build()


@lru_cache(maxsize=1)
def known_words() -> Mapping[str, tuple[int, object]]:
    """hazm's list: word → how often it stands in its corpus (0: only in a dictionary), and what it is."""
    return _words(hazm_normalizer())


@lru_cache(maxsize=1)
def _build() -> Any:
    # Without its list of verb forms, which it makes of a second copy of the words: verbs.py has ours.
    with _hidden(_OPTIONAL):
        if version("hazm").startswith("0.10."):
            normalizer = _old_hazm().Normalizer(seperate_mi=False)
            normalizer.verbs = frozenset()  # it asks for them all the same
        else:
            import hazm

            normalizer = hazm.Normalizer(seperate_mi=False)
    known, shared = _words(normalizer), dict[object, Any]()
    for word, entry in known.items():
        known[word] = shared.setdefault(entry, entry)
    return normalizer


def _words(normalizer: Any) -> dict[str, Any]:
    words: dict[str, Any] | None = getattr(normalizer, "_words", None)  # 0.12
    return normalizer.words if words is None else words


def _old_hazm() -> ModuleType:
    """hazm 0.10 without its taggers and parsers, which cannot do without scikit-learn and gensim.

    Its modules import each other's names from the package itself; it is not left for others to meet.
    """
    spec = find_spec("hazm")
    if spec is None:
        raise ModuleNotFoundError("hazm is not installed", name="hazm")
    package = sys.modules["hazm"] = module_from_spec(spec)
    try:
        for name in _NEEDED:
            vars(package).update(vars(import_module(f"hazm.{name}")))
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "hazm"]:
            del sys.modules[name]
    return package


@contextmanager
def _hidden(names: tuple[str, ...]) -> Iterator[None]:
    """As if these packages were not installed."""
    absent: dict[str, Any] = {name: None for name in names if name not in sys.modules}
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
