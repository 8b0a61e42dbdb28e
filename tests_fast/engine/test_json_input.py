"""JSON from strangers: whatever comes, it is a value or a JsonError."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api_schemas import CUSTOMER_VALUES, UPSERT
from engine.json_input import JsonError, parse_json, violations

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "syntax"),
        (b"{", "syntax"),
        (b"\xff", "utf8"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b"[NaN]", "number"),
        (b"[1e999]", "number"),
        (b"[" + b"9" * 5_000 + b"]", "number"),
        (b"[" * 100_000, "depth"),
        (b"[" * 20 + b"]" * 20, "depth"),
        (b'["\\u0000"]', "character"),
        (b'{"\\ud800": 1}', "character"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_name(raw, code):
    with pytest.raises(JsonError) as refused:
        parse_json(raw)
    assert refused.value.code == code


@given(st.binary())
def test_any_bytes_are_a_value_or_a_json_error(raw):
    try:
        parse_json(raw)
    except JsonError as error:
        assert error.code


@given(VALUES)
def test_any_value_can_be_checked(value):
    violations(value, UPSERT)
    violations({"match": "ref", "items": [value]}, UPSERT)


def test_a_pointer_leads_to_what_is_wrong():
    body = {"match": "ref", "items": [{"ref": "1"}, {"custom": {"a/b": []}, "x": 1}]}
    found = {(v.pointer, v.code) for v in violations(body, UPSERT)}
    assert found == {("/items/1/custom/a~1b", "type"), ("/items/1/x", "unknown")}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer"}, 1, 1.5),
        ({"type": "integer"}, 1.0, True),
        ({"type": "number"}, 1.5, "1.5"),
        ({"type": ["string", "null"]}, None, 1),
        ({"type": "string", "pattern": "^a$"}, "a", "a\n"),
        ({"type": "string", "minLength": 1, "maxLength": 2}, "ab", "abc"),
        ({"type": "array", "minItems": 1, "uniqueItems": True}, [1], [1, 1]),
        ({"type": "object", "minProperties": 1}, {"a": 1}, {}),
        ({"type": "string", "enum": ["a"]}, "a", "b"),
    ],
)
def test_each_word_of_a_schema_is_understood(schema, good, bad):
    assert violations(good, schema) == []
    assert violations(bad, schema)


def test_examples_of_a_customer_fit_their_own_schema():
    example = {
        name: schema["examples"][0]
        for name, schema in CUSTOMER_VALUES["properties"].items()
        if "examples" in schema
    }
    assert violations(json.loads(json.dumps(example)), CUSTOMER_VALUES) == []
