"""The customer list, kanban and form against stock Contacts and bare SQL."""

from odoo.tools import SQL

from .databases import tidy
from .environment import opened, say
from .measure import Figure, at_most_cost, in_turns
from .pages import Screens

ROUNDS = 15
FEW_ROUNDS = 7  # of what takes longer
LIMIT = 0.100  # seconds at 200,000 customers
GROUP_LIMIT, COUNT_LIMIT, FORM_LIMIT = 0.060, 0.020, 0.500
STOCK_GOAL = at_most_cost(0.5)
COUNTED_GOAL = at_most_cost(0.25)  # from the stored counts
SAME = at_most_cost(1)

# The list's own order, which the client keeps behind that of a clicked column.
DEFAULT = "crm_score DESC, id DESC"
# Orders by a figure of the profile, with an index: as fast as the first page.
FIGURES = {
    "by score": "crm_score",
    "by last contact": "last_contacted_at",
    "by spent": "total_spent",
    "by purchases": "total_purchases",
}
# Orders that plain Odoo has as well.
COLUMNS = {"by name": "name", "by date of creation": "create_date"}
GROUPS = {"tag": "category_id", "stage": "journey_stage", "health": "crm_health"}


def run(databases, customers):
    """Measure the screens: list of Figure."""
    db = databases.seeded(customers)
    tidy(db, "res_partner", "mini_crm_profile", "res_partner_res_partner_category_rel")
    with opened(db) as env:
        lists = Lists(Screens(env), customers)
        say(
            f"  our list asks for {len(lists.screens.ours['specification'])} columns,"
            f" the stock list for {len(lists.screens.stock['specification'])}"
        )
        return [
            *(lists.by_figure(name) for name in FIGURES),
            lists.by_stage(),
            *(lists.by_column(name) for name in COLUMNS),
            lists.of_a_tag(),
            lists.kanban(),
            *(lists.grouped(name) for name in GROUPS),
            lists.counted(),
            lists.form(),
        ]


class Lists:
    """Figures of the screens.

    :param Screens screens: what is measured
    :param int customers: how many there are
    """

    def __init__(self, screens, customers):
        self.screens = screens
        self.customers = customers

    def by_figure(self, name):
        """First page in the order of a figure."""
        column = FIGURES[name]
        bare = SQL("pr.%s DESC NULLS LAST, pr.id DESC", SQL.identifier(column))
        return self._ordered(name, f"{column} DESC, id DESC", bare)

    def by_stage(self):
        """First page in the order of stages."""
        return self._ordered(
            "by stage",
            f"journey_stage ASC, {DEFAULT}",
            SQL("pr.journey_stage, pr.crm_score DESC NULLS LAST, pr.id DESC"),
        )

    def _ordered(self, name, order, bare):
        s = self.screens
        return self._figure(
            f"list {name}",
            "Contacts list",
            STOCK_GOAL,
            {
                "ours": lambda _n: s.page(s.ours, s.domain, order),
                "stock": lambda _n: s.page(s.stock, []),
                "bare": lambda _n: s.bare(*s.bare_page(SQL("TRUE"), bare)),
            },
        )

    def by_column(self, name):
        """First page in an order that the stock list has too."""
        s, order = self.screens, f"{COLUMNS[name]} ASC"
        return self._figure(
            f"list {name}",
            "Contacts list, same order",
            SAME,
            {
                "ours": lambda _n: s.page(s.ours, s.domain, f"{order}, {DEFAULT}"),
                "stock": lambda _n: s.page(s.stock, [], order),
            },
        )

    def of_a_tag(self):
        """First page of the customers with the commonest tag."""
        s, tag = self.screens, self._commonest_tag()
        clause = [("category_id", "=", tag)]
        tagged = SQL(
            """pr.id IN (SELECT partner_id FROM res_partner_res_partner_category_rel
                WHERE category_id = %s)""",
            tag,
        )
        order = SQL("pr.crm_score DESC NULLS LAST, pr.id DESC")
        return self._figure(
            "list of a tag",
            "Contacts list, same tag",
            STOCK_GOAL,
            {
                "ours": lambda _n: s.page(s.ours, [*s.domain, *clause]),
                "stock": lambda _n: s.page(s.stock, clause),
                "bare": lambda _n: s.bare(*s.bare_page(tagged, order)),
            },
        )

    def kanban(self):
        """First page as cards."""
        s = self.screens
        return self._figure(
            "kanban",
            "Contacts kanban",
            at_most_cost(0.8),
            {
                "ours": lambda _n: s.page(s.our_kanban, s.domain),
                "stock": lambda _n: s.page(s.stock_kanban, []),
            },
        )

    def grouped(self, name):
        """Heads of the groups; plain Odoo knows tags only, so it groups by those."""
        s, group = self.screens, GROUPS[name]
        contestants = {
            "ours": lambda _n: s.groups(s.ours, s.domain, group),
            "stock": lambda _n: s.groups(s.stock, [], GROUPS["tag"]),
            "bare": lambda _n: s.bare(self._bare_groups(group)),
        }
        return self._figure(
            f"list grouped by {name}",
            "Contacts list by tag",
            COUNTED_GOAL,
            contestants,
            limit=GROUP_LIMIT,
            rounds=FEW_ROUNDS,
        )

    def counted(self):
        """The exact number of customers."""
        s = self.screens
        return self._figure(
            "exact count",
            "count of Contacts",
            COUNTED_GOAL,
            {
                "ours": lambda _n: s.count(s.domain),
                "stock": lambda _n: s.count([]),
                "bare": lambda _n: s.bare(SQL("SELECT count(*) FROM mini_crm_profile")),
            },
            limit=COUNT_LIMIT,
            rounds=FEW_ROUNDS,
        )

    def form(self):
        """A customer opened, another one each time."""
        s = self.screens
        s.env.cr.execute("SELECT id FROM mini_crm_profile ORDER BY id DESC LIMIT 100")
        ids = [row[0] for row in s.env.cr.fetchall()]
        return self._figure(
            "form opened",
            "Contacts form",
            SAME,
            {
                "ours": lambda n: s.form(s.our_form, ids, n),
                "stock": lambda n: s.form(s.stock_form, ids, n),
            },
            limit=FORM_LIMIT,
        )

    def _figure(self, name, stock, goal, contestants, *, limit=LIMIT, rounds=ROUNDS):
        times = in_turns(contestants, rounds)
        figure = Figure(
            f"{name}, {self.customers:,} customers", times["ours"], limit=limit
        )
        if "stock" in times:
            figure.against(stock, times["stock"], goal)
        if "bare" in times:
            figure.against("bare SQL", times["bare"])
        return figure

    def _bare_groups(self, group):
        if group == "category_id":
            return SQL(
                """SELECT g.category_id, count(*)
                FROM res_partner_res_partner_category_rel g
                JOIN mini_crm_profile pr ON pr.id = g.partner_id GROUP BY 1"""
            )
        return SQL(
            "SELECT %(c)s, count(*) FROM mini_crm_profile GROUP BY %(c)s",
            c=SQL.identifier(group),
        )

    def _commonest_tag(self):
        self.screens.env.cr.execute(
            """SELECT category_id FROM res_partner_res_partner_category_rel
            GROUP BY category_id ORDER BY count(*) DESC LIMIT 1"""
        )
        return self.screens.env.cr.fetchone()[0]
