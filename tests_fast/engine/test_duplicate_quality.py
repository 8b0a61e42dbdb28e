"""How many of known duplicates are found, and how many of the found are none."""

from datetime import datetime

import pytest
from duplicate_kit import blocks_of, figures_of, find, shown, traits

from bench.duplicate_data import febrl, invented, score, true_pairs
from engine.duplicates import CROWD

TODAY = datetime.fromisoformat("2026-01-01")


def found_in(rows):
    """(Score at the default threshold, number of candidates)."""
    persons = [row.pop("person") for row in rows]
    records = [traits(**{k: v or "" for k, v in row.items()}) for row in rows]
    judged = find(records)
    return score(shown(judged), true_pairs(persons)), len(judged)


@pytest.mark.parametrize(
    ("number", "recall", "precision"), [(1, 0.975, 0.995), (2, 0.97, 0.995)]
)
def test_febrl_is_found_in_the_promised_quality(number, recall, precision):
    reached, _candidates = found_in(febrl(number))
    assert reached.recall >= recall
    assert reached.precision >= precision


def test_persian_customers_are_found_in_the_promised_quality():
    rows = [row for row in invented(6_000, TODAY) if not row["name"].isascii()]
    reached, candidates = found_in(rows)
    assert reached.recall >= 0.94
    assert reached.precision >= 0.97
    assert candidates < 10 * len(rows)


def test_no_record_is_in_so_many_blocks_that_the_table_grows_beyond_its_use():
    rows = invented(1_000, TODAY)
    records = [
        traits(**{k: v or "" for k, v in row.items() if k != "person"}) for row in rows
    ]
    blocks = blocks_of(records, figures_of(records))
    assert sum(map(len, blocks.values())) < 14 * len(records)
    assert max(map(len, blocks.values())) <= CROWD
