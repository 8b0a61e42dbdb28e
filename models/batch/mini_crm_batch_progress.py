from odoo import models

SHOWN_ROWS = 50
COUNTS = ("created", "updated", "unchanged", "skipped", "failed")


class MiniCrmBatch(models.Model):
    """Where a batch is, for the screen that waits for it."""

    _inherit = "mini_crm.batch"

    def progress(self):
        """How far this batch is, and what it has found (managers).

        - ``state``, ``kind``, ``name``, ``total``, ``done``, ``failed``, ``error``
        - ``can_undo``; ``restored``, ``kept``: rows that an undo has put back, or left
          because somebody has changed them since
        - ``percent`` of the present part of the work, 0 to 100
        - ``counts``: rows by outcome; of a check: what the run would do
        - ``warnings``: sentences, after a check
        - ``rows``: the first rows with a problem: row, column, value, message, state
        - ``row_count``: number of rows with a message

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        checking = self.state in ("checking", "ready")
        report = self.report or {}
        told = [("batch_id", "=", self.id), ("message", "!=", False)]
        lines = self.env["mini_crm.batch.line"]
        return {
            **{name: self[name] for name in ("state", "kind", "name", "total", "done")},
            **{name: self[name] for name in ("failed", "error")},
            **{name: self[name] for name in ("can_undo", "restored", "kept")},
            "percent": self._percent(),
            "counts": {
                name: report.get(name, 0) if checking else self[name] for name in COUNTS
            },
            "warnings": report.get("warnings", []) if checking else [],
            "rows": lines.search_read(
                told, ["row", "column", "value", "message", "state"], limit=SHOWN_ROWS
            ),
            "row_count": lines.search_count(told),
        }

    def _percent(self):
        """Part of the work that is behind: reading the file, then its rows."""
        if self.state in ("ready", "done"):
            return 100
        if self.state in ("undoing", "undone"):
            return self._undo_percent()
        total = self.total or 1
        if not self.kind.startswith("import_"):
            return min(100, 100 * self.done // total)
        # row numbers count the header and blank rows as well: near enough
        read = min(self.staged_row, total) if not self.staged else total
        return min(100, (30 * read + 70 * min(self.cursor, total)) // total)

    def _undo_percent(self):
        if self.state == "undone":
            return 100
        changed = self.created + self.updated or 1
        return min(99, 100 * (self.restored + self.kept) // changed)

    def action_open_rows(self):
        """List the rows of this batch that have a problem (managers)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rows with a problem: %s", self.name),
            "res_model": "mini_crm.batch.line",
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("batch_id", "=", self.id), ("message", "!=", False)],
        }

    def action_follow(self):
        """Open the screen that shows how far this batch is (managers)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "mini_crm_import",
            "name": self.name,
            "params": {"batch_id": self.id},
        }
