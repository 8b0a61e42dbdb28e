import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import sheet
from engine.sheet import SheetError, open_sheet

PERSIAN = "نام,شهر\nعلي رضايي,تهران\nمريم,شيراز\n"


def rows(raw, **choices):
    return list(open_sheet(raw, **choices).records())


def code(raw, **choices):
    with pytest.raises(SheetError) as error:
        rows(raw, **choices)
    return error.value.code


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1256", b""),
    ],
)
def test_persian_is_read_in_every_usual_encoding(encoding, mark):
    found = open_sheet(mark + PERSIAN.encode(encoding))
    assert found.header == ("نام", "شهر")
    assert list(found.records()) == [
        (2, ["علي رضايي", "تهران"]),
        (3, ["مريم", "شيراز"]),
    ]


def test_utf16_without_mark_is_seen_by_its_zero_bytes():
    found = open_sheet("name,city\nJohn,London\n".encode("utf-16-le"))
    assert found.encoding == "utf-16-le"
    assert list(found.records()) == [(2, ["John", "London"])]


def test_western_bytes_are_not_taken_for_persian():
    found = open_sheet("name,city\nJosé,Köln\nRené,Orléans\n".encode("cp1252"))
    assert found.encoding == "cp1252"
    assert next(found.records()) == (2, ["José", "Köln"])


def test_a_few_broken_bytes_in_utf8_are_named_with_their_row():
    raw = ("نام,شهر\n" + "علی,تهران\n" * 20).encode() + b"\xff\xc3,x\n"
    with pytest.raises(SheetError) as error:
        open_sheet(raw)
    assert error.value.code == "broken_utf8"
    assert error.value.detail == {"row": 22}


@pytest.mark.parametrize("delimiter", sheet.DELIMITERS)
def test_the_delimiter_is_found(delimiter):
    lines = ["name", "amount", "note"], ["A, B", "1,5", "x;y|z"], ["C", "2,5", ""]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    found = open_sheet(text.getvalue().encode())
    assert found.delimiter == delimiter
    assert [cells for _number, cells in found.records()] == [*map(list, lines[1:])]


def test_a_file_without_header_is_seen_as_one():
    assert rows(b"00001,19970101,1\n00002,19970102,2\n")[0][0] == 1
    assert rows(b"id,date,n\n00002,19970102,2\n") == [(2, ["00002", "19970102", "2"])]
    assert rows(b"id,date,n\n00002,19970102,2\n", has_header=False)[0][0] == 1


def test_blank_rows_are_left_out_and_keep_the_numbers_of_the_others():
    assert rows(b"a,b\n\n,\n1,2\n\n3\n") == [(4, ["1", "2"]), (6, ["3", ""])]


def test_line_ends_inside_quotes_are_one_row():
    assert rows(b'a,b\r\n"x\r\ny",2\r\n3,4') == [(2, ["x\r\ny", "2"]), (3, ["3", "4"])]
    assert rows(b"a,b\r1,2\r3,4") == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_a_quotation_mark_that_is_never_closed_is_not_read_to_the_end():
    found = open_sheet(b'id,name\n1,"' + b"x,\n" * 1_000_000)
    limit = csv.field_size_limit(10**9)  # as Odoo sets it
    tracemalloc.start()
    try:
        with pytest.raises(SheetError) as error:
            list(found.records())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        csv.field_size_limit(limit)
    assert (error.value.code, error.value.detail["row"]) == ("cell_too_long", 2)
    assert peak < 500_000


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
        (b"a,b\n1,\x00\n", "nul_bytes"),
        (b"a,b\n" * 10 + b'"' + b"x" * 40_000, "cell_too_long"),
        (b"a,b\n" * 10 + b'"' + b"x,y\n" * 2_000 + b'"', "cell_too_long"),
        (b"a" * 200_000, "cell_too_long"),
        (b"," * 499, "empty"),
        (b"a" + b"," * 501, "too_many_columns"),
        (b"\xff\xfe\x00\xd8a\x00", "broken_utf16"),
        (b"x" * 20_000_001, "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(raw, expected):
    assert code(raw, delimiter=",") == expected


def test_too_many_rows_are_refused_while_reading(monkeypatch):
    monkeypatch.setattr(sheet, "MAX_ROWS", 3)
    assert len(rows(b"a,b\n" + b"1,2\n" * 3)) == 3
    assert code(b"a,b\n" + b"1,2\n" * 4) == "too_many_rows"


CELLS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\n"), max_size=20
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_csv_writes_is_read_back(table):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([["first", "second", "third"], *table])
    found = rows(text.getvalue().encode(), delimiter=",", has_header=True)
    kept = [(i, r) for i, r in enumerate(table, 2) if any(map(str.strip, r))]
    assert found == kept


ODD_CELLS = st.text('a\u06a9😀", \r\n', max_size=6)


@given(st.lists(st.lists(ODD_CELLS, min_size=2, max_size=2), min_size=1, max_size=8))
def test_reading_goes_on_where_it_has_stopped(cells):
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([["a", "b"], *cells])
    found = open_sheet(text.getvalue().encode(), delimiter=",", has_header=True)
    whole = list(found.records_after(sheet.Place()))
    for number, (place, _cells) in enumerate(whole, 1):
        assert list(found.records_after(place)) == whole[number:]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_never_worse(raw):
    try:
        rows(raw)
    except SheetError as error:
        assert error.code


def test_a_large_text_is_looked_at_without_holding_it_as_text():
    raw = b"id,name\n" + ("1," + "😀" * 7_000 + "\n").encode() * 300
    tracemalloc.start()
    open_sheet(raw, delimiter=",", has_header=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(raw)


@given(st.text(alphabet="aé\u06a9😀\n", max_size=40), st.binary(max_size=5))
def test_the_first_broken_byte_is_found_however_the_file_is_cut(text, more):
    raw = text.encode() + more
    try:
        raw.decode()
        place = -1
    except UnicodeDecodeError as error:
        place = error.start
    for size in (4, 5, 7, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sheet, "_PIECE", size)
            found = sheet._broken_utf8(raw)
        assert (found < 0) == (place < 0)
        assert raw.count(b"\n", 0, max(found, 0)) == raw.count(b"\n", 0, max(place, 0))
