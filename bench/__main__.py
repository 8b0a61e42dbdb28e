"""``./run bench [NAME] [--large]``: measure, print ratios, fail on a missed goal."""

import argparse
import json
import os
import platform
import sys
from datetime import datetime, timezone

from . import importing, listing, scoring
from .databases import Databases
from .environment import BenchError, configure, say
from .measure import print_figures

BENCHMARKS = {"import": importing.run, "score": scoring.run, "list": listing.run}


def main(arguments=None):
    """Command line; returns the exit code: 1 when a ratio goal is missed."""
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description="Measure Mini CRM against plain Odoo and against bare SQL, in turns"
        " in the same run. Only ratios can be missed; times are reported.",
    )
    parser.add_argument(
        "name", nargs="*", metavar="NAME", help=f"some of {', '.join(BENCHMARKS)}; all"
    )
    parser.add_argument("--large", action="store_true", help="200,000 customers")
    parser.add_argument(
        "--json", metavar="FILE", help="write the figures there as well"
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.name if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are: {', '.join(BENCHMARKS)}")
    try:
        configure()
        figures = _measure(options.name or list(BENCHMARKS), options.large)
    except BenchError as error:
        print(f"./run bench: {error}", file=sys.stderr)
        return 1
    say()
    print_figures(figures)
    if options.json:
        _write(options.json, options.large, figures)
    missed = sum(figure.missed for figure in figures)
    say(f"\n{len(figures) - missed} figures reach their goals, {missed} miss one.")
    return 1 if missed else 0


def _measure(names, large):
    figures = []
    with Databases() as databases:
        for name in names:
            say(f"== {name}")
            figures += BENCHMARKS[name](databases, large)
    return figures


def _write(path, large, figures):
    report = {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "large": large,
        "figures": [figure.as_dict() for figure in figures],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)


if __name__ == "__main__":
    sys.exit(main())
