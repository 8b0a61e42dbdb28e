from odoo import api, fields, models
from odoo.exceptions import UserError

from .mini_crm_batch import PORTION
from .workflow_words import trigger_words


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
        hour the others wait for their turn. More than 1,000 enter as a batch, a portion
        after the other, which goes on after this call.

        :param list domain: of contacts, as a list or a selection has it
        :return: ``{"chosen": customers found, "entered": those that it let in,
            "later": whether they enter as a batch; nobody has entered yet then,
            "last_at": when the last one begins, UTC, or ``False``: at once}``
        :rtype: dict
        :raise UserError: it does not run
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
        chosen = len(customers)
        later = len(customers) > PORTION
        if later:
            shop._start_later(customers)
            customers = customers.browse()
        now = fields.Datetime.now()
        # sudo: runs of customers are counted, and are the machine's
        runs = shop._start(customers).sudo()
        last = max([now, *runs.mapped("started_at")])
        return {
            "chosen": chosen,
            "entered": len(runs),
            "later": later,
            "last_at": last > now and last,
        }

    def _start_later(self, customers):
        """Have the worker of batches let many customers in.

        :return: the batch, which runs
        """
        # sudo: who may start a workflow may do so for many, and needs no other batches
        batch = self.env["mini_crm.batch"].sudo()
        batch = batch.create(
            {
                "kind": "workflow_start",
                "name": self.env._("Start of “%s”", self.name),
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "total": len(customers),
                "settings": {"workflow_id": self.id, "ids": customers.ids},
            }
        )
        batch._set_running()
        return batch
