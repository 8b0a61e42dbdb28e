from odoo import api, fields, models
from odoo.tools import SQL

from .mini_crm_duplicate_word import NEW


class MiniCrmBatch(models.Model):
    """The full run as a batch: everybody is read, then compared, in ranges of ids.

    ``settings["phase"]`` is ``read`` or ``compare``, ``cursor`` the last id of it; each
    step is one transaction, so a kill at any instant goes on after the last one.
    """

    _inherit = "mini_crm.batch"

    kind = fields.Selection(
        selection_add=[("duplicates", "Search for duplicates")],
        ondelete={"duplicates": "cascade"},
    )

    @api.model
    def start_duplicates(self):
        """Compare all customers anew (managers); one run at a time.

        :return: id of the batch; of the one that runs already, if there is one
        :rtype: int
        """
        self._check_manager()
        running = self._duplicate_run()
        if running:
            return running.id
        # sudo: every customer counts, also of companies that the manager does not see
        customers = self.env["mini_crm.profile"].sudo().search_count([])
        return self._start(
            "duplicates",
            name=self.env._("Search for duplicates"),
            total=2 * customers,  # read, then compared
            settings={"phase": "begin"},
        ).id

    @api.model
    def _duplicate_run(self):
        """The search for duplicates that is under way, of any company; or none."""
        # sudo: how far it is may be seen by all who look at duplicates
        return self.sudo().search(
            [("kind", "=", "duplicates"), ("state", "=", "running")], limit=1
        )

    def action_follow(self):
        """Open the queue, which shows how far a search for duplicates is."""
        if self.kind != "duplicates":
            return super().action_follow()
        self.ensure_one()
        self.check_access("read")
        return self.env["ir.actions.client"]._for_xml_id(
            "mini_crm.mini_crm_duplicate_action"
        )

    def _step_duplicates(self, limit):
        """The next range of customers: how many."""
        phase = (self.settings or {}).get("phase", "begin")
        return getattr(self, f"_duplicates_{phase}")(limit)

    def _duplicates_begin(self, _limit):
        slots = self.env["mini_crm.duplicate.trait"]._slots()
        self.env["res.partner"].flush_model(list(slots))
        self.env["mini_crm.duplicate.word"]._begin(slots)
        self.write({"settings": {"phase": "read"}, "cursor": 0})
        return 1

    def _duplicates_read(self, limit):
        """Read the next customers and count what they have."""
        traits = self.env["mini_crm.duplicate.trait"]
        words = self.env["mini_crm.duplicate.word"]
        last_id, count = self._next_range("mini_crm_profile", limit)
        if not count:
            traits._drop_others(SQL("t.id > %s", self.cursor))
            words._counted()
            traits._tidy()
            self.write({"settings": {"phase": "compare"}, "cursor": 0})
            return 1
        chosen = SQL("BETWEEN %s AND %s", self.cursor + 1, last_id)
        read = traits._renew(SQL("p.id %s", chosen), words._figures(()))
        traits._drop_others(SQL("t.id %s", chosen))
        words._count([one for _id, one in read], NEW)
        self.write({"cursor": last_id, "done": self.done + count})
        return count

    def _duplicates_compare(self, limit):
        """Compare the next customers with those who share a block with them."""
        pairs = self.env["mini_crm.duplicate"]
        last_id, count = self._next_range("mini_crm_duplicate_trait", limit)
        if not count:
            pairs._let_go(SQL("d.partner_id > %s", self.cursor), {})
            self.done = self.total
            self._set_done()
            return 1
        figures = self.env["mini_crm.duplicate.word"]._figures()
        found = pairs._compare_range(self.cursor + 1, last_id, figures)
        self.write(
            {
                "cursor": last_id,
                "done": min(self.total, self.done + count),
                "created": self.created + found,
            }
        )
        return count

    def _next_range(self, table, limit):
        """Last id and number of the next rows of a table: (int, int)."""
        self.env.cr.execute(
            SQL(
                """SELECT max(id), count(*) FROM (
                    SELECT id FROM %s WHERE id > %s ORDER BY id LIMIT %s) step""",
                SQL.identifier(table),
                self.cursor,
                limit,
            )
        )
        return self.env.cr.fetchone()
