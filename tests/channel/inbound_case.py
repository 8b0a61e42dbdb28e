import json
from datetime import datetime, timedelta, timezone
from itertools import count

from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from ...models.channel import mini_crm_inbox_worker
from ..common import MiniCrmCase
from .outbox_case import Transaction

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
ACCOUNT = "17841400000000000"  # the shop's Instagram account
_numbers = count(1_000)


def seconds(date):
    """Seconds since 1970 of a time in UTC."""
    return int(date.timestamp())


class InboundCase(MiniCrmCase):
    """A channel whose deliveries are committed and worked off as in the product; what a
    test leaves is removed."""

    type = "telegram"

    def setUp(self):
        super().setUp()
        self.db = Registry(get_db_name())
        self.patch(mini_crm_inbox_worker, "MOST_CONFLICTS", 200)
        self.sources = self.rows("SELECT array_agg(id) FROM utm_source")[0][0] or []
        self.channel_id = self.make_channel()
        self.addCleanup(self.remove)

    def make_channel(self, **values):
        """A connected channel, committed: its id."""
        with self.transaction() as env:
            channel = env["mini_crm.channel"].create(
                {"name": "Shop", "type": self.type, **values}
            )
            channel.write({"state": "live", "account_id": ACCOUNT})
            return channel.id

    def transaction(self):
        """A transaction of its own: context manager of an environment; commits."""
        return Transaction(self.db)

    def remove(self, channel_id=None):
        """Remove a channel and the customers that it has made."""
        with self.transaction() as env:
            env.cr.execute(
                """SELECT array_agg(partner_id) || array_agg(linked_from_id)
                FROM mini_crm_identity WHERE channel_id = %s""",
                [channel_id or self.channel_id],
            )
            ids = [i for i in env.cr.fetchone()[0] or [] if i]
            env.cr.execute(
                "DELETE FROM mini_crm_channel WHERE id = %s",
                [channel_id or self.channel_id],
            )
        self.remove_customers(ids)
        self.rows(
            "DELETE FROM utm_source WHERE id <> ALL(%s) RETURNING id", self.sources
        )

    def remove_customers(self, ids):
        """Remove customers with all that hangs on them."""
        with self.transaction() as env:
            for table, column in (
                ("mini_crm_queue", "partner_id"),
                ("mini_crm_purchase", "partner_id"),
                ("mail_message", "res_id"),
                ("res_partner", "id"),
            ):
                model = " AND model = 'res.partner'" if table == "mail_message" else ""
                env.cr.execute(
                    f"DELETE FROM {table} WHERE {column} = ANY(%s){model}",
                    [ids],
                )

    # What Telegram tells

    def message(self, chat=7, text="Hello", number=None, at=NOON, **values):
        """An update with a message of a person to the bot."""
        number = number or next(_numbers)
        return {
            "update_id": next(_numbers),
            "message": {
                "message_id": number,
                "date": seconds(at),
                "chat": {"id": chat, "type": "private"},
                "from": {
                    "id": chat,
                    "is_bot": False,
                    "first_name": f"Person {chat}",
                    "language_code": "en",
                },
                **({} if text is None else {"text": text}),
                **values,
            },
        }

    def edit(self, chat, number, text, at=NOON, edited=60):
        """An update that tells of an edit some seconds after the message."""
        update = self.message(chat, text, number, at)
        message = update.pop("message")
        message["edit_date"] = seconds(at + timedelta(seconds=edited))
        return {**update, "edited_message": message}

    def contact(self, chat, phone, owner=None, **values):
        """An update with a shared phone number; of the sender unless said otherwise."""
        contact = {
            "phone_number": phone,
            "first_name": "Somebody",
            "user_id": chat if owner is None else owner,
        }
        return self.message(chat, None, contact=contact, **values)

    # Doing

    def deliver(self, *bodies, channel_id=None):
        """Store deliveries, each in a transaction of its own."""
        for body in bodies:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            with self.transaction() as env:
                channel = env["mini_crm.channel"].browse(channel_id or self.channel_id)
                env["mini_crm.inbox"]._store(channel, raw)

    def work(self):
        """What the scheduled job does."""
        with self.transaction() as env:
            env["mini_crm.inbox"]._cron_process()

    def receive(self, *bodies, channel_id=None):
        """Deliver and work off."""
        self.deliver(*bodies, channel_id=channel_id)
        self.work()

    # Looking

    def rows(self, query, *arguments):
        """Rows of a query, as tuples."""
        with self.transaction() as env:
            env.cr.execute(query, arguments)
            return env.cr.fetchall()

    def texts(self, *, chat=None, channel_id=None):
        """Texts of the channel's messages in the order of the thread."""
        condition = "TRUE" if chat is None else f"i.external_id = '{chat}'"
        return [
            row[0]
            for row in self.rows(
                f"""SELECT m.body FROM mini_crm_message m
                JOIN mini_crm_identity i ON i.id = m.identity_id
                WHERE m.channel_id = %s AND {condition}
                ORDER BY m.date, m.sequence, m.id""",
                channel_id or self.channel_id,
            )
        ]

    def states(self):
        """States of the channel's deliveries: list of (kind, state)."""
        return self.rows(
            "SELECT kind, state FROM mini_crm_inbox WHERE channel_id = %s ORDER BY id",
            self.channel_id,
        )

    def identity(self, env, chat=7, channel_id=None):
        """The identity of a chat in an environment."""
        return env["mini_crm.identity"].search(
            [
                ("channel_id", "=", channel_id or self.channel_id),
                ("external_id", "=", str(chat)),
            ]
        )
