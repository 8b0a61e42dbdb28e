from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import workflow_check
from .workflow_notices import problem_text

# What publishing, pausing and the machine write; nobody does by hand.
KEPT = (
    "state",
    "pause_reason",
    "version_id",
    "trigger",
    "trigger_bulk",
    "due_at",
    "time_place",
    "resumed_at",
    "ending_up_to",
)
AT_FIRST = {**dict.fromkeys(KEPT, False), "state": "draft"}


class MiniCrmWorkflow(models.Model):
    """Publishing: what was edited becomes a version that customers follow."""

    _inherit = "mini_crm.workflow"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        # Said outright: else a context or a user's default values would say it.
        return super().create([{**AT_FIRST, **vals} for vals in vals_list])

    def write(self, vals):
        self._refuse_kept(vals)
        if "company_id" in vals:
            self._refuse_moving(vals["company_id"])
        result = super().write(vals)
        if vals.get("active") is False:
            self.action_pause()
            self.action_stop_all()
        return result

    def _refuse_kept(self, vals):
        """:raises UserError: when somebody writes what only methods may write"""
        written = [name for name in KEPT if name in vals]
        if written and not self.env.su:
            raise UserError(
                self.env._(
                    "A workflow is started and paused by its buttons: “%s” cannot be"
                    " written. Publish, pause or resume the workflow.",
                    ", ".join(written),
                )
            )

    def _refuse_moving(self, company_id):
        """:raises UserError: when one that was published goes to another company"""
        if any(one.version_id and one.company_id.id != company_id for one in self):
            raise UserError(
                self.env._(
                    "A published workflow stays in its company: its customers are"
                    " there. Copy it for the other company."
                )
            )

    def action_publish(self):
        """Have customers enter as the workflow is now (managers).

        Who has begun with an earlier version finishes with it.

        :raises UserError: lists what is wrong, and where
        """
        for workflow in self:
            workflow._publish()
        return True

    def _publish(self):
        """Make a version of what was edited and let it run.

        :return: the version
        :raises UserError: lists what is wrong, and where
        """
        self.ensure_one()
        self._check_may_run()
        if problems := self._problems():
            raise UserError(
                "\n".join(
                    [
                        self.env._("“%s” cannot be published yet:", self.name),
                        *(self._located(problem) for problem in problems),
                    ]
                )
            )
        definition = workflow_check.normalised(self.definition)
        workflow = self.sudo()  # sudo: versions and the state are the machine's
        workflow._hold()
        last = workflow.version_ids.search(
            [("workflow_id", "=", self.id)], order="number desc", limit=1
        )
        version = workflow.version_ids.create(
            {
                "workflow_id": self.id,
                "number": last.number + 1,
                "definition": definition,
                "published_at": fields.Datetime.now(),
                "published_by_id": self.env.uid,
            }
        )
        workflow.write(
            {
                "state": "live",
                "pause_reason": False,
                "version_id": version.id,
                "trigger": definition["trigger"]["kind"],
                "trigger_bulk": bool(definition.get("bulk")),
                "due_at": self._first_due(definition),
                "resumed_at": fields.Datetime.now(),
            }
        )
        workflow.run_ids._wake()
        return version

    def _hold(self):
        """Let nobody else publish this workflow until the transaction ends."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "SELECT FROM mini_crm_workflow WHERE id = %s FOR NO KEY UPDATE", self.id
            )
        )

    def _first_due(self, definition):
        """When time alone starts a definition first, UTC; False: never.

        Here none does: who looks after triggers by time says so.

        :param dict definition: normalised
        """
        return False

    # What is wrong

    def _problems(self):
        """What keeps this workflow from being published, in the user's language.

        :return: list of ``{"node", "code", "setting", "message"}``; ``node`` is empty
            for the trigger and the whole
        :rtype: list[dict]
        """
        self.ensure_one()
        company = self.company_id
        shop = self.with_company(company).with_context(allowed_company_ids=company.ids)
        definition = self._shown_definition()
        found = [one for one in workflow_check.problems(definition) if not one.warning]
        if not found:  # what is malformed names nothing
            found = shop._reference_problems(definition)
        return [
            {
                "node": problem.node,
                "code": problem.code,
                "setting": problem.setting,
                "message": problem_text(self.env, problem),
            }
            for problem in found
        ]

    def _located(self, problem):
        """One problem on a line, with the step where it is."""
        if not problem["node"]:
            return f"- {problem['message']}"
        return self.env._(
            "- Step %(node)s: %(message)s",
            node=problem["node"],
            message=problem["message"],
        )
