from odoo import models
from odoo.tools import SQL


class MiniCrmBatch(models.Model):
    """Which events of an undone import of purchases did not happen."""

    _inherit = "mini_crm.batch"

    def _undone_events(self, alias):
        """A row of such an import is a purchase: its customer has others.

        What is told of a purchase that stays has happened, and so have the customers
        that stay.
        """
        if self.kind != "import_purchases":
            return super()._undone_events(alias)
        return SQL(
            """NOT (%(event)s.type = 'customer_created' OR (
                %(event)s.res_model = 'mini_crm.purchase' AND EXISTS (
                    SELECT FROM mini_crm_purchase u WHERE u.id = %(event)s.res_id)))""",
            event=SQL.identifier(alias),
        )
