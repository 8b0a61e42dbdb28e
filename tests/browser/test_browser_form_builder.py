from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer

TYPES = ("text", "number", "date", "boolean", "select", "phone", "email", "url")


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserFormBuilder(HttpCase):
    """An administrator builds the form of customers, on a desk and on a phone."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        make_customer(self.env, name="Tour Customer")

    def _admin(self, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env,
            "tour_admin",
            "mini_crm.mini_crm_group_admin,base.group_allow_export",
            lang=lang,
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _built(self):
        """A field of every type, all but the first made in the section."""
        fields = self.env["mini_crm.field"].search([("key", "like", "own_")])
        self.assertEqual(set(fields.mapped("type")), set(TYPES))
        self.assertEqual(len(fields), len(TYPES))
        self.assertEqual(fields.section_id.mapped("name"), ["Details"])
        self.assertFalse(fields.filtered(lambda field: not field.section_id))
        text = fields.filtered(lambda field: field.type == "text")
        self.assertEqual((text.required, text.rules), (True, {"max_length": 5}))
        select = fields.filtered(lambda field: field.type == "select")
        self.assertEqual(select.option_ids.mapped("code"), ["small", "large"])

    def test_admin_drags_a_field_of_every_type_onto_the_form(self):
        self.start_tour(
            "/odoo/crm-fields", "mini_crm_form_builder_desktop", login=self._admin()
        )
        self._built()

    def test_admin_builds_the_form_from_right_to_left(self):
        self.start_tour(
            "/odoo/crm-fields",
            "mini_crm_form_builder_desktop",
            login=self._admin("fa_IR"),
        )
        self._built()

    def test_admin_builds_the_form_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/crm-fields", "mini_crm_form_builder_phone", login=self._admin()
        )
        self._built()

    def test_new_field_is_in_form_list_and_filter_at_once(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.start_tour(
            "/odoo/crm-fields", "mini_crm_form_builder_everywhere", login=self._admin()
        )
        field = self.env["mini_crm.field"].search([("key", "=", "own_text")])
        self.assertEqual(field.with_context(lang="fa_IR").name, "متن خودم")
        self.assertEqual(
            self.env["res.partner"].search_count([(field.slot, "=", "green")]), 1
        )

    def _labelled(self, field):
        """The Persian label is the one that was given, the English one stays."""
        field.invalidate_recordset()
        names = [field.with_context(lang=lang).name for lang in ("fa_IR", "en_US")]
        self.assertEqual(names, ["متن خودم", "Own text"])

    def test_persian_label_is_read_wherever_the_field_is_named(self):
        field = self.env["mini_crm.field"].create({"name": "Own text", "type": "text"})
        self.start_tour(
            "/odoo/crm-fields",
            "mini_crm_form_builder_label_desktop",
            login=self._admin("fa_IR"),
        )
        self._labelled(field)

    def test_persian_label_is_read_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        field = self.env["mini_crm.field"].create({"name": "Own text", "type": "text"})
        login = self._admin("fa_IR")
        for address, tour in (
            ("/odoo/crm-fields", "mini_crm_form_builder_label_phone"),
            ("/odoo/crm-customers", "mini_crm_label_in_filters_phone"),
            ("/odoo/crm-import", "mini_crm_label_in_import"),
        ):
            self.start_tour(address, tour, login=login)
        self._labelled(field)
