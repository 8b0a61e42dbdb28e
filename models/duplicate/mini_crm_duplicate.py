from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.duplicates import DEFAULT_THRESHOLD, LEAST_SCORE

THRESHOLD = "mini_crm.duplicate_threshold"


class MiniCrmDuplicate(models.Model):
    """Two customers who may be one person, and what people have said of that.

    Written by the comparison (``mini_crm_duplicate_compare.py``) and by the actions
    here. A pair that was decided stays for good: it is not asked again.
    """

    _name = "mini_crm.duplicate"
    _description = "Possible Duplicate"
    _order = "bits desc, id desc"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="cascade",
        help="The one with the lower id.",
    )
    other_id = fields.Many2one(
        "res.partner", "Looks Like", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        help="Whose customers they are; empty: both belong to all companies.",
    )
    score = fields.Integer(
        required=True, help="How likely they are one person, 0 to 100."
    )
    bits = fields.Float(
        "Evidence", required=True, help="The odds as log2; what the queue is sorted by."
    )
    reasons = fields.Json(
        help="List of code, bits and slot: what speaks for and against."
    )
    state = fields.Selection(
        [
            ("open", "To be decided"),
            ("not_duplicate", "Not a duplicate"),
            ("merged", "Merged"),
            ("gone", "No longer alike"),
        ],
        string="Status",
        required=True,
        default="open",
    )
    decided_by_id = fields.Many2one("res.users", ondelete="set null")
    decided_at = fields.Datetime("Decided", help="UTC.")

    _pair_uniq = models.UniqueIndex("(partner_id, other_id)")
    _order_check = models.Constraint(
        "CHECK (partner_id < other_id)", "The customer with the lower id comes first."
    )
    _queue_idx = models.Index("(bits DESC, id DESC) WHERE state = 'open'")

    # What people decide

    def action_not_duplicate(self):
        """These are two people each (agents): never asked again."""
        self._check_decides()
        self._decide("open", "not_duplicate")

    def action_reopen(self):
        """Take back that these are two people each (agents)."""
        self._check_decides()
        self._decide("not_duplicate", "open")

    def action_review(self):
        """Open both customers of this pair, to be merged: an action dict (agents)."""
        self.ensure_one()
        self._check_decides()
        return self._review_action(self.partner_id | self.other_id)

    @api.model
    def _review_action(self, partners):
        """Extension: the action by which people look at customers and merge them.

        :param partners: two or more ``res.partner``
        :rtype: dict
        """
        merge = getattr(partners, "_merge_action", None)
        if merge:
            return merge()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mini_crm.mini_crm_customer_action"
        )
        return {**action, "domain": [("id", "in", partners.ids)], "context": {}}

    def _check_decides(self):
        """:raises AccessError: for who may not change both customers of each pair"""
        self.check_access("read")
        (self.partner_id | self.other_id).check_access("write")

    def _decide(self, expected, state):
        """Move pairs from a state to another one.

        :raises UserError: when somebody was faster
        """
        late = self.filtered(lambda pair: pair.state != expected)
        if late:
            raise UserError(
                self.env._(
                    "“%(one)s” and “%(other)s” were dealt with by somebody else in the"
                    " meantime. Reload the page.",
                    one=late[0].partner_id.display_name,
                    other=late[0].other_id.display_name,
                )
            )
        # sudo: nobody may write pairs but this code
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid if state != "open" else False,
                "decided_at": fields.Datetime.now() if state != "open" else False,
            }
        )

    # Settings

    @api.model
    def _threshold(self):
        """Score from which pairs are shown (int)."""
        # sudo: the setting is the same for everybody
        value = self.env["ir.config_parameter"].sudo().get_param(THRESHOLD)
        return int(value) if value else DEFAULT_THRESHOLD

    @api.model
    def _shown(self):
        """Domain of the pairs that wait for a decision."""
        least = max(LEAST_SCORE, self._threshold())
        return [("state", "=", "open"), ("score", ">=", least)]

    @api.model
    def _same_company(self, one, other):
        """SQL condition: rows ``one`` and ``other`` may be compared.

        Customers of two companies are kept apart; one of all companies is anybody's.

        :param str one: alias of a row with ``company_id``
        """
        return SQL(
            """(%(one)s.company_id = %(other)s.company_id
                OR %(one)s.company_id IS NULL OR %(other)s.company_id IS NULL)""",
            one=SQL.identifier(one),
            other=SQL.identifier(other),
        )
