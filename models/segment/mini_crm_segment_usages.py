from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.conditions import ConditionProblem, leaves, parse


class MiniCrmSegment(models.Model):
    """What uses a segment: told before archiving, and in the way of deleting."""

    _inherit = "mini_crm.segment"

    # what ``usages`` says, for the form
    used_by = fields.Json(
        compute="_compute_used_by", groups="mini_crm.mini_crm_group_manager"
    )

    def _compute_used_by(self):
        for segment in self:
            segment.used_by = segment._usages()

    def usages(self):
        """What uses this segment, for whoever may change it.

        :return: list of ``{"kind", "name", "model", "id"}``; ``kind`` is a word for
            people, ``model`` and ``id`` are the record
        :rtype: list[dict]
        """
        self.ensure_one()
        self.check_access("write")
        return self._usages()

    def _usages(self):
        """Extension list: what uses this segment, see ``usages``; rooms append to it.

        :rtype: list[dict]
        """
        kinds = self.env["mini_crm.rule"]._kinds()
        names = {kind: self.env["ir.model"]._get(kind).name for kind in kinds}
        return [
            {
                "kind": names[kind],
                "name": rule.name,
                "model": kind,
                "id": rule.id,
            }
            for kind in kinds
            for rule in self._rules_reading(kind)
        ]

    def _rules_reading(self, kind):
        """Rules of a kind whose condition asks for this segment."""
        # sudo: a rule that this person may not see breaks as well
        rules = self.env[kind].sudo().with_context(active_test=False)
        candidates = rules.search([("domain", "like", "segment_ids")])
        return candidates.filtered(
            lambda rule: rule != self and self.id in self._segments_named(rule.domain)
        )

    @api.model
    def _segments_named(self, domain_text):
        """Ids of the segments that a condition asks for; none of a broken one.

        :rtype: set[int]
        """
        try:
            found = leaves(parse(domain_text))
        except ConditionProblem:
            return set()
        named = [
            self._ids_in(leaf) for _path, leaf in found if leaf.name == "segment_ids"
        ]
        return set().union(*named)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for segment in self:
            used = segment._usages()
            if used:
                raise UserError(
                    self.env._(
                        "%(segment)s is used by: %(uses)s. Take it out there first, or"
                        " archive it.",
                        segment=segment.name,
                        uses=", ".join(
                            f"{use['kind']} “{use['name']}”" for use in used
                        ),
                    )
                )
