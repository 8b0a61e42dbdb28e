from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from ..factories import make_customer
from .test_segment_difference import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentOfColleagues(SegmentCase):
    """Employees who have nothing to do with customers go on as before."""

    def ours(self, user):
        """Fields of contacts that this add-on brings and the user may have."""
        partners = self.env["res.partner"].with_user(user)
        return [
            name
            for name in partners.fields_get(attributes=["type"])
            if "mini_crm" in partners._fields[name]._modules
        ]

    def test_an_employee_without_a_role_reads_all_of_a_contact_and_of_himself(self):
        employee = new_test_user(self.env, "mini_employee", "base.group_user")
        customer = make_customer(self.env, city="Shiraz")
        self.built("[('city', '=', 'Shiraz')]")
        for record in (customer, employee):
            read = record.with_user(employee).read(self.ours(employee))[0]
            self.assertNotIn("segment_ids", read)
            self.assertIn("total_spent", read)

    def test_an_agent_reads_the_segments_of_a_contact(self):
        customer = make_customer(self.env, city="Shiraz")
        segment = self.built("[('city', '=', 'Shiraz')]")
        read = customer.with_user(self.agent).read(self.ours(self.agent))[0]
        self.assertEqual(read["segment_ids"], segment.ids)
        self.assertIn("journey_transition_ids", read)


@tagged("post_install", "-at_install")
class TestSegmentOfAnotherCompany(SegmentCase):
    """Whom another company has in its segments is nobody else's business."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.env["mini_crm.segment"].search([]).active = False
        cls.shared = make_customer(cls.env, city="Shiraz", company_id=False)
        cls.theirs = cls.env["mini_crm.segment"].create(
            {
                "name": "Their secret",
                "domain": "[('city', '=', 'Shiraz')]",
                "company_id": cls.other.id,
            }
        )
        cls.env["mini_crm.rule"]._run_all()
        cls.asking = f"[('segment_ids', 'in', [{cls.theirs.id}])]"

    def test_it_is_told_like_one_that_is_gone(self):
        self.assertEqual(self.theirs.member_ids.partner_id, self.shared)
        conditions = self.env["mini_crm.condition"].with_user(self.manager)
        answers = []
        for segment_id in (self.theirs.id, 10**6):
            domain = f"[('city', '!=', 'x'), ('segment_ids', 'in', [{segment_id}])]"
            answer = conditions.count(domain)
            self.assertEqual((answer["count"], answer["sample"]), (None, []))
            answers.append(answer["problems"][0].replace(str(segment_id), "N"))
        self.assertEqual(len(set(answers)), 1)
        self.assertIn("Comparison 2: Segments: there is none", answers[0])

    def test_its_name_is_in_no_sentence_of_others(self):
        conditions = self.env["mini_crm.condition"].with_user(self.manager)
        sentence = conditions._sentence(self.asking)
        self.assertNotIn("secret", sentence)
        self.assertIn("something deleted", sentence)

    def test_no_rule_of_another_company_asks_for_it(self):
        tag = self.env["res.partner.category"].create({"name": "T"})
        for model, values in (
            ("mini_crm.segment", {}),
            ("mini_crm.tag.rule", {"category_id": tag.id}),
        ):
            rules = self.env[model]
            with self.assertRaisesRegex(ValidationError, "another company"):
                rules.create({"name": "Ours", "domain": self.asking, **values})
            same = rules.create(
                {
                    "name": "Theirs",
                    "domain": self.asking,
                    "company_id": self.other.id,
                    **values,
                }
            )
            with self.assertRaisesRegex(ValidationError, "another company"):
                same.company_id = self.company

    def test_a_manager_of_both_names_what_he_sees(self):
        self.manager.company_ids += self.other
        conditions = (
            self.env["mini_crm.condition"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=[self.other.id])
        )
        self.assertEqual(conditions.count(self.asking)["count"], 1)
        self.assertIn("Their secret", conditions._sentence(self.asking))
