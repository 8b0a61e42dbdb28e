from odoo import api, fields, models
from odoo.exceptions import AccessError

ALLOWED = "base.group_allow_export"


class MiniCrmExportLog(models.Model):
    """An export of customers: who has taken what, when, how many, and its file.

    Written by the code of this room only; nobody can change or delete a row.
    """

    _name = "mini_crm.export.log"
    _description = "Export"
    _order = "id desc"
    _rec_name = "file_name"

    file_name = fields.Char("File", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    format = fields.Selection(
        [
            ("xlsx", "Excel (XLSX)"),
            ("csv", "CSV for Excel"),
            ("csv_import", "CSV for an import"),
            ("json", "Backup (JSON)"),
        ],
        required=True,
        readonly=True,
    )
    door = fields.Selection(
        [("export", "Export"), ("odoo", "Odoo's own export")],
        "Way",
        required=True,
        default="export",
        readonly=True,
    )
    res_model = fields.Char("Model", default="res.partner", readonly=True)
    domain = fields.Text("Condition", default="[]", readonly=True)
    about = fields.Char("Which", readonly=True, help="The condition in words.")
    archived = fields.Boolean("Archived Too", readonly=True)
    column_names = fields.Json("Columns", readonly=True)
    company_ids = fields.Many2many(
        "res.company",
        "mini_crm_export_log_company_rel",
        string="Companies",
        compute="_compute_company_ids",
        store=True,
        ondelete="restrict",
        context={"active_test": False},
        help="Whose customers may be in the file. Only who may see all of these"
        " companies gets it.",
    )
    scope = fields.Json(
        readonly=True, help="Companies, language and zone of who asked."
    )
    state = fields.Selection(
        [
            ("prepared", "Prepared"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Stopped by an error"),
            ("cancelled", "Cancelled"),
            ("expired", "File deleted"),
        ],
        "Status",
        required=True,
        default="prepared",
        readonly=True,
    )
    count = fields.Integer("Customers", readonly=True)
    downloads = fields.Integer(readonly=True)
    size = fields.Integer("Bytes", readonly=True)
    batch_id = fields.Many2one("mini_crm.batch", readonly=True, ondelete="set null")
    # its rights are those of the group: also through Odoo's own addresses of files
    file_data = fields.Binary(
        attachment=True, readonly=True, copy=False, groups=ALLOWED
    )
    expires_at = fields.Datetime("Kept Until", readonly=True)
    can_download = fields.Boolean(compute="_compute_can_download")

    _state_idx = models.Index("(state, expires_at)")

    @api.depends("company_id", "scope")
    def _compute_company_ids(self):
        for export in self:
            found = (export.scope or {}).get("companies") or export.company_id.ids
            export.company_ids = [fields.Command.set(found)]

    @api.depends("state", "door", "expires_at", "company_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_download(self):
        allowed = self.env.user.has_group(ALLOWED)
        now = fields.Datetime.now()
        for export in self:
            export.can_download = (
                allowed
                and export.door == "export"
                and export.state in ("prepared", "done")
                and (export.expires_at or now) > now
                # sudo: also companies that the user must not see count
                and export.sudo().company_ids <= self.env.companies
            )

    @api.model
    def _check_allowed(self):
        """Refuse who may not take data out.

        :raises AccessError: for everybody without the group
        """
        if not self.env.user.has_group(ALLOWED):
            raise AccessError(
                self.env._(
                    "You may not export customers. An administrator can allow it: in"
                    " your user's settings, “Access to export feature”."
                )
            )

    def action_download(self):
        """Fetch the file of this export (its owner, administrators)."""
        self.ensure_one()
        self._check_allowed()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self._url(), "target": "self"}

    def _url(self):
        return f"/mini_crm/export/{self.id}"
