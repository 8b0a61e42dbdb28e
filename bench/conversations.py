"""What seeded customers have written and been answered, as channels keep it.

Set-based, beside the events that tell of it. The ids of messages and of their events
are taken when a chunk is staged, so each knows the other without a second pass.
"""

import json
from datetime import timedelta
from typing import NamedTuple

from odoo.tools import SQL

from . import history

NAMES = {"telegram": "Demo (Telegram)", "instagram": "Demo (Instagram)"}
WAITING_DAYS = 14  # who waits for longer has been answered in another way

STAGES = """
    CREATE TEMP TABLE seed_talk (
        number int PRIMARY KEY, id int NOT NULL DEFAULT
        nextval('mini_crm_identity_id_seq'), type text, external_id text,
        waiting_since timestamp, opened_at timestamp, last_at timestamp, last text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE seed_event (
        number int, type text, date timestamp, summary text,
        event_id int NOT NULL DEFAULT nextval('mini_crm_event_id_seq'),
        message_id int NOT NULL DEFAULT nextval('mini_crm_message_id_seq')
    ) ON COMMIT DELETE ROWS
"""
TALK_COLUMNS = (
    "seed_talk (number, type, external_id, waiting_since, opened_at, last_at, last)"
)


class Talk(NamedTuple):
    """What is known of a person's conversation; the order is that of TALK_COLUMNS."""

    number: int
    type: str
    external_id: str
    waiting_since: object
    opened_at: object
    last_at: object
    last: str


def talk(person, events, today):
    """The conversation of a person by his events, oldest first.

    :return: ``None`` when nobody has written a word
    :rtype: Talk | None
    """
    said = [one for one in events if one.type in history.MESSAGES]
    if not said:
        return None
    kind = "instagram" if person.source == "Instagram" else "telegram"
    incoming = [one.date for one in said if one.type == "message_received"]
    unanswered = None
    for one in reversed(said):
        if one.type == "message_sent":
            break
        unanswered = one.date
    if unanswered and unanswered < today - timedelta(days=WAITING_DAYS):
        unanswered = None
    base = 10**16 if kind == "instagram" else 10**10
    return Talk(
        person.number,
        kind,
        str(base + person.number),
        unanswered,
        incoming[-1] if incoming else None,
        said[-1].date,
        said[-1].summary,
    )


class Channels:
    """The channels that seeded customers write by; switched off, so nothing is sent.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env = env
        self.ids = {}
        channels = env["mini_crm.channel"]
        for kind, name in NAMES.items():
            found = channels.search(
                [("name", "=", name), ("company_id", "=", env.company.id)], limit=1
            )
            self.ids[kind] = (found or channels.create({"name": name, "type": kind})).id
            (found or channels.browse(self.ids[kind])).state = "off"

    def event_data(self):
        """SQL expression of what an event of a message tells: over ``t``."""
        return SQL(
            "CASE t.type WHEN 'telegram' THEN %s::jsonb WHEN 'instagram' THEN %s::jsonb"
            " END",
            *(
                json.dumps({"channel": k, "channel_id": self.ids[k], "kind": "text"})
                for k in ("telegram", "instagram")
            ),
        )

    def write(self):
        """Write the identities and messages of the chunk that is staged."""
        channel = SQL(
            "CASE t.type WHEN 'telegram' THEN %s ELSE %s END",
            self.ids["telegram"],
            self.ids["instagram"],
        )
        company_id = self.env.company.id
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_identity (id, channel_id, company_id,
                    partner_id, external_id, name, state, window_opened_at,
                    waiting_since, last_message_at, last_message, create_date)
                SELECT t.id, %s, %s, s.id, t.external_id, s.name, 'reachable',
                    t.opened_at, t.waiting_since, t.last_at, t.last, s.created
                FROM seed_talk t JOIN seed_person s USING (number)""",
                channel,
                company_id,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_message (id, channel_id, company_id,
                    identity_id, partner_id, direction, kind, body, date, sequence,
                    external_id, state, purpose, event_id)
                SELECT e.message_id, %s, %s, t.id, s.id,
                    CASE e.type WHEN 'message_received' THEN 'in' ELSE 'out' END,
                    'text', e.summary, e.date, e.message_id,
                    t.external_id || ':' || e.message_id,
                    CASE e.type WHEN 'message_received' THEN 'received' ELSE 'sent' END,
                    CASE e.type WHEN 'message_sent' THEN 'answer' END, e.event_id
                FROM seed_event e
                JOIN seed_talk t USING (number) JOIN seed_person s USING (number)
                WHERE e.type = ANY(%s)""",
                channel,
                company_id,
                list(history.MESSAGES),
            )
        )
