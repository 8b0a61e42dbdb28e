from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestSegmentFilterPanel(MiniCrmCase):
    """What the filter panel is told: by role, language, definition and use."""

    def _offer(self, user=None, lang="en_US"):
        partners = self.env["res.partner"].with_user(user or self.agent)
        return partners.with_context(lang=lang).get_filter_panel()

    def test_only_managers_are_offered_to_share_and_to_make_segments(self):
        self.assertFalse(self._offer(self.agent)["manager"])
        self.assertTrue(self._offer(self.manager)["manager"])
        self.assertTrue(self._offer(self.admin)["manager"])

    def test_portal_user_is_told_nothing(self):
        with self.assertRaises(AccessError):
            self._offer(self.portal)

    def test_tags_that_most_customers_have_come_first(self):
        rare, common, unused = self.env["res.partner.category"].create(
            [{"name": name} for name in ("A rare one", "Z common", "M unused")]
        )
        for tags in (common, common, rare + common):
            make_customer(self.env, category_id=[(6, 0, tags.ids)])
        self.settle()
        tags = self._offer()["tags"]
        places = {tag["id"]: place for place, tag in enumerate(tags)}
        self.assertLess(places[common.id], places[rare.id])
        self.assertLess(places[rare.id], places[unused.id])
        self.assertEqual(tags[places[common.id]]["count"], 3)

    def test_sources_that_brought_somebody_come_first(self):
        unused, used = self.env["utm.source"].create(
            [{"name": "A source of nobody"}, {"name": "Z source of somebody"}]
        )
        make_customer(self.env, source_id=used.id)
        ids = [source["id"] for source in self._offer()["sources"]]
        self.assertLess(ids.index(used.id), ids.index(unused.id))

    def test_choices_of_health_carry_the_number_of_customers(self):
        before = {c["value"]: c["count"] for c in self._offer()["health"]}
        make_customer(self.env)
        self.settle()
        after = {c["value"]: c["count"] for c in self._offer()["health"]}
        self.assertEqual(set(after), {"green", "yellow", "red", False})
        self.assertEqual(after[False], before[False] + 1)

    def test_fields_are_those_marked_as_filters_with_choices_in_use(self):
        fields = self.env["mini_crm.field"]
        size = fields.create({"name": "Size", "type": "select"})
        small, large = self.env["mini_crm.field.option"].create(
            [
                {"field_id": size.id, "name": "Small"},
                {"field_id": size.id, "name": "Large"},
            ]
        )
        large.active = False
        hidden = fields.create(
            {"name": "Hidden", "type": "text", "show_in_filter": False}
        )
        offered = {field["slot"]: field for field in self._offer()["fields"]}
        self.assertNotIn(hidden.slot, offered)
        self.assertEqual(
            [choice["value"] for choice in offered[size.slot]["choices"]], [small.code]
        )
        birthday = self.env.ref("mini_crm.mini_crm_field_birth_date")
        self.assertTrue(offered[birthday.slot]["birthday"])

    def test_months_are_those_of_the_readers_calendar(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.assertEqual(self._offer()["months"][0]["label"], "January")
        persian = self._offer(lang="fa_IR")["months"]
        self.assertEqual(len(persian), 12)
        self.assertEqual(persian[0]["label"], "فروردین")
        self.assertGreater(len(persian[0]["alternatives"]), 1)

    def test_segments_are_offered_with_their_color(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Own segment", "color": "#FF0000"}
        )
        offered = {s["id"]: s for s in self._offer()["segments"]}
        self.assertEqual(offered[segment.id]["color"], "#FF0000")
        self.assertEqual(offered[segment.id]["count"], 0)
