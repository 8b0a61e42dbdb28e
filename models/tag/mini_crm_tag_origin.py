from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .hand_sql import create_triggers


class MiniCrmTagOrigin(models.Model):
    """Why a customer carries a tag: one row for each rule that wants it there.

    Written by SQL only: by the rules' difference, and by triggers for what people do
    (``hand_sql``). The rows of one customer and tag agree on ``by_hand``.
    """

    _name = "mini_crm.tag.origin"
    _description = "Origin of a Tag"
    _log_access = False
    _order = "since desc, id desc"
    _rec_name = "partner_id"

    rule_id = fields.Many2one("mini_crm.tag.rule", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    category_id = fields.Many2one(
        "res.partner.category", "Tag", required=True, ondelete="cascade"
    )
    since = fields.Datetime(required=True, help="When the condition began to hold.")
    by_hand = fields.Boolean(
        help="A person had put the tag on as well: it stays when the rule lets go."
    )
    declined = fields.Boolean(
        help="A person has taken the tag off: the rule does not put it on again while"
        " its condition goes on holding."
    )
    reason = fields.Char(compute="_compute_reason", help="The rule's condition.")
    whose = fields.Char("Whose Tag", compute="_compute_whose")

    _origin_uniq = models.UniqueIndex("(rule_id, partner_id)")
    _partner_idx = models.Index("(partner_id, category_id)")
    # The list of one rule, in ``_order``.
    _since_idx = models.Index("(rule_id, since DESC, id DESC)")

    def init(self):
        """Make the triggers on the table of links; mark whoever is tagged by a rule."""
        create_triggers(self.env.cr)
        self.env["mini_crm.tag.count"]._follow(self._table)
        self.env["mini_crm.rule.mark"]._follow(self._table)

    def _compute_reason(self):
        for rule, origins in self.grouped("rule_id").items():
            origins.reason = rule.sentence

    @api.depends("by_hand", "declined")
    @api.depends_context("lang")
    def _compute_whose(self):
        for origin in self:
            if origin.declined:
                origin.whose = self.env._("Taken off by a person")
            elif origin.by_hand:
                origin.whose = self.env._("By a person as well")
            else:
                origin.whose = self.env._("By the rule")

    def _told(self):
        """Whose tag it is, for the customer's form: dict.

        :return: ``{"rule_id", "rule", "since", "by_hand", "text"}``; ``since`` is a day
            in the user's calendar, ``text`` a sentence
        """
        self.ensure_one()
        since = format_date(
            self.env, fields.Datetime.context_timestamp(self, self.since).date()
        )
        rule = self.rule_id.name
        if self.by_hand:
            text = self.env._(
                "Put on by a person; the rule %(rule)s wants it as well since"
                " %(since)s. It stays when the rule lets go.",
                rule=rule,
                since=since,
            )
        else:
            text = self.env._(
                "By the rule %(rule)s since %(since)s.", rule=rule, since=since
            )
        return {
            "rule_id": self.rule_id.id,
            "rule": rule,
            "since": since,
            "by_hand": self.by_hand,
            "text": text,
        }

    @api.model
    def _put_on_by_hand(self, partner_ids, tag_ids):
        """A person puts on tags, some of which rules had put on before: they stay.

        Tags that were not there are noted by the triggers.
        """
        self.env["mini_crm.tag.rule"]._forget_tags()  # the triggers may have written
        if not partner_ids or not tag_ids:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_tag_origin SET by_hand = TRUE, declined = FALSE
                WHERE partner_id = ANY(%s) AND category_id = ANY(%s)
                    AND (declined OR NOT by_hand)""",
                list(partner_ids),
                list(tag_ids),
            )
        )
