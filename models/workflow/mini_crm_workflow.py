from odoo import fields, models

MOST_PER_HOUR = 1_000  # starts, before anybody says otherwise


class MiniCrmWorkflow(models.Model):
    """What happens by itself after something has happened (A11)."""

    _name = "mini_crm.workflow"
    _description = "Workflow"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("live", "Running"),
            ("paused", "Paused"),
        ],
        "Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        help="Customers enter only while it runs; a paused one sends nothing.",
    )
    pause_reason = fields.Char(
        readonly=True, copy=False, help="Code of why it paused by itself, or empty."
    )
    resumed_at = fields.Datetime(
        readonly=True, copy=False, help="Failures and starts before are forgiven, UTC."
    )
    ending_up_to = fields.Integer(
        readonly=True,
        copy=False,
        help="Runs up to this id are being ended; 0: none are.",
    )
    definition = fields.Json(
        groups="mini_crm.mini_crm_group_manager",  # addresses in it may let in
        help="What is being edited (engine.workflow); customers follow a version.",
    )
    version_id = fields.Many2one(
        "mini_crm.workflow.version",
        "Published Version",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    template_key = fields.Char(readonly=True, help="Template it was made from.")
    max_runs_per_hour = fields.Integer(
        "Most Starts per Hour",
        default=MOST_PER_HOUR,
        help="Whom a schedule or a person starts above it waits for the next hour. More"
        " starts by what happens pause the workflow and tell the managers.",
    )

    # Of the published version, for finding what an event may start.
    trigger = fields.Char(readonly=True, copy=False)
    trigger_bulk = fields.Boolean(readonly=True, copy=False)
    due_at = fields.Datetime(
        readonly=True, copy=False, help="When time alone starts it next, UTC."
    )

    version_ids = fields.One2many("mini_crm.workflow.version", "workflow_id")
    run_ids = fields.One2many("mini_crm.workflow.run", "workflow_id")

    _live_idx = models.Index("(trigger, company_id) WHERE state = 'live'")
    _due_idx = models.Index("(due_at) WHERE state = 'live' AND due_at IS NOT NULL")
