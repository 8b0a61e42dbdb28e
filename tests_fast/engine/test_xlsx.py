import io
import zipfile
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine.xlsx import MAX_CELL, SheetColumn, XlsxFile, row_xml, text_xml

NASTY = ["=1+1", "+98", "@SUM(1)", "<&>", "a\nb", "\x07", "_x0041_", "_x0041_x0042_"]
NASTY += ["سلام", "\u200f", "]]>", " a ", '"', "0912", "http://x.org", "\r", "\uffff"]


def written(rows, *, rtl=False, columns=2):
    """An XLSX file of these rows: bytes."""
    file = io.BytesIO()
    sheet = XlsxFile(
        file,
        [SheetColumn(f"Column {n}", width=20) for n in range(columns)],
        "A/B [*]",
        rtl=rtl,
    )
    for row in rows:
        sheet.write(row_xml(row).encode())
    sheet.close(len(rows))
    return file.getvalue()


def unescaped(text):
    """A text as spreadsheets read it (ECMA-376, ST_Xstring)."""
    import re

    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def test_a_sheet_has_its_header_frozen_and_its_columns_wide():
    sheet = load_workbook(io.BytesIO(written([["a", 1]], rtl=True))).active
    assert [c.value for c in sheet[1]] == ["Column 0", "Column 1"]
    assert sheet[1][0].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.sheet_view.rightToLeft
    assert sheet.column_dimensions["A"].width == 20
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.title == "A B"


@pytest.mark.parametrize("text", NASTY)
def test_a_text_stays_that_text_and_never_a_formula(text):
    raw = written([[text, 1.5]])
    sheet = load_workbook(io.BytesIO(raw)).active
    assert unescaped(sheet["A2"].value) == text
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 1.5
    xml = zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml


@given(st.text())
def test_any_text_is_xml_and_reads_back(text):
    xml = f"<t>{text_xml(text)}</t>".encode()
    node = minidom.parseString(xml).documentElement
    read = "".join(child.data for child in node.childNodes)
    assert unescaped(read) == text[:MAX_CELL].replace("\r\n", "\r\n")


def test_a_text_longer_than_a_cell_is_cut():
    sheet = load_workbook(io.BytesIO(written([["a" * 40_000, None]]))).active
    assert sheet["A2"].value == "a" * MAX_CELL


def test_the_same_rows_give_the_same_file():
    assert written([["a", 1]]) == written([["a", 1]])


def test_a_sheet_of_many_columns_is_named_to_the_last():
    raw = written([["a"] * 120], columns=120)
    assert load_workbook(io.BytesIO(raw)).active.auto_filter.ref == "A1:DP2"
