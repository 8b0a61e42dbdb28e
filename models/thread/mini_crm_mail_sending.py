import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

STEP = 1000  # rows of one transaction of the job
STALE_MINUTES = 30  # longer than mail servers take for a lot of e-mails
TOLD = 500  # customers whose open conversations are told; beyond, nobody looks at all
WORDED = 200  # e-mails of people whose first words are read at once

# A person's e-mail: written in Odoo, or in his mail program and passed on by Odoo. What
# templates, jobs and mailings send is nobody's, whoever has set it going.
_PERSON = """LEFT JOIN LATERAL (
    SELECT u.id FROM res_users u
    WHERE u.partner_id = m.author_id AND u.active AND u.share IS NOT TRUE AND u.id <> 1
        AND (m.message_type = 'email' OR m.message_type = 'comment'
            AND m.create_uid IS DISTINCT FROM 1)
    LIMIT 1) person ON TRUE"""

# Odoo keeps what became of an e-mail for each recipient with the message, and without
# that on the e-mail itself, which it deletes when it was accepted.
_STATE = """LEFT JOIN mail_mail mm ON mm.id = s.mail_id
LEFT JOIN mail_notification n ON n.mail_message_id = s.message_id
    AND n.res_partner_id = s.partner_id AND n.notification_type = 'email'"""
_ACCEPTED = """(n.notification_status = 'sent'
    OR n.id IS NULL AND coalesce(mm.state, 'sent') = 'sent')"""

_HANDED_OVER = "mm.state IS DISTINCT FROM 'outgoing'"


class MiniCrmMailSending(models.Model):
    """E-mails to customers that Odoo is handing to a mail server.

    Written before and committed with the first of them: after a crash the job knows
    which were accepted meanwhile. Rows are gone once that is settled.
    """

    _name = "mini_crm.mail.sending"
    _description = "E-mails Being Sent"
    _log_access = False

    mail_id = fields.Integer(required=True)
    message_id = fields.Integer(required=True)
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    author_id = fields.Many2one(
        "res.users", ondelete="set null", help="The person who wrote it, if one has."
    )
    subject = fields.Char(help="Only of e-mails on contacts: others may be private.")
    on_contact = fields.Boolean()
    noted_at = fields.Datetime(required=True, help="UTC.")

    _mail_partner_uniq = models.UniqueIndex("(mail_id, partner_id)")
    _noted_idx = models.Index("(noted_at)")

    @api.model
    def _note(self, mail_ids):
        """Note which of these e-mails are about to go to customers.

        :param list[int] mail_ids: ids of ``mail.mail``
        :return: whether there are any
        :rtype: bool
        """
        if not mail_ids:
            return False
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_mail_sending (mail_id, message_id, partner_id,
                    company_id, author_id, subject, on_contact, noted_at)
                SELECT mm.id, m.id, p.id,
                    coalesce(p.company_id, m.record_company_id, %(company)s),
                    person.id, CASE WHEN m.model = 'res.partner' THEN m.subject END,
                    m.model IS NOT DISTINCT FROM 'res.partner',
                    date_trunc('second', clock_timestamp() AT TIME ZONE 'utc')
                FROM mail_mail mm
                JOIN mail_message m ON m.id = mm.mail_message_id
                JOIN mail_mail_res_partner_rel r ON r.mail_mail_id = mm.id
                JOIN res_partner p ON p.id = r.res_partner_id
                %(person)s
                WHERE mm.id = ANY(%(ids)s) AND mm.state = 'outgoing'
                    AND (p.email_normalized IS NOT NULL OR EXISTS (
                        SELECT FROM mail_notification n WHERE n.mail_mail_id = mm.id
                        AND n.res_partner_id = p.id
                        AND n.mail_email_address IS NOT NULL))
                    AND p.id IS DISTINCT FROM m.author_id AND %(customers)s
                ON CONFLICT (mail_id, partner_id) DO UPDATE
                    SET noted_at = EXCLUDED.noted_at""",
                ids=list(mail_ids),
                company=self.env.company.id,
                person=SQL(_PERSON),
                customers=self.env["res.partner"]._customer_filter("p"),
            )
        )
        return bool(self.env.cr.rowcount)

    @api.model
    def _settle_quietly(self, mail_ids):
        """Settle e-mails that were just sent, and never raise.

        An error would roll back that they were sent, and Odoo would send them again.
        The rows then stay, and the job settles them.
        """
        try:
            with self.env.cr.savepoint():
                self._settle(SQL("s.mail_id = ANY(%s)", list(mail_ids)))
        except Exception:
            _logger.exception("E-mails sent, but not told yet: left to the job")

    @api.model
    def _settle(self, condition):
        """Log what was accepted, and forget what is not under way any more.

        What still waits to be handed over stays: it may be another process's turn.

        :param SQL condition: on ``mini_crm_mail_sending s``
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id, s.partner_id, s.message_id,
                    s.author_id IS NOT NULL AND s.on_contact, %s
                FROM mini_crm_mail_sending s %s WHERE %s AND %s""",
                SQL(_ACCEPTED),
                SQL(_STATE),
                SQL(_HANDED_OVER),
                condition,
            )
        )
        accepted = [row[0] for row in rows if row[4]]
        if accepted:
            worded = {row[2] for row in rows if row[3] and row[4]}
            self._log_sent(accepted, sorted(worded)[:WORDED])
            self._note_answered(accepted)
        partner_ids = sorted({row[1] for row in rows})
        if 0 < len(partner_ids) <= TOLD:
            self.env["mini_crm.message"]._tell_changed(partner_ids)
        self.env.cr.execute(
            SQL(
                "DELETE FROM mini_crm_mail_sending WHERE id = ANY(%s)",
                [row[0] for row in rows],
            )
        )

    @api.model
    def _log_sent(self, ids, worded):
        """Log one event for each customer and e-mail of these rows.

        :param list[int] ids: rows of this table
        :param list[int] worded: messages whose first words are told
        """
        messages = self.env["mail.message"].sudo().browse(worded)
        words = [message._first_words() for message in messages]
        data = SQL(
            """jsonb_strip_nulls(jsonb_build_object('channel', 'email',
                'channel_id', c.id, 'kind', 'email', 'subject', s.subject,
                'automated', CASE WHEN s.author_id IS NULL THEN TRUE END))"""
        )
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("s.partner_id"),
                "company_id": SQL("s.company_id"),
                "type": SQL("'message_sent'"),
                "date": SQL("s.noted_at"),
                "author_id": SQL("s.author_id"),
                "summary": SQL("coalesce(w.words, s.subject)"),
                "data": data,
                "res_model": SQL("'mail.message'"),
                "res_id": SQL("s.message_id"),
                "external_key": SQL("'mail:' || s.message_id || ':' || s.partner_id"),
            },
            SQL(
                """FROM mini_crm_mail_sending s
                LEFT JOIN unnest(%s::int[], %s::text[]) AS w(id, words)
                    ON w.id = s.message_id
                LEFT JOIN LATERAL (
                    SELECT id FROM mini_crm_channel
                    WHERE company_id = s.company_id AND type = 'email' AND active
                        AND state <> 'off'
                    ORDER BY sequence, id LIMIT 1) c ON TRUE
                WHERE s.id = ANY(%s)""",
                worded,
                words,
                list(ids),
            ),
        )

    @api.model
    def _note_answered(self, ids):
        """A person's e-mail answers what the customer has written by e-mail before."""
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_identity i SET
                    waiting_since = CASE WHEN i.waiting_since > sent.date
                        THEN i.waiting_since END,
                    last_message_at = greatest(i.last_message_at, sent.date),
                    last_message = CASE WHEN i.last_message_at > sent.date
                        THEN i.last_message ELSE sent.summary END
                FROM (
                    SELECT DISTINCT ON (s.partner_id, s.company_id)
                        s.partner_id, s.company_id, e.date, e.summary
                    FROM mini_crm_mail_sending s
                    JOIN mini_crm_event e ON e.external_key =
                        'mail:' || s.message_id || ':' || s.partner_id
                    WHERE s.id = ANY(%s) AND s.author_id IS NOT NULL
                    ORDER BY s.partner_id, s.company_id, e.date DESC, e.id DESC) sent
                WHERE i.partner_id = sent.partner_id
                    AND i.company_id = sent.company_id AND i.channel_id IN (
                    SELECT id FROM mini_crm_channel WHERE type = 'email')""",
                list(ids),
            )
        )
        self.env["mini_crm.identity"].invalidate_model()

    @api.model
    def _cron_settle(self):
        """Settle what a process that has ended meanwhile has left."""
        stale = SQL(
            "s.noted_at < (now() AT TIME ZONE 'utc') - make_interval(mins => %s)",
            STALE_MINUTES,
        )
        while True:
            rows = self.env.execute_query(
                SQL(
                    """SELECT s.id FROM mini_crm_mail_sending s
                    LEFT JOIN mail_mail mm ON mm.id = s.mail_id
                    WHERE %s AND %s
                    ORDER BY s.id LIMIT %s FOR UPDATE OF s SKIP LOCKED""",
                    SQL(_HANDED_OVER),
                    stale,
                    STEP,
                )
            )
            if not rows:
                break
            self._settle(SQL("s.id = ANY(%s)", [row[0] for row in rows]))
            if not self.env["ir.cron"]._commit_progress(len(rows)):
                break
