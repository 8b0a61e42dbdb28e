from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.duplicate import mini_crm_duplicate_screen
from .duplicate_case import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateQueue(DuplicateCase):
    """The queue as its screen reads it."""

    def queue(self, *args, user=None):
        return self.pairs.with_user(user or self.agent).get_queue(*args)

    def test_a_pair_shows_both_sides_and_what_differs(self):
        self.pair_up("علی احمدی", city="تهران", email="a@example.com")
        _one, other = self.pair_up("علي احمدی", phone="+989121234000", zip="4011")
        other.zip = "4012"
        self.full_run()
        queue = self.queue()
        self.assertEqual(queue["total"], 2)
        self.assertTrue(queue["searched"])
        pair = queue["pairs"][1]
        self.assertEqual(len(pair["sides"]), 2)
        rows = {row["name"]: row for row in pair["rows"]}
        self.assertTrue(rows["zip"]["differs"])
        self.assertEqual(rows["zip"]["values"], ["4011", "4012"])
        self.assertFalse(rows["phone"]["differs"])
        self.assertNotIn("email", rows)
        self.assertIn("same phone", [reason["text"] for reason in pair["reasons"]])

    def test_pages_show_each_pair_once_the_likeliest_first(self):
        for number in range(7):
            self.pair_up(f"مشتری نام{number}", phone=f"+98912000{number}00{number}")
        self.full_run()
        self.patch(mini_crm_duplicate_screen, "PAGE", 3)
        seen, after, more = [], None, True
        while more:
            page = self.queue(after)
            seen += [(pair["bits"], pair["id"]) for pair in page["pairs"]]
            after, more = page["after"], page["more"]
        self.assertEqual(len(seen), 7)
        self.assertEqual(seen, sorted(set(seen), reverse=True))
        with self.assertRaises(UserError):
            self.queue(["nonsense"])

    def test_a_customer_whom_the_viewer_may_not_see_hides_the_pair(self):
        _one, other = self.pair_up()
        self.full_run()
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {other.id})]",
            }
        )
        self.assertEqual(self.queue()["pairs"], [])

    def test_portal_users_see_nothing(self):
        with self.assertRaises(AccessError):
            self.queue(user=self.portal)

    def test_reasons_are_told_in_the_viewer_s_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.pair_up()
        self.full_run()
        pairs = self.pairs.with_user(self.agent).with_context(lang="fa_IR")
        texts = [r["text"] for r in pairs.get_queue()["pairs"][0]["reasons"]]
        self.assertIn("همین شماره تلفن", texts)

    def test_the_number_of_queries_does_not_grow_with_the_page(self):
        for number in range(4):
            self.pair_up(f"مشتری نام{number}", phone=f"+98912000{number}00{number}")
        self.full_run()
        counts = []
        for page in (1, 4):
            self.patch(mini_crm_duplicate_screen, "PAGE", page)
            self.queue()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.queue()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
