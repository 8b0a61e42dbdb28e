from odoo import api, models

from ...engine.customer_values import FIELDS, read_values
from ...engine.json_input import escaped
from .problem import error

EXTRA = "custom_fields_extra"
PAIRS = {"email": "email_normalized", "phone": "phone_sanitized"}
# Columns that a new contact needs, whether given or not.
NEEDED = ("name", "ref", "company_name", *PAIRS, *PAIRS.values())


class MiniCrmApi(models.AbstractModel):
    """Create or change many customers by key: read here, written set-based."""

    _inherit = "mini_crm.api"

    @api.model
    def _do_upsert_customers(self, arguments, body, found=()):
        """See the operation.

        :param found: violations of the schema by single items
        """
        self.env["res.partner"].check_access("create")
        self.env["mini_crm.version"]._hold()
        errors = self._item_errors(found)
        rows = self._upsert_rows(body, arguments["extra"], errors)
        self._check_all(body, errors)
        self._resolve_sources(rows)
        columns = {name: None for row in rows for name in row["given"]}
        columns = [*dict.fromkeys([*NEEDED, *columns])]
        self._stage(
            rows,
            {
                "given": "jsonb",
                "extra_keys": "jsonb",
                **{name: self._column_type(name) for name in columns},
            },
        )
        self._match()
        texts = self._value_texts()
        for index, problem in self._staged_problems().items():
            errors[index] = [
                self._item_error(
                    index, body["match"], key=body["match"], texts=texts, **problem
                )
            ]
        self._check_all(body, errors)
        self._write_chunk(columns)
        self._check_created()
        return self._results(body, errors)

    @api.model
    def _check_created(self):
        """Ask the rules of who may create which contacts, of those just created.

        :raises AccessError: nothing is kept then
        """
        self.env.cr.execute(
            "SELECT partner_id FROM mini_crm_chunk WHERE outcome = 'created'"
        )
        created = [row[0] for row in self.env.cr.fetchall()]
        self.env["res.partner"].browse(created).check_access("create")

    @api.model
    def _column_type(self, name):
        return self.env["res.partner"]._fields[name].column_type[1]

    @api.model
    def _upsert_rows(self, body, extra, errors):
        """Rows to stage, of the items that are right; ``errors`` grows by the others.

        A row has the columns that its item gives by their names, ``given`` (an object
        with these names as its keys) and ``extra_keys`` ({key: value}).
        """
        items, match = body["items"], body["match"]
        home = self._home(
            {name for item in items if isinstance(item, dict) for name in item}
        )
        texts = self._value_texts()
        rows, first = [], {}
        for index, item in enumerate(items):
            if index in errors:
                continue
            columns, problems = self._read_item(
                item, extra, home, texts, f"/items/{index}"
            )
            key = None if problems else columns.get(PAIRS.get(match, match))
            if not problems and not key:
                problems = [self._item_error(index, match, "key_missing", texts, match)]
            elif not problems and key in first:
                problems = [
                    self._item_error(
                        index, match, "repeated", texts, match, other=first[key]
                    )
                ]
            if problems:
                errors[index] = problems
                continue
            first[key] = index
            kept = columns.pop(EXTRA, None)
            rows.append(
                {
                    **columns,
                    "id": index,
                    "key_kind": match,
                    "key_value": key,
                    "extra_keys": kept,
                    "given": dict.fromkeys(columns, True),
                }
            )
        return rows

    @api.model
    def _read_item(self, item, extra, home, texts, pointer, partner=None):
        """Columns that a customer's values stand for, and what is wrong with them.

        :param dict item: as in the schema ``CustomerValues``
        :param bool extra: whether keys of no custom field are kept
        :param dict texts: see ``_value_texts``
        :param str pointer: to the item
        :param partner: the customer, where he is known already: what stands there
            passes, and his country decides
        :return: (columns, entries of errors); ``source`` is still a name
        """
        given = {name: item[name] for name in FIELDS if name in item}
        columns, refused = read_values(given, home)
        problems = [
            error(
                f"{pointer}/{name}",
                code,
                texts[code].format_map(_Unset(value=given[name])),
                name,
            )
            for name, code in refused
        ]
        custom = item.get("custom")
        if custom:
            partner = self.env["res.partner"] if partner is None else partner
            vals, wrong = partner._custom_problems(custom, extra=extra)
            columns |= {name: _as_json(value) for name, value in vals.items()}
            problems += [
                error(
                    f"{pointer}/custom/{escaped(p['key'])}",
                    p["code"],
                    p["message"],
                    p["key"],
                )
                for p in wrong
            ]
        return columns, problems

    @api.model
    def _resolve_sources(self, rows):
        """Put the ids of sources in place of their names; new ones are created."""
        names = {row["source"] for row in rows if row.get("source")}
        ids = self._source_ids(names) if names else {}
        for row in rows:
            if "source" in row:
                row["source_id"] = ids.get(row.pop("source"))
                row["given"] = {**row["given"], "source_id": True}
                del row["given"]["source"]

    @api.model
    def _source_ids(self, names):
        """Ids of sources by their names; those that are missing are created."""
        # sudo: who serves customers need not be able to edit sources
        batch = self.env["mini_crm.batch"].sudo()
        batch = batch.new({"company_id": self.env.company.id, "state": "running"})
        self.env.cr.execute("SELECT name, id FROM utm_source")
        names = sorted(names)
        ids = batch._known_or_new("utm.source", names, self.env.cr.fetchall())
        return dict(zip(names, ids, strict=True))


class _Unset(dict):
    """Details of a sentence; what it mentions besides is empty."""

    def __missing__(self, name):
        return ""


def _as_json(value):
    """A value as ``write`` takes it, as JSON takes it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
