"""Data of real shops as CSV files: ``./run demo-data NAME DIR``."""

import argparse
import csv
import importlib.util
import sys
from pathlib import Path

from .people import made_up_name

NAME_SEED = "cdnow"

DESCRIPTION = """\
Write the data of a real shop as files that Mini CRM imports.

cdnow   An on-line shop for CDs: 23,570 customers and all of their 69,659 purchases of
        1997 and 1998, from the Python package "lifetimes". 255 rows are equal to
        an earlier one and 80 amounts are zero; all of them are real. Writes
          customers.csv   customer (key), name
          purchases.csv   customer (key), date, amount, currency, quantity
        The shop's data name nobody: the names are made up, the same ones each time.
        A purchase has no reference of its own.
"""


class DemoDataError(Exception):
    """Something that the user can put right; the text says how."""


def cdnow(folder):
    """Write CDNOW as customers.csv and purchases.csv.

    :param Path folder: existing folder
    :return: sentence that says what was written
    """
    lines = _cdnow_file().read_text(encoding="ascii").splitlines()
    purchases = [_cdnow_purchase(line) for line in lines[1:] if line.strip()]
    customers = sorted({purchase[0] for purchase in purchases})
    _write(
        folder / "customers.csv",
        ("customer", "name"),
        ((key, made_up_name(NAME_SEED, key)) for key in customers),
    )
    _write(
        folder / "purchases.csv",
        ("customer", "date", "amount", "currency", "quantity"),
        purchases,
    )
    return f"{len(customers):,} customers and {len(purchases):,} purchases"


def _cdnow_purchase(line):
    customer, day, quantity, amount = line.split()
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return f"CDNOW-{customer}", date, amount, "USD", quantity


def _cdnow_file():
    # found without importing it: the package needs libraries that we do not
    spec = importlib.util.find_spec("lifetimes")
    if spec is None:
        raise DemoDataError(
            'The Python package "lifetimes", which holds this data, is not installed'
            f" for {sys.executable}. Install it with: {sys.executable} -m pip install"
            " --no-deps lifetimes"
        )
    return Path(spec.submodule_search_locations[0], "datasets", "CDNOW_master.txt")


def _write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


SHOPS = {"cdnow": cdnow}


def main(arguments=None):
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="./run demo-data",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", help="which data: " + ", ".join(SHOPS))
    parser.add_argument("folder", type=Path, help="where to; made if it is not there")
    options = parser.parse_args(arguments)
    if options.name not in SHOPS:
        parser.error(f"no data named {options.name!r}; there are: {', '.join(SHOPS)}")
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        written = SHOPS[options.name](options.folder)
    except (DemoDataError, OSError) as error:
        print(f"./run demo-data: {error}", file=sys.stderr)
        return 1
    print(f"Wrote {written} to {options.folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
