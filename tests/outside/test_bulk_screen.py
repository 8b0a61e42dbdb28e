"""A manager changes many on a screen, undoes it, deletes them and puts one back."""

import pytest
from browser import new_colleague, until

MENU = ".o_control_panel .o_cp_action_menus .dropdown-toggle:has(.fa-cog)"
CHANGE = ".o-dropdown-item:has(.fa-magic)"
COUNT = 3
DIGITS = {"en_US": "3", "fa_IR": "۳"}  # as people type them


@pytest.mark.parametrize("language", ["en_US", "fa_IR"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_many_are_changed_deleted_and_put_back(
    product, chromium, pictures, device, language
):
    mark = f"Bulk {device} {language}"
    rows = [{"name": f"{mark} {n}", "city": mark} for n in range(COUNT)]
    customers = product.rpc("manager", "res.partner", "create", rows)
    segment = product.segment([("city", "=", mark)], name=mark)
    product.drain()
    with chromium.screen(product.url, device, pictures) as screen:
        screen.log_in(*new_colleague(product, "manager", language))
        _open_dialog(screen, segment)
        screen.shot(f"bulk-1-actions-{language}")
        screen.press("[data-action='tag_add']")
        screen.page.fill(".o_mini_crm_bulk_search", f"Tag {mark}")
        screen.press(".o_mini_crm_bulk_chip_new")
        screen.wait(f".o_mini_crm_bulk_preview[data-changed='{COUNT}']")
        screen.shot(f"bulk-2-preview-{language}")
        screen.press(".o_mini_crm_bulk_apply")
        screen.wait(".o_mini_crm_bulk_toast .o_notification_buttons button")
        screen.shot(f"bulk-3-done-{language}")
        assert _tagged(product, customers) == COUNT
        screen.press(".o_mini_crm_bulk_toast .o_notification_buttons button >> nth=0")
        until(lambda: _tagged(product, customers) == 0, "the tag to be gone")

        _open_dialog(screen, segment)
        screen.press("[data-action='delete']")
        screen.wait("input[name='typed']")
        assert screen.page.locator(".o_mini_crm_bulk_apply").is_disabled()
        screen.page.fill("input[name='typed']", DIGITS[language])
        screen.shot(f"bulk-4-delete-{language}")
        screen.press(".o_mini_crm_bulk_apply")
        screen.wait(".o_mini_crm_bulk_toast")
        screen.open("/odoo/crm-bin")
        screen.wait("button[name='action_put_back']")
        screen.shot(f"bulk-5-bin-{language}")
        card = ".o_data_row" if device == "desktop" else ".o_kanban_record"
        screen.press(f"{card}:has-text('{mark} 0') button[name='action_put_back']")
        until(lambda: _binned(product, customers) == COUNT - 1, "one to be back")
        assert not screen.complaints


def _open_dialog(screen, segment):
    screen.open(f"/odoo/crm-segments/{segment}")
    screen.press(MENU)
    (screen.touch if screen.device == "phone" else screen.press)(CHANGE)
    screen.wait(".o_mini_crm_bulk_action")


def _tagged(product, customers):
    return _count(product, "res_partner_res_partner_category_rel", customers)


def _binned(product, customers):
    return _count(product, "res_partner", customers, "id", "AND binned_at IS NOT NULL")


def _count(product, table, customers, column="partner_id", more=""):
    ids = ", ".join(map(str, customers))
    (row,) = product.sql(
        f"SELECT count(*) AS n FROM {table} WHERE {column} IN ({ids}) {more}"
    )
    return row["n"]
