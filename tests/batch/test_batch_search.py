from odoo.tests import tagged

from .batch_case import BatchCase


@tagged("post_install", "-at_install")
class TestBatchSearch(BatchCase):
    """What an import writes can be searched for at once."""

    def found(self, needle):
        partners = self.env["res.partner"].with_user(self.agent)
        return partners.search([("crm_search", "ilike", needle)]).mapped("ref")

    def test_imported_customers_are_found_and_found_under_their_new_names(self):
        header = ["customer", "name", "phone"]
        rows = [["I-1", "Anna Quist", "09121234567"], ["I-2", "Bé Quist", ""]]
        choices = {"mapping": {"customer": "ref"}, "key": "customer"}
        self.run_import("customers", [header, *rows], **choices)
        self.assertEqual(set(self.found("quist")), {"I-1", "I-2"})
        self.assertEqual(self.found("0912 123 45"), ["I-1"])
        rows = [["I-1", "Anna Berg", "09127654321"]]
        self.run_import("customers", [header, *rows], **choices)
        self.assertEqual(self.found("quist"), ["I-2"])
        self.assertEqual(self.found("berg 0912765"), ["I-1"])
