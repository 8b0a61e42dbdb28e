from odoo import api, fields, models
from odoo.tools import SQL

KEEP_HOURS = 48  # answers to requests with an idempotency key


class MiniCrmApiRequest(models.Model):
    """The answer to a request with an idempotency key, given again when it is repeated.

    The row is written in the transaction of the work itself: after a crash there is
    neither, and of two at once the second waits, is tried again and finds the answer.
    """

    _name = "mini_crm.api.request"
    _description = "Answered Request"
    _log_access = False
    _rec_name = "key"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    key = fields.Char(required=True)
    fingerprint = fields.Char(required=True, help="SHA-256 of what was asked.")
    answer = fields.Json()
    date = fields.Datetime(required=True, index=True)

    _key_uniq = models.UniqueIndex("(user_id, key)")

    @api.autovacuum
    def _gc_requests(self):
        """Forget answers, which hold personal data, after two days."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_api_request WHERE date <
                    now() AT TIME ZONE 'utc' - make_interval(hours => %s)""",
                KEEP_HOURS,
            )
        )
        return self.env.cr.rowcount, 0
