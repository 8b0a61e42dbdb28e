import json
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL, ormcache

from ..field.field_texts import SOURCE
from .hand_sql import LINKS, SETTING

# ``wanted``: (rule, customer) for whom the conditions hold; ``known``: all origins of
# the rules' tags in the scope; ``pairs``: customers and tags about which something is
# new. A tag that is there although no rule holds it was put on by hand.
_MOVES = """
    rules (id, category_id, company_id, data) AS (VALUES %(rules)s),
    wanted (rule_id, partner_id) AS MATERIALIZED (%(wanted)s),
    known AS MATERIALIZED (
        SELECT id, rule_id, partner_id, category_id, by_hand, declined
        FROM mini_crm_tag_origin WHERE category_id = ANY(%(tags)s) AND %(scope)s),
    entering AS MATERIALIZED (
        SELECT DISTINCT r.id AS rule_id, w.partner_id, r.category_id
        FROM wanted w JOIN rules r ON r.id = w.rule_id
        WHERE NOT EXISTS (SELECT FROM known o
            WHERE o.rule_id = w.rule_id AND o.partner_id = w.partner_id)),
    leaving AS MATERIALIZED (
        SELECT o.* FROM known o JOIN rules r ON r.id = o.rule_id
        WHERE NOT EXISTS (SELECT FROM wanted w
            WHERE w.rule_id = o.rule_id AND w.partner_id = o.partner_id)
            AND %(going)s)"""

_WRITTEN = """,
    pairs AS MATERIALIZED (
        SELECT c.partner_id, c.category_id, c.enters, c.leaves,
            k.partner_id IS NOT NULL AS linked,
            k.partner_id IS NOT NULL AND (o.held IS NOT TRUE OR o.by_hand) AS by_hand,
            c.enters IS NOT NULL OR o.stays IS TRUE AS held
        FROM (
            SELECT partner_id, category_id,
                min(rule_id) FILTER (WHERE enters) AS enters,
                min(rule_id) FILTER (WHERE NOT enters) AS leaves
            FROM (
                SELECT partner_id, category_id, rule_id, TRUE AS enters FROM entering
                UNION ALL
                SELECT partner_id, category_id, rule_id, FALSE FROM leaving
                WHERE NOT declined) each
            GROUP BY partner_id, category_id) c
        LEFT JOIN %(links)s k
            ON k.partner_id = c.partner_id AND k.category_id = c.category_id
        LEFT JOIN (
            SELECT o.partner_id, o.category_id, bool_or(NOT o.declined) AS held,
                bool_or(o.by_hand) AS by_hand,
                bool_or(NOT o.declined AND l.id IS NULL) AS stays
            FROM known o LEFT JOIN leaving l ON l.id = o.id
            GROUP BY o.partner_id, o.category_id) o
            ON o.partner_id = c.partner_id AND o.category_id = c.category_id),
    begun AS (
        INSERT INTO mini_crm_tag_origin
            (rule_id, partner_id, category_id, since, by_hand, declined)
        SELECT e.rule_id, e.partner_id, e.category_id, now() AT TIME ZONE 'utc',
            p.by_hand, FALSE
        FROM entering e JOIN pairs p
            ON p.partner_id = e.partner_id AND p.category_id = e.category_id
        ORDER BY e.partner_id, e.rule_id),
    ended AS (
        DELETE FROM mini_crm_tag_origin o USING leaving l WHERE o.id = l.id),
    put_on AS (
        SELECT partner_id, category_id FROM pairs WHERE held AND NOT linked),
    taken_off AS (
        DELETE FROM %(links)s k USING pairs p
        WHERE k.partner_id = p.partner_id AND k.category_id = p.category_id
            AND NOT p.held AND NOT p.by_hand
        RETURNING k.partner_id, k.category_id)"""

# Not in the same statement: triggers that count who has no tag at all would see both
# what came and what went, and count him who only changed tags.
_PUT_ON = """INSERT INTO %(links)s (partner_id, category_id)
    SELECT DISTINCT o.partner_id, o.category_id FROM mini_crm_tag_origin o
    WHERE o.rule_id = ANY(%(rules)s) AND NOT o.declined AND %(scope)s AND NOT EXISTS (
        SELECT FROM %(links)s k
        WHERE k.partner_id = o.partner_id AND k.category_id = o.category_id)
    ORDER BY 1, 2"""

_CHANGES = SQL(
    """FROM (
        SELECT p.enters AS rule_id, p.partner_id, 'tag_added' AS type
        FROM put_on JOIN pairs p USING (partner_id, category_id)
        UNION ALL
        SELECT p.leaves, p.partner_id, 'tag_removed'
        FROM taken_off JOIN pairs p USING (partner_id, category_id)) ch
    JOIN rules r ON r.id = ch.rule_id
    JOIN res_partner p ON p.id = ch.partner_id"""
)
NOBODY = SQL("SELECT NULL::int WHERE FALSE")


def everyone(_column):
    """Scope of a whole rule."""
    return SQL("TRUE")


class MiniCrmTagRule(models.Model):
    """The one statement by which rules put their tags on and take them off."""

    _inherit = "mini_crm.tag.rule"

    def _apply_difference(self, wanted, scope, causes=None):
        self._apply_differences({self.id: wanted}, scope, causes)

    def _apply_differences(self, wanted, scope, causes=None):
        """Tag and untag customers, and log both (see ``mini_crm.rule``).

        A tag that a person put on is never taken off, nor one that another rule holds;
        one that a person took off is not put on again while the condition holds.
        """
        version = self.env["mini_crm.version"]._current()
        reasons = {
            rule.id: self._told(rule.domain, rule._own_language(), version)
            for rule in self
        }
        self._tag_by_difference(wanted, scope, reasons, causes)

    @ormcache("domain", "lang", "version")
    def _told(self, domain, lang, version):
        """A condition in words, kept: it is needed with each event of a customer."""
        return self.env["mini_crm.condition"]._sentence(domain, lang)

    def _let_go(self, scope):
        """Take the tags off, and remember who has declined them."""
        reasons = {
            rule.id: rule._in_own_language().env._("The rule was switched off.")
            for rule in self
        }
        wanted = dict.fromkeys(self.ids, NOBODY)
        going = SQL("NOT o.declined")
        self._tag_by_difference(wanted, scope, reasons, going=going)

    def _take_off_former_tags(self, scope, causes):
        """Take off what rules have put on before they got another tag.

        Who has declined the former tag is forgotten: nobody has declined the other yet.
        """
        waiting = self.filtered(lambda rule: rule.status == "waiting")
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT o.rule_id, o.category_id
                FROM unnest(%s::int[], %s::int[]) AS r (id, category_id)
                JOIN mini_crm_tag_origin o ON o.rule_id = r.id
                    AND o.category_id <> r.category_id AND %s""",
                waiting.ids,
                [rule.category_id.id for rule in waiting],
                scope(SQL("o.partner_id")),
            )
        )
        tags = self.env["res.partner.category"]
        for rule_id, tag_id in rows:
            rule = self.browse(rule_id)
            reason = rule._in_own_language().env._("The rule has got another tag.")
            rule._tag_by_difference(
                {rule_id: NOBODY},
                scope,
                {rule_id: reason},
                causes,
                former=tags.browse(tag_id),
            )

    def _release(self, reason):
        """Take the tag off those customers who carry it because of these rules alone.

        :param str reason: told in the timeline
        """
        if not self:
            return
        # first what people have done: it is not the rules' doing
        self.env["res.partner"].sudo()._log_changes()  # sudo: as at the commit
        self._tag_by_difference(
            dict.fromkeys(self.ids, NOBODY),
            everyone,
            dict.fromkeys(self.ids, reason),
        )

    def _tag_by_difference(
        self, wanted, scope, reasons, causes=None, *, going=None, former=None
    ):
        """The work of ``_apply_differences``.

        :param dict[int, str] reasons: rule id -> what the timeline tells
        :param SQL | None going: which origins (alias ``o``) may end; default all
        :param former: the tag that this one rule had before; default: what rules have
        """
        if not former:
            self._take_off_former_tags(scope, causes)
        data = {
            rule.id: rule._event_data(reasons[rule.id], causes, former) for rule in self
        }
        ctes = self._difference_sql(
            _MOVES + _WRITTEN, wanted, scope, data=data, going=going, former=former
        )
        columns, source = self._events_of_changes(causes)
        with self._at_work():
            if self.env["mini_crm.event"]._log_many(columns, source, ctes=ctes):
                self._put_on(scope)
        self._forget_tags()

    def _difference_sql(
        self, ctes, wanted, scope, *, data=None, going=None, former=None
    ):
        """``_MOVES`` and what may follow it, of these rules: SQL.

        :param dict[int, dict] data: rule id -> data of its events
        :param going, former: as of ``_tag_by_difference``
        """
        selects = [
            SQL("SELECT %s, w.id FROM (%s) w (id)", rule.id, wanted[rule.id])
            for rule in self
        ]
        rows = [
            SQL(
                "(%s, %s, %s, %s::jsonb)",
                rule.id,
                (former or rule.category_id).id,
                rule.company_id.id,
                json.dumps(data[rule.id]) if data else None,
            )
            for rule in self
        ]
        return SQL(
            ctes,
            rules=SQL(", ").join(rows),
            wanted=SQL(" UNION ALL ").join(selects),
            tags=(former or self.category_id).ids,
            scope=scope(SQL("partner_id")),
            going=going or SQL("TRUE"),
            links=LINKS,
        )

    def _differing_sql(self, wanted, scope):
        # what a rule still holds of a former tag is no move, but goes as well
        return SQL(
            """WITH %s SELECT rule_id FROM entering
            UNION SELECT rule_id FROM leaving
            UNION SELECT o.rule_id FROM mini_crm_tag_origin o JOIN rules r
                ON r.id = o.rule_id AND r.category_id <> o.category_id WHERE %s""",
            self._difference_sql(_MOVES, wanted, scope),
            scope(SQL("o.partner_id")),
        )

    @api.model
    def _events_of_changes(self, causes):
        """Columns and source of the events, for ``_log_many``: pair."""
        columns = {
            "partner_id": SQL("p.id"),
            "company_id": SQL("coalesce(p.company_id, r.company_id)"),
            "type": SQL("ch.type"),
            "author_id": SQL("NULL::int"),
            "data": SQL("r.data"),
        }
        return self._caused(columns, _CHANGES, causes)

    def _put_on(self, scope):
        """Put on the tags that these rules hold in a scope."""
        self.env.cr.execute(
            SQL(
                _PUT_ON,
                links=LINKS,
                rules=self.ids,
                scope=scope(SQL("o.partner_id")),
            )
        )

    def _own_language(self):
        """Language of the owner, in which the timeline tells the rule."""
        return self.user_id.lang or SOURCE

    def _in_own_language(self):
        return self.with_context(lang=self._own_language())

    def _event_data(self, reason, causes, former=None):
        """Data of the rule's events: those of people's, and whose they are."""
        rule = self._in_own_language()
        tag = former.with_env(rule.env) if former else rule.category_id
        return {
            "tag_id": tag.id,
            "tag": tag.display_name,
            "rule_id": rule.id,
            "rule": rule.name,
            "reason": reason,
            # of many at once, because of the rule and not of what they did
            **({} if causes is not None else {"bulk": True}),
        }

    @api.model
    @contextmanager
    def _at_work(self):
        """What is done to tags meanwhile is the rules' doing, not a person's."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT current_setting(%s, TRUE)", SETTING))
        before = self.env.cr.fetchone()[0] or "off"  # a merge has rules looked at
        switch = "SELECT set_config(%s, %s, TRUE)"  # of this transaction
        self.env.cr.execute(SQL(switch, SETTING, "on"))
        yield
        self.env.cr.execute(SQL(switch, SETTING, before))

    @api.model
    def _forget_tags(self):
        """Forget what the ORM has read of tags and of their origins."""
        self.env["res.partner"].invalidate_model(["category_id", "tag_origins"])
        self.env["res.partner.category"].invalidate_model(["partner_ids"])
        self.env["mini_crm.tag.origin"].invalidate_model()
        self.invalidate_model(["origin_ids", "tagged_count"])
