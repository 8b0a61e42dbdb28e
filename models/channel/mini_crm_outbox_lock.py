import secrets
from contextlib import contextmanager, suppress

import psycopg2

from odoo import api, models
from odoo.tools import SQL

# First half of our advisory locks; the second is the number of a worker.
WORKER_LOCK = 0x6D43524D
WAITING_LOCK = 0x6D43524E


class MiniCrmOutbox(models.Model):
    """Whose claim is it, and is he still alive?

    A worker holds an advisory lock of its connection while it has claims. PostgreSQL
    lets go of it with the connection, however the worker ends: so a claim whose lock is
    free is nobody's, and one whose lock is held is a living worker's, however old.
    """

    _inherit = "mini_crm.outbox"

    @api.model
    @contextmanager
    def _worker(self):
        """Be a worker for a while: yields its number, by which it claims."""
        number = secrets.randbelow(2**31 - 1) + 1
        self.env.cr.execute(SQL("SELECT pg_advisory_lock(%s, %s)", WORKER_LOCK, number))
        self.env["ir.cron"]._commit_progress()
        try:
            yield number
        finally:
            # a connection that is lost has lost its locks as well
            with suppress(psycopg2.Error):
                self.env.cr.rollback()
                self.env.cr.execute(
                    SQL("SELECT pg_advisory_unlock(%s, %s)", WORKER_LOCK, number)
                )
                self.env.cr.execute(
                    SQL(
                        """SELECT pg_advisory_unlock(classid::int, objid::int)
                        FROM pg_locks WHERE locktype = 'advisory' AND classid = %s
                            AND pid = pg_backend_pid() AND granted""",
                        WAITING_LOCK,
                    )
                )
                self.env["ir.cron"]._commit_progress()

    @api.model
    def _try_to_wait(self):
        """Whether this worker is the one that stays for what is due in a moment.

        One is enough: Odoo has few threads for scheduled jobs. To be asked again only
        while the answer is no; the lock ends with the worker.
        """
        self.env.cr.execute(SQL("SELECT pg_try_advisory_lock(%s, 1)", WAITING_LOCK))
        return self.env.cr.fetchone()[0]

    @api.model
    def _recover(self, number):
        """Finish the claims of workers that are gone: nobody knows what was accepted.

        :param int number: of the worker that does it
        :return: the messages that are uncertain now
        """
        self.flush_model()
        claims = self.browse()
        for (worker,) in self.env.execute_query(
            SQL(
                """SELECT DISTINCT claimed_by FROM mini_crm_outbox
                WHERE claimed_at IS NOT NULL AND claimed_by <> %s""",
                number,
            )
        ):
            # held until the commit, so that no other worker does the same
            self.env.cr.execute(
                SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", WORKER_LOCK, worker)
            )
            if self.env.cr.fetchone()[0]:
                claims |= self.search([("claimed_by", "=", worker)])
        messages = claims.message_id
        claims._end_uncertain("worker_gone")
        return messages.filtered(lambda message: message.state == "uncertain")
