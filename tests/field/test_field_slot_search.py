from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.field import res_partner_slot_search
from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestFieldSlotSearch(MiniCrmCase):
    """What is found by filtering and sorting by slots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].with_user(cls.agent)
        cls.ours = [("function", "=", "sample")]
        rows = [("b", 3.0, "gold"), (False, False, False), ("a", -1.0, "lost")]
        rows += [(False, False, False), ("C", 0.0, "gold"), ("b", 7.0, "silver")]
        cls.samples = cls.partners.browse()
        for text, number, choice in rows:
            cls.samples += make_customer(
                cls.env,
                function="sample",
                custom_text_1=text,
                custom_select_1=choice,
                custom_boolean_1=choice == "gold",
            )
            if number is not False:
                cls.samples[-1].custom_number_1 = number
        cls.env.flush_all()
        # Odoo writes 0 where nothing is given
        cls.env.cr.execute(
            SQL(
                "UPDATE res_partner SET custom_number_1 = NULL WHERE id IN %s",
                tuple(cls.samples[i].id for i, row in enumerate(rows) if not row[2]),
            )
        )
        cls.env.invalidate_all()
        cls.env["mini_crm.field"].create(
            {
                "name": "Tier",
                "key": "tier",
                "type": "select",
                "slot": "custom_select_1",
                "option_ids": [
                    (0, 0, {"name": code.title(), "code": code})
                    for code in ("gold", "lost", "silver")
                ],
            }
        )

    def found(self, order=None, domain=(), **options):
        """Places of the samples found, in their order."""
        found = self.partners.search([*self.ours, *domain], order=order, **options)
        return [self.samples.ids.index(partner_id) for partner_id in found.ids]

    def test_contacts_without_a_value_come_last_in_both_directions(self):
        for limit in (None, 6):
            with self.subTest(limit=limit):
                rising = self.found("custom_number_1, id", limit=limit)
                self.assertEqual(rising, [2, 4, 0, 5, 1, 3])
                falling = self.found("custom_number_1 DESC, id", limit=limit)
                self.assertEqual(falling, [5, 0, 4, 2, 1, 3])
                text = self.found("custom_text_1 desc, id desc", limit=limit)
                self.assertEqual(text, [5, 0, 2, 4, 3, 1])

    def test_a_slot_that_nobody_has_a_value_in_sorts_by_what_follows(self):
        for order in ("custom_select_9 DESC, id", "custom_text_29, id"):
            self.assertEqual(self.found(order, limit=6), [0, 1, 2, 3, 4, 5])
            self.assertEqual(self.found(order, limit=6, offset=4), [4, 5])

    def test_pages_put_together_are_the_whole(self):
        for order in (
            "custom_number_1 DESC, id",
            "custom_text_1, id DESC",
            "custom_select_1, id",
            "custom_select_1 DESC, id",
            "custom_boolean_1, id",
            "custom_boolean_1 DESC, id DESC",
        ):
            for size in (1, 2, 4, 5):
                with self.subTest(order=order, size=size):
                    pages = []
                    for offset in range(0, len(self.samples) + size, size):
                        pages += self.found(order, offset=offset, limit=size)
                    self.assertEqual(pages, self.found(order))

    def test_values_that_are_no_choice_any_more_are_not_lost(self):
        # past the rule that keeps a choice that somebody has
        self.env.cr.execute("DELETE FROM mini_crm_field_option WHERE code = 'gold'")
        self.env.invalidate_all()
        self.env["mini_crm.version"]._renew()
        self.assertEqual(self.found("custom_select_1, id", limit=6), [2, 5, 0, 4, 1, 3])

    def test_sorted_pages_keep_to_the_filter_and_to_archived_ones(self):
        silver = [("custom_number_1", ">", 5)]
        self.assertEqual(self.found("custom_text_1, id", silver, limit=5), [5])
        self.samples[0].with_user(self.env.user).active = False
        order = "custom_text_1 DESC, id"
        self.assertEqual(self.found(order, limit=2), [5, 2])
        everybody = [("active", "in", [True, False])]
        self.assertEqual(self.found(order, everybody, limit=2), [0, 5])

    def test_between_two_numbers_finds_as_each_bound_does(self):
        for low, high, places in (
            (1, 5, [0]),
            (-2, -1, [2]),
            (-1, 5, [0, 1, 2, 3, 4]),
            (0, 3, [0, 1, 3, 4]),
        ):
            with self.subTest(low=low, high=high):
                bounds = [
                    ("custom_number_1", ">=", low),
                    ("custom_number_1", "<=", high),
                ]
                self.assertEqual(sorted(self.found(domain=bounds)), places)
                kept = self.samples.filtered_domain(bounds)
                self.assertEqual(
                    kept, self.samples.browse(self.samples[i].id for i in places)
                )

    def test_zero_is_a_number_and_nothing_is_none(self):
        for operator, value, places in (
            ("!=", False, [0, 2, 4, 5]),
            ("=", False, [1, 3]),
            ("in", [False], [1, 3]),
            ("not in", [None], [0, 2, 4, 5]),
            ("in", [7, False], [1, 3, 5]),
            ("not in", [7, False], [0, 2, 4]),
            ("in", [7], [5]),
        ):
            with self.subTest(operator=operator, value=value):
                domain = [("custom_number_1", operator, value)]
                self.assertEqual(sorted(self.found(domain=domain)), places)
                kept = self.samples.filtered_domain(domain)
                self.assertEqual(kept.ids, [self.samples.ids[i] for i in places])

    def test_up_to_a_number_finds_those_who_have_zero_but_not_those_without(self):
        # what the filter panel asks for "up to 5"
        filled = ("custom_number_1", "!=", False)
        domain = [("custom_number_1", "<=", 5), filled]
        self.assertEqual(sorted(self.found(domain=domain)), [0, 2, 4])
        # and so that the planner can see it
        sql = self.env["res.partner"]._search(domain).select().code
        self.assertNotIn('"custom_number_1" IS NULL', sql)

    def test_zero_that_is_set_is_found_and_not_mixed_up_with_none(self):
        zero, filled = ("custom_number_1", "=", 0), ("custom_number_1", "!=", False)
        none = ("custom_number_1", "=", False)
        for domain, places in (
            ([zero, filled], [4]),
            ([filled, zero], [4]),
            ([none, zero], [1, 3]),
            (["|", none, zero], [1, 3, 4]),
            (["!", filled], [1, 3]),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(sorted(self.found(domain=domain)), places)

    def test_between_two_numbers_is_told_to_the_planner_as_a_range(self):
        bounds = [("custom_number_1", ">", 100), ("custom_number_1", "<=", 120)]
        sql = self.env["res.partner"]._search(bounds).select().code
        self.assertNotIn('"custom_number_1" IS NULL', sql)
        self.assertIn(
            "IS NULL", self.env["res.partner"]._search(bounds[1:]).select().code
        )

    def test_parts_of_texts_are_found_whether_by_id_or_not(self):
        long = make_customer(self.env, function="sample", custom_text_1="Blue sky")
        self.samples += long
        for needle, places in (
            ("LUE", [6]),
            ("% sky", [6]),
            ("xyz", []),
            ("b", [0, 5, 6]),
        ):
            for named in (-1, 2_000):
                with (
                    self.subTest(needle=needle, named=named),
                    patch.object(res_partner_slot_search, "NAMED", named),
                ):
                    domain = [("custom_text_1", "ilike", needle)]
                    self.assertEqual(sorted(self.found(domain=domain)), places)
        others = self.found(domain=[("custom_text_1", "not ilike", "lue")])
        self.assertEqual(sorted(others), [0, 1, 2, 3, 4, 5])

    def test_values_and_months_are_found_whether_by_id_or_not(self):
        self.samples[0].custom_date_1 = "1990-03-21"
        self.samples[5].custom_date_1 = "2001-03-02"
        for condition, places in (
            (("custom_select_1", "=", "gold"), [0, 4]),
            (("custom_select_1", "in", ["gold", "lost"]), [0, 2, 4]),
            (("custom_select_1", "in", ["gold", False]), [0, 1, 3, 4]),
            (("custom_select_1", "not in", ["gold"]), [1, 2, 3, 5]),
            (("custom_select_1", "=", "none of them"), []),
            (("custom_number_1", "=", 7), [5]),
            (("custom_number_1", "=", 0), [1, 3, 4]),
            (("custom_text_1", "=", "b"), [0, 5]),
            (("custom_boolean_1", "=", True), [0, 4]),
            (("custom_date_1.month_number", "=", 3), [0, 5]),
            (("custom_date_1.month_number", "in", [4, 5]), []),
            (("custom_date_1.day_of_month", "=", 2), [5]),
        ):
            for named in (-1, 2_000):
                with (
                    self.subTest(condition=condition, named=named),
                    patch.object(res_partner_slot_search, "NAMED", named),
                ):
                    self.assertEqual(sorted(self.found(domain=[condition])), places)

    def test_a_value_not_yet_written_is_found(self):
        self.samples[1].custom_text_1 = "brandnew"
        self.assertEqual(self.found(domain=[("custom_text_1", "ilike", "andne")]), [1])

    def test_portal_users_neither_find_nor_sort(self):
        theirs = self.env["res.partner"].with_user(self.portal)
        with self.assertRaises(AccessError):
            theirs.search([("custom_text_1", "ilike", "silk")])
        with self.assertRaises(AccessError):
            theirs.search([], order="custom_text_1 DESC", limit=5)

    def test_grouping_by_a_slot_still_works(self):
        groups = self.env["res.partner"].formatted_read_group(
            self.ours, ["custom_text_1"], ["__count"], order="custom_text_1 DESC"
        )
        found = [(group["custom_text_1"], group["__count"]) for group in groups]
        self.assertCountEqual(found, [("b", 2), ("a", 1), ("C", 1), (False, 2)])
