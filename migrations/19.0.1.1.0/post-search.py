"""Contacts from before the search table get their rows."""

from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Fill the table; no row of ``res_partner`` is written."""
    api.Environment(cr, SUPERUSER_ID, {})["mini_crm.search"]._fill()
