from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Response, content_disposition, request

from ..engine.export_columns import MIMETYPES

PIECE = 1 << 16  # bytes sent at once


class ExportFile(http.Controller):
    @http.route(
        "/mini_crm/export/<int:export_id>",
        type="http",
        auth="user",
        methods=["GET"],
        save_session=False,
    )
    def export_file(self, export_id):
        """The file of an export: of whoever asked for it, and of administrators.

        A small one is made now, and only for whoever asked.
        """
        export = request.env["mini_crm.export.log"].browse(export_id)
        try:
            return self._answer(export)
        except (UserError, MissingError) as error:
            request.env.cr.rollback()
            status = 403 if isinstance(error, AccessError) else 410
            text = "text/plain;charset=utf-8"
            return Response(str(error), status=status, headers={"Content-Type": text})

    def _answer(self, export):
        export._check_allowed()
        if not export.exists():
            raise MissingError(request.env._("There is no such export."))
        export.check_access("read")
        if not export.can_download:
            raise UserError(
                request.env._("This file is not kept any more. Export it again.")
            )
        kept = export.batch_id
        if not kept and export.user_id != request.env.user:
            raise AccessError(
                request.env._("Only who has asked for this export can fetch it.")
            )
        # sudo: nobody may write exports but the code of their room
        export.sudo().downloads += 1
        return _kept(export) if kept else _made(export)


def _headers(export):
    return {
        "Content-Type": MIMETYPES[export.format],
        "Content-Disposition": content_disposition(export.file_name),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


def _made(export):
    """A file that is made now, sent piece by piece."""
    file = export._make_now()

    def pieces():
        while piece := file.read(PIECE):
            yield piece

    headers = {**_headers(export), "Content-Length": str(export.size)}
    response = Response(pieces(), headers=headers, direct_passthrough=True)
    response.call_on_close(file.close)
    return response


def _kept(export):
    """A file that the worker has made."""
    stream = request.env["ir.binary"]._get_stream_from(
        export, "file_data", filename=export.file_name
    )
    response = stream.get_response(as_attachment=True, immutable=False)
    response.headers.update(_headers(export))
    return response
