from odoo.tests import tagged

from ..common import MiniCrmCase


@tagged("-standard", "mini_crm_sources", "post_install", "-at_install")
class TestSourcesInstall(MiniCrmCase):
    def test_installed(self):
        self.assertIn("sale.order", self.env)
        self.assertIn("pos.order", self.env)
        print(self.env["ir.module.module"].search([("state","=","installed")]).mapped("name"))
        self.env.cr.execute("select id, name, currency_id from res_company"); print(self.env.cr.fetchall())
        for t in ("sale_order","pos_order","account_move","sale_order_line","pos_order_line","pos_config", "account_move_line"):
            self.env.cr.execute("select string_agg(column_name||' '||data_type, ', ') from information_schema.columns where table_name=%s", [t]); print(t, self.env.cr.fetchone()[0])
