from odoo import api, fields, models
from odoo.tools import SQL


class MiniCrmRedirect(models.Model):
    """An old id and the customer whom it leads to, at once and without steps between.

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

    @api.model
    def _survivors(self, partner_ids):
        """Who has become of merged customers: {old id: survivor's id}.

        :param partner_ids: ids, merged or not; those that were not merged are left out
        :rtype: dict[int, int]
        """
        if not partner_ids:
            return {}
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT source_id, survivor_id FROM mini_crm_redirect
                    WHERE source_id = ANY(%s)""",
                    list(partner_ids),
                )
            )
        )

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
                WHERE %(address)s = ANY(%(values)s) AND NOT EXISTS (
                    SELECT FROM res_partner o
                    WHERE o.active AND o.%(column)s = %(address)s)
                ORDER BY %(address)s, r.id DESC""",
                address=address,
                column=SQL.identifier(column),
                values=list(values),
            )
        )
        return dict(rows)
