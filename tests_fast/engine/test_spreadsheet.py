import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from engine import spreadsheet
from engine.sheet import SheetError
from engine.spreadsheet import check_spreadsheet, spreadsheet_kind
from engine.spreadsheet_cells import cell_text


def package(members, **options):
    """A zip file of {name: bytes}."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, **options) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return raw.getvalue()


def code(raw):
    with pytest.raises(SheetError) as error:
        check_spreadsheet(raw)
    return error.value.code


def test_an_ordinary_workbook_passes_and_is_known_by_its_bytes():
    raw = package({"xl/workbook.xml": b"<workbook/>", "xl/media/a.png": b"\x89PNG"})
    check_spreadsheet(raw)
    assert spreadsheet_kind(raw) == "xlsx"
    assert (
        spreadsheet_kind(
            b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
        )
        == "ods"
    )
    assert spreadsheet_kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest") == "xls"
    assert spreadsheet_kind(b"id,name\n1,PK") == ""


def test_what_unpacks_to_too_much_is_refused():
    assert code(package({"a.xml": b" " * 6_000_000})) == "archive_bomb"
    many = {f"{n}.xml": b"" for n in range(spreadsheet.MAX_MEMBERS + 1)}
    assert code(package(many)) == "archive_bomb"


def test_a_directory_that_lies_about_sizes_is_found_out(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED", 1_000)
    raw = bytearray(package({"a.xml": b"x" * 5_000}))
    # the size in the central directory, which stands 24 bytes into its entry
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (10).to_bytes(4, "little")
    assert code(bytes(raw)) in ("archive_bomb", "broken_archive")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_entities_of_its_own_is_refused_wherever_they_stand(encoding):
    laughs = '<?xml version="1.0"?>%s<!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>'
    for padding in (0, spreadsheet._PIECE - 25, spreadsheet._PIECE):
        text = laughs % (" " * padding)
        assert code(package({"xl/s.xml": text.encode(encoding)})) == "archive_entities"


def test_damaged_and_locked_workbooks_are_told_apart():
    assert code(b"PK\x03\x04") == "broken_archive"
    raw = bytearray(package({"a.xml": b"content of it"}))
    at = raw.index(b"PK\x01\x02") + 8
    raw[at] |= 1
    assert code(bytes(raw)) == "locked_archive"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("00123", "00123"),
        (True, "TRUE"),
        (989123456789.0, "989123456789"),
        (12, "12"),
        (1e20, "100000000000000000000"),
        (0.1 + 0.2, "0.3"),
        (0.00001, "0.00001"),
        (-1234.5, "-1234.5"),
        (float("nan"), ""),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime.fromisoformat("2024-01-02"), "2024-01-02"),
        (datetime.fromisoformat("2024-01-02 03:04:05"), "2024-01-02 03:04:05"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_a_cell_is_the_text_that_a_csv_file_would_have(value, text):
    assert cell_text(value) == text


def test_a_table_may_be_as_large_as_a_plain_file_or_four_times_what_unpacks():
    raw = package({"a.xml": b"x" * 1_000, "b.xml": b"y" * 500})
    assert check_spreadsheet(raw) == 1_500
    assert spreadsheet.table_limit(1_500) == spreadsheet.MAX_BYTES + 6_000
    assert spreadsheet.table_limit(200_000_000) == spreadsheet.MAX_TABLE
