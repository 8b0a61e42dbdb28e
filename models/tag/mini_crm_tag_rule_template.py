from odoo import api, models
from odoo.tools import SQL

from .hand_sql import LINKS


class MiniCrmTagRule(models.Model):
    """Tag rules that come with the template of an industry, with their tags."""

    _inherit = "mini_crm.tag.rule"

    @api.model
    def _template_values(self, entry):
        tag = self._tag_named(entry["name"], entry.get("color", 0))
        return {**super()._template_values(entry), "category_id": tag.id}

    def _template_state(self):
        return [*super()._template_state(), self.category_id.id]

    def _drop_from_template(self):  # pylint: disable=missing-return
        """The tag goes, too, if it was made with the rule and nobody carries it."""
        made = self.category_id.filtered(
            lambda tag: tag.create_date == self.create_date
        )
        super()._drop_from_template()
        # sudo: the tag was made by the template, as superuser
        rules = self.env["mini_crm.tag.rule"].sudo().with_context(active_test=False)
        for tag in made.sudo():
            carried = self.env.execute_query(
                SQL("SELECT FROM %s WHERE category_id = %s LIMIT 1", LINKS, tag.id)
            )
            if not carried and not rules.search([("category_id", "=", tag.id)]):
                tag.unlink()

    def _usages(self):
        """Rules and segments whose condition asks for the tag, as ``mini_crm.rule``."""
        node = ("tag", self.category_id.id)
        return [
            *super()._usages(),
            *(
                {
                    "kind": self.env["ir.model"]._get(kind).name,
                    "name": rule.name,
                    "model": kind,
                    "id": rule.id,
                }
                for kind in self._kinds()
                # sudo: a rule that this person may not see loses its tag as well
                for rule in self.env[kind]
                .sudo()
                .with_context(active_test=False)
                .search([("domain", "like", "category_id")])
                if rule.id != self.id and node in self._nodes(rule.domain)
            ),
        ]
