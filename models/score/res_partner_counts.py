from odoo import api, models
from odoo.fields import Domain
from odoo.orm.domains import (
    DomainAnd,
    DomainBool,
    DomainCondition,
    DomainNary,
    DomainNot,
)
from odoo.orm.utils import COLLECTION_TYPES

from .mini_crm_customer_count import AGGREGATES

# What may be asked of the counts, in the same words as of contacts.
CELL = {"journey_stage", "crm_health", "company_id", "partner_share", "active"}
GROUPS = {"journey_stage", "crm_health", "category_id"}
# A profile is there if one of these is known.
PROVING = {"journey_stage", "crm_health"}
PLAIN = {"in", "not in"}


class ResPartner(models.Model):
    """How many customers there are, in groups and in all, from the stored counts.

    Rules about contacts (company, archived) have Odoo read every customer's contact.
    Where the counts know all that is asked, rules included, they give the same answer
    without one; anything else is for Odoo.
    """

    _inherit = "res.partner"

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        counted = None
        if (
            GROUPS.issuperset(groupby)
            and AGGREGATES.keys() >= set(aggregates)
            and not having
            and {*groupby, *AGGREGATES}.issuperset(_order_terms(order))
        ):
            counted = self._domain_of_counts(domain, "category_id" in groupby)
        if counted is None:
            return super()._read_group(
                domain, groupby, aggregates, having, offset, limit, order
            )
        rows = self.env["mini_crm.customer.count"]._count(
            counted, groupby, aggregates, offset=offset, limit=limit, order=order
        )
        if "category_id" not in groupby or not rows:
            return rows
        place = list(groupby).index("category_id")
        columns = list(zip(*rows, strict=True))
        columns[place] = self._read_group_postprocess_groupby(
            "category_id", columns[place]
        )
        return list(zip(*columns, strict=True))

    @api.model
    @api.readonly
    def search_count(self, domain, limit=None):
        counted = self._domain_of_counts(domain)
        if counted is None:
            return super().search_count(domain, limit)
        [(number,)] = self.env["mini_crm.customer.count"]._count(
            counted, aggregates=["__count"]
        )
        return min(number, limit) if limit else number

    @api.model
    def _domain_of_counts(self, domain, by_tag=False):
        """A domain about customers as the counts are asked, with the user's rules.

        :param domain: on contacts
        :param bool by_tag: tags are asked for
        :return: on ``mini_crm.customer.count``; None: the counts do not know
        :rtype: Domain | None
        """
        domain = Domain(domain).optimize(self)
        if not _is_plain(domain) or not any(map(_proves_profile, _parts(domain))):
            return None
        # whom Odoo would refuse, Odoo shall refuse
        if not self.env.su and not (
            self.env.user._is_internal() and self.browse().has_access("read")
        ):
            return None
        rules = self._rules_on("res.partner")
        tags = self._domain_of_tags() if by_tag else Domain.TRUE
        if tags is None or not _is_plain(rules):
            return None
        self.flush_model(["active", "company_id", "partner_share", "category_id"])
        return domain & rules & tags & Domain("by_tag", "=", by_tag)

    @api.model
    def _domain_of_tags(self):
        """Of the counts by tag, those of tags in use; None: others may be asked for."""
        field = self._fields["category_id"]
        tags = self.env[field.comodel_name].with_context(**field.context)
        if not (
            Domain(field.get_comodel_domain(self)).is_true()
            and self._rules_on(tags._name).is_true()
            and tags.env.context.get("active_test", True)
            and tags.browse().has_access("read")
        ):
            return None
        # sudo: nothing is left out by rules, just asked for more
        unused = tags.sudo().search([("active", "=", False)])
        return Domain("category_id", "not in", unused.ids) if unused else Domain.TRUE

    @api.model
    def _rules_on(self, model):
        """The user's record rules for reading a model, as Odoo's search has them."""
        rules = self.env["ir.rule"]._compute_domain(model, "read")
        # sudo: rules look at more than their user may
        asked = self.env[model].sudo().with_context(active_test=False)
        return rules.optimize_full(asked)


def _order_terms(order):
    """Fields and aggregates of an order."""
    return {term.split()[0] for term in (order or "").split(",") if term.strip()}


def _parts(domain):
    """Parts of a domain that must all hold."""
    return domain.children if isinstance(domain, DomainAnd) else [domain]


def _is_plain(domain):
    """Whether a domain compares nothing but what the counts tell apart, with values."""
    if isinstance(domain, DomainNary):
        return all(map(_is_plain, domain.children))
    if isinstance(domain, DomainNot):
        return _is_plain(domain.child)
    if not isinstance(domain, DomainCondition):
        return isinstance(domain, DomainBool)  # not SQL of somebody's own
    return (
        domain.field_expr in CELL
        and domain.operator in PLAIN
        and isinstance(domain.value, COLLECTION_TYPES)
    )


def _proves_profile(domain):
    """Whether a part of a domain holds for nobody without a profile."""
    return (
        isinstance(domain, DomainCondition)
        and domain.field_expr in PROVING
        and (domain.operator == "in") != (False in domain.value)
    )
