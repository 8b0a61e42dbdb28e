from odoo.tools import SQL

from ...models.tag.mini_crm_tag_rule_difference import everyone
from ..common import MiniCrmCase
from ..factories import make_customer

NOBODY = "[('crm_score', '>', 1000)]"  # a condition that never holds


class TagCase(MiniCrmCase):
    """A tag with a rule whose condition holds for whom the test says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Golden"})
        cls.rule = cls._rule("Golden rule")
        cls.one, cls.two = make_customer(cls.env), make_customer(cls.env)
        # Rules look at new customers: let them do so before the test begins.
        cls.env.cr.flush()
        while cls.env["mini_crm.queue"]._run_listeners(SQL("TRUE")):
            cls.env.cr.flush()
        cls.env["mini_crm.rule"]._run_all()

    @classmethod
    def _rule(cls, name, **values):
        return cls.env["mini_crm.tag.rule"].create(
            {"name": name, "category_id": cls.tag.id, "domain": NOBODY, **values}
        )

    def hold(self, rule, partners, scope=None):
        """Let the condition of a rule hold for these partners and nobody else.

        :param scope: partners that are looked at; default all
        :return: how many were tagged, and untagged
        """
        within = everyone
        if scope is not None:
            ids = list(scope.ids)
            within = lambda column: SQL("%s = ANY(%s)", column, ids)  # noqa: E731
        wanted = SQL("SELECT unnest(%s::int[])", list(partners.ids))
        events = self.env["mini_crm.event"]
        last = events.search([], order="id desc", limit=1).id
        rule._apply_difference(wanted, within, {})
        types = events.search(
            [("id", ">", last), ("type", "in", ["tag_added", "tag_removed"])]
        ).mapped("type")
        return types.count("tag_added"), types.count("tag_removed")

    def switch_off(self, rule):
        """Archive a rule, and let the worker take its tags off."""
        rule.action_archive()
        rule._step(10**6)

    def origin(self, partner, rule=None):
        return self.env["mini_crm.tag.origin"].search(
            [("partner_id", "=", partner.id), ("rule_id", "=", (rule or self.rule).id)]
        )

    def tag_events(self, partner):
        """(type, name of the rule) of the events of the tag, oldest first."""
        self.settle()
        return [
            (event.type, event.data.get("rule"))
            for event in self.events(partner, "tag_added", "tag_removed")
            if event.data["tag_id"] == self.tag.id
        ]
