from odoo import api, models


class ResLang(models.Model):
    """A language that comes into use has the names of the rules that ship."""

    _inherit = "res.lang"

    @api.model_create_multi
    def create(self, vals_list):
        langs = super().create(vals_list)
        langs.filtered("active")._translate_rules()
        return langs

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active"):
            self._translate_rules()
        return result

    def _translate_rules(self):
        for kind in self.env["mini_crm.rule"]._kinds():
            for lang in self.mapped("code"):
                self.env[kind]._translate_shipped(lang)
