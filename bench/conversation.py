"""Pages of a long conversation: a late one against the first, and against bare SQL."""

from odoo.tools import SQL

from .databases import tidy
from .environment import opened
from .measure import Figure, at_most_cost, in_turns
from .pages import Screens

MESSAGES = 5_000  # of one customer
LATE = 50  # number of the page that is far back
ROUNDS = 9
LIMIT = 0.100  # seconds
GOAL = at_most_cost(1.5)


def run(databases, customers):
    """Measure the Communication tab: list of Figure."""
    db = databases.seeded(customers)
    with opened(db) as env:
        partner_id = _talk(env)
        env.cr.commit()
    tidy(db, "mini_crm_message", "mini_crm_event")
    with opened(db) as env:
        screens = Screens(env)
        cursor = _cursor(screens, partner_id)
        times = in_turns(
            {
                "late": lambda _n: _page(screens, partner_id, cursor),
                "first": lambda _n: _page(screens, partner_id, None),
                "bare": lambda _n: screens.bare(_bare(partner_id, cursor)),
            },
            ROUNDS,
        )
        title = f"page {LATE} of a thread of {MESSAGES:,}, {customers:,} customers"
        return [
            Figure(title, times["late"], limit=LIMIT)
            .against("its first page", times["first"], GOAL)
            .against("bare SQL over the same rows", times["bare"])
        ]


def _talk(env):
    """A customer who has said and heard much, by messages and calls: his id."""
    partner = env["res.partner"].create({"name": "Talks Much"})
    channel = env["mini_crm.channel"].create({"name": "Bench", "type": "telegram"})
    identity = env["mini_crm.identity"].create(
        {
            "channel_id": channel.id,
            "company_id": channel.company_id.id,
            "partner_id": partner.id,
            "external_id": "1",
        }
    )
    env.flush_all()
    env.cr.execute(
        """WITH said AS (
            INSERT INTO mini_crm_message (channel_id, company_id, identity_id,
                partner_id, direction, kind, body, date, sequence, state, external_id)
            SELECT %s, %s, %s, %s, CASE WHEN n %% 2 = 0 THEN 'in' ELSE 'out' END,
                'text', repeat('Some words. ', 8),
                timestamp '2025-01-01' + n * interval '20 minutes', n,
                CASE WHEN n %% 2 = 0 THEN 'received' ELSE 'read' END, '1:' || n
            FROM generate_series(1, %s) n
            RETURNING id, company_id, partner_id, date, direction)
        INSERT INTO mini_crm_event (company_id, partner_id, type, date, depth,
            res_model, res_id)
        SELECT company_id, partner_id, CASE direction WHEN 'in'
            THEN 'message_received' ELSE 'message_sent' END, date, 0,
            'mini_crm.message', id FROM said
        UNION ALL SELECT company_id, partner_id, 'call_logged', date, 0, NULL, NULL
            FROM said WHERE id %% 10 = 0""",
        [channel.id, channel.company_id.id, identity.id, partner.id, MESSAGES],
    )
    return partner.id


def _page(screens, partner_id, cursor):
    return screens.timed(
        lambda p: p.browse(partner_id).get_conversation(cursor=cursor)["rows"]
    )


def _cursor(screens, partner_id):
    """Where the late page begins."""
    partner = screens.env["res.partner"].browse(partner_id)
    cursor = None
    for _page_before in range(LATE - 1):
        cursor = partner.get_conversation(cursor=cursor)["next"]
    return cursor


def _bare(partner_id, cursor):
    """The same rows in one statement, without rights, names and words."""
    date, sequence, _source, row_id = cursor
    return SQL(
        """SELECT * FROM (
            (SELECT date, sequence, id, direction, body, state, author_id, media::text
            FROM mini_crm_message WHERE partner_id = %(partner)s
                AND (date, sequence, id) < (%(date)s, %(sequence)s, %(id)s)
            ORDER BY date DESC, sequence DESC, id DESC LIMIT 51)
            UNION ALL
            (SELECT date, 0, id, type, summary, NULL, author_id, data::text
            FROM mini_crm_event WHERE partner_id = %(partner)s
                AND type IN ('call_logged', 'note_added', 'message_received',
                    'message_sent')
                AND res_model IS DISTINCT FROM 'mini_crm.message'
                AND date < %(date)s
            ORDER BY date DESC, id DESC LIMIT 51)) said
        ORDER BY date DESC, sequence DESC, id DESC LIMIT 51""",
        partner=partner_id,
        date=date,
        sequence=sequence,
        id=row_id,
    )
