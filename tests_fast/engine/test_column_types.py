import pytest

from engine.column_types import guess_type
from engine.columns import ERROR_COLUMNS, guess_mapping, is_error_column


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["yes", "no", ""], "boolean"),
        (["بله", "خیر"], "boolean"),
        (["1", "0", "1"], "number"),
        (["12", "1,234.5", "-3"], "number"),
        (["۱۲", "۳٫۵"], "number"),
        (["0012", "0013"], "text"),
        (["6219861012345678"], "text"),
        (["2024-01-31", "1403/05/20"], "date"),
        (["31 January 2024"], "date"),
        (["09123456789", "+98 912 345 6789"], "phone"),
        (["a@example.com"], "email"),
        (["https://example.com/a", "www.example.com"], "url"),
        (["red", "blue"], "text"),
        (["12", "about 12"], "text"),
        (["", ""], "text"),
    ],
)
def test_the_type_of_a_column_is_seen_in_its_cells(values, kind):
    assert guess_type(values, "IR") == kind


def test_one_slip_in_a_long_column_does_not_make_it_text():
    assert guess_type(["5"] * 99 + ["five"], None) == "number"
    assert guess_type(["5"] * 9 + ["five"], None) == "text"


def test_columns_of_a_file_of_failed_rows_are_left_out():
    for names in ERROR_COLUMNS:
        header = ["id", *names]
        assert [is_error_column(name) for name in header] == [False, True, True]
        rows = [["A1", "3", "a@example.com"]]
        assert guess_mapping("customers", header, rows, "IR") == {0: "ref"}
