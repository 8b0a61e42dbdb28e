from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserSegments(HttpCase):
    """Segments are made, corrected by hand and looked at in a browser."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        self.customer = make_customer(self.env, name="Tour Customer", city="Shiraz")
        self.other = make_customer(self.env, name="Other Customer", city="Rasht")
        make_purchase(self.env, self.customer, 100)
        self.env["mini_crm.queue"]._process_inline()

    def _login(self, role="manager", lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, f"tour_{role}", f"mini_crm.mini_crm_group_{role}", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _segment(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Tour Segment", "domain": "[('city', '=', 'Shiraz')]"}
        )
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(segment.member_ids.partner_id, self.customer)
        return segment

    def _made(self):
        """The segment that the wizard's tour makes has the one customer who fits."""
        segment = self.env["mini_crm.segment"].search([("name", "=", "Big spenders")])
        self.assertEqual((len(segment), segment.color), (1, "#E91E63"))
        self.assertEqual(segment.member_ids.partner_id, self.customer)

    def test_manager_makes_a_segment_of_plain_words(self):
        self.start_tour(
            "/odoo/crm-segments",
            "mini_crm_segment_wizard_desktop",
            login=self._login(),
        )
        self._made()

    def test_manager_makes_a_segment_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/crm-segments", "mini_crm_segment_wizard_phone", login=self._login()
        )
        self._made()

    def test_manager_makes_a_segment_from_right_to_left(self):
        self.start_tour(
            "/odoo/crm-segments",
            "mini_crm_segment_wizard_desktop",
            login=self._login(lang="fa_IR"),
        )
        self._made()

    def _pinned(self, segment):
        pins = {
            pin.partner_id: pin.side
            for pin in self.env["mini_crm.segment.pin"].search(
                [("segment_id", "=", segment.id)]
            )
        }
        self.assertEqual(pins, {self.customer: "out", self.other: "in"})
        segment.invalidate_recordset()
        self.assertEqual(segment.member_ids.partner_id, self.other)

    def test_manager_takes_out_undoes_and_puts_in(self):
        segment = self._segment()
        self.start_tour(
            "/odoo/crm-segments", "mini_crm_segment_pins", login=self._login()
        )
        self._pinned(segment)

    def test_manager_pins_from_right_to_left(self):
        segment = self._segment()
        self.start_tour(
            "/odoo/crm-segments",
            "mini_crm_segment_pins",
            login=self._login(lang="fa_IR"),
        )
        self._pinned(segment)

    def test_agent_goes_from_a_segment_to_a_customer_and_back(self):
        self._segment()
        self.start_tour(
            "/odoo/crm-segments", "mini_crm_segment_agent", login=self._login("agent")
        )

    def _used(self):
        """A segment, and another one that asks for it."""
        segment = self._segment()
        self.env["mini_crm.segment"].create(
            {
                "name": "Outer Segment",
                "domain": f"[('segment_ids', 'in', [{segment.id}])]",
            }
        )
        self.env["mini_crm.rule"]._run_all()
        return segment

    def _edited(self, segment):
        segment.invalidate_recordset()
        self.assertIn("Rasht", segment.domain)
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(segment.member_ids.partner_id, self.other)

    def test_manager_sees_what_a_changed_condition_does_before_he_saves_it(self):
        segment = self._used()
        self.start_tour(
            "/odoo/crm-segments", "mini_crm_segment_edit", login=self._login()
        )
        self._edited(segment)

    def test_manager_sees_it_on_a_phone_from_right_to_left(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        segment = self._used()
        self.start_tour(
            "/odoo/crm-segments",
            "mini_crm_segment_edit",
            login=self._login(lang="fa_IR"),
        )
        self._edited(segment)

    def test_archiving_from_the_list_is_warned_of_and_undone(self):
        segment = self._used()
        self.start_tour(
            "/odoo/crm-segments", "mini_crm_segment_archive", login=self._login()
        )
        segment.invalidate_recordset()
        self.assertTrue(segment.active)

    def test_manager_picks_by_hand_without_hearing_of_a_condition(self):
        company = self.env["res.company"].create({"name": "Second shop"})
        make_customer(self.env, name="Foreign Customer", company_id=company.id)
        picked = self.env["mini_crm.segment"].create(
            {"name": "Tour Picked", "kind": "static"}
        )
        self.env["mini_crm.queue"]._process_inline()
        picked.pin(self.customer.ids, "in")
        login = self._login()
        manager = self.env["res.users"].search([("login", "=", login)])
        manager.company_ids += company
        self.start_tour(
            "/odoo/crm-segments",
            "mini_crm_segment_picked",
            login=login,
            cookies={"cids": f"{self.env.company.id}-{company.id}"},
        )
        self.assertEqual(picked.member_ids.partner_id, self.customer)
