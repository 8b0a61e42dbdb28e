from odoo.tests import tagged

from ..score.counts_case import CountsCase
from .batch_case import BatchCase

HEADER = ["id", "name", "e-mail", "tags"]


@tagged("post_install", "-at_install")
class TestBatchCounts(CountsCase, BatchCase):
    """What imports write by SQL is counted like any other change."""

    def test_counts_hold_after_imports(self):
        self.run_import(
            "customers",
            [
                HEADER,
                *(
                    [f"N{n}", f"New {n}", "", "VIP, New" if n % 2 else ""]
                    for n in range(9)
                ),
            ],
        )
        self.assert_counts_hold("new customers")
        self.run_import(
            "customers",
            [HEADER, *([f"N{n}", "", f"n{n}@example.com", "Again"] for n in range(5))],
        )
        self.assert_counts_hold("changed customers")
        self.run_import(
            "purchases",
            [
                ["customer", "date", "amount"],
                *([f"N{n % 4}", "2026-01-01", f"{n}.35"] for n in range(1, 9)),
            ],
        )
        self.assert_counts_hold("purchases")

    def test_counts_hold_while_the_example_comes_and_goes(self):
        self.batches.start_example()
        self.assert_counts_hold("come")
        self.batches.remove_example()
        self.assert_counts_hold("gone")
