from contextlib import contextmanager

from odoo import api, fields, models

from .count_sql import create_triggers


class MiniCrmProfile(models.Model):
    """Profiles are counted by triggers: see ``mini_crm.customer.count``."""

    _inherit = "mini_crm.profile"

    # Copies of the contact's own, kept by a trigger. A number, not a Many2one: its
    # index would have to be kept with every score that is written.
    partner_company_id = fields.Integer("Company", aggregator=None)
    partner_share = fields.Boolean("Share Partner")
    partner_active = fields.Boolean("Active")

    def init(self):  # pylint: disable=missing-return
        super().init()
        create_triggers(self.env.cr)

    @api.model
    @contextmanager
    def _counted_afterwards(self):
        """Count everybody once at the end, not with every statement: on installing."""
        self.env.cr.execute("ALTER TABLE mini_crm_profile DISABLE TRIGGER USER")
        yield
        self.env.cr.execute("ALTER TABLE mini_crm_profile ENABLE TRIGGER USER")
        self.env["mini_crm.customer.count"]._repair(first=True)
