"""Which customers the figures of the journey are about."""

from datetime import timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo.fields import Domain
from odoo.tools import SQL

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
    """

    condition: SQL
    company_ids: list | None

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
        rows = env["mini_crm.customer.count"]._count(counted, ["company_id"])
        # sudo: the user's rules are in the domain
        query = env["mini_crm.profile"].sudo()._search(_of_profile(counted))
        return cls(
            query.where_clause or SQL("TRUE"),
            [company.id or None for (company,) in rows],
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
