"""Fields from before archived ones kept their slots; and the birth date."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Leave each slot to one definition, and make the field of the birth date."""
    # The values mean what the field in use says; an archived one has lost them before.
    cr.execute(
        """UPDATE mini_crm_field f SET slot = NULL, released = TRUE
        WHERE f.active IS NOT TRUE AND EXISTS (
            SELECT FROM mini_crm_field o WHERE o.slot = f.slot AND o.id <> f.id
                AND (o.active OR o.id > f.id))"""
    )
    api.Environment(cr, SUPERUSER_ID, {})["mini_crm.field"]._make_birth_date()
