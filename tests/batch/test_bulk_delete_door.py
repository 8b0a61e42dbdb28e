from odoo.tests import HttpCase, tagged

from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestBulkDeleteDoor(HttpCase):
    """Delete in Odoo's own form and list of contacts."""

    def call(self, method, argument, **context):
        self.authenticate("admin", "admin")
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/res.partner/{method}",
            {
                "model": "res.partner",
                "method": method,
                "args": [argument],
                "kwargs": {"context": context},
            },
        )

    def test_delete_of_the_web_client_takes_a_contact_into_the_bin(self):
        one, other = (make_customer(self.env, name=f"Web {n}") for n in range(2))
        self.assertIs(self.call("unlink", [one.id], lang="en_US"), True)
        self.env.invalidate_all()
        self.assertTrue(one.exists().binned_at)
        self.assertFalse(one.active)
        self.assertTrue(other.active)

    def test_the_web_client_is_told_how_to_undo_it(self):
        one = make_customer(self.env, name="Web")
        told = self.call("unlink", [one.id], mini_crm_tell_bin=True)
        self.assertEqual((told["count"], told["name"]), (1, "Web"))
        self.assertEqual(self.call("undo_delete", told["undo"]), 0)
        self.env.invalidate_all()
        self.assertTrue(one.active)
        self.assertFalse(one.binned_at)
