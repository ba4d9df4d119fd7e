"""The families of words of ``families.txt``, each with all its spellings (see the head of that file)."""

from pathlib import Path

from aggregator.persian.letters import ZWNJ

_FILE = Path(__file__).with_name("families.txt")
_BREAKS = (" ", ZWNJ, "")
_ARABIC = str.maketrans("یک", "يك")
_EZAFE = ("هٔ", "ۀ", f"ه{ZWNJ}ی", "ه ی", f"ه{ZWNJ}ای", "ه ای")


def families() -> dict[str, dict[str, list[str]]]:
    """The spellings of each family, by section and by the line that holds them."""
    read: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = read[line.strip("[]")] = {}
        elif line and not line.startswith("#"):
            section[line] = _spellings(line)
    return read


def _spellings(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.replace("⁀", ZWNJ).split("|")]
    made = [spelling for cell in cells if not cell.startswith("+") for spelling in _parted(cell)]
    for cell in cells:
        if cell.startswith("+"):
            made += [form for word in _parted(cells[0]) for form in _inflected(word, cell[1:])]
    return list(dict.fromkeys([*made, *(spelling.translate(_ARABIC) for spelling in made)]))


def _parted(cell: str) -> list[str]:
    """The spellings that "~" and "^" stand for."""
    made = [""]
    for sign in cell:
        breaks = _BREAKS if sign == "~" else _BREAKS[:2] if sign == "^" else (sign,)
        made = [start + mark for start in made for mark in breaks]
    return made


def _inflected(word: str, ending: str) -> list[str]:
    """The spellings that a cell with "+" stands for."""
    if ending == "ه":
        return [word.removesuffix("ه") + mark for mark in _EZAFE]
    if ending == "ان":
        return [_people(word)]
    endings = ("ها", "های", "هایی", "هایش", "هایشان") if ending == "ها" else ("تر", "ترین")
    return [word + mark + end for mark in _BREAKS for end in endings]


def _people(word: str) -> str:
    if word.endswith("ه"):
        return word.removesuffix("ه") + "گان"
    return word + ("یان" if word.endswith(("ا", "و")) else "ان")
