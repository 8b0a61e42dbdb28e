"""Every problem of a definition is named, at its node."""

import json
from copy import deepcopy

import pytest
from workflow_kit import full, workflow

from engine.workflow import MAX_NODES
from engine.workflow_check import Problem, normalised, problems
from engine.workflow_kinds import NODES, TRIGGERS

ASK = {"kind": "ask", "text": "Phone?"}


def named(definition):
    """{(node, code, setting)} of everything that is wrong."""
    return {(each.node, each.code, each.setting) for each in problems(definition)}


def one(node, **others):
    """A workflow of a node, from which nothing else follows."""
    return {
        "format": 1,
        "trigger": {"kind": "by_hand"},
        "first": "n",
        "nodes": {"n": node, **others},
    }


@pytest.mark.parametrize("kind", NODES.values(), ids=list(NODES))
def test_node_with_all_its_settings_is_right(kind):
    node = full(kind)
    node["next"] = dict.fromkeys(kind.edges, "end")
    if kind.name == "condition":
        node["answers"] = [{"label": "end", "value": "yes"}]
    if kind.name == "ask":
        node["remind_after"] = {"amount": 90, "unit": "minutes"}
    definition = one(node, end=dict(ASK))
    assert problems(definition) == []
    assert problems(normalised(definition)) == []


@pytest.mark.parametrize("kind", TRIGGERS.values(), ids=list(TRIGGERS))
def test_trigger_with_all_its_settings_is_right(kind):
    definition = one(dict(ASK))
    definition["trigger"] = full(kind)
    assert problems(definition) == []


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        (kind, setting.name)
        for kind in NODES.values()
        for setting in kind.settings
        if setting.required
    ],
    ids=str,
)
def test_required_setting_that_is_missing_is_named(kind, setting):
    for empty in (None, ""):
        assert ("n", "setting_missing", setting) in named(
            one({**full(kind), setting: empty})
        )


@pytest.mark.parametrize(
    ("node", "code", "setting"),
    [
        (None, "kind_unknown", "kind"),
        ({"kind": "dance"}, "kind_unknown", "kind"),
        ({"kind": ["ask"]}, "kind_unknown", "kind"),
        ({**ASK, "colour": 1}, "setting_unknown", "colour"),
        ({**ASK, "next": {"later": "n"}}, "edge_unknown", "later"),
        ({**ASK, "next": ["n"]}, "edge_unknown", "next"),
        ({**ASK, "next": {"answered": "x"}}, "edge_target", "answered"),
        ({**ASK, "next": {"answered": 5}}, "edge_target", "answered"),
        ({**ASK, "text": " "}, "setting_missing", "text"),
        ({**ASK, "text": 5}, "setting_type", "text"),
        ({**ASK, "text": "x" * 4001}, "text_long", "text"),
        ({**ASK, "text": "a\x00b"}, "text_broken", "text"),
        ({**ASK, "text": "a\ud800"}, "text_broken", "text"),
        ({**ASK, "channel": "pigeon"}, "option_unknown", "channel"),
        ({**ASK, "answer": "colour"}, "option_unknown", "answer"),
        ({**ASK, "answer": "choice"}, "choices_missing", "choices"),
        ({**ASK, "attempts": 0}, "number_low", "attempts"),
        ({**ASK, "attempts": 11}, "number_high", "attempts"),
        ({**ASK, "attempts": 1.5}, "setting_type", "attempts"),
        ({**ASK, "attempts": True}, "setting_type", "attempts"),
        ({**ASK, "attempts": []}, "setting_type", "attempts"),
        ({**ASK, "save_to": 5}, "setting_type", "save_to"),
        ({**ASK, "skip_words": "skip"}, "setting_type", "skip_words"),
        ({**ASK, "skip_words": [5]}, "setting_type", "skip_words"),
        ({**ASK, "skip_words": [" "]}, "setting_type", "skip_words"),
        ({**ASK, "skip_words": ["x" * 101]}, "text_long", "skip_words"),
        ({**ASK, "skip_words": ["x"] * 101}, "list_long", "skip_words"),
        ({**ASK, "wait": 5}, "duration_broken", "wait"),
        ({**ASK, "wait": {"amount": 1, "unit": "years"}}, "duration_broken", "wait"),
        ({**ASK, "wait": {"amount": 0, "unit": "days"}}, "number_low", "wait"),
        ({**ASK, "wait": {"amount": 1e9, "unit": "days"}}, "duration_broken", "wait"),
        ({**ASK, "wait": {"amount": 522, "unit": "weeks"}}, "duration_long", "wait"),
        (
            {**ASK, "remind_after": {"amount": 1, "unit": "days"}},
            "remind_late",
            "remind_after",
        ),
        ({**ASK, "choices": [{"label": ""}]}, "choice_empty", "choices"),
        ({**ASK, "choices": [{"value": "x"}]}, "choice_empty", "choices"),
        ({**ASK, "choices": ["x"]}, "setting_type", "choices"),
        (
            {**ASK, "choices": [{"label": "A"}, {"label": "a!"}]},
            "choice_twice",
            "choices",
        ),
        (
            {**ASK, "choices": [{"label": "A", "value": "B"}, {"label": "B"}]},
            "choice_twice",
            "choices",
        ),
        ({**ASK, "choices": [{"label": "لغو"}]}, "choice_opt_out", "choices"),
        ({"kind": "delay", "at": "24:00"}, "clock_broken", "at"),
        ({"kind": "delay", "at": "9:00"}, "clock_broken", "at"),
        ({"kind": "delay", "weekdays": []}, "weekdays_none", "weekdays"),
        ({"kind": "delay", "weekdays": [7]}, "weekday_broken", "weekdays"),
        ({"kind": "delay", "weekdays": [True]}, "weekday_broken", "weekdays"),
        ({"kind": "delay", "weekdays": 5}, "setting_type", "weekdays"),
        ({"kind": "delay", "by": "date"}, "date_missing", "date"),
        ({"kind": "delay", "yearly": 1}, "setting_type", "yearly"),
        ({"kind": "condition"}, "condition_empty", "domain"),
        ({"kind": "condition", "domain": "[]"}, "condition_empty", "domain"),
        (
            {"kind": "condition", "answers": [{"label": "n", "value": "x"}]},
            "answer_unknown",
            "answers",
        ),
        ({"kind": "add_tag", "tag": -1}, "setting_type", "tag"),
        ({"kind": "add_tag", "tag": 1 << 31}, "setting_type", "tag"),
        ({"kind": "add_tag", "tag": {}}, "setting_type", "tag"),
        ({"kind": "add_tag", "tag": "vip"}, "setting_type", "tag"),
        ({"kind": "add_to_segment", "segment": "vip"}, "setting_type", "segment"),
        ({"kind": "webhook", "url": "ftp://x/"}, "url_scheme", "url"),
        ({"kind": "webhook", "url": "https://"}, "url_host", "url"),
        ({"kind": "webhook", "url": "https://x/ y"}, "url_url", "url"),
        ({"kind": "webhook", "url": "https://me:secret@x.com/"}, "url_user", "url"),
        ({"kind": "webhook", "url": "http://0x7f000001/"}, "url_host", "url"),
        ({"kind": "webhook", "url": "https://x.com:99999/"}, "url_url", "url"),
    ],
)
def test_what_is_wrong_with_a_node_is_named(node, code, setting):
    assert ("n", code, setting) in named(one(node))


@pytest.mark.parametrize(
    ("changes", "code", "setting"),
    [
        ({"format": 2}, "format_unknown", "format"),
        ({"format": True}, "format_unknown", "format"),
        ({"colour": 1}, "part_unknown", "colour"),
        ({"bulk": 1}, "part_broken", "bulk"),
        ({"leave": "no"}, "part_broken", "leave"),
        ({"audience": 5}, "setting_type", "audience"),
        ({"audience": "x" * 20_001}, "text_long", "audience"),
        ({"entry": []}, "part_broken", "entry"),
        ({"entry": {"policy": "never"}}, "policy_unknown", "entry"),
        ({"entry": {"policy": "again", "days": 0}}, "part_broken", "entry"),
        ({"trigger": None}, "trigger_unknown", "trigger"),
        ({"trigger": {"kind": "moon"}}, "trigger_unknown", "trigger"),
        ({"trigger": {"kind": "tag_added"}}, "setting_missing", "tag"),
        ({"trigger": {"kind": "score_changed"}}, "score_nothing", "by"),
        ({"trigger": {"kind": "birthday", "day": 1}}, "setting_unknown", "day"),
        (
            {"trigger": {"kind": "field_updated", "fields": []}},
            "setting_missing",
            "fields",
        ),
        ({"first": None}, "first_missing", "first"),
        ({"first": "x"}, "first_missing", "first"),
        ({"nodes": []}, "part_broken", "nodes"),
        ({"nodes": {}}, "first_missing", "first"),
    ],
)
def test_what_is_wrong_with_the_whole_is_named(changes, code, setting):
    definition = {**one(dict(ASK)), **changes}
    assert ("", code, setting) in named(definition)


def test_id_that_is_no_name_is_named():
    definition = one(dict(ASK))
    definition["nodes"]["not one"] = dict(ASK)
    assert ("not one", "node_id", "") in named(definition)


def test_all_problems_are_named_and_not_only_the_first():
    definition = workflow(
        "a",
        a=("send", {"next": "b", "wrong": "b"}, {}),
        b=("ask", {"answered": "gone"}, {"answer": "choice", "attempts": 99}),
        c=("webhook", {}, {"url": "nowhere"}),
    )
    assert named(definition) == {
        ("a", "setting_missing", "text"),
        ("a", "edge_unknown", "wrong"),
        ("b", "setting_missing", "text"),
        ("b", "choices_missing", "choices"),
        ("b", "number_high", "attempts"),
        ("b", "edge_target", "answered"),
        ("c", "url_scheme", "url"),
        ("c", "unreachable", ""),
    }


def test_too_many_nodes_are_named_without_looking_at_each():
    nodes = {f"n{n}": dict(ASK) for n in range(MAX_NODES + 1)}
    definition = {**one(dict(ASK)), "first": "n0", "nodes": nodes}
    (problem,) = problems(definition)
    assert problem.code == "nodes_many"
    assert problem.detail == {"limit": MAX_NODES, "count": MAX_NODES + 1}


SEND = {"text": "Hi"}


def test_node_without_a_way_to_it_is_a_warning():
    definition = workflow("a", a=("send", {}, SEND), b=("send", {"next": "a"}, SEND))
    assert problems(definition) == [Problem("b", "unreachable", warning=True)]


@pytest.mark.parametrize(
    ("nodes", "found"),
    [
        # round and round, but for what cannot be sent
        ({"a": ("send", {"next": "a"}, SEND)}, ["loop_without_wait"]),
        (
            {"a": ("send", {"next": "a", "not_sent": "a"}, SEND)},
            ["loop_without_end"],
        ),
        (
            {
                "a": ("add_tag", {"next": "b"}, {"tag": 1}),
                "b": ("remove_tag", {"next": "a"}, {"tag": 1}),
            },
            ["loop_without_end"],
        ),
        # a wait on the way round makes it right
        (
            {
                "a": ("send", {"next": "b"}, SEND),
                "b": ("delay", {"next": "a"}, {}),
            },
            [],
        ),
        ({"a": ("ask", {"answered": "a", "timeout": "a"}, SEND)}, []),
        # but no edge by which a waiting node is left at once
        (
            {"a": ("ask", {"answered": "a", "not_sent": "a"}, SEND)},
            ["loop_without_wait"],
        ),
        (
            {"a": ("delay", {"missing": "a"}, {"by": "date", "date": "x"})},
            ["loop_without_wait"],
        ),
    ],
)
def test_loop_without_a_wait_is_named(nodes, found):
    loops = problems(workflow("a", **nodes))
    assert [each.code for each in loops] == found
    for each in loops:
        assert each.warning == (each.code == "loop_without_wait")
        assert each.detail["nodes"] == list(nodes)


def test_defaults_are_filled_in_and_what_nobody_knows_is_dropped():
    given_ = {
        "format": 1,
        "trigger": {"kind": "birthday", "moon": 1},
        "first": "n",
        "nodes": {
            "n": {**ASK, "colour": 1, "next": {"answered": "n", "gone": "n"}},
            "m": {"kind": "delay", "next": {"next": None}},
        },
        "secret": 1,
    }
    before = deepcopy(given_)
    made = normalised(given_)
    assert given_ == before
    assert made["trigger"] == {"kind": "birthday", "days_before": 0, "at": "09:00"}
    assert made["entry"] == {"policy": "once", "days": 30}
    assert (made["bulk"], made["leave"], made["audience"]) == (False, False, "[]")
    assert "secret" not in made
    assert made["nodes"]["n"]["attempts"] == 3
    assert made["nodes"]["n"]["wait"] == {"amount": 1, "unit": "days"}
    assert "skip" in made["nodes"]["n"]["skip_words"]
    assert made["nodes"]["n"]["next"] == {"answered": "n"}
    assert made["nodes"]["m"]["next"] == {}
    assert "colour" not in made["nodes"]["n"]
    assert json.loads(json.dumps(made)) == made


def test_words_that_were_taken_away_stay_away():
    made = normalised(one({**ASK, "skip_words": []}))
    assert made["nodes"]["n"]["skip_words"] == []


@pytest.mark.parametrize("value", [None, "", "  "])
def test_name_of_a_customer_cannot_be_emptied(value):
    node = {"kind": "set_field", "field": "name", "value": value}
    assert named(one(node)) == {("n", "setting_missing", "value")}
    for right in ({**node, "field": "phone"}, {**node, "value": "{name}"}):
        assert named(one(right)) == set()
