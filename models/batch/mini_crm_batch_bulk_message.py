from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..channel.sending import LIMITS

LONGEST = 4_000  # characters


class MiniCrmBatch(models.Model):
    """A message to each of many customers, through the gate like everything else.

    It goes to where the customer was last spoken with. Whom the gate refuses is listed
    with its reason; whoever may get it later gets it later. Nothing is called back.
    """

    _inherit = "mini_crm.batch"

    def _bulk_read_message(self, values):
        text = str(values.get("text") or "").strip()
        if not text:
            raise UserError(self.env._("Write something first."))
        if len(text) > LONGEST:
            raise UserError(
                self.env._("Keep the text under %s characters.", LONGEST + 1)
            )
        return {"text": text}

    def _bulk_name_message(self, settings, action):
        words = " ".join(settings["text"].split())
        return self._bulk_name_default(
            settings, action, words if len(words) < 60 else f"{words[:59]}…"
        )

    def _bulk_plan_message(self):
        self._refuse_others()
        self._refuse("bulk_unreachable", SQL("%s IS NULL", self._identity()))

    def _identity(self):
        """Id of the identity by which the customer of the row ``c`` is written to."""
        return SQL(
            """(SELECT i.id FROM mini_crm_identity i
            JOIN mini_crm_channel h ON h.id = i.channel_id
            WHERE i.partner_id = c.partner_id AND i.state = 'reachable'
                AND h.active AND h.type = ANY(%s) AND h.company_id = ANY(%s)
            ORDER BY i.last_message_at DESC NULLS LAST, i.id DESC LIMIT 1)""",
            list(LIMITS),
            self.settings["companies"],
        )

    def _bulk_apply_message(self):
        self.env.cr.execute(
            SQL(
                """SELECT c.id, c.row, %s FROM mini_crm_chunk c
                WHERE c.outcome = 'updated' ORDER BY c.row""",
                self._identity(),
            )
        )
        refused = []
        for line_id, row, identity_id in self.env.cr.fetchall():
            identity = self.env["mini_crm.identity"].browse(identity_id)
            sent = identity._send(
                self.settings["text"], purpose="campaign", key=f"bulk:{self.id}:{row}"
            )
            if sent[:1].state == "failed":
                refused.append((line_id, sent._reason_words(sent[:1].reason)))
        self.env.flush_all()
        if refused:
            self.env.cr.execute(
                SQL(
                    """UPDATE mini_crm_chunk c SET outcome = 'skipped', problem =
                        jsonb_build_object('code', 'bulk_gate', 'value', v.why)
                    FROM unnest(%s::int[], %s::text[]) AS v (id, why)
                    WHERE v.id = c.id""",
                    *(list(column) for column in zip(*refused, strict=True)),
                )
            )
