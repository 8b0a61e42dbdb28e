"""Screens as an agent's browser asks for them: ours and those of plain Odoo."""

import ast
import time

from lxml import etree

from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .client import PAGE, form_specification, list_request

CUSTOMER = "mini_crm.mini_crm_customer_"
STOCK_LIST = "base.view_partner_tree"
STOCK_KANBAN = "base.res_partner_kanban_view"
STOCK_FORM = "base.view_partner_form"
STOCK_SEARCH = "base.view_res_partner_filter"
BEST_FIRST = SQL("pr.crm_score DESC NULLS LAST, pr.id DESC")


class Screens:
    """The requests of both, and their times; one user, nothing cached.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        user = _agent(env)
        env.cr.commit()
        self.env = env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        partner = self.env["res.partner"]
        ours, stock = f"{CUSTOMER}view_", STOCK_LIST
        self.ours = list_request(partner, self._id(f"{ours}list"))
        self.stock = list_request(partner, self._id(stock))
        self.our_kanban = list_request(partner, self._id(f"{ours}kanban"), "kanban")
        self.stock_kanban = list_request(partner, self._id(STOCK_KANBAN), "kanban")
        self.our_form = form_specification(partner, self._id(f"{ours}form"))
        self.stock_form = form_specification(partner, self._id(STOCK_FORM))
        action = self.env.ref(f"{CUSTOMER}action").sudo()
        self.domain = list(safe_eval(action.domain or "[]"))

    def _id(self, name):
        return self.env.ref(name).id

    def search_domain(self, needle):
        """What the first field of our search box asks for, with the action's domain."""
        domain = self._box(f"{CUSTOMER}view_search", needle)
        return [*self.domain, *domain]

    def stock_search_domain(self, needle):
        """The same of plain Odoo's search box."""
        return self._box(STOCK_SEARCH, needle)

    def _box(self, view, needle):
        views = self.env["res.partner"].get_views([(self._id(view), "search")])
        field = etree.fromstring(views["views"]["search"]["arch"]).find(".//field")
        domain = field.get("filter_domain")
        if not domain:
            return [(field.get("name"), "ilike", needle)]
        return ast.literal_eval(domain.replace("self", repr(needle)))

    # Times in seconds

    def timed(self, call):
        """Seconds that the server needs for a call on contacts, nothing cached.

        :param call: function of the model; an empty answer is an error
        """
        self.env.invalidate_all()
        self.env.cr.rollback()
        partner = self.env["res.partner"].with_context(bin_size=True)
        began = time.perf_counter()
        answer = call(partner)
        seconds = time.perf_counter() - began
        if not answer:
            raise AssertionError("The answer is empty.")
        return seconds

    def page(self, request, domain, order=None):
        """Seconds for a page of a list or kanban."""
        request = {**request, "order": order or request["order"]}
        return self.timed(lambda p: p.web_search_read(domain, **request)["records"])

    def groups(self, request, domain, group):
        """Seconds for the heads of all groups, with the sums of the list's columns."""
        fields = self.env["res.partner"].fields_get(list(request["specification"]))
        sums = [
            f"{name}:{field['aggregator']}"
            for name, field in fields.items()
            if field.get("aggregator") and field["type"] in ("integer", "float")
        ]
        return self.timed(
            lambda p: p.web_read_group(domain, [group], sums, limit=80)["groups"]
        )

    def count(self, domain):
        """Seconds for the exact number, as a click on "2000+" asks for it."""
        return self.timed(lambda p: p.search_count(domain))

    def form(self, specification, ids, number):
        """Seconds for a form of one of these contacts."""
        partner_id = ids[number % len(ids)]
        return self.timed(lambda p: p.browse(partner_id).web_read(specification))

    def bare(self, *statements):
        """Seconds for SQL statements."""
        self.env.cr.rollback()
        began = time.perf_counter()
        for statement in statements:
            self.env.cr.execute(statement)
            self.env.cr.fetchall()
        return time.perf_counter() - began

    def bare_page(self, condition, order=BEST_FIRST):
        """A page of our list in two statements: rows with tags, and the capped count.

        :param SQL condition: on ``mini_crm_profile pr`` and ``res_partner p``
        :return: tuple of SQL
        """
        return (
            SQL(
                """SELECT pr.id, p.name, p.phone, p.email, p.city, pr.crm_score,
                    pr.crm_health, pr.journey_stage, pr.last_contacted_at,
                    pr.total_purchases, pr.total_spent, pr.has_photo,
                    (SELECT jsonb_agg(jsonb_build_array(c.id, c.name, c.color))
                     FROM res_partner_res_partner_category_rel g
                     JOIN res_partner_category c ON c.id = g.category_id
                     WHERE g.partner_id = pr.id)
                FROM mini_crm_profile pr JOIN res_partner p ON p.id = pr.id
                WHERE p.active AND %s ORDER BY %s LIMIT %s""",
                condition,
                order,
                PAGE,
            ),
            SQL(
                """SELECT count(*) FROM (SELECT FROM mini_crm_profile pr
                JOIN res_partner p ON p.id = pr.id WHERE p.active AND %s LIMIT %s) t""",
                condition,
                self.ours["count_limit"],
            ),
        )


def _agent(env):
    """A plain agent, as most users of the lists are."""
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Bench",
                "login": f"bench-{time.time_ns()}",
                "group_ids": [(6, 0, [env.ref("mini_crm.mini_crm_group_agent").id])],
            }
        )
    )
