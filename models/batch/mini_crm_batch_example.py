import json
from dataclasses import asdict

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import example_shop
from ..score.chosen import Chosen


class MiniCrmBatch(models.Model):
    """The example shop as a batch: its lines know its customers, so it can go again."""

    _inherit = "mini_crm.batch"

    @api.model
    def start_example(self):
        """Fill this company with the example shop (managers).

        :return: number of customers
        :rtype: int
        :raises UserError: when it is there already
        """
        if self._example():
            raise UserError(self.env._("The example shop is here already."))
        shop = example_shop.customers(
            (self.env.user.lang or "en")[:2],
            self.env.company.currency_id.name,
            fields.Datetime.now(),
        )
        batch = self._start("example", name=self.env._("Example shop"), total=len(shop))
        batch = batch._as_user().with_context(mini_crm_no_events=True)
        ids = batch._create_example_customers(shop)
        batch._write_example_history(shop, ids)
        batch.write({"created": len(shop), "done": len(shop)})
        batch._set_done()
        return len(shop)

    @api.model
    def remove_example(self):
        """Take the customers of the example shop away again (managers).

        Whom somebody has worked with since stays: a note, a call, a change or a
        purchase may be meant for real.

        :return: ``removed`` and ``kept``: numbers of customers
        :rtype: dict[str, int]
        """
        self._check_manager()
        batch = self._example()
        if not batch:
            return {"removed": 0, "kept": 0}
        partners = batch._example_customers()
        worked_with = batch._example_customers_in_use()
        removed = sum(
            batch._remove_example_customer(partner)
            for partner in partners - worked_with
        )
        settings = batch.settings or {}
        batch._drop_rows(batch.ids)
        batch._remove_unused("res.partner.category", settings.get("tags", ()))
        batch._remove_unused("utm.source", settings.get("sources", ()))
        batch._remove_example_channels(settings.get("channels", ()))
        return {"removed": removed, "kept": len(partners) - removed}

    @api.model
    def _example(self):
        """The batch of the example shop that is in the current company now, if any."""
        # sudo: nobody may write batches but this code
        return self.sudo().search(
            [
                ("kind", "=", "example"),
                ("company_id", "=", self.env.company.id),
                ("line_ids", "!=", False),
            ],
            limit=1,
        )

    @api.model
    def _example_state(self):
        """``present``; ``offered`` where there is no customer at all; else ``""``."""
        if self._example():
            return "present"
        self.env.cr.execute("SELECT FROM mini_crm_profile LIMIT 1")
        return "" if self.env.cr.rowcount else "offered"

    # Filling

    def _create_example_customers(self, shop):
        """Contacts with tags, tasks, profiles: their ids in the order of ``shop``."""
        tags = self._example_records("res.partner.category", "tags", shop)
        sources = self._example_records("utm.source", "sources", shop)
        partners = (
            self.env["res.partner"]
            .with_context(mini_crm_no_customer=True)
            .create(
                [
                    {
                        "name": one.name,
                        "email": one.email or False,
                        "phone": one.phone or False,
                        "city": one.city or False,
                        "source_id": sources[one.source],
                        "category_id": [tags[tag] for tag in one.tags],
                        "company_id": self._customers_company_id(),
                    }
                    for one in shop
                ]
            )
        )
        for partner, one in zip(partners, shop, strict=True):
            if one.task:
                partner.activity_schedule(
                    "mail.mail_activity_data_todo", summary=one.task
                )
        self.env.flush_all()
        self.env["mini_crm.profile"]._make(SQL("p.id = ANY(%s)", partners.ids))
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_batch_line (batch_id, row, state, res_id)
                SELECT %s, n, 'created', id
                FROM unnest(%s::int[]) WITH ORDINALITY AS p(id, n)""",
                self.id,
                partners.ids,
            )
        )
        self.invalidate_model(["line_ids"])
        return partners.ids

    def _example_records(self, model, kind, shop):
        """Tags or sources of the shop, made where they are missing: {name: id}."""
        if kind == "tags":
            names = {tag for one in shop for tag in one.tags}
        else:
            names = {one.source for one in shop}
        names = sorted(names)
        before = set(self.env[model].search([]).ids)
        known = [(record.name, record.id) for record in self.env[model].browse(before)]
        ids = self._known_or_new(model, names, known)
        new = [record_id for record_id in ids if record_id not in before]
        self.settings = {**(self.settings or {}), kind: new}
        return dict(zip(names, ids, strict=True))

    def _write_example_history(self, shop, ids):
        """Events and purchases; then everybody is counted and scored at once."""
        events, purchases = self._write_example_talk(shop, ids), []
        for partner_id, one in zip(ids, shop, strict=True):
            created = {"partner_id": partner_id, "type": "customer_created"}
            events.append({**created, "date": one.since.isoformat()})
            for n, line in enumerate(one.purchases):
                origin = f"example:{partner_id}:{n}"
                purchases.append([partner_id, origin, *map(str, asdict(line).values())])
        self._log_example_events(events)
        self.env["mini_crm.purchase"]._record_many(
            {
                "partner_id": SQL("(l ->> 0)::int"),
                "origin": SQL("l ->> 1"),
                "date": SQL("(l ->> 2)::timestamp"),
                "amount": SQL("(l ->> 3)::numeric"),
            },
            SQL("FROM jsonb_array_elements(%s::jsonb) l", json.dumps(purchases)),
        )
        # what the queue would do a minute later; the shop shall look alive at once
        self.env.cr.execute(
            SQL("DELETE FROM mini_crm_queue WHERE partner_id = ANY(%s)", ids)
        )
        profiles = self.env["mini_crm.profile"]
        profiles._refresh(Chosen.among(ids), quiet=True)
        self._write_example_moves(ids)
        profiles._untold(ids, membership=True)

    # Removing

    def _example_customers(self):
        """The customers of this example shop that are still there."""
        ids = self.line_ids.mapped("res_id")
        return (
            self.env["res.partner"].with_context(active_test=False).browse(ids).exists()
        )

    def _example_customers_in_use(self):
        """Those about whom there is anything that did not come with the example."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.res_id FROM mini_crm_batch_line l
                WHERE l.batch_id = %(batch)s AND (
                    EXISTS (SELECT FROM mini_crm_event e WHERE e.partner_id = l.res_id
                        AND e.batch_id IS DISTINCT FROM %(batch)s
                        AND e.author_id IS NOT NULL)
                    OR EXISTS (SELECT FROM mini_crm_purchase b
                        WHERE b.partner_id = l.res_id
                        AND b.origin NOT LIKE 'example:%%'))""",
                batch=self.id,
            )
        )
        return self.env["res.partner"].browse(row[0] for row in rows)

    def _remove_example_customer(self, partner):
        """Delete a customer with all that came along: whether that was possible."""
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    SQL(
                        """DELETE FROM mini_crm_purchase
                        WHERE partner_id = %s AND origin LIKE 'example:%%'""",
                        partner.id,
                    )
                )
                partner.unlink()
        except (UserError, psycopg2.IntegrityError):
            return False  # another add-on holds on to it: an order, a user
        return True

    def _remove_unused(self, model, ids):
        """Delete tags or sources that came along and that nobody has."""
        field = {"res.partner.category": "category_id", "utm.source": "source_id"}[
            model
        ]
        Partner = self.env["res.partner"].with_context(active_test=False)
        for record in self.env[model].browse(ids).exists():
            if Partner.search_count([(field, "=", record.id)], limit=1):
                continue
            try:
                with self.env.cr.savepoint():
                    record.unlink()
            except (UserError, psycopg2.IntegrityError):
                continue  # another add-on uses it by now: it stays
