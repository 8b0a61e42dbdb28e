from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import rule_topics
from ...engine.conditions import ConditionProblem, parse, reads

# A change of these asks for other customers.
ASKING = ("domain", "company_id", "user_id", "active")


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
        copy=False,
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
    build_began_at = fields.Datetime(readonly=True, copy=False)
    build_seconds = fields.Float(readonly=True, copy=False)
    next_id = fields.Integer(
        readonly=True, copy=False, help="Customers before this id are done."
    )
    due_at = fields.Datetime(
        readonly=True, copy=False, help="When time alone may change the answer, UTC."
    )
    edges = fields.Json(
        readonly=True,
        copy=False,
        help="Where its relative dates stood when everybody was compared last.",
    )
    reads = fields.Json(
        compute="_compute_reads",
        store=True,
        help="Topics of engine.conditions.reads(), whose change may change the answer.",
    )
    timing = fields.Selection(
        [("day", "Every day"), ("hour", "Every hour")],
        compute="_compute_reads",
        store=True,
        help="How often time alone may change the answer.",
    )

    @api.depends("domain")
    def _compute_reads(self):
        for rule in self:
            try:
                tree = parse(rule.domain)
            except ConditionProblem:
                # refused by the check, or left by an older version: told when built
                rule.reads, rule.timing = [], False
                continue
            rule.reads = sorted(reads(tree))
            rule.timing = rule_topics.timing(tree)

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            self.env["mini_crm.condition"]._check(rule.domain)

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._follow_owner()
        self.env["mini_crm.rule"]._wake_workers()
        return rules

    def write(self, vals):
        asked = [(rule, [rule[name] for name in ASKING]) for rule in self]
        result = super().write(vals)
        for rule, before in asked:
            if before != [rule[name] for name in ASKING]:
                rule._restart()
        return result

    def _restart(self):
        """Build the rule anew: its condition, owner or company is another one.

        A rebuild that runs begins anew; those of the old condition stay until then.
        One that is archived lets all go. The worker does it: this transaction does not
        see what a step is about to commit.
        """
        self.ensure_one()
        self._queue_up("pg_advisory_xact_lock", SQL("id = %s", self.id))
        self.write(
            {
                "generation": self.generation + 1,
                "status": "waiting",
                "problem": False,
                "next_id": 0,
                "due_at": False,
                "edges": False,
            }
        )
        self._follow_owner()
        self.env["mini_crm.rule"]._wake_workers()

    @api.model
    def _kinds(self):
        """Extension list: names of the models that are rules, in order of work."""
        return []
