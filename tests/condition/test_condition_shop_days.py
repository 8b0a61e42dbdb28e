from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import MiniCrmCase


@tagged("post_install", "-at_install")
class TestConditionShopDays(MiniCrmCase):
    """The shop's time zone and calendar are set by people, and hold at once."""

    def test_settings_keep_zone_and_calendar_of_the_company(self):
        settings = self.env["res.config.settings"].create(
            {"mini_crm_time_zone": "Asia/Tehran", "mini_crm_calendar": "jalali"}
        )
        settings.execute()
        self.assertEqual(self.company.mini_crm_tz, "Asia/Tehran")
        self.assertEqual(self.company._birthday_calendar(), "jalali")
        shown = self.env["res.config.settings"].create({})
        self.assertEqual(shown.mini_crm_time_zone, "Asia/Tehran")

    def test_unknown_zone_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Tehran"):
            self.company.mini_crm_tz = "Asia/Teheran"

    def test_what_was_kept_by_the_old_days_is_not_used_any_more(self):
        version = self.env["mini_crm.version"]
        for values in ({"mini_crm_tz": "Asia/Tehran"}, {"mini_crm_calendar": "jalali"}):
            before = version._current()
            self.company.write(values)
            self.assertNotEqual(version._current(), before)
