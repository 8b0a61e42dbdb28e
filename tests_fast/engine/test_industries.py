"""industries.py: what a template would do, and whether its conditions are sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fields import SLOT_COUNTS
from engine.industries import (
    Defined,
    Step,
    Wanted,
    are_options,
    are_rules,
    are_sections,
    domain_problems,
    plan,
)

FIELDS = {
    "points": ("number", set()),
    "vip": ("boolean", set()),
    "seen": ("date", set()),
    "color": ("select", {"red", "blue"}),
    "note": ("text", set()),
}


def planned(wanted, *defined, **free):
    return plan([wanted], defined, {**SLOT_COUNTS, **free})[0]


def test_an_unknown_field_is_new_and_takes_a_slot():
    assert planned(Wanted("a", "text")) == Step("a", "new", None, "slot")


def test_a_field_in_use_is_present_and_takes_nothing():
    step = planned(Wanted("a", "text"), Defined("a", "text", slot="custom_text_1"))
    assert step == Step("a", "present", "a")


def test_a_key_of_another_type_is_a_conflict_even_when_archived():
    for active in (True, False):
        step = planned(Wanted("a", "text"), Defined("a", "date", active=active))
        assert step == Step("a", "conflict", "a")


def test_an_archived_field_is_restored_into_its_own_slot():
    archived = Defined("a", "text", active=False, slot="custom_text_1")
    assert planned(Wanted("a", "text"), archived, text=0) == Step("a", "restore", "a")


def test_an_archived_field_whose_slot_was_released_takes_one_that_is_left():
    archived = Defined("a", "text", active=False, released=True)
    assert planned(Wanted("a", "text"), archived).room == "slot"
    assert planned(Wanted("a", "text"), archived, text=0).room == "extra"


def test_an_archived_field_beyond_the_slots_stays_there():
    archived = Defined("a", "text", active=False)
    assert planned(Wanted("a", "text"), archived) == Step("a", "restore", "a")


def test_a_second_birthday_is_the_first_one_under_another_key():
    wanted = Wanted("birth_date", "date", "birthday")
    in_use = Defined("born", "date", "birthday")
    archived = Defined("old", "date", "birthday", active=False)
    same_key = Defined("birth_date", "date", "birthday", active=False)
    for defined in ((in_use, archived), (archived, in_use), (same_key, in_use)):
        assert planned(wanted, *defined) == Step("birth_date", "present", "born")
    assert planned(wanted, archived, same_key) == Step(
        "birth_date", "restore", "birth_date"
    )


@given(
    st.lists(st.sampled_from(sorted(SLOT_COUNTS)), max_size=40),
    st.dictionaries(st.sampled_from(sorted(SLOT_COUNTS)), st.integers(0, 9)),
)
def test_slots_are_given_as_long_as_there_are_some(types, free):
    wanted = [Wanted(f"f{index}", kind) for index, kind in enumerate(types)]
    steps = plan(wanted, [], free)
    for kind in SLOT_COUNTS:
        rooms = [s.room for s, t in zip(steps, types, strict=True) if t == kind]
        left = min(free.get(kind, 0), len(rooms))
        assert rooms == ["slot"] * left + ["extra"] * (len(rooms) - left)


@pytest.mark.parametrize(
    "domain",
    [
        [["custom:points", ">=", 1000]],
        [["custom:vip", "=", True], ["crm_score", "<", 50]],
        ["|", ["custom:seen", "<", "today -90d"], ["custom:seen", "=", False]],
        ["!", ["custom:color", "in", ["red", "blue"]]],
        ["&", ["custom:note", "ilike", "x"], ["customer_since", ">", "2026-01-31"]],
    ],
)
def test_a_sound_condition_has_no_problem(domain):
    assert domain_problems(domain, FIELDS) == []


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ([], "domain"),
        ("[]", "domain"),
        (["|", ["custom:vip", "=", True]], "domain"),
        ([["custom:vip", "="]], "domain"),
        (["?", ["custom:vip", "=", True]], "domain"),
        ([["custom:gone", "=", 1]], "field"),
        ([["password", "=", "x"]], "field"),
        ([["custom:vip", ">", True]], "operator"),
        ([["custom:points", "ilike", "1"]], "operator"),
        ([["custom:points", "=", "many"]], "value"),
        ([["custom:points", "=", True]], "value"),
        ([["custom:points", ">", False]], "value"),
        ([["custom:vip", "=", "yes"]], "value"),
        ([["custom:seen", "<", "yesterday"]], "value"),
        ([["custom:seen", "<", "2026-02-30"]], "value"),
        ([["custom:color", "=", "green"]], "value"),
        ([["custom:color", "in", ["red", "green"]]], "value"),
        ([["custom:color", "in", "red"]], "value"),
        ([["custom:color", "=", ["red"]]], "value"),
    ],
)
def test_an_unsound_condition_is_told_by_its_code(domain, code):
    assert [found for found, _details in domain_problems(domain, FIELDS)] == [code]


TEXT = {"en_US": "A", "fa_IR": "آ"}
PARTS = {
    are_options: {"code": "a", "color": 1, "labels": TEXT},
    are_rules: {"key": "a", "name": TEXT, "color": 1, "domain": []},
    are_sections: {"key": "a", "name": TEXT},
}


@pytest.mark.parametrize("check", PARTS)
def test_a_part_with_all_it_needs_is_taken(check):
    assert check([])
    assert check([PARTS[check], PARTS[check]])


@pytest.mark.parametrize("check", PARTS)
def test_a_part_without_key_or_english_text_is_refused(check):
    part = PARTS[check]
    for name in set(part) - {"color"}:
        assert not check([part, {k: v for k, v in part.items() if k != name}])
    label = "labels" if "labels" in part else "name"
    for text in ("A", {}, {"fa_IR": "آ"}, {"en_US": ""}, {"en_US": 1}):
        assert not check([{**part, label: text}])
    for entries in (part, "a", [["a"]], None):
        assert not check(entries)
