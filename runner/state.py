"""The state of a database, read from the add-on's view, judged for `./run doctor`."""

from .finding import Finding
from .supervision import STALE_SECONDS

DAILY_LATE_HOURS = 49  # two days and the time the run itself takes

QUERY = """
WITH moment AS (SELECT now() AT TIME ZONE 'utc' AS now)
SELECT coalesce(heartbeat_age::int::text, ''),
    coalesce(round(uptime::numeric, 3)::text, ''),
    coalesce(to_char(uptime_since, 'YYYY-MM-DD'), ''),
    queue_waiting, queue_failed, batches_running, rules_waiting, rules_broken,
    coalesce(to_char(rules_built_at, 'YYYY-MM-DD HH24:MI'), ''),
    coalesce(round(rules_slowest::numeric, 1)::text, ''),
    coalesce(to_char(daily_run_at, 'YYYY-MM-DD HH24:MI'), ''),
    extract(epoch FROM now - coalesce(daily_run_at, uptime_since, now))::int / 3600,
    jobs_repaired, channels_broken,
    (SELECT latest_version FROM ir_module_module WHERE name = 'mini_crm')
FROM mini_crm_health, moment
"""
FIELDS = (
    "heartbeat_age",
    "uptime",
    "uptime_since",
    "queue_waiting",
    "queue_failed",
    "batches_running",
    "rules_waiting",
    "rules_broken",
    "rules_built_at",
    "rules_slowest",
    "daily_run_at",
    "daily_hours",
    "jobs_repaired",
    "channels_broken",
    "version",
)


def judge(row, *, served, version):
    """Findings on the state of a database.

    :param row: the strings that QUERY returns, in its order; empty for unknown
    :param bool served: whether it is being served from this home
    :param str version: of the add-on in this checkout
    :returns: list of Finding
    """
    state = dict(zip(FIELDS, row, strict=True))
    return [
        _version(state, version),
        _heartbeat(state, served),
        _uptime(state),
        _queue(state),
        _rules(state),
        _daily(state, served),
        *_repaired(state),
        *_channels(state),
    ]


def _version(state, version):
    if state["version"] == version:
        return Finding("OK", "add-on", version)
    text = f"{state['version']} in the database, {version} here"
    return Finding("WARN", "add-on", text, "./run serve updates it")


def _heartbeat(state, served):
    age = state["heartbeat_age"]
    text = f"{age} s ago" if age else "none yet"
    if not served:
        return Finding("OK", "heartbeat", f"not served; {text}")
    if age and int(age) <= STALE_SECONDS:
        return Finding("OK", "heartbeat", text)
    hint = "restart ./run serve; if it stays, see its log"
    return Finding("FAIL", "heartbeat", f"{text}: no scheduled job runs", hint)


def _uptime(state):
    if not state["uptime"]:
        return Finding("OK", "uptime", "not known before the first heartbeat")
    text = f"{state['uptime']} % since {state['uptime_since']}, planned stops count"
    return Finding("OK", "uptime", text)


def _queue(state):
    text = (
        f"{state['queue_waiting']} events wait, {state['queue_failed']} set aside, "
        f"{state['batches_running']} batches at work"
    )
    if state["queue_failed"] == "0":
        return Finding("OK", "queue", text)
    hint = "./run psql -c 'SELECT * FROM mini_crm_queue WHERE error IS NOT NULL'"
    return Finding("WARN", "queue", text, hint)


def _rules(state):
    text = f"{state['rules_waiting']} wait, {state['rules_broken']} need attention"
    if state["rules_built_at"]:
        text += (
            f", last full run {state['rules_built_at']} UTC, "
            f"slowest {state['rules_slowest']} s"
        )
    if state["rules_broken"] == "0":
        return Finding("OK", "segments and tag rules", text)
    hint = "the menus Segments and Smart Tags say what is wrong with them"
    return Finding("WARN", "segments and tag rules", text, hint)


def _daily(state, served):
    when = state["daily_run_at"]
    text = f"{when} UTC" if when else "none yet"
    if served and int(state["daily_hours"]) >= DAILY_LATE_HOURS:
        return Finding("WARN", "daily run", f"{text}: overdue", "see the log of Odoo")
    return Finding("OK", "daily run", text)


def _repaired(state):
    if state["jobs_repaired"] != "0":
        text = f"{state['jobs_repaired']} set going again in 30 days"
        yield Finding("WARN", "jobs", text, "the log of Odoo says why they failed")


def _channels(state):
    if state["channels_broken"] != "0":
        text = f"{state['channels_broken']} need attention"
        yield Finding("WARN", "channels", text, "the menu Channels says what is wrong")
