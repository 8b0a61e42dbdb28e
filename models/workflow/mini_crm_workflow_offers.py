from odoo import models

from ...engine.workflow_kinds import KEPT_DATES
from ..thread.res_partner_quick_replies import CONTACT_FIELDS
from .mini_crm_workflow_references import BASIC


class MiniCrmWorkflow(models.Model):
    """What the visual editor offers for choice."""

    _inherit = "mini_crm.workflow"

    def _fields_to_save(self):
        """Basic fields, then custom ones: where an answer may go."""
        described = self.env["res.partner"].fields_get(list(BASIC), ["string"])
        basic = [
            {"name": name, "label": described[name]["string"], "type": kind}
            for name, kind in BASIC.items()
        ]
        return basic + [
            {
                "name": look.key,
                "label": look.label,
                "type": look.type,
                "choices": [
                    [choice.code, choice.label]
                    for choice in look.choices
                    if choice.active
                ],
            }
            for look in self._custom_looks()
        ]

    def _custom_looks(self):
        return list(self.env["mini_crm.field"]._looks().active)

    def _variables(self):
        """[name, label] of what a text may tell: the allow-list of quick replies."""
        names = list(CONTACT_FIELDS.values())
        described = self.env["res.partner"].fields_get(names, ["string"])
        contact = [
            [name, described[field]["string"]] for name, field in CONTACT_FIELDS.items()
        ]
        contact.insert(1, ["first_name", self.env._("First name")])
        return contact + [
            [look.key, look.label] for look in self._custom_looks() if look.slot
        ]

    def _dates_to_wait_for(self):
        """[name, label] of what a wait for a date may name: those that runs know."""
        kept = self.env["res.partner"].fields_get(list(KEPT_DATES), ["string"])
        return [[name, kept[name]["string"]] for name in KEPT_DATES] + [
            [look.key, look.label]
            for look in self._custom_looks()
            if look.type == "date"
        ]

    def _segments_to_choose(self):
        """[id, label] of the company's segments."""
        company = self.company_id or self.env.company
        segments = self.env["mini_crm.segment"].search(
            [("company_id", "=", company.id)]
        )
        return [[segment.id, segment.name] for segment in segments]
