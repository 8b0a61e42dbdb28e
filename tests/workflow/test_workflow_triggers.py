from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from ..factories import (
    log_messages,
    make_channel,
    make_customer,
    make_identity,
    make_purchase,
)
from .trigger_case import TriggerCase


@tagged("post_install", "-at_install")
class TestWorkflowTriggers(TriggerCase):
    """What happens to customers starts the workflows that wait for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env)
        cls.env.cr.flush()

    def setUp(self):
        super().setUp()
        self.settle()
        self.entered = []

    def enters(self, workflow, what):
        """Whether the customer enters when something happens."""
        what()
        self.settle()
        found = self.who(workflow)
        self.assertIn(found, ([], [self.customer]))
        return bool(found)

    def test_a_message_starts_by_its_words_and_channel(self):
        chat = make_identity(self.env, self.customer)
        self.settle()
        prices = self.live(
            "message_received", words=["price", "قیمت"], channels=["telegram"]
        )
        elsewhere = self.live("message_received", channels=["instagram"])
        self.assertTrue(self.enters(prices, lambda: self.says(chat, "قيمت چنده؟")))
        self.assertFalse(self.enters(prices, lambda: self.says(chat, "Hello")))
        shop = make_channel(self.env, "instagram")
        direct = make_identity(self.env, self.customer, shop)
        self.entered = []
        self.assertFalse(self.enters(prices, lambda: self.says(direct, "Price?")))
        self.assertEqual(self.who(elsewhere), [self.customer])

    def test_a_long_message_is_read_to_its_end(self):
        chat = make_identity(self.env, self.customer)
        prices = self.live("message_received", words=["price"])
        text = "so " * 300 + "what is the price"
        self.assertTrue(self.enters(prices, lambda: self.says(chat, text)))

    def test_the_subject_and_first_words_of_an_e_mail_are_looked_at(self):
        prices = self.live("message_received", words=["price"], channels=["email"])
        data = {"channel": "email", "subject": "Your price list"}
        self.assertTrue(
            self.enters(
                prices,
                lambda: self.customer._log(
                    "message_received", summary="Please", data=data
                ),
            )
        )
        data["automated"] = True
        self.assertFalse(
            self.enters(
                prices, lambda: self.customer._log("message_received", data=data)
            )
        )

    def test_an_answer_to_a_question_starts_nothing(self):
        chat = make_identity(self.env, self.customer)
        anything = self.live("message_received")
        answer = self.says(chat, "Shiraz")
        self.answers.add(answer.id)
        other = self.says(chat, "Do you open on Friday?")
        self.settle()
        events = [one[2] for one in self.entered if one[0] == anything]
        told = self.env["mini_crm.event"].browse(events)
        self.assertEqual(told.mapped("res_id"), other.ids)

    def test_a_new_customer_starts_a_welcome(self):
        welcome = self.live("customer_created")
        new = make_customer(self.env)
        self.settle()
        self.assertEqual(self.who(welcome), [new])
        new.city = "Shiraz"
        self.settle()
        self.assertEqual(self.who(welcome), [])

    def test_a_tag_starts_what_waits_for_that_one(self):
        golden = self.live("tag_added", tag=self.tag.id)
        other = self.env["res.partner.category"].create({"name": "Other"})

        def put_on(tag):
            self.customer.category_id = [(4, tag.id)]

        self.assertFalse(self.enters(golden, lambda: put_on(other)))
        self.assertTrue(self.enters(golden, lambda: put_on(self.tag)))

    def test_a_tag_that_is_put_on_from_its_own_side_starts_as_well(self):
        golden = self.live("tag_added", tag=self.tag.id)

        def put_on():
            self.tag.partner_ids = [(4, self.customer.id)]

        self.assertTrue(self.enters(golden, put_on))

    def test_a_score_that_purchases_move_starts(self):
        risen = self.live("score_changed", by=10, direction="up")

        def buys():
            for _n in range(3):
                make_purchase(self.env, self.customer, 500)

        self.assertTrue(self.enters(risen, buys))

    def test_entering_and_leaving_a_segment_start(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Local", "domain": "[('city', '=', 'Shiraz')]"}
        )
        self.env["mini_crm.rule"]._run_all()
        come = self.live("segment_entered", segment=segment.id)
        gone = self.live("segment_left", segment=segment.id)
        self.customer.city = "Shiraz"
        self.settle()
        self.assertEqual((self.who(come), self.who(gone)), ([self.customer], []))
        self.customer.city = "Rasht"
        self.settle()
        self.assertEqual((self.who(come), self.who(gone)), ([], [self.customer]))

    def test_a_segment_that_time_lets_him_enter_starts(self):
        with freeze_time("2026-03-10 12:00:00"):
            log_messages(self.customer, ("in", self.utc("2026-03-10 11:00:00")))
            segment = self.env["mini_crm.segment"].create(
                {"name": "Silent", "domain": "[('last_contacted_at', '<', '-5d')]"}
            )
            self.settle()
            self.env["mini_crm.rule"]._run_all()
            self.settle()
            silent = self.live("segment_entered", segment=segment.id)
        with freeze_time("2026-03-16 12:00:00"):
            self.env["mini_crm.rule"]._run_all()
            self.settle()
        self.assertEqual(self.who(silent), [self.customer])

    def test_fields_start_by_their_names_and_keys(self):
        self.env["mini_crm.field"].create(
            {"name": "Size", "key": "size", "type": "text"}
        )
        changed = self.live("field_updated", fields=["city", "size"])

        def size():
            self.customer._set_custom({"size": "L"})

        def city():
            self.customer.city = "Shiraz"

        def street():
            self.customer.street = "A"

        self.assertTrue(self.enters(changed, size))
        self.assertTrue(self.enters(changed, city))
        self.assertFalse(self.enters(changed, street))

    def test_a_purchase_counts_in_the_companys_currency(self):
        euro, dollar = self.env.ref("base.EUR"), self.env.ref("base.USD")
        foreign = euro if self.company.currency_id == dollar else dollar
        foreign.active = True
        foreign.rate_ids.unlink()
        foreign.rate_ids = [(0, 0, {"name": "2020-01-01", "rate": 2.0})]
        large = self.live("purchase_made", at_least=100)

        def buys(amount):
            make_purchase(
                self.env, self.customer, amount=amount, currency_id=foreign.id
            )

        self.assertFalse(self.enters(large, lambda: buys(199)))
        self.assertTrue(self.enters(large, lambda: buys(200)))

    def test_a_task_that_is_done_starts_and_stands_in_the_timeline(self):
        todo = self.env.ref("mail.mail_activity_data_todo")
        done = self.live("task_completed", activity_type=todo.id)
        calls = self.live(
            "task_completed",
            activity_type=self.env.ref("mail.mail_activity_data_call").id,
        )
        task = self.customer.activity_schedule(
            "mail.mail_activity_data_todo", summary="Send the catalogue"
        )
        self.settle()
        with self.as_user(self.agent) as env:
            task.with_env(env).action_feedback(feedback="Sent")
        self.settle()
        self.assertEqual((self.who(done), self.who(calls)), ([self.customer], []))
        event = self.events(self.customer, "task_completed")
        self.assertEqual(event.summary, "Send the catalogue")
        self.assertEqual(event.author_id, self.agent)
        self.assertEqual(event.data["feedback"], "Sent")
        self.assertEqual(event.data["activity_type_id"], todo.id)
        row = self.customer.get_timeline(types=["task_completed"])["events"][0]
        self.assertEqual(row["label"], "Task done")
        task.action_done()
        self.assertEqual(len(self.events(self.customer, "task_completed")), 1)

    def test_tasks_of_contacts_who_are_no_customers_are_not_told(self):
        colleague = self.agent.partner_id
        colleague.activity_schedule("mail.mail_activity_data_todo").action_done()
        self.assertFalse(self.events(colleague, "task_completed"))

    def test_other_companies_paused_and_archived_workflows_start_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = self.live("field_updated", company=other, fields=["city"])
        paused = self.live("field_updated", fields=["city"])
        paused.state = "paused"
        archived = self.live("field_updated", fields=["city"])
        archived.active = False
        self.customer.city = "Shiraz"
        self.settle()
        for workflow in (elsewhere, paused, archived):
            self.assertEqual(self.who(workflow), [])

    def test_an_archived_customer_starts_nothing(self):
        changed = self.live("field_updated", fields=["city"])
        self.customer.write({"city": "Shiraz", "active": False})
        self.settle()
        self.assertEqual(self.who(changed), [])

    def test_a_second_event_of_a_customer_comes_after_the_first_of_everybody(self):
        bought = self.live("purchase_made")
        other = make_customer(self.env)
        for partner, amount in ((self.customer, 1), (self.customer, 2), (other, 3)):
            make_purchase(self.env, partner, amount)
        self.settle()
        self.assertEqual(self.who(bought), [self.customer, other, self.customer])

    def test_the_event_and_its_depth_are_handed_on(self):
        changed = self.live("field_updated", fields=["city"])
        cause = self.customer._log("call_logged")
        self.settle()
        caused = self.customer.with_context(mini_crm_cause=(cause, 3))
        caused.city = "Shiraz"
        self.settle()
        event = self.events(self.customer, "field_updated")
        self.assertEqual(event.cause_id.id, cause)
        self.assertEqual(self.entered, [(changed, self.customer, event.id, 3)])


@tagged("post_install", "-at_install")
class TestWorkflowLoops(TriggerCase):
    """What workflows do themselves may start workflows, but not for ever."""

    def change(self, partner, cause, **values):
        """Change a customer as a run does that an event has started."""
        event_id, depth = cause
        caused = partner.with_context(mini_crm_cause=(event_id, depth + 1))
        caused.write(values)
        caused.sudo()._log_changes()

    def test_a_workflow_that_changes_the_field_that_starts_it_ends_at_the_depth(self):
        loop = self.live("field_updated", fields=["city"])
        customer = make_customer(self.env)
        self.settle()

        def act(_workflow, partner, cause):
            self.change(partner, cause, city=f"City {cause[1] + 1}")

        self.act = act
        customer.city = "Shiraz"
        self.settle()
        self.assertEqual([one[3] for one in self.entered], [0, 1, 2, 3, 4, 5])
        self.assertEqual(self.who(loop), [customer] * 6)
        changes = self.events(customer, "field_updated")
        self.assertEqual(changes.sorted("id").mapped("depth"), [0, 1, 2, 3, 4, 5, 6])

    def test_two_workflows_that_start_each_other_end_at_the_depth(self):
        ping = self.live("field_updated", fields=["city"])
        pong = self.live("field_updated", fields=["street"])
        customer = make_customer(self.env)
        self.settle()

        def act(workflow, partner, cause):
            name = "street" if workflow == ping else "city"
            self.change(partner, cause, **{name: f"To {cause[1] + 1}"})

        self.act = act
        customer.city = "Shiraz"
        self.settle()
        self.assertEqual(len(self.who(ping)), 3)
        self.assertEqual(len(self.who(pong)), 3)


@tagged("post_install", "-at_install")
class TestWorkflowTriggerCost(TriggerCase):
    """What workflows cost those whom they do not concern."""

    def claimed(self, *event_ids):
        events = self.env["mini_crm.event"].browse(event_ids)
        return SQL(
            "(SELECT * FROM unnest(%s::int[], %s::int[], %s::varchar[])"
            " AS c(event_id, partner_id, type))",
            events.ids,
            [event.partner_id.id for event in events],
            [event.type for event in events],
        )

    def test_events_that_no_workflow_waits_for_cost_one_query(self):
        for _n in range(100):
            self.live("purchase_made", at_least=5)
        customer = make_customer(self.env)
        self.settle()
        claimed = self.claimed(customer._log("message_received"))
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["mini_crm.workflow"]._on_events(claimed)

    def test_a_message_that_concerns_none_of_a_hundred_costs_two_queries(self):
        for n in range(100):
            self.live("message_received", words=[f"word{n}", "قیمت"])
        chat = make_identity(self.env)
        self.settle()
        self.says(chat, "Hello, are you open today?")
        self.settle()  # the triggers are known by now
        self.says(chat, "Hello again")
        event = self.events(chat.partner_id, "message_received").sorted("id")[-1]
        claimed = self.claimed(event.id)
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.env["mini_crm.workflow"]._on_events(claimed)

    def test_a_claim_of_many_costs_what_one_does(self):
        workflow = self.live("field_updated", fields=["city"])
        customers = self.env["res.partner"].create(
            [{"name": f"C{n}"} for n in range(300)]
        )
        self.settle()
        customers.city = "Shiraz"
        self.env["res.partner"].sudo()._log_changes()
        ids = self.env["mini_crm.event"].search(
            [("partner_id", "in", customers.ids), ("type", "=", "field_updated")]
        )
        claimed = self.claimed(*ids.ids)
        self.env.flush_all()
        # whom they start is looked at only here, where somebody starts: 2 of these
        with self.assertQueryCount(4):
            self.env["mini_crm.workflow"]._on_events(claimed)
        self.assertEqual(len(self.who(workflow)), 300)
