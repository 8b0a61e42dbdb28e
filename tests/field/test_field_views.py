import re
from pathlib import Path

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ...engine.fields import SLOTS
from ..factories import make_customer
from .custom_field_case import CustomFieldCase

PAGE = "//page[@name='mini_crm_custom_fields']"
ROOT = Path(__file__).parents[2]


@tagged("post_install", "-at_install")
class TestFieldViews(CustomFieldCase):
    def slots(self, arch):
        """Names of the slots that a view shows, in order."""
        return [n for n in arch.xpath("//field/@name") if n in set(SLOTS)]

    def test_form_shows_the_fields_by_section_with_the_widget_of_their_type(self):
        section = self.env["mini_crm.field.section"].create(
            {"name": "Size", "key": "size", "sequence": 1}
        )
        self.define("Site", "custom_url_1", sequence=1, placeholder="https://")
        self.define(
            "Shoe size", "custom_number_1", section_id=section.id, required=True
        )
        self.define("Story", "custom_text_1", rules={"max_length": 2000}, sequence=3)
        self.define_tier()
        arch = self.arch("form")
        headings = [group.get("string") for group in arch.xpath(f"{PAGE}/group")]
        self.assertEqual(headings, [None, "Size"])
        node = {n.get("name"): n for n in arch.xpath(f"{PAGE}//field")}
        self.assertEqual(
            {name: node[name].get("widget") for name in node},
            {
                "custom_number_1": "mini_crm_number",
                "custom_url_1": "url",
                "custom_text_1": "text",
                "custom_select_1": "mini_crm_select",
            },
        )
        self.assertEqual(node["custom_number_1"].get("required"), "1")
        self.assertEqual(node["custom_url_1"].get("placeholder"), "https://")
        options = safe_eval(node["custom_select_1"].get("options"))
        self.assertEqual(options["colors"]["gold"], 3)
        self.assertEqual(options["archived"], ["bronze"])

    def test_form_shows_a_field_without_a_slot_by_the_widget_of_the_overflow(self):
        self.define("Hobby", False, persian="سرگرمی", help='What "they" like')
        (node,) = self.arch("form", model=self.persian).xpath(f"{PAGE}//field")
        self.assertEqual(node.get("name"), "custom_fields_extra")
        (shown,) = safe_eval(node.get("options"))["fields"]
        self.assertEqual(shown["label"], "سرگرمی")
        self.assertEqual(shown["help"], 'What "they" like')

    def test_characters_that_no_view_can_hold_are_taken_out_of_labels(self):
        nasty = "Shoe\x01 si\x0bze\ufffe"
        section = self.env["mini_crm.field.section"].create(
            {"name": nasty, "key": "size"}
        )
        field = self.define(nasty, "custom_number_1", key="size", help=nasty)
        self.assertEqual({section.name, field.name, field.help}, {"Shoe size"})
        field.with_context(lang="fa_IR").name = "سایز\x02"
        self.assertEqual(self.label("custom_number_1", self.persian), "سایز")
        with self.assertRaises(ValidationError):
            field.name = "\x01 \u200e"

    def test_views_open_whatever_characters_the_labels_hold(self):
        tier = self.define_tier()
        tier.write({"show_in_card": True, "show_in_filter": True, "placeholder": "x"})
        tier.section_id = self.env["mini_crm.field.section"].create(
            {"name": "Size", "key": "size"}
        )
        self.env.flush_all()
        for table in ("mini_crm_field", "mini_crm_field_section"):
            self.env.cr.execute(
                SQL(
                    r"""UPDATE %s SET name = '{"en_US": "Bad \u0001\uffff"}'""",
                    SQL.identifier(table),
                )
            )
        self.env.cr.execute(
            r"""UPDATE mini_crm_field SET placeholder = name, help = name;
            UPDATE mini_crm_field_option SET name = '{"en_US": "Bad \u0001"}'"""
        )
        self.env.invalidate_all()
        self.env["mini_crm.version"]._renew()
        for view in ("form", "list", "kanban", "search"):
            self.assertIn("custom_select_1", self.slots(self.arch(view)), view)
        self.assertEqual(self.label("custom_select_1"), "Bad")

    def test_archived_or_unwanted_field_is_in_no_view(self):
        self.define("Shoe size", "custom_number_1", show_in_card=True).active = False
        self.define(
            "Hidden",
            "custom_text_1",
            show_in_form=False,
            show_in_filter=False,
        )
        for kind in ("form", "list", "kanban", "search"):
            self.assertEqual(self.slots(self.arch(kind)), [], kind)

    def test_page_says_what_to_do_while_there_is_no_field(self):
        page = self.arch("form").xpath(PAGE)[0]
        self.assertTrue(page.xpath(".//p"))
        self.assertFalse(page.xpath(".//field"))

    def test_odoos_own_contact_form_has_the_page_only_with_fields(self):
        form = "base.view_partner_form"
        self.assertFalse(self.arch("form", form).xpath(PAGE))
        self.define("Shoe size", "custom_number_1")
        self.assertEqual(self.slots(self.arch("form", form)), ["custom_number_1"])
        simple = self.arch("form", "base.view_partner_simple_form")
        self.assertEqual(self.slots(simple), [])

    def test_list_shows_or_offers_columns(self):
        self.define("Shoe size", "custom_number_1", show_in_list=True, sequence=1)
        self.define("Hat size", "custom_number_2", sequence=2)
        columns = {
            n.get("name"): n.get("optional") for n in self.arch("list").iter("field")
        }
        self.assertEqual(columns["custom_number_1"], "show")
        self.assertEqual(columns["custom_number_2"], "hide")

    def test_card_shows_label_and_value(self):
        self.define("Shoe size", "custom_number_1", show_in_card=True)
        (line,) = self.arch("kanban").xpath("//div[@class='o_mini_crm_card_field']")
        self.assertEqual(line.findtext("span"), "Shoe size")
        self.assertEqual(line.find("field").get("name"), "custom_number_1")

    def test_view_follows_a_new_label_and_order_at_once(self):
        first = self.define("One", "custom_text_1", sequence=1)
        self.define("Two", "custom_text_2", sequence=2)
        self.assertEqual(
            self.slots(self.arch("form")), ["custom_text_1", "custom_text_2"]
        )
        first.sequence = 3
        self.assertEqual(
            self.slots(self.arch("form")), ["custom_text_2", "custom_text_1"]
        )
        first.name = "Last"
        names = self.arch("search").xpath("//filter/@string")
        self.assertIn("Last: set", names)

    def test_views_in_xml_name_no_slot(self):
        named = re.compile("|".join({slot.rstrip("0123456789") for slot in SLOTS}))
        for path in sorted((ROOT / "views").glob("*.xml")):
            self.assertFalse(named.search(path.read_text(encoding="utf-8")), path.name)


@tagged("post_install", "-at_install")
class TestFieldSearch(CustomFieldCase):
    def found(self, arch, name):
        """Who a filter of the search view finds, among those with a slot filled."""
        (domain,) = arch.xpath(f"//filter[@name='{name}']/@domain")
        return self.env["res.partner"].search(
            [("id", "in", self.everybody.ids), *safe_eval(domain)]
        )

    def setUp(self):
        super().setUp()
        self.everybody = self.env["res.partner"]

    def customer(self, **values):
        customer = make_customer(self.env, **values)
        self.everybody |= customer
        return customer

    def test_month_of_a_birthday_is_found_whatever_the_year(self):
        self.define("Birthday", "custom_date_1", persian="تولد", role="birthday")
        may = self.customer(custom_date_1="1990-05-31")
        may |= self.customer(custom_date_1="2001-05-01")
        self.customer(custom_date_1="1990-06-01")
        self.customer()
        arch = self.arch("search")
        self.assertEqual(self.found(arch, "custom_date_1_month_5"), may)
        months = "//filter[@name='custom_date_1_period']/filter/@string"
        self.assertEqual(arch.xpath(months)[4], "Any May")

    def test_persian_birthdays_are_found_by_their_jalali_month(self):
        self.define("Birthday", "custom_date_1", persian="تولد", role="birthday")
        first = self.customer(custom_date_1="1990-03-21")  # 1 Farvardin 1369
        first |= self.customer(custom_date_1="1996-03-20")  # 1 Farvardin 1375
        last = self.customer(custom_date_1="1996-03-19")  # 29 Esfand 1374
        self.customer()
        arch = self.arch("search", model=self.persian)
        self.assertEqual(self.found(arch, "custom_date_1_month_1"), first)
        self.assertEqual(self.found(arch, "custom_date_1_month_12"), last)
        (name,) = arch.xpath("//filter[@name='custom_date_1_month_1']/@string")
        self.assertIn("فروردین", name)

    def test_choices_and_yes_or_no_are_filters(self):
        self.define_tier()
        self.define("Member", "custom_boolean_1")
        gold = self.customer(custom_select_1="gold", custom_boolean_1=True)
        other = self.customer()
        arch = self.arch("search")
        self.assertEqual(self.found(arch, "custom_select_1_is_gold"), gold)
        self.assertEqual(self.found(arch, "custom_select_1_set"), gold)
        self.assertEqual(self.found(arch, "custom_select_1_unset"), other)
        self.assertEqual(self.found(arch, "custom_boolean_1_yes"), gold)
        self.assertEqual(self.found(arch, "custom_boolean_1_no"), other)
        names = arch.xpath("//filter/@name")
        self.assertNotIn("custom_select_1_is_bronze", names)

    def test_grouping_offers_what_makes_groups(self):
        self.define("Birthday", "custom_date_1", role="birthday")
        self.define("Visit", "custom_date_2")
        self.define("Mail", "custom_email_1")
        self.define_tier()
        groups = {
            f.get("name"): safe_eval(f.get("context"))["group_by"]
            for f in self.arch("search").xpath("//group/filter")
            if f.get("name").startswith("group_custom")
        }
        self.assertEqual(
            groups,
            {
                "group_custom_date_1": "custom_date_1:month_number",
                "group_custom_date_2": "custom_date_2:month",
                "group_custom_select_1": "custom_select_1",
            },
        )
        self.customer(custom_date_1="1990-05-31")
        rows = self.partners.formatted_read_group(
            [("id", "in", self.everybody.ids)],
            ["custom_date_1:month_number"],
            ["__count"],
        )
        self.assertEqual(rows[0]["__count"], 1)

    def test_page_with_custom_columns_costs_no_query_more(self):
        names = [f"custom_text_{number}" for number in range(1, 9)]
        for name in names:
            self.define(f"Text {name[12:]}", name, show_in_list=True)
        for _number in range(3):
            self.customer(custom_text_1="x")
        agent = self.partners.with_user(self.agent)
        spec = {name: {} for name in ("name", "email")}

        def queries(spec):
            self.env.flush_all()
            self.env.invalidate_all()
            agent.web_search_read([], {"id": {}}, limit=1)  # rights, the version
            before = self.env.cr.sql_log_count
            agent.web_search_read([("id", "in", self.everybody.ids)], spec, limit=80)
            return self.env.cr.sql_log_count - before

        queries(spec)
        plain = queries(spec)
        custom = queries({**spec, **{name: {} for name in names}})
        self.assertLessEqual(custom, plain + 1)

    def test_reading_names_elsewhere_fetches_no_slot(self):
        self.define("Story", "custom_text_1")
        for _number in range(80):
            self.customer(custom_text_1="x")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(len(self.everybody.mapped("email")), 80)
        slot = self.env["res.partner"]._fields["custom_text_1"]
        self.assertFalse(set(self.everybody.ids) & set(slot._get_cache(self.env)))

    def test_unset_number_is_empty_and_no_zero(self):
        self.define("Points", "custom_number_1")
        unset = self.customer()
        zero = self.customer(custom_number_1=0)
        rows = self.everybody.web_read({"custom_number_1": {}})
        self.assertEqual([row["custom_number_1"] for row in rows], [False, 0])
        self.assertIs(rows[0]["custom_number_1"], False)
        files = self.everybody.export_data(["custom_number_1"])["datas"]
        self.assertEqual(files, [[""], [0]])
        zero.write({"custom_number_1": False})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIs(zero.read(["custom_number_1"])[0]["custom_number_1"], False)
        self.assertEqual(unset.custom_number_1, 0)
