"""Customers from before the counts are counted."""

from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Give profiles what they need of their contacts, then count everybody."""
    counts = api.Environment(cr, SUPERUSER_ID, {})["mini_crm.customer.count"]
    counts._repair(first=True)
