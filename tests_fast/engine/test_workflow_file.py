"""Files of workflows: what is read, and what is refused, whoever has written them."""

import json

import pytest

from engine.workflow_file import (
    MAX_BYTES,
    FileProblem,
    compared,
    localised,
    read_file,
    rewritten,
)

DEFINITION = {
    "format": 1,
    "trigger": {"kind": "tag_added", "tag": {"name": "VIP"}},
    "audience": [["custom:size", "=", "m"]],
    "first": "n1",
    "nodes": {"n1": {"kind": "send", "text": "Hi", "next": {}}},
}


def written(**more):
    """A file as bytes; ``None`` leaves a part out."""
    value = {"mini_crm_workflow": 1, "name": "Welcome", "definition": DEFINITION}
    value = {name: part for name, part in {**value, **more}.items() if part is not None}
    return json.dumps(value).encode()


def with_node(**node):
    return written(definition={**DEFINITION, "nodes": {"n1": node}})


def test_file_gives_back_what_was_written():
    assert read_file(written()) == ("Welcome", DEFINITION)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b" " * (MAX_BYTES + 1), "file_long", id="over 1 MB"),
        pytest.param(b"", "file_syntax", id="nothing"),
        pytest.param(b"{", "file_syntax", id="cut off"),
        pytest.param(b"\xff\xfe", "file_text", id="not UTF-8"),
        pytest.param(b"PK\x03\x04", "file_syntax", id="a zip"),
        pytest.param(b'{"a": NaN}', "file_text", id="no number"),
        pytest.param(b'{"a": 1, "a": 2}', "file_text", id="a key twice"),
        pytest.param(b'{"a": "\\u0000"}', "file_text", id="NUL"),
        pytest.param(b"[" * 50_000, "file_text", id="nested without end"),
        pytest.param(b"[" * 40 + b"]" * 40, "file_text", id="nested deep"),
        pytest.param(b"[]", "file_other", id="a list"),
        pytest.param(b"7", "file_other", id="a number"),
        pytest.param(b'{"nodes": {}}', "file_other", id="other JSON"),
        pytest.param(written(mini_crm_workflow=2), "file_version", id="newer"),
        pytest.param(written(mini_crm_workflow=True), "file_version", id="yes"),
        pytest.param(written(mini_crm_workflow=[1]), "file_version", id="a list of 1"),
        pytest.param(written(name=None), "file_shape", id="no name"),
        pytest.param(written(name="  "), "file_shape", id="blank name"),
        pytest.param(written(name="x" * 201), "file_shape", id="long name"),
        pytest.param(written(name=["x"]), "file_shape", id="name is a list"),
        pytest.param(written(definition=None), "file_shape", id="no definition"),
        pytest.param(written(definition=[]), "file_shape", id="definition is a list"),
        pytest.param(
            written(definition={**DEFINITION, "trigger": "x"}),
            "file_shape",
            id="trigger is a text",
        ),
        pytest.param(
            written(definition={**DEFINITION, "nodes": [1]}),
            "file_shape",
            id="nodes are a list",
        ),
        pytest.param(
            written(definition={**DEFINITION, "nodes": {"n1": "x"}}),
            "file_shape",
            id="node is a text",
        ),
        pytest.param(
            written(
                definition={
                    **DEFINITION,
                    "nodes": {f"n{n}": {"kind": "send"} for n in range(201)},
                }
            ),
            "file_nodes",
            id="too many nodes",
        ),
        pytest.param(with_node(kind="run_python"), "file_kinds", id="unknown kind"),
        pytest.param(with_node(), "file_kinds", id="no kind"),
        pytest.param(with_node(kind={"a": 1}), "file_kinds", id="kind is an object"),
        pytest.param(
            written(definition={**DEFINITION, "trigger": {"kind": "send"}}),
            "file_kinds",
            id="trigger of a node's kind",
        ),
    ],
)
def test_what_is_no_workflow_is_refused_with_its_reason(raw, code):
    with pytest.raises(FileProblem) as refused:
        read_file(raw)
    assert refused.value.code == code


def test_draft_that_nothing_starts_yet_is_a_workflow():
    definition = {**DEFINITION, "trigger": {"kind": ""}, "audience": "[]"}
    name, read = read_file(written(definition=definition))
    assert (name, read) == ("Welcome", definition)
    assert rewritten(read, lambda _node, _setting, value: value) == definition


def test_unknown_kinds_are_named_but_never_at_length():
    with pytest.raises(FileProblem) as refused:
        read_file(with_node(kind="x" * 5_000))
    assert refused.value.details["kinds"] == "x" * 60


def test_settings_are_changed_or_left_out_and_the_file_is_not():
    seen = []

    def change(node, setting, value):
        seen.append((node, setting.name))
        return None if setting.name == "text" else [value]

    made = rewritten(DEFINITION, change)
    assert seen == [("", "tag"), ("n1", "text"), ("", "audience")]
    assert made["trigger"]["tag"] == [{"name": "VIP"}]
    assert "text" not in made["nodes"]["n1"]
    assert DEFINITION["nodes"]["n1"]["text"] == "Hi"


def test_comparisons_within_events_stay_as_they_are():
    condition = [
        "|",
        ["custom:size", "=", "m"],
        ["event_ids", "any", [["type", "=", "note_added"]]],
        "nonsense",
    ]
    made = compared(condition, lambda _field, _value: ("x_text_1", "L"))
    assert made == [
        "|",
        ["x_text_1", "=", "L"],
        ["event_ids", "any", [["type", "=", "note_added"]]],
        "nonsense",
    ]


def test_texts_are_in_the_language_or_in_english():
    given = {"a": {"en_US": "Hello", "fa_IR": "سلام"}, "b": [{"en_US": ["x"]}], "c": 3}
    assert localised(given, "fa_IR") == {"a": "سلام", "b": [["x"]], "c": 3}
    assert localised(given, "de_DE") == {"a": "Hello", "b": [["x"]], "c": 3}
