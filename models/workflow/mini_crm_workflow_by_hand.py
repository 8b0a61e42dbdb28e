from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from .workflow_words import trigger_words

PORTION = 1_000  # customers judged at once
MOST = 20_000  # started by one request


class MiniCrmWorkflow(models.Model):
    """Starting workflows by hand, for one customer or for all of a selection."""

    _inherit = "mini_crm.workflow"

    @api.model
    @api.readonly
    def get_startable(self):
        """Workflows that may be started by hand now: all that run (agents).

        :return: list of ``{"id", "name", "trigger"}``, those that nothing else starts
            first; ``trigger`` is what starts them else, in words
        :rtype: list[dict]
        """
        self.check_access("read")
        workflows = self.search(
            [("state", "=", "live"), ("company_id", "=", self.env.company.id)]
        )
        words = trigger_words(self.env)
        return [
            {
                "id": workflow.id,
                "name": workflow.name,
                "trigger": words.get(workflow.trigger, ("", ""))[0],
            }
            for workflow in workflows.sorted(lambda one: one.trigger != "by_hand")
        ]

    def start_customers(self, domain):
        """Have customers enter now, as far as the workflow lets them (agents).

        Who may not be changed by the user is left out. Of more than it may start in an
        hour the others wait for their turn.

        :param list domain: of contacts, as a list or a selection has it
        :return: ``{"chosen": customers found, "entered": those that it let in,
            "last_at": when the last one begins, UTC, or ``False``: at once}``
        :rtype: dict
        :raise UserError: it does not run, or there are more than ``MOST``
        """
        self.ensure_one()
        self.check_access("read")
        if not self._is_going():
            raise UserError(
                self.env._("“%s” does not run now. Publish or resume it.", self.name)
            )
        shop = self._of_company()
        customers = shop.env["res.partner"].search(domain, order="id")
        customers = customers._filtered_access("write")
        if len(customers) > MOST:
            raise UserError(
                self.env._(
                    "%(number)s customers are chosen, at most %(most)s can be started"
                    " at once. Choose fewer, or have a schedule start the workflow: it"
                    " takes everybody.",
                    number=len(customers),
                    most=MOST,
                )
            )
        now = fields.Datetime.now()
        entered, last = 0, now
        for ids in split_every(PORTION, customers.ids):
            # sudo: runs of customers are counted, and are the machine's
            runs = shop._start(customers.browse(ids)).sudo()
            entered += len(runs)
            last = max([last, *runs.mapped("started_at")])
        return {
            "chosen": len(customers),
            "entered": entered,
            "last_at": last > now and last,
        }
