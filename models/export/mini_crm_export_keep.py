import hashlib
import logging
import os
import shutil
import tempfile
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.export_columns import MIMETYPES

_logger = logging.getLogger(__name__)

KEEP_HOURS = 24  # the file of an export in the background
PIECE = 1 << 20  # bytes read at once


class MiniCrmExportLog(models.Model):
    """Where the finished file is, for how long, and who hears of it."""

    _inherit = "mini_crm.export.log"

    def _make_now(self):
        """Make the file for whoever fetches it at once.

        :return: temporary file, at its beginning; it is gone when it is closed
        """
        # whole before anything of it is sent: what fails has a message, no half file
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
        try:
            count = self._make(file)
        except BaseException:
            file.close()
            raise
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._set_done(count, size)
        return file

    def _make_and_keep(self):
        """Make the file and keep it for a day: number of customers (int)."""
        with tempfile.TemporaryFile() as file:
            count = self._make(file)
            size = file.seek(0, os.SEEK_END)
            self._keep(file, size)
        expires = fields.Datetime.now() + timedelta(hours=KEEP_HOURS)
        self._set_done(count, size, expires_at=expires)
        return count

    def _keep(self, file, size):
        """Keep a file as attachment, piece by piece.

        Written beside its place and moved there: what is in its place is whole. The
        collector of the file store knows it before that, so that nothing stays behind
        when the transaction fails.
        """
        # sudo: attachments of exports are written by this code only
        files = self.env["ir.attachment"].sudo()
        attachment = files.create(
            {
                "name": self.file_name,
                "res_model": self._name,
                "res_field": "file_data",
                "res_id": self.id,
                "raw": b"",
                "mimetype": MIMETYPES[self.format].partition(";")[0],
            }
        )
        file.seek(0)
        if files._storage() == "db":
            attachment.raw = file.read()
            return
        checksum, name = self._place(file)
        self.env.cr.execute(
            SQL(
                """UPDATE ir_attachment SET store_fname = %s, checksum = %s,
                    file_size = %s WHERE id = %s""",
                name,
                checksum,
                size,
                attachment.id,
            )
        )
        attachment.invalidate_recordset()

    def _place(self, file):
        """Put a file into the file store: (checksum, name of it there)."""
        digest = hashlib.sha1(usedforsecurity=False)
        while piece := file.read(PIECE):
            digest.update(piece)
        checksum = digest.hexdigest()
        name = f"{checksum[:2]}/{checksum}"
        files = self.env["ir.attachment"]
        path = files._full_path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        files._mark_for_gc(name)
        file.seek(0)
        beside = f"{path}-{os.getpid()}"
        try:
            with open(beside, "wb") as target:
                shutil.copyfileobj(file, target, PIECE)
            os.replace(beside, path)
        finally:
            if os.path.exists(beside):
                os.unlink(beside)
        return checksum, name

    def _set_done(self, count, size, **values):
        # sudo: nobody may write exports but this code
        self.sudo().write({"state": "done", "count": count, "size": size, **values})
        _logger.info(
            "User %s exported %s customers as %s: %s",
            self.user_id.id,
            count,
            self.format,
            self.domain,
        )

    def _tell(self):
        """Tell who asked that the file is there, wherever he is in the program."""
        self.user_id._bus_send(
            "mini_crm_export_done",
            {"id": self.id, "name": self.file_name, "count": self.count},
        )

    @api.autovacuum
    def _gc_files(self):
        """Delete files whose time is over; who had taken them stays on record."""
        overdue = self.sudo().search(
            [
                ("expires_at", "<", fields.Datetime.now()),
                ("state", "in", ("prepared", "done")),
                ("door", "=", "export"),
            ],
            limit=100,
        )
        files = self.env["ir.attachment"].sudo()
        files.search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "file_data"),
                ("res_id", "in", overdue.ids),
            ]
        ).unlink()
        overdue.write({"state": "expired"})
        return len(overdue), len(overdue) == 100
