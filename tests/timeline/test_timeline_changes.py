from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import PIXEL, make_customer


@tagged("post_install", "-at_install")
class TestTimelineChanges(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env, name="Sara", city="Tehran")
        cls.env.cr.flush()

    def changes(self):
        self.settle()
        return self.events(self.customer, "field_updated").mapped("data")

    def test_one_event_tells_all_changes_of_a_transaction(self):
        self.customer.city = "Shiraz"
        self.customer.phone = "+989121234567"
        self.customer.city = "Isfahan"
        self.assertEqual(
            self.changes(),
            [{"city": ["Tehran", "Isfahan"], "phone": [None, "+989121234567"]}],
        )

    def test_a_photo_that_comes_and_goes_is_told_and_counts(self):
        self.settle()
        for photo in (PIXEL, False):
            self.customer.image_1920 = photo
            self.assertEqual(self.changes()[-1], {"image_1920": [None, None]})
            self.assertEqual(self.customer.has_photo, bool(photo))
        self.assertEqual(len(self.changes()), 2)

    def test_an_address_that_is_taken_over_from_the_company_is_told(self):
        company = make_customer(self.env, is_company=True, city="Yazd", zip="89")
        self.customer._log("message_received")  # stays a customer below a company
        self.customer.write({"parent_id": company.id, "type": "contact"})
        joined = [{"city": ["Tehran", "Yazd"], "parent_id": [None, company.name]}]
        joined[0]["zip"] = [None, "89"]
        self.assertEqual(self.changes(), joined)
        company.city = "Kerman"
        self.assertEqual(self.changes(), [*joined, {"city": ["Yazd", "Kerman"]}])

    def test_change_taken_back_is_no_event(self):
        self.customer.city = "Shiraz"
        self.customer.city = "Tehran"
        self.assertEqual(self.changes(), [])

    def test_same_value_is_no_event(self):
        self.customer.write({"city": "Tehran", "name": "Sara"})
        self.assertEqual(self.changes(), [])

    def test_tags_are_told_one_by_one(self):
        gold, silver = self.env["res.partner.category"].create(
            [{"name": "Gold"}, {"name": "Silver"}]
        )
        self.customer.category_id = gold
        self.settle()
        self.customer.category_id = silver
        self.settle()
        self.assertEqual(
            [
                (event.type, event.data["tag"])
                for event in self.events(self.customer, "tag_added", "tag_removed")
            ],
            [("tag_added", "Gold"), ("tag_added", "Silver"), ("tag_removed", "Gold")],
        )

    def test_contact_that_is_no_customer_has_no_timeline(self):
        staff = self.agent.partner_id
        staff.city = "Qom"
        self.settle()
        self.assertFalse(self.events(staff))

    def test_note_in_the_chatter_is_told(self):
        self.customer.with_user(self.agent).message_post(
            body="Likes blue", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.assertEqual(self.events(self.customer, "note_added").author_id, self.agent)

    def test_history_keeps_every_kind_of_custom_value(self):
        # of slots without a definition, which have no key
        self.customer.write(
            {
                "custom_text_1": "M",
                "custom_number_1": 3.5,
                "custom_date_9": "2000-02-29",
                "custom_boolean_1": True,
            }
        )
        self.assertEqual(
            self.changes(),
            [
                {
                    "custom_boolean_1": [False, True],
                    "custom_date_9": [None, "2000-02-29"],
                    "custom_number_1": [None, 3.5],
                    "custom_text_1": [None, "M"],
                }
            ],
        )
