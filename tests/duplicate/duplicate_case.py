from ..common import MiniCrmCase
from ..factories import make_customer


class DuplicateCase(MiniCrmCase):
    """A shop in Iran; full runs and the job are worked off by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.ir")
        cls.pairs = cls.env["mini_crm.duplicate"]

    def pair_up(self, name="علی احمدی", other_name=None, **values):
        """Two customers with one phone, and one name unless another is given."""
        values = {"phone": "+989121234567", **values}
        one = make_customer(self.env, name=name, **values)
        return one, make_customer(self.env, name=other_name or name, **values)

    def full_run(self, limit=5000):
        """Compare everybody: the batch, which has ended."""
        batches = self.env(user=self.manager)["mini_crm.batch"]
        batch = self.env["mini_crm.batch"].browse(batches.start_duplicates())
        while batch.state == "running":
            batch._as_user()._step(limit)
            self.env.flush_all()
            batch.invalidate_recordset()
        return batch

    def compare_changes(self):
        """Do what the job does after a commit."""
        self.settle()
        while self.env["mini_crm.duplicate.mark"]._step():
            pass
        self.env.invalidate_all()

    def found(self, *customers):
        """The pair of two customers, whatever its state; empty if there is none."""
        one, other = sorted(customers, key=lambda customer: customer.id)
        return self.pairs.search(
            [("partner_id", "=", one.id), ("other_id", "=", other.id)]
        )

    def waiting(self, *customers):
        """Whether the pair of two customers waits for a decision."""
        return bool(self.found(*customers).filtered_domain(self.pairs._shown()))
