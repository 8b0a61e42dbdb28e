from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..table_hash import differences
from .intake_case import IntakeCase
from .snapshot import snapshot

WORKER = "odoo.addons.mini_crm.models.batch.mini_crm_batch"
# its number never comes again, as browsers keep what they have read under it
VERSION = ["mini_crm_version"]
ALL = ("x_shoe", "x_day", "x_points", "x_level", "property:taste", "function")


@tagged("post_install", "-at_install")
class TestIntakeUndo(IntakeCase):
    """What was brought in goes again, but for what somebody has changed since."""

    def test_an_undo_leaves_no_trace(self):
        beyond = self.env["mini_crm.field"].create(
            {"name": "Beyond", "type": "text", "slot": False}
        )
        self.partners[1]._set_custom({beyond.key: "mine"})
        self.settle()
        before = snapshot(self.env)
        choices = [{"source": name} for name in ALL]
        choices += [{"source": "property:visits", "key": beyond.key, "replace": True}]
        batch = self.bring(choices)
        self.assertEqual(self.values(beyond)[1:3], ["1", "2"])
        self.assertTrue(differences(before, snapshot(self.env)))
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (batch.updated, 0))
        self.assertEqual(differences(before, snapshot(self.env)), VERSION)
        self.assertFalse(
            self.events(self.partners[0], "field_updated").filtered(
                lambda event: event.batch_id == batch and not event.undone_by
            )
        )

    def test_a_value_changed_since_stays_and_with_it_the_field(self):
        batch = self.bring([{"source": "x_shoe"}, {"source": "x_day"}])
        shoe, day = self.field_of(batch, 0), self.field_of(batch, 1)
        self.partners[3]._set_custom({shoe.key: "99"})
        self.settle()
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (13, 1))
        self.assertEqual(self.values(shoe), [None] * 3 + ["99"] + [None] * 3)
        self.assertFalse(day.exists())
        (line,) = batch.line_ids.filtered(lambda line: line.state == "kept")
        self.assertEqual(line.res_id, self.partners[3].id)

    def test_an_undo_lists_what_was_left_and_not_what_never_came_in(self):
        batch = self.bring([{"source": "x_shoe", "type": "number"}])
        (row,) = batch.progress()["rows"]
        self.assertEqual(
            (row["customer"], row["value"]), (self.partners[6].name, "large")
        )
        self.partners[3]._set_custom({self.field_of(batch).key: 99})
        self.settle()
        self.take_back(batch)
        rows = batch.progress()["rows"]
        self.assertEqual([row["customer"] for row in rows], [self.partners[3].name])

    def test_a_field_that_something_uses_by_now_stays(self):
        batch = self.bring([{"source": "x_shoe"}])
        shoe = self.field_of(batch)
        self.env["mini_crm.segment"].create(
            {"name": "Small", "domain": f"[('{shoe.slot}', '=', '30')]"}
        )
        self.settle()
        self.take_back(batch)
        self.assertTrue(shoe.exists())

    def test_an_archived_field_keeps_its_values(self):
        batch = self.bring([{"source": "x_shoe"}])
        shoe = self.field_of(batch)
        shoe.action_archive()
        self.take_back(batch)
        self.assertEqual((batch.restored, batch.kept), (0, 7))
        shoe.restore()
        self.assertEqual(self.values(shoe)[1], "31")

    def test_it_goes_on_from_where_it_was_stopped(self):
        batch = self.check([{"source": "x_shoe"}, {"source": "x_level"}])
        self.intake.run(batch.id)
        batch._as_user()._step(2)
        self.assertEqual((batch.state, batch.updated), ("running", 4))
        batch.with_user(self.manager).action_cancel()
        self.work(batch)
        self.assertEqual((batch.state, batch.updated), ("cancelled", 4))
        self.take_back(batch)
        self.assertEqual(batch.restored, 4)

    def test_a_customer_whom_the_database_refuses_is_left_out_alone(self):
        batch = self.check([{"source": "x_shoe"}])
        self.intake.run(batch.id)
        self.env.flush_all()
        slot = self.field_of(batch).slot
        self.env.cr.execute(
            f"""ALTER TABLE res_partner ADD CONSTRAINT mini_crm_test_shoe
            CHECK ({slot} <> '33')"""
        )
        with mute_logger("odoo.sql_db", WORKER), patch(f"{WORKER}.CHUNK_ROWS", 4):
            self.process()
        self.assertEqual((batch.state, batch.updated, batch.failed), ("done", 6, 1))

    def test_numbers_are_those_of_values_while_it_looks(self):
        batch = self.env["mini_crm.batch"].browse(
            self.intake.check([{"source": "x_shoe"}, {"source": "x_land"}])
        )
        self.assertEqual((batch.total, batch.progress()["percent"]), (10, 0))
        batch._as_user()._step(3)
        progress = batch.progress()
        self.assertEqual(progress["counts"]["updated"], 4)
        self.assertEqual(progress["percent"], 40)
        self.assertFalse(self.env["mini_crm.field"].search([("name", "=", "Shoe")]))

    @mute_logger(WORKER)
    def test_a_look_that_an_error_has_stopped_begins_anew_and_writes_nothing(self):
        batch = self.env["mini_crm.batch"].browse(
            self.intake.check([{"source": "x_shoe"}])
        )
        batch._as_user()._step(3)
        batch._as_user()._set_failed("no disk")
        batch.with_user(self.admin).action_resume()
        self.work(batch)
        self.assertEqual((batch.state, batch.total), ("ready", 7))
        self.assertEqual(batch.progress()["counts"]["updated"], 7)
