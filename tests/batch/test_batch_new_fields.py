import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .batch_case import BatchCase, csv_text

ROWS = [
    ["id", "Shoe size", "Birthday party", "Newsletter", "Card no", "", "name"],
    ["A1", "38", "1403/05/20", "yes", "0017", "x", "Sara"],
    ["A2", "41.5", "1402/01/01", "no", "0018", "y", "John"],
]


@tagged("post_install", "-at_install")
class TestBatchNewFields(BatchCase):
    """Custom fields for the columns that are none yet."""

    def open(self, user):
        model = self.env(user=user)["mini_crm.import"]
        data = base64.b64encode(csv_text(ROWS).encode()).decode()
        found = model.open_file("shop.csv", data)
        mapping = {str(c["index"]): c["field"] for c in found["columns"]}
        return model.browse(found["id"]), found, mapping

    def test_each_column_becomes_a_field_of_its_type_and_is_chosen(self):
        wizard, found, mapping = self.open(self.admin)
        self.assertTrue(found["may_create_fields"])
        mapping["0"] = "ref"
        after = wizard.create_fields([1, 2, 3, 4], mapping)
        fields = self.env["mini_crm.field"].search(
            [("name", "in", ROWS[0][1:5])], order="id"
        )
        self.assertEqual(fields.mapped("type"), ["number", "date", "boolean", "text"])
        self.assertEqual(
            [c["field"] for c in after["columns"]],
            ["ref", *(f"custom:{key}" for key in fields.mapped("key")), "", "name"],
        )
        self.assertEqual(after["slots"]["date"], found["slots"]["date"] - 1)
        wizard.check(
            {
                **after["settings"],
                "mapping": {str(c["index"]): c["field"] for c in after["columns"]},
            }
        )
        batch = self.work(self.env["mini_crm.batch"].browse(after["batch_id"]))
        wizard.run()
        self.work(batch)
        self.assertEqual(self.counts(batch), {"created": 2})
        customer = self.customer("A1")
        stored = [customer[definition.slot] for definition in fields]
        self.assertEqual(stored[0], 38)
        self.assertEqual(str(stored[1]), "2024-08-10")
        self.assertEqual(stored[2:], [True, "0017"])

    def test_when_the_slots_are_taken_the_field_keeps_its_values_beyond(self):
        free = self.env["mini_crm.field"]._free_slots()["date"]
        self.env["mini_crm.field"].create(
            [{"name": f"Date {n}", "type": "date"} for n in range(len(free))]
        )
        wizard, _found, mapping = self.open(self.admin)
        wizard.create_fields([2], mapping)
        definition = self.env["mini_crm.field"].search([("name", "=", ROWS[0][2])])
        self.assertFalse(definition.slot)

    def test_a_manager_and_a_column_in_use_are_refused(self):
        wizard, found, mapping = self.open(self.manager)
        self.assertFalse(found["may_create_fields"])
        with self.assertRaises(AccessError):
            wizard.create_fields([1], mapping)
        wizard, _found, mapping = self.open(self.admin)
        for column in (0, 5, 99):
            with self.assertRaises(UserError):
                wizard.create_fields([column], mapping)
