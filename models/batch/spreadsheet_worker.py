"""A process of its own that turns a sheet of a workbook, or JSON, into CSV.

    python -I spreadsheet_worker.py SHEET PACKAGES OUTPUT < workbook > table

Standard output is one line of JSON (``sheets``: names; ``sheet``: number of the one
that follows) and then the table. Whatever a hostile workbook does to the parser, it
does to this process, which has little memory, little time and nothing else to lose.
"""

import csv
import io
import json
import resource
import sys
from pathlib import Path

MEMORY = 400_000_000  # bytes of address space
SECONDS = 90  # of processor time
PROBED = 20  # sheets that are looked into for the first one that is not empty


def main():
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    output = int(sys.argv[3])  # bytes
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # after everything else: no name of ours hides another
    sys.path += [sys.argv[2], str(Path(__file__).parents[2])]
    raw = sys.stdin.buffer.read()
    names, number, rows = _document(raw) or _workbook(raw, int(sys.argv[1]))
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    out.write(json.dumps({"sheets": names, "sheet": number}) + "\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
    out.flush()


def _document(raw):
    """Of a JSON document (no names, 0, rows); of other files ``None``."""
    from engine.json_table import json_rows
    from engine.spreadsheet import spreadsheet_kind

    if spreadsheet_kind(raw) == "json":
        return [], 0, json_rows(raw.decode("utf-8-sig"))
    return None


def _workbook(raw, wanted):
    """Of a workbook (names of its sheets, number of the one that is read, rows)."""
    from python_calamine import load_workbook

    from engine.spreadsheet_cells import cell_text

    workbook = load_workbook(io.BytesIO(raw))
    names = workbook.sheet_names
    number, sheet = _sheet(workbook, names, wanted)
    return names, number, (map(cell_text, row) for row in sheet.iter_rows())


def _sheet(workbook, names, wanted):
    """The sheet to read: (number, sheet); the first with cells if ``wanted`` is -1."""
    if 0 <= wanted < len(names):
        return wanted, workbook.get_sheet_by_index(wanted)
    for number in range(min(len(names), PROBED)):
        sheet = workbook.get_sheet_by_index(number)
        if sheet.total_height:
            return number, sheet
    return 0, workbook.get_sheet_by_index(0)


if __name__ == "__main__":
    main()
