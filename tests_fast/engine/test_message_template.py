"""Templates: one pass, and nothing but what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message_template import fill, variables

VALUES = {"name": "سارا محمدی", "first_name": "سارا", "size_1": "L", "empty": ""}


@pytest.mark.parametrize(
    ("text", "filled", "missing"),
    [
        ("", "", []),
        ("سلام {first_name}!", "سلام سارا!", []),
        ("{name}{name}", "سارا محمدیسارا محمدی", []),
        ("اندازه { size_1 }", "اندازه L", []),
        ("{{name}} is {name}", "{name} is سارا محمدی", []),
        ("{{{first_name}}}", "{سارا}", []),
        ("{unknown} x {empty} {unknown}", " x  ", ["unknown", "empty"]),
        ("{name.__class__}", "", ["name.__class__"]),
        ("{0} {name!r} {name:>99}", "  ", ["0", "name!r", "name:>99"]),
        ("a { b } {", "a  {", ["b"]),
        ("{} {\n} } {", "{} {\n} } {", []),
        ("{ }", "{ }", []),
        ("%(name)s $name ${first_name}", "%(name)s $name $سارا", []),
    ],
)
def test_each_name_becomes_its_value(text, filled, missing):
    assert fill(text, VALUES) == (filled, missing)


def test_a_value_is_never_read_as_a_template():
    values = {"a": "{b} {{", "b": "secret"}
    assert fill("{a}", values) == ("{b} {{", [])


def test_names_are_told_once_and_in_order():
    assert variables("{b} {a} {{c}} {b} {d e}") == ["b", "a", "d e"]


@given(st.text("{}ab \n"), st.dictionaries(st.text("ab", min_size=1), st.text("{}ab")))
def test_what_is_missing_is_what_has_no_value(text, values):
    filled, missing = fill(text, values)
    assert missing == [name for name in variables(text) if not values.get(name)]
    assert fill(filled.replace("{", "{{").replace("}", "}}"), {}) == (filled, [])
