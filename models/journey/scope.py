"""Which customers the figures of the journey are about."""

from datetime import timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo.fields import Domain
from odoo.tools import SQL

from .day_sql import of_companies

CUSTOMERS = Domain("journey_stage", "!=", False)
LIVE_CUSTOMERS = 50_000  # up to which all of them may be looked at for the map
# What the counts of customers call what a profile has copied from its contact.
_COPIES = {"company_id": "partner_company_id", "active": "partner_active"}


class Scope(NamedTuple):
    """Some customers.

    :param SQL condition: on ``mini_crm_profile``
    :param list | None company_ids: their companies, when they are all customers of
        these; None stands for customers without a company. Nothing: the companies alone
        do not tell who is meant
    :param SQL | None strays: those of them whose company has customers that are not
        meant, as rules leave these out
    """

    condition: SQL
    company_ids: list | None
    strays: SQL | None = None

    @classmethod
    def seen(cls, env, chosen=Domain.TRUE):
        """The active customers that the user may see.

        :param Domain chosen: on contacts; only these of them
        """
        partners = env["res.partner"]
        counted = None
        if chosen.is_true():
            counted = partners._domain_of_counts(CUSTOMERS)
        if counted is None:
            query = partners._search(CUSTOMERS & chosen)
            return cls(SQL("mini_crm_profile.id IN %s", query.subselect()), None)
        # the counts leave archived ones out by themselves, profiles do not
        counted &= Domain("active", "=", True)
        # sudo: the user's rules are in the domain
        query = env["mini_crm.profile"].sudo()._search(_of_profile(counted))
        condition = query.where_clause or SQL("TRUE")
        seen = _by_company(env, counted)
        everybody = _by_company(env, Domain("by_tag", "=", False))
        partly = [number for number in seen if seen[number] < everybody[number]]
        column = SQL.identifier("mini_crm_profile", "partner_company_id")
        return cls(
            condition,
            [number for number in seen if number not in partly],
            SQL("%s AND %s", condition, of_companies(column, partly))
            if partly
            else None,
        )

    @classmethod
    def of(cls, company):
        """The active customers of a company, with those of all companies."""
        ids = company.parent_ids.ids
        return cls(
            SQL(
                """mini_crm_profile.partner_active AND (
                    mini_crm_profile.partner_company_id IS NULL
                    OR mini_crm_profile.partner_company_id = ANY(%s))""",
                ids,
            ),
            [None, *ids],
        )


def _by_company(env, counted):
    """How many customers there are of each company: {company id or None: number}.

    :param Domain counted: on ``mini_crm.customer.count``
    """
    rows = env["mini_crm.customer.count"]._count(counted, ["company_id"], ["__count"])
    return {company.id or None: number for company, number in rows}


def _of_profile(counted):
    """A domain on the counts of customers, as one on their profiles."""

    def renamed(condition):
        if condition.field_expr == "by_tag":
            return Domain.TRUE
        name = _COPIES.get(condition.field_expr, condition.field_expr)
        return Domain(name, condition.operator, condition.value)

    return counted.map_conditions(renamed)


def zone_of(company):
    """Time zone in which a company's days begin."""
    return ZoneInfo(company.mini_crm_tz or "UTC")


def local_day(moment, zone):
    """The day of a UTC moment in a time zone."""
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()
