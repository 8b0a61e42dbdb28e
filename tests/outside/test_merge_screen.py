"""An agent makes two customers one on a screen, and two again by the notice."""

import pytest
from browser import new_colleague, until


@pytest.mark.parametrize("language", ["en_US", "fa_IR"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_two_customers_become_one_and_two_again(
    product, chromium, pictures, device, language
):
    mark = f"{device.title()}{language[:2].title()}"
    one, other = _twice(product, mark)
    with chromium.screen(product.url, device, pictures) as screen:
        screen.log_in(*new_colleague(product, "agent", language))
        screen.open(f"/odoo/crm-customers/{one}")
        screen.press(".o_mini_crm_customer_form .o_notebook_headers [name='basic']")
        screen.press(".o_mini_crm_merge_with")
        screen.page.fill(".o_mini_crm_merge_search", f"احمدی {mark}")
        screen.wait(f".o_mini_crm_merge_choice[data-person='{other}']")
        screen.shot(f"merge-1-with-{language}")
        screen.press(f".o_mini_crm_merge_choice[data-person='{other}']")
        screen.wait("[data-field='phone']")
        screen.shot(f"merge-2-who-{language}")
        screen.press("[data-field='phone'] [aria-checked='false']")
        screen.wait("[data-result='phone']", "0072")
        screen.page.locator(".o_mini_crm_merge_result").scroll_into_view_if_needed()
        screen.shot(f"merge-3-preview-{language}")
        screen.press(".o_mini_crm_merge_do")
        screen.wait(".o_notification_buttons button")
        screen.wait_until_gone(".o_mini_crm_merge_do")
        screen.shot(f"merge-4-done-{language}")
        assert _active(product, one, other) == [one]
        screen.press(".o_notification_buttons button")
        until(lambda: _active(product, one, other) == [one, other], "both to be there")
        screen.wait(".o_notification:has(.bg-success)")
        screen.shot(f"merge-5-undone-{language}")
        assert not screen.complaints


def _twice(product, mark):
    """Make a customer who is in the book twice: both ids."""
    email = f"sara@{mark.lower()}.example"
    rows = [
        {"name": f"سارا {mark}", "phone": "+989125550071"},
        {"name": f"سارا احمدی {mark}", "phone": "+989125550072", "email": email},
    ]
    both = product.rpc("manager", "res.partner", "create", rows)
    product.drain()
    return both


def _active(product, *partners):
    ids = ", ".join(map(str, partners))
    rows = product.sql(
        f"SELECT id FROM res_partner WHERE active AND id IN ({ids}) ORDER BY id"
    )
    return [row["id"] for row in rows]
