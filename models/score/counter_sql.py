"""Counters of customers, counted anew from their events, ledger lines and tags."""

from typing import NamedTuple

from odoo.tools import SQL

from ...engine.scoring import ASK_HOURS

# Event types that show interest, besides incoming messages.
ENGAGING = ("link_clicked",)
REFERRAL = "referral_made"

COUNTERS = (
    "total_interactions",
    "total_engagements",
    "asks_closed",
    "asks_answered",
    "ask_open_at",
    "first_interaction_at",
    "last_contacted_at",
    "total_purchases",
    "total_spent",
    "average_order_value",
    "first_purchase_at",
    "last_purchase_at",
    "referrals",
    "advocate",
    "currency_id",
    "customer_since",
)


class Shop(NamedTuple):
    """What decides how customers are counted."""

    first_company_id: int  # company of the customers that have none
    many_currencies: bool  # companies have different currencies
    has_advocates: bool  # there are tags that mark advocates


def counted(chosen, shop):
    """SELECT the counters (``COUNTERS`` and id) of chosen customers.

    :param Chosen chosen: which customers
    :param Shop shop: what decides how they are counted
    :rtype: SQL
    """
    return SQL(
        """SELECT pr.id,
            coalesce(t.interactions, 0) AS total_interactions,
            coalesce(t.engagements, 0) AS total_engagements,
            coalesce(t.closed, 0) AS asks_closed,
            coalesce(t.answered, 0) AS asks_answered,
            t.open_at AS ask_open_at,
            t.first_at AS first_interaction_at,
            t.last_at AS last_contacted_at,
            coalesce(b.purchases, 0) AS total_purchases,
            coalesce(b.spent, 0) AS total_spent,
            coalesce(b.spent / nullif(b.purchases, 0), 0) AS average_order_value,
            b.first_at AS first_purchase_at,
            b.last_at AS last_purchase_at,
            coalesce(t.referrals, 0) + coalesce(r.referrals, 0) AS referrals,
            %(advocate)s AS advocate,
            co.currency_id,
            least(b.first_at, t.first_at, pr.imported_since, p.create_date)
                AS customer_since
        FROM mini_crm_profile pr
        JOIN res_partner p ON p.id = pr.id
        JOIN res_company co ON co.id = coalesce(p.company_id, %(first_company)s)
        LEFT JOIN (%(talk)s) t ON t.id = pr.id
        LEFT JOIN (%(bought)s) b ON b.id = pr.id
        LEFT JOIN (%(referred)s) r ON r.id = pr.id
        WHERE %(chosen)s AND %(chosen_partners)s""",
        first_company=shop.first_company_id,
        talk=_talk(chosen),
        bought=bought(chosen, shop),
        referred=SQL(
            """SELECT referred_by_id AS id, count(*)::int AS referrals FROM res_partner
            WHERE referred_by_id IS NOT NULL AND %s GROUP BY referred_by_id""",
            chosen.on(SQL("referred_by_id")),
        ),
        advocate=_ADVOCATE if shop.has_advocates else SQL("FALSE"),
        chosen=chosen.on(SQL("pr.id")),
        chosen_partners=chosen.on(SQL("p.id")),
    )


_ADVOCATE = SQL(
    """EXISTS (SELECT FROM res_partner_res_partner_category_rel g
        JOIN res_partner_category c ON c.id = g.category_id
        WHERE c.mini_crm_advocate AND g.partner_id = pr.id)"""
)


def _talk(chosen):
    """Interactions and asks of each customer.

    Consecutive outgoing messages are one ask, timed from the last: an ask is an
    outgoing message that another outgoing one does not follow. Calls are neither ask
    nor answer.
    """
    return SQL(
        """SELECT e.partner_id AS id,
            count(e.interaction)::int AS interactions,
            count(*) FILTER (WHERE e.interaction = 'in' OR e.type = ANY(%(engaging)s))
                ::int AS engagements,
            count(*) FILTER (WHERE e.type = %(referral)s)::int AS referrals,
            min(e.date) FILTER (WHERE e.interaction IS NOT NULL) AS first_at,
            max(e.date) FILTER (WHERE e.interaction IS NOT NULL) AS last_at,
            count(*) FILTER (WHERE e.interaction = 'out' AND e.next = 'in')
                ::int AS closed,
            count(*) FILTER (WHERE e.interaction = 'out' AND e.next = 'in'
                AND e.next_date <= e.date + make_interval(hours => %(ask_hours)s))
                ::int AS answered,
            max(e.date) FILTER (WHERE e.interaction = 'out' AND e.next IS NULL)
                AS open_at
        FROM (
            SELECT partner_id, type, interaction, date,
                lag(interaction) OVER later AS next, lag(date) OVER later AS next_date
            FROM mini_crm_event
            WHERE (interaction IS NOT NULL OR type = ANY(%(others)s))
                AND undone_by IS NULL AND %(chosen)s
            WINDOW later AS (PARTITION BY partner_id, interaction IN ('in', 'out')
                ORDER BY date DESC, id DESC)
        ) e GROUP BY e.partner_id""",
        engaging=list(ENGAGING),
        referral=REFERRAL,
        others=[*ENGAGING, REFERRAL],
        ask_hours=ASK_HOURS,
        chosen=chosen.on(SQL("partner_id")),
    )


def bought(chosen, shop):
    """SELECT id, purchases, spent (net, float8), first_at, last_at of chosen customers.

    Amounts are in the currency of the customer's company (of the first company when he
    has none), at the rate of the day of the purchase.

    :param Chosen chosen: which customers
    :param Shop shop: what decides how they are counted
    :rtype: SQL
    """
    amount, joins = SQL("m.amount_company"), SQL()
    if shop.many_currencies:
        amount, joins = _converted(chosen, shop)
    return SQL(
        """SELECT m.partner_id AS id,
            count(*) FILTER (WHERE m.kind = 'purchase')::int AS purchases,
            sum(%(amount)s)::float8 AS spent,
            min(m.date) FILTER (WHERE m.kind = 'purchase') AS first_at,
            max(m.date) FILTER (WHERE m.kind = 'purchase') AS last_at
        FROM mini_crm_purchase m %(joins)s
        WHERE %(chosen)s GROUP BY m.partner_id""",
        amount=amount,
        joins=joins,
        chosen=chosen.on(SQL("m.partner_id")),
    )


def _converted(chosen, shop):
    """Amount of the ledger line ``m`` in its customer's currency; the joins for it."""
    day, path = SQL("m.date::date"), SQL("pc.parent_path")
    amount = SQL(
        """CASE WHEN mc.currency_id = pc.currency_id THEN m.amount_company
            ELSE round(m.amount_company * %(to)s / %(of)s,
                greatest(0, round(-log(cu.rounding)))::int) END""",
        to=rate(SQL("pc.currency_id"), day, path),
        of=rate(SQL("mc.currency_id"), day, path),
    )
    joins = SQL(
        """JOIN res_partner mp ON mp.id = m.partner_id AND %s
        JOIN res_company pc ON pc.id = coalesce(mp.company_id, %s)
        JOIN res_currency cu ON cu.id = pc.currency_id
        JOIN res_company mc ON mc.id = m.company_id""",
        chosen.on(SQL("mp.id")),
        shop.first_company_id,
    )
    return amount, joins


def rate(currency, day, company_path):
    """Rate of a currency on a day, as ``res.currency._get_rates`` finds it.

    :param SQL currency: id
    :param SQL day: date
    :param SQL company_path: ``parent_path`` of the company; rates are its root's
    :return: numeric: units of the currency for one of the reference currency
    """
    known = SQL(
        """SELECT rate FROM res_currency_rate cr WHERE cr.currency_id = %s
        AND (cr.company_id IS NULL OR cr.company_id = split_part(%s, '/', 1)::int)""",
        currency,
        company_path,
    )
    return SQL(
        """coalesce((%(known)s AND cr.name <= %(day)s
                ORDER BY cr.company_id, cr.name DESC LIMIT 1),
            (%(known)s ORDER BY cr.company_id, cr.name LIMIT 1), 1.0)""",
        known=known,
        day=day,
    )
