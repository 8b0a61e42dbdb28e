"""Whatever JSON there is, it is checked, normalised and outlined."""

import json

from hypothesis import given
from hypothesis import strategies as st
from workflow_kit import full, workflow

from engine.workflow import MAX_NODES
from engine.workflow_check import Problem, normalised, problems
from engine.workflow_kinds import NODES, TRIGGERS
from engine.workflow_outline import outline
from engine.workflow_references import references

SEND = {"text": "Hi"}
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["ask", "delay", "send", "n", "m", "1", "09:00", "[]"])
)
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


def damaged(kinds):
    """Triggers or nodes with settings of any JSON, some of them right."""
    return st.sampled_from(list(kinds.values())).flatmap(
        lambda kind: st.fixed_dictionaries(
            {"kind": st.just(kind.name)},
            optional={
                each.name: st.just(full(kind)[each.name]) | json_values
                for each in kind.settings
            }
            | {
                "next": json_values
                | st.dictionaries(
                    st.sampled_from([*kind.edges, "x"]),
                    st.sampled_from(["n", "m", "o", "gone", None, ""]) | json_values,
                    max_size=4,
                )
            },
        )
    )


nodes = st.dictionaries(
    st.sampled_from(["n", "m", "o", "p q"]), damaged(NODES) | json_values, max_size=4
)
definitions = json_values | st.fixed_dictionaries(
    {},
    optional={
        "format": st.just(1) | json_values,
        "trigger": damaged(TRIGGERS) | json_values,
        "bulk": json_values,
        "entry": json_values
        | st.fixed_dictionaries({}, optional={"policy": scalars, "days": scalars}),
        "audience": json_values,
        "leave": json_values,
        "first": st.sampled_from(["n", "m"]) | json_values,
        "nodes": nodes | json_values,
        "other": json_values,
    },
)
GONE = ("part_unknown", "setting_unknown", "edge_unknown", "definition_broken")


@given(definitions)
def test_any_json_is_checked_and_normalised(definition):
    found = problems(definition)
    assert all(isinstance(each, Problem) for each in found)
    for each in found:
        json.dumps(dict(each.detail))
    made = normalised(definition)
    again = normalised(made)
    assert json.dumps(again) == json.dumps(made)
    # the same things are wrong, but for what is gone, or could not be kept
    left = {(each.node, each.code, each.setting) for each in problems(made)}
    if not any(each.code in (*GONE, "part_broken", "kind_unknown") for each in found):
        assert left <= {(each.node, each.code, each.setting) for each in found}
    if not found:
        assert left == set()


@given(definitions)
def test_any_json_has_an_outline_with_every_node_once(definition):
    lines = outline(definition)
    first_time = list(dict.fromkeys(node for _depth, node, _edge in lines))
    nodes = definition.get("nodes") if isinstance(definition, dict) else None
    assert sorted(first_time) == sorted(nodes if isinstance(nodes, dict) else [])


@given(definitions)
def test_any_json_names_what_can_be_compared(definition):
    found = references(definition)
    assert len({(each.kind, each.value) for each in found}) <= len(found)


def test_outline_goes_down_every_way_and_names_joins():
    definition = workflow(
        "hello",
        hello=("send", {"next": "ask", "not_sent": "task"}, SEND),
        ask=("ask", {"answered": "vip", "timeout": "task", "skipped": "end"}, SEND),
        vip=("condition", {"yes": "tag", "no": "end"}, {"words": ["vip"]}),
        tag=("add_tag", {"next": "end"}, {"tag": 1}),
        end=("send", {}, SEND),
        task=("create_task", {}, {"summary": "Call"}),
        alone=("send", {"next": "end"}, SEND),
        ring=("delay", {"next": "ring"}, {}),
    )
    assert outline(definition) == [
        (0, "hello", ""),
        (1, "task", "not_sent"),
        (0, "ask", "next"),
        (1, "task", "timeout"),
        (1, "end", "skipped"),
        (0, "vip", "answered"),
        (1, "tag", "yes"),
        (1, "end", "next"),
        (1, "end", "no"),
        (0, "alone", ""),
        (0, "end", "next"),
        (0, "ring", ""),
        (0, "ring", "next"),
    ]


def test_outline_of_a_long_chain_needs_no_depth():
    chain = {
        f"n{n}": ("send", {"not_sent": f"n{n + 1}"}, SEND) for n in range(MAX_NODES)
    }
    lines = outline(workflow("n0", **chain))
    assert [depth for depth, _node, _edge in lines] == list(range(MAX_NODES))
