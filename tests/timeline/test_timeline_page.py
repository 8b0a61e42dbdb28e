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
