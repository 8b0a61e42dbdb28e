# ruff: noqa: T201 - what a test measures is printed
"""Workflows that go wrong stop by themselves; a person can stop them at once."""

import time

import pytest
from fakes.telegram import Telegram
from shop_channels import made_up

CHATS, TEXTS = 120, ("Storm one", "Storm two", "Storm three")
PAUSE_AFTER = 60  # messages
IN_FLIGHT = 16  # calls that two workers may have begun when the pause comes
QUIET = 5  # seconds in which something more would have come


def _tag(product, name):
    values = [{"name": name}]
    return product.rpc("manager", "res.partner.category", "create", values)[0]


def _put_on(product, partners, tag):
    values = {"category_id": [[4, tag]]}
    product.rpc("manager", "res.partner", "write", partners, values)


def _told(product, name):
    """Number of notices about a workflow that has paused."""
    (row,) = product.sql(
        f"""SELECT count(*) AS n FROM mail_message
        WHERE subject LIKE '%{name}%' AND message_type = 'user_notification'"""
    )
    return row["n"]


def _changing(on, off, then):
    """A workflow that a tag starts, and that changes it for another one."""
    return {
        "trigger": {"kind": "tag_added", "tag": on},
        "entry": {"policy": "always"},
        "first": "off",
        "nodes": {
            "off": {"kind": "remove_tag", "tag": off, "next": {"next": "on"}},
            "on": {"kind": "add_tag", "tag": then, "next": {}},
        },
    }


def test_a_loop_of_two_workflows_pauses_itself(product):
    ping, pong = _tag(product, "Loop ping"), _tag(product, "Loop pong")
    loops = [
        product.workflow(_changing(ping, ping, pong), "Loop of ping"),
        product.workflow(_changing(pong, pong, ping), "Loop of pong"),
    ]
    (customer,) = product.rpc("agent", "res.partner", "create", [{"name": "Looped"}])
    product.drain()
    _put_on(product, [customer], ping)
    product.drain()
    states = product.rpc(
        "manager", "mini_crm.workflow", "read", loops, ["state", "pause_reason"]
    )
    runs = [run for loop in loops for run in product.runs(loop)]
    print(f"{len(runs)} runs, then {[row['pause_reason'] for row in states]}")
    assert [row["state"] for row in states].count("paused") == 1, states
    assert {row["pause_reason"] for row in states} == {False, "loop"}
    assert 2 < len(runs) < 10
    assert {run["state"] for run in runs} == {"done"}
    managers = _told(product, "Loop of")
    assert managers > 0
    # nobody is in it any more, and nobody is told again
    _put_on(product, [customer], ping)
    product.drain()
    assert _told(product, "Loop of") == managers


class Storm:
    """A hundred customers to whom a workflow sends several messages at once."""

    def __init__(self, product, telegram):
        self.product = product
        bot = telegram.bot(f"3777777777:{made_up('AA')}")
        self.channel = product.channel("telegram", bot, api_url=telegram.url)
        self.people = [bot.person(f"Stormed {n}") for n in range(CHATS)]
        for person in self.people:
            bot.say(person, "Hello")
        assert bot.deliveries.settle(120), "the webhook does not answer"
        product.drain()
        self.identities = product.identities(self.channel)
        tag = _tag(product, "Storm")
        self.workflow = product.workflow(
            {
                "trigger": {"kind": "tag_added", "tag": tag},
                "bulk": True,
                "first": "n0",
                "nodes": {
                    f"n{n}": {
                        "kind": "send",
                        "text": text,
                        "next": {"next": f"n{n + 1}"} if n + 1 < len(TEXTS) else {},
                    }
                    for n, text in enumerate(TEXTS)
                },
            },
            "Storm",
        )
        partners = [one["partner_id"] for one in self.identities.values()]
        _put_on(product, partners, tag)

    def arrived(self):
        """What has arrived so far: set of (external id, text)."""
        return {
            (person.id, entry.text)
            for person in self.people
            for entry in person.received()
        }

    def under_way(self):
        """What the outbox has claimed: set of (external id, text)."""
        rows = self.product.sql(
            f"""SELECT i.external_id, m.body FROM mini_crm_message m
            JOIN mini_crm_identity i ON i.id = m.identity_id
            WHERE m.state = 'sending' AND m.channel_id = {self.channel}"""
        )
        return {(row["external_id"], row["body"]) for row in rows}

    def states(self):
        """{(state, reason): number} of all messages of the workflow."""
        rows = self.product.sql(
            f"""SELECT m.state, coalesce(m.reason, '') AS reason, count(*) AS n
            FROM mini_crm_message m JOIN mini_crm_workflow_run r
                ON r.id = m.workflow_run_id
            WHERE r.workflow_id = {self.workflow} GROUP BY 1, 2"""
        )
        return {(row["state"], row["reason"]): row["n"] for row in rows}


@pytest.fixture
def storm(product):
    """Customers to whom a workflow is sending: Storm."""
    with Telegram(shop_url=product.url) as telegram:
        yield Storm(product, telegram)


def test_nothing_goes_out_once_a_pause_in_a_storm_is_committed(product, storm):
    ends = time.monotonic() + 120
    while len(storm.arrived()) < PAUSE_AFTER:
        assert time.monotonic() < ends, storm.states()
        time.sleep(0.02)
    product.rpc("manager", "mini_crm.workflow", "action_pause", [storm.workflow])
    paused_with = storm.arrived()
    claimed = storm.under_way()
    looked_with = storm.arrived()
    time.sleep(QUIET)
    arrived = storm.arrived()
    left = CHATS * len(TEXTS) - len(arrived)
    print(
        f"{len(paused_with)} messages had arrived at the pause, {len(arrived)} after"
        f" {QUIET} s: {len(arrived - paused_with)} were under way; {left} never went"
    )
    assert left > CHATS, "the storm was over before the pause"
    assert arrived - looked_with <= claimed, "claimed after the pause"
    assert len(arrived - paused_with) <= IN_FLIGHT
    product.drain()
    states = storm.states()
    assert storm.arrived() == arrived
    assert states[("sent", "")] == len(arrived)
    assert {state for state, _reason in states} <= {"sent", "failed"}
    assert {reason for state, reason in states if state == "failed"} == {
        "workflow_paused"
    }
