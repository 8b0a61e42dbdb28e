from odoo.tests import new_test_user, tagged

from ..factories import make_customer
from .touch_case import LONG, TouchCase

SHEET = "document.querySelector('.o_bottom_sheet')"
READY = "document.querySelector('.o_bottom_sheet_ready [data-status=ready]')"
APPLY = "document.querySelector('.o_mini_crm_filter_apply')"
FIELD = ".o_mini_crm_builder_field[data-key={}]"
HANDLE = f"{FIELD} .o_mini_crm_builder_handle"
ORDER = """[...document.querySelectorAll('.o_mini_crm_builder_field[data-id]')].map(
    (field) => field.dataset.key).join()"""
DRAFT = "document.querySelector('.o_mini_crm_builder_draft')"


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserTouch(TouchCase):
    """The sheet of filters and the form builder under a finger."""

    def _login(self, role):
        user = new_test_user(
            self.env, f"touch_{role}", f"mini_crm.mini_crm_group_{role}"
        )
        user.odoobot_state = "disabled"
        return user.login

    # The sheet of filters

    def _filters(self, play):
        make_customer(self.env, name="Touched Customer")

        def opened(finger):
            self._open_sheet(finger)
            play(finger)

        self.touch("/odoo/crm-customers", self._login("agent"), opened)

    def _open_sheet(self, finger):
        finger.tap(".o_mini_crm_filter_button")
        finger.wait(READY, "the sheet of filters")
        # it slides in: its place is known when it stands still
        finger.wait(
            "document.querySelector('.o_bottom_sheet_snapping')", "the end of the slide"
        )

    def test_swipe_down_on_the_handle_closes_the_sheet(self):
        def play(finger):
            x, y = finger.middle(".o_bottom_sheet_handle")
            finger.move((x, y), (x, y + 500))
            finger.wait(f"!{SHEET}", "the sheet to be gone")

        self._filters(play)

    def test_back_button_closes_the_sheet_and_stays_on_the_page(self):
        def play(finger):
            finger.back()
            finger.wait(f"!{SHEET}", "the sheet to be gone")
            finger.wait(
                "document.querySelector('.o_mini_crm_customer_kanban')", "the cards"
            )
            self.assertIn("crm-customers", finger.see("location.pathname"))

        self._filters(play)

    def test_swipe_over_the_filters_scrolls_them_and_keeps_the_sheet(self):
        top = "document.querySelector('.o_mini_crm_filter_body').scrollTop"

        def play(finger):
            x, y = finger.middle(".o_mini_crm_filter_body")
            finger.move((x, y + 200), (x, y - 150))
            finger.wait(f"{top} > 100", "the filters to be scrolled")
            self.assertTrue(finger.see(f"Boolean({SHEET})"))

        self._filters(play)

    def test_thumb_of_the_score_follows_the_finger(self):
        def play(finger):
            middle, y = finger.middle(".o_mini_crm_slider")
            left = finger.see(
                "document.querySelector('.o_mini_crm_slider')"
                ".getBoundingClientRect().left"
            )
            finger.move((left + 13, y), (middle, y))
            low = "Number(document.querySelector('.o_mini_crm_slider_low').value)"
            finger.wait(f"{low} >= 45 && {low} <= 55", "half of the line")
            # nobody has a score: the number on the button has followed
            finger.wait(APPLY + ".dataset.count === '0'", "the count on the button")
            finger.tap(".o_mini_crm_filter_apply")
            finger.wait(
                "document.querySelector('.o_mini_crm_filter_applied')",
                "the filter to be applied",
            )

        self._filters(play)

    # The form builder

    def _builder(self, play):
        self.env["mini_crm.field"].create(
            [{"name": name, "key": name, "type": "text"} for name in ("aaa", "bbb")]
        )

        def opened(finger):
            finger.middle(HANDLE.format("bbb"))
            play(finger)

        self.touch("/odoo/crm-fields", self._login("admin"), opened)

    def test_long_press_on_the_handle_drags_a_field(self):
        def play(finger):
            x, y = finger.middle(FIELD.format("bbb"))
            finger.move(finger.middle(HANDLE.format("aaa")), (x, y + 40), LONG)
            finger.wait(f"{ORDER}.endsWith('bbb,aaa')", "the field in its new place")

        self._builder(play)
        self.env.invalidate_all()
        fields = self.env["mini_crm.field"].search([("key", "in", ("aaa", "bbb"))])
        self.assertEqual(fields.sorted("sequence").mapped("key"), ["bbb", "aaa"])

    def test_short_swipe_over_a_field_does_not_drag_it(self):
        def play(finger):
            before = finger.see(ORDER)
            x, y = finger.middle(FIELD.format("bbb"))
            finger.move(finger.middle(HANDLE.format("aaa")), (x, y + 40))
            self.assertFalse(
                finger.see("Boolean(document.querySelector('.o_dragged'))")
            )
            self.assertEqual(finger.see(ORDER), before)

        self._builder(play)

    def test_long_press_drags_a_type_onto_the_form(self):
        def play(finger):
            place = finger.middle(FIELD.format("aaa"))
            kind = ".o_mini_crm_builder_type[data-type='text']"
            finger.see(f'document.querySelector("{kind}").scrollIntoView()')
            finger.move(finger.middle(kind), place, LONG)
            finger.wait(DRAFT, "a field that waits for its label")

        self._builder(play)
