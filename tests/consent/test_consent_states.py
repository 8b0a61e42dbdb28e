from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestConsentStates(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(
            cls.env, email="Sara@Example.com", phone="+989121234567"
        )
        cls.consents = cls.env["mini_crm.consent"]

    def state(self, channel, partner=None):
        partner = partner or self.customer
        return self.consents._states(partner.ids, channel)[partner.id]

    def test_nobody_was_asked_at_first(self):
        other = make_customer(self.env)
        states = self.consents._states((self.customer | other).ids, "telegram")
        self.assertEqual(states, {self.customer.id: "unknown", other.id: "unknown"})

    def test_change_is_logged_with_what_was_before_and_the_proof(self):
        self.customer._set_consent("telegram", "in", source="api")
        changed = self.customer._set_consent(
            "telegram", "out", source="message", proof="لغو"
        )
        self.assertEqual(changed, self.customer)
        event = self.events(self.customer, "consent_changed")[-1]
        self.assertEqual(
            event.data,
            {
                "channel": "telegram",
                "old": "in",
                "new": "out",
                "source": "message",
                "proof": "لغو",
            },
        )
        self.assertEqual(event.summary, "لغو")

    def test_same_again_is_no_change(self):
        self.customer._set_consent("telegram", "out", source="message")
        self.assertFalse(self.customer._set_consent("telegram", "out", source="person"))
        self.assertEqual(len(self.events(self.customer, "consent_changed")), 1)

    def test_channels_are_apart(self):
        self.customer._set_consent("telegram", "out", source="message")
        self.assertEqual(self.state("instagram"), "unknown")

    def test_email_is_put_on_odoos_blacklist_and_taken_off(self):
        self.customer._set_consent("email", "out", source="person")
        listed = self.env["mail.blacklist"].search([("email", "=", "sara@example.com")])
        self.assertTrue(listed.active)
        self.customer._set_consent("email", "in", source="person")
        self.assertFalse(listed.active)

    def test_phone_is_put_on_odoos_blacklist_and_taken_off(self):
        self.customer._set_consent("phone", "out", source="person")
        listed = self.env["phone.blacklist"].search([("number", "=", "+989121234567")])
        self.assertTrue(listed.active)
        self.customer._set_consent("phone", "unknown", source="person")
        self.assertFalse(listed.active)
        self.assertEqual(self.state("phone"), "unknown")

    def test_who_stands_on_odoos_blacklist_has_opted_out(self):
        self.customer._set_consent("email", "in", source="person")
        self.env["mail.blacklist"]._add("sara@example.com")
        self.assertEqual(self.state("email"), "out")
        email = self.customer.with_user(self.agent).get_consents()[2]
        self.assertEqual((email["channel"], email["blacklisted"]), ("email", True))
        self.customer._set_consent("email", "in", source="person")
        self.assertEqual(self.state("email"), "in")

    def test_agent_changes_it_and_it_says_who_did(self):
        customer = self.customer.with_user(self.agent)
        told = customer.set_consent("telegram", "out", "said so by phone")
        telegram = told[0]
        self.assertEqual(telegram["state"], "out")
        self.assertEqual(telegram["by"], self.agent.name)
        self.assertEqual(telegram["proof"], "said so by phone")
        self.assertTrue(telegram["date"].endswith("Z"))

    def test_nonsense_is_refused_with_what_is_possible(self):
        customer = self.customer.with_user(self.agent)
        for channel, state in (("fax", "out"), ("email", "perhaps")):
            with self.assertRaisesRegex(UserError, "in, out, unknown"):
                customer.set_consent(channel, state)

    def test_portal_users_neither_see_nor_change_it(self):
        customer = self.customer.with_user(self.portal)
        with self.assertRaises(AccessError):
            customer.get_consents()
        with self.assertRaises(AccessError):
            customer.set_consent("telegram", "in")

    def test_states_of_many_are_one_query(self):
        ids = [make_customer(self.env).id for _ in range(50)]
        self.consents._states(ids, "email")
        with self.assertQueryCount(1):
            self.consents._states(ids, "email")

    # Merging

    def merge(self, *others):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        people = self.customer.union(*others)
        wizard._merge(people.ids, self.customer)

    def test_merged_customer_is_out_when_one_of_them_was(self):
        other = make_customer(self.env)
        self.customer._set_consent("telegram", "in", source="person")
        other._set_consent("telegram", "out", source="message", proof="stop")
        self.merge(other)
        self.assertEqual(self.state("telegram"), "out")
        row = self.consents.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((row.channel, row.proof), ("telegram", "stop"))
        event = self.events(self.customer, "consent_changed")[-1]
        self.assertEqual((event.data["old"], event.data["new"]), ("in", "out"))
        self.assertEqual(event.data["source"], "merge")

    def test_merged_customer_is_in_when_one_agreed_and_nobody_refused(self):
        other = make_customer(self.env)
        self.customer._set_consent("telegram", "in", source="person")
        self.customer._set_consent("telegram", "unknown", source="person")
        other._set_consent("telegram", "in", source="message")
        self.merge(other)
        self.assertEqual(self.state("telegram"), "in")

    def test_address_that_was_blacklisted_keeps_the_merged_customer_out(self):
        other = make_customer(self.env, email="old@example.com")
        self.env["mail.blacklist"]._add("old@example.com")
        self.merge(other)
        self.assertEqual(self.state("email"), "out")
        self.assertTrue(
            self.env["mail.blacklist"].search([("email", "=", "sara@example.com")])
        )
