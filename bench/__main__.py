"""``./run bench [NAME] [--large | --huge]``: measure, print ratios, fail on a miss."""

import argparse
import json
import os
import platform
import sys
from datetime import datetime, timezone

from . import (
    api_upsert,
    bulk_changes,
    conversation,
    custom_fields,
    duplicates,
    exporting,
    filtering,
    import_kinds,
    importing,
    installing,
    journey,
    listing,
    merging,
    receiving,
    scoring,
    searching,
    segmenting,
    workflows,
)
from .databases import Databases
from .environment import BenchError, configure, say
from .measure import print_figures

BENCHMARKS = {
    "api": api_upsert.run,
    "bulk": bulk_changes.run,
    "import": importing.run,
    "import-kinds": import_kinds.run,
    "duplicates": duplicates.run,
    "export": exporting.run,
    "install": installing.run,
    "score": scoring.run,
    "list": listing.run,
    "search": searching.run,
    "filters": filtering.run,
    "fields": custom_fields.run,
    "journey": journey.run,
    "segments": segmenting.run,
    "inbox": receiving.run,
    "merge": merging.run,
    "thread": conversation.run,
    "workflows": workflows.run,
}
QUICK, LARGE, HUGE = 20_000, 200_000, 1_000_000  # customers
AT_ANY_SIZE = (
    "list",
    "search",
    "filters",
    "fields",
    "journey",
    "score",
    "segments",
    "thread",
)


def main(arguments=None):
    """Command line; returns the exit code: 1 when a ratio goal is missed."""
    parser = _parser()
    options = parser.parse_args(arguments)
    unknown = [name for name in options.name if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are: {', '.join(BENCHMARKS)}")
    wanted = options.name or list(BENCHMARKS)
    if options.customers == HUGE and set(wanted) - set(AT_ANY_SIZE):
        parser.error(f"--huge is for {', '.join(AT_ANY_SIZE)}: name them")
    try:
        configure()
        figures = _measure(wanted, options.customers)
    except BenchError as error:
        print(f"./run bench: {error}", file=sys.stderr)
        return 1
    say()
    print_figures(figures)
    if options.json:
        _write(options.json, options.customers, figures)
    missed = sum(figure.missed for figure in figures)
    say(f"\n{len(figures) - missed} figures reach their goals, {missed} miss one.")
    return 1 if missed else 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description="Measure Mini CRM against plain Odoo and against bare SQL, in turns"
        " in the same run. Only ratios can be missed; times are reported.",
    )
    parser.add_argument(
        "name", nargs="*", metavar="NAME", help=f"some of {', '.join(BENCHMARKS)}; all"
    )
    size = parser.add_mutually_exclusive_group()
    for option, customers, what in (
        ("--large", LARGE, ""),
        ("--huge", HUGE, f", for {', '.join(AT_ANY_SIZE)} only"),
    ):
        size.add_argument(
            option,
            action="store_const",
            dest="customers",
            const=customers,
            default=QUICK,
            help=f"{customers:,} customers{what}",
        )
    parser.add_argument(
        "--json", metavar="FILE", help="write the figures there as well"
    )
    return parser


def _measure(names, customers):
    figures = []
    with Databases() as databases:
        for name in names:
            say(f"== {name}")
            figures += BENCHMARKS[name](databases, customers)
    return figures


def _write(path, customers, figures):
    report = {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "customers": customers,
        "figures": [figure.as_dict() for figure in figures],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)


if __name__ == "__main__":
    sys.exit(main())
