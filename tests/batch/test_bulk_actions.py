from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..factories import make_channel, make_customer, make_identity
from .bulk_case import BulkCase


@tagged("post_install", "-at_install")
class TestBulkActions(BulkCase):
    """What each action does to many, and that its undo is identity."""

    def identity(self, action, values=None, **more):
        """Change and take back: everything is as before; the batch."""
        before = self.state_of_things()
        batch = self.change(action, values, **more)
        self.assertTrue(batch.updated)
        self.assertNotEqual(self.state_of_things(), before)
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (batch.updated, 0))
        self.assert_same(before)
        return batch

    def custom(self, kind="text", **values):
        """A custom field, in a slot unless told otherwise: its key."""
        field = self.env["mini_crm.field"].create(
            {"name": f"Size {kind}", "key": f"size_{kind}", "type": kind, **values}
        )
        self.env["mini_crm.profile"]._rescore()  # one more field to be filled in
        return f"custom:{field.key}"

    def test_a_tag_is_put_on_whoever_lacks_it(self):
        self.partners[0].category_id = self.tag
        before = self.state_of_things()
        batch = self.change("tag_add", {"tag_id": self.tag.id})
        self.assertEqual((batch.updated, batch.unchanged), (6, 1))
        self.assertEqual(self.partners.category_id, self.tag)
        added = self.events(self.partners[1], "tag_added")
        self.assertEqual(added.batch_id, batch)
        self.assertEqual(added.data, {"tag_id": self.tag.id, "tag": "Bulk"})
        self.assertEqual(added.through, "bulk")
        self.take_back(batch)
        self.assert_same(before)
        self.assertEqual(self.partners[0].category_id, self.tag)

    def test_a_tag_is_named_and_made(self):
        self.change("tag_add", {"tag": "Quite new"})
        self.assertEqual(self.partners.category_id.name, "Quite new")

    def test_a_tag_is_taken_off(self):
        self.partners[:4].category_id = self.tag
        batch = self.identity("tag_remove", {"tag_id": self.tag.id})
        self.assertEqual((batch.updated, batch.unchanged), (4, 3))

    def test_what_a_rule_thinks_of_a_tag_comes_back(self):
        rule = self.env["mini_crm.tag.rule"].create(
            {
                "name": "Bulk",
                "domain": "[('city', '=', 'Qom')]",
                "category_id": self.tag.id,
            }
        )
        rule._step(1000)
        self.partners[:3].city = "Qom"
        self.settle()
        self.assertEqual(self.partners[:3].category_id, self.tag)
        self.identity("tag_remove", {"tag_id": self.tag.id})

    def test_a_custom_field_of_each_type_is_filled_and_emptied(self):
        options = [(0, 0, {"name": "L", "code": "l"})]
        for kind, value, stored in (
            ("text", " Large ", "Large"),
            ("number", "12.5", 12.5),
            ("date", "2026-01-31", fields.Date.to_date("2026-01-31")),
            ("boolean", "yes", True),
            ("email", "a@b.ir", "a@b.ir"),
            ("select", "l", "l"),
        ):
            with self.subTest(kind):
                more = {"option_ids": options} if kind == "select" else {}
                field = self.custom(kind, **more)
                slot = self.env["mini_crm.field"]._rules()[field[7:]].slot
                self.partners[0][slot] = stored
                self.settle()
                batch = self.identity("field", {"field": field, "value": value})
                self.assertEqual((batch.updated, batch.unchanged), (6, 1))
                self.change("field", {"field": field, "value": value})
                self.assertEqual(self.partners.mapped(slot), [stored] * 7)
                self.identity("field", {"field": field, "value": None})

    def test_a_custom_field_beyond_the_slots(self):
        field = self.custom(slot=False)
        key = field.removeprefix("custom:")
        self.partners[0].custom_fields_extra = {"shoe": 42}
        self.partners[1].custom_fields_extra = {key: "S", "shoe": 41}
        self.identity("field", {"field": field, "value": "L"})
        self.change("field", {"field": field, "value": "L"})
        self.assertEqual(self.partners[0].custom_fields_extra, {"shoe": 42, key: "L"})
        self.assertEqual(self.partners[2].custom_fields_extra, {key: "L"})
        self.identity("field", {"field": field, "value": ""})

    def test_a_field_tells_the_timeline_the_old_and_the_new(self):
        self.partners[0].city = "Qom"
        self.settle()
        self.change("field", {"field": "city", "value": "Tehran"})
        event = self.events(self.partners[0], "field_updated")[-1]
        self.assertEqual(event.data, {"city": ["Qom", "Tehran"]})
        self.assertEqual(event.through, "bulk")

    def test_a_value_that_the_field_refuses_is_told_before(self):
        field = self.custom("number")
        with self.assertRaises(ValidationError):
            self.bulk.preview("field", self.domain, {"field": field, "value": "many"})
        with self.assertRaises(UserError):
            self.bulk.preview("field", self.domain, {"field": "vat", "value": "1"})

    def test_a_required_field_is_emptied_for_nobody(self):
        field = self.custom(required=True)
        with self.assertRaises(UserError):
            self.bulk.preview("field", self.domain, {"field": field, "value": ""})

    def test_standard_fields(self):
        self.partners[0].city = "Qom"
        iran = self.env.ref("base.ir")
        self.partners[1].country_id = self.env.ref("base.de")
        source = self.env["utm.source"].create({"name": "Bulk"})
        self.env["res.lang"]._activate_lang("fa_IR")
        for name, value in (
            ("city", "Tehran"),
            ("country_id", iran.id),
            ("lang", "fa_IR"),
            ("source_id", source.id),
        ):
            with self.subTest(name):
                self.identity("field", {"field": name, "value": value})

    def test_an_address_shared_with_a_company_is_left_out(self):
        firm = make_customer(self.env, name="Firm", is_company=True)
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": firm.id})
        both = [("id", "in", (firm | clerk | self.partners).ids)]
        batch = self.change("field", {"field": "city", "value": "Qom"}, both)
        self.assertEqual((batch.updated, batch.skipped), (7, 2))
        self.assertIn("address", self.shown["left_out"][0]["reason"])
        self.assertFalse(firm.city or clerk.city)

    def test_customers_are_given_to_a_colleague(self):
        self.partners[0].user_id = self.agent
        self.settle()
        batch = self.identity("owner", {"user_id": self.manager.id})
        self.assertEqual(batch.updated, 7)
        self.change("owner", {"user_id": self.manager.id})
        event = self.events(self.partners[0], "field_updated")[-1]
        names = [self.agent.name, self.manager.name]
        self.assertEqual(event.data, {"user_id": names})
        self.identity("owner", {"user_id": False})
        with self.assertRaises(UserError):
            self.bulk.preview("owner", self.domain, {"user_id": self.portal.id})

    def test_customers_are_put_into_a_segment_and_out(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "By hand", "kind": "static"}
        )
        segment._step(1000)
        values = {"segment_id": segment.id}
        segment.pin(self.partners[:1].ids, "in")
        batch = self.identity("segment_add", values)
        self.assertEqual((batch.updated, batch.unchanged), (6, 1))
        self.change("segment_add", values)
        self.assertEqual(segment.member_ids.partner_id, self.partners)
        self.identity("segment_remove", values)
        dynamic = self.env["mini_crm.segment"].create(
            {"name": "By itself", "domain": "[('city', '=', 'Qom')]"}
        )
        with self.assertRaises(UserError):
            self.bulk.preview("segment_add", self.domain, {"segment_id": dynamic.id})

    def test_the_stage_is_set_by_hand(self):
        until = fields.Date.add(fields.Date.today(), days=30).isoformat()
        values = {"stage": "retention", "until": until}
        batch = self.identity("stage", values)
        self.assertEqual(batch.updated, 7)
        self.change("stage", values)
        self.assertEqual(set(self.partners.mapped("journey_stage")), {"retention"})
        with self.assertRaises(UserError):
            self.bulk.preview("stage", self.domain, {**values, "until": "2020-01-01"})

    def test_everybody_gets_a_task(self):
        self.partners[0].user_id = self.agent
        values = {"summary": "Call", "date": "2030-01-31"}
        batch = self.identity("task", values)
        self.assertEqual(batch.updated, 7)
        self.change("task", values)
        self.assertEqual(self.partners[0].activity_ids.user_id, self.agent)
        self.assertEqual(self.partners[1].activity_ids.user_id, self.manager)

    def test_a_task_that_is_done_stays(self):
        batch = self.change("task", {"summary": "Call", "date": "2030-01-31"})
        self.partners[0].activity_ids.action_done()
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (6, 1))
        self.assertFalse(self.partners.activity_ids)

    def test_archiving_keeps_tasks_and_comes_back(self):
        self.partners[0].activity_schedule("mail.mail_activity_data_todo")
        self.partners[1].active = False
        everybody = [*self.domain, ("active", "in", [True, False])]
        batch = self.identity("archive", domain=everybody)
        self.assertEqual((batch.updated, batch.unchanged), (6, 1))
        self.change("archive", domain=everybody)
        self.identity("unarchive", domain=everybody)

    def test_a_message_goes_through_the_gate(self):
        channel = make_channel(self.env)
        reached = self.partners[:3]
        for partner in reached:
            make_identity(self.env, partner, channel)
        reached[:2]._set_consent("telegram", "in", source="person", proof="Test")
        batch = self.work(self.start_bulk("message", {"text": "Sale!"}))
        self.assertEqual((batch.updated, batch.skipped), (2, 5), batch.error)
        messages = self.env["mini_crm.message"].search(
            [("partner_id", "in", reached.ids), ("state", "=", "queued")]
        )
        self.assertEqual(messages.partner_id, reached[:2])
        self.assertFalse(batch.can_undo)
        with self.assertRaises(UserError):
            batch.with_user(self.manager).undo()

    def test_agents_change_nothing_in_bulk(self):
        with self.assertRaises(AccessError):
            self.bulk.with_user(self.agent).preview(
                "tag_add", self.domain, {"tag_id": self.tag.id}
            )

    def test_nonsense_is_refused(self):
        for action, values in (
            ("explode", {}),
            ("tag_add", {}),
            ("tag_remove", {"tag_id": 0}),
            ("owner", {"user_id": -1}),
            ("task", {"summary": "", "date": "2030-01-31"}),
            ("task", {"summary": "Call", "date": "soon"}),
            ("message", {"text": " "}),
            ("segment_add", {}),
            ("stage", {"stage": "moon", "until": "2030-01-31"}),
            ("field", {"field": "custom:nothing", "value": 1}),
        ):
            with self.subTest(action, **values), self.assertRaises(UserError):
                self.bulk.preview(action, self.domain, values)
        with self.assertRaises(UserError):
            self.bulk.preview("archive", [("nothing", "=", 1)], {})
