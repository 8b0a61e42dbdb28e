from unittest.mock import patch

from odoo.tests import tagged

from ...models.merge import references
from ...models.merge.moving import Mover
from ..factories import make_customer, make_identity, make_message, make_purchase
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeMoves(MergeCase):
    """All that a customer has becomes the survivor's."""

    def test_nothing_of_any_table_names_a_source_any_more(self):
        workflow = self.live(self.wait())
        one, two, three = (self.rich(workflow, n) for n in (1, 2, 3))
        self.merge(one, two, three)
        mover = Mover(self.env, 0, one.id, [two.id, three.id])
        left = [
            *mover._used(references.key_references(self.env)),
            *mover._used(references.document_references(self.env)),
        ]
        # contacts keep what they say of themselves
        self.assertFalse([one for one in left if one.table != "res_partner"])
        self.assertEqual(
            self.env["mini_crm.profile"].search([("id", "in", (two | three).ids)]).ids,
            [],
        )

    def test_figures_of_the_survivor_are_those_of_all(self):
        workflow = self.live(self.wait())
        one, two = (self.rich(workflow, n) for n in (1, 2))
        figures = [(p.total_interactions, p.total_purchases) for p in (one, two)]
        self.merge(one, two)
        self.assertEqual(
            (one.total_interactions, one.total_purchases),
            tuple(map(sum, zip(*figures, strict=True))),
        )
        self.assertIn(one, self.segment.member_ids.partner_id)
        self.assert_counts_right()

    def test_rows_that_clash_are_kept_aside_and_only_those(self):
        workflow = self.live(self.wait())
        one, two = (self.rich(workflow, n) for n in (1, 2))
        history = self.env["mini_crm.score.history"]
        history.create({"partner_id": two.id, "date": "2020-01-02", "crm_score": 7})
        batch = self.merge(one, two)
        own = [("partner_id", "=", one.id), ("date", "<", "2021-01-01")]
        self.assertEqual(sorted(history.search(own).mapped("crm_score")), [1, 7])
        starts = self.env["mini_crm.workflow.start"]
        self.assertEqual(starts.search_count([("partner_id", "=", one.id)]), 1)
        followers = self.manager.partner_id.message_follower_ids
        self.assertEqual(
            followers.filtered(lambda f: f.partner_id == one).subtype_ids
            & self.env.ref("mail.mt_comment"),
            self.env.ref("mail.mt_comment"),
        )
        self.env.cr.execute(
            """SELECT DISTINCT relation FROM mini_crm_merge_trace
            WHERE batch_id = %s AND kind IN ('kept', 'gone')""",
            [batch.id],
        )
        kept = {row[0] for row in self.env.cr.fetchall()}
        self.assertLessEqual(
            {
                *("mini_crm_workflow_start", "mini_crm_mail_sending"),
                *("mail_followers", "res_partner_bank", "mini_crm_score_history"),
                *("mini_crm_segment_pin", "res_partner_res_partner_category_rel"),
                "mini_crm_consent",
            },
            kept,
        )

    def test_waits_of_workflows_go_on_with_the_survivor(self):
        workflow = self.live(self.wait())
        one, two = make_customer(self.env), make_customer(self.env)
        self.settle()
        run = workflow._start(two)
        due = run.due_at
        self.merge(one, two)
        self.assertEqual((run.partner_id, run.state), (one, "waiting"))
        self.assertEqual(run.due_at, due)

    def test_who_has_opted_out_once_stays_out(self):
        one, two = make_customer(self.env), make_customer(self.env)
        one._set_consent("telegram", "in", source="person")
        two._set_consent("telegram", "out", source="message", proof="stop")
        batch = self.merge(one, two)
        states = self.env["mini_crm.consent"]._states(one.ids, "telegram")
        self.assertEqual(states[one.id], "out")
        self.undo(batch)
        states = self.env["mini_crm.consent"]._states([one.id, two.id], "telegram")
        self.assertEqual(states, {one.id: "in", two.id: "out"})

    def test_an_error_in_the_middle_leaves_nothing_changed(self):
        workflow = self.live(self.wait())
        one, two = (self.rich(workflow, n) for n in (1, 2))
        self.settle()
        before = self.photograph()
        for where in ("move_documents", "move_keys"):
            savepoint = self.env.cr.savepoint(flush=False)
            with (
                patch.object(Mover, where, side_effect=ZeroDivisionError),
                self.assertRaises(ZeroDivisionError),
            ):
                self.merging.with_user(self.manager).merge(one.id, two.ids)
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all(flush=False)
            self.assert_same(before, self.photograph())

    def test_ten_thousand_messages_are_a_few_statements(self):
        one, two = make_customer(self.env), make_customer(self.env)
        identity = make_identity(self.env, two)
        for _number in range(20):
            make_message(identity)
        self.settle()
        self.merging.with_user(self.manager).merge(one.id, make_customer(self.env).ids)
        counts = []
        for source in (make_customer(self.env), two):
            self.settle()
            before = self.env.cr.sql_log_count
            self.merging.with_user(self.manager).merge(one.id, source.ids)
            counts.append(self.env.cr.sql_log_count - before)
        few, many = counts
        self.assertLess(many - few, 60)

    def written(self, table):
        """Rows of a table that this transaction has written again."""
        self.env.cr.execute(
            "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = %s", [table]
        )
        return self.env.cr.fetchone()[0]

    def test_a_row_that_names_a_source_twice_is_written_once(self):
        one, two = make_customer(self.env), make_customer(self.env)
        message = self.env["mail.message"].create(
            {"model": "res.partner", "res_id": two.id, "author_id": two.id}
        )
        self.settle()
        others = self.env["mail.message"].search_count(
            [("model", "=", "res.partner"), ("res_id", "=", two.id)]
        )
        before = self.written("mail_message")
        batch = self.merge(one, two)
        self.assertEqual(self.written("mail_message") - before, others)
        self.assertEqual((message.author_id, message.res_id), (one, one.id))
        self.undo(batch)
        self.assertEqual((message.author_id, message.res_id), (two, two.id))

    def test_a_foreign_key_made_after_a_merge_is_found_by_the_next(self):
        one, two, three = (make_customer(self.env) for _ in range(3))
        self.merge(one, two)
        self.env.cr.execute(
            """CREATE TABLE mini_crm_of_others (
                id serial PRIMARY KEY, person_id int REFERENCES res_partner);
            INSERT INTO mini_crm_of_others (person_id) VALUES (%s)""",
            [three.id],
        )
        self.merge(one, three)
        self.env.cr.execute("SELECT person_id FROM mini_crm_of_others")
        self.assertEqual(self.env.cr.fetchall(), [(one.id,)])

    def test_children_and_whom_he_has_sent_follow(self):
        one, two = make_customer(self.env), make_customer(self.env)
        child = self.env["res.partner"].create({"name": "C", "parent_id": two.id})
        sent = make_customer(self.env, referred_by_id=two.id)
        self.merge(one, two)
        self.assertEqual(child.parent_id, one)
        self.assertEqual(child.commercial_partner_id, one)
        self.assertEqual(sent.referred_by_id, one)

    def test_contacts_of_a_merged_company_are_called_after_the_survivor(self):
        one, two = (
            make_customer(self.env, name=name, is_company=True)
            for name in ("New Name", "Old")
        )
        child = self.env["res.partner"].create({"name": "C", "parent_id": two.id})
        before = (child.complete_name, child.commercial_company_name)
        batch = self.merge(one, two)
        self.assertEqual(child.complete_name, "New Name, C")
        self.assertEqual(child.commercial_company_name, "New Name")
        self.undo(batch)
        self.assertEqual((child.complete_name, child.commercial_company_name), before)

    def test_files_of_a_folded_row_are_of_the_row_that_stays(self):
        one, two = make_customer(self.env), make_customer(self.env)
        mine, theirs = self.env["res.partner.bank"].create(
            [{"acc_number": "IR-7", "partner_id": partner.id} for partner in (one, two)]
        )
        file = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": mine._name, "res_id": theirs.id}
        )
        batch = self.merge(one, two)
        self.assertFalse(theirs.exists())
        self.assertEqual(file.res_id, mine.id)
        self.undo(batch)
        self.assertEqual(file.res_id, theirs.id)

    def test_an_archived_survivor_is_active_again(self):
        one, two = make_customer(self.env, active=False), make_customer(self.env)
        batch = self.merge(one, two)
        self.assertTrue(one.active)
        self.undo(batch)
        self.assertEqual((one.active, two.active), (False, True))

    def test_what_was_written_while_a_merge_began_follows_by_the_job(self):
        one, two = make_customer(self.env), make_customer(self.env)
        batch = self.merge(one, two)
        redirects = self.env["mini_crm.redirect"]
        self.assertFalse(redirects._sweep_after(batch), "nothing is left")
        late = make_purchase(self.env, two, 50)
        self.settle()
        self.env["mini_crm.batch"]._cron_process()
        self.settle()
        self.assertEqual(late.partner_id, one)
        self.assertEqual(one.total_purchases, 1)
        self.assertFalse(self.env["mini_crm.profile"].browse(two.id).exists())
        self.undo(batch)
        self.assertEqual(late.partner_id, two)
        self.assertEqual((one.total_purchases, two.total_purchases), (0, 1))

    def test_nobody_has_sent_himself(self):
        one = make_customer(self.env)
        two = make_customer(self.env, referred_by_id=one.id)
        batch = self.merge(one, two)
        self.assertFalse(one.referred_by_id)
        self.undo(batch)
        self.assertEqual(two.referred_by_id, one)
