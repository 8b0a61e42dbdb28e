from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserScore(HttpCase):
    """The settings of the score, and the story of one: desktop, phone, Persian."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()
        for name in ("Ada", "Grace"):
            customer = make_customer(self.env, name=name, phone="+989120001122")
            customer._log("message_received", date=self.now - timedelta(days=1))
            make_purchase(self.env, customer)
        self.env["mini_crm.queue"]._process_inline()

    def _login(self, role, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        group = f"mini_crm.mini_crm_group_{role}"
        user = new_test_user(self.env, "score_tour", group, lang=lang)
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True

    def _change_factors(self, lang="en_US"):
        factors = self.env["mini_crm.score.factor"]
        before = factors._settings()
        self.start_tour(
            "/odoo/crm-score-factors",
            "mini_crm_score_factors",
            login=self._login("admin", lang),
        )
        self.env.invalidate_all()
        self.assertEqual(factors._settings(), before)
        kept = self.env["mini_crm.score.setting"].search([("reason", "=", "factors")])
        self.assertEqual(
            [row.settings["weights"]["engagement"] for row in kept.sorted("id")],
            [0.7, 0.4],
        )

    def _read_story(self, lang="en_US"):
        customer = self.env["res.partner"].search([("name", "=", "Ada")])
        profiles = self.env["mini_crm.profile"]
        self.env.cr.execute(
            "UPDATE mini_crm_event SET date = date - interval '60 days'"
            " WHERE partner_id = %s",
            [customer.id],
        )
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s",
            [self.now - timedelta(days=80), customer.id],
        )
        for days in (59, 0):
            now = self.now - timedelta(days=days)
            profiles._recalculate_range(customer.id, customer.id, now)
        self.start_tour(
            f"/odoo/crm-customers/{customer.id}",
            "mini_crm_score_story",
            login=self._login("agent", lang),
        )

    def test_administrator_changes_the_factors_and_undoes_it(self):
        self._change_factors()

    def test_administrator_changes_the_factors_on_a_phone_in_persian(self):
        self._phone()
        self._change_factors("fa_IR")

    def test_agent_reads_the_story_of_a_score_and_acts(self):
        self._read_story()

    def test_agent_reads_the_story_on_a_phone_in_persian(self):
        self._phone()
        self._read_story("fa_IR")
