from odoo import api, models
from odoo.exceptions import ValidationError

from ...engine.conditions import ConditionProblem, leaves, parse

MAX_LEVELS = 4


class MiniCrmSegment(models.Model):
    """Segments whose condition asks for other segments."""

    _inherit = "mini_crm.segment"

    @api.constrains("domain", "kind", "active", "company_id")
    def _check_nesting(self):
        for segment in self:
            segment._check_levels((segment,))

    def _check_levels(self, path):
        """Refuse a chain of segments that ends in itself or is too long.

        :param tuple path: segments from the one that was changed down to this one
        """
        for inner in path[-1]._nested():
            names = " > ".join(one.name for one in (*path, inner))
            if inner in path:
                raise ValidationError(
                    self.env._(
                        "Segments cannot contain themselves: %s. Take one of them out"
                        " of the condition.",
                        names,
                    )
                )
            if len(path) == MAX_LEVELS:
                raise ValidationError(
                    self.env._(
                        "Segments can be nested %(levels)s deep, not deeper: %(names)s."
                        " Write the inner conditions into one of them.",
                        levels=MAX_LEVELS,
                        names=names,
                    )
                )
            self._check_levels((*path, inner))

    def _nested(self):
        """Segments that the condition names by their ids."""
        self.ensure_one()
        if self.kind == "static":
            return self.browse()
        try:
            tree = parse(self.domain)
        except ConditionProblem:
            return self.browse()  # told by the check of the condition
        ids = set()
        for _path, leaf in leaves(tree):
            if leaf.name == "segment_ids":
                ids |= self._ids_in(leaf)
        # sudo: names in a message only; a segment of another company is refused before
        return self.sudo().browse(sorted(ids)).exists()

    @api.model
    def _ids_in(self, leaf):
        """Ids of segments that a comparison names: set of int."""
        values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        return {value for value in values if type(value) is int}
