from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .search_sql import SOURCES
from .search_text import SearchText

KEY = "mini_crm.search"
# Context of our own screens: pickers of contacts look like the search box does.
PICKER = "mini_crm_search"


class Noted(NamedTuple):
    """Ids of contacts whose rows are made anew; ``fresh``: not even once yet."""

    all: set
    fresh: set


class ResPartner(models.Model):
    """Contacts keep their search rows right, and are searched by them.

    Contacts made or changed are noted, and their rows made anew by one statement before
    the commit, or before the next search in the same transaction.
    """

    _inherit = "res.partner"

    crm_search = SearchText(
        "Name, phone, e-mail or reference",
        compute="_compute_crm_search",
        search="_search_crm_search",
        exportable=False,
        groups="base.group_user",
        help="Finds every word of a text, in any order: letters and digits in Persian"
        " or Arabic writing, phone numbers in any grouping.",
    )

    def _compute_crm_search(self):
        # only searched
        self.crm_search = False

    @api.model
    def _search_crm_search(self, operator, value):
        self._check_field_access(self._fields["crm_search"], "read")
        rows = self.env["mini_crm.search"]
        if operator == "ilike":
            self._renew_search_rows()
            return rows._found(value or "")
        if operator == "in":
            # everybody has a row, and nobody's is known by heart
            texts = [text for text in value if text]
            return Domain.OR(self._search_crm_search("ilike", text) for text in texts)
        return NotImplemented

    # Pickers

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        if not name or operator != "ilike" or not self.env.context.get(PICKER):
            return super().name_search(name, domain, operator, limit)
        domain = Domain(domain or Domain.TRUE)
        ids = self._search_by_name_start(name, domain, limit)
        if limit is None or len(ids) < limit:
            others = domain & Domain("crm_search", operator, name)
            others &= Domain("id", "not in", ids)
            rest = limit and limit - len(ids)
            ids += self.search(others, order="complete_name, id", limit=rest).ids
        # sudo: names of companies, as Odoo's own does
        return [
            (partner.id, partner.display_name) for partner in self.browse(ids).sudo()
        ]

    @api.model
    def _search_by_name_start(self, text, domain, limit):
        """Ids of those whose name begins with a text, in the order of names."""
        self._renew_search_rows()
        query = self._search(domain)
        if query.is_empty():
            return []
        alias = query.join(self._table, "id", "mini_crm_search", "id", "search")
        key = SQL('%s COLLATE "C"', SQL.identifier(alias, "sort_key"))
        query.add_where(
            SQL("%s LIKE %s", key, self.env["mini_crm.search"]._name_start(text))
        )
        query.order = SQL("%s, %s", key, SQL.identifier(alias, "id"))
        query.limit = limit
        return list(query.get_result_ids())

    # Keeping the rows right

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._note_for_search()
        return partners

    def _write_multi(self, vals_list):  # pylint: disable=missing-return
        # every way of writing through the ORM ends here, computed columns included
        super()._write_multi(vals_list)
        if any(not SOURCES.isdisjoint(vals) for vals in vals_list):
            self._note_for_search()

    def _note_for_search(self):
        """Have the search rows of these contacts made anew in time."""
        precommit = self.env.cr.precommit
        if KEY not in precommit.data:
            precommit.data[KEY] = Noted(set(), set())
            precommit.add(self.browse()._finish_search_rows)
        for ids in precommit.data[KEY]:
            ids.update(self.ids)

    @api.model
    def _renew_search_rows(self):
        """Make the search rows of contacts noted since this was last done.

        Before a search. All of them are made once more before the commit: what is made
        here may be inside a savepoint that is rolled back.
        """
        self.flush_model(SOURCES)
        noted = self.env.cr.precommit.data.get(KEY)
        if noted and noted.fresh:
            self._make_search_rows(noted.fresh)
            noted.fresh.clear()

    @api.model
    def _finish_search_rows(self):
        """Before the commit: make the search rows of all contacts noted."""
        self.flush_model(SOURCES)
        noted = self.env.cr.precommit.data.pop(KEY, None)
        if noted:
            self._make_search_rows(noted.all)

    @api.model
    def _make_search_rows(self, ids):
        self.env["mini_crm.search"]._make(SQL("p.id = ANY(%s)", list(ids)))
