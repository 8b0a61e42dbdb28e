from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .mini_crm_merge import AGENT, MOST


class MiniCrmMerge(models.AbstractModel):
    """Who can be merged with whom, and by whom."""

    _inherit = "mini_crm.merge"

    @api.model
    def _checked(self, survivor_id, other_ids):
        """The contacts of a merge: (survivor, sources).

        :raises UserError: says why they cannot be merged
        :raises AccessError: for who is no agent or may not write all of them
        """
        try:
            survivor_id = int(survivor_id)
            ids = [int(other) for other in other_ids]
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("A merge needs the ids of customers: whole numbers.")
            ) from error
        if survivor_id in ids:
            raise UserError(
                self.env._("A customer cannot be merged with himself: choose another.")
            )
        partners = self.env["res.partner"].browse([survivor_id, *dict.fromkeys(ids)])
        self._check_people(partners)
        return partners[0], partners[1:]

    @api.model
    def _check_people(self, partners):
        """Refuse contacts that cannot be merged with each other, by this user."""
        if not self.env.user.has_group(AGENT):
            raise AccessError(
                self.env._("This is for agents. Ask an administrator for the role.")
            )
        if len(partners) < 2:
            raise UserError(self.env._("Choose at least two customers to merge."))
        if len(partners) > MOST:
            raise UserError(
                self.env._(
                    "At most %(most)s customers are merged at once, not %(count)s.",
                    most=MOST,
                    count=len(partners),
                )
            )
        if len(partners.exists()) < len(partners):
            raise UserError(
                self.env._("One of these customers does not exist any more. Reload.")
            )
        partners.check_access("write")
        if refusal := self._refusal(partners):
            raise UserError(refusal)

    @api.model
    def _refusal(self, partners):
        """Why these contacts cannot be one customer: a sentence, or ``None``."""
        for tell in (
            self._tell_merged,
            self._tell_binned,
            self._tell_users,
            self._tell_own_companies,
            self._tell_mixed,
            self._tell_family,
        ):
            if refusal := tell(partners):
                return refusal
        return None

    def _tell_merged(self, partners):
        survivors = self.env["mini_crm.redirect"].sudo()._survivors(partners.ids)
        for partner in partners:
            if partner.id in survivors:
                return self.env._(
                    "%(name)s has been merged into %(survivor)s already. Choose that"
                    " customer instead.",
                    name=partner.display_name,
                    survivor=partner.browse(survivors[partner.id]).display_name,
                )
        return None

    def _tell_binned(self, partners):
        # sudo: the bin is no secret to who may write the contact
        binned = partners.sudo().filtered("binned_at")[:1]
        if binned:
            return self.env._(
                "%s is in the bin. Take that customer out of it first.",
                binned.display_name,
            )
        return None

    def _tell_users(self, partners):
        # sudo: whether a contact has a user is asked whoever merges
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search([("partner_id", "in", partners.ids)], limit=1)
        if found:
            return self.env._(
                "%s can log in: contacts with a user cannot be merged, for whoever gets"
                " their address could take over the account. Remove the user first.",
                found.partner_id.display_name,
            )
        return None

    def _tell_own_companies(self, partners):
        # sudo: likewise, companies that the user does not see
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        found = companies.search([("partner_id", "in", partners.ids)], limit=1)
        if found:
            return self.env._(
                "%s is a company of yours and cannot be merged.", found.display_name
            )
        return None

    def _tell_mixed(self, partners):
        # sudo, as above: companies that the user does not see
        companies = partners.sudo().company_id
        if len(companies) > 1:
            return self.env._(
                "These customers belong to different companies (%s). Move them to one"
                " company first.",
                ", ".join(companies.mapped("name")),
            )
        shared = partners.sudo().filtered(lambda one: not one.company_id)[:1]
        if companies and shared and self._several_companies():
            return self.env._(
                "%(shared)s belongs to all companies, another one of these customers to"
                " %(company)s only. Set the same company for both first, or none.",
                shared=shared.display_name,
                company=companies.name,
            )
        return None

    def _several_companies(self):
        # sudo: also companies that the user does not see
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search_count([], limit=2) > 1

    def _tell_family(self, partners):
        """Nobody becomes his own parent."""
        self.env["res.partner"].flush_model(["parent_id"])
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE above (id, parent_id) AS (
                    SELECT p.id, p.parent_id FROM res_partner p
                    WHERE p.id = ANY(%(ids)s)
                    UNION
                    SELECT a.id, p.parent_id FROM above a
                    JOIN res_partner p ON p.id = a.parent_id)
                SELECT id, parent_id FROM above
                WHERE parent_id = ANY(%(ids)s) LIMIT 1""",
                ids=list(partners.ids),
            )
        )
        if rows:
            child, parent = (partners.browse(one).display_name for one in rows[0])
            return self.env._(
                "%(child)s belongs to %(parent)s: a company and its own contact cannot"
                " be merged.",
                child=child,
                parent=parent,
            )
        return None

    @api.model
    def _checked_choices(self, choices):
        """Choices as {field: id}.

        :raises UserError: for what is none
        """
        if choices is None:
            return {}
        known = {n for n in self._merged_names() if self._may(n, "write")}
        if not isinstance(choices, dict):
            raise UserError(
                self.env._("Choices are an object of fields and ids of customers.")
            )
        checked = {}
        for name, chosen in choices.items():
            if name not in known:
                raise UserError(
                    self.env._("There is nothing to choose for “%s”.", name)
                )
            if not isinstance(chosen, int) or isinstance(chosen, bool):
                raise UserError(
                    self.env._(
                        "The choice for “%s” must be the id of one of the customers.",
                        name,
                    )
                )
            checked[name] = chosen
        return checked
