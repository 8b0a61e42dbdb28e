from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.birthdays import birth_ranges


class ResPartner(models.Model):
    _inherit = "res.partner"

    awaiting_reply_since = fields.Datetime(
        related="mini_crm_profile_id.ask_open_at",
        string="Has Not Replied Since",
        compute_sudo=True,
        groups="base.group_user",
        help="Your last message that the customer has not answered.",
    )
    birthday_period = fields.Selection(
        [
            ("today", "Today"),
            ("next_7", "In the next 7 days"),
            ("next_30", "In the next 30 days"),
            ("this_month", "This month"),
            ("next_month", "Next month"),
        ],
        "Birthday",
        compute="_compute_birthday_period",
        search="_search_birthday_period",
        groups="base.group_user",
        help="By the calendar and the time zone of the shop; today is the first of the"
        " next 7 days. 29 February and 30 Esfand are celebrated a day early in years"
        " without them.",
    )

    @api.depends_context("company")
    def _compute_birthday_period(self):
        """The first of the periods in which the birthday is."""
        slot = self.env["mini_crm.condition"]._birthday_slot()
        periods = [code for code, _ in self._fields["birthday_period"].selection]
        ranges = {period: self._birth_ranges(period) for period in periods}
        for partner in self:
            birth = slot and partner[slot]
            partner.birthday_period = birth and next(
                (
                    period
                    for period in periods
                    if any(first <= birth <= last for first, last in ranges[period])
                ),
                False,
            )

    @api.model
    def _search_birthday_period(self, operator, value):
        if operator != "in":
            return NotImplemented  # Odoo turns the others into this one
        slot = self.env["mini_crm.condition"]._birthday_slot()
        codes = self._fields["birthday_period"].get_values(self.env)
        ranges = [
            span
            for period in value
            if slot and period in codes
            for span in self._birth_ranges(period)
        ]
        found = in_ranges(slot, ranges) if ranges else Domain.FALSE
        if False in value:  # in none of the periods
            found |= ~self._search_birthday_period("in", codes)
        return found

    @api.model
    def _birth_ranges(self, period):
        """Ranges of dates of birth, by the current company's day and calendar."""
        company = self.env.company
        return birth_ranges(period, company._today(), company._birthday_calendar())


def in_ranges(slot, ranges):
    """Domain: a date is in one of many short ranges, each looked up in its index."""
    first, last = zip(*ranges, strict=True)

    def to_sql(model, alias, query):
        model._check_field_access(model._fields[slot], "read")
        return SQL(
            """%(column)s IN (
                SELECT born.day::date FROM unnest(%(first)s::date[], %(last)s::date[])
                    AS span(first, last),
                    generate_series(span.first, span.last, interval '1 day')
                        AS born(day))""",
            column=model._field_to_sql(alias, slot, query),
            first=list(first),
            last=list(last),
        )

    return Domain.custom(to_sql=to_sql)
