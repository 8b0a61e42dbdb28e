from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import log_messages, make_customer

START = datetime(2026, 1, 1)  # noqa: DTZ001  UTC without a zone, as Odoo has it


@tagged("post_install", "-at_install")
class TestTimelinePage(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env)
        # three events a second: pages must split equal dates right
        log_messages(
            cls.customer,
            *(("in", START + timedelta(seconds=n // 3)) for n in range(25)),
        )
        cls.reader = cls.customer.with_user(cls.agent)

    def pages(self, limit, types=("message_received",)):
        cursor, pages = None, []
        while True:
            page = self.reader.get_timeline(cursor, list(types), limit)
            pages.append([event["id"] for event in page["events"]])
            cursor = page["next"]
            if not cursor:
                return pages

    def test_pages_hold_every_event_once_newest_first(self):
        ids = [event_id for page in self.pages(4) for event_id in page]
        expected = self.events(self.customer, "message_received").ids[::-1]
        self.assertEqual(ids, expected)

    def test_page_stays_right_while_events_arrive(self):
        first = self.reader.get_timeline(None, ["message_received"], 10)
        self.customer._log("message_received", date=START + timedelta(days=1))
        second = self.reader.get_timeline(first["next"], ["message_received"], 10)
        seen = [e["id"] for e in first["events"] + second["events"]]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(len(seen), 20)

    def test_types_are_counted_and_filter(self):
        self.customer._log("call_logged", data={"outcome": "answered"})
        page = self.reader.get_timeline(types=["call_logged"])
        self.assertEqual([e["type"] for e in page["events"]], ["call_logged"])
        counts = {row["type"]: row["count"] for row in page["types"]}
        self.assertEqual(counts["message_received"], 25)

    def test_broken_cursor_is_explained(self):
        with self.assertRaises(UserError):
            self.reader.get_timeline(["yesterday"])

    def test_note_is_shown_to_who_may_read_it(self):
        self.customer.message_post(
            body="Likes blue", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        page = self.reader.get_timeline(types=["note_added"])
        self.assertEqual(page["events"][0]["summary"], "Likes blue")

    def test_portal_user_sees_no_timeline(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.portal).get_timeline()


@tagged("post_install", "-at_install")
class TestTimelineCustomFields(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        cls.customer = make_customer(cls.env)

    def define(self, key, slot, **values):
        return self.env["mini_crm.field"].create(
            {
                "name": key.title(),
                "key": key,
                "type": slot.split("_")[1],
                "slot": slot,
                **values,
            }
        )

    def told(self, data, lang="en_US"):
        """What the timeline says of an event with these changes: {name: change}."""
        self.customer._log("field_updated", data=data)
        reader = self.customer.with_user(self.agent).with_context(lang=lang)
        return reader.get_timeline(types=["field_updated"])["events"][0]["data"]

    def test_custom_field_is_told_by_its_label_in_the_users_language(self):
        size = self.define("shoe_size", "custom_number_14", name="Shoe size")
        size.with_context(lang="fa_IR").name = "سایز کفش"
        change = {"shoe_size": [None, 42.0]}
        told = self.told(change)["shoe_size"]
        self.assertEqual(
            told, {"label": "Shoe size", "old": None, "new": 42.0, "type": "number"}
        )
        self.assertEqual(self.told(change, "fa_IR")["shoe_size"]["label"], "سایز کفش")

    def test_old_event_that_names_the_slot_is_told_by_the_label(self):
        self.define("shoe_size", "custom_number_14", name="Shoe size")
        told = self.told({"custom_number_14": [0.0, 42.0], "city": [None, "Shiraz"]})
        self.assertEqual(told["custom_number_14"]["label"], "Shoe size")
        self.assertEqual(told["city"], {"label": "City", "old": None, "new": "Shiraz"})

    def test_archived_field_is_still_told_by_its_label(self):
        size = self.define("shoe_size", "custom_number_14", name="Shoe size")
        size.active = False
        told = self.told({"shoe_size": [None, 42.0]})
        self.assertEqual(told["shoe_size"]["label"], "Shoe size")

    def test_values_are_told_as_people_read_them(self):
        options = [
            {"name": "Gold", "code": "gold"},
            {"name": "Bronze", "code": "bronze", "active": False},
        ]
        self.define(
            "tier", "custom_select_9", option_ids=[(0, 0, each) for each in options]
        )
        self.define("vip", "custom_boolean_9")
        self.define("shop_phone", "custom_phone_5")
        told = self.told(
            {
                "tier": ["bronze", "gold"],
                "vip": [True, False],
                "shop_phone": [None, "+989121234567"],
            }
        )
        values = {name: (change["old"], change["new"]) for name, change in told.items()}
        self.assertEqual(
            values,
            {
                "tier": ("Bronze", "Gold"),
                "vip": ("Yes", "No"),
                "shop_phone": (None, "+98 912 123 4567"),
            },
        )
