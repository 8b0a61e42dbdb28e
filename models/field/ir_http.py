from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """The version of what browsers keep of views and fields names our definitions.

        A browser keeps the answers of ``get_views`` and ``fields_get`` on its disk as
        long as ``registry_hash`` stays.
        """
        info = super().session_info()
        if "registry_hash" in info and self.env.user._is_internal():
            version = self.env["mini_crm.version"]._current()
            info["registry_hash"] = f"{info['registry_hash']}-{version}"
        return info
