import pytest

from engine.workflow_references import (
    SEGMENT,
    TAG,
    Reference,
    references,
    with_conditions,
)

DEFINITION = {
    "trigger": {"kind": "tag_added", "tag": 3},
    "audience": "[('segment_ids', 'in', [4, 5]), ('city', '=', 'Qom')]",
    "nodes": {
        "n1": {"kind": "ask", "text": "Hi {first_name}, your size?", "save_to": "size"},
        "n2": {"kind": "condition", "domain": "[('category_id', 'in', [6])]"},
        "n3": {"kind": "webhook", "url": "https://x.org", "fields": ["size", "name"]},
        "n4": {"kind": "create_task", "summary": "Call {size}", "user": 7},
        "n5": {"kind": "of another version", "tag": 8},
    },
}


def test_everything_that_a_definition_names_is_found_where_it_stands():
    assert references(DEFINITION) == [
        Reference("", "tag", TAG, 3),
        Reference("n1", "text", "field", "first_name"),
        Reference("n1", "save_to", "field", "size"),
        Reference("n2", "domain", TAG, 6),
        Reference("n3", "fields", "field", "size"),
        Reference("n3", "fields", "field", "name"),
        Reference("n4", "summary", "field", "size"),
        Reference("n4", "user", "res.users", 7),
        Reference("", "audience", SEGMENT, 4),
        Reference("", "audience", SEGMENT, 5),
        Reference("", "audience", "column", "city"),
    ]


def test_a_broken_condition_names_nothing():
    assert references({"audience": "[('segment_ids', 'in'"}) == []


def test_nothing_names_nothing():
    assert references(None) == []


def test_each_condition_of_a_definition_is_changed_and_nothing_else():
    made = with_conditions(DEFINITION, str.upper)
    conditions = DEFINITION["audience"], DEFINITION["nodes"]["n2"]["domain"]
    assert made["audience"] == conditions[0].upper()
    assert made["nodes"]["n2"]["domain"] == conditions[1].upper()
    made["audience"], made["nodes"]["n2"]["domain"] = conditions
    assert made == DEFINITION


@pytest.mark.parametrize(
    "broken",
    [
        *(None, [], "x", {}, {"audience": ["x"]}, {"nodes": ["x"], "trigger": 3}),
        {"nodes": {"n1": {"kind": "condition", "domain": [3]}}, "audience": "[]"},
    ],
)
def test_a_draft_without_a_condition_in_words_stays_as_it_is(broken):
    assert with_conditions(broken, lambda text: text) == broken
