from contextlib import contextmanager

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

from ..models.timeline import mini_crm_queue

# For every test, those of Odoo's own classes too: a busy machine must not turn "at
# once" into "by the worker", which no test has.
mini_crm_queue.INLINE_BUDGET = 60


class MiniCrmCase(TransactionCase):
    """A user of each role and no mail tracking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls._lift_limits()
        cls.agent = cls._user("agent")
        cls.manager = cls._user("manager")
        cls.admin = cls._user("admin")
        cls.portal = new_test_user(cls.env, "mini_portal", "base.group_portal")

    @classmethod
    def _lift_limits(cls):
        """Have what is automated sent at once, at night and any number of times."""
        cls.company.write({"mini_crm_quiet_hours": False, "mini_crm_daily_messages": 0})

    @classmethod
    def _user(cls, role):
        return new_test_user(cls.env, f"mini_{role}", f"mini_crm.mini_crm_group_{role}")

    def settle(self):
        """Do as a commit would: flush, run the precommit hooks, empty the queue."""
        self.env.cr.flush()
        while self.env["mini_crm.queue"]._run_listeners(mini_crm_queue.SQL("TRUE")):
            self.env.cr.flush()
        self.env.invalidate_all()

    def events(self, partner, *types):
        """Events of a customer, oldest first: of given types, else all but segments'.

        Which segments ship is nothing that tests of other rooms should know.
        """
        wanted = ("type", "in", types) if types else ("type", "!=", "segment_changed")
        domain = [("partner_id", "=", partner.id), wanted]
        return self.env["mini_crm.event"].search(domain, order="date, id")

    @contextmanager
    def as_user(self, user):
        """Run as another user: yields an environment."""
        yield self.env(user=user)

    def utc(self, text):
        """A UTC datetime from ``2026-01-31 12:00:00``."""
        return fields.Datetime.to_datetime(text)
