# ruff: noqa: T201 - what a test measures is printed
"""Segments and tags of a product against the oracles."""

import random
from zoneinfo import ZoneInfo

import oracle
import raw_rows
import rule_oracle

NOT_MERGED = """NOT EXISTS (SELECT FROM mini_crm_redirect r
    WHERE r.survivor_id = p.id)"""
FIGURES = (
    "id",
    "crm_score",
    "score_parts",
    "crm_health",
    "journey_stage",
    "total_purchases",
    "total_interactions",
)


class Rules:
    """What ships, and some segments of a test's own with what they mean.

    :param Product product: whose customers
    :param str which: condition on ``res_partner p``, in SQL: the customers compared
    """

    def __init__(self, product, which):
        self.product = product
        self.which = which
        self.own = {}
        (company,) = product.sql(
            "SELECT mini_crm_tz FROM res_company ORDER BY id LIMIT 1"
        )
        self.zone = ZoneInfo(company["mini_crm_tz"] or "UTC")

    def add(self, domain, holds):
        """Make a segment whose condition is said twice.

        :param domain: to the product
        :param holds: to the oracle: function of what was judged
        """
        segment = self.product.segment(domain)
        self.own[segment] = holds
        return segment

    def truth(self, now):
        """What the oracle says of the customers as of a moment: {id: dict}."""
        return raw_rows.judged(oracle.judge, self.product.sql, now, self.which)

    def differing(self, truth, now):
        """Customers whose figures, segments or tags are not as the oracle says.

        Of tags only those that no person has put on or taken off.

        :return: list of (customer, what, found, expected)
        """
        found = self._figures()
        segments, tags = self._segments(), self._tags()
        keys = {row["id"]: row["key"] for row in self._shipped("mini_crm_segment")}
        rules = self._shipped("mini_crm_tag_rule")
        wrong = []
        for one, facts in truth.items():
            expected = {
                "figures": (
                    *(facts["score"], facts["parts"], facts["health"]),
                    *(facts["stage"], facts["total_purchases"]),
                    facts["total_interactions"],
                ),
                "segments": self._expected_segments(facts, keys, now),
                "tags": self._expected_tags(facts, rules, now),
            }
            shown = {
                "figures": found[one],
                "segments": segments.get(one, set()) & {*keys, *self.own},
                "tags": tags.get(one, set()),
            }
            wrong += [
                (one, what, shown[what], value)
                for what, value in expected.items()
                if shown[what] != value
            ]
        return wrong

    def told_of(self, wrong):
        """What is known of the first of ``differing`` (str), for a failure."""
        lines = []
        for customer in dict.fromkeys(row[0] for row in wrong[:3]):
            lines.append(
                f"customer {customer}: {[r for r in wrong if r[0] == customer]}"
            )
            for query in (
                "SELECT name, ref, create_date FROM res_partner WHERE id = {}",
                """SELECT id, date, type, author_id, cause_id, depth, data
                FROM mini_crm_event WHERE partner_id = {} ORDER BY id DESC LIMIT 30""",
                "SELECT * FROM mini_crm_tag_origin WHERE partner_id = {}",
                """SELECT m.*, s.domain, s.status FROM mini_crm_segment_member m
                JOIN mini_crm_segment s ON s.id = m.segment_id
                WHERE m.partner_id = {}""",
            ):
                lines += map(str, self.product.sql(query.format(customer)))
        return "\n".join(lines)

    def _expected_segments(self, facts, keys, now):
        shipped = rule_oracle.segments(facts, now, self.zone)
        own = {
            id_ for id_, holds in self.own.items() if facts["active"] and holds(facts)
        }
        return {id_ for id_, key in keys.items() if key in shipped} | own

    def _expected_tags(self, facts, rules, now):
        holding = rule_oracle.tag_rules(facts, now, self.zone)
        return {rule["category_id"] for rule in rules if rule["key"] in holding}

    def _figures(self):
        rows = self.product.sql(
            f"""SELECT f.id, f.crm_score, f.score_parts, f.crm_health, f.journey_stage,
                f.total_purchases, f.total_interactions
            FROM mini_crm_profile f JOIN res_partner p ON p.id = f.id
            WHERE {self.which}"""
        )
        return {row.pop("id"): tuple(row.values()) for row in map(dict, _sorted(rows))}

    def _segments(self):
        return self._pairs(
            "SELECT partner_id, segment_id AS it FROM mini_crm_segment_member"
        )

    def _tags(self):
        """Tags of the shipped rules; not those that only other rules have put on."""
        keys = ", ".join(f"'{key}'" for key in rule_oracle.TAG_RULES)
        return self._pairs(
            f"""SELECT g.partner_id, g.category_id AS it
            FROM res_partner_res_partner_category_rel g
            WHERE EXISTS (SELECT FROM mini_crm_tag_rule r
                WHERE r.category_id = g.category_id AND r.key IN ({keys}))
            AND coalesce((SELECT bool_or(coalesce(r.key IN ({keys}), FALSE))
                FROM mini_crm_tag_origin o
                JOIN mini_crm_tag_rule r ON r.id = o.rule_id
                WHERE o.partner_id = g.partner_id
                    AND o.category_id = g.category_id), TRUE)"""
        )

    def _pairs(self, query):
        pairs = {}
        for row in self.product.sql(
            f"""SELECT x.* FROM ({query}) x JOIN res_partner p ON p.id = x.partner_id
            WHERE {self.which}"""
        ):
            pairs.setdefault(row["partner_id"], set()).add(row["it"])
        return pairs

    def _shipped(self, table):
        tag = ", category_id" if table == "mini_crm_tag_rule" else ""
        return self.product.sql(
            f"""SELECT id, key{tag} FROM {table} WHERE key IS NOT NULL AND active
            AND company_id = (SELECT min(id) FROM res_company)"""
        )


def _sorted(rows):
    """Rows with their columns in the order of ``differing``."""
    return [{name: row[name] for name in FIGURES} for row in rows]


def told_once(product, which="TRUE"):
    """Entering and leaving, as they were logged: list of what is wrong.

    They alternate, begin with entering, and end with what is so now. Into whom others
    were merged has their history besides his own, and is left out.

    :param str which: condition on ``res_partner p``, in SQL
    """
    which = f"{which} AND {NOT_MERGED}"
    rows = product.sql(
        f"""SELECT e.partner_id, (e.data ->> 'segment_id')::int AS segment_id,
            e.data ->> 'to' AS side
        FROM mini_crm_event e JOIN res_partner p ON p.id = e.partner_id
        JOIN mini_crm_segment s ON s.id = (e.data ->> 'segment_id')::int
        WHERE e.type = 'segment_changed' AND s.active AND {which} ORDER BY e.id"""
    )
    changes = [(row["partner_id"], row["segment_id"], row["side"]) for row in rows]
    last = {(one, segment): side for one, segment, side in changes}
    told = {both for both, side in last.items() if side == "in"}
    members = {
        (row["partner_id"], row["segment_id"])
        for row in product.sql(
            f"""SELECT m.partner_id, m.segment_id FROM mini_crm_segment_member m
            JOIN res_partner p ON p.id = m.partner_id WHERE {which}"""
        )
    }
    print(f"{len(changes):,} changes of segments told, {len(members):,} members")
    return [
        *rule_oracle.alternate(changes),
        *(("told but no member", *both) for both in told - members),
        *(("member but not told", *both) for both in members - told),
    ]


class Changes:
    """Things done to customers through RPC, by a seed.

    :param Product product: where
    :param list[int] customers: ids
    :param Random rng: decides
    """

    def __init__(self, product, customers, rng=None):
        self.product = product
        self.customers = customers
        self.rng = rng or random.Random(1)

    def step(self):
        """Do one thing: what it was (str)."""
        customer = self.rng.choice(self.customers)
        name = self.rng.choice(
            ("talk", "talk", "buy", "buy", "refund", "edit", "archive")
        )
        getattr(self, name)(customer)
        return f"{name} {customer}"

    def talk(self, customer):
        self._call("res.partner", "action_log_call", [customer], "answered")

    def buy(self, customer, sign=1):
        amount = self.rng.choice((5.0, 80.0, 900.0, 600_000.0))
        values = {
            "partner_id": customer,
            "amount": sign * amount,
            "kind": "purchase" if sign > 0 else "refund",
        }
        self._call("mini_crm.purchase", "create", [values])

    def refund(self, customer):
        self.buy(customer, -1)

    def edit(self, customer):
        values = {"city": self.rng.choice(("Shiraz", "Yazd", False))}
        self._call("res.partner", "write", [customer], values)

    def archive(self, customer):
        (before,) = self._call("res.partner", "read", [customer], ["active"])
        self._call("res.partner", "write", [customer], {"active": not before["active"]})

    def _call(self, model, method, *args):
        return self.product.rpc("manager", model, method, *args)
