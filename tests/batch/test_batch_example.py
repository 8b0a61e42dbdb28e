from datetime import timedelta

from odoo.exceptions import AccessError, UserError

from ...engine.example_shop import CUSTOMERS
from .batch_case import BatchCase


class TestBatchExample(BatchCase):
    def setUp(self):
        super().setUp()
        self.before = self.counted()
        self.batches.start_example()
        self.batch = self.batches._example()
        self.customers = self.batch._example_customers()

    def counted(self):
        """Numbers of everything that the example brings along."""
        self.env.flush_all()
        models = ("res.partner", "mini_crm.profile", "mini_crm.event", "utm.source")
        models += ("mini_crm.purchase", "res.partner.category", "mail.activity")
        models += ("mini_crm.channel", "mini_crm.identity", "mini_crm.message")
        models += ("mail.message",)
        return {m: self.env[m].sudo().search_count([]) for m in models}

    def test_the_shop_is_scored_and_mixed_at_once(self):
        self.assertEqual(len(self.customers), CUSTOMERS)
        healths = set(self.customers.mapped("crm_health"))
        self.assertEqual(healths, {"green", "yellow", "red", False})
        stages = set(self.customers.mapped("journey_stage"))
        self.assertGreaterEqual(len(stages), 4)
        self.assertGreater(max(self.customers.mapped("crm_score")), 80)
        # only rules have still to look: segments and tags come before the commit
        waiting = self.env["mini_crm.queue"].search([])
        self.assertEqual(set(waiting.mapped("event_id")), {0})
        self.assertEqual(len(waiting), CUSTOMERS)
        self.assertEqual(set(self.customers.purchase_ids.mapped("source")), {"example"})

    def test_the_shop_is_in_its_segments_and_tagged_without_a_daily_run(self):
        self.env["mini_crm.rule"]._run_all()
        segments = self.env["mini_crm.segment"].search([("kind", "=", "dynamic")])
        rules = self.env["mini_crm.tag.rule"].search([])
        scores = {one.id: one.crm_score for one in self.customers}
        self.settle()
        self.assertTrue(segments.member_ids)
        self.assertTrue(rules.origin_ids)
        kept = {rule: rule.member_ids.partner_id for rule in segments}
        kept |= {rule: rule.origin_ids.partner_id for rule in rules}
        for rule in (*segments, *rules):
            rule._rebuild()
        self.env["mini_crm.rule"]._run_all()
        self.env.invalidate_all()
        for rule in segments:
            self.assertEqual(rule.member_ids.partner_id, kept[rule], rule.name)
        for rule in rules:
            self.assertEqual(rule.origin_ids.partner_id, kept[rule], rule.name)
        self.assertEqual({one.id: one.crm_score for one in self.customers}, scores)

    def test_what_the_daily_run_would_compute_is_there_already(self):
        scores = {one.id: one.crm_score for one in self.customers}
        self.env["mini_crm.profile"]._recalculate_range(
            min(scores), max(scores), self.batch.finished_at
        )
        self.customers.invalidate_recordset()
        for one in self.customers:
            self.assertAlmostEqual(one.crm_score, scores[one.id], delta=1)

    def test_the_moves_to_each_stage_are_those_of_its_history(self):
        self.env.flush_all()
        customers = self.env["mini_crm.profile"].search(
            [("journey_stage", "!=", False)]
        )
        moves = self.env["mini_crm.journey.transition"].search(
            [("partner_id", "in", customers.ids)], order="date, id"
        )
        last = {move.partner_id.id: move for move in moves}
        self.assertGreater(len(moves), 60)
        for one in customers:
            if one.id in last:
                self.assertEqual(last[one.id].to_stage, one.journey_stage)
                self.assertEqual(last[one.id].date, one.stage_since)
            else:
                self.assertEqual(one.journey_stage, "awareness")
        self.assertTrue(all(move.since <= move.date for move in moves))

    def test_every_word_stands_in_a_conversation_that_its_event_leads_to(self):
        said = self.env["mini_crm.event"].search(
            [
                ("partner_id", "in", self.customers.ids),
                ("type", "in", ["message_received", "message_sent"]),
            ]
        )
        self.assertEqual(
            set(said.mapped("res_model")), {"mini_crm.message", "mail.message"}
        )
        for event in said:
            message = self.env[event.res_model].browse(event.res_id)
            self.assertIn(event.summary, str(message.body))
            self.assertEqual(message.date, event.date)
            if event.res_model == "mini_crm.message":
                self.assertEqual(message.event_id, event.id)
        self.assertEqual(
            set(said.mapped(lambda event: event.data["channel"])),
            {"telegram", "instagram", "email"},
        )

    def test_some_wait_for_an_answer_and_nothing_is_sent(self):
        identities = self.env["mini_crm.identity"].search(
            [("partner_id", "in", self.customers.ids)]
        )
        self.assertTrue(identities.filtered("waiting_since"))
        self.assertEqual(set(identities.channel_id.mapped("state")), {"off"})
        self.assertFalse(self.env["mini_crm.outbox"].search([]))
        self.assertFalse(self.env["mail.mail"].search([("state", "=", "outgoing")]))

    def test_removing_leaves_everything_as_it_was(self):
        result = self.batches.remove_example()
        self.assertEqual(result, {"removed": CUSTOMERS, "kept": 0})
        self.assertEqual(self.counted(), self.before)
        self.assertFalse(self.batches._example())

    def test_it_can_be_removed_after_a_year_as_well(self):
        self.batch.finished_at -= timedelta(days=365)
        self.env["mini_crm.batch"]._gc_batches()
        self.assertEqual(self.batches.remove_example()["removed"], CUSTOMERS)

    def test_whom_somebody_has_worked_with_stays(self):
        called, noted = self.customers[0], self.customers[1]
        called.with_user(self.agent).action_log_call("answered")
        noted.with_user(self.agent).city = "Qom"
        self.settle()
        result = self.batches.remove_example()
        self.assertEqual(result, {"removed": CUSTOMERS - 2, "kept": 2})
        self.assertEqual(self.customers.exists(), called | noted)

    def test_it_can_come_again_after_it_has_gone_but_not_twice(self):
        with self.assertRaises(UserError):
            self.batches.start_example()
        self.batches.remove_example()
        self.assertEqual(self.batches.start_example(), CUSTOMERS)

    def test_agents_may_neither_bring_nor_remove_it(self):
        batches = self.env(user=self.agent)["mini_crm.batch"]
        with self.assertRaises(AccessError):
            batches.remove_example()
        self.batches.remove_example()
        with self.assertRaises(AccessError):
            batches.start_example()

    def test_removing_what_is_not_there_does_nothing(self):
        self.batches.remove_example()
        result = self.batches.remove_example()
        self.assertEqual(result, {"removed": 0, "kept": 0})
