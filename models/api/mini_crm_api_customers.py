from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.api_schemas import MAX_ID
from ...engine.customer_values import Home, ValueRefused, normal_key, read_moment
from ...engine.people import ContactError
from .mini_crm_api_upsert import EXTRA, PAIRS
from .problem import Problem, error

CUSTOMERS = Domain("journey_stage", "!=", False)
TEXTS = (
    *("name", "ref", "email", "phone", "company_name", "function"),
    *("street", "street2", "city", "zip", "lang"),
)
READ = (
    *TEXTS,
    *("country_id", "source_id", "create_date", "write_date"),
    *("crm_score", "crm_health", "journey_stage"),
)
LOOKED_UP = {"key": ("ref", "ref"), "phone": ("phone", "phone_sanitized")}
LOOKED_UP |= {"email": ("email", "email_normalized")}


class MiniCrmApi(models.AbstractModel):
    """Reading customers, and changing one of them."""

    _inherit = "mini_crm.api"

    @api.model
    def _do_list_customers(self, arguments):
        limit = arguments["limit"]
        domain = CUSTOMERS & self._lookup_domain(arguments)
        if cursor := arguments.get("cursor"):
            domain &= Domain("id", ">", min(int(cursor), MAX_ID))
        found = self.env["res.partner"].search_fetch(
            domain, READ, limit=limit + 1, order="id"
        )
        page = found[:limit]
        return {
            "items": self._customer_rows(self._visible(page)),
            "next_cursor": str(page[-1].id) if len(found) > limit else None,
        }

    @api.model
    def _do_read_customer(self, arguments):
        (row,) = self._customer_rows(self._customer(arguments["id"]))
        return row

    @api.model
    def _do_change_customer(self, arguments, body):
        partner = self._customer(arguments["id"])
        partner.check_access("write")
        texts = self._value_texts()
        home = self._home(body)
        if partner.country_id.code:
            home = replace(home, region=partner.country_id.code)
        columns, problems = self._read_item(
            body, arguments["extra"], home, texts, "", partner
        )
        if problems:
            raise Problem(422, self._status_text(422), errors=problems)
        if source := columns.pop("source", None):
            columns["source_id"] = self._source_ids({source})[source]
        elif "source" in body:
            columns["source_id"] = False
        values = {
            name: False if value is None and name != EXTRA else value
            for name, value in columns.items()
            if name not in PAIRS.values()
        }
        changed = self._changed_values(partner, values, columns)
        if changed:
            partner.write(changed)
            # the answer tells the score that follows from the change
            partner._follow_up()
            partner.invalidate_recordset()
        return self._do_read_customer(arguments)

    @api.model
    def _changed_values(self, partner, values, columns):
        """Those of the values that differ, whatever the writing of an address."""
        same = {
            name
            for name, normal in PAIRS.items()
            if columns.get(normal) and partner[normal] == columns[normal]
        }
        return {name: value for name, value in values.items() if name not in same}

    @api.model
    def _customer(self, customer_id):
        """A customer that who asks may read.

        :raises Problem: 404
        """
        domain = CUSTOMERS & Domain("id", "=", int(customer_id))
        partner = self._visible(self.env["res.partner"].search_fetch(domain, READ))
        if not partner:
            raise Problem(404, self._status_text(404))
        return partner

    @api.model
    def _visible(self, partners):
        """Those of these partners that belong to no user of the own staff."""
        if not partners:
            return partners
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM res_users
                WHERE share IS NOT TRUE AND partner_id = ANY(%s)""",
                list(partners.ids),
            )
        )
        return partners - partners.browse(row[0] for row in rows)

    @api.model
    def _lookup_domain(self, arguments):
        """Domain of what the query asks for.

        :raises Problem: 422 for what cannot be read
        """
        domain, home, texts = Domain.TRUE, self._home(), self._value_texts()
        for name, (kind, column) in LOOKED_UP.items():
            if text := arguments.get(name):
                try:
                    domain &= Domain(column, "=", normal_key(kind, text, home))
                except ContactError as problem:
                    self._refuse_parameter(name, problem.code, texts)
        if text := arguments.get("updated_since"):
            try:
                since = read_moment(text, Home(), fields.Datetime.now())
            except ValueRefused as refused:
                self._refuse_parameter("updated_since", refused.code, texts)
            domain &= Domain("write_date", ">=", since)
        return domain

    @api.model
    def _refuse_parameter(self, name, code, texts):
        text = texts[code].format_map({"value": ""})
        raise Problem(
            422, self._status_text(422), errors=[error(name, code, text, None)]
        )

    @api.model
    def _customer_rows(self, partners):
        """Customers as the schema ``Customer`` has them: list of dict."""
        rules = self.env["mini_crm.field"]._rules()
        values = partners._custom_values(extra=True)
        return [
            {
                "id": partner.id,
                **{name: partner[name] or None for name in TEXTS},
                "country": partner.country_id.code or None,
                "source": partner.source_id.name or None,
                "custom": {
                    key: _json(value)
                    for key, value in values[partner.id].items()
                    if key in rules
                },
                "extra": {
                    key: value
                    for key, value in values[partner.id].items()
                    if key not in rules
                },
                "score": partner.crm_score,
                "health": partner.crm_health or None,
                "stage": partner.journey_stage or None,
                "created_at": _moment(partner.create_date),
                "updated_at": _moment(partner.write_date),
            }
            for partner in partners
        ]


def _json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _moment(value):
    return value.replace(microsecond=0).isoformat() + "Z"
