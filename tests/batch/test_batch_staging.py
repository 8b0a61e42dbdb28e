import weakref
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mini_crm.engine import sheet as sheets
from odoo.addons.mini_crm.models.batch import mini_crm_batch_staging

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
        records_after = sheet.records_after

        class Watched:
            header = sheet.header

            def records_after(self, place):
                nonlocal most
                for behind, cells in records_after(place):
                    mine = Cells(cells)
                    watch.append(weakref.ref(mine))
                    most = max(most, sum(one() is not None for one in watch[-50:]))
                    yield behind, mine

        with patch.object(type(batch), "_sheet", lambda _self: Watched()):
            self.assertEqual(batch._stage(), 3000)
        self.assertTrue(batch.staged)
        self.assertEqual(len(batch.line_ids), 3000)
        self.assertLess(most, 10)

    def test_a_file_is_read_once_however_many_parts_it_takes(self):
        rows = [["id", "name"], *([f"B{n}", f"Two\nlines {n} گ"] for n in range(25))]
        read, records_after = [], sheets.Sheet.records_after

        def watched(sheet, place):
            for record in records_after(sheet, place):
                read.append(record[0].row)
                yield record

        batch = self.start("customers", rows)
        with (
            patch.object(mini_crm_batch_staging, "STAGE_ROWS", 10),
            patch.object(sheets.Sheet, "records_after", watched),
        ):
            self.assertEqual([batch._stage() for _part in range(3)], [10, 10, 5])
        self.assertEqual(read, [*range(2, 27)])
        self.assertTrue(batch.staged)
        self.assertEqual(batch.line_ids.mapped("row"), [*range(2, 27)])
        self.assertEqual(batch.line_ids[24].key, "ref:B24")

    def test_an_import_without_a_kept_place_goes_on_behind_its_last_row(self):
        rows = [["id", "name"], *([f"C{n}", f"Customer {n}"] for n in range(25))]
        batch = self.start("customers", rows)
        with patch.object(mini_crm_batch_staging, "STAGE_ROWS", 10):
            batch._stage()
            batch.staged_byte = 0
            self.assertEqual([batch._stage() for _part in range(2)], [10, 5])
        self.assertEqual(batch.line_ids.mapped("row"), [*range(2, 27)])
