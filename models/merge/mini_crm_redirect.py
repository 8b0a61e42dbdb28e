from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .moving import Mover

SWEEP_MINUTES = 15  # no transaction is open for longer


class MiniCrmRedirect(models.Model):
    """An old id and the customer whom it leads to, at once and without steps between.

    It leads there as long as the old contact is archived.

    When a survivor is merged himself, the rows that lead to him are moved like any
    other reference, so a chain is never longer than one.
    """

    _name = "mini_crm.redirect"
    _description = "Redirect of a Merged Customer"
    _log_access = False
    _rec_name = "source_id"

    source_id = fields.Many2one(
        "res.partner", "Merged Customer", required=True, ondelete="cascade"
    )
    survivor_id = fields.Many2one(
        "res.partner", "Leads To", required=True, ondelete="cascade", index=True
    )
    batch_id = fields.Many2one(
        "mini_crm.batch", "Merge", ondelete="set null", index="btree_not_null"
    )

    _source_uniq = models.UniqueIndex("(source_id)")
    _other_check = models.Constraint(
        "CHECK (source_id <> survivor_id)", "Nobody leads to himself."
    )

    @api.model
    def _survivors(self, partner_ids):
        """Who has become of merged customers: {old id: survivor's id}.

        :param partner_ids: ids, merged or not; those that were not merged are left out
        :rtype: dict[int, int]
        """
        if not partner_ids:
            return {}
        self.flush_model()
        self.env["res.partner"].flush_model(["active"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT r.source_id, r.survivor_id FROM mini_crm_redirect r
                    JOIN res_partner p ON p.id = r.source_id
                    WHERE r.source_id = ANY(%s) AND p.active IS NOT TRUE""",
                    list(partner_ids),
                )
            )
        )

    # What came too late

    @api.model
    def _sweep(self):
        """Job: what names a source by now goes to the survivor, as in the merge.

        A merge sees what was committed before it began. What others commit while it
        waits for the contacts' locks is found here, within a minute or two.
        """
        since = fields.Datetime.now() - timedelta(minutes=SWEEP_MINUTES)
        batches = self.env["mini_crm.batch"].search(
            [
                ("kind", "=", "merge"),
                ("state", "=", "done"),
                ("finished_at", ">=", since),
            ],
            order="id",
        )
        for batch in batches:
            self._sweep_after(batch)

    @api.model
    def _sweep_after(self, batch):
        """Move what names a source of a merge: whether there was anything."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.source_id, r.survivor_id FROM mini_crm_redirect r
                JOIN res_partner p ON p.id = r.source_id AND p.active IS NOT TRUE
                WHERE r.batch_id = %s""",
                batch.id,
            )
        )
        if not rows:
            return False
        partners = self.env["res.partner"]
        sources, survivor = partners.browse(r[0] for r in rows), rows[0][1]
        mover = Mover(self.env, batch.id, survivor, sources.ids)
        if not mover.is_needed():
            return False
        survivor = partners.browse(survivor)
        self.env["mini_crm.merge"]._lock(survivor | sources)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.env["mini_crm.tag.rule"]._at_work():
            mover.prepare()
            wizard._drop_what_cannot_move(sources, survivor)
            mover.move_keys()
            mover.move_documents()
        self.env.invalidate_all(flush=False)
        self.env["mini_crm.segment"]._forget_members()
        self.env["mini_crm.tag.rule"]._forget_tags()
        survivor.with_context(mini_crm_batch_id=batch.id)._log(
            "customers_merged", data={"sources": sources.ids}
        )
        self.env.flush_all()
        return True

    @api.model
    def _survivors_with(self, column, values):
        """Survivors of merged customers who had one of these addresses.

        Only addresses that no active contact has: who has one by now is meant.

        :param str column: ``email_normalized`` or ``phone_sanitized``
        :param values: addresses in that form
        :return: {address: survivor's id}
        :rtype: dict[str, int]
        """
        self.env["res.partner"].flush_model([column, "active"])
        self.flush_model()
        address = SQL.identifier("p", column)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (%(address)s) %(address)s, r.survivor_id
                FROM mini_crm_redirect r JOIN res_partner p ON p.id = r.source_id
                JOIN res_partner s ON s.id = r.survivor_id AND s.active
                WHERE %(address)s = ANY(%(values)s) AND p.active IS NOT TRUE
                    AND NOT EXISTS (
                    SELECT FROM res_partner o
                    WHERE o.active AND o.%(column)s = %(address)s)
                ORDER BY %(address)s, r.id DESC""",
                address=address,
                column=SQL.identifier(column),
                values=list(values),
            )
        )
        return dict(rows)
