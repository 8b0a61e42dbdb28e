from odoo.tests import HttpCase, tagged


def suite_id(name):
    """Id of a Hoot suite: the hash that its runner makes of the suite's name."""
    number = 0
    for char in name:
        number = (number * 31 + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserComponents(HttpCase):
    """The unit tests of our components (static/tests), in a real browser."""

    def _run(self, preset):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000"
            f"&id={suite_id('@mini_crm')}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

    def test_components_work_on_a_desktop(self):
        self._run("desktop")

    def test_components_work_on_a_phone(self):
        self.browser_size = "375x667"
        self.touch_enabled = True
        self._run("mobile")
