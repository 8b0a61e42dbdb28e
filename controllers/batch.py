from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request


class BatchFiles(http.Controller):
    @http.route(
        "/mini_crm/batch/<int:batch_id>/errors",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def errors(self, batch_id):
        """The rows of an import that failed, as a file like the one that was imported
        (managers); 404 when there are none, or the file was forgotten."""
        batch = request.env["mini_crm.batch"].browse(batch_id).exists()
        if not batch or not batch._check_errors_file():
            raise request.not_found()
        name, media_type, content = batch._errors_file()
        return request.make_response(
            wrap_file(request.httprequest.environ, content),
            headers=[
                ("Content-Type", media_type),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
