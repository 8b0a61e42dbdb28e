import pytest

from engine.columns import CUSTOMERS, guess_mapping
from engine.export_columns import COLUMNS, chosen_columns, custom_column


def known():
    own = custom_column("shoe_size", "number", "custom_number_1")
    return {**COLUMNS, own.name: own}


def test_what_an_import_knows_maps_itself_by_its_technical_name():
    names = [c.name for c in chosen_columns(None, known(), "csv_import")[0]]
    custom = {"custom shoe size": "custom:shoe_size"}
    mapping = guess_mapping("customers", names, [], "IR", custom)
    assert [mapping[i] for i in range(len(names))] == names
    left = {"first_name", "last_name"}
    assert set(CUSTOMERS) - set(names) == left


def test_figures_are_for_people_only():
    for_people = {c.name for c in chosen_columns(None, known(), "xlsx")[0]}
    assert {"crm_score", "segments", "owner", "custom:shoe_size"} <= for_people
    chosen, unknown = chosen_columns(["name", "crm_score"], known(), "csv_import")
    assert [c.name for c in chosen] == ["name"]
    assert not unknown


@pytest.mark.parametrize("names", [["name", "secret"], ["secret"]])
def test_a_column_that_there_is_not_is_named(names):
    assert chosen_columns(names, known(), "xlsx")[1] == ["secret"]


def test_columns_come_in_the_order_in_which_they_are_asked_for_each_once():
    chosen, _unknown = chosen_columns(["city", "name", "city"], known(), "csv")
    assert [column.name for column in chosen] == ["city", "name"]
