from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mini_crm_batch import CHUNK_ROWS


class MiniCrmBatch(models.Model):
    """Archiving many customers, bringing them back, and deleting them into the bin.

    ``before`` is ``{"active", "binned_at"}``. Tasks stay, unlike with Odoo's own way to
    archive, which throws them away: nothing would bring them back.
    """

    _inherit = "mini_crm.batch"

    def _bulk_read_archive(self, values):
        return {}

    _bulk_read_unarchive = _bulk_read_delete = _bulk_read_archive

    def _bulk_name_archive(self, settings, action):
        return self._bulk_name_default(settings, action)

    _bulk_name_unarchive = _bulk_name_delete = _bulk_name_archive

    # Doing it

    def _bulk_plan_archive(self):
        self._refuse_logins()
        self._settle("unchanged", SQL("NOT %s", _partner("p.active")))
        self._note_activity()

    def _bulk_plan_unarchive(self):
        self._refuse("bulk_binned", _partner("p.binned_at IS NOT NULL"))
        self._settle("unchanged", _partner("p.active"))
        self._note_activity()

    def _bulk_plan_delete(self):
        self._refuse_logins()
        self._settle("unchanged", _partner("p.binned_at IS NOT NULL"))
        self._note_activity()

    def _bulk_apply_archive(self):
        self._set_active(SQL("FALSE"), SQL("NULL"), "updated")

    def _bulk_apply_unarchive(self):
        self._set_active(SQL("TRUE"), SQL("NULL"), "updated")

    def _bulk_apply_delete(self):
        self._set_active(SQL("FALSE"), self._bin_date(), "updated")

    def _bin_date(self):
        """When this batch has put customers into the bin: SQL."""
        return SQL("%s::timestamp", self.started_at)

    def _refuse_logins(self):
        """Leave out contacts with a login: Odoo keeps those active."""
        self._refuse(
            "bulk_has_login",
            SQL(
                """EXISTS (SELECT FROM res_users u
                WHERE u.partner_id = c.partner_id AND u.active)"""
            ),
        )

    def _note_activity(self):
        self.env.cr.execute(
            """UPDATE mini_crm_chunk c SET before = jsonb_build_object(
                'active', p.active IS TRUE, 'binned_at', p.binned_at)
            FROM res_partner p WHERE p.id = c.partner_id AND c.outcome IS NULL"""
        )

    def _set_active(self, active, binned_at, outcome):
        """Archive or bring back the contacts of the chunk's rows with an outcome.

        :param SQL active: over the row ``c`` and the contact ``p``
        :param SQL binned_at: likewise
        """
        self._bulk_log(
            "field_updated",
            SQL(
                """jsonb_build_object('active', jsonb_build_array(NOT r.active,
                    r.active))"""
            ),
            SQL(
                """changed AS (
                    UPDATE res_partner p SET active = %(active)s,
                        binned_at = %(binned_at)s, bin_note = NULL, write_uid = %(uid)s,
                        write_date = now() AT TIME ZONE 'utc'
                    FROM mini_crm_chunk c, res_partner was
                    WHERE p.id = c.partner_id AND was.id = p.id
                        AND c.outcome = %(outcome)s
                    RETURNING p.id, p.active, was.active AS was_active
                ), told AS (
                    SELECT id AS partner_id, active FROM changed
                    WHERE active IS DISTINCT FROM was_active)""",
                active=active,
                binned_at=binned_at,
                uid=self.env.uid,
                outcome=outcome,
            ),
            "told",
        )
        self._forget_written(["active"])
        self._follow_activity(outcome)

    def _follow_activity(self, outcome):
        """Draw the consequences of archiving and bringing back."""
        self.env.cr.execute(
            SQL(
                """SELECT p.id, p.active FROM mini_crm_chunk c
                JOIN res_partner p ON p.id = c.partner_id WHERE c.outcome = %s""",
                outcome,
            )
        )
        rows = self.env.cr.fetchall()
        back = [partner_id for partner_id, active in rows if active]
        gone = [partner_id for partner_id, active in rows if not active]
        if back:
            self.env["mini_crm.profile"]._apply_customer_rule_to(back, log=False)
        if gone:
            self.env["res.partner"].browse(gone)._archived_together()

    # Those of one form or list, at once

    @api.model
    def _delete_now(self, partners):
        """Put contacts into the bin without the worker: the batch, which is done.

        :param partners: whom the user may delete, as the caller has checked
        :raises UserError: if one of them cannot be; the transaction is to be rolled
            back then
        """
        batch = self._new_deletion(partners)
        batch._set_running()
        while batch.state == "running":
            batch._as_user()._step(CHUNK_ROWS)
        refused = batch.line_ids.search(
            [("batch_id", "=", batch.id), ("state", "in", ("skipped", "failed"))],
            limit=1,
        )
        if refused:
            raise UserError(
                self.env._(
                    "%(name)s cannot be deleted: %(why)s",
                    name=partners.browse(refused.res_id).display_name,
                    why=refused.message,
                )
            )
        self.env.invalidate_all()
        return batch

    @api.model
    def _new_deletion(self, partners):
        """A batch that puts contacts into the bin, with its rows."""
        settings = {"action": "delete", "companies": self.env.companies.ids}
        name = self._bulk_name_default(
            settings,
            self._bulk_action("delete"),
            partners.display_name if len(partners) == 1 else str(len(partners)),
        )
        # sudo: nobody may write batches but code
        batch = self.sudo().create(
            {
                "kind": "bulk",
                "name": name,
                "settings": settings,
                "total": len(partners),
            }
        )
        batch.flush_recordset()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_batch_line (batch_id, row, state, res_id)
                SELECT %s, row_number() OVER (ORDER BY id), 'waiting', id
                FROM unnest(%s::int[]) people (id)""",
                batch.id,
                list(partners.ids),
            )
        )
        return batch

    # Taking it back

    def _bulk_undo_archive(self):
        self._undo_activity("FALSE", SQL("NULL"))

    def _bulk_undo_unarchive(self):
        self._undo_activity("TRUE", SQL("NULL"))

    def _bulk_undo_delete(self):
        self._undo_activity("FALSE", self._bin_date())

    def _undo_activity(self, active, binned_at):
        """Restore who is still as this batch has left him.

        :param str active: what the batch has written, as SQL
        :param SQL binned_at: likewise, over ``p``
        """
        was = SQL(
            """p.active IS NOT DISTINCT FROM (c.before ->> 'active')::boolean
            AND p.binned_at IS NOT DISTINCT FROM
                (c.before ->> 'binned_at')::timestamp"""
        )
        written = SQL(
            "p.active = %s AND p.binned_at IS NOT DISTINCT FROM %s",
            SQL(active),
            binned_at,
        )
        self._refuse(
            "undo_changed",
            SQL("NOT %s", _partner("(%s) OR (%s)", was, written)),
            "kept",
        )
        self._settle("restored", SQL("TRUE"))
        self._set_active(
            SQL("(c.before ->> 'active')::boolean"),
            SQL("(c.before ->> 'binned_at')::timestamp"),
            "restored",
        )


def _partner(condition, *args):
    """SQL condition over the row ``c``: its contact ``p`` is so."""
    return SQL(
        "EXISTS (SELECT FROM res_partner p WHERE p.id = c.partner_id AND (%s))",
        SQL(condition, *args),
    )
