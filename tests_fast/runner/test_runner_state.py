"""state.py: what `./run doctor` says about a database."""

import pytest

from runner.state import DAILY_LATE_HOURS, FIELDS, judge
from runner.supervision import STALE_SECONDS

ROW = {
    "heartbeat_age": "20",
    "uptime": "99.981",
    "uptime_since": "2026-01-01",
    "queue_waiting": "3",
    "queue_failed": "0",
    "batches_running": "1",
    "rules_waiting": "2",
    "rules_broken": "0",
    "rules_built_at": "2026-01-31 01:05",
    "rules_slowest": "1.2",
    "daily_run_at": "2026-01-31 01:02",
    "daily_hours": "5",
    "jobs_repaired": "0",
    "channels_broken": "0",
    "version": "19.0.1.1.0",
}


def found(served=True, **changes):
    row = [{**ROW, **changes}[name] for name in FIELDS]
    findings = judge(row, served=served, version="19.0.1.1.0")
    return {finding.subject: finding for finding in findings}


def test_a_healthy_database_has_nothing_but_good_lines():
    findings = found()
    assert {finding.level for finding in findings.values()} == {"OK"}
    assert "99.981 %" in findings["uptime"].text
    assert "planned stops count" in findings["uptime"].text
    assert findings["segments and tag rules"].text == (
        "2 wait, 0 need attention, last full run 2026-01-31 01:05 UTC, slowest 1.2 s"
    )
    assert findings["queue"].text == "3 events wait, 0 set aside, 1 batches at work"


@pytest.mark.parametrize("age", ["", str(STALE_SECONDS + 1)])
def test_a_served_database_without_a_heartbeat_is_a_failure(age):
    assert found(heartbeat_age=age)["heartbeat"].level == "FAIL"


def test_a_database_that_is_not_served_needs_no_heartbeat():
    finding = found(served=False, heartbeat_age="90000")["heartbeat"]
    assert finding.level == "OK"
    assert "not served" in finding.text


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"queue_failed": "2"}, "queue"),
        ({"jobs_repaired": "1"}, "jobs"),
        ({"channels_broken": "1"}, "channels"),
        ({"rules_broken": "1"}, "segments and tag rules"),
        ({"version": "19.0.1.0.0"}, "add-on"),
        ({"daily_hours": str(DAILY_LATE_HOURS)}, "daily run"),
    ],
)
def test_what_needs_a_person_comes_with_what_to_do(changes, subject):
    finding = found(**changes)[subject]
    assert finding.level == "WARN"
    assert finding.hint


def test_a_daily_run_is_not_missed_while_nothing_is_served():
    assert found(served=False, daily_hours="900")["daily run"].level == "OK"


def test_a_new_database_is_judged_without_figures():
    findings = found(heartbeat_age="20", uptime="", uptime_since="", daily_run_at="")
    assert {finding.level for finding in findings.values()} == {"OK"}
