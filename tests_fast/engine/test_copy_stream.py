import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.copy_stream import CopyStream

SIGNS = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
CELLS = st.text(st.sampled_from('\\\t\n\r"ntr.Nع ') | st.characters())


def _read_all(stream, size):
    pieces = iter(lambda: stream.read(size), "")
    return "".join(pieces)


def _as_postgresql_reads(text):
    """Rows of cells, of COPY's text format: what a backslash stands before is read."""
    lines = text.split("\n")
    assert lines.pop() == ""  # the last line ends too
    return [
        [re.sub(r"\\(.)", lambda found: SIGNS[found[1]], cell) for cell in cells]
        for cells in (line.split("\t") for line in lines)
    ]


@given(st.lists(st.lists(CELLS, min_size=1)), st.integers(1, 50))
def test_read_in_any_pieces_postgresql_reads_the_cells_that_went_in(rows, size):
    assert _as_postgresql_reads(_read_all(CopyStream(rows), size)) == rows


def test_rows_are_made_only_as_far_as_they_are_read():
    made = []
    stream = CopyStream([made.append(n) or "12345678"] for n in range(100))
    stream.read(20)
    assert len(made) < 10


def test_what_making_a_row_raises_is_kept():
    def rows():
        yield ["a"]
        raise ValueError("broken")

    stream = CopyStream(rows())
    with pytest.raises(ValueError, match="broken"):
        _read_all(stream, 10)
    assert str(stream.error) == "broken"
