from odoo import api, models


class ResLang(models.Model):
    _inherit = "res.lang"

    @api.model_create_multi
    def create(self, vals_list):
        langs = super().create(vals_list)
        langs.filtered("active")._translate_industries()
        return langs

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active"):
            self._translate_industries()
        return result

    def _translate_industries(self):
        """Give templates and the fields that came from them these languages' texts."""
        # sudo: who administers languages need not be an administrator of ours
        industries = self.env["mini_crm.industry"].sudo()
        for lang in self.mapped("code"):
            industries._translate_templates(lang)
            industries._translate_applied(lang)
