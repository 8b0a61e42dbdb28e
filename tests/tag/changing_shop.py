"""A shop to which all kinds of things happen, in an order that a seed decides."""

from datetime import timedelta
from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron

from ..factories import make_customer, make_purchase
from ..score.histories import (
    enter_events,
    enter_purchases,
    random_events,
    random_purchases,
)
from .rule_oracle import Carried

TALK = {"in": "message_received", "out": "message_sent", "call": "call_logged"}
AMOUNTS = (0.0, 20.0, 300.0, 4_000.0, 250_000.0, 1_000_000.0)
# How often each of these happens, in parts.
HAPPENS = {
    "talk": 20,
    "buy": 16,
    "return_goods": 4,
    "change_purchase": 5,
    "cancel_purchase": 3,
    "tag_by_hand": 12,
    "untag_by_hand": 8,
    "archive": 4,
    "edit_birthday": 8,
    "edit_details": 5,
    "hold_stage": 1,
    "newcomer": 3,
    "merge": 3,
    "talk_in_bulk": 3,
    "buy_in_bulk": 3,
    "import_purchases": 2,
}


class ChangingShop:
    """Customers, and what is done to them; the tags that people put on are noted.

    :param MiniCrmCase case: whose environment is worked in
    :param Random rng: decides how it begins
    :param int customers: how many there are at first
    """

    def __init__(self, case, rng, customers):
        self.case, self.env, self.rng = case, case.env, rng
        self.tag_rules = self.env["mini_crm.tag.rule"].search(
            [("company_id", "=", case.company.id)]
        )
        own = self.env["res.partner.category"].create({"name": "Chosen by hand"})
        self.tags = self.tag_rules.category_id | own
        self.birthday = self.env.ref("mini_crm.mini_crm_field_birth_date").slot
        self.origins = 0
        self.carried = {}
        self.customers = self.env["res.partner"]
        for _each in range(customers):
            self.newcomer()
        self._talk_in_bulk(self.customers, 25)
        self._buy_in_bulk(self.customers, 12)
        case.settle()

    def step(self, now, name, rng):
        """Do one thing, as of ``now``: what was done (str).

        :param str name: of ``HAPPENS``
        :param Random rng: decides the details
        """
        self.rng = rng
        told = getattr(self, name)(now)
        return f"{name} {told}"

    def a_day_passes(self):
        """The daily run, as the scheduled job does it."""
        endless = patch.object(
            IrCron, "_commit_progress", lambda *_a, **_k: float("inf")
        )
        with endless:
            self.env["mini_crm.profile"]._cron_daily()
        self.env.invalidate_all()

    # One customer

    def talk(self, now):
        customer = self._somebody()
        kind = self.rng.choice(list(TALK))
        minutes = self.rng.choice((1, 60 * 24, 60 * 24 * self.rng.randrange(2, 90)))
        customer._log(TALK[kind], date=now - timedelta(minutes=minutes))
        return f"{customer.id} {kind} {minutes} minutes ago"

    def buy(self, now, sign=1):
        customer = self._somebody()
        amount = sign * self.rng.choice(AMOUNTS) or 1.0
        date = now - timedelta(days=self.rng.choice((0, 0, 3, 200)))
        make_purchase(self.env, customer, amount, date=date)
        return f"{customer.id} {amount}"

    def return_goods(self, now):
        return self.buy(now, sign=-1)

    def change_purchase(self, _now):
        line = self._some_purchase()
        if line:
            amount = self.rng.choice(AMOUNTS) or 1.0
            line.amount = -amount if line.kind == "refund" else amount
        return line.partner_id.id

    def cancel_purchase(self, _now):
        line = self._some_purchase()
        customer = line.partner_id
        line.unlink()
        return customer.id

    def tag_by_hand(self, _now):
        customer, tag = self._somebody(), self.rng.choice(self.tags)
        customer.category_id = [(4, tag.id)]
        self.carried[customer.id].add(tag.id)
        return f"{customer.id} {tag.name}"

    def untag_by_hand(self, _now):
        customer = self._somebody()
        tag = self.rng.choice(customer.category_id or self.tags)
        if tag in customer.category_id:
            customer.category_id = [(3, tag.id)]
            self.carried[customer.id].remove(tag.id)
        return f"{customer.id} {tag.name}"

    def archive(self, _now):
        customer = self._somebody()
        customer.active = not customer.active
        return f"{customer.id} {customer.active}"

    def edit_birthday(self, now):
        customer = self._somebody()
        born = (
            (now - timedelta(days=self.rng.randrange(18 * 365, 60 * 365)))
            .date()
            .isoformat()
        )
        customer.write({self.birthday: self.rng.choice((False, born, born))})
        return f"{customer.id} {customer[self.birthday]}"

    def edit_details(self, _now):
        customer = self._somebody()
        name, value = self.rng.choice(
            (("email", "somebody@example.com"), ("city", "Shiraz"), ("city", False))
        )
        customer[name] = value
        return f"{customer.id} {name}"

    def hold_stage(self, now):
        customer = self._somebody()
        until = now.date() + timedelta(days=10)
        customer.action_set_journey_stage("consideration", until.isoformat())
        return customer.id

    def newcomer(self, _now=None):
        self.origins += 1
        customer = make_customer(
            self.env,
            ref=f"SHOP-{self.origins}",
            email=self.rng.choice((False, "a@example.com")),
            phone=self.rng.choice((False, "+982112345678")),
        )
        self.carried[customer.id] = Carried()
        self.customers |= customer
        return customer.id

    def merge(self, _now):
        """Two customers without anything by hand: what that means is told elsewhere."""
        plain = self.customers.filtered(
            lambda one: one.active and self._is_untouched(self.carried[one.id])
        )
        if len(plain) < 2:
            return "nobody"
        survivor, source = self.rng.sample(list(plain), 2)
        self.case.settle()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        gone = source.id
        wizard._merge((survivor | source).ids, survivor)
        self.customers -= source
        del self.carried[gone]
        return f"{survivor.id} <- {gone}"

    # Many at once: left to the worker

    def talk_in_bulk(self, _now):
        return self._talk_in_bulk(self._many(), 4)

    def buy_in_bulk(self, _now):
        return self._buy_in_bulk(self._many(), 3)

    def import_purchases(self, now):
        """A file of purchases, as a manager drops it in."""
        date = (now - timedelta(days=self.rng.randrange(2, 100))).date().isoformat()
        rows = [
            [
                customer.ref,
                date,
                str(self.rng.choice(AMOUNTS) or 5),
                f"FILE-{self.origins}",
            ]
            for customer in self._many().filtered("active")[:20]
            if self._count()
        ]
        header = ["customer", "date", "amount", "reference"]
        batch = self.case.run_import("purchases", [header, *rows], key="customer")
        self.case.assertEqual((batch.state, batch.failed), ("done", 0))
        return len(rows)

    def _count(self):
        self.origins += 1
        return True

    def _talk_in_bulk(self, customers, most):
        now = self.case.now()
        rows = [
            (customer, kind, date)
            for customer in customers
            for kind, date in random_events(self.rng, now, most)
        ]
        enter_events(self.env, rows)
        return len(rows)

    def _buy_in_bulk(self, customers, most):
        now = self.case.now()
        rows = [
            (customer, *line)
            for customer in customers
            for line in random_purchases(self.rng, now, most)
        ]
        enter_purchases(self.env, rows, self.origins)
        self.origins += len(rows)
        return len(rows)

    # Choosing

    def _somebody(self):
        return self.rng.choice(self.customers)

    def _many(self):
        return self.env["res.partner"].browse(
            self.rng.sample(self.customers.ids, max(1, len(self.customers) * 2 // 3))
        )

    def _some_purchase(self):
        customer = self._somebody()
        lines = customer.purchase_ids
        return self.rng.choice(lines) if lines else lines

    @staticmethod
    def _is_untouched(carried):
        return not carried.by_hand and not carried.declined
