import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .hand_sql import LINKS


class ResPartnerCategory(models.Model):
    """Tags from their own side: who got one there, what goes with a deleted one."""

    _inherit = "res.partner.category"

    @api.model_create_multi
    def create(self, vals_list):
        tags = super().create(vals_list)
        for tag, vals in zip(tags, vals_list, strict=True):
            if vals.get("partner_ids"):
                tag._log_links(set())
        return tags

    def write(self, vals):
        if "partner_ids" not in vals:
            return super().write(vals)
        before = {tag: tag._carriers() for tag in self}
        result = super().write(vals)
        put_on = [
            command[1]
            for command in vals["partner_ids"] or []
            if isinstance(command, list | tuple) and command[0] == Command.LINK
        ]
        self.env["mini_crm.tag.origin"]._put_on_by_hand(put_on, self.ids)
        for tag in self:
            tag._log_links(before[tag])
        return result

    @api.constrains("mini_crm_advocate")
    def _check_no_loop(self):
        for tag in self.filtered("mini_crm_advocate"):
            self.env["mini_crm.tag.rule"]._refuse_loop(("tag", tag.id))

    def _carriers(self):
        """Who carries this tag: set of ids of contacts."""
        self.ensure_one()
        self.env.flush_all()
        return {
            row[0]
            for row in self.env.execute_query(
                SQL("SELECT partner_id FROM %s WHERE category_id = %s", LINKS, self.id)
            )
        }

    def _log_links(self, before):
        """Tell in the timelines who got or lost this tag since ``before``."""
        after = self._carriers()
        data = json.dumps({"tag_id": self.id, "tag": self.display_name})
        rows = [(i, "tag_added", data, None) for i in sorted(after - before)]
        rows += [(i, "tag_removed", data, None) for i in sorted(before - after)]
        if rows:
            self.env["res.partner"]._log_rows(rows)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_put_on_by_rules(self):
        # sudo: a rule that this person may not see would go as well
        rules = self.env["mini_crm.tag.rule"].sudo().with_context(active_test=False)
        for rule in rules.search([("category_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "The tag %(tag)s is put on by the rule %(rule)s: %(count)s"
                    " customers carry it because of that. Delete the rule first, or"
                    " give it another tag; its tags go with it.",
                    tag=rule.category_id.display_name,
                    rule=rule.name,
                    count=rule.tagged_count,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _log_end_of_tag(self):
        partners = self.env["res.partner"].sudo()  # sudo: as at the commit
        partners._log_changes()
        events = self.env["mini_crm.event"]
        for tag in self:
            events._log_many(
                {
                    "partner_id": SQL("p.id"),
                    "company_id": SQL(
                        "coalesce(p.company_id, %s)", self.env.company.id
                    ),
                    "type": SQL("'tag_removed'"),
                    "data": events._json({"tag_id": tag.id, "tag": tag.display_name}),
                },
                SQL(
                    """FROM %s l JOIN res_partner p ON p.id = l.partner_id
                    WHERE l.category_id = %s AND %s""",
                    LINKS,
                    tag.id,
                    partners._customer_filter("p"),
                ),
            )
