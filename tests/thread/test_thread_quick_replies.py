from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestThreadQuickReplies(MiniCrmCase):
    """Texts that are sent often, filled in for a customer."""

    def setUp(self):
        super().setUp()
        self.env["mini_crm.quick.reply"].search([]).unlink()
        self.customer = make_customer(self.env, name="Sara Ahmadi", city="Shiraz")

    def filled(self, body):
        reply = self.env["mini_crm.quick.reply"].create({"name": "one", "body": body})
        (row,) = self.customer.with_user(self.agent).get_quick_replies()
        reply.unlink()
        return row["body"], row["missing"]

    def test_values_of_the_customer_are_filled_in(self):
        body, missing = self.filled("Dear {first_name} ({name}) in {city}")
        self.assertEqual(body, "Dear Sara (Sara Ahmadi) in Shiraz")
        self.assertEqual(missing, [])

    def test_what_is_missing_stays_and_is_named(self):
        body, missing = self.filled("Call {phone}, {first_name}")
        self.assertEqual(body, "Call {phone}, Sara")
        self.assertEqual(missing, ["phone"])

    def test_value_of_a_custom_field_is_filled_in_by_its_key(self):
        field = self.env["mini_crm.field"].create(
            {"name": "Size", "key": "shoe_size", "type": "text"}
        )
        self.customer[field.slot] = "42"
        self.assertEqual(self.filled("Size {shoe_size}"), ("Size 42", []))

    def test_other_fields_cannot_be_asked_for(self):
        for name in ("user_id", "comment", "id", "company_id", "name.__class__"):
            body, missing = self.filled(f"{{{name}}}")
            self.assertEqual((body, missing), (f"{{{name}}}", [name]))

    def test_value_with_braces_is_not_filled_in_again(self):
        self.customer.name = "{city}"
        self.assertEqual(self.filled("Hi {name}")[0], "Hi {city}")

    def test_only_managers_edit_them(self):
        replies = self.env["mini_crm.quick.reply"]
        values = {"name": "x", "body": "y"}
        with self.assertRaises(AccessError):
            replies.with_user(self.agent).create(values)
        self.assertTrue(replies.with_user(self.manager).create(values))
