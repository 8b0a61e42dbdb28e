"""Cells of a spreadsheet as the text that a CSV file of the same table would have."""

import math
from datetime import date, datetime, time, timedelta


def cell_text(value) -> str:
    """One cell as text, so that reading the text gives the value again.

    :param value: what a reader of spreadsheets gives: str, float, int, bool, date,
        datetime, time, timedelta or ``None``
    :return: whole numbers without a decimal point, others with one and no exponent;
        days and times in ISO form, a midnight as its day
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    return str(value)


def _number(value: int | float) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        # a spreadsheet keeps 15 digits: 0.1 + 0.2 is shown, and meant, as 0.3
        value = float(f"{value:.15g}")
        if value.is_integer():
            return f"{value:.0f}"
        text = repr(value)
        return f"{value:.20f}".rstrip("0") if "e" in text else text
    return str(value)


def _clock(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
