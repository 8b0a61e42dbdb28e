import json

from odoo import api, models
from odoo.tools import SQL

from ...engine.api_schemas import STATUSES
from ...engine.customer_values import ValueRefused, normal_key
from .problem import Problem, error

MATCHED = {
    "ref": SQL("p.ref"),
    "email": SQL("p.email_normalized"),
    "phone": SQL("p.phone_sanitized"),
}


class MiniCrmApi(models.AbstractModel):
    """Many items at once: staged in a table, tied to their customers, told one by one.

    The table is ``mini_crm_chunk``, as that of an import: a row for each item that is
    right so far, with ``key_kind`` and ``key_value`` of its customer; ``partner_id``,
    ``outcome`` and ``problem`` are found out.
    """

    _inherit = "mini_crm.api"

    @api.model
    def _item_errors(self, found):
        """Violations of the schema by item: {index: [entry of errors]}."""
        errors = {}
        for violation in found:
            index = int(violation.pointer.split("/")[2])
            errors.setdefault(index, []).append(self._violation_error(violation))
        return errors

    @api.model
    def _item_error(self, index, name, code, texts, key=None, **details):
        """A refused value of an item as an entry of ``errors``."""
        text = texts.get(code, code)
        unset = {"value": "", "other": "", "count": ""}
        pointer = f"/items/{index}/{name}" if name else f"/items/{index}"
        return error(pointer, code, text.format_map({**unset, **details}), key)

    @api.model
    def _read_who(self, who, home):
        """(kind, key as it is stored) of the customer that an item is about.

        :raises ContactError: when an e-mail address or phone number is none
        """
        ((kind, text),) = who.items()
        if kind == "id":
            return kind, str(int(text))
        value = normal_key(kind, text, home)
        if not value:
            raise ValueRefused("key_missing")
        return kind, value

    @api.model
    def _stage(self, rows, columns):
        """Make ``mini_crm_chunk`` of rows.

        :param list[dict] rows: with ``id`` (index of the item), ``key_kind``,
            ``key_value`` and values as JSON takes them
        :param dict columns: name -> SQL type of the values
        """
        self.env.flush_all()
        self.env.cr.execute("DROP TABLE IF EXISTS mini_crm_chunk")
        types = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(kind))
            for name, kind in columns.items()
        )
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE mini_crm_chunk ON COMMIT DROP AS
                SELECT v.*, NULL::int AS partner_id, NULL::varchar AS outcome,
                    NULL::jsonb AS problem, NULL::int AS res_id
                FROM jsonb_to_recordset(%s::jsonb) AS v(
                    id int, key_kind text, key_value text, %s)""",
                json.dumps(rows),
                types,
            )
        )
        self.env.cr.execute("ANALYZE mini_crm_chunk (id, key_kind, key_value)")

    @api.model
    def _match(self):
        """Find each row's customer: ``partner_id``, or ``outcome`` and ``problem``.

        As an import does it; besides, who asks must be allowed to change the customer.
        """
        # sudo, and a batch that is never stored: it knows how customers are recognised
        batch = self.env["mini_crm.batch"].sudo()
        batch = batch.new({"company_id": self.env.company.id})
        self.env.cr.execute("SELECT DISTINCT key_kind FROM mini_crm_chunk")
        for (kind,) in self.env.cr.fetchall():
            if kind == "id":
                self._match_ids()
            else:
                batch._match_partners(kind, MATCHED[kind])
        self._tell_no_names()
        for code, table, condition in (
            ("internal_user", "res_users", SQL("o.share IS NOT TRUE")),
            ("own_company", "res_company", SQL("TRUE")),
        ):
            batch._find_problems(
                code,
                SQL(
                    """EXISTS (SELECT FROM %s o
                    WHERE o.partner_id = c.partner_id AND %s)""",
                    SQL.identifier(table),
                    condition,
                ),
            )
        batch._find_problems(
            "archived",
            SQL(
                """EXISTS (SELECT FROM res_partner p
                WHERE p.id = c.partner_id AND p.active IS NOT TRUE)"""
            ),
        )
        self._refuse_forbidden(batch)

    @api.model
    def _tell_no_names(self):
        """Of a key that fits several say the key: who asks may not see all of them."""
        self.env.cr.execute(
            """UPDATE mini_crm_chunk
            SET problem = problem || jsonb_build_object('value', key_value)
            WHERE problem ->> 'code' = 'ambiguous'"""
        )

    @api.model
    def _match_ids(self):
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET partner_id = p.id FROM res_partner p
                WHERE c.key_kind = 'id' AND p.id = c.key_value::int
                    AND p.type = 'contact' AND p.active
                    AND (p.company_id IS NULL OR p.company_id = %s)""",
                self.env.company.id,
            )
        )

    @api.model
    def _refuse_forbidden(self, batch):
        """Rows of contacts that who asks may not change."""
        self.env.cr.execute(
            """SELECT DISTINCT partner_id FROM mini_crm_chunk
            WHERE partner_id IS NOT NULL AND outcome IS NULL"""
        )
        partners = self.env["res.partner"].browse(r[0] for r in self.env.cr.fetchall())
        forbidden = partners - partners._filtered_access("write")
        if forbidden:
            batch._find_problems(
                "forbidden", SQL("c.partner_id = ANY(%s)", list(forbidden.ids))
            )

    @api.model
    def _staged_problems(self):
        """What matching has refused: {index: problem}, a dict with ``code``."""
        self.env.cr.execute(
            "SELECT id, problem FROM mini_crm_chunk WHERE problem IS NOT NULL"
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _check_all(self, body, errors):
        """Refuse the whole request if one item is wrong and all are to be done.

        :raises Problem: 422
        """
        if errors and body.get("mode", "all_or_nothing") == "all_or_nothing":
            listed = [entry for index in sorted(errors) for entry in errors[index]]
            raise Problem(422, self._status_text(422), errors=listed)

    @api.model
    def _results(self, body, errors):
        """The answer: what became of each item.

        :param dict errors: {index: [entry of errors]}
        """
        self.env.cr.execute(
            "SELECT id, outcome, coalesce(res_id, partner_id) FROM mini_crm_chunk"
        )
        done = {index: (outcome, id_) for index, outcome, id_ in self.env.cr.fetchall()}
        items = []
        for index in range(len(body["items"])):
            status, record_id = done.get(index, ("failed", None))
            if index in errors:
                status, record_id = "failed", None
            items.append(
                {
                    "index": index,
                    "status": status,
                    "id": record_id,
                    "errors": errors.get(index, []),
                }
            )
        counts = dict.fromkeys(STATUSES, 0)
        for item in items:
            counts[item["status"]] += 1
        return {**counts, "items": items}
