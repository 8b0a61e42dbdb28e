from odoo import models
from odoo.tools import SQL

from .bulk_target import Target
from .mini_crm_batch_intake_run import PORTION


class MiniCrmBatch(models.Model):
    """Bringing in, taken back: values before, and the fields that it has made.

    A value that somebody has changed since stays, and with it the field.
    """

    _inherit = "mini_crm.batch"

    def _check_undoer(self):  # pylint: disable=missing-return
        super()._check_undoer()
        if self.kind == "migration":
            self._check_companies()

    def _undo_step_migration(self, limit):
        batch = self._acting()
        upper, rows = batch._next_undo(min(limit, PORTION))
        if not rows:
            return batch._remove_intake_fields()
        batch._open_intake_lines(upper)
        batch._plan_intake_undo()
        batch._close_undo(upper)
        return rows

    def _open_intake_lines(self, upper):
        """Make ``mini_crm_chunk`` of the next lines that are to be put back."""
        self._open_bulk(
            SQL(
                """SELECT id, row, res_id AS partner_id, key, before,
                    after -> 'value' AS value, FALSE AS there
                FROM mini_crm_batch_line
                WHERE batch_id = %s AND row > %s AND row <= %s
                    AND state = 'updated'""",
                self.id,
                self.undo_cursor,
                upper,
            )
        )

    def _plan_intake_undo(self):
        """Keep what was changed since, write the values before of the others."""
        self.env["mini_crm.version"]._hold()
        self._untouchable("kept")
        known = [rule for rule in self._intake_rules() if rule]
        self._refuse(
            "undo_field_gone", SQL("c.key <> ALL(%s)", [r.key for r in known]), "kept"
        )
        for rule in known:
            self._compare_intake_undo(Target.of_rule(rule))
        self._refuse("undo_changed", SQL("NOT c.there"), "kept")
        self._settle("restored", SQL("TRUE"))
        # where it is as before already nothing is written
        self._apply_intake(
            SQL("c.outcome = 'restored' AND c.value IS NOT NULL"), back=True
        )

    def _compare_intake_undo(self, target):
        """Find which customers still have what was brought in, or the value before.

        Of the latter ``value`` is emptied: there is nothing to write.
        """
        before = target.given(SQL("(c.before -> c.key)"))
        written = target.given(SQL("c.value"))
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET there =
                    %(old)s IS NOT DISTINCT FROM %(written)s
                    OR %(old)s IS NOT DISTINCT FROM %(before)s,
                    value = CASE WHEN %(old)s IS NOT DISTINCT FROM %(written)s
                        THEN c.value END
                FROM res_partner p
                WHERE p.id = c.partner_id AND c.outcome IS NULL AND c.key = %(key)s""",
                old=target.old,
                written=written,
                before=before,
                key=target.name,
            )
        )

    def _remove_intake_fields(self):
        """Take away the fields that this batch has made, if nothing is in them: 0.

        A field with a value of somebody, or that something uses by now, stays.
        """
        made = (self.settings or {}).get("made")
        if made:
            # sudo is on: the batch takes away what the batch has made
            fields = self.env["mini_crm.field"].with_context(active_test=False)
            for definition in fields.browse(made).exists():
                if not definition._field_usages() and not definition._value_count():
                    definition.action_archive()
                    definition.unlink()
            self.settings = {**self.settings, "made": []}
        return 0

    def _undo_blame(self, error):
        if self.kind != "migration":
            return super()._undo_blame(error)
        if not self._may_act():
            return False
        batch = self._acting()
        upper, rows = batch._next_undo(1)
        if rows:
            batch._open_intake_lines(upper)
            batch._blame_chunk(error, "kept")
            batch._close_undo(upper)
        return bool(rows)
