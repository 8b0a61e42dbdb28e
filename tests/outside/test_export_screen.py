"""A person exports customers at a desk and on a phone, in both languages."""

import csv
import io
from pathlib import Path

import pytest
from browser import new_colleague

MENU = ".o_control_panel .o_cp_action_menus .dropdown-toggle:has(.fa-cog)"


@pytest.mark.parametrize("language", ["en_US", "fa_IR"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_the_file_of_a_list_comes_by_three_taps(
    product, chromium, pictures, device, language
):
    rows = [{"name": f"Screen {n}", "ref": f"SCREEN-{n}"} for n in range(3)]
    if not product.rpc(
        "manager", "res.partner", "search_count", [["ref", "=", "SCREEN-0"]]
    ):
        product.rpc("manager", "res.partner", "create", rows)
        product.drain()
    with chromium.screen(product.url, device, pictures) as screen:
        screen.log_in(*new_colleague(product, "manager", language))
        screen.open("/odoo/crm-customers")
        screen.press(MENU)
        screen.wait(".o_mini_crm_export_menu")
        screen.shot(f"export-menu-{language}")
        screen.press(".o_mini_crm_export_menu")
        screen.wait(".o_mini_crm_export_format")
        screen.shot(f"export-{language}")
        screen.press("[data-format='csv']")
        screen.press(".o_mini_crm_export_open")
        screen.wait(".o_mini_crm_export_columns")
        screen.shot(f"export-columns-{language}")
        with screen.page.expect_download() as download:
            screen.press(".o_mini_crm_export_start")
        content = Path(download.value.path()).read_bytes().decode("utf-8-sig")
        found = list(csv.reader(io.StringIO(content, newline="")))
        assert {"Screen 0", "Screen 1", "Screen 2"} <= {
            cell for row in found for cell in row
        }
        screen.wait_until_gone(".o_mini_crm_export")
        screen.open("/odoo/exports")
        screen.wait(".o_mini_crm_view")
        screen.shot(f"exports-{language}")
        if not any("mini_crm" in complaint for complaint in screen.complaints):
            return
        raise AssertionError(screen.complaints)


def test_an_agent_is_not_offered_what_he_may_not(product, chromium, pictures):
    with chromium.screen(product.url, "desktop", pictures) as screen:
        screen.log_in(*new_colleague(product, "agent"))
        screen.open("/odoo/crm-customers")
        screen.press(MENU)
        screen.wait(".o-dropdown--menu .dropdown-item")
        assert not screen.page.locator(".o_mini_crm_export_menu").count()
