import weakref
from unittest.mock import patch

from odoo.tests import tagged

from .batch_case import BatchCase


class Cells(list):
    """Cells that one can watch go."""


@tagged("post_install", "-at_install")
class TestBatchStaging(BatchCase):
    """Rows of a file on their way into the lines."""

    def test_no_row_is_kept_in_memory_while_a_file_is_read(self):
        batch = self.start(
            "customers",
            [["id", "name"], *([f"A{n}", f"Customer {n}"] for n in range(3000))],
        )
        sheet, watch, most = batch._sheet(), [], 0
        records = sheet.records

        class Watched:
            header = sheet.header

            def records(self):
                nonlocal most
                for number, cells in records():
                    mine = Cells(cells)
                    watch.append(weakref.ref(mine))
                    most = max(most, sum(one() is not None for one in watch[-50:]))
                    yield number, mine

        with patch.object(type(batch), "_sheet", lambda _self: Watched()):
            self.assertEqual(batch._stage(), 3000)
        self.assertTrue(batch.staged)
        self.assertEqual(len(batch.line_ids), 3000)
        self.assertLess(most, 10)
