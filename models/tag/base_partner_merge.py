from odoo import api, models
from odoo.tools import SQL

from .hand_sql import LINKS

# Of each tag that rules have touched: whether anybody carries it, and by hand.
_FACTS = """
    SELECT category_id, bool_or(linked) AS linked,
        bool_or(linked AND (NOT held OR by_hand)) AS by_hand
    FROM (
        SELECT t.category_id,
            EXISTS (SELECT FROM %(links)s k WHERE k.partner_id = c.id
                AND k.category_id = t.category_id) AS linked,
            coalesce(bool_or(NOT o.declined), FALSE) AS held,
            coalesce(bool_or(o.by_hand), FALSE) AS by_hand
        FROM unnest(%(people)s) AS c (id)
        CROSS JOIN (SELECT DISTINCT category_id FROM mini_crm_tag_origin
            WHERE partner_id = ANY(%(people)s)) t
        LEFT JOIN mini_crm_tag_origin o
            ON o.partner_id = c.id AND o.category_id = t.category_id
        GROUP BY c.id, t.category_id) one
    GROUP BY category_id"""


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: the survivor gets the tags of all, and whose they
    are. A tag that one of them had by hand stays by hand.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # what is queued would have rules looked at again in the middle
        self.env.cr.flush()
        with self.env["mini_crm.tag.rule"]._at_work():
            self._keep_one_origin(src_partners, dst_partner)
            result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["mini_crm.tag.rule"]._forget_tags()
        return result

    @api.model
    def _keep_one_origin(self, src_partners, dst_partner):
        """Leave one origin for each rule: the survivor's, else the oldest."""
        people = [dst_partner.id, *src_partners.ids]
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_tag_origin o
                SET by_hand = f.by_hand, declined = NOT f.linked
                FROM (%s) f
                WHERE f.category_id = o.category_id AND o.partner_id = ANY(%s)""",
                SQL(_FACTS, links=LINKS, people=people),
                people,
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_tag_origin o USING (
                    SELECT id, row_number() OVER (PARTITION BY rule_id
                        ORDER BY (partner_id = %s) DESC, since, id) AS n
                    FROM mini_crm_tag_origin WHERE partner_id = ANY(%s)) ranked
                WHERE o.id = ranked.id AND ranked.n > 1""",
                dst_partner.id,
                people,
            )
        )
