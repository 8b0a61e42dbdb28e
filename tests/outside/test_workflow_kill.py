# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of two servers while customers go through a workflow that waits twice.

In the end each run's log is the path that follows from what the customer wrote, nothing
was done twice, and nothing stood still.
"""

import time
from collections import Counter, defaultdict

import pytest
import workflow_customers as model
from channel_corpus import as_random
from fakes.telegram import Telegram
from second_server import server_beside
from shop_channels import made_up

RUNS, KILLS = 60, 2
FULL_RUNS, FULL_KILLS = 300, 5
PER_SECOND = 5  # customers who begin
STUCK = 120  # seconds


class Story:
    """Customers in a workflow on two servers.

    :param list servers: two of `Product` on one database
    :param int channel: id of the bot's channel
    """

    def __init__(self, servers, bot, channel, runs, dice):
        self.servers, self.bot, self.dice = servers, bot, dice
        self.channel = channel
        self.first = servers[0]
        self.tags = [self._tag("large"), self._tag("small")]
        field = {"key": model.FIELD, "type": "number", "label": "Size"}
        assert self.first.api("admin", "POST", "/fields", field)[0] == 201
        (made,) = self.first.sql(
            f"SELECT slot FROM mini_crm_field WHERE key = '{model.FIELD}'"
        )
        self.slot = made["slot"]
        self.workflow = self.first.workflow(
            model.definition(self.slot, *self.tags), "Sizes", max_runs_per_hour=2 * runs
        )
        self.customers = model.invented(bot, runs, dice)
        self.spread = runs / PER_SECOND
        self.crowd = model.Crowd(bot, self.customers, self.spread, dice)

    def _tag(self, name):
        values = [{"name": f"Killed {name}"}]
        return self.first.rpc("manager", "res.partner.category", "create", values)[0]

    def play(self, kills):
        """Have all of it happen, with kills: seconds."""
        began = time.monotonic()
        self.crowd.start()
        for number, moment in enumerate(self._moments(kills)):
            self._help_until(began + moment)
            self._kill(number)
        ends = time.monotonic() + model.WAIT + STUCK + self.spread
        while self._open() and time.monotonic() < ends:
            self._help_until(time.monotonic() + 1)
        self.crowd.over.set()
        self.first.drain()
        self._send_again()
        self.first.drain()
        return time.monotonic() - began

    def _moments(self, kills):
        """When to kill: while something happens, before the delay and after it."""
        busy = self.spread + 5
        idle = max(0, model.WAIT - busy)  # between the last answer and the first timer
        for number in range(kills):
            share = (number + self.dice.random()) / kills
            place = share * (busy + min(busy, model.WAIT))
            yield place if place < busy else place + idle

    def _kill(self, number):
        """Kill one server; the other gets what customers write, as by a proxy."""
        victim, other = self.servers[:: -1 if number % 2 else 1]
        self.bot.shop_url = victim.url
        victim.kill()
        open_runs = self._open()
        self.bot.shop_url = other.url
        healthy = victim.wait_until_healthy()
        print(f"kill {number + 1}: {open_runs} under way; back after {healthy:.1f} s")

    def _open(self):
        """Number of customers who have not gone through."""
        (row,) = self.first.sql(
            f"""SELECT count(*) AS done FROM mini_crm_workflow_run
            WHERE workflow_id = {self.workflow} AND state NOT IN ('running', 'waiting')
            """
        )
        return len(self.customers) - row["done"]

    def _help_until(self, moment):
        """Meanwhile a person of the shop sends again what a kill has left in doubt and
        has not arrived, as he finds out when he asks the customer."""
        while True:
            self._send_again()
            if (left := moment - time.monotonic()) <= 0:
                return
            time.sleep(min(left, 1))

    def _send_again(self):
        doubtful = self.first.sql(
            f"""SELECT m.id, m.partner_id, m.body, i.external_id,
                (SELECT count(*) FROM mini_crm_message o
                    WHERE o.identity_id = m.identity_id AND o.direction = 'out'
                    AND o.body = m.body) AS written
            FROM mini_crm_message m JOIN mini_crm_identity i ON i.id = m.identity_id
            WHERE m.state = 'uncertain' AND m.channel_id = {self.channel}"""
        )
        for row in doubtful:
            person = self.bot.people[row["external_id"]]
            got = Counter(entry.text for entry in person.received())
            if got[row["body"]] < row["written"]:
                arguments = [[row["partner_id"]], row["id"]]
                self.first.rpc("agent", "res.partner", "resend_message", *arguments)
                print(f"sent again: {row['body']}")

    # What has become of it

    def logs(self):
        """{external id: [(node, edge) of each run]}."""
        rows = self.first.sql(
            f"""SELECT i.external_id, r.id, r.state, s.node, s.edge
            FROM mini_crm_workflow_run r
            JOIN mini_crm_identity i
                ON i.partner_id = r.partner_id AND i.channel_id = {self.channel}
            LEFT JOIN mini_crm_workflow_step s ON s.run_id = r.id
            WHERE r.workflow_id = {self.workflow} ORDER BY r.id, s.id"""
        )
        found = defaultdict(lambda: defaultdict(list))
        for row in rows:
            found[row["external_id"]][row["id"], row["state"]].append(
                (row["node"], row["edge"])
            )
        return found

    def done_to(self, what):
        """{external id: Counter of what was done}, by a query of (partner_id, what)."""
        rows = self.first.sql(
            f"""SELECT i.external_id, w.what FROM ({what}) w
            JOIN mini_crm_identity i ON i.partner_id = w.partner_id
            WHERE i.channel_id = {self.channel}"""
        )
        found = defaultdict(Counter)
        for row in rows:
            found[row["external_id"]][row["what"]] += 1
        return found


@pytest.fixture(scope="module")
def story(product, full, chance):
    """All customers gone through, under kills: Story."""
    dice = as_random(chance, "workflow kills")
    runs, kills = (FULL_RUNS, FULL_KILLS) if full else (RUNS, KILLS)
    with server_beside(product) as second, Telegram(shop_url=product.url) as telegram:
        bot = telegram.bot(f"3888888888:{made_up('AA')}")
        channel = product.channel("telegram", bot, api_url=telegram.url)
        work = Story([product, second], bot, channel, runs, dice)
        seconds = work.play(kills)
        print(f"{runs} runs and {kills} kills in {seconds:.0f} s")
        yield work


def test_each_log_is_the_path_that_follows_from_what_was_written(story):
    logs = story.logs()
    for customer in story.customers:
        runs = logs[customer.person.id]
        assert len(runs) == 1, (customer.words, runs)
        ((_run, state), log), *_none = runs.items()
        assert (state, log) == ("done", customer.path), customer.words
    print(f"{sum(len(one.path) for one in story.customers)} steps as the model says")


def test_no_customer_gets_a_message_twice_or_none(story):
    for customer in story.customers:
        got = Counter(entry.text for entry in customer.person.received())
        assert got == customer.texts, customer.words


def test_tags_tasks_and_changes_are_made_once(story):
    tagged = story.done_to(
        f"""SELECT partner_id, category_id::text AS what
        FROM res_partner_res_partner_category_rel
        WHERE category_id IN ({story.tags[0]}, {story.tags[1]})"""
    )
    told = story.done_to(
        """SELECT partner_id, type AS what FROM mini_crm_event
        WHERE type IN ('tag_added', 'field_updated') AND through = 'workflow'"""
    )
    tasks = story.done_to(
        f"""SELECT res_id AS partner_id, summary AS what FROM mail_activity
        WHERE res_model = 'res.partner' AND summary = '{model.TASK}'"""
    )
    for customer in story.customers:
        who, number = customer.person.id, customer.number
        tags, events = Counter(), Counter()
        if number is not None:
            tags = Counter([str(story.tags[0 if number >= model.LARGE else 1])])
            events = Counter(tag_added=1, field_updated=1)
        assert tagged[who] == tags, customer.words
        assert told[who] == events, customer.words
        assert tasks[who] == Counter([model.TASK]), customer.words


def test_answers_are_saved_as_they_were_given(story):
    saved = story.done_to(
        f"""SELECT id AS partner_id, {story.slot}::int::text AS what
        FROM res_partner WHERE {story.slot} IS NOT NULL"""
    )
    for customer in story.customers:
        number = customer.number
        expected = Counter() if number is None else Counter([str(number)])
        assert saved[customer.person.id] == expected, customer.words


def test_nothing_stands_still(story):
    """From what lets a run go on to its next step, the delay's minute not counted."""
    rows = story.first.sql(
        f"""SELECT s.node, extract(epoch FROM s.date - CASE s.node
            WHEN 'ask' THEN (SELECT max(m.date) FROM mini_crm_message m
                WHERE m.partner_id = r.partner_id AND m.direction = 'in')
            ELSE lag(s.date) OVER (PARTITION BY r.id ORDER BY s.id) END)::int
            - CASE s.node WHEN 'wait' THEN {model.WAIT} ELSE 0 END AS late
        FROM mini_crm_workflow_step s JOIN mini_crm_workflow_run r ON r.id = s.run_id
        WHERE r.workflow_id = {story.workflow}"""
    )
    longest = {}
    for row in rows:
        longest[row["node"]] = max(longest.get(row["node"], 0), row["late"])
    print(f"longest waits for the next step, in seconds: {longest}")
    assert longest
    assert max(longest.values()) < STUCK
