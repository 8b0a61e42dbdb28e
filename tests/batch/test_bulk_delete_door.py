from odoo.tests import HttpCase, tagged

from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestBulkDeleteDoor(HttpCase):
    """Delete in Odoo's own form and list of contacts."""

    def test_delete_of_the_web_client_takes_a_contact_into_the_bin(self):
        one, other = (make_customer(self.env, name=f"Web {n}") for n in range(2))
        self.authenticate("admin", "admin")
        said = self.make_jsonrpc_request(
            "/web/dataset/call_kw/res.partner/unlink",
            {
                "model": "res.partner",
                "method": "unlink",
                "args": [[one.id]],
                "kwargs": {"context": {"lang": "en_US"}},
            },
        )
        self.assertIs(said, True)
        self.env.invalidate_all()
        self.assertTrue(one.exists().binned_at)
        self.assertFalse(one.active)
        self.assertTrue(other.active)
