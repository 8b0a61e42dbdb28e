from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer, make_purchase

GROUPS = ("journey_stage", "crm_health", "category_id")


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserGroups(HttpCase):
    """Groups of customers in the web client come from the stored counts."""

    browser_size = "1366x768"

    def test_list_and_cards_are_grouped_by_the_counts(self):
        loud, quiet = self.env["res.partner.category"].create(
            [{"name": "Loud"}, {"name": "Quiet"}]
        )
        make_customer(self.env, category_id=[Command.set(loud.ids)])
        both = make_customer(self.env, category_id=[Command.set((loud | quiet).ids)])
        make_purchase(self.env, both)
        self.env["mini_crm.queue"]._process_inline()
        user = new_test_user(self.env, "group_agent", "mini_crm.mini_crm_group_agent")
        user.odoobot_state = "disabled"
        asked = self.answers()
        self.start_tour(
            "/odoo/crm-customers", "mini_crm_customer_groups", login="group_agent"
        )
        self.assertEqual({name for name, _counted in asked}, set(GROUPS))
        self.assertTrue(all(counted for _name, counted in asked), asked)

    def answers(self):
        """A list to which each request for groups adds (field, whether counted)."""
        asked = []
        partner = self.registry["res.partner"]
        whole = partner._read_group
        known = partner._domain_of_counts
        counted = []

        def domain_of_counts(partners, *args, **kwargs):
            counted.append(known(partners, *args, **kwargs))
            return counted[-1]

        def read_group(partners, domain, groupby=(), *args, **kwargs):
            counted.clear()
            rows = whole(partners, domain, groupby, *args, **kwargs)
            if groupby:
                asked.append((groupby[0], bool(counted) and counted[-1] is not None))
            return rows

        self.patch(partner, "_domain_of_counts", domain_of_counts)
        self.patch(partner, "_read_group", read_group)
        return asked
