"""First page of the customer list against the stock Contacts list and bare SQL."""

import time

from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .client import PAGE, list_request
from .databases import tidy
from .environment import opened, say
from .measure import Figure, at_most_cost, in_turns

QUICK, LARGE = 20_000, 200_000
ROUNDS = 15
LIMIT = 0.100  # seconds at 200,000 customers
STOCK_GOAL = at_most_cost(0.5)

ORDERS = {
    "by score": (
        "crm_score DESC, id DESC",
        SQL("pr.crm_score DESC NULLS LAST, pr.id DESC"),
    ),
    "by last contact": (
        "last_contacted_at DESC, id DESC",
        SQL("pr.last_contacted_at DESC NULLS LAST, pr.id DESC"),
    ),
    "by spent": (
        "total_spent DESC, id DESC",
        SQL("pr.total_spent DESC NULLS LAST, pr.id DESC"),
    ),
}


def run(databases, large):
    """Measure the list: list of Figure."""
    count = LARGE if large else QUICK
    db = databases.seeded(count)
    tidy(db, "res_partner", "mini_crm_profile", "res_partner_res_partner_category_rel")
    with opened(db) as env:
        user = _agent(env)
        env.cr.commit()
        pages = Pages(env(user=user.id, context={"lang": "en_US", "tz": "UTC"}))
        say(
            f"  our list asks for {len(pages.ours['specification'])} columns,"
            f" the stock list for {len(pages.stock['specification'])}"
        )
        figures = [pages.sorted_page(name, count) for name in ORDERS]
        return [*figures, pages.tagged_page(count)]


def _agent(env):
    """A plain agent, as most users of the list are."""
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


class Pages:
    """The lists as one user sees them.

    :param env: environment of that user
    """

    def __init__(self, env):
        self.env = env
        partner = env["res.partner"]
        view = env.ref("mini_crm.mini_crm_customer_view_list").id
        stock = env.ref("base.view_partner_tree").id
        self.ours = list_request(partner, view)
        self.stock = list_request(partner, stock)
        action = env.ref("mini_crm.mini_crm_customer_action").sudo()
        self.domain = list(safe_eval(action.domain or "[]"))

    def sorted_page(self, name, count):
        """Figure of the first page in an order."""
        order, bare_order = ORDERS[name]
        times = in_turns(
            {
                "ours": lambda _n: self._page(
                    {**self.ours, "order": order}, self.domain
                ),
                "stock": lambda _n: self._page(self.stock, []),
                "bare": lambda _n: self._bare(SQL("TRUE"), bare_order),
            },
            ROUNDS,
        )
        return self._figure(f"list {name}, {count:,} customers", times, "Contacts list")

    def tagged_page(self, count):
        """Figure of the first page of the customers with the commonest tag."""
        tag = self._commonest_tag()
        clause = [("category_id", "=", tag)]
        tagged = SQL(
            """pr.id IN (SELECT partner_id FROM res_partner_res_partner_category_rel
                WHERE category_id = %s)""",
            tag,
        )
        times = in_turns(
            {
                "ours": lambda _n: self._page(self.ours, [*self.domain, *clause]),
                "stock": lambda _n: self._page(self.stock, clause),
                "bare": lambda _n: self._bare(tagged, ORDERS["by score"][1]),
            },
            ROUNDS,
        )
        name = f"list of a tag, {count:,} customers"
        return self._figure(name, times, "Contacts list, same tag")

    def _figure(self, name, times, stock):
        return (
            Figure(name, times["ours"], limit=LIMIT)
            .against(stock, times["stock"], STOCK_GOAL)
            .against("bare SQL", times["bare"])
        )

    def _page(self, request, domain):
        """Seconds that the server needs for the client's request, nothing cached."""
        self.env.invalidate_all()
        self.env.cr.rollback()
        partner = self.env["res.partner"].with_context(bin_size=True)
        began = time.perf_counter()
        answer = partner.web_search_read(domain, **request)
        seconds = time.perf_counter() - began
        if not answer["records"]:
            raise AssertionError(f"The list is empty: {domain}")
        return seconds

    def _bare(self, condition, order):
        """The same page in two statements: rows with tags, and the capped count."""
        self.env.cr.rollback()
        began = time.perf_counter()
        self.env.cr.execute(
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
            )
        )
        self.env.cr.fetchall()
        self.env.cr.execute(
            SQL(
                """SELECT count(*) FROM (SELECT FROM mini_crm_profile pr
                JOIN res_partner p ON p.id = pr.id WHERE p.active AND %s LIMIT %s) t""",
                condition,
                self.ours["count_limit"],
            )
        )
        self.env.cr.fetchall()
        return time.perf_counter() - began

    def _commonest_tag(self):
        self.env.cr.execute(
            """SELECT category_id FROM res_partner_res_partner_category_rel
            GROUP BY category_id ORDER BY count(*) DESC LIMIT 1"""
        )
        return self.env.cr.fetchone()[0]
