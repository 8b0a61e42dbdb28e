from odoo import api, fields, models


class ResPartner(models.Model):
    """What the health of a customer means, and what to do about it."""

    _inherit = "res.partner"

    health_advice = fields.Json(
        compute="_compute_health_advice",
        groups="base.group_user",
        help="What the health means and what one can do: {meaning, advice, actions}.",
    )

    @api.depends("crm_health", "phone", "email")
    @api.depends_context("lang")
    def _compute_health_advice(self):
        for partner in self:
            meaning, advice = partner._health_meaning()
            partner.health_advice = {
                "meaning": meaning,
                "advice": advice,
                "actions": partner._health_actions(),
            }

    def _health_meaning(self):
        """What the health of this customer means, and what should be done (two str)."""
        _ = self.env._
        meanings = {
            "green": (_("Healthy, engaged"), _("Maintain the relationship")),
            "yellow": (_("Moderate engagement"), _("Re-engage")),
            "red": (_("At risk of churn"), _("Re-engage urgently")),
        }
        unknown = (_("Not enough data yet"), _("Make the first contact"))
        return meanings.get(self.crm_health, unknown)

    def _health_actions(self):
        """What one can do for this customer's health: the first is the main one.

        Extension: rooms add their own. ``key`` is an action of the customer's form
        (message, call, note, task, purchase), or there is an ``action``: the external
        id of a window action that opens for this customer.

        :return: list of ``{key, label, icon}``, and ``action`` where there is one
        """
        self.ensure_one()
        _ = self.env._
        labels = {
            "call": (_("Call"), _("Call now")),
            "message": (_("Write a message"), _("Write now")),
        }
        icons = {"call": "fa-phone", "message": "fa-envelope-o"}
        reach = [self.phone and "call", self.email and "message"]
        if self.crm_health != "red":
            reach.reverse()  # a call is for the urgent ones
        urgent = self.crm_health == "red"
        actions = [
            {"key": key, "label": labels[key][urgent], "icon": icons[key]}
            for key in reach
            if key
        ]
        note = {"key": "note", "label": _("Write a note"), "icon": "fa-sticky-note-o"}
        return [*actions, note]
