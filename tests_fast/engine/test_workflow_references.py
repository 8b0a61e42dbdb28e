from engine.workflow_references import SEGMENT, TAG, Reference, references

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
