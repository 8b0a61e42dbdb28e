from odoo import fields, models

BASIC = ("name", "email", "phone")


class MiniCrmWorkflowRun(models.Model):
    """The action that tells another program of the customer."""

    _inherit = "mini_crm.workflow.run"

    def _act_webhook(self, config):
        """Queue a call; it is made after the commit, and once for each visit.

        :param dict config: ``url`` and ``fields``, keys of what is told of the customer
        """
        # sudo: where a run stands and what it calls are the machine's
        run = self.sudo()
        node, visit = run.position["node"], run.position["visit"]
        partner = self.env["res.partner"].browse(run.partner_id.id)
        partner.check_access("read")
        now = fields.Datetime.now()
        run.env["mini_crm.workflow.call"]._queue(
            run,
            f"{run.id}:{node}:{visit}",
            config["url"],
            {
                "type": "workflow.webhook",
                "timestamp": f"{now.isoformat()}Z",
                "data": {
                    "workflow": {
                        "id": run.workflow_id.id,
                        "name": run.workflow_id.name,
                    },
                    "run": run.id,
                    "node": node,
                    "customer": {
                        "id": partner.id,
                        "fields": _told(partner, config.get("fields") or ()),
                    },
                },
            },
        )


def _told(partner, names):
    """{key: value as JSON} of a customer; what is empty, or no field any more, is
    ``None``."""
    custom = partner._custom_values()[partner.id]
    values = {name: partner[name] or None for name in BASIC} | custom
    return {name: _json(values.get(name)) for name in names}


def _json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
