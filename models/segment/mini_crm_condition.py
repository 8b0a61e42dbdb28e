from odoo import api, models

from ...engine.conditions import ConditionField, ConditionProblem, leaves, topic


class MiniCrmCondition(models.AbstractModel):
    """Conditions may ask for segments."""

    _inherit = "mini_crm.condition"

    @api.model
    def _condition_fields(self):
        return {
            **super()._condition_fields(),
            "segment_ids": ConditionField(
                kind="records",
                topic=topic("segment_ids"),
                label=self.env._("Segments"),
                model="mini_crm.segment",
                group="groups",
            ),
        }

    @api.model
    def _read(self, domain_text):
        """A condition must not tell who is in a segment that its writer may not see."""
        tree, found = super()._read(domain_text)
        return tree, found or self._unknown_segments(tree)

    @api.model
    def _unknown_segments(self, tree):
        """A problem for each comparison with a segment that the user does not find.

        Gone or of another company: both are told alike.

        :param tree: one without other problems
        """
        named = {
            path: self.env["mini_crm.segment"]._ids_in(leaf)
            for path, leaf in leaves(tree, within=False)
            if leaf.name == "segment_ids"
        }
        ids = set().union(*named.values())
        if not ids:
            return []
        segments = self.env["mini_crm.segment"].with_context(active_test=False)
        known = set(segments.search([("id", "in", sorted(ids))]).ids)
        label = self.env._("Segments")
        return [
            ConditionProblem(
                "record_unknown",
                path,
                {"field": label, "given": ", ".join(map(str, sorted(ids - known)))},
            )
            for path, ids in named.items()
            if ids - known
        ]
