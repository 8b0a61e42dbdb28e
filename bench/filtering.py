"""The filters of the panel: the first page of twenty of them, at full size."""

from odoo.tools import SQL

from .databases import tidy
from .environment import BenchError, opened
from .measure import Figure, at_most_cost, in_turns
from .pages import Screens

ROUNDS = 9
LIMIT = 0.100  # seconds at 200,000 customers
SAME = at_most_cost(1)
SEGMENT = "Bench"
BIRTHDAY = "mini_crm.mini_crm_field_birth_date"
FIELDS = {"size": "select", "shoe": "number"}
TAGS = "res_partner_res_partner_category_rel"
QUIET = [
    "|",
    ("last_contacted_at", "<", "today -30d"),
    "&",
    ("last_contacted_at", "=", False),
    ("customer_since", "<", "today -30d"),
]
QUIET_SQL = """(pr.last_contacted_at < now() - interval '30 days'
    OR pr.last_contacted_at IS NULL
    AND pr.customer_since < now() - interval '30 days')"""


def run(databases, customers):
    """Measure the filters: list of Figure."""
    db = databases.seeded(customers)
    with opened(db) as env:
        _prepare(env)
    tables = ("res_partner", "mini_crm_profile", TAGS, "mini_crm_segment_member")
    tidy(db, *tables)
    with opened(db) as env:
        screens = Screens(env)
        return [
            _figure(screens, customers, name, *filtered)
            for name, filtered in _filters(_Known(env)).items()
        ]


def _prepare(env):
    """A segment of every 25th customer; birthdays and two fields of every second."""
    if env["mini_crm.segment"].search_count([("name", "=", SEGMENT)]):
        return
    segment = env["mini_crm.segment"].create({"name": SEGMENT, "kind": "static"})
    env.cr.execute(
        """INSERT INTO mini_crm_segment_member (segment_id, partner_id, since, reason)
        SELECT %s, id, now() AT TIME ZONE 'UTC', 'hand' FROM mini_crm_profile
        WHERE id %% 25 = 0""",
        [segment.id],
    )
    made = env["mini_crm.field"].create(
        [{"name": key, "key": key, "type": kind} for key, kind in FIELDS.items()]
    )
    size, shoe = made
    for name in ("small", "medium", "large"):
        env["mini_crm.field.option"].create(
            {"field_id": size.id, "name": name, "code": name}
        )
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE res_partner p SET
                %s = (ARRAY['small', 'medium', 'large'])[1 + p.id / 2 %% 3],
                %s = 20 + p.id / 2 %% 30,
                %s = date '1960-01-01' + p.id / 2 %% 14000
            FROM mini_crm_profile pr WHERE pr.id = p.id AND p.id %% 2 = 0""",
            SQL.identifier(size.slot),
            SQL.identifier(shoe.slot),
            SQL.identifier(env.ref(BIRTHDAY).slot),
        )
    )
    env.cr.commit()
    if not env["mini_crm.field"]._build_indexes():
        raise BenchError("The indexes of custom fields could not be made.")


class _Known:
    """What the filters ask for, as it stands in the database."""

    def __init__(self, env):
        self.tags = self._column(
            env,
            """SELECT category_id FROM res_partner_res_partner_category_rel
            GROUP BY 1 ORDER BY count(*) DESC LIMIT 6""",
        )
        self.source = self._column(
            env,
            """SELECT source_id FROM res_partner WHERE source_id IS NOT NULL
            GROUP BY 1 ORDER BY count(*) DESC LIMIT 1""",
        )[0]
        self.segment = env["mini_crm.segment"].search([("name", "=", SEGMENT)]).id
        fields = env["mini_crm.field"].search([("key", "in", list(FIELDS))])
        self.slots = {field.key: field.slot for field in fields}
        self.birthday = env.ref(BIRTHDAY).slot

    def _column(self, env, statement):
        env.cr.execute(statement)
        return [row[0] for row in env.cr.fetchall()]


def _filters(known):
    """{name: (domain, bare condition on ``pr`` and ``p``, domain of plain Odoo)}."""
    return {**_figures(), **_records(known), **_fields(known), **_together(known)}


def _figures():
    """Filters by a figure of the profile, which plain Odoo does not have."""
    return {
        "score 50 to 79": (
            [("crm_score", ">=", 50), ("crm_score", "<=", 79)],
            SQL("pr.crm_score BETWEEN 50 AND 79"),
        ),
        "score at most 10": ([("crm_score", "<=", 10)], SQL("pr.crm_score <= 10")),
        "health": ([("crm_health", "in", ["red"])], SQL("pr.crm_health = 'red'")),
        "stage": (
            [("journey_stage", "in", ["awareness"])],
            SQL("pr.journey_stage = 'awareness'"),
        ),
        "not contacted for 30 days": (QUIET, SQL(QUIET_SQL)),
        "never contacted": (
            [("last_contacted_at", "=", False)],
            SQL("pr.last_contacted_at IS NULL"),
        ),
        "contacted in 7 days": (
            [("last_contacted_at", ">=", "today -7d")],
            SQL("pr.last_contacted_at >= now() - interval '7 days'"),
        ),
        "5 purchases or more": (
            [("total_purchases", ">=", 5)],
            SQL("pr.total_purchases >= 5"),
        ),
        "spent 1,000 or more": (
            [("total_spent", ">=", 1000)],
            SQL("pr.total_spent >= 1000"),
        ),
    }


def _records(known):
    """Filters by tags, source, segment and owner."""
    common, rare = known.tags[0], known.tags[-1]
    pair = known.tags[:2]
    both = [("category_id", "=", tag) for tag in pair]
    without = [("category_id", "not in", [rare])]
    nobody = [("user_id", "in", [False])]
    return {
        "a tag": (
            [("category_id", "in", [rare])],
            _tagged(rare),
            [("category_id", "in", [rare])],
        ),
        "two tags, both": (both, SQL("%s AND %s", *map(_tagged, pair)), both),
        "without a tag": (without, SQL("NOT %s", _tagged(rare)), without),
        "source": (
            [("source_id", "in", [known.source])],
            SQL("p.source_id = %s", known.source),
        ),
        "segment": (
            [("segment_ids", "in", [known.segment])],
            _member(known.segment),
        ),
        "nobody's": (nobody, SQL("p.user_id IS NULL"), nobody),
        "a tag and a score": (
            [("category_id", "in", [common]), ("crm_score", "<=", 30)],
            SQL("%s AND pr.crm_score <= 30", _tagged(common)),
        ),
    }


def _fields(known):
    """Filters by custom fields."""
    size, shoe, birthday = known.slots["size"], known.slots["shoe"], known.birthday
    return {
        "birthday in a month": (
            [(f"{birthday}.month_number", "=", 3)],
            SQL("extract(month FROM p.%s) = 3", SQL.identifier(birthday)),
        ),
        "a choice of a custom field": (
            [(size, "in", ["large"])],
            SQL("p.%s = 'large'", SQL.identifier(size)),
        ),
        "a range of a custom number": (
            [(shoe, ">=", 38), (shoe, "<=", 40), (shoe, "!=", False)],
            SQL("p.%s BETWEEN 38 AND 40", SQL.identifier(shoe)),
        ),
    }


def _together(known):
    """Two to four kinds of filters at once."""
    size = known.slots["size"]
    return {
        "at risk, once good customers": (
            [
                ("crm_health", "in", ["red"]),
                ("total_purchases", ">=", 3),
                ("last_contacted_at", "<", "today -90d"),
            ],
            SQL(
                """pr.crm_health = 'red' AND pr.total_purchases >= 3
                AND pr.last_contacted_at < now() - interval '90 days'"""
            ),
        ),
        "segment, tag, choice and source": (
            [
                ("segment_ids", "in", [known.segment]),
                ("category_id", "in", known.tags),
                (size, "in", ["large", "small"]),
                ("source_id", "in", [known.source]),
            ],
            SQL(
                "%s AND %s AND p.%s IN ('large', 'small') AND p.source_id = %s",
                _member(known.segment),
                _tagged(*known.tags),
                SQL.identifier(size),
                known.source,
            ),
        ),
    }


def _tagged(*tags):
    return SQL(
        "pr.id IN (SELECT partner_id FROM %s WHERE category_id IN %s)",
        SQL.identifier(TAGS),
        tags,
    )


def _member(segment):
    return SQL(
        """pr.id IN (SELECT partner_id FROM mini_crm_segment_member
        WHERE segment_id = %s)""",
        segment,
    )


def _figure(screens, customers, name, domain, bare, stock=None):
    """The first page as the list asks for it, and the same of plain Odoo."""
    contestants = {
        "ours": lambda _n: screens.page(screens.ours, [*screens.domain, *domain]),
        "bare": lambda _n: screens.bare(*screens.bare_page(bare)),
        "unfiltered": lambda _n: screens.page(screens.ours, screens.domain),
    }
    if stock:
        contestants["stock"] = lambda _n: screens.page(screens.stock, stock)
    times = in_turns(contestants, ROUNDS)
    figure = Figure(
        f"filter: {name}, {customers:,} customers", times["ours"], limit=LIMIT
    )
    if stock:
        figure.against("Contacts list, same filter", times["stock"], SAME)
    figure.against("our list, unfiltered", times["unfiltered"])
    return figure.against("bare SQL", times["bare"])
