import time

from psycopg2.errors import QueryCanceled

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...engine.conditions import RECORDS

MANAGER = "mini_crm.mini_crm_group_manager"
SAMPLE = 5
TIMEOUT = 5_000  # milliseconds that a count may take


class MiniCrmCondition(models.AbstractModel):
    """What an editor of conditions asks while somebody is writing one."""

    _inherit = "mini_crm.condition"

    @api.model
    @api.readonly
    def count(self, domain):
        """How many customers a condition finds now, and a few of them (managers).

        :param domain: text or list
        :return: ``count`` (None: it is wrong, or took too long), ``sample`` (up to five
            ``{"id", "name"}``, the best score first), ``sentence``, ``problems``
            (list of str), ``seconds`` it took
        :rtype: dict
        """
        self._check_manager()
        began = time.monotonic()
        tree, found = self._read(domain)
        result = {"count": None, "sample": [], "sentence": "", "problems": []}
        if found:
            result["problems"] = self._messages(found)
        else:
            result["sentence"] = self._sentence(domain)
            try:
                # a new point to go back to: the timeout ends the statement only
                with self.env.cr.savepoint():
                    result["count"], ids = self._count_and_best(tree)
            except QueryCanceled:
                result["problems"] = [self._too_slow()]
            else:
                best = self.env["res.partner"].browse(ids)
                result["sample"] = [
                    {"id": partner.id, "name": partner.display_name} for partner in best
                ]
        result["seconds"] = round(time.monotonic() - began, 3)
        return result

    @api.model
    def _too_slow(self):
        return self.env._(
            "Counting took longer than %s seconds, so the number is not known now. The"
            " condition can be saved all the same; fewer comparisons make it faster.",
            TIMEOUT // 1000,
        )

    @api.model
    @api.readonly
    def fields_for_editor(self):
        """What conditions may name, in the order of a list (managers).

        :return: list of ``{"name", "label", "kind", "group"}``, with ``choices``
            (code, label) of a choice and of the types of events, ``model`` of records
            and rows, ``parts`` where months may be asked for, ``fields`` of rows,
            ``operators``
        :rtype: list[dict]
        """
        self._check_manager()
        return self._edited(self._known_fields())

    def _edited(self, specs):
        return [
            self._edited_field(name, spec)
            for name, spec in specs.items()
            if not spec.gone
        ]

    def _edited_field(self, name, spec):
        kind = "records" if spec.kind in RECORDS else spec.kind
        edited = {"name": name, "label": spec.label, "kind": kind, "group": spec.group}
        choices = spec.choices
        if spec.kind == "rows":
            edited["fields"] = self._edited(spec.fields)
            choices = spec.fields["type"].choices if "type" in spec.fields else ()
        edited["operators"] = list(spec.operators)
        if choices:
            edited["choices"] = [list(choice) for choice in choices]
        if spec.model:
            edited["model"] = spec.model
        if spec.parts:
            edited["parts"] = True
        return edited

    @api.model
    def _count_and_best(self, tree):
        """Number of customers for whom a checked condition holds, and the best of them.

        :return: (number, up to ``SAMPLE`` ids)
        :rtype: tuple[int, list[int]]
        """
        company = self.env.company
        partners = self._partners_of(self.env.user, company)
        domain = self._domain_of(tree, company)
        if partners._domain_of_counts(domain) is None:
            return self._count_found(partners, partners._search(domain))
        # the stored counts know it: only the best are looked for
        best = partners.search(domain, limit=SAMPLE, order="crm_score DESC")
        return partners.search_count(domain), best.ids

    @api.model
    def _count_found(self, partners, query):
        """Count what a query finds, and pick the best, by one statement.

        MATERIALIZED, the scores as well: sorted by score and cut off, the planner
        would walk through everybody in that order where few are found.

        :raises QueryCanceled: it took longer than ``TIMEOUT``
        """
        self.env.flush_all()
        columns = [
            partners._field_to_sql(query.table, name, query)
            for name in ("id", "crm_score")
        ]
        self.env.cr.execute(SQL("SET LOCAL statement_timeout = %s", TIMEOUT))
        self.env.cr.execute(
            SQL(
                """WITH found (id, score) AS MATERIALIZED (%(query)s)
                SELECT (SELECT count(*) FROM found),
                    ARRAY(SELECT id FROM found
                        ORDER BY score DESC NULLS LAST, id DESC LIMIT %(few)s)
                """,
                query=query.select(*columns),
                few=SAMPLE,
            ),
            log_exceptions=False,
        )
        found = self.env.cr.fetchone()
        self.env.cr.execute("SET LOCAL statement_timeout TO DEFAULT")
        return found

    def _check_manager(self):
        """Refuse whoever does not make conditions."""
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only managers of Mini CRM can write conditions.")
            )
