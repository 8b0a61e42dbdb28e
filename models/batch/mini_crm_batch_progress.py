from odoo import api, fields, models

SHOWN_ROWS = 50
COUNTS = ("created", "updated", "unchanged", "skipped", "failed")


class MiniCrmBatch(models.Model):
    """Where a batch is, for the screen that waits for it."""

    _inherit = "mini_crm.batch"

    told_count = fields.Integer("Rows to Look At", compute="_compute_told_count")

    @api.depends("state", "failed", "skipped", "kept")
    def _compute_told_count(self):
        """How many rows have a message."""
        for batch in self:
            told = [("batch_id", "=", batch.id), ("message", "!=", False)]
            batch.told_count = self.env["mini_crm.batch.line"].search_count(told)

    def progress(self):
        """How far this batch is, and what it has found (managers).

        - ``state``, ``kind``, ``name``, ``total``, ``done``, ``failed``, ``error``
        - ``can_undo``; ``restored``, ``kept``: rows that an undo has put back, or left
          because somebody has changed them since
        - ``percent`` of the present part of the work, 0 to 100
        - ``counts``: rows by outcome; of a check: what the run would do
        - ``warnings``: sentences, after a check
        - ``rows``: the first rows with a message: row, column, value, message, and as
          state what becomes of the row: failed, skipped, kept, or note; customer is
          the name of whom it is about, if the user may see him
        - ``errors_url``: where the failed rows can be had as a file, when there are any
        - ``row_count``: number of rows with a message

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        checking = self.state in ("checking", "ready")
        report = self.report or {}
        told = self._told_rows()
        lines = self.env["mini_crm.batch.line"]
        shown = lines.search(told, limit=SHOWN_ROWS)
        return {
            **{name: self[name] for name in ("state", "kind", "name", "total", "done")},
            **{name: self[name] for name in ("failed", "error")},
            **{name: self[name] for name in ("can_undo", "restored", "kept")},
            "percent": self._percent(),
            "counts": {
                name: report.get(name, 0) if checking else self[name] for name in COUNTS
            },
            "warnings": report.get("warnings", []) if checking else [],
            "rows": [self._shown_row(line) for line in shown],
            "row_count": lines.search_count(told),
            "errors_url": self._errors_url(),
        }

    def _told_rows(self):
        """Domain of the rows with a message; of what is undone those left as they are.

        An import's stay, as its file can be corrected and imported again.
        """
        told = [("batch_id", "=", self.id), ("message", "!=", False)]
        undone = self.state in ("undoing", "undone")
        if undone and not self.kind.startswith("import_"):
            told.append(("state", "=", "kept"))
        return told

    def _shown_row(self, line):
        """A row with a message, for ``progress``."""
        outcome = (line.problems or [{}])[0].get("outcome") or "failed"
        settled = line.state not in ("waiting", "created", "updated", "unchanged")
        if not settled:
            outcome = outcome if outcome in ("failed", "skipped") else "note"
        shown = line.read(["row", "column", "value", "message"])[0]
        shown["customer"] = line.partner_id.name or ""
        return {**shown, "state": line.state if settled else outcome}

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
        """List the rows of this batch that have a message (managers)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rows to look at: %s", self.name),
            "res_model": "mini_crm.batch.line",
            "view_mode": "list,kanban",
            "mobile_view_mode": "kanban",
            "views": [(False, "list"), (False, "kanban")],
            "domain": self._told_rows(),
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
