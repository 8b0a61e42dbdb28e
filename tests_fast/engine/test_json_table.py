import pytest

from engine.json_table import NoRecords, json_rows
from engine.spreadsheet import spreadsheet_kind


@pytest.mark.parametrize("document", ["%s", '{"version": 1, "customers": %s}'])
def test_each_object_is_a_row_and_each_key_a_column(document):
    text = document % (
        '[{"ref": "A1", "n": 1.0}, {"ref": "A2", "tags": ["a, \\"x\\"", "b"]},'
        ' {"ref": "A3", "custom": {"size": true}}]'
    )
    assert spreadsheet_kind(text.encode()) == "json"
    assert list(json_rows(text)) == [
        ["ref", "n", "tags", "custom:size"],
        ["A1", "1", "", ""],
        ["A2", "", '"a, ""x""", b', ""],
        ["A3", "", "", "TRUE"],
    ]


@pytest.mark.parametrize("text", ['{"a": 1}', '{"a": []}', "[{}, 1]"])
def test_a_document_without_records_is_refused(text):
    with pytest.raises(NoRecords):
        list(json_rows(text))


def test_a_list_in_a_csv_file_is_no_json():
    assert spreadsheet_kind(b"[id],name\n1,a\n") == ""
