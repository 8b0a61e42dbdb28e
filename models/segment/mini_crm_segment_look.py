from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

DAYS_SHOWN = 90
WEEK = 7


class MiniCrmSegment(models.Model):
    """What people see of a segment: sentence, size over time, its customers."""

    _inherit = "mini_crm.segment"

    sentence = fields.Char(
        compute="_compute_sentence", help="The condition in plain words."
    )
    sizes = fields.Json(
        compute="_compute_sizes",
        help="The last 90 days: [[day, members], ...], oldest first.",
    )
    week_change = fields.Integer(
        "This Week",
        compute="_compute_sizes",
        help="Members now, less those of a week ago.",
    )
    pin_count = fields.Integer("By Hand", compute="_compute_pin_count")
    is_shipped = fields.Boolean(compute="_compute_is_shipped")

    @api.depends("domain", "kind")
    @api.depends_context("lang")
    def _compute_sentence(self):
        condition = self.env["mini_crm.condition"]
        for segment in self:
            segment.sentence = (
                self.env._("Picked by hand")
                if segment.kind == "static"
                else condition._sentence(segment.domain)
            )

    @api.depends("member_count")
    def _compute_sizes(self):
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """SELECT segment_id, json_agg(ARRAY[date::text, members::text]
                    ORDER BY date)
                FROM mini_crm_segment_size
                WHERE segment_id = ANY(%s) AND date >= %s GROUP BY segment_id""",
                self.ids,
                today - timedelta(days=DAYS_SHOWN),
            )
        )
        found = {
            segment_id: [[day, int(members)] for day, members in points]
            for segment_id, points in rows
        }
        week_ago = str(today - timedelta(days=WEEK))
        for segment in self:
            points = found.get(segment.id, [])
            before = [members for day, members in points if day <= week_ago]
            segment.sizes = points
            segment.week_change = segment.member_count - before[-1] if before else 0

    def _compute_pin_count(self):
        counts = dict(
            self.env["mini_crm.segment.pin"]._read_group(
                [("segment_id", "in", self.ids)], ["segment_id"], ["__count"]
            )
        )
        for segment in self:
            segment.pin_count = counts.get(segment, 0)

    @api.depends("key")
    def _compute_is_shipped(self):
        keys = {entry["key"] for entry in self._shipped()}
        for segment in self:
            segment.is_shipped = segment.key in keys

    def action_open_customers(self):
        """The customers' own list and cards, of this segment only."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mini_crm.mini_crm_customer_action"
        )
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": [("journey_stage", "!=", False), ("segment_ids", "in", self.ids)],
            # An address of its own would open all customers when it is loaded again.
            "path": False,
        }

    def action_open_new(self):
        """Where to go on with a segment just made: its customers.

        Of one that is picked by hand, its members: there customers are put in.
        """
        self.ensure_one()
        if self.kind == "static":
            return self.action_open_members()
        return self.action_open_customers()

    def action_open_members(self):
        """Members with the time and the reason of their coming."""
        action = self._open_part("mini_crm.mini_crm_segment_member_action")
        if self.kind == "static":
            action["help"] = Markup(
                '<p class="o_view_nocontent_empty_folder">%s</p><p>%s</p>'
            ) % (
                self.env._("Nobody is in it yet"),
                self.env._("A manager puts customers in and takes them out."),
            )
        return action

    def action_open_pins(self):
        """Customers put in or kept out by hand."""
        return self._open_part("mini_crm.mini_crm_segment_pin_action")

    def _open_part(self, xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {
            **action,
            "domain": [("segment_id", "=", self.id)],
            "context": {
                "default_segment_id": self.id,
                "segment_id": self.id,
                "segment_kind": self.kind,
                "segment_company_id": self.company_id.id,
            },
        }
