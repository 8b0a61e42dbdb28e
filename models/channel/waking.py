"""Waking a scheduled job: cheap where hundreds of requests do it at once."""

from psycopg2.errors import SerializationFailure

from odoo.tools import SQL

INBOX_JOB = "ir_cron_mini_crm_inbox"
SECOND_INBOX_JOB = "ir_cron_mini_crm_inbox_2"
MEDIA_JOB = "ir_cron_mini_crm_media"
QUEUE_JOB = "ir_cron_mini_crm_queue"


def wake(env, job):
    """Have a scheduled job of ours look for work as soon as this is committed.

    A trigger that waits already is as good, if the job cannot begin before this
    transaction ends: therefore it is locked. The job deletes its triggers when it
    begins, so one that is locked by the job is passed over, and a new one is added. It
    is also added to one that has waited for long: the job may be waiting for us, who
    hold it, and would wait for ever if those who come after us held it as well.

    :param str job: XML id without the module
    """
    cron_id = job_id(env, job)
    if _is_waiting(env.cr, cron_id):
        return
    env.cr.execute(
        SQL(
            """INSERT INTO ir_cron_trigger (cron_id, call_at)
            VALUES (%s, date_trunc('second', now() AT TIME ZONE 'utc'))""",
            cron_id,
        )
    )
    notify_after_commit(env)


def job_id(env, job):
    """The id (int) of a scheduled job of ours, without a query.

    :param str job: XML id without the module
    :raises ValueError: when there is none
    """
    return env["ir.model.data"]._xmlid_to_res_id(
        f"mini_crm.{job}", raise_if_not_found=True
    )


def notify_after_commit(env):
    """Have the threads for jobs look for new triggers when this is committed."""
    env.cr.postcommit.add(env["ir.cron"]._notifydb)


# The trigger, if there is one, that a job will begin with after this transaction, and
# so see its work; see ``wake``. It raises SerializationFailure when the trigger was
# deleted since our snapshot.
WAITING = """SELECT FROM ir_cron_trigger WHERE cron_id = %s
    AND call_at BETWEEN date_trunc('second', now() AT TIME ZONE 'utc')
        - interval '1 second' AND now() AT TIME ZONE 'utc'
    LIMIT 1 FOR KEY SHARE SKIP LOCKED"""


def _is_waiting(cr, cron_id):
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL(WAITING, cron_id), log_exceptions=False)
            return bool(cr.rowcount)
    except SerializationFailure:
        return False  # deleted since our snapshot: the job has begun
