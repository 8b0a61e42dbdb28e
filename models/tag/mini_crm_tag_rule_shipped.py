from odoo import api, models
from odoo.tools import SQL

from ..field.field_texts import SOURCE, fill_texts, languages
from .hand_sql import LINKS

# Of the external ids of tags that we have made: not of the add-on's own, whose names
# would be translated with it.
_MADE = "__mini_crm__"

# M5.2. A color is one of Odoo's twelve.
SHIPPED = (
    {
        "key": "vip",
        "name": {"en_US": "VIP", "fa_IR": "مشتری ویژه"},
        "color": 3,
        "domain": "[('crm_score', '>=', 80), ('total_purchases', '>=', 5)]",
    },
    {
        "key": "birthday",
        "name": {"en_US": "Birthday this month", "fa_IR": "تولد در این ماه"},
        "color": 9,
        "domain": "[('birthday_period', '=', 'this_month')]",
    },
    {
        # The amount is in the company's currency, as total_spent is.
        "key": "high_spender",
        "name": {"en_US": "High spender", "fa_IR": "پرخرج"},
        "color": 4,
        "domain": "[('total_spent', '>=', 2000000)]",
    },
    {
        "key": "regular",
        "name": {"en_US": "Regular", "fa_IR": "همیشگی"},
        "color": 10,
        "domain": (
            "[('total_purchases', '>', 0),"
            " '|', ('crm_score', '<', 80), ('total_purchases', '<', 5),"
            " '|', ('last_contacted_at', '>=', 'today -30d'),"
            " '&', ('last_contacted_at', '=', False),"
            " ('customer_since', '>=', 'today -30d')]"
        ),
    },
    {
        "key": "inactive",
        "name": {"en_US": "Inactive", "fa_IR": "بی‌خبر"},
        "color": 1,
        "domain": (
            "['|', ('last_contacted_at', '<', 'today -30d'),"
            " '&', ('last_contacted_at', '=', False),"
            " ('customer_since', '<', 'today -30d')]"
        ),
    },
)


class MiniCrmTagRule(models.Model):
    """The rules that every company begins with. All companies share their tags."""

    _inherit = "mini_crm.tag.rule"

    @api.model
    def _shipped(self):
        return [*super()._shipped(), *map(dict, SHIPPED)]

    @api.model
    def _shipped_values(self, entry, company):
        values = super()._shipped_values(entry, company)
        order = [one["key"] for one in SHIPPED].index(entry["key"])
        tag = self._tag_named(entry["name"], values.pop("color"))
        return {**values, "category_id": tag.id, "sequence": order + 1}

    @api.model
    def _tag_named(self, texts, color=0):
        """The tag with a name in any language, made if there is none: record.

        :param dict texts: {language: name}, with an English one
        :param int color: of a new tag, 0 to 11
        """
        # sudo: whoever installs or makes a company need not be a manager of ours
        tags = self.env["res.partner.category"].sudo()
        for lang in [SOURCE, *languages(self.env)]:
            name = texts.get(lang)
            found = name and tags.with_context(lang=lang).search(
                [("name", "=ilike", _literally(name)), ("parent_id", "=", False)],
                limit=1,
            )
            if found:
                return found.with_env(tags.env)
        tag = tags.with_context(lang=SOURCE).create(
            {"name": texts[SOURCE], "color": color}
        )
        # so that it is known as ours when the add-on goes
        self.env["ir.model.data"].sudo()._update_xmlids(
            [{"xml_id": f"{_MADE}.tag_{tag.id}", "record": tag, "noupdate": True}]
        )
        for lang in languages(self.env):
            fill_texts(tag, "name", lang, [(tag.id, texts[SOURCE], texts.get(lang))])
        return tag.with_env(tags.env)

    @api.model
    def _take_back(self):
        """Before the add-on goes: take off what only rules have put on, and delete the
        tags we have made that nobody uses. Those that somebody uses are his.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """DELETE FROM %(links)s r USING mini_crm_tag_origin o
                WHERE o.partner_id = r.partner_id AND o.category_id = r.category_id
                    AND NOT o.declined AND NOT EXISTS (
                        SELECT FROM mini_crm_tag_origin h WHERE h.by_hand
                            AND h.partner_id = r.partner_id
                            AND h.category_id = r.category_id)""",
                links=LINKS,
            )
        )
        self.env.invalidate_all()
        known = self.env["ir.model.data"].search([("module", "=", _MADE)])
        tags = self.env["res.partner.category"].with_context(active_test=False)
        made = tags.browse(known.mapped("res_id")).exists()
        rules = self.with_context(active_test=False)
        own = rules.search([("key", "=", False)]).category_id
        unused = made.filtered(
            lambda tag: not tag.partner_ids and not tag.child_ids and tag not in own
        )
        known.unlink()  # else Odoo would delete the others as well
        # the rules go with the add-on anyhow
        self.env.cr.execute(
            SQL("DELETE FROM mini_crm_tag_rule WHERE category_id = ANY(%s)", unused.ids)
        )
        self.env.invalidate_all()
        unused.unlink()

    @api.model
    def _translate_shipped(self, lang):  # pylint: disable=missing-return
        super()._translate_shipped(lang)
        names = {entry["key"]: entry["name"] for entry in self._shipped()}
        # sudo: as for the rules
        rules = self.sudo().with_context(active_test=False)
        found = rules.search([("key", "in", list(names))])
        fill_texts(
            self.env["res.partner.category"].sudo(),
            "name",
            lang,
            [
                (
                    rule.category_id.id,
                    names[rule.key][SOURCE],
                    names[rule.key].get(lang),
                )
                for rule in found
            ],
        )


def _literally(text):
    """A text as a pattern of ``=ilike`` that means itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
