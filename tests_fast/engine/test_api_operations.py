"""The table of operations: routed without doubt, documented whole."""

import pytest

from engine.api_document import CODES, openapi, problem_statuses
from engine.api_operations import OPERATIONS, find_operation, read_parameters
from engine.api_schemas import NAMED

FIELD = {"key": "size", "label": "Size", "type": "select", "options": ["s", "m"]}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_each_operation_is_found_by_its_own_path(operation):
    path = operation.path.replace("{id}", "7").replace("{key}", "size")
    found = find_operation(operation.method, path)
    assert found.operation is operation
    assert operation.method in found.allowed


def test_unknown_paths_and_methods_are_told_apart():
    assert find_operation("GET", "/nothing").allowed == ()
    found = find_operation("DELETE", "/customers/7")
    assert (found.operation, found.allowed) == (None, ("GET", "PATCH"))
    assert find_operation("GET", "/openapi_json").allowed == ()
    assert find_operation("HEAD", "/fields").operation.name == "list_fields"
    assert find_operation("PATCH", "/customers/upsert").allowed == ("POST",)


def test_parameters_get_their_types_and_defaults():
    operation = find_operation("GET", "/customers").operation
    values, wrong = read_parameters(operation, {}, [("limit", "5")])
    assert (values, wrong) == ({"limit": 5}, [])
    assert read_parameters(operation, {}, [])[0] == {"limit": 50}
    for pair in (("limit", "0"), ("limit", "five"), ("limits", "5"), ("key", "\0")):
        assert len(read_parameters(operation, {}, [pair])[1]) == 1


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", "9" * 30, str(2**31)])
def test_an_id_that_cannot_be_is_missing(text):
    operation = find_operation("GET", "/customers/1").operation
    _values, (wrong,) = read_parameters(operation, {"id": text}, [])
    assert wrong.code == "missing"


def test_the_document_tells_every_operation_and_every_problem():
    document = openapi("1.0", [FIELD])
    told = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }
    assert set(told) == {operation.name for operation in OPERATIONS}
    for operation in OPERATIONS:
        responses = told[operation.name]["responses"]
        expected = {operation.status, *problem_statuses(operation)}
        assert set(responses) == set(map(str, expected))
    custom = document["components"]["schemas"]["Custom"]
    assert custom["properties"]["size"]["title"] == "Size"


def test_the_document_refers_only_to_what_it_has():
    document = openapi("1.0")
    found = set()

    def collect(value):
        if isinstance(value, dict):
            found.add(value.get("$ref"))
            list(map(collect, value.values()))
        elif isinstance(value, list):
            list(map(collect, value))

    collect(document)
    for reference in found - {None}:
        _start, _components, kind, name = reference.split("/")
        assert name in document["components"][kind]
    assert "properties" not in document["components"]["schemas"]["Custom"]
    assert set(NAMED) == set(document["components"]["schemas"])


def test_an_example_stands_beside_every_problem():
    for status, response in openapi("1.0")["components"]["responses"].items():
        content = response["content"]["application/problem+json"]
        example = content["examples"]["problem"]["value"]
        assert example["code"] == CODES[int(status)]
