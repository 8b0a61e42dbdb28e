from contextlib import contextmanager
from datetime import datetime, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import configure, freeze_time

from ..factories import make_customer
from .trigger_case import TriggerCase

# Pure logic has no clock, and is particular about what is a date.
configure(extend_ignore_list=["odoo.addons.mini_crm.engine"])


class TimeCase(TriggerCase):
    """A shop in some time zone, whose clock stands where a test says."""

    zone = "Asia/Tehran"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"mini_crm_tz": cls.zone, "mini_crm_calendar": "gregorian"})
        cls.birthday = cls.env.ref("mini_crm.mini_crm_field_birth_date").slot

    def setUp(self):
        super().setUp()
        self.steps = []

        def progress(_cron, done=0, **_more):
            self.steps.append(done)
            return 60

        cron = type(self.env["ir.cron"])
        self.startPatcher(patch.object(cron, "_commit_progress", progress))

    def moment(self, text):
        """A local time of the shop ("2026-03-10 09:00") as naive UTC."""
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone))
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    @contextmanager
    def clock(self, text):
        """The shop's clock stands at a local time."""
        with freeze_time(self.moment(text)):
            yield

    def move(self, zone):
        """Let the shop be in another time zone."""
        self.zone = zone
        self.company.mini_crm_tz = zone

    def due(self, workflow):
        """When a workflow is due next, by the shop's clock."""
        utc = workflow.due_at.replace(tzinfo=timezone.utc)
        return utc.astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%d %H:%M")

    def runs(self, workflow, *moments):
        """Run the job at local times: who enters the workflow then, all together."""
        found = []
        for text in moments:
            with self.clock(text):
                self.env["mini_crm.workflow"]._cron_time()
                found += self.who(workflow)
        return found

    def born(self, day):
        """A customer with a date of birth."""
        customer = make_customer(self.env, **{self.birthday: day})
        self.settle()
        return customer
