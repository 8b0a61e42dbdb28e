import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

from ...engine.webhook_message import (
    LARGEST,
    encode,
    headers,
    next_try,
    problem_of,
)
from ...engine.webhook_target import (
    ANY_PORT,
    TargetError,
    is_allowed,
    networks,
    ports,
    read,
    refusal,
)
from .webhook_client import CallError, WebhookClient

_logger = logging.getLogger(__name__)

CALLS = 16  # at once, for each worker
# A claim of a worker that has died is free after this; a call takes 5 seconds.
LEASE = timedelta(minutes=2)
OTHERS_AT_IT = (SerializationFailure, DeadlockDetected)
# Options of odoo.conf; nobody can set them in the browser.
PRIVATE, MORE_PORTS = "mini_crm_webhook_private", "mini_crm_webhook_ports"


class Attempt(NamedTuple):
    """One try of a call: nothing of the database is needed to make it."""

    call_id: int
    claimed_at: object  # UTC: whose claim it is
    tries: int
    event_key: str
    url: str
    body: bytes
    secrets: tuple


class MiniCrmWorkflowCall(models.Model):
    """The worker: claims what is due, calls, records what was answered."""

    _inherit = "mini_crm.workflow.call"

    @api.model
    def _cron_call(self):
        """Call what is due, until nothing is or the job's time is over.

        No transaction is open while receivers are called, and each result is committed
        by itself. Whoever dies meanwhile has his calls made again: receivers know them
        by their id.
        """
        cron = self.env["ir.cron"]
        client = self._client()
        time_left = cron._commit_progress()
        with ThreadPoolExecutor(CALLS, thread_name_prefix="mini_crm_webhook") as pool:
            while time_left > 0 and (attempts := self._claim_due(CALLS)):
                cron._commit_progress()  # the claims stand before anybody is called
                outcomes = pool.map(partial(_call, client), attempts)
                for attempt, outcome in zip(attempts, outcomes, strict=True):
                    try:
                        self._record(attempt, *outcome)
                        time_left = cron._commit_progress(1)
                    except OTHERS_AT_IT:  # its customer is being deleted
                        self.env.cr.rollback()
        if time_left > 0:
            cron._commit_progress(remaining=0)

    @api.model
    def _client(self):
        """What calls, with the networks that odoo.conf opens.

        :raises ValueError: for options that cannot be read: nothing is called then
        """
        private, more = self._opened()
        allowed = partial(is_allowed, private=private, more_ports=more)
        return WebhookClient(allowed, more_ports=more)

    @api.model
    def _opened(self):
        """(networks, ports) that odoo.conf opens besides the public ones: two tuples.

        :raises ValueError: for options that cannot be read
        """
        private = networks(config.get(PRIVATE) or "")
        return private, ports(str(config.get(MORE_PORTS) or ""))

    @api.model
    def _refusal(self, url):
        """Why an address would not be called, as far as it tells by itself (str).

        :return: a code of ``webhook_texts``, or empty
        """
        try:
            opened = self._opened()
        except ValueError:  # then nothing is opened; the worker logs why
            opened = (), ()
        try:
            return refusal(read(url, ANY_PORT), *opened)
        except TargetError as error:
            return error.code

    @api.model
    def _claim_due(self, limit):
        """Claim what is due, of workflows that run: list of ``Attempt``."""
        now = self.env["mini_crm.outbox"]._now()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """UPDATE mini_crm_workflow_call c
                SET claimed_at = %(now)s, due_at = %(free_at)s,
                    tries = coalesce(tries, 0) + 1
                FROM (SELECT due.id FROM mini_crm_workflow_call due
                    JOIN mini_crm_workflow w ON w.id = due.workflow_id
                    WHERE due.state = 'waiting' AND due.due_at <= %(now)s
                        AND w.state = 'live' AND w.active
                    ORDER BY due.due_at, due.id LIMIT %(limit)s
                    FOR NO KEY UPDATE OF due SKIP LOCKED) chosen
                WHERE c.id = chosen.id
                RETURNING c.id, c.tries, c.event_key, c.url, c.body, c.company_id""",
                now=now,
                free_at=now + LEASE,
                limit=limit,
            )
        )
        self.invalidate_model()
        signing = {company_id: self._secrets(company_id) for *_row, company_id in rows}
        return [
            Attempt(call_id, now, tries, key, url, encode(body), signing[company_id])
            for call_id, tries, key, url, body, company_id in rows
        ]

    @api.model
    def _secrets(self, company_id):
        """What signs the calls of a company; empty when the key is missing (tuple)."""
        # sudo: nobody has access to the table; the worker signs with what is in it
        secrets = self.env["mini_crm.webhook.secret"].sudo()
        try:
            return tuple(secrets._signing(self.env["res.company"].browse(company_id)))
        except UserError:  # it is logged; the calls are tried again
            return ()

    @api.model
    def _record(self, attempt, status, problem):
        """Keep what came of an attempt, unless another worker has it by now."""
        now = self.env["mini_crm.outbox"]._now()
        again = next_try(attempt.tries, problem, now) if problem else None
        state = "waiting" if again else "failed" if problem else "done"
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_workflow_call
                SET state = %s, status = %s, problem = %s, due_at = %s,
                    claimed_at = NULL
                WHERE id = %s AND claimed_at = %s""",
                state,
                status,
                problem or None,
                again,
                attempt.call_id,
                attempt.claimed_at,
            ),
            log_exceptions=False,
        )
        self.invalidate_model()


def _call(client, attempt):
    """Make one attempt, in a thread of its own: (HTTP status or 0, code or "")."""
    if not attempt.secrets:
        return 0, "key_missing"
    if len(attempt.body) > LARGEST:
        return 0, "too_large"
    now = int(time.time())
    told = headers(attempt.event_key, attempt.body, now, list(attempt.secrets))
    try:
        target = read(attempt.url, client.more_ports)
        status = client.post(target, attempt.body, told)
    except TargetError as error:
        return 0, error.code
    except CallError as error:
        return 0, error.why
    except Exception:
        _logger.exception("Webhook call %s cannot be made", attempt.call_id)
        return 0, "internal"
    return status, problem_of(status)
