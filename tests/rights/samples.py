"""One record of every model of the add-on in a given company, for the rights matrix."""

from uuid import uuid4

from odoo.tools import SQL

from ..factories import make_customer, make_purchase
from .duplicate_samples import DUPLICATE_SAMPLES
from .workflow_samples import WORKFLOW_SAMPLES


def _first(env, query, *args):
    return env.execute_query(SQL(query, *args))[0][0]


def _customer(env, company):
    return make_customer(env, company_id=company.id)


def _event(env, company):
    return env["mini_crm.event"].browse(_customer(env, company)._log("call_logged"))


def _queue(env, company):
    customer = _customer(env, company)
    return env["mini_crm.queue"].browse(
        _first(
            env,
            """INSERT INTO mini_crm_queue (event_id, partner_id, type)
            VALUES (0, %s, 'x') RETURNING id""",
            customer.id,
        )
    )


def _transition(env, company):
    return env["mini_crm.journey.transition"].create(
        {
            "partner_id": _customer(env, company).id,
            "to_stage": "purchase",
            "date": "2026-01-01",
        }
    )


def _history(env, company):
    return env["mini_crm.score.history"].create(
        {"partner_id": _customer(env, company).id, "date": "2020-01-01"}
    )


def _batch(env, company):
    return env["mini_crm.batch"].create(
        {"name": "Sample", "kind": "recalculate", "company_id": company.id}
    )


def _batch_line(env, company):
    return env["mini_crm.batch.line"].create(
        {"batch_id": _batch(env, company).id, "row": 1}
    )


def _batch_cancel(env, company):
    return env["mini_crm.batch.cancel"].create({"batch_id": _batch(env, company).id})


def _key():
    """A key that nothing else has."""
    return f"sample_{uuid4().hex}"


def _export(env, company):
    return env["mini_crm.export.log"].create(
        {"file_name": "a.csv", "format": "csv", "company_id": company.id}
    )


def _field(env, company):
    # in the overflow: without a slot that another sample might use
    return env["mini_crm.field"].create({"name": "Size", "key": _key(), "slot": False})


def _option(env, company):
    choice = env["mini_crm.field"].create(
        {"name": "Size", "key": _key(), "slot": False, "type": "select"}
    )
    return env["mini_crm.field.option"].create(
        {"field_id": choice.id, "name": "One", "code": "one"}
    )


def _field_change(env, company):
    customer = _customer(env, company)
    customer._log("field_updated", data={"city": [None, "Qom"]}, company_id=company.id)
    changes = env["mini_crm.field.change"]
    return changes.search([("partner_id", "=", customer.id), ("key", "=", "city")])


def _field_value(env, company):
    return env["mini_crm.field.value"].create(
        {
            "field_id": _field(env, company).id,
            "partner_id": _customer(env, company).id,
            "value": "L",
        }
    )


def _section(env, company):
    return env["mini_crm.field.section"].create({"name": "Sample", "key": _key()})


def _industry(env, company):
    return env["mini_crm.industry"].create({"name": "Sample", "key": _key()})


def _industry_field(env, company):
    return env["mini_crm.industry.field"].create(
        {"industry_id": _industry(env, company).id, "name": "Size", "key": "size"}
    )


def _api_request(env, company):
    return env["mini_crm.api.request"].create(
        {
            "user_id": env.uid,
            "key": _key(),
            "fingerprint": "0",
            "date": "2026-01-01",
        }
    )


def _api_claim(env, company):
    return env["mini_crm.api.claim"].create({"key": _key(), "date": "2026-01-01"})


def _purchase_source(env, company):
    return env["mini_crm.purchase.source"].create({"name": f"sample.{company.id}"})


def _score_run(env, company):
    return env["mini_crm.score.run"].create({"kind": "age"})


def _score_setting(env, company):
    return env["mini_crm.score.setting"].create(
        {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "reason": "hand",
        }
    )


def _cron_repair(env, company):
    cron = env.ref("mini_crm.ir_cron_mini_crm_queue")
    return env["mini_crm.cron.repair"].create(
        {"cron_id": cron.id, "reason": "switched_off"}
    )


def _heartbeat(env, company):
    env["mini_crm.heartbeat"]._beat()
    return env["mini_crm.heartbeat"].search([], limit=1)


def _customer_count(env, company):
    _customer(env, company)
    return env["mini_crm.customer.count"].search([], limit=1)


def _rule_mark(env, company):
    mark = env["mini_crm.rule.mark"]
    customer = _customer(env, company)
    mark._touch(SQL("SELECT %s", customer.id))
    return mark.browse(customer.id)


def _redirect(env, company):
    source, survivor = _customer(env, company), _customer(env, company)
    return env["mini_crm.redirect"].create(
        {"source_id": source.id, "survivor_id": survivor.id}
    )


# A new model needs a line here and its rows in matrix.csv.
def _segment(env, company):
    return env["mini_crm.segment"].create({"name": "S", "company_id": company.id})


def _of_segment(model, **values):
    return lambda env, company: env[model].create(
        {"segment_id": _segment(env, company).id, **values}
    )


def _of_segment_and_customer(model, **values):
    return lambda env, company: env[model].create(
        {
            "segment_id": _segment(env, company).id,
            "partner_id": _customer(env, company).id,
            **values,
        }
    )


def _tag_rule(env, company):
    tag = env["res.partner.category"].create({"name": "T"})
    return env["mini_crm.tag.rule"].create(
        {"name": "T", "category_id": tag.id, "company_id": company.id}
    )


def _tag_origin(env, company):
    rule = _tag_rule(env, company)
    return env["mini_crm.tag.origin"].create(
        {
            "rule_id": rule.id,
            "partner_id": _customer(env, company).id,
            "category_id": rule.category_id.id,
            "since": "2026-01-01",
        }
    )


def _journey_day(env, company):
    return env["mini_crm.journey.day"].create(
        {"company_id": company.id, "date": "2020-01-01"}
    )


def _journey_flow(env, company):
    return env["mini_crm.journey.flow"].create(
        {
            "company_id": company.id,
            "date": "2020-01-01",
            "from_stage": "awareness",
            "to_stage": "purchase",
            "moves": 1,
        }
    )


def _channel(env, company):
    return env["mini_crm.channel"].create(
        {"name": "Shop", "type": "telegram", "company_id": company.id}
    )


def _channel_secret(env, company):
    return env["mini_crm.channel.secret"].create(
        {"channel_id": _channel(env, company).id, "name": "token", "value": "x"}
    )


def _consent(env, company):
    return env["mini_crm.consent"].create(
        {"partner_id": _customer(env, company).id, "channel": "telegram", "state": "in"}
    )


def _identity(env, company):
    channel = _channel(env, company)
    channel.state = "live"
    return env["mini_crm.identity"].create(
        {
            "channel_id": channel.id,
            "company_id": company.id,
            "partner_id": _customer(env, company).id,
            "external_id": "1",
        }
    )


def _message(env, company):
    return _identity(env, company)._send("Salam")


def _quick_reply(env, company):
    return env["mini_crm.quick.reply"].create(
        {"name": "hi", "body": "Hello", "company_id": company.id}
    )


def _outbox(env, company):
    message = _message(env, company)
    return env["mini_crm.outbox"].search([("message_id", "=", message.id)])


def _inbox(env, company):
    channel = _channel(env, company)
    env["mini_crm.inbox"]._store(channel, b"{}")
    return env["mini_crm.inbox"].search([("channel_id", "=", channel.id)])


def _mail_sending(env, company):
    return env["mini_crm.mail.sending"].create(
        {
            "mail_id": 1,
            "message_id": 1,
            "partner_id": _customer(env, company).id,
            "company_id": company.id,
            "noted_at": "2026-01-01 00:00:00",
        }
    )


SAMPLES = {
    **DUPLICATE_SAMPLES,
    **WORKFLOW_SAMPLES,
    "mini_crm.channel": _channel,
    "mini_crm.channel.secret": _channel_secret,
    "mini_crm.consent": _consent,
    "mini_crm.identity": _identity,
    "mini_crm.inbox": _inbox,
    "mini_crm.message": _message,
    "mini_crm.outbox": _outbox,
    "mini_crm.quick.reply": _quick_reply,
    "mini_crm.journey.day": _journey_day,
    "mini_crm.journey.flow": _journey_flow,
    "mini_crm.segment": _segment,
    "mini_crm.segment.member": _of_segment_and_customer(
        "mini_crm.segment.member", since="2026-01-01", reason="hand"
    ),
    "mini_crm.segment.pin": _of_segment_and_customer("mini_crm.segment.pin", side="in"),
    "mini_crm.segment.count": _of_segment("mini_crm.segment.count", members=1),
    "mini_crm.rule.mark": _rule_mark,
    "mini_crm.segment.size": _of_segment(
        "mini_crm.segment.size", date="2026-01-01", members=1
    ),
    "mini_crm.tag.count": lambda env, company: env["mini_crm.tag.count"].create(
        {"rule_id": _tag_rule(env, company).id, "members": 1}
    ),
    "mini_crm.tag.rule": _tag_rule,
    "mini_crm.tag.origin": _tag_origin,
    "mini_crm.api.claim": _api_claim,
    "mini_crm.api.request": _api_request,
    "mini_crm.batch": _batch,
    "mini_crm.batch.cancel": _batch_cancel,
    "mini_crm.batch.line": _batch_line,
    "mini_crm.merge.trace": lambda env, company: env["mini_crm.merge.trace"].create(
        {"batch_id": _batch(env, company).id, "kind": "kept", "relation": "x"}
    ),
    "mini_crm.redirect": _redirect,
    "mini_crm.cron.repair": _cron_repair,
    "mini_crm.customer.count": _customer_count,
    "mini_crm.event": _event,
    "mini_crm.export.log": _export,
    "mini_crm.field": _field,
    "mini_crm.field.change": _field_change,
    "mini_crm.field.option": _option,
    "mini_crm.field.section": _section,
    "mini_crm.field.value": _field_value,
    "mini_crm.health": lambda env, company: env["mini_crm.health"].browse(1),
    "mini_crm.heartbeat": _heartbeat,
    "mini_crm.industry": _industry,
    "mini_crm.industry.field": _industry_field,
    "mini_crm.journey.transition": _transition,
    "mini_crm.profile": lambda env, company: env["mini_crm.profile"].browse(
        _customer(env, company).id
    ),
    "mini_crm.purchase": lambda env, company: make_purchase(
        env, _customer(env, company), company_id=company.id
    ),
    "mini_crm.purchase.source": _purchase_source,
    "mini_crm.queue": _queue,
    "mini_crm.score.factor": lambda env, company: env["mini_crm.score.factor"].search(
        [], limit=1
    ),
    "mini_crm.score.history": _history,
    "mini_crm.score.run": _score_run,
    "mini_crm.score.setting": _score_setting,
    "mini_crm.search": lambda env, company: env["mini_crm.search"].browse(
        _customer(env, company).id
    ),
    "mini_crm.mail.sending": _mail_sending,
    "mini_crm.version": lambda env, company: env["mini_crm.version"].browse(1),
}
