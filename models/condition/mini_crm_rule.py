from odoo import api, fields, models


class MiniCrmRule(models.AbstractModel):
    """A stored condition whose customers are kept up to date, by difference.

    Segments and tag rules are rules. A rule is evaluated as its owner, in its company
    and in that company's time zone (docs/architecture.md, A7).
    """

    _name = "mini_crm.rule"
    _description = "Stored Condition"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    domain = fields.Text("Condition", default="[]", help="A domain of contacts.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        ondelete="set null",
        help="The condition finds what the owner may see.",
    )
    status = fields.Selection(
        [
            ("waiting", "Being built"),
            ("ready", "Up to date"),
            ("paused", "Paused"),
            ("broken", "Needs attention"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
    )
    problem = fields.Text(readonly=True, copy=False, help="Why it is not up to date.")
    generation = fields.Integer(
        default=1, readonly=True, copy=False, help="Raised when the condition changes."
    )
    built_generation = fields.Integer(readonly=True, copy=False)
    built_at = fields.Datetime("Last Full Run", readonly=True, copy=False)
    build_seconds = fields.Float(readonly=True, copy=False)
    next_id = fields.Integer(
        readonly=True, copy=False, help="Customers before this id are done."
    )
    due_at = fields.Datetime(
        readonly=True, copy=False, help="When time alone may change the answer, UTC."
    )

    @api.model
    def _kinds(self):
        """Extension list: names of the models that are rules, in order of work."""
        return []
