from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .conditions import begin_anew
from .references import model_of
from .restoring import Restorer


class MiniCrmBatch(models.Model):
    """Undo of a merge: all rows of all tables as they were, in one transaction.

    What was changed since stays. Chains are undone backwards: a later merge with one of
    the same customers comes first.
    """

    _inherit = "mini_crm.batch"

    def _check_undo(self):  # pylint: disable=missing-return
        super()._check_undo()
        if self.kind != "merge":
            return
        later = self._later_merges(self)
        if later:
            raise UserError(
                self.env._(
                    "One of these customers was merged again later: undo “%s” first.",
                    later[0].name,
                )
            )
        people = self.env["res.partner"].browse(self.settings["people"])
        if len(people.exists()) < len(people):
            raise UserError(
                self.env._(
                    "“%s” cannot be undone: one of its customers was deleted since.",
                    self.name,
                )
            )

    def _undo_step_merge(self, limit):
        """Put everything back at once: half an undo is a state that never was.

        :param int limit: not heeded
        :return: number of customers that are themselves again; 0: done already
        """
        if self.undo_cursor:
            return 0
        merge = self.env["mini_crm.merge"]
        people = self.env["res.partner"].browse(self.settings["people"])
        merge._lock(people)
        restorer = Restorer(self.env, self)
        with self.env["mini_crm.tag.rule"]._at_work():
            restorer.restore()
        self.env.invalidate_all(flush=False)
        self._follow_conditions()
        self._follow_undo(people)
        self._tell_left(restorer.left)
        self.write(
            {
                "undo_cursor": 1,
                "restored": len(people) - 1,
                "kept": sum(len(names) or 1 for names in restorer.left.values()),
            }
        )
        return len(people) - 1

    def _follow_conditions(self):
        """Have the rules look at everybody whose conditions the merge had changed."""
        for kind in self.env["mini_crm.rule"]._kinds():
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT row_id FROM mini_crm_merge_trace
                    WHERE batch_id = %s AND kind = 'changed' AND relation = %s""",
                    self.id,
                    self.env[kind]._table,
                )
            )
            begin_anew(self.env, kind, [row_id for (row_id,) in rows])

    def _follow_undo(self, people):
        """Have everything that is computed of them be computed anew."""
        self.env["mini_crm.segment"]._forget_members()
        self.env["mini_crm.tag.rule"]._forget_tags()
        profiles = self.env["mini_crm.profile"]
        profiles._forget_cache()
        self.env.cr.execute(
            SQL("SELECT id FROM mini_crm_profile WHERE id = ANY(%s)", list(people.ids))
        )
        for (customer_id,) in self.env.cr.fetchall():
            people.browse(customer_id)._log(
                "customers_merged", data={"undone": self.settings["people"]}
            )
        messages = self.env["mini_crm.message"]
        messages._tell_changed(people.ids)
        self.env["mini_crm.outbox"]._wake()
        self.env.cr.flush()
        self.env.invalidate_all()

    def _tell_left(self, left):
        """List what was changed since the merge, in the batch's rows.

        :param dict left: see ``Restorer``
        """
        texts = {}
        for (table, row_id), names in left.items():
            whose = row_id
            if table != "res_partner" or row_id not in self.settings["people"]:
                whose = self.settings["survivor"]
            told = texts.setdefault(whose, {})
            told.update(dict.fromkeys(self._names_of(table, names)))
        for partner_id, names in texts.items():
            message = self.env._(
                "Changed since the merge and left as it is: %s", ", ".join(names)
            )
            self._keep(SQL("l.res_id = %s", partner_id), message)

    def _names_of(self, table, names):
        """What columns of contacts, or rows of other tables, are called: list."""
        partner = self.env["res.partner"]
        if table == "res_partner" and names:
            labels = partner.fields_get(sorted(names), ["string"])
            return [
                labels[name]["string"] if name in labels else name
                for name in sorted(names)
            ]
        model = model_of(self.env, table)
        if model:
            return [self.env["ir.model"]._get(model).name]
        for name, field in partner._fields.items():
            if field.type == "many2many" and field.store and field.relation == table:
                return [partner.fields_get([name], ["string"])[name]["string"]]
        return [table]

    def _undone_events(self, alias):
        if self.kind == "merge":
            return SQL("TRUE")
        return super()._undone_events(alias)
