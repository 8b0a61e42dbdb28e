import re

from odoo import api, models
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCondition
from odoo.tools import SQL

from ...engine.fields import SLOT_SET, slot_type
from ...engine.slot_indexes import LONG, SEARCHED, sorted_part

# So many hits are looked up by their ids, as those of the search box; the list counts
# no further.
NAMED = 2_000
FEW_OPTIONS = 12  # choices of a select field that are read one after the other
TRIGRAM = 3  # letters from which the index knows where a text occurs
# A page, not an export: empty ones are read apart from the others.
PAGE = 1_000
# context: all hits are wanted, in no order; the query may be kept, so nothing is looked
# up for it now
ALL_HITS = "mini_crm_all_hits"
_FIRST_TERM = re.compile(r"\s*(\w+)(\s+asc|\s+desc)?(\s+nulls\s+last)?\s*(?:,|$)", re.I)
_TAKES_ZERO = {
    "<": lambda value: value > 0,
    "<=": lambda value: value >= 0,
    ">": lambda value: value < 0,
    ">=": lambda value: value <= 0,
}


# _search is done in several methods here, which all go on with Odoo's own
# pylint: disable=super-method-mismatch
class ResPartner(models.Model):
    """Contacts are filtered and sorted by slots as their indexes allow it.

    A list is sorted by score and cut off after a page. The planner, where it guesses
    too many hits, walks through everybody in that order: what is known better than its
    guess is said here.
    """

    _inherit = "res.partner"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain)
        if any(_slot_of(c) for c in domain.iter_conditions()):
            domain = _bounded(domain).map_conditions(_filled_or_not)
            if not self.env.context.get(ALL_HITS):
                domain = domain.map_conditions(self._hits_by_id)
        term = _FIRST_TERM.match(order or "")
        if term and term[1] in SLOT_SET and type(limit) is int and 0 < limit <= PAGE:
            return self._search_filled_first(domain, offset or 0, limit, order, options)
        return super()._search(domain, offset, limit, order, **options)

    @api.model
    def _hits_by_id(self, condition):
        """Name the few contacts for which a condition on a slot holds by their ids.

        :param condition: a condition of a domain
        :rtype: Domain
        """
        if not _may_be_rare(condition):
            return condition
        hits = super()._search(condition, active_test=False, bypass_access=True)
        # MATERIALIZED: planned for all hits, so by the index, and read as far as needed
        rows = self.env.execute_query(
            SQL(
                "WITH hits AS MATERIALIZED (%s) SELECT id FROM hits LIMIT %s",
                hits.select(),
                NAMED + 1,
            )
        )
        if len(rows) > NAMED:
            return condition
        return Domain("id", "in", [row[0] for row in rows])

    @api.model
    def _search_filled_first(self, domain, offset, limit, order, options):
        """Search a page in the order of a slot: those without a value come last.

        In both directions. A page of those with a value comes off the index; only where
        they end are the others looked for, in the order of the further terms. As one
        statement everybody would be sorted.

        :return: Query with a known result
        """
        term = _FIRST_TERM.match(order)
        slot, descending = term[1], "desc" in (term[2] or "").lower()
        rest = order[term.end() :].strip() or "id"
        direction = "DESC NULLS FIRST" if descending else "ASC"
        if any(c.field_expr == self._active_name for c in domain.iter_conditions()):
            options["active_test"] = False  # "archived or not" is optimized away
        domain = domain.optimize_full(self)  # once: it may look something up
        ids = []
        for part, alike in self._parts(slot, descending):
            ordered = rest if alike else f"{slot} {direction}, {rest}"
            wanted = limit - len(ids)
            part = part.map_conditions(self._hits_by_id)  # a choice that few have
            query = super()._search(domain & part, offset, wanted, ordered, **options)
            found = query.get_result_ids()
            if len(found) == limit:
                return query
            ids += found
            if len(ids) == limit:
                break
            if found or not offset:
                offset = 0
            else:  # the page begins after this part: how many it has is to be known
                offset -= len(super()._search(domain & part, **options))
        return self.browse(ids)._as_query()

    @api.model
    def _parts(self, slot, descending):
        """Parts of all contacts, in the order of a slot.

        :return: list of (Domain, whether all in it have the same value)
        """
        filled, empty = _that("%s IS NOT NULL", slot), (_that("%s IS NULL", slot), True)
        if slot_type(slot) == "boolean":
            parts = [
                (_that("%s IS NOT TRUE", slot), True),
                (_that("%s IS TRUE", slot), True),
            ]
            return parts[::-1] if descending else parts
        self.flush_model([slot])
        if not self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM res_partner WHERE %s IS NOT NULL)",
                SQL.identifier(slot),
            )
        )[0][0]:  # such a slot has no index: looked through once, not once a part
            return [empty]
        rules = self.env["mini_crm.field"]._rules().values()
        codes = [o.code for rule in rules if rule.slot == slot for o in rule.options]
        if not codes or len(codes) > FEW_OPTIONS:
            return [(filled, False), empty]
        # As one part, the contacts of the first choice would all be read and sorted.
        codes.sort(reverse=descending)
        other = filled & Domain(slot, "not in", codes)
        return [
            *((Domain(slot, "=", code), True) for code in codes),
            (other, False),
            empty,
        ]

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by a slot so that contacts without a value come last."""
        if field_name not in SLOT_SET or slot_type(field_name) == "boolean":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        value = self._field_to_sql(alias, field_name, query)
        query._order_groupby.append(value)
        if slot_type(field_name) in LONG:
            value = SQL(sorted_part("%s"), value)
        if direction.code == "DESC" and not nulls.code:
            nulls = SQL("NULLS LAST")
        return SQL("%s %s %s", value, direction, nulls)


def _that(condition, slot):
    """Domain of the contacts for whose slot an SQL condition holds."""
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            condition, model._field_to_sql(alias, slot, query)
        )
    )


def _slot_of(condition):
    """The slot that a condition is about, or a part of its date; else ``None``."""
    slot = condition.field_expr.partition(".")[0]
    return slot if slot in SLOT_SET else None


def _may_be_rare(condition):
    """Whether an index finds what a condition asks for, be it a few or many.

    Parts of a text, certain values, months. An empty value is none of these: it is what
    most contacts have.
    """
    slot, (expression, operator, value) = _slot_of(condition), next(iter(condition))
    if not slot or slot_type(slot) == "boolean":
        return False
    if operator in ("ilike", "=ilike"):
        long_enough = isinstance(value, str) and len(value) >= TRIGRAM
        return slot_type(slot) in SEARCHED and long_enough
    if expression not in (slot, f"{slot}.month_number"):
        return False
    if operator == "in":
        return not isinstance(value, Domain) and bool(value) and all(value)
    return operator == "=" and bool(value)


def _bounded(domain):
    """Say once that a number is filled, where a second condition says so anyway.

    Odoo takes an empty number for 0, so "at most 120" includes empty ones; "between 100
    and 120" does not, but the planner cannot see it and takes most contacts for hits.
    """
    if not isinstance(domain, DomainAnd):
        return domain
    filled = {
        child.field_expr
        for child in domain.children
        if _is_filled(child) is True
        or (_is_bound(child) and not _TAKES_ZERO[child.operator](child.value))
    }
    return Domain.AND(
        _of_filled(child)
        if _is_bound(child)
        and child.field_expr in filled
        and _TAKES_ZERO[child.operator](child.value)
        else child
        for child in domain.children
    )


def _filled_or_not(condition):
    """A condition that a number is there, or is not, in its own words.

    Odoo puts all values together that a field is compared with, and 0 == False: "is 0
    and is set" would hold for nobody.
    """
    filled = _is_filled(condition)
    if filled is None:
        return condition
    wanted = "%s IS NOT NULL" if filled else "%s IS NULL"
    return _that(wanted, condition.field_expr)


def _is_filled(domain):
    """Whether this asks for a number in a slot (True), or for none (False).

    ``None``: it is about something else.
    """
    if not (
        isinstance(domain, DomainCondition)
        and domain.field_expr in SLOT_SET
        and slot_type(domain.field_expr) == "number"
    ):
        return None
    value = domain.value
    if domain.operator in ("in", "not in"):
        value = next(iter(value)) if len(value) == 1 else domain
    if value is not False and value is not None:
        return None
    return {"=": False, "in": False, "!=": True, "not in": True}.get(domain.operator)


def _is_bound(domain):
    """Whether this is a condition like "at most 120" on a slot for numbers."""
    return (
        isinstance(domain, DomainCondition)
        and domain.field_expr in SLOT_SET
        and slot_type(domain.field_expr) == "number"
        and domain.operator in _TAKES_ZERO
        and isinstance(domain.value, (int, float))
    )


def _of_filled(bound):
    """The same bound without those who have no value."""
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            f"%s {bound.operator} %s",
            model._field_to_sql(alias, bound.field_expr, query),
            bound.value,
        )
    )
