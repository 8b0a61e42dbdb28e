import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import get_lang

from ...engine.export_columns import (
    EXTENSIONS,
    FORMATS,
    MAX_CHOSEN,
    MAX_SHEET_ROWS,
    chosen_columns,
)

AT_ONCE = 20_000  # customers of a file that is made while it is fetched
FETCH_HOURS = 1  # in which that must happen
CUSTOMER = Domain("journey_stage", "!=", False)


class MiniCrmExportLog(models.Model):
    """Asking for an export: whom, in what form; at once or in the background."""

    _inherit = "mini_crm.export.log"

    @api.model
    def start_export(
        self, file_format, domain=None, ids=None, columns=None, archived=False
    ):
        """Ask for a file of customers (who is allowed to export).

        Whose data is in it is found when the file is made, with the rights and rules of
        the user at that time.

        :param str file_format: ``xlsx``, ``csv`` (for spreadsheets), ``csv_import`` (an
            import reads it without being told anything) or ``json`` (everything)
        :param domain: condition on contacts, list or JSON text; default: all customers
        :param list ids: of chosen customers, instead of a condition; at most 2,000
        :param list columns: names of the columns; default: the usual ones
        :param bool archived: whether archived ones may be among them
        :return: see ``progress``; fetch ``url`` when the state is ``prepared`` or
            ``done``
        :rtype: dict
        :raises AccessError: not allowed to export
        :raises UserError: says what is wrong with what is asked for
        """
        self._check_allowed()
        condition, archived = self._condition(domain, ids, archived)
        names = self._checked_columns(file_format, columns)
        scope = self._scope()
        customers, asked = self._customers(condition, archived, scope, self.env.user)
        count = self._count(customers, asked)
        self._check_size(file_format, count)
        # sudo: nobody may write exports but this code
        export = self.sudo().create(
            {
                "format": file_format,
                "file_name": self._new_name(file_format),
                "domain": json.dumps(condition),
                "archived": archived,
                "about": self._in_words(condition, ids),
                "column_names": names,
                "scope": scope,
                "count": count,
                "expires_at": fields.Datetime.now() + timedelta(hours=FETCH_HOURS),
            }
        )
        if count > AT_ONCE:
            export._start_batch()
        return export.sudo(False).progress()

    @api.model
    def _scope(self):
        """What of the user's environment decides whom he finds and what he reads."""
        return {
            "companies": self.env.companies.ids,
            "lang": get_lang(self.env, self.env.user.lang).code,
            "tz": self.env.user.tz or None,
        }

    @api.model
    def _last(self, *, any_format=False):
        """The user's last export, of those with a choice of columns: record or none."""
        formats = list(FORMATS) if any_format else ["xlsx", "csv"]
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("door", "=", "export"),
                ("format", "in", formats),
            ],
            limit=1,
        )

    @api.model
    def _condition(self, domain, ids, archived):
        """The condition that is asked for as JSON, and whether archived ones fit."""
        if ids is not None:
            if not isinstance(ids, list) or not all(type(i) is int for i in ids):
                raise UserError(self.env._("Customers are chosen by a list of ids."))
            if len(ids) > MAX_CHOSEN:
                raise UserError(
                    self.env._(
                        "At most %s customers can be chosen one by one. Choose all that"
                        " match a filter instead.",
                        MAX_CHOSEN,
                    )
                )
            return [["id", "in", ids]], True
        if isinstance(domain, str):
            try:
                domain = json.loads(domain)
            except ValueError as error:
                raise UserError(self.env._("The condition is not JSON.")) from error
        try:
            Domain(domain or [])
            return json.loads(json.dumps(domain or [])), bool(archived)
        except (ValueError, TypeError, AttributeError) as error:
            raise UserError(
                self.env._("This is no condition on customers: %s", domain)
            ) from error

    @api.model
    def _checked_columns(self, file_format, names):
        """Names of the columns of the file.

        :raises UserError: for a format or column that there is not
        """
        if file_format not in FORMATS:
            raise UserError(
                self.env._(
                    "There is no format “%(format)s”. There are: %(all)s.",
                    format=file_format,
                    all=", ".join(FORMATS),
                )
            )
        if names is not None and not isinstance(names, list):
            raise UserError(self.env._("Columns are a list of names."))
        chosen, unknown = chosen_columns(names, self._columns(), file_format)
        if unknown:
            raise UserError(
                self.env._(
                    "There is no column “%s” that you may export.",
                    ", ".join(map(str, unknown)),
                )
            )
        if not chosen:
            raise UserError(self.env._("Choose at least one column."))
        return [column.name for column in chosen]

    @api.model
    def _check_size(self, file_format, count):
        if file_format == "xlsx" and count > MAX_SHEET_ROWS:
            raise UserError(
                self.env._(
                    "A sheet holds at most %(most)s customers, these are %(count)s."
                    " Choose CSV, or fewer customers.",
                    most=MAX_SHEET_ROWS,
                    count=count,
                )
            )

    @api.model
    def _customers(self, condition, archived, scope, user):
        """Contacts as a user sees them, and the condition: (model, Domain)."""
        customers = (
            self.env["res.partner"]
            .with_user(user)
            .with_context(
                allowed_company_ids=scope["companies"],
                lang=scope["lang"],
                tz=scope["tz"],
                active_test=not archived,
            )
        )
        return customers, Domain(condition) & CUSTOMER

    @api.model
    def _count(self, customers, asked):
        """Number of customers that a condition finds.

        :raises UserError: if the condition cannot be asked
        """
        try:
            return customers.search_count(asked)
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                self.env._("This condition on customers cannot be used: %s", error)
            ) from error

    @api.model
    def _in_words(self, condition, ids):
        if ids is not None:
            return self.env._("%s customers chosen by hand", len(ids))
        asked = list(Domain(condition))
        if not asked or asked == list(CUSTOMER):
            return self.env._("All customers")
        told = self.env["mini_crm.condition"]
        rest = [leaf for leaf in asked if leaf not in (("journey_stage", "!=", False),)]
        if len(asked) - len(rest) == 1 and rest[:1] == ["&"]:
            rest = rest[1:]
        return str(condition) if told._problems(rest) else told._sentence(rest)

    @api.model
    def _action_choose(self, domain, about):
        """The dialog in which a person chooses how customers are to be exported."""
        self._check_allowed()
        return {
            "type": "ir.actions.client",
            "tag": "mini_crm_export",
            "name": self.env._("Export customers"),
            "target": "new",
            "params": {"domain": domain, "about": about},
        }

    @api.model
    def _new_name(self, file_format):
        today = fields.Datetime.now().strftime("%Y-%m-%d")
        name = self.env._("customers")
        if file_format == "csv_import":
            name = self.env._("customers-for-import")
        elif file_format == "json":
            name = self.env._("customers-backup")
        return f"{name}-{today}.{EXTENSIONS[file_format]}"
