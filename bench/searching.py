"""The search box of the customer list against plain Odoo's and bare SQL."""

from odoo.tools import SQL

from .databases import tidy
from .environment import BenchError, opened
from .measure import Figure, at_most_cost, in_turns
from .pages import Screens

ROUNDS = 9
LIMITS = {1_000_000: 0.100}  # seconds; up to 200,000 customers 0.060
NAME_GOAL = at_most_cost(0.25)
# Plain Odoo has a trigram index for phones, but its main search does not look there.
NEEDLES = {"smith": NAME_GOAL, "رضا": NAME_GOAL, "no hit": NAME_GOAL}
NO_HIT = "qxzwv"


def run(databases, customers):
    """Measure the search: list of Figure."""
    db = databases.seeded(customers)
    tidy(db, "res_partner", "mini_crm_profile", "mini_crm_search")
    with opened(db) as env:
        screens = Screens(env)
        phone = _phone_fragment(env)
        figures = [
            _figure(screens, needle, customers, goal)
            for needle, goal in NEEDLES.items()
        ]
        return [*figures, _phone_figure(screens, phone, customers)]


def _phone_fragment(env):
    """Seven digits of somebody's phone as he would say them: "912 345 6"."""
    env.cr.execute(
        """SELECT phone_sanitized FROM res_partner
        WHERE phone_sanitized LIKE '+98912%' ORDER BY id LIMIT 1"""
    )
    row = env.cr.fetchone()
    if not row:
        raise BenchError("Nobody here has an Iranian mobile number.")
    digits = row[0][3:]
    return f"{digits[:3]} {digits[3:6]} {digits[6]}"


def _figure(screens, needle, customers, goal):
    typed = NO_HIT if needle == "no hit" else needle
    found = {} if typed != NO_HIT else {"expect_none": True}
    times = in_turns(
        {
            "ours": lambda _n: _page(
                screens, screens.ours, screens.search_domain(typed), **found
            ),
            "stock": lambda _n: _page(
                screens, screens.stock, screens.stock_search_domain(typed), **found
            ),
            "bare": lambda _n: screens.bare(_bare(screens, typed)),
        },
        ROUNDS,
    )
    return (
        Figure(
            f"search {needle!r}, {customers:,} customers",
            times["ours"],
            limit=LIMITS.get(customers, 0.060),
        )
        .against("Contacts list, its search box", times["stock"], goal)
        .against("bare SQL, ids only", times["bare"])
    )


def _phone_figure(screens, fragment, customers):
    digits = fragment.replace(" ", "")
    times = in_turns(
        {
            "ours": lambda _n: _page(
                screens, screens.ours, screens.search_domain(fragment)
            ),
            "stock": lambda _n: _page(
                screens, screens.stock, [("phone_mobile_search", "ilike", digits)]
            ),
            "bare": lambda _n: screens.bare(_bare(screens, digits)),
        },
        ROUNDS,
    )
    return (
        Figure(
            f"search a phone fragment, {customers:,} customers",
            times["ours"],
            limit=LIMITS.get(customers, 0.060),
        )
        .against("Contacts list, field Phone", times["stock"], at_most_cost(1))
        .against("bare SQL, ids only", times["bare"])
    )


def _page(screens, request, domain, *, expect_none=False):
    if expect_none:
        return screens.timed(
            lambda p: not p.web_search_read(domain, **request)["records"]
        )
    return screens.page(request, domain)


def _bare(screens, typed):
    """Ids of the first 80 hits in the order of names."""
    return SQL(
        """WITH hits AS MATERIALIZED (
            SELECT id, sort_key FROM mini_crm_search s WHERE %s)
        SELECT id FROM hits ORDER BY sort_key LIMIT 80""",
        screens.env["mini_crm.search"]._condition(typed),
    )
