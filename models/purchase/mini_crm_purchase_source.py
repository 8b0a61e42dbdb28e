from odoo import api, fields, models
from odoo.tools import SQL, format_datetime


class MiniCrmPurchaseSource(models.Model):
    """How far a source of purchases has been pulled, and with what result.

    At first all its documents are read in order of their ids, later those with a
    ``write_date`` from the watermark on. Every step commits with its cursor, so that a
    kill at any moment goes on where it was.
    """

    _name = "mini_crm.purchase.source"
    _description = "Source of Purchases"
    _log_access = False

    name = fields.Char(required=True, help="Technical name of the documents' model.")
    counts = fields.Boolean(default=True, help="Its documents are purchases.")
    kept = fields.Boolean(
        help="Lines of an earlier installation of its add-on are in the ledger."
    )
    table_mark = fields.Integer(help="Which installation of the add-on was pulled.")
    watermark = fields.Datetime(help="Changes before it are in the ledger, UTC.")
    horizon = fields.Datetime(help="The watermark once the present pass is complete.")
    cursor_date = fields.Datetime(help="The present pass: write_date of the last one.")
    cursor_id = fields.Integer(help="The present pass: the last document.")
    total = fields.Integer(help="Documents when the first pass began.")
    done = fields.Integer(help="Documents read in the last pass.")
    entered = fields.Integer(help="Lines of the last pass.")
    corrected = fields.Integer(help="Lines of the last pass.")
    removed = fields.Integer(help="Lines of the last pass.")
    pulled_at = fields.Datetime(help="When the last pass ended; empty: to be done.")

    _name_uniq = models.Constraint("UNIQUE(name)", "This source is known already.")

    @api.model
    def _by_name(self):
        """The sources known so far: {name: record}."""
        # sudo: how the ledger is filled is the same for everybody
        return {state.name: state for state in self.sudo().search([])}

    # What people choose

    @api.model
    def _choose(self, chosen):
        """Decide which sources count; when that changes, everything is read anew.

        What one source tells another leaves out, so all are concerned.

        :param dict[str, bool] chosen: by name
        """
        known = self._prepare(self.env["mini_crm.purchase"]._purchase_sources())
        changed = [n for n in chosen if n in known and known[n].counts != chosen[n]]
        for name in changed:
            known[name].counts = chosen[name]
        if changed:
            self.browse(s.id for s in known.values())._restart()
            self._wake()

    def _restart(self):
        """Have all documents of these sources read anew."""
        if self:
            names = ("watermark", "horizon", "cursor_date", "cursor_id", "pulled_at")
            self._set(**{name: SQL("NULL") for name in names})

    @api.model
    def _pull_soon(self):
        """Have the worker pull now, and say so when there is nothing new."""
        states = self._prepare(self.env["mini_crm.purchase"]._purchase_sources())
        self.browse(s.id for s in states.values())._set(pulled_at=SQL("NULL"))
        self._wake()

    @api.model
    def _result_text(self):
        """What the last pull did, a line for each source that is installed."""
        states = self._by_name()
        labels = dict(
            self.env["mini_crm.purchase"]
            ._fields["source"]
            ._description_selection(self.env)
        )
        return "\n".join(
            f"{labels[source.name]}: {states[source.name]._result()}"
            for source in self.env["mini_crm.purchase"]._purchase_sources()
            if source.name in states and states[source.name].counts
        )

    def _result(self):
        """What the last pull of this source did, or how far it is."""
        self.ensure_one()
        if self.horizon and self.total:
            return self.env._(
                "%(done)s of %(total)s documents read", done=self.done, total=self.total
            )
        if not self.pulled_at:
            return self.env._("waiting")
        return self.env._(
            "%(entered)s new, %(corrected)s changed, %(removed)s removed (%(when)s)",
            entered=self.entered,
            corrected=self.corrected,
            removed=self.removed,
            when=format_datetime(self.env, self.pulled_at),
        )

    @api.model
    def _wake(self):
        """Have the worker pull as soon as this transaction commits."""
        # sudo: people do not own the worker
        self.env.ref("mini_crm.ir_cron_mini_crm_purchase_pull").sudo()._trigger()

    # Installations

    @api.model
    def _prepare(self, sources):
        """Have a record for each source, and keep the lines of those that are gone.

        An add-on that is installed again begins with new tables, in which the ids of
        old documents come back: it is known by the id of its model's record.

        :return: {name: record}
        """
        known = self._by_name()
        names = [source.name for source in sources]
        self.env.cr.execute(
            SQL("SELECT model, id FROM ir_model WHERE model = ANY(%s)", names)
        )
        marks = dict(self.env.cr.fetchall())
        for name in names:
            if name not in known:
                values = {"name": name, "table_mark": marks[name]}
                known[name] = self.sudo().create(values)  # sudo: as in _by_name
        for name, state in known.items():
            if state.table_mark != marks.get(name, 0):
                state._keep_lines(marks.get(name, 0))
        return {name: known[name] for name in names}

    def _keep_lines(self, mark):
        """The documents are gone with their add-on: their lines stay as they are.

        :param int mark: of the add-on that has been installed again, or 0
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_purchase SET document_id = -document_id
                WHERE source = %s AND document_id > 0""",
                self.name,
            )
        )
        kept = self.kept or bool(self.env.cr.rowcount)
        self.env["mini_crm.purchase"].invalidate_model()
        self._restart()
        self.write({"kept": kept, "table_mark": mark})

    def _set(self, **columns):
        """Write columns as SQL expressions: fields know no parts of a second.

        :param dict[str, SQL] columns: column -> expression
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_purchase_source SET %s WHERE id = ANY(%s)",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), expression)
                    for name, expression in columns.items()
                ),
                list(self.ids),
            )
        )
        self.invalidate_recordset()
