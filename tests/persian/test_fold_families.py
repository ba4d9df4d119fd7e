"""Families of words of official prose: all spellings of one meet, and no two families do."""

from collections import defaultdict

import pytest

from aggregator.persian.fold import fold_terms
from tests.persian.families import families

FAMILIES = families()


def test_the_table_is_large_and_its_families_have_several_spellings() -> None:
    spellings = [made for section in FAMILIES.values() for made in section.values()]
    assert len(spellings) >= 900
    assert sum(len(made) > 2 for made in spellings) >= 700
    assert all(len(made) > 1 for made in spellings)


@pytest.mark.parametrize("section", FAMILIES)
def test_all_spellings_of_a_family_meet(section: str) -> None:
    parted = {
        line: sorted(folded)
        for line, made in FAMILIES[section].items()
        if len(folded := {" ".join(fold_terms(spelling)) for spelling in made}) > 1
    }
    assert parted == {}


def test_no_two_families_meet() -> None:
    lines: dict[str, set[str]] = defaultdict(set)
    for section in FAMILIES.values():
        for line, made in section.items():
            for spelling in made:
                lines[" ".join(fold_terms(spelling))].add(line)
    assert {terms: met for terms, met in lines.items() if len(met) > 1} == {}
