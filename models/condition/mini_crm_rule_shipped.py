from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from ..field.field_texts import SOURCE, fill_texts, languages


class MiniCrmRule(models.AbstractModel):
    """Rules that every company begins with; people may change and archive them."""

    _inherit = "mini_crm.rule"

    @api.model
    def _shipped(self):
        """What ships of this kind, in order.

        :return: list of ``{"key", "name": {language: text}, "domain", ...}``; the other
            keys are values of the record
        :rtype: list[dict]
        """
        return []

    @api.model
    def _ship(self, companies=None):
        """Make the shipped rules that companies lack; the worker builds them.

        What is there by its key stays as a person has made it, archived ones too. What
        the shop has no field for, such as a birthday, is left out.

        :param companies: default: all
        :return: the rules that were made
        """
        # sudo: whoever installs or makes a company need not be a manager of ours
        everything = self.sudo().with_context(active_test=False, lang=SOURCE)
        companies = companies or everything.env["res.company"].search([])
        there = {
            (rule.company_id.id, rule.key)
            for rule in everything.search(
                [("company_id", "in", companies.ids), ("key", "!=", False)]
            )
        }
        made = everything.create(
            [
                {**self._shipped_values(entry, company), "company_id": company.id}
                for company in companies
                for entry in self._shipped()
                if (company.id, entry["key"]) not in there
                and not self.env["mini_crm.condition"]._problems(entry["domain"])
            ]
        )
        for lang in languages(self.env):
            self._translate_shipped(lang)
        return made

    @api.model
    def _shipped_values(self, entry, company):
        """Values for ``create`` of an entry of ``_shipped``; kinds add to them."""
        return {
            **entry,
            "name": entry["name"][SOURCE],
            # The shop's own rule: it finds what the shop has, whoever works there.
            "user_id": SUPERUSER_ID,
        }

    @api.model
    def _translate_shipped(self, lang):
        """Give shipped rules their names in a language, where nobody has given one."""
        names = {entry["key"]: entry["name"] for entry in self._shipped()}
        rules = self.sudo().with_context(active_test=False)  # sudo: as in ``_ship``
        found = rules.search([("key", "in", list(names))])
        fill_texts(
            found,
            "name",
            lang,
            [
                (rule.id, names[rule.key][SOURCE], names[rule.key].get(lang))
                for rule in found
            ],
        )

    def restore(self):
        """Bring back the condition that a rule was shipped with (managers).

        A rule that was archived comes back itself, one that was taken over is the
        shop's own again.

        :raises UserError: when the rule did not ship with the product
        """
        self.check_access("write")
        shipped = {entry["key"]: entry for entry in self._shipped()}
        for rule in self:
            if rule.key not in shipped:
                raise UserError(
                    self.env._(
                        "%s was made by hand: there is no first condition to bring"
                        " back.",
                        rule.name,
                    )
                )
            # sudo: a condition of ours may be evaluated with the rights of Odoo itself
            rule.sudo().write(
                {
                    "domain": shipped[rule.key]["domain"],
                    "user_id": SUPERUSER_ID,
                    "active": True,
                }
            )
