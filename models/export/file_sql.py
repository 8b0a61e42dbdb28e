"""Cells and rows of a file as SQL: what COPY sends is the file as it stays.

Each takes typed expressions, one for each column, and gives one or more expressions.
"""

from odoo.tools import SQL

from ...engine.text import LIVE, PHONE
from ...engine.xlsx import CELL_END, MAX_CELL, cell_start

# First characters, as code points, after which a text may be a formula: one comparison
# of a number spares most cells the pattern.
SUSPECT = [
    *range(1, 33),
    *(ord(sign) for sign in "'=+-@"),
    *range(0x7F, 0xA1),
    *(0xAD, 0x61C, 0x1680, 0x180E, 0x3000, 0xFEFF, 0xFF0B, 0xFF0D, 0xFF1D, 0xFF20),
    *range(0x2000, 0x2010),
    *range(0x2028, 0x2030),
    *range(0x205F, 0x2070),
]
# Calling codes of one and two digits; all others have three (ITU-T E.164, 2026).
ONE_DIGIT = ["1", "7"]
_PAIRS = (20, 27, *range(30, 35), 36, 39, 40, 41, *range(43, 50), *range(51, 59))
_PAIRS += (*range(60, 67), 81, 82, 84, 86, *range(90, 96), 98)
TWO_DIGITS = [str(pair) for pair in _PAIRS]
FIRST_SHEET_DAY = "1900-03-01"  # spreadsheets think that 1900 was a leap year
UNSAFE_XML = "[&<>\u0001-\u001f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_"
NOT_IN_XML = "[\u0001-\u0008\u000b-\u001f\ufffe\uffff]"


def guarded(value, *, phone=False):
    """``engine.text.guard``, or ``guard_phone``, of a text."""
    live = SQL(
        "ascii(%s) = ANY(%s::int[]) AND %s ~ %s", value, SUSPECT, value, f"^{LIVE}"
    )
    if phone:
        live = SQL("%s AND %s !~ %s", live, value, f"^{PHONE}$")
    return SQL("CASE WHEN %s THEN '''' || %s ELSE %s END", live, value, value)


def csv_cell(value, column, *, people):
    """A cell of a CSV file.

    :param SQL value: typed as the column says
    :param ExportColumn column: of the value
    :param bool people: for a spreadsheet rather than for an import
    """
    if column.type in ("number", "money"):
        return plain_number(value)
    if column.type == "phone":
        return _phone_cell(value, people)
    if column.type in ("text", "lines", "select", "boolean"):
        return guarded(value)
    if column.type == "datetime" and not people:
        return SQL("""to_char(%s, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""", value)
    return value


def _phone_cell(value, people):
    """``engine.text.guard_phone`` of a phone number; see there."""
    number = value
    if people:
        # digits alone a spreadsheet would take for a number, and write as 9.89E+11
        number = _spaced(value)
    return SQL(
        "CASE WHEN ascii(%s) = 43 AND %s ~ %s THEN %s ELSE %s END",
        value,
        value,
        f"^{PHONE}$",
        number,
        guarded(value),
    )


def _spaced(value):
    """A number of plus and digits with a space after its calling code, if it has none.

    By comparing and cutting: a pattern takes a third of the whole export.
    """

    def apart(length):
        return SQL(
            """CASE WHEN length(%(v)s) > %(n)s
                THEN left(%(v)s, %(n)s) || ' ' || substr(%(v)s, %(n)s + 1)
                ELSE %(v)s END""",
            v=value,
            n=length,
        )

    return SQL(
        """CASE WHEN strpos(%(v)s, ' ') > 0 THEN %(v)s
            WHEN substr(%(v)s, 2, 1) = ANY(%(one)s) THEN %(one_digit)s
            WHEN substr(%(v)s, 2, 2) = ANY(%(two)s) THEN %(two_digits)s
            ELSE %(three_digits)s END""",
        v=value,
        one=ONE_DIGIT,
        two=TWO_DIGITS,
        one_digit=apart(2),
        two_digits=apart(3),
        three_digits=apart(4),
    )


def plain_number(value):
    """A float without exponent, with all of its digits: SQL of a text."""
    return SQL(
        """CASE WHEN %(v)s = 0 OR abs(%(v)s) BETWEEN 1e-4 AND 1e14 THEN %(v)s::text
            ELSE %(v)s::text::numeric::text END""",
        v=value,
    )


def xlsx_row(values, columns):
    """A row of a sheet as XML, see ``engine.xlsx``: one expression."""
    cells = [_xlsx_cell(v, c) for v, c in zip(values, columns, strict=True)]
    parts = [SQL("'<row>'"), *cells, SQL("'</row>'")]
    while len(parts) > 90:  # a function takes 100 arguments
        parts = [_concat(parts[i : i + 90]) for i in range(0, len(parts), 90)]
    return _concat(parts)


def _concat(parts):
    return SQL("concat(%s)", SQL(", ").join(parts))


def _xlsx_cell(value, column):
    if column.type in ("integer", "number", "money"):
        start = '<c s="5"><v>' if column.type == "money" else "<c><v>"
        return SQL(
            "coalesce(%s || %s || '</v></c>', '<c/>')", start, SQL("%s::text", value)
        )
    if column.type == "date":
        serial = SQL("(%s - DATE '1899-12-30')", value)
        return _dated(value, serial, 3)
    if column.type == "datetime":
        # 25569 days lie between the beginnings of the two ways to count
        serial = SQL("(extract(epoch FROM %s) / 86400 + 25569)::float8", value)
        return _dated(value, serial, 4)
    return _text_cell(SQL("nullif(%s, '')", value))


def _dated(value, serial, style):
    early = _text_cell(SQL("%s::text", value))
    return SQL(
        "CASE WHEN %s < %s THEN %s ELSE coalesce(%s || %s || '</v></c>', '<c/>') END",
        value,
        FIRST_SHEET_DAY,
        early,
        f'<c s="{style}"><v>',
        SQL("%s::text", serial),
    )


def _text_cell(value):
    """A cell with a text, empty where it is NULL."""
    return SQL(
        """coalesce(%s || CASE WHEN %s ~ %s OR octet_length(%s) > %s THEN %s ELSE %s END
            || %s, '<c/>')""",
        cell_start("text"),
        value,
        UNSAFE_XML,
        value,
        MAX_CELL,
        _escaped(SQL("left(%s, %s)", value, MAX_CELL)),
        value,
        CELL_END,
    )


def _escaped(value):
    """``engine.xlsx.text_xml`` of a text, and its line ends so that they stand in one
    line of what COPY sends."""
    # one character by the other: only for the few texts that XML cannot hold
    single = SQL(
        """(SELECT string_agg(CASE WHEN s.c ~ %s THEN
                '_x' || lpad(upper(to_hex(ascii(s.c))), 4, '0') || '_' ELSE s.c END,
                '' ORDER BY s.n)
            FROM regexp_split_to_table(%s, '') WITH ORDINALITY AS s(c, n))""",
        NOT_IN_XML,
        apart := SQL(
            "regexp_replace(%s, %s, '_x005F_', 'g')", value, "_(?=x[0-9A-Fa-f]{4}_)"
        ),
    )
    text = SQL(
        "CASE WHEN %s ~ %s THEN %s ELSE %s END", value, NOT_IN_XML, single, apart
    )
    for sign, entity in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("\n", "&#10;"),
    ):
        text = SQL("replace(%s, %s, %s)", text, sign, entity)
    return text
