"""Upsert of 1,000 customers over the API against Odoo's write, one by one."""

import gc
import json

from odoo.tools import SQL

from engine.api_operations import find_operation, read_parameters
from engine.json_input import parse_json

from .databases import tidy
from .environment import opened
from .measure import Figure, at_least_as_fast, in_turns

CUSTOMERS = 1_000
OTHERS = 200_000  # contacts that are there besides
ROUNDS = 3
GOAL = at_least_as_fast(20)
CUSTOM = {
    "bench_points": "number",
    "bench_favorite": "text",
    "bench_day": "date",
    "bench_vip": "boolean",
}


def run(databases, _customers):
    """Measure the upsert: list of Figure."""
    with opened(databases.stock) as stock, opened(databases.product) as product:
        plain, ours, door = Plain(stock), Ours(product), Door(product)
        ours.prepare()
        plain.prepare()
        times = in_turns(
            {
                "ours": lambda n: ours.change(2 * n),
                "plain": lambda n: plain.change(n),
                "door": lambda n: door.change(2 * n + 1),
            },
            ROUNDS,
            before=lambda: _tidy(databases),
        )
        created = in_turns({"ours": lambda n: ours.create(n)}, ROUNDS)
        return [
            Figure(
                f"change {CUSTOMERS:,} customers x {len(_values(0, 0)) + len(CUSTOM)}",
                times["ours"],
                note=f"{CUSTOMERS:,} new ones in {created['ours'] * 1000:.0f} ms;"
                " plain Odoo has no custom fields and writes the others only",
            )
            .against("plain write(), one by one", times["plain"], GOAL)
            .against("write() of the product, one by one", times["door"], GOAL)
        ]


def _tidy(databases):
    tidy(databases.stock, "res_partner")
    tidy(
        databases.product,
        *("res_partner", "mini_crm_event", "mini_crm_search", "mini_crm_queue"),
    )
    gc.collect()  # nobody pays for what another has left in memory either


def _values(number, turn):
    """Standard values of a customer that are new in every turn."""
    return {
        "name": f"Customer {number} of {turn}",
        "phone": f"+98912{turn:02}{number:05}",
        "email": f"customer-{number}-{turn}@example.com",
        "street": f"Street {turn + 1}",
        "city": f"City {turn}",
        "zip": f"{10000 + turn}",
        "function": f"Job {turn}",
    }


def _custom(number, turn):
    return {
        "bench_points": number + turn,
        "bench_favorite": f"Tea {turn}",
        "bench_day": f"19{60 + turn % 40}-05-17",
        "bench_vip": turn % 2 == 0,
    }


class Plain:
    """Odoo's ``write``, each in a transaction of its own, as programs call it."""

    def __init__(self, env):
        self.env = env

    def prepare(self):
        """Create the customers, and the others."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO res_partner (name, complete_name, ref, type, active)
                SELECT 'Other ' || n, 'Other ' || n, 'O-' || n, 'contact', TRUE
                FROM generate_series(1, %s) n""",
                OTHERS,
            )
        )
        self.env["res.partner"].create(
            [
                {"ref": f"B-{number}", **_values(number, 99)}
                for number in range(CUSTOMERS)
            ]
        )
        self.env.cr.commit()

    def change(self, turn):
        """Write each customer's values."""
        Partner = self.env["res.partner"]
        for number in range(CUSTOMERS):
            partner = Partner.search([("ref", "=", f"B-{number}")])
            partner.write(self.values(number, turn))
            self.env.cr.commit()

    def values(self, number, turn):
        """What is written."""
        return _values(number, turn)


class Door(Plain):
    """The same in the product, with custom fields: they are judged, the change told."""

    def values(self, number, turn):
        vals, _problems = self.env["res.partner"]._custom_problems(
            _custom(number, turn)
        )
        return {**_values(number, turn), **vals}


class Ours(Plain):
    """The operation of the API, from the bytes of the body to the commit."""

    def prepare(self):
        """Define the custom fields as well."""
        for key, kind in CUSTOM.items():
            self.env["mini_crm.field"].create({"name": key, "key": key, "type": kind})
        super().prepare()

    def change(self, turn):
        """Upsert all customers by one request."""
        self._upsert("B", turn)

    def create(self, turn):
        """Upsert as many new ones."""
        self._upsert(f"N-{turn}", turn)

    def _upsert(self, prefix, turn):
        items = [
            {
                "ref": f"{prefix}-{number}",
                **_values(number, turn),
                "custom": _custom(number, turn),
            }
            for number in range(CUSTOMERS)
        ]
        raw = json.dumps({"match": "ref", "items": items}).encode()
        operation = find_operation("POST", "/customers/upsert").operation
        arguments, wrong = read_parameters(operation, {}, [])
        api = self.env["mini_crm.api"]
        answer = api._call(operation, arguments, wrong, parse_json(raw))
        self.env.cr.commit()
        assert answer["failed"] + answer["unchanged"] == 0, answer
