from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import MiniCrmCase
from ..factories import make_channel, make_customer, make_identity, make_message


@tagged("post_install", "-at_install")
class TestThreadConversation(MiniCrmCase):
    """One thread of everything said, page by page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env, name="Sara Ahmadi")
        cls.telegram = make_identity(
            cls.env, cls.customer, make_channel(cls.env, name="Our bot")
        )
        cls.instagram = make_identity(
            cls.env, cls.customer, make_channel(cls.env, "instagram")
        )

    def conversation(self, user=None, **params):
        customer = self.customer.with_user(user or self.agent)
        return customer.get_conversation(**params)

    def bodies(self, **params):
        return [row["body"] for row in self.conversation(**params)["rows"]]

    def pages(self, limit):
        """All pages, one after the other: list of lists of keys."""
        pages, cursor = [], None
        while True:
            page = self.conversation(cursor=cursor, limit=limit)
            pages.append([row["key"] for row in page["rows"]])
            cursor = page["next"]
            if not cursor:
                return pages

    def mail(self, body, **values):
        return self.customer.message_post(
            body=body, message_type="email", author_id=self.customer.id, **values
        )

    # What stands in it

    def test_all_channels_stand_in_one_thread_newest_first(self):
        make_message(self.telegram, "By Telegram", date="2026-01-31 10:00:00")
        make_message(self.instagram, "By Instagram", date="2026-01-31 11:00:00")
        self.customer._log(
            "call_logged",
            date="2026-01-31 12:00:00",
            data={"outcome": "answered"},
            summary="By phone",
        )
        self.assertEqual(self.bodies(), ["By phone", "By Instagram", "By Telegram"])
        call, instagram, telegram = self.conversation()["rows"]
        self.assertEqual((call["kind"], call["outcome"]), ("call", "answered"))
        self.assertEqual(instagram["channel"], "instagram")
        self.assertEqual(telegram["channel_name"], "Our bot")
        self.assertEqual(telegram["date"], "2026-01-31T10:00:00Z")

    def test_email_shows_what_its_author_has_written_and_its_files(self):
        self.mail(
            Markup("<p>The <b>blue</b> one</p><p>-- </p><p>Sara</p>"),
            subject="Order",
            attachments=[("plan.txt", b"x")],
        )
        self.settle()
        row = self.conversation()["rows"][0]
        self.assertEqual(row["kind"], "email")
        self.assertEqual(row["direction"], "in")
        self.assertEqual(row["subject"], "Order")
        self.assertNotIn("Sara", row["body"])
        self.assertIn("blue", row["body"])
        self.assertEqual(row["media"][0]["name"], "plan.txt")

    def test_note_is_told_as_one(self):
        self.settle()
        self.customer.message_post(
            body="Likes blue", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.settle()
        row = self.conversation()["rows"][0]
        self.assertEqual((row["kind"], row["direction"]), ("note", "note"))
        self.assertEqual(row["body"], "Likes blue")

    def test_message_that_only_an_event_tells_of_shows_its_first_words(self):
        self.customer._log("message_received", summary="From an import")
        row = self.conversation()["rows"][0]
        self.assertEqual((row["direction"], row["body"]), ("in", "From an import"))

    def test_event_of_a_message_is_not_a_second_row(self):
        message = make_message(self.telegram, "Once")
        self.customer._log("message_received", summary="Once", record=message)
        self.assertEqual(self.bodies(), ["Once"])

    def test_quoted_message_comes_with_its_first_words(self):
        first = make_message(self.telegram, "Is the blue one there?")
        make_message(
            self.telegram, "Yes", "out", reply_to=first.external_id, author_id=2
        )
        answer = self.conversation()["rows"][0]
        self.assertEqual(answer["reply_to"]["key"], f"message:{first.id}")
        self.assertEqual(answer["reply_to"]["excerpt"], "Is the blue one there?")

    def test_message_that_was_taken_back_says_nothing(self):
        media = [{"kind": "photo", "name": "secret.jpg", "attachment_id": 1}]
        make_message(
            self.telegram, "Oops", deleted_at="2026-01-31 13:00:00", media=media
        )
        row = self.conversation()["rows"][0]
        self.assertTrue(row["deleted"])
        self.assertEqual((row["body"], row["media"]), ("", []))

    def test_reason_is_told_in_the_language_of_the_user(self):
        make_message(self.telegram, "Hi", "out", state="failed", reason="blocked")
        self.env["res.lang"]._activate_lang("fa_IR")
        english = self.conversation(self.manager)["rows"][0]["reason"]
        persian = self.customer.with_user(self.agent).with_context(lang="fa_IR")
        self.assertIn("blocked us", english)
        self.assertNotEqual(persian.get_conversation()["rows"][0]["reason"], english)

    def test_unknown_reason_is_not_hidden(self):
        make_message(self.telegram, "Hi", "out", state="failed", reason="odd_code")
        self.assertIn("odd_code", self.conversation()["rows"][0]["reason"])

    # Order and pages

    def test_messages_of_one_second_stand_in_the_order_of_the_provider(self):
        for sequence, body in ((7, "third"), (3, "first"), (5, "second")):
            make_message(self.telegram, body, sequence=sequence)
        self.assertEqual(self.bodies(), ["third", "second", "first"])

    def test_pages_of_any_size_hold_every_row_once_in_one_order(self):
        for minute in range(4):
            date = f"2026-01-31 12:0{minute}:00"
            for _n in range(3):
                make_message(self.telegram, date=date, sequence=0)
                self.customer._log("call_logged", date=date, data={})
        (whole,) = self.pages(200)
        self.assertEqual(len(whole), 24)
        for size in (1, 2, 5, 7):
            flat = [key for page in self.pages(size) for key in page]
            self.assertEqual(flat, whole, f"pages of {size}")

    def test_message_that_arrives_meanwhile_does_not_move_the_next_page(self):
        for n in range(4):
            make_message(self.telegram, str(n), date=f"2026-01-31 12:0{n}:00")
        first = self.conversation(limit=2)
        make_message(self.telegram, "new", date="2026-01-31 13:00:00")
        self.assertEqual(self.bodies(cursor=first["next"], limit=2), ["1", "0"])

    def test_odd_cursor_is_refused_with_a_message(self):
        for cursor in (["x", 1, 1, 1], [1], "abc", {"a": 1}, ["2026-01-31", "a", 1, 1]):
            with self.assertRaisesRegex(UserError, "cursor"):
                self.conversation(cursor=cursor)

    def test_page_costs_the_same_number_of_queries_with_many_messages(self):
        def queries(cursor):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.conversation(cursor=cursor)
            return self.env.cr.sql_log_count - before

        self.fill(120)
        self.conversation()  # caches of rights
        cursor = self.conversation()["next"]
        few = queries(cursor)
        self.fill(900)
        last = [*self.conversation(limit=200)["next"]]
        self.assertEqual(queries(last), few)

    def test_calls_between_many_messages_are_found_by_an_index_of_their_own(self):
        self.fill(300)
        query = self.customer.with_user(self.agent)._said_elsewhere(None, 50, "")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("mini_crm_event_said_idx", plan)

    def fill(self, count):
        """Many plain messages by one statement, with an event each."""
        self.env.cr.execute(
            """WITH m AS (INSERT INTO mini_crm_message (channel_id, company_id,
                identity_id, partner_id, direction, kind, body, date, sequence, state)
            SELECT %s, %s, %s, %s, 'in', 'text', 'Message ' || n,
                timestamp '2020-01-01' + n * interval '1 hour', n, 'received'
            FROM generate_series(1, %s) n RETURNING id, partner_id, company_id, date)
            INSERT INTO mini_crm_event (company_id, partner_id, type, date, depth,
                res_model, res_id)
            SELECT company_id, partner_id, 'message_received', date, 0,
                'mini_crm.message', id FROM m""",
            [
                *(self.telegram.channel_id.id, self.company.id, self.telegram.id),
                *(self.customer.id, count),
            ],
        )

    def test_search_finds_parts_of_texts_in_all_sources(self):
        make_message(self.telegram, "The Blue one, 100% wool")
        make_message(self.telegram, "Another")
        self.customer._log("call_logged", summary="asked for blue")
        self.assertCountEqual(
            self.bodies(search="BLUE"), ["The Blue one, 100% wool", "asked for blue"]
        )
        self.assertEqual(self.bodies(search="0% w"), ["The Blue one, 100% wool"])
        self.assertEqual(self.bodies(search="1_0%"), [])

    # Rights

    def test_who_is_no_agent_reads_nothing(self):
        make_message(self.telegram, "Hello")
        for user in (self.portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.conversation(user)

    def test_other_companies_messages_do_not_show(self):
        other = self.env["res.company"].create({"name": "Other"})
        channel = make_channel(self.env, company_id=other.id)
        make_message(make_identity(self.env, self.customer, channel), "Secret")
        self.customer._log("call_logged", summary="Secret", company_id=other.id)
        make_message(self.telegram, "Ours")
        self.assertEqual(self.bodies(), ["Ours"])

    def test_email_on_a_document_that_one_may_not_open_keeps_its_words(self):
        document = self.env["discuss.channel"].create(
            {"name": "Private", "channel_type": "group"}
        )
        message = document.message_post(
            body="Secret words", message_type="email", author_id=self.customer.id
        )
        self.settle()
        rows = self.conversation()["rows"]
        self.assertEqual(len(rows), 1)
        self.assertNotIn("Secret", str(rows))
        event = self.events(self.customer, "message_received")
        self.assertEqual(event.res_id, message.id)
        self.assertEqual(rows[0]["key"], f"event:{event.id}")

    # The owner hears of it

    def test_owner_is_told_of_a_message_that_has_just_come(self):
        self.customer.user_id = self.agent
        message = make_message(self.telegram, date=fields.Datetime.now())
        notices = self.notices(message)
        self.assertEqual(notices, [{"partner_id": self.customer.id}])

    def test_nobody_is_told_of_old_messages(self):
        self.customer.user_id = self.agent
        old = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.notices(make_message(self.telegram, date=old)), [])

    def notices(self, message):
        sent = []
        users = type(self.env["res.users"])
        self.patch(
            users,
            "_bus_send",
            lambda user, kind, payload, **_more: sent.append((user, kind, payload)),
        )
        self.customer._log("message_received", date=message.date, record=message)
        self.settle()
        return [
            payload
            for user, kind, payload in sent
            if user == self.agent and kind == "mini_crm.customer_wrote"
        ]
