from odoo import api, fields, models
from odoo.tools import SQL


class MiniCrmApiClaim(models.Model):
    """Keys of customers that were created lately: two at once do not make two of them.

    Nothing in the database forbids two contacts with one phone. So whoever creates a
    customer writes its key here: of two at once the second fails by serialisation, is
    tried again, and finds the customer of the first.
    """

    _name = "mini_crm.api.claim"
    _description = "Key of a Customer That Is Being Created"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True)
    date = fields.Datetime(required=True, index=True)

    _key_uniq = models.UniqueIndex("(key)")

    @api.model
    def _claim(self, keys):
        """Have these keys for this transaction alone.

        :param list[str] keys: such as ``1:ref:C-17``
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_api_claim (key, date)
                SELECT k, now() AT TIME ZONE 'utc'
                FROM unnest(%s::text[]) AS k ORDER BY k
                ON CONFLICT (key) DO UPDATE SET date = excluded.date""",
                keys,
            )
        )

    @api.autovacuum
    def _gc_claims(self):
        """Forget keys: long after their transactions they protect nothing."""
        self.env.cr.execute(
            """DELETE FROM mini_crm_api_claim
            WHERE date < now() AT TIME ZONE 'utc' - interval '1 day'"""
        )
        return self.env.cr.rowcount, 0
