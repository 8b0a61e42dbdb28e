"""What a product still has to do: all that need not wait, as one SELECT."""

AT_WORK = """SELECT (SELECT count(*) FROM mini_crm_queue) AS events,
    (SELECT count(*) FROM mini_crm_batch WHERE state IN ('running', 'undoing'))
        AS batches,
    (SELECT count(*) FROM mini_crm_inbox WHERE state = 'new') AS received,
    (SELECT count(*) FROM mini_crm_outbox WHERE claimed_at IS NOT NULL OR
        due_at < now() AT TIME ZONE 'utc' + interval '1 minute') AS sending,
    (SELECT count(*) FROM mini_crm_workflow_run r
        JOIN mini_crm_workflow w ON w.id = r.workflow_id
        WHERE w.state = 'live' AND w.active AND r.state IN ('running', 'waiting')
        AND r.due_at <= now() AT TIME ZONE 'utc') AS runs,
    (SELECT count(*) FROM mini_crm_workflow_call WHERE state = 'waiting'
        AND (claimed_at IS NOT NULL OR due_at <= now() AT TIME ZONE 'utc')) AS calls,
    (SELECT count(*) FROM mini_crm_workflow_mail
        WHERE due_at <= now() AT TIME ZONE 'utc') AS mails,
    (SELECT rules_waiting FROM mini_crm_health) AS rules"""
