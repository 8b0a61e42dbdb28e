"""Delete in Odoo's own screens of contacts: into the bin.

What other add-ons and outside programs delete goes through other doors, and stays what
Odoo makes of it.
"""

from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.dataset import DataSet


class ContactDelete(DataSet):
    @http.route()
    def call_kw(self, model, method, args, kwargs, path=None):
        """A call of the web client; see ``res.partner._delete_by_hand``.

        What that has done is the answer where the context asks for it, with
        ``mini_crm_tell_bin``; else it is that of Odoo, True.
        """
        if (model, method) != ("res.partner", "unlink"):
            return super().call_kw(model, method, args, kwargs, path)
        ids = args[0] if args else kwargs.get("ids", [])
        context = kwargs.get("context") or {}
        contacts = request.env[model].with_context(**context).browse(ids)
        told = contacts._delete_by_hand()
        return told if context.get("mini_crm_tell_bin") else True
