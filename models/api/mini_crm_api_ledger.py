from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.api_schemas import EVENT_TYPES
from ...engine.customer_values import ValueRefused, read_moment
from ...engine.money import plain_number
from ...engine.people import ContactError

ORIGIN = SQL("'api:' || c.reference")


class MiniCrmApi(models.AbstractModel):
    """Purchases and events of customers, each once."""

    _inherit = "mini_crm.api"

    @api.model
    def _do_add_purchases(self, _arguments, body, found=()):
        """See the operation.

        :param found: violations of the schema by single items
        """
        self.env["mini_crm.purchase"].check_access("create")
        currencies = dict(
            self.env["res.currency"].search([])._read_group([], ["name"], ["id:max"])
        )

        def read(item, home, now):
            code = item.get("currency") or self.env.company.currency_id.name
            if code not in currencies:
                raise _Refused("currency_inactive", "currency", code)
            return {
                "reference": item["reference"],
                "date": _moment(item["date"], home, now),
                "amount": plain_number(Decimal(str(item["amount"]))),
                "quantity": item.get("quantity", 1),
                "currency_id": currencies[code],
            }

        columns = {
            "reference": "text",
            "date": "timestamp",
            "amount": "numeric",
            "quantity": "float8",
            "currency_id": "int",
        }
        return self._add(body, found, columns, "reference", read, self._enter_purchases)

    @api.model
    def _enter_purchases(self):
        """Enter the staged purchases; those that are in the ledger stay as they are."""
        company_id = self.env.company.id
        entered = SQL(
            "r.company_id = %s AND r.origin = %s AND c.outcome IS NULL",
            company_id,
            ORIGIN,
        )
        self._find_done(
            SQL("mini_crm_purchase"),
            entered,
            SQL(
                """(r.amount IS DISTINCT FROM c.amount
                    AND r.amount IS DISTINCT FROM round(c.amount, 2))
                OR r.date IS DISTINCT FROM c.date
                OR r.currency_id <> c.currency_id
                OR (r.partner_id <> c.partner_id AND r.partner_id <> (
                    SELECT commercial_partner_id FROM res_partner
                    WHERE id = c.partner_id))"""
            ),
            "purchase_differs",
        )
        self.env["mini_crm.purchase"]._record_many(
            {
                name: SQL.identifier("c", name)
                for name in (
                    *("partner_id", "date", "amount", "currency_id"),
                    *("quantity", "reference"),
                )
            }
            | {"origin": ORIGIN},
            SQL("FROM mini_crm_chunk c WHERE c.outcome IS NULL ORDER BY c.id"),
        )
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET res_id = r.id, outcome = 'created'
                FROM mini_crm_purchase r WHERE %s""",
                entered,
            )
        )

    @api.model
    def _do_add_events(self, _arguments, body, found=()):
        """See the operation.

        :param found: violations of the schema by single items
        """
        self.env["mini_crm.event"].check_access("read")

        def read(item, home, now):
            date = item.get("date")
            data = {n: item[n] for n in ("outcome", "automated") if item.get(n)}
            return {
                "external_key": item["external_key"],
                "type": EVENT_TYPES[item["type"]],
                "date": _moment(date, home, now) if date else None,
                "summary": item.get("text", "").strip() or None,
                "data": data or None,
            }

        columns = {
            "external_key": "text",
            "type": "text",
            "date": "timestamp",
            "summary": "text",
            "data": "jsonb",
        }
        return self._add(body, found, columns, "external_key", read, self._log_events)

    @api.model
    def _log_events(self):
        """Log the staged events; those that are logged already stay as they are."""
        key = SQL("'api:%s:' || c.external_key", self.env.company.id)
        logged = SQL("r.external_key = %s AND c.outcome IS NULL", key)
        self._find_done(
            SQL("mini_crm_event"),
            logged,
            SQL(
                """r.type <> c.type OR r.partner_id <> c.partner_id
                OR (c.date IS NOT NULL AND r.date <> c.date)
                OR r.summary IS DISTINCT FROM c.summary"""
            ),
            "event_differs",
        )
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("c.partner_id"),
                "company_id": SQL("coalesce(p.company_id, %s)", self.env.company.id),
                "type": SQL("c.type"),
                "date": SQL("coalesce(c.date, now() AT TIME ZONE 'utc')"),
                "summary": SQL("c.summary"),
                "data": SQL("c.data"),
                "external_key": key,
            },
            SQL(
                """FROM mini_crm_chunk c JOIN res_partner p ON p.id = c.partner_id
                WHERE c.outcome IS NULL ORDER BY c.id"""
            ),
        )
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET res_id = r.id, outcome = 'created'
                FROM mini_crm_event r WHERE %s""",
                logged,
            )
        )

    # What both have in common

    @api.model
    def _add(self, body, found, columns, key, read, write):
        """Read items, tie them to their customers, write them, tell the results.

        :param dict columns: of the staged rows: name -> SQL type
        :param str key: name of what makes an item the same
        :param read: function (item, home, now) of the columns of an item
        :param write: function that writes the staged rows
        """
        errors = self._item_errors(found)
        texts = self._value_texts()
        rows = self._ledger_rows(body["items"], errors, key, read, texts)
        self._check_all(body, errors)
        self._stage(rows, columns)
        self._match()
        self._find_missing()
        self._tell_staged(errors, key, texts)
        self._check_all(body, errors)
        write()
        self._tell_staged(errors, key, texts)
        self._check_all(body, errors)
        return self._results(body, errors)

    @api.model
    def _ledger_rows(self, items, errors, key, read, texts):
        """Rows to stage, of the items that are right; the others go to ``errors``."""
        home, now = self._home(), fields.Datetime.now()
        rows, first = [], {}
        for index, item in enumerate(items):
            if index in errors:
                continue
            try:
                name = "customer"
                kind, value = self._read_who(item["customer"], home)
                name = "date"
                row = read(item, home, now)
                if row[key] in first:
                    raise _Refused("repeated", key, other=first[row[key]])
            except _Refused as refused:
                details = {"value": refused.value, "other": refused.other}
                errors[index] = [
                    self._item_error(
                        index, refused.name, refused.code, texts, **details
                    )
                ]
                continue
            except (ValueRefused, ContactError) as refused:
                errors[index] = [self._item_error(index, name, refused.code, texts)]
                continue
            first[row[key]] = index
            rows.append({"id": index, "key_kind": kind, "key_value": value, **row})
        return rows

    @api.model
    def _find_done(self, table, same, differs, code):
        """Rows that were written before: unchanged, or failed when they differ.

        :param SQL table: where they stand, as ``r``
        :param SQL same: condition on ``r`` and the row ``c``: it is the same one
        :param SQL differs: condition: it says something else
        :param str code: of the problem then
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET res_id = d.id,
                    outcome = CASE WHEN d.differs THEN 'failed' ELSE 'unchanged' END,
                    problem = CASE WHEN d.differs
                        THEN jsonb_build_object('code', %s::text) END
                FROM (SELECT c.id AS row_id, r.id, (%s) AS differs
                    FROM mini_crm_chunk c JOIN %s r ON %s) d
                WHERE d.row_id = c.id""",
                code,
                differs,
                table,
                same,
            )
        )

    @api.model
    def _find_missing(self):
        """Rows whose customer nobody knows."""
        self.env.cr.execute(
            """UPDATE mini_crm_chunk SET outcome = 'failed', problem =
                jsonb_build_object('code', 'customer_unknown', 'value', key_value)
            WHERE outcome IS NULL AND partner_id IS NULL"""
        )

    @api.model
    def _tell_staged(self, errors, key, texts):
        """Add what the staged rows have failed at to the errors."""
        for index, problem in self._staged_problems().items():
            code = problem.pop("code")
            name = key if code.endswith("_differs") else "customer"
            errors[index] = [self._item_error(index, name, code, texts, **problem)]


class _Refused(ValueRefused):
    """A value that is refused, and where it stands."""

    def __init__(self, code, name, value="", other=""):
        super().__init__(code)
        self.name = name
        self.value = value
        self.other = other


def _moment(text, home, now):
    return read_moment(text, home, now).strftime("%Y-%m-%d %H:%M:%S")
