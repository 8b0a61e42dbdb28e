from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer

# Run by a browser as markup or script, each of these writes an error to the console,
# and that fails a tour.
NASTY = "<img src=x onerror=\"console.error('executed')\">"
SCRIPT = "\"><script>console.error('executed')</script>{{7*7}}"


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserNasty(HttpCase):
    """Markup in values, labels, choices and sections is shown and never executed."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        user = new_test_user(
            self.env, "tour_admin", "mini_crm.mini_crm_group_admin", lang="en_US"
        )
        user.odoobot_state = "disabled"
        section = self.env["mini_crm.field.section"].create(
            {"name": NASTY, "key": "nasty"}
        )
        common = {"section_id": section.id, "show_in_list": True, "show_in_card": True}
        self.env["mini_crm.field"].create(
            [
                {
                    "name": NASTY,
                    "key": "nasty",
                    "slot": "custom_text_30",
                    "help": SCRIPT,
                    "placeholder": SCRIPT,
                    **common,
                },
                {
                    "name": SCRIPT,
                    "key": "nasty_choice",
                    "type": "select",
                    "slot": "custom_select_10",
                    "option_ids": [(0, 0, {"name": NASTY, "code": "nasty"})],
                    **common,
                },
            ]
        )
        self.customer = make_customer(self.env, name=SCRIPT)
        self.env.cr.flush()
        self.customer.write({"custom_text_30": NASTY, "custom_select_10": "nasty"})
        self.env.cr.flush()

    def test_markup_is_shown_as_text_and_never_executed(self):
        self.start_tour(
            "/odoo/crm-customers", "mini_crm_nasty_strings", login="tour_admin"
        )
        self.start_tour(
            "/odoo/crm-fields", "mini_crm_nasty_builder", login="tour_admin"
        )
