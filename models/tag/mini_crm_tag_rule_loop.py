from odoo import api, models
from odoo.exceptions import ValidationError

from ...engine.conditions import ConditionProblem, parse
from ...engine.conditions_tree import leaves
from ...engine.rule_loops import EVERY_TAG, STAGE, find_loop, what_is_read


class MiniCrmTagRule(models.Model):
    """No rule may depend on the tag that it puts on: it would never come to rest."""

    _inherit = "mini_crm.tag.rule"

    @api.constrains("domain", "category_id", "active")
    def _check_no_loop(self):
        for rule in self.filtered("active"):
            rule._refuse_loop(("tag", rule.category_id.id))

    def _refuse_loop(self, start):
        """Raise if what a tag or a segment follows from leads back to it.

        :param tuple start: ("tag" or "segment", id)
        """
        loop = find_loop(start, self._arrows())
        if not loop:
            return
        names = [self._node_name(node) for node in loop]
        raise ValidationError(
            self.env._(
                "The condition goes round in a circle: %(chain)s. A rule cannot ask for"
                " the tag that it puts on, neither itself nor through other rules and"
                " segments. Take one of them out of its condition; ask for tags and"
                " segments one by one.",
                chain=" → ".join(names),
            )
        )

    @api.model
    def _arrows(self):
        """What follows from what: list of (node read, node that follows).

        A node is ("tag", id), ("segment", id) or ``STAGE``; ``EVERY_TAG`` is read by a
        condition that does not name its tags.
        """
        # sudo: a circle through a rule that this person may not see is one as well
        rules = self.env["mini_crm.tag.rule"].sudo()
        segments = self.env["mini_crm.segment"].sudo()
        reading = [
            *("|", "|"),
            ("domain", "like", "category_id"),
            ("domain", "like", "segment"),
            ("domain", "like", "journey_stage"),
        ]
        # who is picked by hand does not follow from a condition that was kept
        by_condition = [*reading, ("kind", "!=", "static")]
        found = {"tag": rules.search(reading), "segment": segments.search(by_condition)}
        tags = self.env["res.partner.category"].with_context(active_test=False)
        advocates = tags.search([("mini_crm_advocate", "=", True)])
        arrows = [(("tag", tag.id), STAGE) for tag in advocates]
        for kind, records in found.items():
            for record in records:
                target = record.category_id if kind == "tag" else record
                arrows += [
                    (node, (kind, target.id)) for node in self._nodes(record.domain)
                ]
        return arrows

    @api.model
    def _nodes(self, domain_text):
        """What a condition reads: set of nodes."""
        try:
            found = [leaf for _path, leaf in leaves(parse(domain_text), within=False)]
        except ConditionProblem:
            return set()  # a broken rule does nothing
        return what_is_read((leaf.field, leaf.operator, leaf.value) for leaf in found)

    @api.model
    def _node_name(self, node):
        kind, record_id = node
        if node == EVERY_TAG:
            return self.env._("any tag")
        if node == STAGE:
            stage = self.env["res.partner"]._fields["journey_stage"]
            return stage._description_string(self.env)
        if kind == "tag":
            return self.env["res.partner.category"].browse(record_id).display_name
        # sudo: as for the arrows
        return self.env["mini_crm.segment"].sudo().browse(record_id).name
