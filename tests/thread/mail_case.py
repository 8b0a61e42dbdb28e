from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from ..common import MiniCrmCase
from ..factories import make_customer

EMAIL = """Return-Path: {return_path}
To: {to}
From: {email_from}
Subject: {subject}
Date: {date}
Message-ID: {msg_id}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
{extra}

{body}
"""
QUOTING = """Yes please, the blue one.

On Mon, 3 Mar 2026 at 10:00, The Shop <shop@test.mycompany.com> wrote:
> Which one would you like?
"""

BOUNCE = """Return-Path: <>
To: bounce.test@test.mycompany.com
From: MAILER-DAEMON@mail.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mail.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

No such user here.
--part
Content-Type: message/rfc822

Message-ID: {msg_id}
From: shop@test.mycompany.com
Subject: Hello

Hello
--part--
"""


@tagged("post_install", "-at_install")
class MailCase(MailCommon, MiniCrmCase):
    """Odoo's gateway and mail server in both directions, without a network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sara = make_customer(cls.env, name="Sara", email="Sara@Mail.example")
        cls.reza = make_customer(cls.env, name="Reza", email="reza@mail.example")
        cls.env.flush_all()

    @classmethod
    def make_mail_channel(cls, **values):
        """A channel of type e-mail: shop@ of the company's domain."""
        values = {"name": "Mail", "type": "email", "alias_name": "shop", **values}
        return cls.env["mini_crm.channel"].create(values)

    def bring_back(self, message):
        """Let a mail server say that an e-mail of ours could not be delivered."""
        with self.mock_mail_gateway():
            self.env["mail.thread"].sudo().message_process(
                None, BOUNCE.format(msg_id=message.message_id)
            )
        self.env.flush_all()

    def receive(self, email_from, to="shop@test.mycompany.com", **values):
        """Let an e-mail come in through Odoo's gateway: the new message, or none."""
        last = self.last_message_id()
        values = {"subject": "Scarf", "body": QUOTING, "extra": "X-Mailer: test"} | {
            "date": "Mon, 02 Mar 2026 12:00:00 +0000",
            "return_path": "<sara@mail.example>",
            **values,
        }
        number = self.env["mail.message"].search_count([])
        values.setdefault("msg_id", f"<{number}.{self._testMethodName}@mail.example>")
        with self.mock_mail_gateway():
            self.env["mail.thread"].sudo().message_process(
                None, EMAIL.format(email_from=email_from, to=to, **values)
            )
        self.env.flush_all()
        return self.env["mail.message"].search(
            [("id", ">", last), ("message_type", "=", "email")]
        )

    def last_message_id(self):
        return self.env["mail.message"].search([], order="id desc", limit=1).id

    def private_document(self):
        """A document with messages that agents may not open."""
        return self.env["mail.blacklist"].create({"email": "somebody@mail.example"})
