from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from .hand_sql import LINKS, SETTING

# ``wanted``: customers for whom the condition holds; ``here``: the rule's origins in
# the scope. A tag that is there although no rule holds it was put on by hand.
_DIFFERENCE = """
    wanted AS MATERIALIZED (SELECT DISTINCT id FROM (%(wanted)s) w (id)),
    here AS MATERIALIZED (
        SELECT id, partner_id, by_hand, declined FROM mini_crm_tag_origin
        WHERE rule_id = %(rule)s AND %(scope)s),
    others AS MATERIALIZED (
        SELECT partner_id, bool_or(NOT declined) AS held, bool_or(by_hand) AS by_hand
        FROM mini_crm_tag_origin
        WHERE category_id = %(tag)s AND rule_id <> %(rule)s AND %(scope)s
        GROUP BY partner_id),
    entering AS MATERIALIZED (
        SELECT w.id AS partner_id, l.partner_id IS NOT NULL AS linked,
            l.partner_id IS NOT NULL
                AND (o.held IS NOT TRUE OR o.by_hand) AS by_hand
        FROM wanted w
        LEFT JOIN %(links)s l ON l.partner_id = w.id AND l.category_id = %(tag)s
        LEFT JOIN others o ON o.partner_id = w.id
        WHERE NOT EXISTS (SELECT FROM here h WHERE h.partner_id = w.id)),
    leaving AS MATERIALIZED (
        SELECT h.* FROM here h
        WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.id = h.partner_id)
            AND %(going)s),
    begun AS (
        INSERT INTO mini_crm_tag_origin
            (rule_id, partner_id, category_id, since, by_hand, declined)
        SELECT %(rule)s, partner_id, %(tag)s, now() AT TIME ZONE 'utc', by_hand, FALSE
        FROM entering ORDER BY partner_id),
    ended AS (
        DELETE FROM mini_crm_tag_origin o USING leaving l WHERE o.id = l.id),
    put_on AS (
        INSERT INTO %(links)s (partner_id, category_id)
        SELECT partner_id, %(tag)s FROM entering WHERE NOT linked
        ORDER BY partner_id
        ON CONFLICT DO NOTHING RETURNING partner_id),
    taken_off AS (
        DELETE FROM %(links)s k USING leaving l
        WHERE k.partner_id = l.partner_id AND k.category_id = %(tag)s
            AND NOT l.by_hand AND NOT l.declined AND NOT EXISTS (
                SELECT FROM others o WHERE o.partner_id = l.partner_id AND o.held)
        RETURNING k.partner_id)"""
NOBODY = SQL("SELECT NULL::int WHERE FALSE")


def everyone(_column):
    """Scope of a whole rule."""
    return SQL("TRUE")


class MiniCrmTagRule(models.Model):
    """The one statement by which a rule puts its tag on and takes it off."""

    _inherit = "mini_crm.tag.rule"

    def _apply_difference(self, wanted, scope, causes=None):
        """Tag and untag customers, and log both (see ``mini_crm.rule``).

        A tag that a person put on is never taken off, nor one that another rule holds;
        one that a person took off is not put on again while the condition holds.

        :param SQL wanted: select of the ids of the customers for whom the condition
            holds, within the scope
        :param scope: function from the SQL of a column of ids to an SQL condition
        :param dict[int, int] | None causes: customer -> event that caused this
        :return: number of customers who were tagged, and untagged
        :rtype: tuple[int, int]
        """
        self.ensure_one()
        event_ids = self._tag_by_difference(wanted, scope, self._reason(), causes)
        counts = dict(
            self.env.execute_query(
                SQL(
                    """SELECT type, count(*) FROM mini_crm_event WHERE id = ANY(%s)
                    GROUP BY type""",
                    event_ids,
                )
            )
        )
        return counts.get("tag_added", 0), counts.get("tag_removed", 0)

    def _release(self, reason, *, for_good=False):
        """Take the tag off those customers who carry it because of these rules alone.

        :param str reason: told in the timeline
        :param bool for_good: forget as well who has declined the tag
        """
        # first what people have done: it is not the rules' doing
        self.env["res.partner"].sudo()._log_changes()  # sudo: as at the commit
        going = SQL("TRUE") if for_good else SQL("NOT h.declined")
        for rule in self:
            rule._tag_by_difference(NOBODY, everyone, reason, going=going)

    def _tag_by_difference(self, wanted, scope, reason, causes=None, *, going=None):
        """The work of ``_apply_difference``: ids of the events.

        :param str reason: told in the timeline
        :param SQL | None going: which origins (alias ``h``) may end; default all
        """
        self.ensure_one()
        ctes = SQL(
            _DIFFERENCE,
            wanted=wanted,
            rule=self.id,
            tag=self.category_id.id,
            scope=scope(SQL("partner_id")),
            links=LINKS,
            going=going or SQL("TRUE"),
        )
        columns = {
            "partner_id": SQL("ch.id"),
            "company_id": SQL("coalesce(p.company_id, %s)", self.company_id.id),
            "type": SQL("ch.type"),
            "author_id": SQL("NULL::int"),
            "data": self._event_data(reason),
        }
        source = SQL(
            """FROM (SELECT partner_id, 'tag_added' FROM put_on
                UNION ALL SELECT partner_id, 'tag_removed' FROM taken_off)
                AS ch (id, type)
            JOIN res_partner p ON p.id = ch.id"""
        )
        if causes:
            columns["cause_id"] = SQL("cause.event_id")
            columns["depth"] = SQL("coalesce(ce.depth, 0) + 1")
            source = SQL(
                """%s LEFT JOIN unnest(%s::int[], %s::int[]) AS cause (id, event_id)
                    ON cause.id = ch.id
                LEFT JOIN mini_crm_event ce ON ce.id = cause.event_id""",
                source,
                list(causes),
                list(causes.values()),
            )
        with self._at_work():
            event_ids = self.env["mini_crm.event"]._log_many(
                columns, source, ctes=ctes, returning=True
            )
        self._forget_tags()
        return event_ids

    def _event_data(self, reason):
        """Data of the rule's events, as of those of people and whose they are: SQL."""
        tag = self.category_id
        return self.env["mini_crm.event"]._json(
            {
                "tag_id": tag.id,
                "tag": tag.display_name,
                "rule_id": self.id,
                "rule": self.name,
                "reason": reason,
            }
        )

    @api.model
    @contextmanager
    def _at_work(self):
        """What is done to tags meanwhile is the rule's doing, not a person's."""
        self.env.flush_all()
        switch = "SELECT set_config(%s, %s, TRUE)"  # of this transaction
        self.env.cr.execute(SQL(switch, SETTING, "on"))
        yield
        self.env.cr.execute(SQL(switch, SETTING, "off"))

    @api.model
    def _forget_tags(self):
        """Forget what the ORM has read of tags and of their origins."""
        self.env["res.partner"].invalidate_model(["category_id", "tag_origins"])
        self.env["res.partner.category"].invalidate_model(["partner_ids"])
        self.env["mini_crm.tag.origin"].invalidate_model()
        self.invalidate_model(["origin_ids", "tagged_count"])
