"""Reading a workbook without trusting it: checked here, parsed by another process."""

import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from ...engine.sheet import MAX_BYTES, SheetError
from ...engine.spreadsheet import check_spreadsheet, table_limit

WORKER = Path(__file__).with_name("spreadsheet_worker.py")
SECONDS = 100  # until the worker is given up


def read_workbook(raw, sheet=-1):
    """One sheet of a workbook as CSV.

    :param bytes raw: the file, XLSX, ODS or XLS
    :param int sheet: number of the sheet; -1: the first that is not empty
    :return: (UTF-8 text with commas (bytes), names of the sheets (list of str), number
        of the one that was read (int))
    :raises SheetError: too_large, those of ``check_spreadsheet``, broken_workbook,
        heavy_workbook
    """
    if len(raw) > MAX_BYTES:
        raise SheetError("too_large", limit=MAX_BYTES, size=len(raw))
    limit = table_limit(check_spreadsheet(raw))
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as table:
        source.write(raw)
        source.seek(0)
        ended, told = _run_worker(source, table, sheet, limit)
        if ended:
            heavy = _too_much(ended, told)
            raise SheetError("heavy_workbook" if heavy else "broken_workbook")
        table.seek(0)
        about = json.loads(table.readline())
        return table.read(), about["sheets"], about["sheet"]


def _run_worker(source, table, sheet, limit):
    """Run the worker from file to file: (exit code, what it said on its way out).

    :param int limit: bytes that it may write
    """
    package = Path(find_spec("python_calamine").origin).parents[1]
    # -I: nothing of the server's environment; the one package needed is named
    command = [sys.executable, "-I", str(WORKER)]
    command += [str(sheet), str(package), str(limit)]
    worker = subprocess.Popen(
        command,
        stdin=source,
        stdout=table,
        stderr=subprocess.PIPE,
        cwd=tempfile.gettempdir(),
        env={"LC_ALL": "C.UTF-8"},
        close_fds=True,
    )
    try:
        _out, told = worker.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.communicate()
        return -9, b""
    return worker.returncode, told[-2000:]


def _too_much(ended, told):
    """Whether the worker ended at a limit rather than at the file's faults.

    A signal is a limit of time, or the parser's own end when memory is refused.
    """
    return ended < 0 or b"MemoryError" in told or b"File too large" in told
