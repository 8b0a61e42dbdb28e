from odoo import api, models

from ..customer.res_partner_filter_panel import OFFERED

CUSTOMERS = [("journey_stage", "!=", False)]


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _filter_panel(self):
        return {
            **super()._filter_panel(),
            "health": self._filter_choices("crm_health", empty=True),
            "stages": self._filter_choices("journey_stage"),
            "tags": self._filter_tags(),
        }

    @api.model
    def _filter_choices(self, name, *, empty=False):
        """Choices of a figure with how many customers have each, from stored counts.

        :param bool empty: "none of them" is offered too
        """
        counts = dict(self._read_group(CUSTOMERS, [name], ["__count"]))
        choices = self._fields[name]._description_selection(self.env)
        if empty:
            choices = [*choices, (False, self.env._("Not enough data yet"))]
        return [
            {"value": value, "label": label, "count": counts.get(value, 0)}
            for value, label in choices
        ]

    @api.model
    def _filter_tags(self):
        """The tags that most customers have, then others."""
        counts = self._read_group(
            CUSTOMERS,
            ["category_id"],
            ["__count"],
            order="__count DESC",
            limit=OFFERED + 1,  # "no tag" is one of the groups
        )
        used = [
            {"id": tag.id, "name": tag.display_name, "color": tag.color, "count": count}
            for tag, count in counts
            if tag
        ][:OFFERED]
        others = self._filter_records(
            "res.partner.category",
            [("id", "not in", [tag["id"] for tag in used])],
            "color",
        )
        return [*used, *others][:OFFERED]
