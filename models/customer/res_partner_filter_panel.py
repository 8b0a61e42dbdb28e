from odoo import api, models
from odoo.tools import SQL

OFFERED = 40  # of each kind of record; further ones are found by their names
MANAGER = "mini_crm.mini_crm_group_manager"


class ResPartner(models.Model):
    """What the filter panel beside the list of customers offers."""

    _inherit = "res.partner"

    @api.model
    @api.readonly
    def get_filter_panel(self):
        """All that the filter panel offers, in the user's language (agents).

        Rooms add their own part in ``_filter_panel()``.

        :return: ``currency_id``; ``manager`` (bool: may share and make segments);
            ``sources``, ``owners``, ``segments``, ``tags``: records as ``{id, name}``,
            some with ``color`` and ``count``; ``health``, ``stages``: ``{value, label,
            count}``; ``fields``: custom fields ``{slot, type, label, choices,
            birthday}``; ``months``: ``{label, alternatives}``, see
            ``engine.jalali_months``
        :rtype: dict
        :raise AccessError: the user may not read customers
        """
        self.browse().check_access("read")
        self._check_field_access(self._fields["crm_search"], "read")
        return self._filter_panel()

    @api.model
    def _filter_panel(self):
        """Extension point of ``get_filter_panel``: each room adds its keys (dict)."""
        return {
            "currency_id": self.env.company.currency_id.id,
            "manager": self.env.user.has_group(MANAGER),
            "sources": self._filter_sources(),
            "owners": self._filter_records("res.users", [("share", "=", False)]),
        }

    @api.model
    def _filter_sources(self):
        """Sources, first those from which somebody has come: Odoo ships many others."""
        self.flush_model(["source_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id FROM utm_source s WHERE EXISTS
                (SELECT FROM res_partner p WHERE p.source_id = s.id)"""
            )
        )
        used = [row[0] for row in rows]
        first = self._filter_records("utm.source", [("id", "in", used)])
        others = self._filter_records("utm.source", [("id", "not in", used)])
        return [*first, *others][:OFFERED]

    @api.model
    def _filter_records(self, model, domain, *more, order=None):
        """Records that a filter offers, as ``{id, name}`` and further fields."""
        records = self.env[model].search_read(
            domain, ["display_name", *more], limit=OFFERED, order=order
        )
        return [{"name": record.pop("display_name"), **record} for record in records]
