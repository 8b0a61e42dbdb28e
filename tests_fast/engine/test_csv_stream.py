import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.csv_stream import CsvStream


def _read_all(stream, size):
    pieces = iter(lambda: stream.read(size), "")
    return "".join(pieces)


@given(st.lists(st.lists(st.text(), min_size=2)), st.integers(1, 50))
def test_read_in_any_pieces_it_is_the_file_that_csv_would_write(rows, size):
    whole = io.StringIO()
    csv.writer(whole, lineterminator="\n").writerows(rows)
    assert _read_all(CsvStream(rows), size) == whole.getvalue()


def test_rows_are_made_only_as_far_as_they_are_read():
    made = []
    stream = CsvStream([made.append(n) or "12345678"] for n in range(100))
    stream.read(20)
    assert len(made) < 10


def test_what_making_a_row_raises_is_kept():
    def rows():
        yield ["a"]
        raise ValueError("broken")

    stream = CsvStream(rows())
    with pytest.raises(ValueError, match="broken"):
        _read_all(stream, 10)
    assert str(stream.error) == "broken"
