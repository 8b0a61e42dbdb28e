from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...models.field.mini_crm_industry_templates import INDUSTRIES, read_template
from ..common import MiniCrmCase
from ..factories import make_customer


class IndustriesCase(MiniCrmCase):
    """A shop without custom fields, whatever the database has, and without Persian."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields_model = cls.env["mini_crm.field"].with_context(active_test=False)
        for kind in cls.env["mini_crm.rule"]._kinds():
            # the one that ships with the birth date would use each new one
            rules = cls.env[kind].with_context(active_test=False)
            rules.search([("domain", "like", "birthday_period")]).unlink()
        cls.delete(cls.fields_model.search([]))
        cls.env["mini_crm.field.section"].search([]).unlink()
        industries = cls.env["mini_crm.industry"].with_context(active_test=False)
        industries.search([]).unlink()
        persian = cls.env["res.lang"].with_context(active_test=False)
        # Other tests may have left it active; nobody who stays uses it.
        cls.env["res.users"].with_context(active_test=False).search(
            [("lang", "=", "fa_IR")]
        ).write({"lang": "en_US"})
        cls.env["res.partner"].with_context(active_test=False).search(
            [("lang", "=", "fa_IR")]
        ).write({"lang": "en_US"})
        persian.search([("code", "=", "fa_IR")]).active = False
        industries._load_templates()

    @classmethod
    def delete(cls, definitions):
        definitions.filtered("active").action_archive()
        definitions.unlink()

    def industry(self, key, user=None):
        return (
            self.env["mini_crm.industry"]
            .with_user(user or self.admin)
            .search([("key", "=", key)])
        )

    def field(self, key):
        return self.fields_model.search([("key", "=", key)])

    def keys(self, fields):
        return {field["key"] for field in fields}

    def persian(self, record, name="name"):
        return record.with_context(lang="fa_IR")[name]


@tagged("post_install", "-at_install")
class TestFieldIndustries(IndustriesCase):
    """Industries: their templates, what applying one adds and removing one takes."""

    def test_every_file_becomes_an_industry_in_the_order_of_the_list(self):
        industries = self.env["mini_crm.industry"].search([])
        self.assertEqual(tuple(industries.mapped("key")), INDUSTRIES)
        for industry in industries:
            template = read_template(industry.key)
            self.assertEqual(industry.name, template["name"]["en_US"])
            self.assertEqual(industry.field_count, len(template["fields"]))
            self.assertEqual(
                industry.field_ids.mapped("key"),
                [field["key"] for field in template["fields"]],
            )
            # A program could not tell which of the two it means.
            self.assertFalse(
                set(industry.field_ids.mapped("key"))
                & set(self.env["res.partner"]._fields)
            )

    def test_what_a_person_made_of_a_template_survives_an_update(self):
        retail = self.industry("retail")
        retail.name = "My shops"
        retail.field_ids[0].unlink()
        self.industry("media").active = False
        count = retail.field_count
        self.env["mini_crm.industry"]._load_templates()
        self.assertEqual((retail.name, retail.field_count), ("My shops", count))
        self.assertFalse(self.industry("media"))

    def test_preview_tells_what_would_be_new_and_adds_nothing(self):
        preview = self.industry("retail").preview()
        self.assertEqual(
            preview["counts"], {"new": 8, "restore": 0, "present": 0, "conflict": 0}
        )
        self.assertTrue(all(section["new"] for section in preview["sections"]))
        fields = [f for section in preview["sections"] for f in section["fields"]]
        category = next(f for f in fields if f["key"] == "favorite_category")
        self.assertEqual(category["options"][0], {"label": "Clothing", "color": 1})
        slots = {entry["type"]: entry for entry in preview["slots"]}
        self.assertEqual(slots["select"]["taken"], 2)
        self.assertEqual(slots["select"]["missing"], 0)
        self.assertEqual(preview["tag_rules"][0]["name"], "VIP")
        self.assertFalse(self.fields_model.search([]))

    def test_applying_adds_the_fields_that_the_preview_told(self):
        result = self.industry("retail").apply()
        self.assertEqual(len(result["added"]), 8)
        for name in ("restored", "present", "skipped", "extra"):
            self.assertFalse(result[name])
        birthday = self.field("birth_date")
        self.assertEqual((birthday.role, birthday.type), ("birthday", "date"))
        self.assertEqual(birthday.section_id.key, "personal")
        self.assertTrue(birthday.slot)
        category = self.field("favorite_category")
        self.assertEqual(category.option_ids[:2].mapped("code"), ["clothing", "shoes"])
        self.assertEqual(category.option_ids[0].color, 1)
        self.assertTrue(self.industry("retail").is_applied)
        rules = self.env["mini_crm.field"]._rules()
        self.assertEqual(rules["loyalty_points"].minimum, 0)

    def test_applying_again_adds_nothing_and_says_so(self):
        retail = self.industry("retail")
        retail.apply()
        before = self.fields_model.search([])
        again = retail.apply()
        self.assertFalse(again["added"] or again["restored"] or again["undo"])
        self.assertEqual(len(again["present"]), 8)
        self.assertEqual(self.fields_model.search([]), before)
        self.assertEqual(retail.preview()["counts"]["present"], 8)
        self.assertEqual(len(retail.remove()["removed"]), 8)

    def test_two_industries_share_what_means_the_same(self):
        self.industry("retail").apply()
        result = self.industry("ecommerce").apply()
        shared = self.keys(result["present"])
        self.assertLessEqual({"birth_date", "loyalty_points"}, shared)
        self.assertEqual(len(self.field("birth_date")), 1)
        section = self.env["mini_crm.field.section"].search([("key", "=", "shopping")])
        self.assertEqual(len(section), 1)

    def test_a_shared_field_stays_until_the_last_industry_goes(self):
        retail, ecommerce = self.industry("retail"), self.industry("ecommerce")
        retail.apply()
        ecommerce.apply()
        kept = retail.remove()["kept"]
        self.assertIn(
            {"name": "Birth date", "reason": "shared", "industry": "E-commerce"}, kept
        )
        self.assertTrue(self.field("birth_date"))
        self.assertFalse(retail.is_applied)
        self.assertFalse(ecommerce.remove()["kept"])
        self.assertFalse(self.fields_model.search([]))
        self.assertFalse(self.env["mini_crm.field.section"].search([]))

    def test_a_birthday_under_another_key_is_used_instead(self):
        self.fields_model.create(
            {"name": "Born", "key": "born", "type": "date", "role": "birthday"}
        )
        result = self.industry("retail").apply()
        self.assertEqual(self.keys(result["present"]), {"born"})
        self.assertFalse(self.field("birth_date"))

    def test_a_key_of_another_type_is_left_out_and_told(self):
        mine = self.fields_model.create(
            {"name": "Points", "key": "loyalty_points", "type": "text"}
        )
        retail = self.industry("retail")
        self.assertEqual(retail.preview()["counts"]["conflict"], 1)
        result = retail.apply()
        self.assertEqual(self.keys(result["skipped"]), {"loyalty_points"})
        self.assertEqual(len(result["added"]), 7)
        self.assertEqual((mine.name, mine.type), ("Points", "text"))

    def test_an_archived_field_is_restored_with_its_values(self):
        retail = self.industry("retail")
        retail.apply()
        vip = self.field("is_vip")
        customer = make_customer(self.env, **{vip.slot: True})
        vip.action_archive()
        self.assertEqual(retail.preview()["counts"]["restore"], 1)
        result = retail.apply()
        self.assertEqual(self.keys(result["restored"]), {"is_vip"})
        self.assertTrue(vip.active and customer[vip.slot])
        # Removing gives back the former state: archived, with its values.
        self.assertEqual(retail.remove(result["undo"])["archived"], ["VIP"])
        self.assertFalse(vip.active)
        self.assertTrue(customer[vip.slot])

    def test_fields_without_a_slot_left_are_told_and_keep_their_values_beside(self):
        for number in range(9):
            self.fields_model.create(
                {"name": f"Choice {number}", "key": f"c{number}", "type": "select"}
            )
        retail = self.industry("retail")
        slots = {entry["type"]: entry for entry in retail.preview()["slots"]}
        self.assertEqual(
            {name: slots["select"][name] for name in ("taken", "free", "missing")},
            {"taken": 1, "free": 1, "missing": 1},
        )
        result = retail.apply()
        self.assertEqual(len(result["added"]), 8)
        self.assertEqual(self.keys(result["extra"]), {"payment_method"})
        self.assertFalse(self.field("payment_method").slot)

    def test_removing_gives_back_the_former_state(self):
        retail = self.industry("retail")
        result = retail.apply()
        # The ORM stores these for whoever has entered nothing.
        make_customer(
            self.env,
            **{self.field("is_vip").slot: False, self.field("loyalty_points").slot: 0},
        )
        removed = retail.remove(result["undo"])
        self.assertEqual(len(removed["removed"]), 8)
        self.assertFalse(removed["kept"])
        self.assertFalse(self.fields_model.search([]))
        self.assertFalse(self.env["mini_crm.field.section"].search([]))
        self.assertFalse(retail.is_applied or retail.applied)

    def test_removing_keeps_fields_with_values_and_fields_changed_since(self):
        retail = self.industry("retail")
        retail.apply()
        points = self.field("loyalty_points")
        customer = make_customer(self.env, active=False, **{points.slot: 5})
        self.field("favorite_brand").name = "Beloved brand"
        self.field("favorite_category").option_ids[0].color = 9
        kept = retail.remove()["kept"]
        self.assertEqual(
            {entry["name"]: entry["reason"] for entry in kept},
            {
                "Loyalty points": "values",
                "Beloved brand": "changed",
                "Favorite category": "changed",
            },
        )
        self.assertEqual(len(self.fields_model.search([])), 3)
        self.assertEqual(customer[points.slot], 5)
        sections = self.env["mini_crm.field.section"].search([])
        self.assertEqual(set(sections.mapped("key")), {"membership", "shopping"})

    def test_values_beyond_the_slots_keep_their_field_too(self):
        retail = self.industry("retail")
        for number in range(30):
            self.fields_model.create({"name": f"T{number}", "key": f"t{number}"})
        retail.apply()
        brand = self.field("favorite_brand")
        self.assertFalse(brand.slot)
        make_customer(self.env, custom_fields_extra={"favorite_brand": "Ours"})
        kept = retail.remove()["kept"]
        self.assertEqual([entry["name"] for entry in kept], ["Favorite brand"])

    def test_undo_takes_back_only_what_this_click_added(self):
        retail = self.industry("retail")
        retail.apply()
        self.env["mini_crm.tag.rule"].search([("key", "=", "retail.vip")]).unlink()
        self.delete(self.field("is_vip"))
        result = retail.apply()
        self.assertEqual(self.keys(result["added"]), {"is_vip"})
        self.assertEqual(retail.remove(result["undo"])["removed"], ["VIP"])
        self.assertEqual(len(self.fields_model.search([])), 7)
        self.assertTrue(retail.is_applied)

    def partner_rows(self):
        """Where each row of a contact lies: an update would move it."""
        self.env.flush_all()
        self.env.cr.execute("SELECT id, ctid::text FROM res_partner")
        return set(self.env.cr.fetchall())

    def test_no_contact_is_written_and_nothing_logged(self):
        make_customer(self.env)
        self.settle()
        rows = self.partner_rows()
        events = self.env["mini_crm.event"].search_count([])
        result = self.industry("retail").apply()
        self.industry("retail").remove(result["undo"])
        self.settle()
        self.assertEqual(self.partner_rows(), rows)
        self.assertEqual(self.env["mini_crm.event"].search_count([]), events)

    def test_only_administrators_preview_apply_and_remove(self):
        for user in (self.agent, self.manager, self.portal):
            industry = self.industry("retail").with_user(user)
            for method in ("preview", "apply", "remove"):
                with self.assertRaises(AccessError):
                    getattr(industry, method)()
        self.assertFalse(self.fields_model.search([]))

    def test_a_condition_that_names_no_field_is_refused_with_its_reason(self):
        with self.assertRaisesRegex(ValidationError, "custom:shoe_size"):
            self.industry("retail").segments = [
                {
                    "key": "big_feet",
                    "name": {"en_US": "Big feet"},
                    "color": 1,
                    "domain": [["custom:shoe_size", ">", 46]],
                }
            ]

    def test_parts_that_are_not_built_as_they_should_are_refused(self):
        retail = self.industry("retail")
        for name in ("segments", "tag_rules", "sections"):
            with self.assertRaisesRegex(ValidationError, "en_US"):
                retail[name] = [{"key": "a"}]
        with self.assertRaisesRegex(ValidationError, "en_US"):
            retail.field_ids[0].options = [{"code": "a", "labels": {"fa_IR": "آ"}}]


@tagged("post_install", "-at_install")
class TestFieldIndustriesPersian(IndustriesCase):
    """Persian texts are there whenever the language is activated."""

    def activate(self):
        self.env["res.lang"]._activate_lang("fa_IR")

    def test_templates_are_persian_as_soon_as_persian_is_active(self):
        self.activate()
        retail = self.industry("retail")
        self.assertEqual(self.persian(retail), "خرده‌فروشی")
        preview = retail.with_context(lang="fa_IR").preview()
        field = preview["sections"][0]["fields"][0]
        self.assertEqual((field["name"], field["type_label"]), ("تاریخ تولد", "تاریخ"))

    def test_applied_while_persian_is_active_speaks_both(self):
        self.activate()
        # By a Persian user: the English texts are the template's nevertheless.
        self.industry("retail").with_context(lang="fa_IR").apply()
        field = self.field("favorite_category")
        self.assertEqual(field.name, "Favorite category")
        self.assertEqual(self.persian(field), "دستهٔ محبوب")
        self.assertEqual(self.persian(field.option_ids[0]), "پوشاک")
        self.assertEqual(self.persian(field.section_id), "خرید")
        self.assertEqual(field.option_ids[0].name, "Clothing")

    def test_activating_persian_later_translates_what_nobody_has_changed(self):
        self.industry("retail").apply()
        brand = self.field("favorite_brand")
        brand.name = "Beloved brand"
        version = self.env["mini_crm.version"]._current()
        self.activate()
        self.assertEqual(self.persian(brand), "Beloved brand")
        birthday = self.field("birth_date")
        self.assertEqual(self.persian(birthday), "تاریخ تولد")
        self.assertEqual(
            self.persian(birthday, "help"), "برای تبریک و پیشنهادهای روز تولد."
        )
        category = self.field("favorite_category")
        self.assertEqual(self.persian(category.option_ids[0]), "پوشاک")
        self.assertEqual(self.persian(category.section_id), "خرید")
        self.assertNotEqual(self.env["mini_crm.version"]._current(), version)

    def test_a_field_translated_by_the_machine_counts_as_unchanged(self):
        retail = self.industry("retail")
        retail.apply()
        self.field("favorite_brand").name = "Beloved brand"
        self.activate()
        kept = retail.remove()["kept"]
        self.assertEqual([entry["name"] for entry in kept], ["Beloved brand"])

    def test_a_persian_text_of_a_person_stays_and_counts_as_a_change(self):
        self.activate()
        retail = self.industry("retail")
        retail.apply()
        self.field("is_vip").with_context(lang="fa_IR").name = "عزیز"
        self.activate()
        self.env["mini_crm.industry"]._translate_applied("fa_IR")
        self.assertEqual(self.persian(self.field("is_vip")), "عزیز")
        self.assertEqual(
            [entry["reason"] for entry in retail.remove()["kept"]], ["changed"]
        )
