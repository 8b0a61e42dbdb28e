from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..batch.batch_case import BatchCase
from ..factories import log_messages, make_customer, make_purchase
from .trigger_case import TriggerCase


@tagged("post_install", "-at_install")
class TestWorkflowBulk(TriggerCase, BatchCase):
    """Imports and what else changes many at once start nothing, unless asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env, ref="A1", city="Rasht")
        cls.env.cr.flush()

    def both(self, kind, **settings):
        """Two workflows with a trigger: for what single customers do, and for all."""
        self.settle()
        self.single = self.live(kind, **settings)
        self.all = self.live(kind, bulk=True, **settings)
        self.entered = []

    def assertBulk(self, *customers):
        """Those customers entered the workflow for bulk changes only."""
        self.settle()
        self.assertEqual(self.who(self.single), [])
        self.assertEqual(self.who(self.all), list(customers))

    def assertSingle(self, *customers):
        """Those customers entered both."""
        self.settle()
        self.assertEqual(self.who(self.single), list(customers))
        self.assertEqual(self.who(self.all), list(customers))

    def test_imported_changes(self):
        self.both("field_updated", fields=["city"])
        self.run_import("customers", [["id", "city"], ["A1", "Shiraz"]])
        self.assertEqual(self.customer.city, "Shiraz")
        self.assertBulk(self.customer)

    def test_imported_customers(self):
        self.both("customer_created")
        self.run_import("customers", [["id", "name"], ["A2", "Sara"]])
        self.assertBulk(self.customer_of("A2"))

    def customer_of(self, ref):
        return self.env["res.partner"].search([("ref", "=", ref)])

    def test_imported_tags(self):
        self.both("tag_added", tag=self.tag.id)
        self.run_import("customers", [["id", "tags"], ["A1", "Golden"]])
        self.assertBulk(self.customer)

    def test_imported_purchases_and_the_score_that_they_move(self):
        self.both("purchase_made")
        scores = self.live("score_changed"), self.live("score_changed", bulk=True)
        segment = self.env["mini_crm.segment"].create(
            {"name": "Buyers", "domain": "[('total_purchases', '>=', 1)]"}
        )
        self.env["mini_crm.rule"]._run_all()
        self.settle()
        entries = (
            self.live("segment_entered", segment=segment.id),
            self.live("segment_entered", segment=segment.id, bulk=True),
        )
        rows = [["customer", "date", "amount"]]
        rows += [["A1", f"2026-01-0{n}", "900"] for n in range(1, 4)]
        self.run_import("purchases", rows)
        self.assertBulk(*[self.customer] * 3)
        self.assertEqual(self.who(scores[0]), [])
        self.assertEqual(self.who(scores[1]), [self.customer])
        self.assertEqual(self.who(entries[0]), [])
        self.assertEqual(self.who(entries[1]), [self.customer])

    def test_odoos_own_import_of_contacts(self):
        self.both("customer_created")
        self.env["res.partner"].load(["name"], [["Sara"]])
        self.assertBulk(self.env["res.partner"].search([("name", "=", "Sara")]))

    def test_several_rows_of_a_list_edited_at_once(self):
        other = make_customer(self.env)
        self.both("field_updated", fields=["city"])
        chosen = self.customer | other
        chosen.web_save({"city": "Shiraz"}, {"city": {}})
        self.assertBulk(self.customer, other)
        self.customer.web_save({"city": "Yazd"}, {"city": {}})
        self.assertSingle(self.customer)

    def test_tags_put_on_several_rows_of_a_list_at_once(self):
        other = make_customer(self.env)
        self.both("tag_added", tag=self.tag.id)
        vals = {"category_id": [(4, self.tag.id)]}
        (self.customer | other).web_save(vals, {"category_id": {}})
        self.assertBulk(self.customer, other)

    def test_what_a_batch_undoes(self):
        batch = self.env["mini_crm.batch"].create(
            {"name": "Undo", "kind": "import_customers"}
        )
        self.both("field_updated", fields=["city"])
        undone = self.customer.with_context(mini_crm_batch_id=batch.id)
        undone.city = "Shiraz"
        self.env["res.partner"].with_context(
            mini_crm_batch_id=batch.id
        ).sudo()._log_changes()
        self.assertBulk(self.customer)

    def test_a_merge_of_contacts(self):
        other = make_customer(self.env, street="Main street", email="a@example.com")
        other.category_id = self.tag
        make_purchase(self.env, other, 900)
        make_purchase(self.env, other, 900)
        segment = self.env["mini_crm.segment"].create(
            {"name": "Buyers", "domain": "[('total_purchases', '>=', 1)]"}
        )
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.both("field_updated", fields=["street", "email"])
        entered = self.live("segment_entered", segment=segment.id)
        scored = self.live("score_changed")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.customer | other).ids, self.customer)
        self.assertBulk(self.customer)
        self.assertEqual(self.who(entered) + self.who(scored), [])

    def test_a_segment_that_is_built(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Local", "domain": "[('city', '=', 'Rasht')]"}
        )
        self.both("segment_entered", segment=segment.id)
        self.env["mini_crm.rule"]._run_all()
        self.assertBulk(self.customer)

    def test_a_rule_of_tags_that_is_built(self):
        self.both("tag_added", tag=self.tag.id)
        self.env["mini_crm.tag.rule"].create(
            {
                "name": "Local",
                "category_id": self.tag.id,
                "domain": "[('city', '=', 'Rasht')]",
            }
        )
        self.env["mini_crm.rule"]._run_all()
        self.assertBulk(self.customer)
        new = make_customer(self.env, city="Rasht")
        self.assertSingle(new)

    def test_purchases_of_the_first_pull(self):
        self.both("purchase_made")
        ledger = self.env["mini_crm.purchase"]
        line = {
            "partner_id": SQL("%s", self.customer.id),
            "date": SQL("timestamp '2026-01-05 10:00:00'"),
            "amount": SQL("5"),
        }

        def follow(source, *_documents):
            origin = SQL("%s", f"sale.order:{len(passes)}:1")
            passes.append(source)
            source.env[ledger._name]._record_many({**line, "origin": origin}, SQL())
            return {}

        passes, source = [], self.env["mini_crm.purchase.source"]
        state = source.create({"name": "sale.order", "counts": True})
        state._set(horizon=SQL("now() AT TIME ZONE 'utc'"))
        with (
            patch.object(type(source), "_next_documents", lambda *_which: []),
            patch.object(type(source), "_follow", follow),
        ):
            state._advance(None, [], None)
            self.assertBulk(self.customer)
            state._advance(None, [], self.utc("2026-01-06 10:00:00"))
        self.assertEqual(len(passes), 2)
        self.assertSingle(self.customer)

    def test_an_upsert_of_the_api_is_a_change_like_any_other(self):
        self.both("field_updated", fields=["city"])
        api = self.env["res.partner"].with_context(mini_crm_through="api")
        api.browse(self.customer.id).city = "Shiraz"
        self.assertSingle(self.customer)

    # Before anybody decides

    def test_the_preview_tells_how_many_imports_have_lately_concerned(self):
        self.settle()
        rows = [["id", "city"], ["A1", "Shiraz"], ["A2", "Yazd"], ["A3", "Qom"]]
        for ref in ("A2", "A3"):
            make_customer(self.env, ref=ref)
        self.settle()
        self.run_import("customers", rows)
        make_customer(self.env, city="Rasht").city = "Qom"
        self.settle()
        draft = self.live("field_updated", fields=["city"])
        self.assertEqual(
            self.preview(draft), {"customers": 3, "days": 30, "more": False}
        )

    def test_the_preview_counts_imported_purchases_of_long_ago(self):
        self.settle()
        rows = [["customer", "date", "amount"], ["A1", "2019-01-01", "900"]]
        self.run_import("purchases", rows)
        preview = self.preview(self.live("purchase_made"))
        self.assertEqual(preview["customers"], 1)

    def test_the_preview_of_a_silence_tells_who_is_silent_already(self):
        log_messages(self.customer, ("in", self.utc("2020-01-01 12:00:00")))
        recent = make_customer(self.env)
        recent._log("message_received")
        self.settle()
        preview = self.preview(self.live("inactive", days=60))
        self.assertEqual((preview["customers"], preview["days"]), (1, 60))

    def preview(self, workflow):
        """What the editor tells an agent of the trigger of a workflow."""
        asking = workflow.with_user(self.agent)
        return asking.get_bulk_preview(workflow.definition["trigger"])

    def test_the_preview_of_what_is_no_trigger_says_what_is_missing(self):
        preview = self.env["mini_crm.workflow"].with_user(self.manager).get_bulk_preview
        for broken in (None, [1], {}, {"kind": ["inactive"]}, {"kind": "nobody_knows"}):
            with self.subTest(broken), self.assertRaisesRegex(UserError, "what starts"):
                preview(broken)
        for days in (None, "60", 0, 10**12):
            with self.subTest(days), self.assertRaisesRegex(UserError, "how many days"):
                preview({"kind": "inactive", "days": days})
        with self.assertRaises(AccessError):
            self.env["mini_crm.workflow"].with_user(self.portal).get_bulk_preview({})
