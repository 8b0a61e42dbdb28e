import hashlib
import json

from odoo import api, models
from odoo.tools import SQL

from .problem import Problem


class MiniCrmApi(models.AbstractModel):
    _inherit = "mini_crm.api"

    @api.model
    def _once(self, key, asked, work):
        """Do some work, or answer as the last time.

        :param str key: the idempotency key
        :param bytes asked: everything that makes the request what it is
        :param work: function that returns the answer
        :return: (answer, whether it is that of an earlier request)
        :raises Problem: 422 when the key was used for another request
        """
        fingerprint = hashlib.sha256(asked).hexdigest()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_api_request (user_id, key, fingerprint, date)
                VALUES (%s, %s, %s, now() AT TIME ZONE 'utc')
                ON CONFLICT (user_id, key) DO NOTHING RETURNING id""",
                self.env.uid,
                key,
                fingerprint,
            )
        )
        row = self.env.cr.fetchone()
        if not row:
            return self._answered(key, fingerprint), True
        answer = work()
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_api_request SET answer = %s::jsonb WHERE id = %s",
                json.dumps(answer),
                row[0],
            )
        )
        return answer, False

    @api.model
    def _answered(self, key, fingerprint):
        """The answer that was given to a request."""
        self.env.cr.execute(
            SQL(
                """SELECT fingerprint, answer FROM mini_crm_api_request
                WHERE user_id = %s AND key = %s""",
                self.env.uid,
                key,
            )
        )
        asked_before, answer = self.env.cr.fetchone()
        if asked_before != fingerprint:
            raise Problem(
                422,
                self.env._(
                    "This idempotency key was used for another request. Take a new one"
                    " for each request."
                ),
                code="idempotency_key_reused",
            )
        return answer
