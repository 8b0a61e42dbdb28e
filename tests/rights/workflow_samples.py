"""Records of the workflow room for the rights matrix."""

from uuid import uuid4

from ..factories import make_customer


def _workflow(env, company):
    return env["mini_crm.workflow"].create(
        {"name": "Welcome", "company_id": company.id}
    )


def _workflow_version(env, company):
    return env["mini_crm.workflow.version"].create(
        {
            "workflow_id": _workflow(env, company).id,
            "number": 1,
            "definition": {"format": 1},
        }
    )


def _workflow_run(env, company):
    version = _workflow_version(env, company)
    return env["mini_crm.workflow.run"].create(
        {
            "workflow_id": version.workflow_id.id,
            "version_id": version.id,
            "company_id": company.id,
            "partner_id": make_customer(env, company_id=company.id).id,
            "started_at": "2026-01-01 00:00:00",
        }
    )


def _workflow_step(env, company):
    run = _workflow_run(env, company)
    return env["mini_crm.workflow.step"].create(
        {
            "run_id": run.id,
            "version_id": run.version_id.id,
            "company_id": company.id,
            "node": "n1",
            "visit": 1,
            "kind": "send",
            "date": "2026-01-01 00:00:00",
        }
    )


def _workflow_call(env, company):
    return env["mini_crm.workflow.call"].create(
        {
            "company_id": company.id,
            "event_key": uuid4().hex,
            "url": "https://example.com/hook",
            "body": {"type": "sample"},
            "created_at": "2026-01-01 00:00:00",
        }
    )


def _workflow_mail(env, company):
    run = _workflow_run(env, company)
    mails = env["mini_crm.workflow.mail"]
    mails._keep(run, f"wf:{run.id}:n1:1", "Scarf", "Which one?", env.cr.now())
    return mails.search([("workflow_run_id", "=", run.id)])


def _webhook_secret(env, company):
    return env["mini_crm.webhook.secret"].create(
        {"company_id": company.id, "value": "sealed"}
    )


def _workflow_start(env, company):
    workflow, customer = _workflow(env, company), make_customer(env)
    env["mini_crm.workflow.start"]._note(workflow, {customer.id: "birthday 2026"})
    return env["mini_crm.workflow.start"].search([("partner_id", "=", customer.id)])


WORKFLOW_SAMPLES = {
    "mini_crm.webhook.secret": _webhook_secret,
    "mini_crm.workflow": _workflow,
    "mini_crm.workflow.version": _workflow_version,
    "mini_crm.workflow.run": _workflow_run,
    "mini_crm.workflow.step": _workflow_step,
    "mini_crm.workflow.call": _workflow_call,
    "mini_crm.workflow.mail": _workflow_mail,
    "mini_crm.workflow.start": _workflow_start,
}
