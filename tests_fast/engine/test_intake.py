from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.field_rules import FieldRule, ValueContext, ValueProblem
from engine.intake import TYPES, proposed_type, read_any, same_field, sound_options

LEVELS = (
    ("gold", {"en_US": "Golden", "fa_IR": "طلایی"}),
    ("silver", {"en_US": "Silver"}),
)
PLAIN = ValueContext(region="IR")


@pytest.mark.parametrize(
    ("kind", "choices", "samples", "proposed"),
    [
        ("char", (), ["12", "13"], "number"),
        ("char", (), ["0912 345 6789"], "phone"),
        ("char", (), ["red"], "text"),
        ("text", (), (), "text"),
        ("monetary", (), (), "number"),
        ("datetime", (), (), "date"),
        ("boolean", (), (), "boolean"),
        ("many2many", (), (), "text"),
        ("selection", LEVELS, (), "select"),
        ("selection", (), (), "text"),
        ("selection", (("a", {"en": "b"}), ("b", {"en": "c"})), (), "text"),
    ],
)
def test_a_place_becomes_a_field_of_the_type_of_its_values(
    kind, choices, samples, proposed
):
    assert proposed_type(kind, choices, samples, "IR") == proposed


def test_choices_that_people_could_not_tell_apart_are_none():
    assert [option.code for option in sound_options(LEVELS)] == ["gold", "silver"]
    assert sound_options((("a", {"en": "One"}), ("A", {"en": "Two"}))) == ()
    assert sound_options((("a", {"en": "One"}), ("b", {"en": "one"}))) == ()


def test_the_first_writing_that_fits_counts():
    select = FieldRule("level", "select", options=sound_options(LEVELS))
    assert read_any(select, ["Platinum", "طلایی", "silver"], PLAIN) == "gold"
    with pytest.raises(ValueProblem) as caught:
        read_any(FieldRule("size", "number"), ["large", "huge"], PLAIN)
    assert caught.value.code == "number_unknown"
    assert read_any(select, [], PLAIN) is None


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", 12.5, "12.5"),
        ("text", 3, "3"),
        ("text", True, "yes"),
        ("boolean", True, True),
        ("number", 3, 3.0),
        ("date", "2020-01-31", date(2020, 1, 31)),
    ],
)
def test_numbers_and_answers_are_written_as_the_field_asks(kind, value, stored):
    assert read_any(FieldRule("key", kind), [value], PLAIN) == stored


def test_a_field_of_the_same_name_is_found_by_label_or_key():
    known = {"shoe_size": ["Shoe size", "سایز کفش"], "day": ["Day"]}
    assert same_field({"SHOE  SIZE"}, known) == "shoe_size"
    assert same_field({"سايز كفش"}, known) == "shoe_size"
    assert same_field({"", "day"}, known) == "day"
    assert same_field({""}, known) is None


@given(st.sampled_from(sorted(TYPES)), st.lists(st.text(max_size=20)))
def test_every_kind_has_a_type(kind, samples):
    assert proposed_type(kind, LEVELS, samples) in {
        *("text", "number", "date", "boolean", "email", "phone", "url", "select")
    }
