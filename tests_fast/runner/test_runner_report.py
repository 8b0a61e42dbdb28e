"""report.py: what Odoo and pytest print, in numbers."""

import pytest

from runner.report import Counts, OdooLog, closing_counts, junit_counts

STAMP = "2026-11-23 05:25:52,057 2480"
TESTS = "odoo.addons.mini_crm.tests.score.test_score_parts"


def line(level, logger, text):
    return f"{STAMP} {level} mini_crm_test_a1 {logger}: {text}"


def read(*lines):
    log = OdooLog()
    for each in lines:
        log.read(each)
    return log


def started(name):
    return line("INFO", TESTS, f"Starting {name} ...")


def total(failed, errors, count):
    text = f"{failed} failed, {errors} error(s) of {count} tests when loading database"
    return line("INFO", "odoo.tests.result", text)


def test_a_clean_run_counts_its_tests():
    log = read(started("TestA.test_x"), started("TestA.test_y"), total(0, 0, 2))
    assert log.counts() == Counts(2, 0, 0)


def test_the_same_test_name_in_two_files_counts_twice():
    other = line("INFO", f"{TESTS}_more", "Starting TestA.test_x ...")
    assert read(started("TestA.test_x"), other, total(0, 0, 2)).counts() == Counts(2)


def test_a_failure_is_counted_and_shown():
    log = read(started("TestA.test_x"), started("TestA.test_y"))
    assert log.read(line("ERROR", TESTS, "FAIL: TestA.test_x")) is True
    assert log.read("Traceback (most recent call last):") is None
    log.read(total(1, 0, 2))
    assert log.counts() == Counts(1, 1, 0)


def test_two_failed_subtests_are_one_failed_test():
    log = read(
        started("TestA.test_x"),
        line("ERROR", TESTS, "FAIL: Subtest TestA.test_x (value=1)"),
        line("ERROR", TESTS, "FAIL: Subtest TestA.test_x (value=2)"),
        total(2, 0, 1),
    )
    assert log.counts() == Counts(0, 1, 0)


def test_a_class_that_cannot_be_set_up_is_a_failure():
    text = f"ERROR: setUpClass ({TESTS}.TestA)"
    log = read(line("ERROR", "odoo.tests.suite", text), total(0, 1, 0))
    assert log.counts() == Counts(0, 1, 0)


def test_a_skipped_test_is_a_failure_in_our_lanes():
    log = read(
        started("TestA.test_x"),
        line("INFO", TESTS, "skipped TestA.test_x : no browser"),
        total(0, 0, 1),
    )
    assert log.counts() == Counts(0, 1, 0)
    assert log.counts(skip_is_failure=False) == Counts(0, 0, 1)


def test_a_run_that_broke_off_is_a_failure():
    assert read(started("TestA.test_x")).counts().failed == 1


def test_an_exit_code_without_a_failed_test_is_a_failure():
    log = read(started("TestA.test_x"), total(0, 0, 1))
    log.exit_code = 255
    assert log.counts() == Counts(1, 1, 0)


def test_failures_that_only_the_total_knows_are_a_failure():
    assert read(started("TestA.test_x"), total(0, 1, 1)).counts().failed == 1


@pytest.mark.parametrize(
    ("logger", "text"),
    [
        ("odoo.addons.mini_crm.models.score", "odd"),
        ("odoo.modules.loading", "The models ['mini_crm.x'] have no access rules"),
        ("odoo.fields", "Field mini_crm.event.at: unknown parameter"),
    ],
)
@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_a_complaint_about_our_addon_is_a_failure(level, logger, text):
    log = read(started("TestA.test_x"), line(level, logger, text), total(0, 0, 1))
    assert log.counts() == Counts(1, 1, 0)
    assert log.complaints == [f"{level} {logger}: {text}"]


def test_a_complaint_about_somebody_else_is_not():
    text = "iap of mini_crm_test_a1 cannot be reached"
    log = read(line("WARNING", "odoo.addons.iap.tools", text), total(0, 0, 0))
    assert log.counts() == Counts(0, 0, 0)


def test_a_first_try_that_odoo_repeats_is_no_failure():
    log = read(
        started("TestA.test_x"),
        line("_ERROR", TESTS, "FAIL: TestA.test_x"),
        started("TestA.test_x"),
        total(0, 0, 1),
    )
    assert log.counts() == Counts(1, 0, 0)


def test_ordinary_lines_are_not_shown():
    assert read().read(started("TestA.test_x")) is False


def test_counts_add_up_and_close_with_one_line():
    assert (Counts(1, 2, 0) + Counts(3, 0, 1)).line() == "4 passed, 2 failed, 1 skipped"
    assert Counts(4).line() == "4 passed, 0 failed"


def test_junit_counts_every_kind():
    text = (
        '<testsuites><testsuite tests="7" failures="1" errors="2" skipped="1"/>'
        "</testsuites>"
    )
    assert junit_counts(text) == Counts(3, 3, 1)


@pytest.mark.parametrize("counts", [Counts(3), Counts(3, 1), Counts(0, 2, 5)])
def test_the_closing_line_is_read_as_it_was_written(counts):
    text = f"== fast: 9 passed, 9 failed (1 s)\n1 passed, 0 failed\n{counts.line()}\n"
    assert closing_counts(text) == counts


def test_lanes_that_ended_without_a_closing_line_have_failed():
    assert closing_counts("Traceback (most recent call last)\n").failed == 1
