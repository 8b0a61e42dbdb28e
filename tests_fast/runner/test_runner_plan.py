"""plan.py: which steps, which names, which tests."""

import pytest

from runner import plan

ROOMS = {
    "score": ["tests/score/test_score_parts.py", "tests/score/test_score_now.py"],
    "rights": [],
}


def no_file(_word):
    return None


def test_all_steps_are_pending_in_a_new_home():
    assert plan.pending({"a": "1", "b": "2"}, {}) == ["a", "b"]


def test_a_finished_step_is_not_done_again():
    assert plan.pending({"a": "1", "b": "2"}, {"a": "1"}) == ["b"]


def test_a_step_with_other_inputs_is_done_again():
    assert plan.pending({"a": "2", "b": "2"}, {"a": "1", "b": "2"}) == ["a"]


@pytest.mark.parametrize(
    "path",
    ["__manifest__.py", "models/score/x.py", "views/a.xml", "i18n/fa.po", "data/a.csv"],
)
def test_a_change_of_an_installed_file_asks_for_an_update(path):
    assert plan.is_installed(path)


@pytest.mark.parametrize(
    "path",
    [
        "tests/score/test_a.py",
        "tests_fast/runner/test_b.py",
        "static/src/score/badge.js",
        "static/src/score/badge.xml",
        "runner/cli.py",
        "bench/seed.py",
        "README.md",
    ],
)
def test_a_change_of_any_other_file_does_not(path):
    assert not plan.is_installed(path)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["shell", "-d", "shop"], "shop"),
        (["--database=shop"], "shop"),
        (["-dshop"], "shop"),
        (["--database", "shop", "-u", "base"], "shop"),
        (["shell"], "mini_crm"),
        (["-d"], "mini_crm"),
    ],
)
def test_the_database_is_read_from_odoos_own_arguments(arguments, expected):
    assert plan.database_in(arguments, "mini_crm") == expected


def test_a_template_has_another_name_for_other_inputs():
    first = plan.template_name("depends", "19.0", ["mail"])
    assert first != plan.template_name("depends", "19.0", ["mail", "utm"])
    assert first == plan.template_name("depends", "19.0", ["mail"])
    assert len(first) <= 63 - len("_building")


def test_no_words_select_every_lane():
    assert plan.select_tests([], ROOMS, no_file).lanes == plan.TEST_LANES


def test_a_lane_selects_itself_once():
    selection = plan.select_tests(["fast", "fast"], ROOMS, no_file)
    assert selection == plan.TestSelection(("fast",), ())


@pytest.mark.parametrize("word", ["score", "tests/score", "tests/score/"])
def test_a_room_selects_its_files(word):
    selection = plan.select_tests([word], ROOMS, no_file)
    assert selection == plan.TestSelection((), tuple(ROOMS["score"]))


def test_an_empty_room_selects_nothing():
    assert plan.select_tests(["rights"], ROOMS, no_file) == plan.TestSelection((), ())


def test_a_file_selects_itself():
    selection = plan.select_tests(["x.py"], ROOMS, lambda _word: "tests/score/x.py")
    assert selection.files == ("tests/score/x.py",)


def test_an_unknown_word_is_refused_with_what_is_known():
    with pytest.raises(ValueError, match=r"'scor' is no lane.*score"):
        plan.select_tests(["scor"], ROOMS, no_file)


def test_lanes_that_measure_nothing_run_beside_the_longest():
    assert plan.side_by_side(plan.TEST_LANES) == [
        ("odoo", ("fast", "sources", "browser", "lifecycle")),
        ("outside", ()),
    ]


@pytest.mark.parametrize("lanes", [["fast"], ["odoo"], ["fast", "browser"], []])
def test_without_the_longest_lane_they_run_one_after_the_other(lanes):
    assert plan.side_by_side(lanes) == [(lane, ()) for lane in lanes]


def test_the_odoo_lane_leaves_the_tests_of_other_lanes_out():
    assert plan.test_tags("odoo") == "/mini_crm,-mini_crm_browser,-mini_crm_sources"


@pytest.mark.parametrize("lane", ["browser", "sources"])
def test_a_lane_with_a_tag_takes_only_its_own_tests(lane):
    assert plan.test_tags(lane) == f"mini_crm_{lane}/mini_crm"


def test_files_run_whatever_their_lane():
    tags = plan.test_tags("odoo", ["tests/a/test_b.py", "tests/a/test_c.py"])
    assert tags == "/mini_crm/tests/a/test_b.py,/mini_crm/tests/a/test_c.py"


def test_an_installation_loads_both_languages_and_ends():
    arguments = plan.install_arguments(["mini_crm"])
    assert "--init=mini_crm" in arguments
    assert "--load-language=en_US,fa_IR" in arguments
    assert "--stop-after-init" in arguments


def test_a_program_that_keeps_failing_is_started_ever_more_slowly():
    assert [plan.back_off(n) for n in range(1, 8)] == [1, 2, 5, 10, 30, 30, 30]


@pytest.mark.parametrize(
    ("installed", "ours", "newer"),
    [
        ("19.0.1.1.0", "19.0.1.1.0", False),
        ("19.0.1.2.0", "19.0.1.1.0", True),
        ("19.0.1.10.0", "19.0.1.9.0", True),
        ("19.0.1.0.0", "19.0.1.1.0", False),
        ("", "19.0.1.1.0", False),
    ],
)
def test_an_older_checkout_is_known(installed, ours, newer):
    assert plan.is_newer(installed, ours) is newer


GOOD = {"user": "shop", "version": 130004, "may_create": True, "has_trgm": True}


def test_a_good_external_server_is_used():
    assert plan.external_problem(GOOD, exists=False) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 120017}, "13 or newer"),
        ({"may_create": False}, "CREATEDB"),
        ({"has_trgm": False}, "contrib"),
        ({"user": "postgres"}, "--db-user"),
    ],
)
def test_what_an_external_server_lacks_is_told_with_the_remedy(change, said):
    problem = plan.external_problem({**GOOD, **change}, exists=False)
    assert said in " ".join(problem)


def test_an_existing_database_needs_no_right_to_make_one():
    facts = {**GOOD, "may_create": False}
    assert plan.external_problem(facts, exists=True) is None
