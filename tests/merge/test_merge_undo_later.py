from odoo.fields import Command
from odoo.tests import tagged

from ...models.merge.images import Images
from ..factories import make_customer
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeUndoLater(MergeCase):
    """A merge is undone whatever has happened in between."""

    def test_what_was_deleted_or_made_anew_since_does_not_hinder_the_rest(self):
        workflow = self.live(self.wait())
        two, one = (self.rich(workflow, n) for n in (1, 2))
        sources = self.env["utm.source"].create([{"name": "Fair"}, {"name": "Web"}])
        one.source_id, two.source_id = sources
        mine = self.env["res.partner.category"].create({"name": "Mine"})
        two.category_id |= mine
        batch = self.merge(one, two, choices={"source_id": two.id})
        self.assertEqual(one.source_id, sources[1])
        follower = self.env["mail.followers"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", one.id)], limit=1
        )
        self.tag_rule.unlink()
        (self.tag | mine | self.smart).unlink()
        (self.guests | self.segment).unlink()
        sources[0].unlink()
        two.message_subscribe(self.manager.partner_id.ids)
        self.assertTrue(follower.exists())
        kept = self.undo(batch)
        self.assertTrue(kept)
        self.assertEqual(batch.state, "undone")
        self.assertTrue(two.active)
        self.assertEqual((two.total_purchases, one.total_purchases), (1, 1))
        self.assertIn(self.manager.partner_id, two.message_partner_ids)
        self.assertEqual(one.source_id, sources[1], "his own is not there any more")
        line = batch.line_ids.filtered(lambda line: line.res_id == one.id)
        self.assertEqual(line.state, "kept")
        self.assertIn("Source", line.message)
        self.assertIn("Tags", line.message)

    def test_a_row_that_was_deleted_since_is_told_of(self):
        one, two = make_customer(self.env), make_customer(self.env)
        task = two.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        batch = self.merge(one, two)
        self.assertEqual(task.res_id, one.id)
        task.unlink()
        self.assertEqual(self.undo(batch), 1)
        line = batch.line_ids.filtered(lambda line: line.res_id == one.id)
        self.assertIn("Activity", line.message)

    def test_a_tag_that_was_put_on_again_is_no_obstacle(self):
        one, two = make_customer(self.env), make_customer(self.env)
        two.category_id = [Command.link(self.tag.id)]
        batch = self.merge(one, two)
        two.category_id = [Command.link(self.tag.id)]
        self.undo(batch)
        self.assertEqual(two.category_id, self.tag)

    def test_a_blacklisted_number_of_before_stays_blacklisted(self):
        lists = self.env["phone.blacklist"]
        own = lists._add(["+989125550077"])
        one, two = make_customer(self.env), make_customer(self.env)
        image = Images(self.env, self.merge(one, two).id, [one.id])
        image.take()
        one.phone = "+989125550077"
        self.env.flush_all()
        image.compare()
        self.env.cr.execute(
            """SELECT FROM mini_crm_merge_trace
            WHERE relation = 'phone_blacklist' AND row_id = %s""",
            own.ids,
        )
        self.assertFalse(self.env.cr.rowcount)

    def test_that_two_are_not_the_same_is_known_as_before(self):
        one, two, third = (make_customer(self.env) for _number in range(3))
        pairs = self.env["mini_crm.duplicate"]
        common = {"score": 90, "bits": 9.0}
        pair = pairs.create({"partner_id": one.id, "other_id": third.id, **common})
        pair.with_user(self.agent).action_not_duplicate()
        pairs.create({"partner_id": one.id, "other_id": two.id, **common})
        self.settle()
        batch = self.merge(two, one)
        moved = pairs.search([])
        self.assertEqual((moved.partner_id, moved.other_id), (two, third))
        self.assertEqual(moved.state, "not_duplicate")
        moved.score = 80  # compared again since
        self.undo(batch)
        states = {(p.partner_id, p.other_id): p.state for p in pairs.search([])}
        self.assertEqual(states, {(one, third): "not_duplicate", (one, two): "open"})
